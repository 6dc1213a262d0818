"""Pairwise agreement on spans, with intervals from resampled documents.

Exact F1 of a pair in a document is positive specific agreement 2a/(2a+b+c) (Hripcsak and
Rothschild 2005, who average it over pairs): spans have no negatives to count, so kappa is not
defined. Overlap F1 is the score of SemEval-2020 task 11 of one against the other. Both are
the mean over documents and pairs; those where neither marked anything are left out, since
there is nothing to agree on.

The mean, because documents are what is given to annotators and drawn anew, so each weighs
the same: in sums over documents, which are given beside it, a few long ones decide. It is
also what the pair F1 of PolNeAR (.73, .67, .65 of source, cue and content) turn out to be:
here .731, .671 and .646; from sums .777, .704 and .678.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from annotate.agreement.held import FIELDS, Draw, exact_f1, overlap_f1, ratio
from annotate.agreement.resample import UNMARKED, UNREAD, Values
from annotate.model import Annotation, Record, Voice
from annotate.scores import VOICES, Tally, tally
from annotate.taxonomy import Taxonomy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_F1 = {"exact_f1": exact_f1, "overlap_f1": overlap_f1}


class Pooled(Record, frozen=True, kw_only=True):
    """F1 by marker and overall from what is summed over documents, pair by pair.

    Each pair weighs as many spans as it has, so a document counts as much as is marked in it.
    Exact F1 is 2 sum a / sum (2a + b + c).
    """

    markers: dict[str, Values]
    overall: Values


class Measured(Record, frozen=True, kw_only=True):
    """Agreement by marker, by pair (`ana, ben`) and overall: F1 as the mean over documents.

    `overall` and `pairs` are over the markers of tier 1, counted together in each document.
    `documents` counts those that two or more annotators read; spans of other voices than
    `voices` do not count. `pooled` has the same F1 over all documents together.
    """

    voices: tuple[Voice, ...]
    documents: int
    annotators: int
    markers: dict[str, Values]
    pairs: dict[str, Values]
    overall: Values
    pooled: Pooled


Key = tuple[str, str]


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
    read = readings(annotations)
    foreign = foreign_labels((item for found in read.values() for item in found), taxonomy)
    names = (*taxonomy.names, *foreign)
    cells = _cells(read, names, voices)
    draw = Draw(read, groups=groups or {}, rng=rng)
    whole = cells.table((*taxonomy.tier(1).names, *foreign))
    tables = {name: cells.table([name]) for name in names}
    return Measured(
        voices=tuple(voices),
        documents=len(read),
        annotators=len({name for pair in cells.pairs for name in pair}),
        markers={name: _mean(table, draw) for name, table in tables.items()},
        pairs={
            ", ".join(pair): _mean(whole[[number]], draw) for number, pair in enumerate(cells.pairs)
        },
        overall=_mean(whole, draw),
        pooled=Pooled(
            markers={name: _pooled(table, draw) for name, table in tables.items()},
            overall=_pooled(whole, draw),
        ),
    )


def readings(annotations: Iterable[Annotation]) -> dict[str, list[Annotation]]:
    """Give the documents that two or more submitted, in order, with what each submitted."""
    grouped: defaultdict[str, list[Annotation]] = defaultdict(list)
    for item in annotations:
        if not item.skipped:
            grouped[item.doc_id].append(item)
    return {doc_id: found for doc_id, found in sorted(grouped.items()) if len(found) > 1}


def foreign_labels(annotations: Iterable[Annotation], taxonomy: Taxonomy) -> tuple[str, ...]:
    """Give the labels of annotations with somebody else's label set that are no markers here."""
    used = {span.marker for item in annotations if item.foreign for span in item.spans}
    return tuple(sorted(used - {*taxonomy.names}))


@dataclass(frozen=True, kw_only=True)
class _Cells:
    """By marker the tallies of pairs of annotators, each with its pair and its document."""

    documents: int
    pairs: tuple[Key, ...]
    tallies: Mapping[str, Sequence[tuple[int, int, Tally]]]

    def table(self, markers: Iterable[str]) -> "Floats":
        """Give the sums over these markers, of shape pairs x documents x `FIELDS`."""
        import numpy as np

        table = np.zeros((len(self.pairs), self.documents, len(FIELDS)))
        for marker in markers:
            for pair, document, counted in self.tallies.get(marker, ()):
                table[pair, document] += [getattr(counted, name) for name in FIELDS]
        return table


def _cells(
    read: Mapping[str, Sequence[Annotation]], names: Sequence[str], voices: Sequence[Voice]
) -> _Cells:
    people = [sorted(found, key=_name) for found in read.values()]
    pairs = sorted({key for found in people for key in combinations(map(_name, found), 2)})
    place = {pair: number for number, pair in enumerate(pairs)}
    tallies: defaultdict[str, list[tuple[int, int, Tally]]] = defaultdict(list)
    for document, found in enumerate(people):
        for one, two in combinations(found, 2):
            pair = place[one.annotator, two.annotator]
            for marker in {span.marker for span in (*one.spans, *two.spans)}.intersection(names):
                counted = tally(one.spans, two.spans, marker=marker, voices=voices)
                tallies[marker].append((pair, document, counted))
    return _Cells(documents=len(read), pairs=tuple(pairs), tallies=tallies)


def _name(item: Annotation) -> str:
    return item.annotator


def _mean(table: "Floats", draw: Draw) -> Values:
    """Give the mean F1 of the documents and pairs of a table in which something is marked."""
    import numpy as np

    series = {}
    for name, f1 in _F1.items():
        scores = f1(table)
        parts = [np.nansum(scores, axis=0), np.count_nonzero(~np.isnan(scores), axis=0)]
        total, number = np.stack(parts) @ draw.times.T
        series[name] = ratio(total, number)
    return _values(series, table, draw)


def _pooled(table: "Floats", draw: Draw) -> Values:
    """Give F1 of the sums of a table over documents, each pair weighed by its spans."""
    import numpy as np

    pairs, documents, fields = table.shape
    columns = np.swapaxes(table, 0, 1).reshape(documents, pairs * fields)
    sums = (draw.times @ columns).reshape(len(draw.times), pairs, fields)
    spans = sums[..., 0] + sums[..., 1]
    series = {
        name: ratio(np.nansum(f1(sums) * spans, axis=1), spans.sum(axis=1))
        for name, f1 in _F1.items()
    }
    return _values(series, table, draw)


def _values(series: "Mapping[str, Floats]", table: "Floats", draw: Draw) -> Values:
    reason = UNMARKED if table.size else UNREAD
    return {name: draw.value(each, reason=reason) for name, each in series.items()}
