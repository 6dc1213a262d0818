"""Krippendorff's alpha: on any values of coders, and on characters or tokens of spans.

Krippendorff 2019, Content Analysis, 4th edition, chapter 12: with the coincidences o of
values within units (each unit of m values gives pairs of weight 1 / (m - 1)), their
margins n_c and total n, alpha = 1 - (n - 1) sum o_ck d_ck / sum n_c n_k d_ck.
"""

from itertools import combinations
from typing import TYPE_CHECKING, Literal

from annotate.agreement.continuum import Continua
from annotate.agreement.resample import NO_CHANCE, Value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

Level = Literal["nominal", "ordinal", "interval", "ratio"]


def alpha(values: "ArrayLike", *, level: Level = "nominal") -> Value:
    """Give alpha of a matrix of coders by units; NaN is a missing value.

    Values of the level `ratio` are not negative. Null where no unit has two values, and
    where all values are the same, since then no disagreement was to be expected.
    """
    import numpy as np

    data = np.asarray(values, dtype=np.float64)
    data = data[:, (~np.isnan(data)).sum(axis=0) > 1] if data.size else np.empty((0, 0))
    known = ~np.isnan(data)
    if not known.any():
        return Value(value=None, reason="no unit has values of two coders")
    scale, code = np.unique(data[known], return_inverse=True)
    counts = np.zeros((data.shape[1], len(scale)))
    np.add.at(counts, (np.nonzero(known)[1], code), 1)
    weights = 1 / (counts.sum(axis=1) - 1)
    observed = (counts * weights[:, None]).T @ counts - np.diag(weights @ counts)
    margins = counts.sum(axis=0)
    apart = _distances(scale, margins, level)
    expected = margins @ apart @ margins
    if not expected:
        return Value(value=None, reason=NO_CHANCE)
    return Value(value=float(1 - (margins.sum() - 1) * (observed * apart).sum() / expected))


def _distances(scale: "Floats", margins: "Floats", level: Level) -> "Floats":
    """Give the squared difference of each two values of the scale."""
    import numpy as np

    if level == "nominal":
        return np.where(scale[:, None] == scale, 0.0, 1.0)
    # Ordinal values are as far apart as there are values between them, ends by half.
    places = np.cumsum(margins) - margins / 2 if level == "ordinal" else scale
    apart = places[:, None] - places
    if level == "ratio":
        together = scale[:, None] + scale
        apart = apart / np.where(together == 0, 1, together)
    squared: Floats = apart**2
    return squared


MOST_MARKERS = 62
"""How many markers `JointAlpha` can tell apart: their set is one number."""

FIELDS = ("total", "marked", "disagreement", "squares")
"""What alpha and u_alpha of a marker are made of; the fields of documents add up.

`total` is length times annotators, `marked` the part of it inside units, `disagreement`
the coincidences of marked with unmarked, in both directions, `squares` the sum of the
units' squared lengths.
"""


def tables(found: Continua) -> "Floats":
    """Give the fields by document and marker, of shape documents x markers x fields."""
    import numpy as np

    documents, markers = len(found.documents), len(found.markers)
    cells = documents * markers
    # Between two edges of units the same annotators mark: `depth` of them.
    block = np.concatenate((found.block, found.block))
    edge = np.concatenate((found.start, found.end))
    order = np.lexsort((edge, block))
    step = np.repeat([1, -1], len(found.start))[order]
    block, edge = block[order], edge[order]
    width = np.diff(edge, append=0)
    depth = np.cumsum(step)
    readers = found.count[block % documents] if documents else block
    unlike = 2 * depth * (readers - depth) / np.maximum(readers - 1, 1)

    def summed(place: "NDArray[np.int64]", what: "NDArray[np.float64]") -> "Floats":
        sums = np.bincount(place, weights=what, minlength=cells).astype(np.float64)
        return sums.reshape(markers, documents).T

    total = np.broadcast_to((found.lengths * found.count)[:, None], (documents, markers))
    return np.stack(
        [
            total.astype(np.float64),
            summed(found.block, found.size.astype(np.float64)),
            summed(block, np.where(depth > 0, width * unlike, 0.0)),
            summed(found.block, found.size.astype(np.float64) ** 2),
        ],
        axis=-1,
    )


