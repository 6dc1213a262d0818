"""alpha_u, u_alpha and cu_alpha: published values, brute force, and their laws."""

from collections.abc import Callable
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from annotate.agreement.alpha import Alpha, JointAlpha
from annotate.agreement.coding import CuAlpha, overlapping
from annotate.agreement.continuum import Continua
from annotate.agreement.resample import corrected
from annotate.agreement.unitizing import AlphaU, UAlpha

Build = Callable[..., Continua]
Spans = list[tuple[str, int, int]]
Documents = list[dict[str, Spans]]
Metric = type[Alpha] | type[JointAlpha] | type[UAlpha] | type[AlphaU] | type[CuAlpha]


def parts(metric: Metric, found: Continua) -> NDArray[np.float64]:
    both: NDArray[np.float64] = metric(found).at(np.ones((1, len(found.documents))))[0]
    return both


# Krippendorff 2004, Content Analysis, 2nd edition, p. 254 (dkpro-statistics,
# Krippendorff2004Test): 300 long from 150 on, here from 0 on.
OF_2004 = {
    "i": [("c", 75, 145), ("c", 220, 250), ("k", 30, 90), ("k", 150, 200)],
    "j": [("c", 70, 150), ("c", 205, 225), ("c", 250, 270), ("k", 30, 90), ("k", 150, 200)],
}


def test_the_values_of_2004(build: Build) -> None:
    """c: Do .0144, De .0532, alpha .7286; k: 0, .0490, 1; both .8591."""
    found = parts(AlphaU, build(OF_2004, length=300, markers=("c", "k")))
    assert found == pytest.approx(np.array([[0.0144, 0.0532], [0, 0.0490]]), abs=5e-5)
    assert corrected(found) == pytest.approx(np.array([0.7286, 1]), abs=5e-5)
    assert corrected(found.sum(axis=0)) == pytest.approx(0.8591, abs=5e-4)


@pytest.mark.parametrize(
    ("one", "two", "distance"),
    [
        ((5, 11), (2, 4), 40),
        ((5, 11), (3, 5), 40),
        ((5, 11), (4, 6), 26),
        ((5, 11), (5, 7), 16),
        ((5, 11), (6, 8), 10),
        ((5, 11), (7, 9), 8),
        ((5, 11), (6, 10), 2),
        ((5, 11), (5, 11), 0),
        ((225, 295), (220, 300), 50),
        ((370, 400), (355, 375), 850),
        (None, (400, 420), 400),
    ],
)
def test_the_distances_of_2004(
    build: Build, one: tuple[int, int] | None, two: tuple[int, int], distance: int
) -> None:
    """40, 26, 16, 10, 8, 2, 0; 50, 850, 400 (dkpro-statistics, Krippendorff2004Test)."""
    document = {"i": [("c", *one)] if one else [], "j": [("c", *two)]}
    observed = parts(AlphaU, build(document, length=450, markers=("c",)))[0, 0]
    assert observed * 2 * 450**2 / 2 == pytest.approx(distance, abs=1e-6)


# Krippendorff 1995, p. 57 (dkpro-statistics, Krippendorff1995Test): start and length.
OF_1995 = {
    "A": ([(2, 8), (14, 6)], [(4, 4), (15, 2)]),
    "B": ([(0, 18)], [(0, 2), (2, 1), (3, 1), (4, 1), (5, 1), (6, 3), (9, 1)]),
    "C": ([(2, 6), (10, 2), (14, 4), (20, 2)], [(0, 2), (4, 4), (10, 4), (16, 2), (20, 2)]),
    "D": ([(0, 2), (2, 8), (10, 4), (14, 6), (20, 4)], [(0, 4), (4, 4), (8, 7), (15, 2), (17, 7)]),
}


def of_1995(build: Build, stretch: int) -> Continua:
    document: dict[str, list[tuple[str, int, int]]] = {"1": [], "2": []}
    for marker, readings in OF_1995.items():
        for person, units in zip(document, readings, strict=True):
            document[person] += [(marker, at * stretch, (at + n) * stretch) for at, n in units]
    return build(document, length=24 * stretch, markers=tuple("ABCD"))


