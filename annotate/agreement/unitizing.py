"""Agreement on where units begin and end: alpha_u, u_alpha and cu_alpha.

alpha_u: Krippendorff 2004, Content Analysis, 2nd edition, section 11.6, of one marker:
units that overlap differ by the squares of how far their ends are apart, a unit that
overlaps none by its squared length; what chance would give is the mean over all places
that the units could have. With T = sum of length times annotators, P = sum of length
times ordered pairs of annotators, one document gives the published formula, and documents
and missing annotators add up.

u_alpha and cu_alpha: Krippendorff, Mathet, Bouvry and Widlöcher 2016, equations 1 to 11:
lengths of intersections as coincidences, where chance does not pair a unit with itself.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from annotate.agreement.alpha import disagreements, tables
from annotate.agreement.continuum import Continua

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats = NDArray[np.float64]
    Numbers = NDArray[np.int64]


class UAlpha:
    """u_alpha of each marker against the gaps between its units."""

    def __init__(self, found: Continua) -> None:
        """Take what a marker's u_alpha is made of, by document."""
        self._tables = tables(found)

    def at(self, times: "Floats") -> "Floats":
        """Give observed and expected disagreement, rounds x markers x 2.

        `times` says how often each round holds each document.
        """
        import numpy as np

        sums = np.tensordot(times, self._tables, axes=1).astype(np.float64)
        return disagreements(sums, units_stay_whole=True)


class AlphaU:
    """alpha_u of each marker."""

    def __init__(self, found: Continua) -> None:
        """Take what a marker's alpha_u is made of, by document."""
        import numpy as np

        documents, markers = len(found.documents), len(found.markers)
        self._length = found.lengths.astype(np.float64)
        self._total = self._length * found.count
        self._pairs = self._total * (found.count - 1)
        self._distance = _distances(found).reshape(markers, documents)
        gaps = _gaps(found)
        self._chance = [
            _Chance.of(found.units(found.marker == number), gaps.of(number))
            for number in range(markers)
        ]

    def at(self, times: "Floats") -> "Floats":
        """Give observed and expected disagreement, rounds x markers x 2.

        `times` says how often each round holds each document.
        """
        import numpy as np

        def one(sums: "Floats") -> "Floats":
            return np.where(sums > 0, sums, 1)[:, None]

        length = one(times @ self._length)
        total = one(times @ self._total)
        observed = 2 * times @ self._distance.T / (one(times @ self._pairs) * length)
        placed = np.stack([chance.at(times) for chance in self._chance], axis=-1)
        within = np.stack([times @ chance.within for chance in self._chance], axis=-1)
        paired = total * (total - 1) - within
        expected = 2 * placed / (length * np.where(paired > 0, paired, 1))
        return np.stack([observed, expected], axis=-1)


@dataclass(frozen=True, kw_only=True)
class _Gaps:
    """Stretches that an annotator left free of a marker."""

    document: "Numbers"
    marker: "Numbers"
    size: "Numbers"

    def of(self, marker: int) -> "_Gaps":
        chosen = (self.marker == marker) & (self.size > 0)
        return _Gaps(
            document=self.document[chosen], marker=self.marker[chosen], size=self.size[chosen]
        )


def _gaps(found: Continua) -> _Gaps:
    """Give every gap before a unit, and the last one of every annotator who read."""
    import numpy as np

    annotators, markers = len(found.annotators), len(found.markers)
    documents = len(found.documents)
    cell = found.block * annotators + found.annotator
    first = np.diff(cell, prepend=-1) != 0
    before = found.start - np.where(first, 0, np.roll(found.end, 1))
    reach = np.zeros((markers, documents, annotators), dtype=np.int64)
    reach.reshape(-1)[cell] = found.end
    marker, document, _ = np.nonzero(np.broadcast_to(found.readers, reach.shape))
    behind = (found.lengths[:, None] - reach)[:, found.readers].reshape(-1)
    return _Gaps(
        document=np.concatenate((found.document, document)),
        marker=np.concatenate((found.marker, marker)),
        size=np.concatenate((before, behind)),
    )


