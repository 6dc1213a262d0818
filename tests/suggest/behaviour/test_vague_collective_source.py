"""What leaves a group without a name marked as a source, and what takes the mark away."""

import pytest

from annotate import taxonomy
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))
MARKER = "vague_collective_source"
# Each sentence with the group that is marked, whatever stands in the gaps.
FRAMES = [
    "[[Activists]] told {outlet} that {number} men had left {place}.",
    "[[Several Western diplomats]] said {number} men had left {place}.",
    "[[Residents and shopkeepers]] reported {number} fires near {place} to {outlet}.",
    "The mine will close, [[many engineers]] believe, and {number} men will leave {place}.",
    "{number} men have left {place}, according to [[aid workers]].",
    "[[Some]] say that {number} men have left {place}.",
    "[[Critics]] accused {outlet} of hiding {number} letters from {place}.",
    "The war took {number} men from {place}, [[local media]] reported.",
    "[[A number of neighbouring countries]] blamed {place} for the loss of {number} ships.",
    "[[The opposition]] claims that {number} men have left {place}.",
    "[[Opponents]] mocked the plan to move {number} men from {place}.",
    "[[Nurses treating the miners]] said {number} men had left {place}.",
    "The plan for {place} was interpreted by [[many]] as a threat to {number} men.",
    "[[A group of fishermen]] told {outlet} that {number} boats had left {place}.",
]
OUTLETS = ("the Marlow Post", "Hydrodata", "the OHD")
PLACES = ("Tarn", "Port Sael", "al-Kesh", "Deir el-Holm")
NUMBERS = ("12", "1,200", "eleven", "4.5 million")
QUOTES = [("“", "”"), ('"', '"'), ("«", "»"), ("„", "“"), ("''", "''")]
each_frame = pytest.mark.parametrize("frame", FRAMES)


def spans(text: str) -> list[str]:
    """Give the groups that are marked, in order."""
    found = suggest_text(text, rules=RULES)
    return [text[item.start : item.end] for item in found if item.marker == MARKER]


def marked(frame: str) -> str:
    """Give what a frame has in brackets."""
    return frame.partition("[[")[2].partition("]]")[0]


def plain(frame: str, *, outlet: str = "Hydrodata", place: str = "Tarn", number: str = "12") -> str:
    """Fill a frame and take its brackets away."""
    text = frame.format(outlet=outlet, place=place, number=number)
    text = text.replace("[[", "").replace("]]", "")
    return text[0].upper() + text[1:]


@each_frame
@pytest.mark.parametrize("outlet", OUTLETS)
def test_an_outlet_leaves_the_group(frame: str, outlet: str) -> None:
    """Whoever is told, a paper, a company or an office: the group is the same."""
    assert spans(plain(frame, outlet=outlet)) == [marked(frame)]


@each_frame
@pytest.mark.parametrize("place", PLACES)
def test_a_place_leaves_the_group(frame: str, place: str) -> None:
    """Another place, also of several words or with a small article, changes nothing."""
    assert spans(plain(frame, place=place)) == [marked(frame)]


@each_frame
@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_format_leaves_the_group(frame: str, number: str) -> None:
    """Digits, thousands, words and decimals are alike."""
    assert spans(plain(frame, number=number)) == [marked(frame)]


@each_frame
@pytest.mark.parametrize(("opening", "closing"), QUOTES)
def test_a_quotation_in_front_leaves_the_group(frame: str, opening: str, closing: str) -> None:
    """A quotation in any style before the sentence leaves the span where it is."""
    front = f"{opening}We walked all the way home.{closing} "
    assert spans(front + plain(frame)) == [marked(frame)]


@pytest.mark.parametrize(
    "verb",
    ["say", "warned", "have accused the mayor and", "fear", "insist", "alleged", "also confirmed"],
)
def test_any_verb_of_speech_or_belief_makes_a_source(verb: str) -> None:
    """What a group says, denies, fears or believes is given as information."""
    assert spans(f"Local farmers {verb} that the well is dry.") == ["Local farmers"]


@pytest.mark.parametrize(
    "group",
    [
        "Economists", "Former employees", "Republicans", "Western officials", "Rights groups",
        "Eyewitnesses", "Opponents of the dam", "World powers", "Residents of Velden",
    ],
)  # fmt: skip
def test_any_kind_of_group_is_marked(group: str) -> None:
    """People of a place, a trade, a party, a side, and bodies without a name."""
    assert spans(f"{group} say the well is dry.") == [group]