def test_the_values_of_1995(build: Build) -> None:
    """Do .03125, 2.26736, .02777, .38715; stretched, alpha .553, -.926, .679, .066."""
    observed = parts(AlphaU, of_1995(build, 1))[:, 0]
    assert observed == pytest.approx(np.array([0.03125, 2.26736, 0.02777, 0.38715]), abs=1e-5)
    stretched = parts(AlphaU, of_1995(build, 50_000))
    assert stretched[:, 0] == pytest.approx(observed)
    assert stretched[:, 1] == pytest.approx([0.06990, 1.17731, 0.08642, 0.41445], abs=0.005)
    assert corrected(stretched) == pytest.approx([0.553, -0.926, 0.679, 0.066], abs=0.02)


def test_the_value_of_2016(build: Build) -> None:
    """u_alpha of three readers of 56 characters is .5645 with half-open lengths."""
    # Published as .56 (krippendorff-unitized-alpha, after Krippendorff et al. 2016).
    document = {
        "1": [("k", 3, 15), ("k", 22, 53)],
        "2": [("k", 3, 10), ("k", 22, 53)],
        "3": [("k", 22, 46)],
    }
    found = corrected(parts(UAlpha, build(document, length=56, markers=("k",))))
    assert found[0] == pytest.approx(0.5645, abs=5e-5)


def test_cu_alpha_of_three_readers(build: Build) -> None:
    """An example of another implementation of the 2016 paper gives .779."""
    document = {
        "Alex": [("1", 2, 5), ("1", 9, 11), ("2", 12, 20)],
        "Paul": [("1", 2, 5), ("2", 7, 15)],
        "Susan": [("1", 2, 5), ("2", 10, 15)],
    }
    found = parts(CuAlpha, build(document, length=20, markers=("1", "2")))
    assert corrected(found)[0] == pytest.approx(0.779, abs=5e-4)


def alpha_u_by_definition(document: dict[str, list[tuple[int, int]]], length: int) -> float | None:
    """Give alpha_u of one document of disjoint units, by the book's formulas."""
    observed = 0.0
    for one, two in permutations(document.values(), 2):
        for start, end in one:
            meets = [(s, e) for s, e in two if s < end and start < e]
            observed += sum((start - s) ** 2 + (end - e) ** 2 for s, e in meets) / 2
            observed += 0 if meets else (end - start) ** 2
    readers = len(document)
    sizes = [end - start for units in document.values() for start, end in units]
    gaps = []
    for units in document.values():
        edges = [0, *(edge for unit in sorted(units) for edge in unit), length]
        gaps += [after - before for before, after in zip(edges[::2], edges[1::2], strict=True)]
    expected = 0.0
    for size in sizes:
        expected += (len(sizes) - 1) / 3 * (2 * size**3 - 3 * size**2 + size)
        expected += size**2 * sum(gap - size + 1 for gap in gaps if gap >= size)
    if not expected:
        return None
    total = readers * length
    expected *= 2 / length / (total * (total - 1) - sum(size * (size - 1) for size in sizes))
    return 1 - 2 * observed / (readers * (readers - 1) * length**2) / expected


def u_alpha_by_definition(document: dict[str, list[tuple[int, int]]], length: int) -> float | None:
    """Give u_alpha of one document from pairs of characters."""
    slots = []
    for person, units in document.items():
        for at in range(length):
            unit = next((unit for unit in units if unit[0] <= at < unit[1]), None)
            slots.append((person, at, unit))
    readers = len(document)
    unlike = sum(
        1 / (readers - 1)
        for one, two in permutations(slots, 2)
        if one[0] != two[0] and one[1] == two[1] and (one[2] is None) != (two[2] is None)
    )
    free = [
        (one[2] is None) != (two[2] is None)
        for one, two in permutations(slots, 2)
        if one[2] is None or (one[0], one[2]) != (two[0], two[2])
    ]
    return 1 - unlike / len(slots) / (sum(free) / len(free)) if any(free) else None


