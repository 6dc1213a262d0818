"""Annotators against themselves and against what is settled."""

from collections.abc import Callable

import numpy as np
import pytest

from annotate.agreement.checks import NO_CHECKS, NO_REPEATS, Settled, checks, repeats
from annotate.agreement.explain import Checks
from annotate.model import Annotation, OpenSpan, Span
from annotate.scores import VOICES

By = Callable[..., Annotation]
SOURCE = "unnamed_source"


@pytest.fixture
def by(annotated: By) -> By:
    """Give who marked sources, where: `("ana", "d", (0, 5))`, or that they skipped it."""

    def read(person: str, doc_id: str, *at: tuple[int, int], skipped: bool = False) -> Annotation:
        marked = ((SOURCE, start, end) for start, end in at)
        return annotated(person, doc_id, *marked).replace(skipped=skipped)

    return read


def gold(*ranges: tuple[int, int]) -> tuple[Span, ...]:
    return tuple(Span(start=start, end=end, marker=SOURCE) for start, end in ranges)


def opened(start: int, end: int) -> OpenSpan:
    return OpenSpan(
        doc_id="d", start=start, end=end, marker=SOURCE, support=1, annotators=2, reason="missed"
    )


def again(new: list[Annotation], old: list[Annotation], *, seed: int | None = None) -> Checks:
    rng = None if seed is None else np.random.default_rng(seed)
    return repeats(new, old, voices=VOICES, groups={}, rng=rng)


def held(hidden: list[Annotation], settled: dict[str, Settled]) -> Checks:
    return checks(hidden, settled, voices=VOICES, groups={}, rng=None)


def test_repeats_are_held_against_ones_own_reading(by: By) -> None:
    """Each annotator's repeats against what they marked before, never what others did."""
    found = again(
        [by("ana", "d1", (0, 10), (20, 30)), by("ben", "d1", (0, 10))],
        [by("ana", "d1", (0, 10)), by("ben", "d1", (0, 10)), by("cem", "d1", (50, 60))],
    )
    assert found.annotators["ana"].exact_f1.value == pytest.approx(2 / 3)
    assert found.annotators["ben"].overlap_f1.value == 1
    assert (found.overall.documents, found.left_out) == (1, 0)
    assert found.overall.exact_f1.value == pytest.approx(4 / 5)


def test_repeats_that_cannot_be_compared_are_counted(by: By) -> None:
    """Nothing before it, or one of both skipped: left out, and undefined if nothing is left."""
    found = again(
        [by("ana", "d1"), by("ana", "d2", skipped=True), by("ana", "d3")],
        [by("ben", "d1"), by("ana", "d2"), by("ana", "d3", skipped=True)],
    )
    assert (found.left_out, found.annotators) == (3, {})
    assert found.overall.exact_f1.reason == NO_REPEATS
    nothing = again([by("ana", "d1")], [by("ana", "d1")])
    assert nothing.overall.overlap_f1.reason == "no spans in these voices"


def test_checks_are_held_against_what_is_settled(by: By) -> None:
    """What touches only an open cluster counts neither way; what is missed counts."""
    settled = {"d": Settled(gold=gold((0, 10), (60, 70)), open=(opened(20, 30), opened(5, 12)))}
    found = held([by("ana", "d", (0, 10), (22, 28), (40, 50))], settled)
    assert found.annotators["ana"].exact_f1.value == pytest.approx(2 * 1 / (2 + 2))


def test_nobody_is_checked_against_themselves(by: By) -> None:
    """Whoever had a part in the outcome, a skipped check and an open document are left out."""
    settled = {"d": Settled(gold=gold((0, 10)), readers=frozenset({"ana", "ben"}))}
    found = held(
        [by("ana", "d", (0, 10)), by("cem", "d", skipped=True), by("dia", "other")], settled
    )
    assert found.left_out == 3
    assert found.overall.exact_f1.reason == NO_CHECKS


def test_intervals_are_over_documents(by: By) -> None:
    """With an rng scores have 95% intervals, the same for the same seed."""
    new = [by("ana", f"d{at}", (0, 10 if at % 3 else 9)) for at in range(12)]
    old = [by("ana", f"d{at}", (0, 10)) for at in range(12)]
    found = again(new, old, seed=4)
    assert found == again(new, old, seed=4)
    score = found.overall.exact_f1
    assert score.low is not None
    assert score.high is not None
    assert score.value == pytest.approx(8 / 12)
    assert score.low < 8 / 12 < score.high
