"""What leaves a named source marked, and what takes the mark away."""

import pytest

from annotate import taxonomy
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))
MARKER = "named_attribution"
# Each sentence with the source that is marked, whatever stands in the gaps.
FRAMES = [
    "[[Ada Kranz, mayor of {place}]], said that {number} men had left.",
    "[[Harbour master Ada Kranz]] told reporters that {number} men had left {place}.",
    "“We lost {number} boats off {place},” said [[police chief Nils Aaby]].",
    "{number} men left {place} in May, according to [[{outlet}]].",
    "[[{outlet}]] reported that {number} men had left {place}.",
    "[[The finance ministry]] denied that {number} men had left {place}.",
    "[[A spokesman for {outlet}]] said {number} men had left {place}.",
    "[[Ada Kranz of the Orlan Institute]] warned that {number} men would leave {place}.",
    "[[The Kordian government]] urged {number} men to leave {place}.",
    "{number} men left {place}, [[President Ilan Voss]] was quoted as saying.",
]
OUTLETS = ("the Marlow Post", "Hydrodata", "the OHD")
PLACES = ("Tarn", "Port Sael", "al-Kesh", "Deir el-Holm")
NUMBERS = ("12", "1,200", "eleven", "4.5 million")
QUOTES = [("“", "”"), ('"', '"'), ("«", "»"), ("„", "“"), ("''", "''")]
each_frame = pytest.mark.parametrize("frame", FRAMES)


def spans(text: str) -> list[str]:
    """Give the sources that are marked, in order."""
    found = suggest_text(text, rules=RULES)
    return [text[item.start : item.end] for item in found if item.marker == MARKER]


def forms(text: str) -> list[str]:
    """Give the form of each source that is marked."""
    found = suggest_text(text, rules=RULES)
    return [item.attributes["form"] for item in found if item.marker == MARKER]


def filled(
    frame: str, *, outlet: str = "Hydrodata", place: str = "Tarn", number: str = "12"
) -> tuple[str, list[str]]:
    """Give a frame's text without brackets, and what stood in them."""
    text = frame.format(outlet=outlet, place=place, number=number)
    before, _, rest = text.partition("[[")
    source, _, after = rest.partition("]]")
    if not before:
        source = source[0].upper() + source[1:]
    whole = before + source + after
    return whole[0].upper() + whole[1:], [source]


@each_frame
@pytest.mark.parametrize("outlet", OUTLETS)
def test_an_outlet_is_marked_by_any_name(frame: str, outlet: str) -> None:
    """A paper, a company or an office by its initials speaks alike."""
    text, sources = filled(frame, outlet=outlet)
    assert spans(text) == sources


@each_frame
@pytest.mark.parametrize("place", PLACES)
def test_a_place_leaves_the_source(frame: str, place: str) -> None:
    """Another place, also of several words or with a small article, changes nothing."""
    text, sources = filled(frame, place=place)
    assert spans(text) == sources


@each_frame
@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_format_leaves_the_source(frame: str, number: str) -> None:
    """Digits, thousands, words and decimals are alike."""
    text, sources = filled(frame, number=number)
    assert spans(text) == sources


@each_frame
@pytest.mark.parametrize(("opening", "closing"), QUOTES)
def test_a_quotation_in_front_leaves_the_source(frame: str, opening: str, closing: str) -> None:
    """A quotation in any style before the sentence leaves the span where it is."""
    text, sources = filled(frame)
    assert spans(f"{opening}We walked all the way home.{closing} {text}") == sources


@pytest.mark.parametrize(
    "verb",
    [
        "said", "says", "insisted", "tweeted", "has denied", "later acknowledged", "claimed",
        "argued", "called on the council, saying", "wrote", "on Monday told reporters", "warned",
        "put the toll at nine and said", "demanded", "dismissed the report and said",
    ],
)  # fmt: skip
def test_any_verb_of_speech_makes_a_source(verb: str) -> None:
    """To say, write, deny, demand or dismiss is to speak."""
    assert spans(f"Ada Kranz {verb} that the well was dry.") == ["Ada Kranz"]