@dataclass(frozen=True, kw_only=True)
class _Chance:
    """What the units of one marker could disagree by if they stood anywhere.

    A unit of length l meets another in (2 l^3 - 3 l^2 + l) / 3 summed over places, and a gap
    of length g in l^2 (g - l + 1). Gaps that hold the longest unit are linear in l and are
    summed by document; the short ones are counted by length.
    """

    units: "Floats"
    within: "Floats"
    meeting: "Floats"
    room: "Floats"
    wide: "Floats"
    sizes: "Floats"
    of_size: "csr_array"
    short: "Floats"
    of_gap: "csr_array"

    @classmethod
    def of(cls, units: Continua, gaps: _Gaps) -> "_Chance":
        import numpy as np

        documents = len(units.documents)
        size = units.size.astype(np.float64)

        def summed(place: "Numbers", what: "Floats") -> "Floats":
            return np.bincount(place, weights=what, minlength=documents).astype(np.float64)

        long = gaps.size >= units.size.max(initial=0)
        at, width = gaps.document[long], gaps.size[long]
        sizes, of_size = _counted(units.size, units.document, documents)
        short, of_gap = _counted(gaps.size[~long], gaps.document[~long], documents)
        return cls(
            units=summed(units.document, np.ones_like(size)),
            within=summed(units.document, size * (size - 1)),
            meeting=summed(units.document, (2 * size**3 - 3 * size**2 + size) / 3),
            room=summed(at, width + 1.0),
            wide=summed(at, np.ones(len(width))),
            sizes=sizes,
            of_size=of_size,
            short=short,
            of_gap=of_gap,
        )

    def at(self, times: "Floats") -> "Floats":
        import numpy as np

        drawn = np.ascontiguousarray(times.T)
        fits = np.maximum(self.short - self.sizes[:, None] + 1, 0)
        room = (times @ self.room) - self.sizes[:, None] * (times @ self.wide)
        room += fits @ (self.of_gap @ drawn)
        alone = ((self.sizes**2)[:, None] * (self.of_size @ drawn) * room).sum(axis=0)
        together = (times @ self.units - 1) * (times @ self.meeting)
        both: Floats = together + alone
        return both


def _counted(size: "Numbers", document: "Numbers", documents: int) -> "tuple[Floats, csr_array]":
    """Give the sizes that occur, and how often each document has each."""
    import numpy as np
    from scipy.sparse import csr_array

    sizes, at = np.unique(size, return_inverse=True)
    ones = np.ones(len(size))
    counted = csr_array((ones, (at, document)), shape=(len(sizes), documents))
    return sizes.astype(np.float64), counted


def _distances(found: Continua) -> "Floats":
    """Give the sum of distances over pairs of annotators, by marker and document."""
    import numpy as np

    stretch = int(found.lengths.max(initial=0)) + 1
    summed = np.zeros(len(found.markers) * len(found.documents))
    rows = [np.flatnonzero(found.annotator == number) for number in range(len(found.annotators))]
    for first, second in combinations(range(len(rows)), 2):
        both = found.readers[:, first] & found.readers[:, second]
        if both.any():
            one, two = (
                found.units(chosen[both[found.document[chosen]]])
                for chosen in (rows[first], rows[second])
            )
            summed += _between(one, two, stretch=stretch, cells=len(summed))
    return summed


def _between(one: Continua, two: Continua, *, stretch: int, cells: int) -> "Floats":
    import numpy as np

    low = np.searchsorted(two.block * stretch + two.end, one.block * stretch + one.start, "right")
    high = np.searchsorted(two.block * stretch + two.start, one.block * stretch + one.end, "left")
    meets = high - low
    left = np.repeat(np.arange(len(meets)), meets)
    right = np.arange(len(left)) + np.repeat(low - np.cumsum(meets) + meets, meets)
    apart = (one.start[left] - two.start[right]) ** 2 + (one.end[left] - two.end[right]) ** 2
    lonely = np.bincount(right, minlength=len(two.start)) == 0
    place = (one.block[left], one.block[meets == 0], two.block[lonely])
    what = (apart, one.size[meets == 0] ** 2, two.size[lonely] ** 2)
    weights = np.concatenate(what).astype(np.float64)
    summed = np.bincount(np.concatenate(place), weights=weights, minlength=cells)
    return summed.astype(np.float64)
