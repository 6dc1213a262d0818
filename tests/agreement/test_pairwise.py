"""Agreement between annotators: symmetric, defined or said not to be, with intervals."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate import taxonomy
from annotate.agreement.held import exact_f1, overlap_f1
from annotate.agreement.pairwise import Measured, _cells, pairwise, readings
from annotate.agreement.resample import drawn
from annotate.model import Annotation
from annotate.scores import ALL_VOICES, VOICES

MARKERS = taxonomy.load().tier(1)
SOURCE = "unnamed_source"


By = Callable[..., Annotation]


@pytest.fixture(scope="session")
def by(annotated: Callable[..., Annotation]) -> By:
    """Give what a person marked with one marker."""

    def made(person: str, doc_id: str, *ranges: tuple[int, int]) -> Annotation:
        return annotated(person, doc_id, *((SOURCE, *each) for each in ranges))

    return made


def quoted(item: Annotation) -> Annotation:
    """Give the annotation with every span in a quoted source's voice."""
    return item.replace(spans=tuple(span.replace(voice="quoted_source") for span in item.spans))


def value(measured: Measured, metric: str) -> float | None:
    return measured.overall[metric].value


def test_a_pair_has_the_score_of_one_against_the_other(by: By) -> None:
    """With two annotators the values are those of the scorer: exact .5, overlap .8."""
    measured = pairwise(
        [by("ana", "d", (0, 10), (20, 30)), by("ben", "d", (0, 10), (25, 30))], MARKERS
    )
    assert value(measured, "exact_f1") == 0.5
    precision, recall = 0.75, 1.0
    expected = 2 * precision * recall / (precision + recall)
    assert value(measured, "overlap_f1") == pytest.approx(expected)
    assert measured.markers[SOURCE] == measured.overall == measured.pairs["ana, ben"]


def test_of_several_pairs_each_weighs_the_same(by: By) -> None:
    """Over pairs, exact F1 is their mean; pooled it is 2 sum a / sum (2a + b + c)."""
    measured = pairwise(
        [by("ana", "d", (0, 5)), by("ben", "d", (0, 5)), by("cem", "d", (0, 5), (9, 12))], MARKERS
    )
    assert value(measured, "exact_f1") == pytest.approx((1 + 2 / 3 + 2 / 3) / 3)
    pooled = measured.pooled.overall["exact_f1"].value
    assert pooled == pytest.approx(6 / (2 + 3 + 3))
    assert set(measured.pairs) == {"ana, ben", "ana, cem", "ben, cem"}


UNREAD = "no document was read by two annotators"


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (lambda _: [], UNREAD),
        (lambda by: [by("ana", "d", (0, 5))], UNREAD),
        (lambda by: [by("ana", "d", (0, 5)), by("ben", "e", (0, 5))], UNREAD),
        (lambda by: [by("ana", "d", (0, 5)), by("ben", "d").replace(skipped=True)], UNREAD),
        (lambda by: [by("ana", "d"), by("ben", "d")], "no spans in these voices"),
    ],
)
def test_undefined_agreement_says_why(
    by: By, made: Callable[[By], list[Annotation]], reason: str
) -> None:
    """No annotators, one, disjoint documents, or no spans: null with the reason."""
    measured = pairwise(made(by), MARKERS, rng=np.random.default_rng(1))
    for metric in ("exact_f1", "overlap_f1"):
        for values in (measured.overall, measured.pooled.overall, measured.pooled.markers[SOURCE]):
            assert values[metric].value is None
            assert values[metric].reason == reason
        assert measured.markers["motive_imputation"][metric].value is None


def test_intervals_come_from_resampled_documents(by: By) -> None:
    """The interval holds the value, repeats with the seed, and needs an rng."""
    rows = [
        row
        for at in range(20)
        for row in (by("ana", f"d{at}", (0, 9)), by("ben", f"d{at}", (0, 9 if at % 4 else 8)))
    ]
    first = pairwise(rows, MARKERS, rng=np.random.default_rng(7)).overall["exact_f1"]
    again = pairwise(rows, MARKERS, rng=np.random.default_rng(7)).overall["exact_f1"]
    assert first == again
    assert first.value == 0.75
    assert [first.low, first.high] == pytest.approx([0.55, 0.95])
    assert pairwise(rows, MARKERS).overall["exact_f1"].low is None


def test_near_duplicates_are_resampled_together(by: By) -> None:
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