def test_a_quantity_belongs_to_the_group() -> None:
    """The quantity is the weasel, so it is inside (B2)."""
    assert spans("Most villagers said the well was dry.") == ["Most villagers"]


def test_a_place_belongs_to_the_group() -> None:
    """The place shows why they would know, so it is inside (B2)."""
    text = "Residents in the east of Velden said the well was dry."
    assert spans(text) == ["Residents in the east of Velden"]


def test_joined_groups_are_one_span() -> None:
    """Two groups with one verb are one source."""
    text = "Activists and former soldiers said the well was dry."
    assert spans(text) == ["Activists and former soldiers"]


def test_the_verb_may_stand_before_the_group() -> None:
    """Behind a quotation the order turns round."""
    assert spans("“The well is dry,” say local farmers.") == ["local farmers"]


def test_a_lost_comma_leaves_the_group() -> None:
    """Where the comma before the source was lost, the group is still found."""
    assert "activists" in spans("Eleven wells are dry activists said on Monday.")[0]


@pytest.mark.parametrize(
    "text",
    [
        "Pictures posted online by [[activists]] show the burnt mill.",
        "[[Residents]] posted videos of the burnt mill.",
        "The dam has drawn sharp criticism from [[fishermen]].",
        "The council has refused calls by [[local engineers]] to close the bridge.",
        "The raid has deepened fears among [[shopkeepers]].",
        "The well was dry, [[residents]] and a monitor said.",
        "Eleven houses flooded in Velden: [[villagers]]",
        "The silence has left [[many savers]] wondering where their money is.",
        "The Marlow Post quoted [[neighbours]] as saying that the well was dry.",
        "[[People familiar with the talks]] told the Marlow Post that they had failed.",
        "[[Engineers who built the dam]] say the cracks are old.",
        "[[Most villagers]] do not trust the well.",
        "[[Economists]] are sceptical of the figure.",
        "The fire burned in what [[critics]] call the last mill.",
    ],
)
def test_other_ways_to_speak_leave_the_group(text: str) -> None:
    """Pictures shown, worries aired, calls, views and quotations, not only verbs of speech."""
    assert spans(text.replace("[[", "").replace("]]", "")) == [marked(text)]


@pytest.mark.parametrize(
    "tail",
    [
        "operating the pumps below the old quay",
        "involved with the companies that built it",
        "on the night shift at the east gate",
        "who were at the gate when the wall gave way",
        "laid off by the owners in the spring",
        "to the president of the valley council",
    ],
)
@pytest.mark.parametrize("verb", ["say", "have made clear", "have been warning"])
def test_a_long_description_belongs_to_the_group(tail: str, verb: str) -> None:
    """Whatever stands between head and verb, a phrase, a participle, a clause, is inside (B2)."""
    assert spans(f"Advisers {tail} {verb} that the well is dry.") == [f"Advisers {tail}"]


@pytest.mark.parametrize(
    "text",
    [
        "Interviews with [[nurses and their patients]] paint a darker picture of the ward.",
        "In conversations with [[local skippers]] the same complaint comes up.",
    ],
)
def test_what_was_learned_in_interviews_has_a_source(text: str) -> None:
    """The group that was interviewed is where it comes from."""
    assert spans(text.replace("[[", "").replace("]]", "")) == [marked(text)]


@pytest.mark.parametrize("group", ["The rebels", "Candidates", "Supporters", "Investors"])
@pytest.mark.parametrize("stance", ["hope for", "have rejected", "vowed to fight", "prefer"])
def test_a_wish_of_those_who_act_is_no_report(group: str, stance: str) -> None:
    """What parties to the matter want or undertake is their own affair; what they say is not."""
    assert not spans(f"{group} {stance} a new council.")
    assert spans(f"{group} said the council was corrupt.") == [group]


def test_two_groups_in_a_sentence_are_two_spans() -> None:
    """Each group with its own verb is a source of its own."""
    text = "Economists argue that the tax is low, and farmers say it is high."
    assert spans(text) == ["Economists", "farmers"]


def test_anonymity_makes_it_an_unnamed_source() -> None:
    """A group that was granted anonymity is another marker's."""
    assert spans("Western officials said the truce was over.") == ["Western officials"]
    assert not spans("Western officials who spoke on condition of anonymity said it was over.")


