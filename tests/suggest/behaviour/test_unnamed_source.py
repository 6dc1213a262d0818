"""What is marked as a source without a name, what is not, and what the context makes of it."""

import pytest

from annotate import taxonomy
from annotate.model import Range, Suggestion
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))
MARKER = "unnamed_source"
UNVERIFIABLE, PROTECTED = "unverifiable_anonymous_source", "protected_source"
# Each sentence with the noun phrase that is marked, whatever stands in the gaps.
FRAMES = [
    "[[A senior source in {place}]] told {outlet} that {number} men had left.",
    "The gates were shut for {number} days, [[a source close to the mayor]] told {outlet}.",
    "According to [[a nurse at the {place} clinic]], {number} beds stood empty.",
    "[[Two officials]] told {outlet} on Monday that {number} men had left {place}.",
    "“We lost {number} boats,” said [[a fisherman from {place}]].",
    "[[A former guard at the depot]], who asked not to be named, told {outlet} of {number} cars.",
    "[[Traders in {place}]], who spoke on condition of anonymity, told {outlet} of {number} deals.",
    "{number} lorries left {place}, [[a person familiar with the contract]] told {outlet}.",
    "[[One of the drivers]] told {outlet} that {number} tyres had been cut in {place}.",
    "{number} flats stand empty, according to [[three people briefed on the sale]].",
]
PLACES = ("Tarn", "Port Sael", "al-Kesh", "Deir el-Holm")
OUTLETS = ("the Marlow Courier", "Hydrodata", "the OHD")
NUMBERS = ("12", "1,200", "eleven")
QUOTES = [("“", "”"), ('"', '"'), ("«", "»"), ("„", "“"), ("''", "''")]
UNMARKED = (
    "The office published the source code in March.",
    "The festival is a source of pride for the town.",
    "Fishing is the main source of income in Port Sael.",
    "After nine days they reached the river's source.",
    "The group found an open-source tool for the job.",
    "The valley has three water sources, the survey said.",
    "A spokesperson for the port said that nobody was hurt.",
    "A spokeswoman said the bridge would open in May.",
    "The ministry said the bridge would open in May.",
    "A man was injured on Tuesday when a tram left the rails.",
    "A report said the brakes had failed.",
    "A statement said that the talks would go on.",
    "Ada Kranz, a nurse at the Mossby clinic, said the ward was closed.",
    "A nurse at the Mossby clinic, Ada Kranz, said the ward was closed.",
    "Western diplomats believe the truce will not last.",
    "An OHD correspondent said the harbour was calm.",
    "On 9 June 2014 activists said the road was open.",
    "The shelling killed nine fishermen, the mayor of Tarn, Ada Kranz, said.",
)
ASIDES = (
    "who asked not to be named",
    "speaking on condition of anonymity",
    "who would not give her name",
    "a mother of two",
)
RISKS = (
    "She asked not to be named for fear of losing her job.",
    "She asked that her name be withheld because two colleagues were dismissed for talking.",
    "She did not want her name printed: her brother's boat was cut loose.",
    "She spoke on condition of anonymity because her family still lives in the camp.",
    "She is not being named, as nurses who complained have been suspended.",
    "She would not give her name, saying she would be sacked.",
    "Nurses who talk to reporters have been threatened.",
    "“If they find out, I will never work again,” she said.",
    "She asked us to change her name, fearing reprisals.",
)
WAYS = (
    "She was on the ward that night.",
    "“I counted eleven of them,” she said.",
    "She had washed the bodies herself.",
    "She showed the Marlow Courier the records.",
    "She watched from the corridor.",
    "She filled in the forms.",
    "“They made me sign,” she said.",
)
NURSE = "A nurse at the Mossby clinic said patients had been sent home."


def sources(text: str) -> list[Suggestion]:
    return [item for item in suggest_text(text, rules=RULES) if item.marker == MARKER]


def spans(text: str) -> list[str]:
    return [text[item.start : item.end] for item in sources(text)]


def first(text: str) -> Suggestion:
    return sources(text)[0]


def parted(marked: str) -> tuple[str, list[str]]:
    """Give a text without its brackets, and what they hold."""
    start, end = marked.index("[["), marked.index("]]")
    return marked.replace("[[", "").replace("]]", ""), [marked[start + 2 : end]]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("place", PLACES)
def test_other_places_leave_the_span(frame: str, place: str) -> None:
    """A place that helps to identify the source is inside, whatever its name."""
    text, wanted = parted(frame.format(place=place, outlet="the OHD", number="12"))
    assert spans(text) == wanted


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("outlet", OUTLETS)
@pytest.mark.parametrize("number", NUMBERS)
def test_other_outlets_and_numbers_leave_the_span(frame: str, outlet: str, number: str) -> None:
    """Whom the source told, and how many it told of, is outside."""
    text, wanted = parted(frame.format(place="Tarn", outlet=outlet, number=number))
    assert spans(text) == wanted


@pytest.mark.parametrize(("opening", "closing"), QUOTES)
@pytest.mark.parametrize("person", ["a fisherman from Tarn", "a source in the port"])
def test_quote_styles_leave_the_span(opening: str, closing: str, person: str) -> None:
    """The speaker behind a quotation is found in whatever marks it stands."""
    assert spans(f"{opening}We lost nine boats,{closing} said {person}.") == [person]