def test_each_document_of_a_pair_weighs_the_same(by: By) -> None:
    """F1 of 8/8 and 0 gives .5, pooled it is 8/9; documents without spans do not count."""
    many, one = [(at, at + 5) for at in range(0, 40, 10)], (0, 5)
    rows = [by("ana", "d", *many, one), by("ben", "d", *many[1:], one)]
    rows += [by("ana", "e", (0, 5)), by("ben", "e"), by("ana", "f"), by("ben", "f")]
    measured = pairwise([*rows, by("cem", "f")], MARKERS, rng=np.random.default_rng(1))
    for values in (measured.overall, measured.markers[SOURCE], measured.pairs["ana, ben"]):
        found = values["exact_f1"]
        assert found.value == pytest.approx((2 * 4 / 8 + 0) / 2)
        assert (found.low, found.high) == (0, 1)
    assert measured.pairs["ana, cem"]["exact_f1"].reason == "no spans in these voices"
    for values in (measured.pooled.overall, measured.pooled.markers[SOURCE]):
        assert values["exact_f1"].value == pytest.approx(2 * 4 / (8 + 1))


@pytest.mark.parametrize(
    ("unmarked", "kappa"),
    [(0, -0.286), (20, 0.25), (100, 0.539), (1_000, 0.652), (10_000, 0.6652)],
)
def test_positive_specific_agreement_is_the_published_value(
    by: By, unmarked: int, kappa: float
) -> None:
    """Hripcsak and Rothschild 2005: a=30, b=10, c=20 gives F .6667; kappa nears it with d."""
    both, ana, ben = range(30), range(100, 110), range(200, 220)
    rows = [
        by(who, "d", *((at * 10, at * 10 + 5) for at in (*both, *own)))
        for who, own in (("ana", ana), ("ben", ben))
    ]
    assert value(pairwise(rows, MARKERS), "exact_f1") == pytest.approx(0.6667, abs=5e-5)
    a, b, c, d = len(both), len(ana), len(ben), unmarked
    count = a + b + c + d
    chance = ((a + b) * (a + c) + (c + d) * (b + d)) / count**2
    assert ((a + d) / count - chance) / (1 - chance) == pytest.approx(kappa, abs=1e-3)


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ([(0, 5)], [(0, 10)], 2 / 3),
        ([(0, 5), (5, 10)], [(0, 10)], 1),
        ([(0, 100)], [(0, 10), (50, 60)], 1 / 3),
        ([(0, 5), (0, 5), (0, 5)], [(0, 5)], 1),
    ],
)
def test_overlap_is_that_of_semeval(
    by: By, one: list[tuple[int, int]], two: list[tuple[int, int]], expected: float
) -> None:
    """SemEval-2020 task 11: F .6667, 1 (pieces are free), .3333; duplicates never count twice."""
    for first, second in ((one, two), (two, one)):
        rows = [by("ana", "d", *first), by("ben", "d", *second)]
        assert value(pairwise(rows, MARKERS), "overlap_f1") == pytest.approx(expected)


def test_labels_of_another_set_stand_beside_the_markers(by: By) -> None:
    """A label that is no marker here is measured as one; one that is a marker stands once."""
    rows = [by(who, "d", (0, 5)).replace(taxonomy_version="foreign") for who in ("ana", "ben")]
    renamed = [
        row.replace(spans=(*row.spans, *(it.replace(marker="Who") for it in row.spans)))
        for row in rows
    ]
    measured = pairwise(renamed, MARKERS)
    assert tuple(measured.markers) == (*MARKERS.names, "Who")
    assert measured.markers["Who"] == measured.overall


RANGES = st.lists(
    st.builds(lambda at, size: (at, at + size), st.integers(0, 50), st.integers(1, 9)), max_size=5
)


@given(RANGES, RANGES, RANGES)
@settings(deadline=None)
def test_agreement_depends_on_no_order_and_stays_in_range(
    by: By,
    one: list[tuple[int, int]],
    two: list[tuple[int, int]],
    three: list[tuple[int, int]],
) -> None:
    """Renaming or reordering annotators changes nothing; every value is from 0 to 1."""
    forward = pairwise([by("a", "d", *one), by("b", "d", *two), by("c", "d", *three)], MARKERS)
    renamed = pairwise([by("a", "d", *three), by("c", "d", *one), by("b", "d", *two)], MARKERS)
    for metric in ("exact_f1", "overlap_f1"):
        for there, back in (
            (value(forward, metric), value(renamed, metric)),
            (forward.pooled.overall[metric].value, renamed.pooled.overall[metric].value),
        ):
            assert there == pytest.approx(back) if there is not None else back is None
            assert there is None or 0 <= there <= 1 + 1e-12