@pytest.mark.parametrize(
    "cue",
    [
        "according to", "citing", "quoting", "as reported by", "denied by",
        "in the words of", "says a report by",
    ],
)  # fmt: skip
def test_a_source_may_follow_its_cue(cue: str) -> None:
    """Prepositions, participles and nouns of speech point to the one who speaks."""
    assert spans(f"The well is dry, {cue} the Orlan Institute.")[-1] == "the Orlan Institute"


def test_the_role_in_commas_is_inside() -> None:
    """The role says who it is (B2)."""
    text = "Lena Strom, head of surgery at the Mossby clinic, said it was shut."
    assert spans(text) == ["Lena Strom, head of surgery at the Mossby clinic"]


def test_the_role_without_commas_is_inside() -> None:
    """Where the commas were lost the role is still part of the source."""
    text = "Lena Strom head of surgery said it was shut."
    assert spans(text) == ["Lena Strom head of surgery"]


def test_a_clause_in_commas_does_not_hide_the_verb() -> None:
    """What stands between the name and its verb is no end."""
    found = spans("Lena Strom, who came to Tarn in May, said it was shut.")
    assert len(found) == 1
    assert found[0].startswith("Lena Strom")


def test_each_mention_is_marked() -> None:
    """A name that carries on is marked where it stands (B5)."""
    text = "Oskar Brandt, mayor of Tarn, said it was shut. Brandt added that he was sorry."
    assert spans(text) == ["Oskar Brandt, mayor of Tarn", "Brandt"]


def test_a_report_of_a_body_counts_as_its_word() -> None:
    """A body speaks through its statement or report."""
    assert spans("The Orlan Institute report said the well was dry.") != []


def test_one_outlet_may_quote_another_source() -> None:
    """Both the outlet and the one it quotes are sources."""
    text = "The Marlow Post quoted Ada Kranz as saying the well was dry."
    assert spans(text) == ["The Marlow Post", "Ada Kranz"]


def test_the_form_follows_the_words() -> None:
    """Role, place, body and spokesman are seen in the span."""
    assert forms("Ada Kranz, mayor of Tarn, said so.") == ["full"]
    assert forms("Kranz said so.") == ["short"]
    assert forms("The finance ministry said so.") == ["institution"]
    assert forms("A spokeswoman for the ministry said so.") == ["spokesperson"]
    assert forms("Our correspondent in Tarn said so.") == ["correspondent"]


def test_state_media_are_named_where_the_state_is() -> None:
    """The outlet can be found."""
    assert spans("Turkish state television said the border was open.") != []


@pytest.mark.parametrize(
    "text",
    [
        "She said the road had been closed since June.",
        "“I ran,” said Ilka.",
        "Ada Kranz opened the bridge and walked across it.",
        "Ada Kranz wants a second bridge.",
        "The businessman said he had paid for the trip himself.",
        "The monitor said nine men had been killed.",
        "The Britain-based group said nine men had been killed.",
        "Prosecutors said the driver had been drinking.",
        "A source in the ministry said the offer had been withdrawn.",
        "Critics say the stadium will bankrupt the town.",
        "The Orlan Institute moved to Tarn in 2011.",
        "The reporters asked how many men had left Velden.",
        "I'll tell you what happened.",
        "It was not possible to verify the Kordian claim that they had left.",
        "The United States army moved to the border.",
        "Ada Kranz was asked about the bridge.",
    ],
)
def test_who_is_no_named_source_stays_unmarked(text: str) -> None:
    """Pronouns, first names, deeds, wishes, descriptions, offices and other markers' sources."""
    assert spans(text) == []


def test_an_embedded_subject_is_no_source() -> None:
    """The one who is spoken about after "said" does not speak."""
    assert spans("The mayor's office said Ada Kranz was in Tarn.") == ["The mayor's office"]


def test_a_vague_group_keeps_its_own_marker() -> None:
    """A place inside a vague group is no named source."""
    assert spans("Residents of Velden said the well was dry.") == []
