"""What leaves a cue without a speaker marked, and what takes the mark away."""

import pytest

from annotate import taxonomy
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))
MARKER = "agentless_attribution"
# Each sentence with the cue that is marked, whatever stands in the gaps.
FRAMES = [
    "[[It is believed]] that {name} left {place} with {number} men.",
    "{name} is [[said to]] own {number} houses in {place}.",
    "The raid on {place}, [[believed to]] have killed {number} men, began at dawn.",
    "{name} [[reportedly]] lost {number} ships off {place}.",
    "{number} boats sank in a [[suspected]] attack near {place}, where {name} has an office.",
    "The loss of {number} ships off {place} was [[attributed to]] the crews of {name}.",
    "{name} has been [[accused of]] cheating {number} farmers in {place}.",
    "{name} closed {number} shops in {place} amid [[reports]] of a plague.",
    "In {place} [[we are told]] that {name} has {number} boats.",
    "Since [[it was revealed]] in May that {name} owns {number} boats, {place} is quiet.",
    "[[There have been rumblings about]] the {number} boats of {name} in {place}.",
    "[[According to reports]], {name} sold {number} boats in {place}.",
    "In {place} {number} men were [[reported]] missing when {name} closed the mine.",
    "Life in {place} after {name} left with {number} men has been [[described as]] dull.",
]
NAMES = ("Ada Kranz", "Hydrodata", "the OHD")
PLACES = ("Tarn", "Port Sael", "al-Kesh", "Deir el-Holm")
NUMBERS = ("12", "1,200", "eleven", "4.5 million")
QUOTES = [("“", "”"), ('"', '"'), ("«", "»"), ("„", "“"), ("''", "''")]
each_frame = pytest.mark.parametrize("frame", FRAMES)


def spans(text: str) -> list[str]:
    """Give the cues that are marked, in order."""
    found = suggest_text(text, rules=RULES)
    return [text[item.start : item.end] for item in found if item.marker == MARKER]


def marked(frame: str) -> str:
    """Give what a frame has in brackets."""
    return frame.partition("[[")[2].partition("]]")[0]


def plain(frame: str, *, name: str = "Ada Kranz", place: str = "Tarn", number: str = "12") -> str:
    """Fill a frame and take its brackets away."""
    text = frame.format(name=name, place=place, number=number)
    text = text.replace("[[", "").replace("]]", "")
    return text[0].upper() + text[1:]


@each_frame
@pytest.mark.parametrize("name", NAMES)
def test_a_name_leaves_the_cue(frame: str, name: str) -> None:
    """A person, a company or an office in the sentence: the cue is the same."""
    assert spans(plain(frame, name=name)) == [marked(frame)]


@each_frame
@pytest.mark.parametrize("place", PLACES)
def test_a_place_leaves_the_cue(frame: str, place: str) -> None:
    """Another place, also of several words or with a small article, changes nothing."""
    assert spans(plain(frame, place=place)) == [marked(frame)]


@each_frame
@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_format_leaves_the_cue(frame: str, number: str) -> None:
    """Digits, thousands, words and decimals are alike."""
    assert spans(plain(frame, number=number)) == [marked(frame)]


@each_frame
@pytest.mark.parametrize(("opening", "closing"), QUOTES)
def test_a_quotation_in_front_leaves_the_cue(frame: str, opening: str, closing: str) -> None:
    """A quotation before the sentence, in any style, neither takes nor adds a span."""
    front = f"{opening}We walked all the way home.{closing} "
    assert spans(front + plain(frame)) == [marked(frame)]


@each_frame
def test_typographic_signs_leave_the_cue(frame: str) -> None:
    """A no-break space or a line end between words parts them like a blank."""
    text = plain(frame)
    assert [found.replace("\n", " ") for found in spans(text.replace(" ", "\n", 3))]
    assert [found.replace("\xa0", " ") for found in spans(text.replace(" ", "\xa0"))] == [
        marked(frame)
    ]


