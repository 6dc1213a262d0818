"""Pairwise agreement held against the scorer, document by document and round by round."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean
from typing import Any

import numpy as np
import pytest

from annotate import taxonomy
from annotate.agreement.pairwise import pairwise
from annotate.agreement.resample import Values, drawn
from annotate.model import Annotation
from annotate.scores import Tally, tally, total

MARKERS = taxonomy.load().tier(1)
SHOWN = MARKERS.names[:3]
F1 = Callable[[Sequence["Held"]], list[float]]
Rounds = Sequence[Sequence[int]]


@pytest.fixture(scope="session")
def uneven(
    annotated: Callable[..., Annotation], random_documents: Callable[..., list[dict[str, Any]]]
) -> dict[str, list[Annotation]]:
    """Give documents with two to four of four readers, some empty, some with much marked."""
    names = dict(zip("ckx", MARKERS.names, strict=False))
    documents = random_documents(24, np.random.default_rng(5))
    documents += [{"a": [("c", 0, 9)], "d": []}, {"b": [], "c": [], "d": []}]
    documents += [{who: [("k", at, at + 2) for at in range(0, 36, 3)] for who in "abd"}]
    return {
        f"d{at:02}": [
            annotated(who, f"d{at:02}", *((names[name], *each) for name, *each in marked))
            for who, marked in document.items()
        ]
        for at, document in enumerate(documents)
    }


@dataclass(frozen=True)
class Held:
    """What a score of one reader of a document against another is made of."""

    pair: tuple[str, str]
    tally: Tally


def held(found: Sequence[Annotation], markers: Sequence[str]) -> list[Held]:
    """Hold each reader of a document against each other one."""
    return [
        Held(
            (one.annotator, two.annotator),
            total(tally(one.spans, two.spans, marker=marker) for marker in markers),
        )
        for one, two in combinations(sorted(found, key=lambda it: it.annotator), 2)
    ]


def averaged(given: Sequence[Held]) -> list[float]:
    """Give the mean exact and overlap F1 of the documents and pairs that have one."""
    marked = [it.tally for it in given if it.tally.predicted + it.tally.true]
    exact = [2 * it.exact / (it.predicted + it.true) for it in marked]
    return [fmean(exact), fmean(it.overlap_score.f1 or 0 for it in marked)]


def pooled(given: Sequence[Held]) -> list[float]:
    """Give exact F1 of all counts together, and pairs' overlap F1 weighed by their spans."""
    whole = total(it.tally for it in given)
    pairs = [
        total(it.tally for it in given if it.pair == pair)
        for pair in sorted({it.pair for it in given})
    ]
    weighed = sum((it.overlap_score.f1 or 0) * (it.predicted + it.true) for it in pairs)
    spans = whole.predicted + whole.true
    return [2 * whole.exact / spans, weighed / spans]


def check(found: Values, score: F1, read: Sequence[Sequence[Held]], times: Rounds) -> None:
    """Hold values and intervals against a score of documents, each as often as it was drawn."""
    value = score([it for each in read for it in each])
    rounds = [
        score([it for each, often in zip(read, round_, strict=True) for it in [*each] * often])
        for round_ in times
    ]
    limits = np.percentile(rounds, [2.5, 97.5], axis=0).T.tolist()
    for at, metric in enumerate(("exact_f1", "overlap_f1")):
        given = found[metric]
        assert [given.value, given.low, given.high] == pytest.approx([value[at], *limits[at]])


def test_values_and_intervals_are_those_counted_one_by_one(
    uneven: dict[str, list[Annotation]],
) -> None:
    """By marker, pair and overall, the mean and pooled; clusters are drawn whole."""
    groups = {name: f"c{int(name[1:]) // 2}" for name in uneven}
    rows = [row for found in uneven.values() for row in found]
    measured = pairwise(rows, MARKERS, groups=groups, rng=np.random.default_rng(7))
    weights = drawn(tuple(uneven), groups=groups, rng=np.random.default_rng(7))
    assert weights is not None
    times = weights.astype(int).tolist()
    whole = [held(found, MARKERS.names) for found in uneven.values()]
    check(measured.overall, averaged, whole, times)
    check(measured.pooled.overall, pooled, whole, times)
    for marker in SHOWN:
        read = [held(found, [marker]) for found in uneven.values()]
        check(measured.markers[marker], averaged, read, times)
        check(measured.pooled.markers[marker], pooled, read, times)
    alone = [[it for it in each if it.pair == ("a", "d")] for each in whole]
    check(measured.pairs["a, d"], averaged, alone, times)


def test_the_mean_is_not_the_pooled_value(uneven: dict[str, list[Annotation]]) -> None:
    """Where documents differ in how much is marked, one that is full does not decide the mean."""
    rows = [row for found in uneven.values() for row in found]
    measured = pairwise(rows, MARKERS)
    for metric, usual in measured.overall.items():
        together = measured.pooled.overall[metric]
        assert usual.value is not None
        assert together.value is not None
        assert together.value > usual.value + 0.1
