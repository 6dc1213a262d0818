"""gamma: the disorders and values of the reference implementations, and its laws."""

import json
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.agreement.continuum import Continua
from annotate.agreement.gamma import Units, Weights, disorders, gamma, observed

Build = Callable[..., Continua]
Spans = list[tuple[str, int, int]]
# Continua and best-alignment disorders of dkpro-statistics, resources/pygamma (Apache 2.0),
# made there with pygamma-agreement 0.5.9, and AlexPaulSuzan.csv of pygamma-agreement (MIT).
REFERENCE = json.loads((Path(__file__).parent / "gamma.json").read_text(encoding="utf-8"))


def reference(build: Build, name: str) -> Continua:
    document: dict[str, Spans] = {}
    for person, marker, start, end in REFERENCE[name]["units"]:
        document.setdefault(person, []).append((marker, start, end))
    markers = sorted({marker for spans in document.values() for marker, _, _ in spans})
    return build(document, length=REFERENCE[name]["length"], markers=markers)


def weights(name: str) -> Weights:
    return Weights(place=REFERENCE[name]["place"], marker=REFERENCE[name]["marker"])


@pytest.mark.parametrize("name", [name for name in REFERENCE if name.startswith("fixture")])
def test_the_disorders_of_the_reference(build: Build, name: str) -> None:
    """.0625, .708333, 0, .408756, 1.074380, 1.027778, which were reckoned in 32 bits."""
    found = observed(reference(build, name), weights(name))
    assert found == pytest.approx([REFERENCE[name]["disorder"]], abs=5e-7)


@pytest.mark.parametrize("seed", range(3))
def test_alex_paul_and_suzan(build: Build, seed: int) -> None:
    """Disorder .96, gamma from .44 to .47 (pygamma-agreement, tests/test_gammas.py)."""
    found = reference(build, "AlexPaulSuzan")
    heavy = weights("AlexPaulSuzan")
    assert observed(found, heavy) == pytest.approx([0.96], abs=0.01)
    value = gamma(found, np.random.default_rng(seed), samples=400, weights=heavy).value
    assert value is not None
    assert 0.44 <= value <= 0.47


def test_undefined_gamma_says_why(build: Build) -> None:
    """Nobody, one annotator, or nothing marked: null with the reason."""
    rng = np.random.default_rng(1)
    unread = "no document was read by two annotators"
    assert gamma(build(length=9), rng).reason == unread
    assert gamma(build({"a": [("c", 1, 2)]}, length=9), rng).reason == unread
    empty = build({"a": [], "b": []}, length=9)
    assert gamma(empty, rng).reason == "no spans in these voices"
    assert np.isnan(observed(empty, Weights())).all()


def test_the_same_seed_gives_the_same_value(build: Build) -> None:
    """Value and interval repeat with the seed; the interval is that of documents."""
    documents = [
        {"a": [("c", 3, 9), ("k", 20, 24)], "b": [("c", 3 + at, 9), ("x", 31, 36)]}
        for at in range(5)
    ]
    found = build(*documents, length=40)
    first = gamma(found, np.random.default_rng(5))
    assert first == gamma(found, np.random.default_rng(5))
    assert first.value is not None
    assert first.low is not None
    assert first.high is not None
    assert first.low <= first.value <= first.high <= 1
    assert gamma(build(documents[0], length=40), np.random.default_rng(5)).low is None


def cheapest(document: dict[str, Spans]) -> float:
    """Give the disorder of the best alignment of two annotators, trying every one."""
    one, two = document.values()
    places = [*range(len(two)), *([-1] * len(one))]
    best = float("inf")
    for chosen in set(permutations(places, len(one))):
        cost = float(len(two) - sum(place >= 0 for place in chosen))
        for (marker, start, end), place in zip(one, chosen, strict=True):
            if place < 0:
                cost += 1
                continue
            other, begin, stop = two[place]
            apart = abs(start - begin) + abs(end - stop)
            cost += (apart / (end - start + stop - begin)) ** 2 + (marker != other)
        best = min(best, cost)
    return best / ((len(one) + len(two)) / 2)


# Units that do not overlap, since overlapping ones of a marker are one.
UNITS = st.lists(st.tuples(st.sampled_from("ck"), st.integers(0, 2)), max_size=3).map(
    lambda drawn: [(marker, 12 * at + by, 12 * at + 9) for at, (marker, by) in enumerate(drawn)]
)
MOVED = st.lists(st.tuples(st.sampled_from("ck"), st.integers(0, 9)), max_size=3).map(
    lambda drawn: [
        (marker, 12 * at + by, 12 * at + by + 3) for at, (marker, by) in enumerate(drawn)
    ]
)


@given(UNITS, MOVED)
@settings(max_examples=60)
def test_no_alignment_is_better(build: Build, one: Spans, two: Spans) -> None:
    """The program finds the disorder that trying every alignment finds."""
    document = {"a": one, "b": two}
    if one or two:
        found = observed(build(document, length=60), Weights())
        assert found == pytest.approx([cheapest(document)])


@given(UNITS, MOVED, UNITS)
@settings(max_examples=60)
def test_disorder_depends_on_no_order(build: Build, one: Spans, two: Spans, three: Spans) -> None:
    """Renamed annotators and turned spans: the same disorder."""
    there = observed(build({"a": one, "b": two, "c": three}, length=60), Weights())
    back = observed(build({"a": three[::-1], "b": one, "c": two}, length=60), Weights())
    assert there == pytest.approx(back, nan_ok=True)


@given(UNITS.filter(bool), st.integers(2, 4))
@settings(max_examples=40)
def test_perfect_agreement_is_one(build: Build, spans: Spans, readers: int) -> None:
    """The same spans by everybody, given twice by one: gamma is 1."""
    people = {str(number): spans for number in range(readers)} | {"0": spans * 2}
    found = gamma(build(people, length=60), np.random.default_rng(3), samples=5)
    assert found.value == pytest.approx(1)


def test_gamma_is_at_most_one(
    build: Build, random_documents: Callable[..., list[dict[str, Spans]]]
) -> None:
    """On random continua no disorder is negative and no gamma above 1."""
    rng = np.random.default_rng(23)
    found = build(*random_documents(100, rng), length=40)
    disorders = observed(found, Weights())
    marked = disorders[~np.isnan(disorders)]
    assert len(marked) > 80
    assert (marked >= 0).all()
    value = gamma(found, rng, samples=5)
    assert value.value is not None
    assert value.high is not None
    assert -0.5 < value.value < 0.5
    assert value.high <= 1


def test_no_disorder_is_out_of_range_on_10_000_random_continua() -> None:
    """From 0, all aligned, to the number of annotators, nothing aligned: gamma is at most 1."""
    rng = np.random.default_rng(29)
    seen = 0
    for people in (2, 3) * 48 + (4,) * 4:
        start = rng.integers(0, 40, size=(100, people, 4))
        held = rng.random(start.shape) < 0.6
        held[:, 0, 0] = True
        units = Units(
            start=start,
            end=start + rng.integers(1, 12, size=start.shape),
            marker=rng.integers(3, size=start.shape),
            held=held,
        )
        found = disorders(units, Weights())
        assert np.isfinite(found).all()
        assert found.min() >= 0
        assert found.max() <= people + 1e-9
        seen += len(found)
    assert seen == 10_000
