"""One reading held against another, summed over documents with 95% intervals.

The scores are those of `annotate.scores`: here each reading's spans are merged once, since
the same reading is held against several others.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotate.agreement.explain import Check
from annotate.agreement.resample import UNMARKED, Value, drawn, value
from annotate.model import Range, Span, Voice
from annotate.scores import Tally
from annotate.spans import Ranged, merge, overlap

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Ranges = Mapping[str, Sequence[Range]]
FIELDS = ("predicted", "true", "exact", "precision_sum", "recall_sum")


def merged(spans: Iterable[Span], *, voices: Sequence[Voice]) -> Ranges:
    """Give the ranges of each marker in these voices, overlapping ones joined."""
    found: defaultdict[str, list[Ranged]] = defaultdict(list)
    for span in spans:
        if span.voice in voices:
            found[span.marker].append(span)
    return {marker: merge(ranges) for marker, ranges in found.items()}


def tallied(first: Ranges, second: Ranges) -> Tally:
    """Count one document's spans of all markers, `first` as predicted, `second` as true."""
    exact, precise, recalled = 0, 0.0, 0.0
    for marker in first.keys() & second.keys():
        for mine in first[marker]:
            for theirs in second[marker]:
                if both := overlap(mine, theirs):
                    exact += mine.start == theirs.start and mine.end == theirs.end
                    precise += both / (mine.end - mine.start)
                    recalled += both / (theirs.end - theirs.start)
    return Tally(
        predicted=sum(map(len, first.values())),
        true=sum(map(len, second.values())),
        exact=exact,
        precision_sum=precise,
        recall_sum=recalled,
    )


def turned(counted: Tally) -> Tally:
    """Give the tally with both sides exchanged."""
    return Tally(
        predicted=counted.true,
        true=counted.predicted,
        exact=counted.exact,
        precision_sum=counted.recall_sum,
        recall_sum=counted.precision_sum,
    )


@dataclass(frozen=True, kw_only=True)
class Row:
    """Numbers of a document that add up."""

    doc_id: str
    numbers: Sequence[float]


def row(doc_id: str, counted: Tally) -> Row:
    """Give a tally's numbers in the order of `FIELDS`."""
    return Row(doc_id=doc_id, numbers=[getattr(counted, name) for name in FIELDS])


class Draw:
    """Documents as they are and as often as each round holds them, clusters whole."""

    def __init__(
        self,
        documents: Iterable[str],
        *,
        groups: Mapping[str, str],
        rng: "np.random.Generator | None",
    ) -> None:
        """Draw the rounds; without an `rng` there are none. `groups` names clusters."""
        import numpy as np

        names = sorted(set(documents))
        rounds = drawn(names, groups=groups, rng=rng)
        whole = np.ones((1, len(names)))
        self.place = {name: number for number, name in enumerate(names)}
        self.times: Floats = whole if rounds is None else np.concatenate([whole, rounds])

    def sums(self, groups: Sequence[Iterable[Row]], *, width: int) -> "Floats":
        """Give each group's sums, as they are and in each round: groups x 1 + rounds x width."""
        import numpy as np

        table = np.zeros((len(self.place), len(groups), width))
        for number, rows in enumerate(groups):
            for item in rows:
                table[self.place[item.doc_id], number] += item.numbers
        # One product for all groups: the rounds are read once.
        summed = self.times @ table.reshape(len(table), len(groups) * width)
        return np.moveaxis(summed.reshape(len(summed), len(groups), width), 1, 0)

    def value(self, series: "Floats", *, reason: str) -> Value:
        """Give the first number with the interval of the others; `reason` is for a NaN."""
        return value(float(series[0]), series[1:], reason=reason)


def ratio(above: "Floats", below: "Floats") -> "Floats":
    """Give above / below; NaN where there is nothing below."""
    import numpy as np

    divided: Floats = above / np.where(below > 0, below, np.nan)
    return divided


def exact_f1(sums: "Floats") -> "Floats":
    """Give exact F1 from sums of `FIELDS`; NaN where nothing is marked on either side."""
    return ratio(2 * sums[..., 2], sums[..., 0] + sums[..., 1])


def overlap_f1(sums: "Floats") -> "Floats":
    """Give overlap F1 from sums of `FIELDS`; NaN where nothing is marked on either side."""
    import numpy as np

    predicted, true, _, precise, recalled = np.moveaxis(sums, -1, 0)
    precision, recall = precise / np.maximum(predicted, 1), recalled / np.maximum(true, 1)
    both = precision + recall
    f1 = 2 * precision * recall / np.where(both > 0, both, 1)
    defined: Floats = np.where(predicted + true > 0, f1, np.nan)
    return defined


def check(rows: Sequence[Row], draw: Draw, *, nothing: str) -> Check:
    """Give both scores over the rows; `nothing` says why there are no documents."""
    (sums,) = draw.sums([rows], width=len(FIELDS))
    reason = UNMARKED if rows else nothing
    return Check(
        documents=len({item.doc_id for item in rows}),
        exact_f1=draw.value(exact_f1(sums), reason=reason),
        overlap_f1=draw.value(overlap_f1(sums), reason=reason),
    )
