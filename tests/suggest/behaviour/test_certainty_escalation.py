"""What may change where a suspicion becomes certain, and what keeps the clause unmarked."""

import pytest

from annotate import taxonomy
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))
SUSPICION = "On Sunday the vote may have been bought. "
SUSPICIONS = (
    "The vote may have been bought.",
    "The vote was perhaps bought.",
    "It was rumoured that the vote had been bought.",
    "Some suspected that the vote had been bought.",
    "There were fears that the vote had been bought.",
    "We asked whether the vote had been bought.",
    "It was unclear who had bought the vote.",
)
CONFIRMATIONS = (
    "These suspicions are confirmed",
    "That suspicion has now been confirmed",
    "Our worst fears were borne out",
    "The suspicion has become a certainty",
    "The rumour has turned into fact",
    "What was a rumour on Friday has been confirmed as a fact",
    "The allegations have been proven",
    "This theory has since been verified",
)
CERTAINTIES = (
    "Now it is clear",
    "It has become plain",
    "Today it is a certainty",
    "It is now beyond doubt",
    "There is no longer any doubt",
    "There can be no more doubt",
    "Now there is no room left for doubt",
    "There is very little doubt",
    "This has now been confirmed",
    "It has since been proven",
    "The theft is no longer in question",
    "Their guilt is now an established fact",
    "That the count was false is now beyond dispute",
    "The empty boxes prove it",
    "The silence confirms the suspicion",
    "This confirms what many had feared",
    "Now we know for certain",
    "The truth has come to light",
    "It can no longer be denied",
    "No doubt remains",
    "His silence proves it",
    "It is no longer a question of whether",
)
WITHOUT_A_SUSPICION_BEFORE = (
    ("Theft in the mill: fraud now certain", "fraud now certain"),
    ("So what we suspected is now established.", "what we suspected is now established"),
    ("The part of the guards in the raid is proven.", "in the raid is proven"),
    ("The letter is irrefutable proof that the mayor knew.", "irrefutable proof that the mayor"),
    ("Nobody was surprised: the rumours turned out to be true.", "rumours turned out to be true"),
)
UNMARKED = (
    "Halden FC confirmed that Tomas Bly has signed until 2029.",
    "It is clear that the road needs repair, the council said.",
    "There is no doubt that she is a fine player, coach Nils Aaby said.",
    "Her appointment was confirmed by parliament with sixty-one votes.",
    "Doctors suspected salmonella. A second test by the national laboratory confirmed it.",
    "Some suspected a leak. Whether there was one is still not clear.",
    "The suspicion was not confirmed: the audit found no missing money.",
    "If the suspicions are confirmed, the club will lose its licence.",
    "It was unclear who would win. The result has not been confirmed.",
    "The man is innocent until proven guilty.",
    "The method is proven and cheap.",
    "She has a proven record in the port.",
    "Nobody knows whether it rains. It is not yet clear when the match begins.",
    "They fear that their worst dreams may come true.",
    "The fair may open on May 5. The date has been set.",
    "There is no conclusive proof that the mayor knew.",
    "The police could not confirm the rumours.",
    "The questions have been answered by the mayor.",
)


def spans(text: str) -> list[str]:
    found = suggest_text(text, rules=RULES)
    return [text[s.start : s.end] for s in found if s.marker == "certainty_escalation"]


@pytest.mark.parametrize("suspicion", SUSPICIONS)
def test_any_wording_of_the_suspicion_will_do(suspicion: str) -> None:
    """However the text first put it, the later certainty is marked."""
    assert spans(f"{suspicion} Now it is clear that it was.") == ["Now it is clear"]


@pytest.mark.parametrize("clause", CONFIRMATIONS)
def test_a_suspicion_that_is_confirmed_is_marked_whole(clause: str) -> None:
    """The span is the clause that declares the suspicion true."""
    assert spans(f"{SUSPICION}{clause}.") == [clause]


@pytest.mark.parametrize("clause", CERTAINTIES)
def test_any_wording_of_the_certainty_is_marked(clause: str) -> None:
    """Clear, plain, beyond doubt, proven: the clause is marked where a suspicion came before."""
    assert spans(f"{SUSPICION}{clause}.") == [clause]


@pytest.mark.parametrize(("text", "span"), WITHOUT_A_SUSPICION_BEFORE)
def test_some_wordings_hold_the_suspicion(text: str, span: str) -> None:
    """A headline or a clause that names the suspicion needs none before it."""
    assert [span in found for found in spans(text)] == [True]


@pytest.mark.parametrize("text", UNMARKED)
def test_other_senses_stay_unmarked(text: str) -> None:
    """Transfers, opinions, votes, tests, open questions and conditions are no escalation."""
    assert spans(text) == []


@pytest.mark.parametrize("place", ["Tarn", "Port Sael", "al-Kesh", "Deir el-Holm"])
@pytest.mark.parametrize("number", ["12", "1,200", "eleven"])
def test_places_and_numbers_leave_the_span(place: str, number: str) -> None:
    """Neither the place nor the number format matters."""
    text = f"The {number} votes of {place} may have been bought. There is no longer any doubt."
    assert spans(text) == ["There is no longer any doubt"]


@pytest.mark.parametrize(
    ("opening", "closing"), [("“", "”"), ('"', '"'), ("«", "»"), ("\u2018", "\u2019")]
)
def test_quote_styles_leave_the_span(opening: str, closing: str) -> None:
    """A quotation between suspicion and certainty, in any style, changes nothing."""
    text = f"{SUSPICION}{opening}We counted all night.{closing} Now it is clear."
    assert spans(text) == ["Now it is clear"]


def test_without_a_suspicion_nothing_is_raised() -> None:
    """The certainty alone is an opinion."""
    assert spans("Now it is clear that the road is too narrow.") == []


def test_a_second_source_that_can_be_identified_removes_the_span() -> None:
    """New evidence with a name is no escalation; a source without a name is none."""
    assert spans("These suspicions are confirmed by a source close to the court.")
    assert spans("These suspicions were confirmed by tests in two laboratories.") == []
    assert spans("These suspicions were confirmed by Vera Holt of the Tarn police.") == []


def test_a_named_speaker_removes_the_span() -> None:
    """Somebody who can be asked vouches for it."""
    assert spans(SUSPICION + "It is now clear that it was.")
    assert spans(SUSPICION + "It is now clear that it was, mayor Petra Hollin said.") == []


def test_a_negation_removes_the_span() -> None:
    """What stays open is not raised."""
    assert spans(SUSPICION + "It is now clear.")
    assert spans(SUSPICION + "It is not clear.") == []
