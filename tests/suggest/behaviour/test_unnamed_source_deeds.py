"""What a source did, told by participles and infinitives, and what only somebody else did."""

import pytest

from annotate import taxonomy
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))
DEEDS = [
    "The gauges were false, said a fitter at the Orlan works, having fitted four of them himself.",
    "The gauges were false, a fitter at the Orlan works said after testing the third of them.",
    "The gauges were false, said a fitter at the Orlan works, whose job it was to read them.",
    "A fitter at the Orlan works says the gauges were false, and that she has twice replaced one.",
    "The gauges were false, said a fitter at the Orlan works. She recalled unscrewing the lids.",
    "A fitter at the Orlan works says the gauges were false: she wrote the figures on the plates.",
    "The gauges were false, said a person close to the Orlan board. It was she who bought them.",
    "The gauges were false, said a fitter at the Orlan works. The order passed across her desk.",
    "The gauges were false, said an official at the Orlan works, whom they had made to seal them.",
]
OTHERS = [
    "The mayor wrote the order himself, the town hall says.",
    "The chairman, who took over in May, sold two ships.",
    "Prosecutors have seen the recordings.",
    "The ministry showed reporters a video of the works.",
    "“It was a mistake,” the mayor said. “I signed the contract in public.”",
    "The governor drove to the works with his wife.",
    "A judge has read the transcripts and put them away.",
]
RISKS = [
    "A fitter who asked about the gauges was found in the canal.",
    "The works own her house.",
    "If this were traced to her she could count on a trial.",
    "A memo in June reminded fitters that contact with the press means dismissal.",
    "Her contract has a clause on silence.",
    "Three of her colleagues have been sacked since they signed the letter.",
    "The director has promised to find out who is talking.",
]
DREAD = [
    "The minister fears for his seat.",
    "The chairman could lose his licence.",
    "Two ministers have been sacked since May.",
    "The opposition has threatened to sue the government.",
]
SOURCE = "The gauges were false, said a fitter at the Orlan works. "


def attributes(text: str) -> tuple[str, str, str | None]:
    found = next(s for s in suggest_text(text, rules=RULES) if s.marker == "unnamed_source")
    told = found.attributes
    return told["reason_for_anonymity"], told["basis_of_knowledge"], found.judgement


@pytest.mark.parametrize("text", DEEDS)
def test_a_deed_in_any_verb_form_is_first_hand(text: str) -> None:
    """What a source had in hand is known at first hand, whichever form the verb takes."""
    assert attributes(text)[1] == "first_hand"


@pytest.mark.parametrize("sentence", OTHERS)
def test_what_somebody_else_did_is_no_basis(sentence: str) -> None:
    """A sentence beside the source that does not speak of it tells nothing of how it knows."""
    assert attributes(f"{SOURCE}{sentence}")[1] == "position_only"


@pytest.mark.parametrize("sentence", RISKS)
def test_what_the_text_shows_to_be_risked_is_a_reason(sentence: str) -> None:
    """Dependence, orders and what befell others protect a source that was there."""
    assert attributes(f"{SOURCE}She had fitted them herself. {sentence}")[2] == "protected_source"


@pytest.mark.parametrize("sentence", DREAD)
def test_what_somebody_else_risks_is_no_reason(sentence: str) -> None:
    """Beside a formula, the risk must be the source's own or that of people like it."""
    reason, _, judgement = attributes(f"{SOURCE}{sentence} She asked not to be named.")
    assert reason == "formula_only"
    assert judgement == "unverifiable_anonymous_source"
