"""The anchoring effect: measured on both sides, within annotators, and undefined where it is."""

from collections.abc import Sequence
from statistics import median

import numpy as np
import pytest

from annotate.agreement.anchoring import (
    NO_ASSISTED,
    NO_BLIND,
    NO_SUGGESTIONS,
    NOBODY_BOTH,
    anchoring,
)
from annotate.agreement.explain import Anchoring
from annotate.agreement.held import Ranges
from annotate.agreement.profiles import UNTIMED, Reading
from annotate.model import Condition, Range

SOURCE = "unnamed_source"
SUGGESTED = [(at * 20, at * 20 + 10) for at in range(4)]


def marked(ranges: Sequence[tuple[int, int]]) -> Ranges:
    return {SOURCE: [Range(start=start, end=end) for start, end in ranges]}


def reading(
    person: str,
    doc_id: str,
    condition: Condition,
    ranges: Sequence[tuple[int, int]] = (),
    *,
    words: int = 100,
    lead_time_s: float | None = 60,
) -> Reading:
    return Reading(
        doc_id=doc_id,
        annotator=person,
        condition=condition,
        submitted_at="2026-02-03T10:00:00Z",
        lead_time_s=lead_time_s,
        words=words,
        marked=marked(ranges),
    )


def compared(
    readings: Sequence[Reading],
    *,
    seed: int | None = None,
    suggested: bool = True,
    groups: dict[str, str] | None = None,
) -> Anchoring:
    found = {item.doc_id: marked(SUGGESTED) for item in readings} if suggested else {}
    rng = None if seed is None else np.random.default_rng(seed)
    return anchoring(readings, found, groups=groups or {}, rng=rng)


def both_sides(number: int, seed: int) -> list[Reading]:
    """Give readings where suggestions make people mark more, and what is suggested."""
    rng = np.random.default_rng(seed)
    return [
        reading(
            person,
            f"{condition}{at}",
            condition,
            [
                place if condition == "assisted" else (place[0] + 3, place[1])
                for place in SUGGESTED
                if rng.random() < (0.9 if condition == "assisted" else 0.5)
            ],
            lead_time_s=float(rng.uniform(20, 40) if condition == "assisted" else 60),
        )
        for person in ("ana", "ben")
        for condition in ("blind", "assisted")
        for at in range(number)
    ]


def test_effects_are_assisted_minus_blind() -> None:
    """Where suggestions are taken over, all three effects say so and leave 0 out."""
    found = compared(both_sides(40, seed=6), seed=1)
    assert (found.blind.documents, found.assisted.documents) == (40, 40)
    assert (found.blind.annotations, found.annotators_on_both) == (80, 2)
    for effect in (found.rate, found.agreement, found.speed):
        for change in (effect.difference, effect.within):
            assert change.low is not None
            assert change.value is not None
            assert 0 < change.low < change.value
        assert effect.blind.value is not None
        assert effect.assisted.value is not None
        assert effect.difference.value == pytest.approx(effect.assisted.value - effect.blind.value)


def test_comparable_documents_have_as_many_suggestions_on_both_sides() -> None:
    """Suggestions for 1,000 words check the comparison, whoever saw them."""
    suggestions = compared(both_sides(10, seed=6), seed=1).suggestions
    assert suggestions.blind.value == suggestions.assisted.value == 40
    assert (suggestions.difference.value, suggestions.difference.low) == (0, 0)


def test_who_read_what_makes_no_effect_within_annotators() -> None:
    """A fast annotator on one side and a slow one on the other is no effect of suggestions."""
    rows = [reading("fast", f"a{at}", "assisted", lead_time_s=30) for at in range(9)]
    rows += [reading("fast", "b0", "blind", lead_time_s=30)]
    rows += [reading("slow", f"b{at}", "blind", lead_time_s=120) for at in range(1, 9)]
    rows += [reading("slow", "a9", "assisted", lead_time_s=120)]
    speed = compared(rows).speed
    assert speed.difference.value == pytest.approx(150)
    assert speed.within.value == pytest.approx(0)


@pytest.mark.parametrize(
    ("conditions", "blind", "assisted", "difference"),
    [
        ([], NO_BLIND, NO_ASSISTED, NO_BLIND),
        (["blind", "test"], None, NO_ASSISTED, NO_ASSISTED),
        (["assisted"], NO_BLIND, None, NO_BLIND),
    ],
)
def test_an_empty_side_leaves_the_effect_undefined(
    conditions: list[Condition], blind: str | None, assisted: str | None, difference: str
) -> None:
    """A side without documents is named; the difference is null, not 0."""
    rows = [reading("ana", f"d{at}", it, [(0, 9)]) for at, it in enumerate(conditions)]
    found = compared(rows, seed=1)
    for effect in (found.rate, found.agreement, found.speed, found.suggestions):
        assert (effect.blind.reason, effect.assisted.reason) == (blind, assisted)
        assert (effect.difference.value, effect.difference.reason) == (None, difference)
        assert effect.within.reason == difference


def test_what_nobody_recorded_is_named() -> None:
    """No times, no suggestions, nobody on both sides: each undefined for its own reason."""
    rows = [
        reading("ana", "d1", "blind", [(0, 9)], lead_time_s=None),
        reading("ben", "d2", "assisted", [(0, 9)], lead_time_s=None),
    ]
    found = compared(rows, suggested=False)
    assert found.speed.difference.reason == UNTIMED
    assert found.agreement.blind.reason == found.suggestions.difference.reason == NO_SUGGESTIONS
    assert found.rate.difference.value == 0
    assert found.rate.within.reason == NOBODY_BOTH


def test_speed_is_the_median_also_in_each_round() -> None:
    """Weighted medians are those of the readings written out as often as a round holds them."""
    rng = np.random.default_rng(9)
    rows = [
        reading("ana", f"d{at}", "blind" if at < 8 else "assisted", lead_time_s=seconds)
        for at, seconds in enumerate(rng.uniform(20, 200, size=16).tolist())
    ]
    found = compared(rows, seed=5).speed.blind
    speeds = [row.speed or 0 for row in rows[:8]]
    assert found.value == pytest.approx(median(speeds))
    names = sorted(row.doc_id for row in rows)
    times = np.random.default_rng(5).multinomial(16, [1 / 16] * 16, size=2_000)
    rounds = []
    for drawn in times:
        held = dict(zip(names, drawn.tolist(), strict=True))
        of = [it.speed or 0 for it in rows[:8] for _ in range(held[it.doc_id])]
        if of:
            rounds.append(median(of))
    assert (found.low, found.high) == pytest.approx(tuple(np.percentile(rounds, [2.5, 97.5])))


def test_near_duplicates_are_drawn_together() -> None:
    """Documents of one cluster bring no more certainty than one, and one cluster no interval."""
    rows = both_sides(12, seed=2)
    names = sorted({row.doc_id for row in rows})
    few = {name: f"c{number % 4}" for number, name in enumerate(names)}
    apart, together = compared(rows, seed=1).rate.blind, compared(rows, seed=1, groups=few)
    assert together.rate.blind.value == apart.value
    assert together.rate.blind != apart
    assert compared(rows, seed=1, groups=dict.fromkeys(names, "c")).rate.blind.low is None
