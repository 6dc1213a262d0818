"""Agreement between annotators: symmetric, defined or said not to be, with intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate import taxonomy
from annotate.agreement.pairwise import ROUNDS, Measured, pairwise
from annotate.model import AnnotatedSpan, Annotation
from annotate.scores import ALL_VOICES, VOICES

MARKERS = taxonomy.load().tier(1)
SOURCE = "unnamed_source"


def by(
    person: str, doc_id: str, *ranges: tuple[int, int], marker: str = SOURCE, skipped: bool = False
) -> Annotation:
    return Annotation(
        annotation_id=f"{person}-{doc_id}",
        assignment_id=f"{person}-{doc_id}",
        doc_id=doc_id,
        text_sha256="0" * 64,
        annotator=person,
        round=1,
        condition="blind",
        guideline_version="1.0",
        taxonomy_version="1",
        submitted_at="2026-02-03T10:00:00Z",
        skipped=skipped,
        spans=tuple(
            AnnotatedSpan(start=start, end=end, marker=marker, span_id=f"{start}", origin="manual")
            for start, end in ranges
        ),
    )


def quoted(item: Annotation) -> Annotation:
    """Give the annotation with every span in a quoted source's voice."""
    return item.replace(spans=tuple(span.replace(voice="quoted_source") for span in item.spans))


def value(measured: Measured, metric: str) -> float | None:
    return measured.overall[metric].value


def test_a_pair_has_the_score_of_one_against_the_other() -> None:
    """With two annotators the values are those of the scorer: exact .5, overlap .8."""
    measured = pairwise(
        [by("ana", "d", (0, 10), (20, 30)), by("ben", "d", (0, 10), (25, 30))], MARKERS
    )
    assert value(measured, "exact_f1") == 0.5
    precision, recall = 0.75, 1.0
    expected = 2 * precision * recall / (precision + recall)
    assert value(measured, "overlap_f1") == pytest.approx(expected)
    assert measured.markers[SOURCE] == measured.overall == measured.pairs["ana, ben"]


def test_several_pairs_pool_their_exact_counts() -> None:
    """Over pairs, exact F1 is 2 sum a / sum (2a + b + c)."""
    measured = pairwise(
        [by("ana", "d", (0, 5)), by("ben", "d", (0, 5)), by("cem", "d", (0, 5), (9, 12))], MARKERS
    )
    assert value(measured, "exact_f1") == pytest.approx(6 / (2 + 3 + 3))
    assert set(measured.pairs) == {"ana, ben", "ana, cem", "ben, cem"}


@pytest.mark.parametrize(
    ("annotations", "reason"),
    [
        ([], "no document was read by two annotators"),
        ([by("ana", "d", (0, 5))], "no document was read by two annotators"),
        (
            [by("ana", "d", (0, 5)), by("ben", "e", (0, 5))],
            "no document was read by two annotators",
        ),
        (
            [by("ana", "d", (0, 5)), by("ben", "d", skipped=True)],
            "no document was read by two annotators",
        ),
        (
            [by("ana", "d"), by("ben", "d")],
            "no spans in these voices",
        ),
    ],
)
def test_undefined_agreement_says_why(annotations: list[Annotation], reason: str) -> None:
    """No annotators, one, disjoint documents, or no spans: null with the reason."""
    measured = pairwise(annotations, MARKERS, rng=np.random.default_rng(1))
    for metric in ("exact_f1", "overlap_f1"):
        assert measured.overall[metric].value is None
        assert measured.overall[metric].reason == reason
        assert measured.markers["motive_imputation"][metric].value is None


def test_intervals_come_from_resampled_documents() -> None:
    """The interval holds the value, repeats with the seed, and needs an rng."""
    rows = [
        row
        for at in range(20)
        for row in (by("ana", f"d{at}", (0, 9)), by("ben", f"d{at}", (0, 9 if at % 4 else 8)))
    ]
    first = pairwise(rows, MARKERS, rng=np.random.default_rng(7)).overall["exact_f1"]
    again = pairwise(rows, MARKERS, rng=np.random.default_rng(7)).overall["exact_f1"]
    assert first == again
    assert (first.low, first.value, first.high) == (pytest.approx(0.55), 0.75, pytest.approx(0.95))
    assert pairwise(rows, MARKERS).overall["exact_f1"].low is None