@pytest.mark.parametrize("text", UNMARKED)
def test_what_only_looks_like_it_stays_unmarked(text: str) -> None:
    """Other senses of "source", institutions, spokespeople, named people, mere victims."""
    assert spans(text) == []


@pytest.mark.parametrize("aside", ASIDES)
def test_words_between_source_and_verb_are_outside(aside: str) -> None:
    """The formula and other description stand between two commas, and are not marked."""
    assert spans(f"A nurse at the Mossby clinic, {aside}, said the ward was closed.") == [
        "A nurse at the Mossby clinic"
    ]


@pytest.mark.parametrize("risk", RISKS)
@pytest.mark.parametrize("way", WAYS)
def test_risk_and_way_of_knowing_protect(risk: str, way: str) -> None:
    """In whatever words; taking both away makes the source unverifiable again."""
    assert first(NURSE).judgement == UNVERIFIABLE
    assert first(f"{NURSE} {way} {risk}").judgement == PROTECTED


@pytest.mark.parametrize("way", WAYS)
def test_a_way_of_knowing_alone_is_not_enough(way: str) -> None:
    """It is no longer unverifiable, but nothing says why there is no name."""
    assert first(f"{NURSE} {way}").judgement == "unresolved_anonymous_source"


@pytest.mark.parametrize("risk", RISKS)
def test_a_risk_alone_is_not_enough(risk: str) -> None:
    """A reason without a way of knowing is neither protected nor unverifiable."""
    found = first(f"{NURSE} {risk}")
    assert found.attributes["reason_for_anonymity"] in ("explicit_specific", "inferable")
    assert found.judgement != UNVERIFIABLE


@pytest.mark.parametrize(
    "reason",
    [
        "because he was not authorised to speak to the press",
        "because of the sensitivity of the matter",
        "to discuss internal deliberations",
        "because the talks are continuing",
        "citing protocol",
    ],
)
def test_a_general_reason_is_no_risk(reason: str) -> None:
    """It is told apart from a named one, and so protects nobody."""
    text = f"An official in Tarn, who spoke on condition of anonymity {reason}, said it was over."
    assert first(text).attributes["reason_for_anonymity"] == "explicit_generic"


@pytest.mark.parametrize(
    "crime",
    [
        "nine men were executed in the market",
        "the army had arrested dozens of people",
        "the minister would be dismissed",
        "rebels had threatened the mayor",
    ],
)
def test_a_crime_that_is_told_of_is_no_risk_of_the_source(crime: str) -> None:
    """What befalls others stays unverifiable beside the mere formula."""
    text = f"A senior official, who spoke on condition of anonymity, said {crime}."
    assert first(text).attributes["reason_for_anonymity"] == "formula_only"
    assert first(text).judgement == UNVERIFIABLE


def test_what_somebody_else_saw_is_not_the_source_s() -> None:
    """Where a named person speaks, the way of knowing is that person's."""
    text = "A source said the mill had burned. Ada Kranz, mayor of Tarn, said she saw the flames."
    assert first(text).attributes["basis_of_knowledge"] == "unstated"


@pytest.mark.parametrize(
    "told", ["he had heard it from friends", "he was told that it was so", "there were rumours"]
)
def test_hearsay_is_no_way_of_knowing(told: str) -> None:
    """What was passed on leaves the source unverifiable."""
    assert first(f"A teacher said {told}.").judgement == UNVERIFIABLE


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A guard said it was late. The guard added that it rained.", "The guard"),
        ("A source in Tarn said so. The same source said more.", "The same source"),
        (
            "A midwife said it was late. The midwife, who is 40, declined to say more.",
            "The midwife",
        ),
        ("Two clerks said it was late. The clerks said they were paid.", "The clerks"),
    ],
)
def test_an_anaphor_is_tied_to_its_referent(text: str, wanted: str) -> None:
    """It is a mention of the first one, and takes its answers."""
    mention, again = sources(text)
    assert text[again.start : again.end] == wanted
    assert again.referent == Range(start=mention.start, end=mention.end)
    assert again.attributes == mention.attributes | {"identity_form": "anaphor"}


def test_a_plural_that_was_granted_anonymity() -> None:
    """It is an unnamed source; without the grant it is a vague collective."""
    assert spans("Officials in Tarn, who asked not to be identified, said it was over.") == [
        "Officials in Tarn"
    ]
    assert spans("Officials in Tarn said it was over.") == []


def test_pronouns_are_never_marked() -> None:
    """Mentions by pronoun count for the answers, not as spans."""
    assert spans(f"{NURSE} She said so twice. “I was there,” she added.") == [
        "A nurse at the Mossby clinic"
    ]


@pytest.mark.parametrize("form", ["not her real name", "a pseudonym", "whose name was changed"])
def test_a_changed_name_is_marked(form: str) -> None:
    """It stands for a person without a name, at each mention."""
    text = f"Marta, {form}, said she fled from Kesh. “It burned,” Marta said."
    assert spans(text) == ["Marta", "Marta"]
    assert {item.attributes["identity_form"] for item in sources(text)} == {"pseudonym"}


@pytest.mark.parametrize(
    "occupation",
    ["florist", "deckhand", "linesman", "typist", "imam", "welder", "trainee", "usher"],
)
def test_any_occupation_can_be_a_source(occupation: str) -> None:
    """Who tells something is found by what a person is, not by a few known roles."""
    text = f"A {occupation} in Tarn said the shop was shut."
    assert spans(text.replace("A imam", "An imam").replace("A usher", "An usher"))