def disagreements(sums: "Floats", *, units_stay_whole: bool = False) -> "Floats":
    """Give observed and expected disagreement, of shape ... x 2, from sums of `FIELDS`.

    alpha pairs any two characters by chance. With `units_stay_whole` a character is not
    paired with another of its own unit, nor a character of a gap with itself: u_alpha.
    """
    import numpy as np

    total, marked, unlike, squares = np.moveaxis(sums, -1, 0)
    rest = total - marked
    paired = total * total - (squares + rest if units_stay_whole else total)
    one = np.maximum(total, 1)
    expected = 2 * marked * rest / np.where(paired > 0, paired, 1)
    return np.stack([unlike / one, expected], axis=-1)


class Alpha:
    """alpha of each marker, marked or not, on whatever the continua count in."""

    def __init__(self, found: Continua) -> None:
        """Take what a marker's alpha is made of, by document."""
        self._tables = tables(found)

    def at(self, times: "Floats") -> "Floats":
        """Give observed and expected disagreement, rounds x markers x 2.

        `times` says how often each round holds each document.
        """
        import numpy as np

        return disagreements(np.tensordot(times, self._tables, axes=1).astype(np.float64))


class JointAlpha:
    """alpha of all markers together: the value of a place is the set of markers on it."""

    def __init__(self, found: Continua) -> None:
        """Take what alpha is made of, by document; at most `MOST_MARKERS` may occur."""
        import numpy as np

        documents, units = len(found.documents), len(found.start)
        stretch = int(found.lengths.max(initial=0)) + 1
        edge = np.concatenate((found.start, found.end))
        document = np.concatenate((found.document, found.document))
        order = np.argsort(document * stretch + edge, kind="stable")
        bit = np.left_shift(1, np.unique(found.marker, return_inverse=True)[1])
        step = np.zeros((2 * units, len(found.annotators)), dtype=np.int64)
        step[np.arange(2 * units), np.tile(found.annotator, 2)] = np.concatenate((bit, -bit))
        # Between two edges: the markers of each annotator, as bits.
        sets = np.cumsum(step[order], axis=0)
        document = document[order]
        width = np.where(sets.any(axis=1), np.diff(edge[order], append=0), 0)
        unlike = _unlike(sets, found.readers[document]) * width
        unlike = unlike / np.maximum(found.count[document] - 1, 1)
        scale, value = np.unique(sets, return_inverse=True)
        cell = document[:, None] * len(scale) + value.reshape(sets.shape)
        weights = np.where(sets > 0, width[:, None], 0).astype(np.float64)
        marked = np.bincount(cell.ravel(), weights.ravel(), minlength=documents * len(scale))
        self._total = (found.lengths * found.count).astype(np.float64)
        self._unlike = np.bincount(document, weights=unlike, minlength=documents)
        self._marked = marked.reshape(documents, len(scale))

    def at(self, times: "Floats") -> "Floats":
        """Give observed and expected disagreement, rounds x 1 x 2.

        `times` says how often each round holds each document.
        """
        import numpy as np

        total, margins = times @ self._total, times @ self._marked
        free = total - margins.sum(axis=1)
        alike = (margins**2).sum(axis=1) + free**2
        paired = np.where(total > 1, total * (total - 1), 1)
        observed = times @ self._unlike / np.maximum(total, 1)
        return np.stack([observed, (total**2 - alike) / paired], axis=-1)[:, None, :]


def _unlike(sets: "NDArray[np.int64]", reads: "NDArray[np.bool_]") -> "NDArray[np.int64]":
    """Count ordered pairs of readers whose sets differ, by row."""
    import numpy as np

    counted = np.zeros(len(sets), dtype=np.int64)
    for one, two in combinations(range(sets.shape[1]), 2):
        both = reads[:, one] & reads[:, two]
        counted += 2 * (both & (sets[:, one] != sets[:, two]))
    return counted