@given(RANGES)
@settings(deadline=None)
def test_perfect_agreement_is_one_where_it_is_defined(
    by: By, ranges: list[tuple[int, int]]
) -> None:
    """The same spans, given twice by one of the two, agree fully."""
    measured = pairwise([by("ana", "d", *ranges), by("ben", "d", *ranges, *ranges)], MARKERS)
    expected = pytest.approx(1) if ranges else None
    assert value(measured, "exact_f1") == value(measured, "overlap_f1") == expected


def test_quoted_voices_count_only_when_asked(by: By) -> None:
    """What others are quoted as saying is left out on both sides, unless all voices are asked."""
    rows = [by("ana", "d", (0, 5)), by("ben", "d", (0, 5))]
    rows += [quoted(by("ana", "e", (0, 5))), quoted(by("ben", "e", (7, 9)))]
    usual, every = pairwise(rows, MARKERS), pairwise(rows, MARKERS, voices=ALL_VOICES)
    assert (usual.voices, every.voices) == (VOICES, ALL_VOICES)
    assert (value(usual, "exact_f1"), value(every, "exact_f1")) == (1.0, 0.5)
    only = pairwise(rows[2:], MARKERS).overall["exact_f1"]
    assert (only.value, only.reason) == (None, "no spans in these voices")


def test_one_cluster_has_no_interval(by: By) -> None:
    """Documents of a single cluster show no spread: a value, and no interval of width 0."""
    rows = [by(who, doc_id, (0, 5)) for doc_id in ("d", "e") for who in ("ana", "ben")]
    rng = np.random.default_rng(1)
    found = pairwise(rows, MARKERS, groups={"d": "d", "e": "d"}, rng=rng).overall["exact_f1"]
    assert (found.value, found.low, found.high) == (1.0, None, None)


def test_intervals_are_those_of_clusters_drawn_one_by_one(by: By) -> None:
    """The table of sums gives what resampling whole clusters and scoring anew gives."""
    chance = np.random.default_rng(5)
    starts = {f"d{at}": chance.integers(0, 4, size=3).tolist() for at in range(9)}
    rows = [
        by(who, doc_id, (start, start + 4), (20, 24 + at))
        for doc_id, first in starts.items()
        for at, (who, start) in enumerate(zip(("ana", "ben", "cem"), first, strict=True))
    ]
    groups = {f"d{at}": f"c{at // 2}" for at in range(9)}
    measured = pairwise(rows, MARKERS, groups=groups, rng=np.random.default_rng(7))
    times = drawn(tuple(starts), groups=groups, rng=np.random.default_rng(7))
    assert times is not None
    exact = []
    for round_ in times.tolist():
        both = sum(
            often * (found[first] == found[second])
            for often, found in zip(round_, starts.values(), strict=True)
            for first, second in ((0, 1), (0, 2), (1, 2))
        )
        exact.append(both / (6 * sum(round_)))
    for found in (measured.overall["exact_f1"], measured.pooled.overall["exact_f1"]):
        assert (found.low, found.high) == pytest.approx(tuple(np.percentile(exact, [2.5, 97.5])))


def test_no_f1_is_out_of_range_on_10_000_random_continua(
    annotated: Callable[..., Annotation],
    random_documents: Callable[..., list[dict[str, list[Any]]]],
) -> None:
    """Of each document, by marker and over all of them: from 0 to 1, or undefined."""
    names = dict(zip("ckx", MARKERS.names, strict=False))
    rows = [
        annotated(who, f"d{at}", *((names[name], start, end) for name, start, end in marked))
        for at, document in enumerate(random_documents(10_000, np.random.default_rng(19)))
        for who, marked in document.items()
    ]
    cells = _cells(readings(rows), tuple(names.values()), VOICES)
    for markers in (names.values(), *([name] for name in names.values())):
        table = cells.table(markers)
        for values in (exact_f1(table), overlap_f1(table)):
            assert values.shape == (len(cells.pairs), 10_000)
            known = values[~np.isnan(values)]
            assert len(known) > 5_000
            assert known.min() >= 0
            assert known.max() <= 1 + 1e-12