@pytest.mark.parametrize("seed", range(30))
def test_both_are_as_by_their_definitions(
    seed: int, build: Build, random_documents: Callable[..., Documents]
) -> None:
    """Sums over runs and gaps give the formulas' values on random documents."""
    document = random_documents(1, np.random.default_rng(seed))[0]
    found = build(document, length=40, markers=("c",))
    units = {
        person: [
            (int(start), int(end))
            for reader, start, end in zip(found.annotator, found.start, found.end, strict=True)
            if found.annotators[reader] == person
        ]
        for person in document
    }
    for metric, oracle in ((AlphaU, alpha_u_by_definition), (UAlpha, u_alpha_by_definition)):
        value, expected = corrected(parts(metric, found))[0], oracle(units, 40)
        assert np.isnan(value) if expected is None else value == pytest.approx(expected, abs=1e-9)


def test_cu_alpha_looks_only_where_two_marked(build: Build) -> None:
    """One right and one wrong of equal length, marked by one alone elsewhere: chance level."""
    document = {"a": [("c", 0, 4), ("c", 6, 10)], "b": [("c", 0, 4), ("k", 6, 10), ("k", 20, 30)]}
    observed, expected = parts(CuAlpha, build(document, length=40))[0]
    assert observed == 0.5
    # 16 characters in four units of 4: 12 c, 4 k.
    assert expected == pytest.approx(2 * 12 * 4 / (16 * 16 - 4 * 4 * 4))


def test_overlaps_within_one_annotator_are_counted(build: Build) -> None:
    """Documents where one annotator's markers overlap; touching or others' spans do not."""
    touching = {"a": [("c", 0, 4), ("k", 4, 9)], "b": [("k", 2, 6)]}
    crossing = {"a": [("c", 0, 4), ("k", 3, 9)], "b": []}
    inside = {"a": [], "b": [("c", 0, 9), ("x", 2, 3), ("k", 5, 7)]}
    assert overlapping(build(touching, length=10)) == 0
    assert overlapping(build(touching, crossing, inside, length=10)) == 2


def test_no_value_is_out_of_range_on_10_000_random_continua(
    build: Build, random_documents: Callable[..., Documents]
) -> None:
    """Alpha and u_alpha are from -1 to 1, the others at most 1; none is infinite."""
    rng = np.random.default_rng(17)
    seen = 0
    for _ in range(20):
        found = build(*random_documents(500, rng), length=40)
        alone = np.eye(len(found.documents))
        for metric in (Alpha, JointAlpha, UAlpha, AlphaU, CuAlpha):
            values = corrected(metric(found).at(alone))
            values = values[~np.isnan(values)]
            assert np.isfinite(values).all()
            assert values.max() <= 1 + 1e-12
            if metric in {Alpha, JointAlpha, UAlpha}:
                assert values.min() >= -1 - 1e-12
        seen += len(found.documents)
    assert seen == 10_000


SPANS = st.lists(
    st.builds(
        lambda marker, at, size: (marker, at, at + size),
        st.sampled_from("ck"),
        st.integers(0, 30),
        st.integers(1, 9),
    ),
    max_size=4,
)


@given(SPANS, SPANS, SPANS)
def test_nothing_depends_on_the_order(build: Build, one: Spans, two: Spans, three: Spans) -> None:
    """Renamed annotators, turned spans and annotations: the same values."""
    there = build({"a": one, "b": two, "c": three}, length=40)
    back = build({"a": three[::-1], "b": one, "c": two}, length=40, backwards=True)
    for metric in (Alpha, JointAlpha, UAlpha, AlphaU, CuAlpha):
        assert parts(metric, there) == pytest.approx(parts(metric, back))


@given(SPANS, st.integers(2, 4))
def test_perfect_agreement_is_one(build: Build, spans: Spans, readers: int) -> None:
    """The same spans by everybody, given twice by one: 1 wherever the metric is defined."""
    people = {str(number): spans for number in range(readers)} | {"0": spans * 2}
    found = build(people, length=40)
    for metric in (Alpha, UAlpha, AlphaU):
        values = corrected(parts(metric, found))
        assert values[~np.isnan(values)] == pytest.approx(1)
        assert np.isnan(values[2])
    if not overlapping(found):
        value = corrected(parts(CuAlpha, found))[0]
        assert np.isnan(value) or value == pytest.approx(1)
