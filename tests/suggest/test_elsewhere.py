"""What another person fears and saw is no reason and no basis of the source's."""

import pytest

from annotate.suggest.engine import suggest_text

CLAIM = "The alarm on the ward was switched off at night, a nurse at Tarn Hospital said."
FEAR = "is afraid of being dismissed and saw the switch"


def judged(text: str) -> str | None:
    """Give the judgement on the first unnamed source."""
    return next(item.judgement for item in suggest_text(text) if item.marker == "unnamed_source")


@pytest.mark.parametrize(
    "somebody",
    [
        "Petra Lind, a cleaner,",
        "Petra Lind, 71,",
        "Petra, 23,",
        "Dr. Petra Lind, who runs the ward,",
        "The matron, Petra Lind,",
        "One visitor, Petra Lind,",
        "A cleaner who works days",
        "Another man, who cooks there,",
    ],
)
def test_another_persons_fear_and_sight_are_not_the_sources(somebody: str) -> None:
    """Neither in the sentence that brings the person in, nor where "she" goes on."""
    assert judged(f"{CLAIM} {somebody} {FEAR}.") == "unverifiable_anonymous_source"
    said = f"{CLAIM} {somebody} would not talk. She {FEAR}."
    assert judged(said) == "unverifiable_anonymous_source"


@pytest.mark.parametrize(
    "told",
    [
        f"She {FEAR} herself.",
        f"The nurse {FEAR} herself.",
        f"Petra Lind, a cleaner, had seen nothing. The nurse {FEAR} herself.",
    ],
)
def test_the_source_is_found_again(told: str) -> None:
    """By a pronoun, by its head, and behind somebody else."""
    assert judged(f"{CLAIM} {told}") == "protected_source"


def test_what_befell_one_who_spoke_out_shows_the_danger() -> None:
    """Somebody who was punished for talking is why others hide their names."""
    told = "Petra Lind, a clerk who spoke to a paper about the alarm, was jailed in May."
    assert judged(f"{CLAIM} She had switched it off herself. {told}") == "protected_source"
