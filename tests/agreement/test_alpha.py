"""alpha: the published values, the definition character by character, and its laws."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.agreement.alpha import Alpha, JointAlpha, Level, alpha
from annotate.agreement.continuum import Continua
from annotate.agreement.resample import corrected

NONE = float("nan")
# Krippendorff 2019, Content Analysis, 4th edition, p. 290 (nltk test_disagreement.py).
FOUR_CODERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
    [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
]


@pytest.mark.parametrize(
    ("level", "expected", "tolerance"),
    [
        ("nominal", 0.743421052631579, 1e-15),
        ("ordinal", 0.815, 5e-4),
        ("interval", 0.849, 5e-4),
        ("ratio", 0.797, 5e-4),
    ],
)
def test_the_published_values(level: Level, expected: float, tolerance: float) -> None:
    """Krippendorff 2019 p. 290: four coders, twelve units, missing values."""
    assert alpha(FOUR_CODERS, level=level).value == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([], "no unit has values of two coders"),
        ([[1, 2, NONE]], "no unit has values of two coders"),
        ([[1, NONE], [NONE, 2]], "no unit has values of two coders"),
        ([[1, 1], [1, 1]], "no disagreement was to be expected"),
    ],
)
def test_undefined_alpha_says_why(values: list[list[float]], reason: str) -> None:
    """No coders, one, no unit in common, or one value only: null with the reason."""
    found = alpha(values)
    assert (found.value, found.low, found.high, found.reason) == (None, None, None, reason)


def test_zeros_are_values_of_a_ratio() -> None:
    """Two zeros are equal; zero and another value differ wholly."""
    assert alpha([[0, 0, 2], [0, 3, 2]], level="ratio").value == pytest.approx(
        1 - 5 * 2 / (2 * (3 * 2 + 3 * 1) + 2 * 2 * (1 / 5) ** 2)
    )


def by_definition(values: Sequence[Sequence[bool]]) -> float | None:
    """Give nominal alpha of units, each with its coders' values, straight from the book."""
    pairs: defaultdict[tuple[bool, bool], float] = defaultdict(float)
    for unit in values:
        for one, two in permutations(unit, 2):
            pairs[one, two] += 1 / (len(unit) - 1)
    margins: defaultdict[bool, float] = defaultdict(float)
    for (one, _), weight in pairs.items():
        margins[one] += weight
    expected = 2 * margins[True] * margins[False]
    if not expected:
        return None
    unlike = pairs[True, False] + pairs[False, True]
    return 1 - (sum(margins.values()) - 1) * unlike / expected


def inside(at: int, marked: Sequence[tuple[str, int, int]], marker: str) -> bool:
    return any(name == marker and start <= at < end for name, start, end in marked)


Documents = list[dict[str, list[tuple[str, int, int]]]]
Build = Callable[..., Continua]


def whole(found: Continua) -> list[float]:
    parts = Alpha(found).at(np.ones((1, len(found.documents))))
    return [float(item) for item in corrected(parts)[0]]


@pytest.mark.parametrize("seed", range(20))
def test_characters_are_counted_as_by_the_definition(
    seed: int, build: Build, random_documents: Callable[..., Documents]
) -> None:
    """Runs of characters give alpha of the matrix of characters, to 1e-9."""
    documents = random_documents(seed % 5 + 1, np.random.default_rng(seed))
    found = whole(build(*documents, length=40))
    for marker, value in zip("ckx", found, strict=True):
        units = [
            [inside(at, marked, marker) for marked in document.values()]
            for document in documents
            for at in range(40)
        ]
        expected = by_definition(units)
        assert np.isnan(value) if expected is None else value == pytest.approx(expected, abs=1e-9)


def test_the_matrix_and_the_runs_agree() -> None:
    """The matrix form gives the same as the straightforward definition."""
    rng = np.random.default_rng(3)
    for _ in range(50):
        values = rng.integers(0, 2, size=(3, 12)).astype(float)
        values[0, :4] = np.nan
        units = [[bool(v) for v in column if not np.isnan(v)] for column in values.T]
        assert alpha(values).value == pytest.approx(by_definition(units), abs=1e-12)


TEXT = "“Nobody,” she said,\n  won't — can't \u2013 sign 3.5 or naïve_x\u2019s…  "


def test_tokens_are_words_and_signs(build: Build) -> None:
    r"""A token `\w+|[^\w\s]` is marked when a span holds one of its characters."""
    rng = np.random.default_rng(5)
    edges = [found.span() for found in re.finditer(r"\w+|[^\w\s]", TEXT)]
    for _ in range(200):
        people = {}
        for person in "abc":
            starts = rng.integers(0, len(TEXT) - 1, size=3).tolist()
            sizes = rng.integers(1, 9, size=3).tolist()
            people[person] = [
                ("c", at, min(len(TEXT), at + size)) for at, size in zip(starts, sizes, strict=True)
            ]
        found = build(people, length=len(TEXT)).tokens({"d00000": TEXT})
        units = [
            [any(inside(at, marked, "c") for at in range(*edge)) for marked in people.values()]
            for edge in edges
        ]
        assert found.lengths.tolist() == [len(edges)]
        assert whole(found)[0] == pytest.approx(by_definition(units), abs=1e-9)


def test_a_span_without_a_token_marks_none(build: Build) -> None:
    """Blanks are no token, so a span of them alone is no unit among tokens."""
    found = build({"a": [("c", 1, 2)], "b": [("c", 0, 1)]}, length=3).tokens({"d00000": "a b"})
    assert (found.start.tolist(), found.end.tolist(), found.lengths.tolist()) == ([0], [1], [2])


RANGES = st.lists(
    st.builds(lambda at, size: ("c", at, at + size), st.integers(0, 30), st.integers(1, 9)),
    max_size=4,
)


@given(RANGES, RANGES, RANGES)
def test_nothing_depends_on_the_order_of_annotators_or_annotations(
    build: Build,
    one: list[tuple[str, int, int]],
    two: list[tuple[str, int, int]],
    three: list[tuple[str, int, int]],
) -> None:
    """Renamed annotators, turned spans and annotations: the same alpha."""
    there = whole(build({"a": one, "b": two, "c": three}, length=40))
    back = whole(build({"a": three[::-1], "b": one, "c": two}, length=40, backwards=True))
    assert there == pytest.approx(back, nan_ok=True)


@pytest.mark.parametrize("seed", range(20))
def test_together_the_value_is_the_set_of_markers(
    seed: int, build: Build, random_documents: Callable[..., Documents]
) -> None:
    """Alpha over all markers is that of the matrix whose values are sets of markers."""
    documents = random_documents(seed % 5 + 1, np.random.default_rng(seed))
    matrix = np.full((4, 40 * len(documents)), np.nan)
    for number, document in enumerate(documents):
        for person, marked in document.items():
            for at in range(40):
                sets = sum(2**bit * inside(at, marked, name) for bit, name in enumerate("ckx"))
                matrix["abcd".index(person), number * 40 + at] = sets
    found = JointAlpha(build(*documents, length=40)).at(np.ones((1, len(documents))))
    expected = alpha(matrix).value
    value = float(corrected(found)[0, 0])
    assert np.isnan(value) if expected is None else value == pytest.approx(expected, abs=1e-9)