@pytest.mark.parametrize(
    ("without", "named"),
    [
        (
            "The fires were attributed to travelling gangs.",
            "The fires were attributed by the county fire service to travelling gangs.",
        ),
        (
            "The keeper is said to be fit.",
            "The keeper is said by her coach, Tomas Bly, to be fit.",
        ),
        (
            "It was reported that the bridge had closed.",
            "It was reported by the Marlow Courier that the bridge had closed.",
        ),
        (
            "The mill has been accused of poisoning the river.",
            "The mill has been accused of poisoning the river by the anglers of Tarn.",
        ),
        (
            "Two breaches were reported on Monday.",
            "Two breaches were reported on Monday by the dyke inspectors.",
        ),
        (
            "The speech has been described as a threat.",
            "The speech has been described as a threat by the union.",
        ),
        (
            "The strike is considered a mistake.",
            "The strike is considered a mistake by the treasurer.",
        ),
    ],
)
def test_a_by_phrase_removes_the_mark(without: str, named: str) -> None:
    """Who says, thinks or accuses is given, so nothing is deleted."""
    assert len(spans(without)) == 1
    assert spans(named) == []


@pytest.mark.parametrize(
    "named",
    [
        "The fire is believed to be arson, fire chief Nils Aaby said.",
        "Fire chief Nils Aaby said the fire is believed to be arson.",
        "Ilka Venn, head of the coast guard, said the boat is believed to be lost.",
        "The observatory said the raid was thought to have killed two men.",
        "Police suspect arson. The suspected attack left the old mill in ruins.",
        "The opposition accused the army. The alleged attack hit the old market.",
        "According to mayor Ilse Grau the suspected thieves came by boat.",
        "Five sailors are believed to have drowned, the Harbour Board said.",
        "The Harbour Board in May said that ninety men are believed to have drowned.",
        "Five sailors are believed to have drowned, according to the Harbour Board.",
        "Two men were reported hurt in the fall, according to the harbour office.",
        "A fire was reported in the mill, with the mayor saying that it was small.",
        "According to a clerk of Meridian Wire, the barge supposedly carried salt.",
        "The divers spread pictures of a purported wreck.",
        "The treasurer was responding at length to accusations of theft.",
        "For the old guard of the party the vote was seen as a betrayal.",
    ],
)
def test_an_attributor_next_door_removes_the_mark(named: str) -> None:
    """The one who can believe, suspect or allege it stands beside the cue."""
    assert spans(named) == []


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("The helicopter fell in an area believed to be mined, Meridian Wire reported.", None),
        ("The minister, who will resign on Friday, reportedly owns the quarry.", "reportedly"),
        ("Reportedly, a plan for sixty flats lies in a drawer.", "Reportedly"),
        ("The bid is widely thought to have failed.", "widely thought to"),
        ("The crew are not believed to have survived.", "believed to"),
        ("It has been alleged that the votes were bought.", "It has been alleged"),
        ("Rumour has it that the ferry will be sold.", "Rumour has it"),
        ("Unconfirmed reports of a second blast emptied the market.", "Unconfirmed reports"),
        ("Seen as the heir, the deputy kept away.", "Seen as"),
    ],
)
def test_variants_of_a_cue_are_marked(text: str, cue: str | None) -> None:
    """Adverbs, negation, place in the sentence and a relaying outlet leave the mark."""
    assert spans(text) == [cue or "believed to"]


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("The mill is known to have leaked.", "known to"),
        ("It is widely accepted that the lake is dying.", "It is widely accepted"),
        ("The mayor was mocked in the spring.", "mocked"),
        ("The plan, criticised as a gift to the bank, was dropped.", "criticised as"),
        ("The plan was painted as a gift to the bank.", "painted as"),
        ("The abbot answered claims that the bell was false.", "claims"),
        ("The firm denied allegations of fraud.", "allegations"),
        ("The union will look into reports that wages were cut.", "reports"),
        ("Early reports suggested that the dam had held.", "Early reports suggested"),
        ("The clip, purporting to show the raid, was old.", "purporting to"),
        ("A day after the reported sale the owner left.", "reported"),
        ("No casualties were reported.", "reported"),
        ("Six sailors are feared dead.", "feared"),
        ("The guard is accused of theft.", "accused of"),
        ("The hunger was blamed on the frost.", "blamed on"),
        ("There has been speculation that the pit will close.", None),
        ("The chemist is rumoured to be in Tarn.", "rumoured to"),
        ("A perceived slight kept the two apart.", "perceived"),
        ("The harbour, lit by lamps believed to be stolen, was quiet.", "believed to"),
        ("It's been reported that the mill is for sale.", "It's been reported"),
        ("Tarn ferry board accused of hiding the bill", "accused of"),
        ("The mayor has been called a saint of the poor.", None),
        ("A frequent complaint is that the valley is dull.", None),
        ("Two bakers are often mentioned as possible heirs.", None),
        ("Forecasts suggest that the harvest will be poor.", None),
        ("Considered too dear, the organ was sold.", "Considered"),
        ("Concerns have been voiced about the dyke.", "Concerns have been voiced"),
        ("She laughed when asked about a claim that the mill was sold.", "a claim"),
        ("The keepers, derided too often as dreamers, left.", "derided too often as"),
    ],
)
def test_a_cue_of_any_wording_is_marked(text: str, cue: str | None) -> None:
    """Verbs of saying, thinking and blaming, adjectives and nouns all leave a speaker out."""
    found = spans(text)
    assert found == [cue] if cue else len(found) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Rain fell, and the barge, which had lost its lamps, is believed to have sunk, he said.",
        "The mayor said nothing. The bridge is thought to have been mined.",
        "The gate was shut at dawn in what is believed to have been a drill, the Courier reported.",
    ],
)
def test_a_speaker_elsewhere_in_a_long_sentence_leaves_the_mark(text: str) -> None:
    """Only somebody right beside the cue can be the one who says it."""
    assert len(spans(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "The reported earnings of Norvane Foods rose by four per cent.",
        "The fair opens on May 5 and may last a week.",
        "The court heard that the alleged theft took place in June.",
        "The judge said the accused allegedly took two rings.",
        "He pleaded guilty, and the alleged accomplice is on trial.",
        "Inflation is expected to reach three per cent.",
        "The estimated cost is nine million crowns.",
        "The bridge, known as the Old Lady, was painted green.",
        "She said to reporters that the pitch was wet.",
        "He believed to the end in his team.",
        "The inspectors reported to the ministry on Friday.",
        "The crash could be attributed to the fog.",
        "Tomas Bly reported from Port Sael.",
        "The train is supposed to leave at nine.",
        "They considered a third bid and turned it down.",
        "The quotation was attributed to a poet of the coast.",
        "The annual report of the bank was published in May.",
        "The officials believed the road was safe.",
        "The union described the offer as an insult.",
        "Nobody could see the ship as it sank.",
        "The company blamed the loss on the weather.",
        "The flood claimed forty lives, and nine were claimed in the storm.",
        "The envoys spoke about Tuesday's suspected attack.",
        "The board will look into the alleged attack.",
        "Tomas Bly reports that the roads are clear.",
        "The watch handles reports of lost dogs.",
        "New fundraising reports show a loss of nine crowns.",
        "Kordian state media reports the loss of two ships.",
        "The guard arrested a man accused of theft.",
        "The play was mocked in the press.",
        "The delay will be seen as a sign of fear.",
        "The keeper was attacked for the second time in a week.",
        "The singer is known to fans as Kit.",
        "It was announced on Friday that the mill will close, the council said.",
        "The offer is meant to raise questions.",
        "The guild owns a putatively free press.",
        "The monks, whom the abbot long considered idle, were sent away.",
    ],
)
def test_near_misses_stay_unmarked(text: str) -> None:
    """Figures, courts, nicknames, active verbs, plans and the author's own reasoning."""
    assert spans(text) == []


def test_a_court_next_door_removes_a_legal_alleged() -> None:
    """The words of a court report need no speaker."""
    alleged = "The alleged bribery has cost the club its sponsor."
    assert spans(alleged) == ["alleged"]
    assert spans(alleged + " The trial begins in May.") == []


def test_both_markers_of_a_hedged_agentless_passive() -> None:
    """“believed to have been carried out by X” is agentless and speculative at once."""
    text = "The raid was believed to have been carried out by separatists."
    found = {item.marker for item in suggest_text(text, rules=RULES)}
    assert {MARKER, "speculative_attribution"} <= found


def test_each_cue_is_one_span() -> None:
    """Two cues in a text are two spans, and spans of the marker do not overlap."""
    text = "It is said that the mayor left. She is reportedly in Tarn."
    assert spans(text) == ["It is said", "reportedly"]
