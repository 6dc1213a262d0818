"""cu_alpha: whether annotators call the same what two or more of them marked.

Krippendorff, Mathet, Bouvry and Widlöcher 2016, equations 9 to 11, over all markers at
once. A unit weighs what it shares with units of the others, over the others, and chance
does not pair a unit with itself.
"""

from typing import TYPE_CHECKING

from annotate.agreement.continuum import Continua

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def overlapping(found: Continua) -> int:
    """Count documents where spans of different markers of one annotator overlap.

    cu_alpha is not defined on them: there is no one marker to compare.
    """
    import numpy as np

    stretch = int(found.lengths.max(initial=0)) + 1
    cell = found.document * len(found.annotators) + found.annotator
    start, end = cell * stretch + found.start, cell * stretch + found.end
    order = np.argsort(start, kind="stable")
    reach = np.maximum.accumulate(end[order])
    cut = np.flatnonzero(start[order][1:] < reach[:-1]) + 1
    return len(np.unique(found.document[order][cut]))


class CuAlpha:
    """cu_alpha over all markers; without meaning where `overlapping` finds something."""

    def __init__(self, found: Continua) -> None:
        """Take what cu_alpha is made of, by document."""
        import numpy as np

        documents, markers = len(found.documents), len(found.markers)
        units = len(found.start)
        stretch = int(found.lengths.max(initial=0)) + 1
        edge = np.concatenate((found.start, found.end))
        document = np.concatenate((found.document, found.document))
        order = np.argsort(document * stretch + edge, kind="stable")
        step = np.zeros((2 * units, markers))
        step[np.arange(2 * units), np.tile(found.marker, 2)] = np.repeat([1.0, -1.0], units)
        # Between two edges: how many annotators mark it, by marker.
        depth = np.cumsum(step[order], axis=0)
        marking = depth.sum(axis=1)
        document = document[order]
        others = np.maximum(found.count[document] - 1, 1)
        width = np.where(marking > 0, np.diff(edge[order], append=0), 0) / others
        shared = width * (marking - 1) * (marking > 0)
        unlike = width * (marking**2 - (depth**2).sum(axis=1))
        place = np.empty(2 * units, dtype=np.int64)
        place[order] = np.arange(2 * units)
        up_to = np.concatenate(([0.0], np.cumsum(shared)))
        weight = up_to[place[units:]] - up_to[place[:units]]
        self._margins = np.zeros((documents, markers))
        np.add.at(self._margins, (found.document, found.marker), weight)
        self.shared = bool(self._margins.any())
        """Whether any character was marked by two annotators."""
        self._unlike = np.bincount(document, weights=unlike, minlength=documents)
        self._squares = np.bincount(found.document, weights=weight**2, minlength=documents)

    def at(self, times: "Floats") -> "Floats":
        """Give observed and expected disagreement, rounds x 1 x 2.

        `times` says how often each round holds each document.
        """
        import numpy as np

        margins = times @ self._margins
        total = margins.sum(axis=1)
        paired = total**2 - times @ self._squares
        observed = times @ self._unlike / np.where(total > 0, total, 1)
        expected = (total**2 - (margins**2).sum(axis=1)) / np.where(paired > 0, paired, 1)
        return np.stack([observed, expected], axis=-1)[:, None, :]