def test_near_duplicates_are_resampled_together() -> None:
    """Documents of one cluster bring no more certainty than one document."""
    rows = [
        row
        for at in range(20)
        for row in (by("ana", f"d{at}", (0, 9)), by("ben", f"d{at}", (0, 9 if at % 4 else 8)))
    ]
    groups = {f"d{at}": f"c{at % 4}" for at in range(20)}
    apart = pairwise(rows, MARKERS, rng=np.random.default_rng(7)).overall["exact_f1"]
    together = pairwise(rows, MARKERS, groups=groups, rng=np.random.default_rng(7))
    low = together.overall["exact_f1"].low
    assert low is not None
    assert apart.low is not None
    assert low < apart.low


RANGES = st.lists(
    st.builds(lambda at, size: (at, at + size), st.integers(0, 50), st.integers(1, 9)), max_size=5
)


@given(RANGES, RANGES, RANGES)
def test_agreement_depends_on_no_order_and_stays_in_range(
    one: list[tuple[int, int]], two: list[tuple[int, int]], three: list[tuple[int, int]]
) -> None:
    """Renaming or reordering annotators changes nothing; every value is from 0 to 1."""
    forward = pairwise([by("a", "d", *one), by("b", "d", *two), by("c", "d", *three)], MARKERS)
    renamed = pairwise([by("a", "d", *three), by("c", "d", *one), by("b", "d", *two)], MARKERS)
    for metric in ("exact_f1", "overlap_f1"):
        there, back = value(forward, metric), value(renamed, metric)
        assert there == pytest.approx(back) if there is not None else back is None
        assert there is None or 0 <= there <= 1 + 1e-12


@given(RANGES)
def test_perfect_agreement_is_one_where_it_is_defined(ranges: list[tuple[int, int]]) -> None:
    """The same spans, given twice by one of the two, agree fully."""
    measured = pairwise([by("ana", "d", *ranges), by("ben", "d", *ranges, *ranges)], MARKERS)
    expected = pytest.approx(1) if ranges else None
    assert value(measured, "exact_f1") == value(measured, "overlap_f1") == expected


def test_quoted_voices_count_only_when_asked() -> None:
    """What others are quoted as saying is left out on both sides, unless all voices are asked."""
    rows = [by("ana", "d", (0, 5)), by("ben", "d", (0, 5))]
    rows += [quoted(by("ana", "e", (0, 5))), quoted(by("ben", "e", (7, 9)))]
    usual, every = pairwise(rows, MARKERS), pairwise(rows, MARKERS, voices=ALL_VOICES)
    assert (usual.voices, every.voices) == (VOICES, ALL_VOICES)
    assert (value(usual, "exact_f1"), value(every, "exact_f1")) == (1.0, 0.5)
    only = pairwise(rows[2:], MARKERS).overall["exact_f1"]
    assert (only.value, only.reason) == (None, "no spans in these voices")


def test_one_cluster_has_no_interval() -> None:
    """Documents of a single cluster show no spread: a value, and no interval of width 0."""
    rows = [by(who, doc_id, (0, 5)) for doc_id in ("d", "e") for who in ("ana", "ben")]
    rng = np.random.default_rng(1)
    found = pairwise(rows, MARKERS, groups={"d": "d", "e": "d"}, rng=rng).overall["exact_f1"]
    assert (found.value, found.low, found.high) == (1.0, None, None)


def test_intervals_are_those_of_clusters_drawn_one_by_one() -> None:
    """The table of sums gives what resampling whole clusters and scoring anew gives."""
    chance = np.random.default_rng(5)
    starts = {f"d{at}": chance.integers(0, 4, size=3).tolist() for at in range(9)}
    rows = [
        by(who, doc_id, (start, start + 4), (20, 24 + at))
        for doc_id, drawn in starts.items()
        for at, (who, start) in enumerate(zip(("ana", "ben", "cem"), drawn, strict=True))
    ]
    groups = {f"d{at}": f"c{at // 2}" for at in range(9)}
    measured = pairwise(rows, MARKERS, groups=groups, rng=np.random.default_rng(7))
    times = np.random.default_rng(7).multinomial(5, [1 / 5] * 5, size=ROUNDS)
    exact = []
    for drawn in times[:, [int(groups[f"d{at}"][1]) for at in range(9)]].tolist():
        both = sum(
            often * (found[first] == found[second])
            for often, found in zip(drawn, starts.values(), strict=True)
            for first, second in ((0, 1), (0, 2), (1, 2))
        )
        exact.append(both / (6 * sum(drawn)))
    found = measured.overall["exact_f1"]
    assert (found.low, found.high) == pytest.approx(tuple(np.percentile(exact, [2.5, 97.5])))
