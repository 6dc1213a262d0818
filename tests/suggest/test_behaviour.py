"""What may change in a sentence without changing its spans, and what must change them."""

import pytest

from annotate import taxonomy
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))
FRAMES = {
    "unnamed_source": "A senior source in {place} told {outlet} that {number} men had left.",
    "vague_collective_source": "Residents of {place} told {outlet} that {number} men had left.",
    "speculative_attribution": "{number} men left {place} in a raid supposedly ordered by rebels.",
    "agentless_attribution": "The raid on {place} reportedly cost {number} men their homes.",
    "certainty_escalation": "Rumours spread in {place}. These rumours have been confirmed.",
    "motive_imputation": "The owner closed the mill in {place} to punish {number} men.",
    "named_attribution": "Ada Kranz, mayor of {place}, told {outlet} that {number} men had left.",
    "acknowledged_uncertainty": "It was not clear how many of the {number} men had left {place}.",
}
PLACES = ("Tarn", "Port Sael", "al-Kesh", "Deir el-Holm")
OUTLETS = ("the Marlow Courier", "Hydrodata", "the OHD")
NUMBERS = ("12", "1,200", "eleven")
UNMARKED = (
    "The festival is a source of pride for the town.",
    "The office published the source code in March.",
    "The reported earnings of Norvane rose by four per cent.",
    "The fair opens on May 5 and may last a week.",
    "The court heard that the alleged theft took place in June.",
    "Tourism is a source of income in Port Sael.",
    "The group found an open-source tool for the job.",
    "He asked people in the street for the way.",
    "She is said by her coach, Tomas Bly, to be fit.",
    "The estimated cost is nine million crowns.",
)


@pytest.mark.parametrize("marker", FRAMES)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("outlet", OUTLETS)
@pytest.mark.parametrize("number", NUMBERS)
def test_names_and_numbers_leave_the_marker(
    marker: str, place: str, outlet: str, number: str
) -> None:
    """Another place, outlet or number format gives one span of the same marker."""
    text = FRAMES[marker].format(place=place, outlet=outlet, number=number)
    assert [s.marker for s in suggest_text(text, rules=RULES) if s.marker == marker] == [marker]


@pytest.mark.parametrize("marker", FRAMES)
@pytest.mark.parametrize(("opening", "closing"), [("“", "”"), ('"', '"'), ("«", "»")])
def test_quote_styles_leave_the_span(marker: str, opening: str, closing: str) -> None:
    """A quotation before the sentence, in any style, leaves the span where it is."""
    sentence = FRAMES[marker].format(place="Tarn", outlet="the OHD", number="12")
    front = f"{opening}We walked all the way home.{closing} "
    alone = [(s.start, s.end) for s in suggest_text(sentence, rules=RULES) if s.marker == marker]
    behind = [s for s in suggest_text(front + sentence, rules=RULES) if s.marker == marker]
    assert [(s.start - len(front), s.end - len(front)) for s in behind] == alone


@pytest.mark.parametrize("text", UNMARKED)
def test_other_senses_stay_unmarked(text: str) -> None:
    """A source of pride, source code, reported earnings, a date, a legal "alleged"."""
    found = suggest_text(text, rules=RULES)
    assert [item for item in found if item.marker != "named_attribution"] == []


def markers(text: str) -> set[str]:
    return {item.marker for item in suggest_text(text, rules=RULES)}


def test_a_by_phrase_removes_agentless_attribution() -> None:
    """Who attributes is said, so nothing is deleted."""
    assert "agentless_attribution" in markers("The fires attributed to gangs have spread.")
    assert "agentless_attribution" not in markers(
        "The fires attributed by the county fire service to gangs have spread."
    )


def test_a_source_beside_removes_agentless_attribution() -> None:
    """The one who believes stands in the same sentence."""
    assert "agentless_attribution" in markers("The fire is believed to be arson.")
    assert "agentless_attribution" not in markers(
        "The fire is believed to be arson, fire chief Nils Aaby said."
    )


def test_could_not_be_verified_adds_acknowledged_uncertainty() -> None:
    """The limit of knowledge is stated."""
    text = "The mill burned down on Friday."
    assert markers(text) == set()
    assert markers(text + " The cause could not be verified.") == {"acknowledged_uncertainty"}


def test_grounds_remove_speculative_attribution() -> None:
    """An accuser who gives grounds does not speculate."""
    text = "Police chief Jana Wirth said the gang was probably behind the robbery"
    assert "speculative_attribution" in markers(text + ".")
    assert "speculative_attribution" not in markers(text + ", because its van was filmed.")


def test_a_court_removes_alleged() -> None:
    """The legal "alleged" is no attribution without a speaker."""
    assert "agentless_attribution" in markers("The alleged bribery has cost the club its sponsor.")
    assert "agentless_attribution" not in markers("The trial over the alleged bribery has begun.")


def test_source_markers_do_not_share_a_noun_phrase() -> None:
    """One noun phrase is one kind of source: granted anonymity wins over vague and named."""
    text = "Western officials who spoke on condition of anonymity said the truce was over."
    assert markers(text) == {"unnamed_source"}
