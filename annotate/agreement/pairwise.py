"""Pairwise agreement on spans, with intervals from resampled documents.

Exact F1 between two annotators is positive specific agreement 2a/(2a+b+c) (Hripcsak and
Rothschild 2005): spans have no negatives to count, so kappa is not defined. Overlap F1 is
the score of SemEval-2020 task 11 between the two. Over several pairs each pair weighs as
many spans as it has, which pools the exact counts and depends on no order of annotators.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from annotate.model import Annotation, Record, Voice
from annotate.scores import VOICES, Tally, tally, total
from annotate.taxonomy import Taxonomy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

METRICS = ("exact_f1", "overlap_f1")
ROUNDS = 2_000
_FIELDS = ("predicted", "true", "exact", "precision_sum", "recall_sum")


class Value(Record, frozen=True, kw_only=True):
    """A metric with its 95% interval; null with the reason where it is undefined."""

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str | None = None


Values = dict[str, Value]


class Measured(Record, frozen=True, kw_only=True):
    """Agreement by marker, by pair (`ana, ben`) and overall.

    `overall` and `pairs` are over the markers of tier 1. `documents` counts those that
    two or more annotators read; spans of other voices than `voices` do not count.
    """

    voices: tuple[Voice, ...]
    documents: int
    annotators: int
    markers: dict[str, Values]
    pairs: dict[str, Values]
    overall: Values


Key = tuple[str, str]
Cells = dict[Key, dict[str, dict[str, Tally]]]


def pairwise(
    annotations: Iterable[Annotation],
    taxonomy: Taxonomy,
    *,
    voices: Sequence[Voice] = VOICES,
    groups: Mapping[str, str] | None = None,
    rng: "np.random.Generator | None" = None,
) -> Measured:
    """Measure agreement over documents that two or more annotators submitted.

    `groups` names each document's near-duplicate cluster: clusters are resampled whole,
    `ROUNDS` times with `rng`; without one, or with a single cluster, there are no intervals.
    Takes one annotation per document and annotator; skipped ones are left out. Labels of an
    imported label set are measured like markers, beside them.
    """
    readings = _readings(annotations)
    foreign = _foreign(readings)
    names = (*taxonomy.names, *foreign)
    cells = _cells(readings, names, voices)
    draw = _Draw(readings, groups=groups or {}, rng=rng)
    pairs = sorted(cells)
    tier_1 = (*taxonomy.tier(1).names, *foreign)

    def values(chosen: Sequence[Key], markers: Sequence[str]) -> Values:
        if not cells:
            reason = "no document was read by two annotators"
            return dict.fromkeys(METRICS, Value(value=None, reason=reason))
        return draw.values([_of_pair(cells, pair, markers) for pair in chosen])

    return Measured(
        voices=tuple(voices),
        documents=len(readings),
        annotators=len({name for pair in pairs for name in pair}),
        markers={name: values(pairs, [name]) for name in names},
        pairs={", ".join(pair): values([pair], tier_1) for pair in pairs},
        overall=values(pairs, tier_1),
    )


def _readings(annotations: Iterable[Annotation]) -> dict[str, list[Annotation]]:
    grouped: defaultdict[str, list[Annotation]] = defaultdict(list)
    for item in annotations:
        if not item.skipped:
            grouped[item.doc_id].append(item)
    return {doc_id: found for doc_id, found in sorted(grouped.items()) if len(found) > 1}


def _foreign(readings: Mapping[str, Sequence[Annotation]]) -> list[str]:
    """Give the labels of annotations that were made with somebody else's label set."""
    made = (item for found in readings.values() for item in found if item.foreign)
    return sorted({span.marker for item in made for span in item.spans})


def _cells(
    readings: Mapping[str, Sequence[Annotation]], names: Sequence[str], voices: Sequence[Voice]
) -> Cells:
    """Give the tallies of each pair by document and marker."""
    cells: defaultdict[Key, dict[str, dict[str, Tally]]] = defaultdict(dict)
    nothing = Tally()
    for doc_id, found in readings.items():
        ordered = sorted(found, key=lambda item: item.annotator)
        marked = [{span.marker for span in item.spans} for item in ordered]
        for first, second in combinations(range(len(ordered)), 2):
            used = marked[first] | marked[second]
            one, two = ordered[first], ordered[second]
            cells[one.annotator, two.annotator][doc_id] = {
                marker: tally(one.spans, two.spans, marker=marker, voices=voices)
                if marker in used
                else nothing
                for marker in names
            }
    return dict(cells)


def _of_pair(cells: Cells, pair: Key, markers: Sequence[str]) -> dict[str, Tally]:
    """Give the pair's tallies by document, over the markers."""
    return {
        doc_id: total(tallies[marker] for marker in markers)
        for doc_id, tallies in cells[pair].items()
    }


class _Draw:
    """The resampled documents, the same for every value."""

    def __init__(
        self,
        readings: Mapping[str, Sequence[Annotation]],
        *,
        groups: Mapping[str, str],
        rng: "np.random.Generator | None",
    ) -> None:
        names = sorted({groups.get(doc_id, doc_id) for doc_id in readings})
        place = {name: number for number, name in enumerate(names)}
        self.group = {doc_id: place[groups.get(doc_id, doc_id)] for doc_id in readings}
        self.size = len(names)
        self.weights: NDArray[np.int64] | None = None
        if rng is not None and self.size > 1:
            self.weights = rng.multinomial(self.size, [1 / self.size] * self.size, size=ROUNDS)

    def values(self, pairs: Sequence[Mapping[str, Tally]]) -> Values:
        """Give both metrics over the pairs' tallies by document."""
        import numpy as np

        table = np.zeros((len(pairs), self.size, len(_FIELDS)))
        for number, by_document in enumerate(pairs):
            for doc_id, counted in by_document.items():
                table[number, self.group[doc_id]] += [getattr(counted, name) for name in _FIELDS]
        whole = _f1(table.sum(axis=1)[:, None, :])
        rounds = None
        if self.weights is not None:
            rounds = _f1(np.einsum("bg,pgf->pbf", self.weights, table, optimize=True))
        return {
            name: _value(whole[name][0], None if rounds is None else rounds[name])
            for name in METRICS
        }


def _f1(sums: "NDArray[np.float64]") -> "dict[str, NDArray[np.float64]]":
    """Give both metrics from sums of shape pairs x rounds x fields; nan is undefined."""
    import numpy as np

    predicted, true, exact, precise, recalled = np.moveaxis(sums, -1, 0)
    spans = predicted + true
    precision, recall = precise / np.maximum(predicted, 1), recalled / np.maximum(true, 1)
    both = precision + recall
    overlap = 2 * precision * recall / np.where(both > 0, both, 1)
    count = spans.sum(axis=0)
    divisor = np.where(count > 0, count, np.nan)
    return {
        "exact_f1": 2 * exact.sum(axis=0) / divisor,
        "overlap_f1": (overlap * spans).sum(axis=0) / divisor,
    }


def _value(whole: float, rounds: "NDArray[np.float64] | None") -> Value:
    import numpy as np

    if np.isnan(whole):
        return Value(value=None, reason="no spans in these voices")
    if rounds is None:
        return Value(value=float(whole))
    low, high = np.percentile(rounds[~np.isnan(rounds)], [2.5, 97.5])
    return Value(value=float(whole), low=float(low), high=float(high))
