"""Scores of spans: the published formulas, and undefined where nothing can be said."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.model import Span, Voice
from annotate.scores import ALL_VOICES, VOICES, Score, score, tally

MARKERS = ("unnamed_source", "named_attribution")


def span(start: int, end: int, marker: str = MARKERS[0], voice: Voice = "reporter") -> Span:
    return Span(start=start, end=end, marker=marker, voice=voice)


SPANS = st.lists(
    st.builds(
        lambda start, length, marker: span(start, start + length, marker),
        st.integers(0, 80),
        st.integers(1, 15),
        st.sampled_from(MARKERS),
    ),
    max_size=8,
)


def of(found: list[tuple[int, int]], true: list[tuple[int, int]]) -> tuple[float | None, ...]:
    counted = tally(
        [span(*item) for item in found], [span(*item) for item in true], marker=MARKERS[0]
    ).overlap_score
    return (counted.precision, counted.recall, counted.f1)


@pytest.mark.parametrize(
    ("found", "true", "expected"),
    [
        ([(0, 5)], [(0, 10)], (1, 0.5, 0.6667)),
        ([(0, 5), (5, 10)], [(0, 10)], (1, 1, 1)),
        ([(0, 100)], [(0, 10), (50, 60)], (0.2, 1, 0.3333)),
        ([(0, 10)], [(0, 10), (0, 10)], (1, 1, 1)),
    ],
)
def test_overlap_scores_follow_semeval_2020_task_11(
    found: list[tuple[int, int]], true: list[tuple[int, int]], expected: tuple[float, ...]
) -> None:
    """Da San Martino et al. 2020: shares of characters; a true span given twice counts once."""
    assert of(found, true) == pytest.approx(expected, abs=5e-5)


def test_exact_f1_is_positive_specific_agreement() -> None:
    """Hripcsak and Rothschild 2005: a=30, b=10, c=20 gives 2a/(2a+b+c) = .6667."""
    shared = [span(10 * at, 10 * at + 5) for at in range(30)]
    first = shared + [span(1000 + 10 * at, 1005 + 10 * at) for at in range(10)]
    second = shared + [span(2000 + 10 * at, 2005 + 10 * at) for at in range(20)]
    found = score({"d": first}, {"d": second}, markers=MARKERS).micro.exact
    assert found.f1 == pytest.approx(0.6667, abs=5e-5)
    assert (found.precision, found.recall) == (30 / 40, 30 / 50)


def test_fragmentation_is_counted_beside_the_score() -> None:
    """Two pieces of one true span score 1 and have fragmentation 2; none touching has none."""
    pieces = tally([span(0, 5), span(5, 10)], [span(0, 10)], marker=MARKERS[0])
    assert pieces.fragmentation == 2
    assert tally([span(0, 5)], [span(5, 10)], marker=MARKERS[0]).fragmentation is None


@pytest.mark.parametrize(
    ("found", "true", "expected"),
    [
        ([], [], Score(precision=None, recall=None, f1=None, reason="no spans on either side")),
        (
            [],
            [span(0, 3)],
            Score(precision=None, recall=0.0, f1=0.0, reason="nothing was predicted"),
        ),
        (
            [span(0, 3)],
            [],
            Score(precision=0.0, recall=None, f1=0.0, reason="there is no true span"),
        ),
    ],
)
def test_undefined_is_null_with_its_reason(
    found: list[Span], true: list[Span], expected: Score
) -> None:
    """What has no denominator is null and says why, in both scores."""
    counted = score({"d": found}, {"d": true}, markers=MARKERS).markers[MARKERS[0]]
    assert counted.exact == counted.overlap == expected


def test_quoted_voices_count_only_when_asked() -> None:
    """Scores are of the reporter's voice and the headline's, unless all are asked for."""
    found = {"d": [span(0, 5), span(8, 12, voice="quoted_source")]}
    true = {"d": [span(0, 5)]}
    assert score(found, true, markers=MARKERS).micro.exact.f1 == 1
    everything = score(found, true, markers=MARKERS, voices=ALL_VOICES)
    assert everything.micro.exact.precision == 0.5


def test_a_marker_is_no_substitute_for_another() -> None:
    """The same range under another marker is a miss and a false alarm, also micro."""
    found = score({"d": [span(0, 5)]}, {"d": [span(0, 5, MARKERS[1])]}, markers=MARKERS)
    assert found.micro.exact.f1 == found.micro.overlap.f1 == 0


def test_a_document_of_one_side_only_counts() -> None:
    """Spans in a document that the other side does not name are misses."""
    found = score({"x": [span(0, 5)]}, {"y": [span(0, 5)]}, markers=MARKERS)
    assert found.documents == 2
    assert found.micro.exact.f1 == 0


@given(SPANS, SPANS)
def test_scores_stay_in_range_and_mirror(found: list[Span], true: list[Span]) -> None:
    """No score leaves 0 to 1 or is NaN; swapping sides swaps precision and recall."""
    there = score({"d": found}, {"d": true}, markers=MARKERS)
    back = score({"d": true}, {"d": found}, markers=MARKERS)
    for forward, mirrored in (
        (there.micro.exact, back.micro.exact),
        (there.micro.overlap, back.micro.overlap),
    ):
        assert forward.precision == mirrored.recall
        assert forward.f1 == pytest.approx(mirrored.f1)
        for value in (forward.precision, forward.recall, forward.f1):
            assert value is None or (math.isfinite(value) and 0 <= value <= 1 + 1e-12)


@given(SPANS)
def test_perfect_agreement_gives_one_and_order_means_nothing(spans: list[Span]) -> None:
    """A side scored against itself, doubled and reversed, is perfect wherever it is defined."""
    found = score({"d": spans}, {"d": [*reversed(spans), *spans]}, markers=MARKERS).micro
    expected = 1 if spans else None
    assert found.exact.f1 == expected
    assert found.overlap.f1 == (pytest.approx(expected) if expected else None)


def _stretches(spans: list[Span], marker: str, voices: tuple[str, ...]) -> list[frozenset[int]]:
    """Merge naively: characters are one stretch while some span holds each and the one before."""
    chosen = [span for span in spans if span.marker == marker and span.voice in voices]
    held = sorted({at for span in chosen for at in range(span.start, span.end)})
    joined = {at for span in chosen for at in range(span.start + 1, span.end)}
    found: list[set[int]] = []
    for at in held:
        if at in joined:
            found[-1].add(at)
        else:
            found.append({at})
    return [frozenset(item) for item in found]


@given(SPANS, SPANS, st.sampled_from([VOICES, ALL_VOICES]))
def test_scores_are_those_of_sets_of_characters(
    found: list[Span], true: list[Span], voices: tuple[Voice, ...]
) -> None:
    """Both scores follow from sets of characters, merged and compared pair by pair."""
    voiced = [
        [it.replace(voice="quoted_source") if it.start % 3 == 0 else it for it in side]
        for side in (found, true)
    ]
    for marker in MARKERS:
        mine, theirs = (_stretches(side, marker, voices) for side in voiced)
        counted = tally(*voiced, marker=marker, voices=voices)
        assert (counted.predicted, counted.true) == (len(mine), len(theirs))
        assert counted.exact == sum(item in theirs for item in mine)
        shared = [(len(a & b) / len(a), len(a & b) / len(b)) for a in mine for b in theirs]
        assert counted.precision_sum == pytest.approx(sum(first for first, _ in shared))
        assert counted.recall_sum == pytest.approx(sum(second for _, second in shared))