def test_a_number_takes_the_mark_away() -> None:
    """A counted plural is another marker's."""
    assert spans("Diplomats said the truce was over.") == ["Diplomats"]
    assert not spans("Three diplomats said the truce was over.")


def test_a_survey_takes_the_mark_away() -> None:
    """Who was asked, and how many, is known."""
    assert spans("Voters said the tax was too high.") == ["Voters"]
    assert not spans("Of 1,204 voters surveyed by the Orlan Institute most said it was too high.")
    assert not spans("Voters said it was too high by a margin of nine per cent.")


def test_names_in_the_next_sentence_take_the_mark_away() -> None:
    """The group is specified next door."""
    named = " Rafe Lund of Tolmar University and Ines Karo of Nordbank put it at two per cent."
    assert spans("Economists doubt the figure.") == ["Economists"]
    assert not spans("Economists doubt the figure." + named)


@pytest.mark.parametrize(
    "text",
    [
        "Activists blocked the road to the quarry for three hours.",
        "People like to say that rain follows the plough.",
        "Prosecutors said the driver had been drinking.",
        "Police said the road was closed.",
        "Sources in the ministry said the minister would resign.",
        "The reporters questioned the mayor about the bridge.",
        "He emailed supporters saying the fight would go on.",
        "The killing of activists described in the book took place in Velden.",
        "A spokesman for the villagers said the well was dry.",
        "One of the villagers said the well was dry.",
        "The fans sing before every match, and many of them stay until dusk.",
        "The clinic needs experts who can read these scans.",
        "They said it was dry.",
        "The Farmers Union said the well was dry.",
        "Farmers accused of theft were tried in Tarn.",
        "The United States said the truce was over.",
        "The Marlow Post relies on a network of activists and says the well was dry.",
        "The mayor of Tarn took questions from reporters for an hour.",
        "Nils Aaby and his allies have denied that the well was dry.",
        "Three men joined the rebels said the Orlan Observatory.",
        "The settlers hope to dig a second well.",
        "Farmers claims of a dry well were read in court.",
    ],
)
def test_what_is_no_vague_group_stays_unmarked(text: str) -> None:
    """Deeds, habits, offices, counted people, sources, spokesmen and named bodies."""
    assert spans(text) == []


@pytest.mark.parametrize(
    "group", ["Harp makers", "Ferry goers", "Rival oarsmen", "Barrel testers", "Velden scooterists"]
)
def test_no_list_of_trades_is_needed(group: str) -> None:
    """The ending tells that it is people; numbers, letters and papers end alike."""
    assert spans(f"{group} say the well is dry.") == [group]
    for thing in ("Old letters", "Sales numbers", "Wage offers"):
        assert not spans(f"{thing} say the well is dry.")


@pytest.mark.parametrize(
    "text",
    [
        "The pier, which [[anglers]] described as rotten, was closed.",
        "The well is dry, say [[farmers in the valley]].",
        "[[Party leaders]] are now openly questioning the plan.",
        "[[Investors]] are increasingly worried that the well is dry.",
        "The plan was met with disbelief by [[anglers]].",
        "The plan was condemned by [[millions of voters]].",
        "The news came as no surprise to [[anglers]].",
    ],
)
def test_the_group_need_not_be_the_subject(text: str) -> None:
    """In a relative clause, behind its verb, behind "by" or "to", or with two adverbs."""
    assert spans(text.replace("[[", "").replace("]]", "")) == [marked(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Anglers said the well was dry. “It was dry in May,” said Nils Aaby, one of them.",
        "Anglers such as Nils Aaby of Velden say the well is dry.",
        "The plan was condemned by lawmakers, including Senator Nils Aaby of Velden.",
        "Neither the mayor nor other officials said the well was dry.",
    ],
)
def test_who_is_named_or_spoken_to_is_not_vague(text: str) -> None:
    """A name in the same breath or in the next sentence, or a denial."""
    assert spans(text) == []


def test_state_media_of_a_known_state_are_not_vague() -> None:
    """Whose television it is can be told from the text."""
    bare = "The border would open soon, state television said."
    assert spans(bare) == ["state television"]
    assert not spans("Kordia closed its border in May. " + bare)
    media = "Nine boats were lost, state media said."
    assert spans(media) == ["state media"]
    assert not spans("The Kordian state television showed the pier. It was dark. " + media)
