"""gamma: agreement of the best alignment of units, against continua shifted at random.

Mathet, Widlöcher and Métivier 2015, Computational Linguistics 41(3). Two units differ by
d_pos = ((|begins apart| + |ends apart|) / (sum of lengths))^2 and by 1 for another marker;
a unit and nothing by 1. The disorder of a group of units, at most one of each annotator,
is the mean over pairs of annotators; that of an alignment the sum over its groups, over
the mean number of units. gamma = 1 - disorder / mean disorder of random continua.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotate.agreement.continuum import Continua
from annotate.agreement.resample import (
    NO_CHANCE,
    UNMARKED,
    UNREAD,
    Value,
    corrected,
    drawn,
    value,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Numbers = NDArray[np.int64]

SAMPLES = 30
_TRIES = 20


@dataclass(frozen=True, kw_only=True)
class Weights:
    """What place and marker weigh, and what a unit that stands alone costs."""

    place: float = 1.0
    marker: float = 1.0
    alone: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Units:
    """Units of continua with as many annotators, of shape continua x annotators x places.

    `held` says in which places there is a unit.
    """

    start: "Numbers"
    end: "Numbers"
    marker: "Numbers"
    held: "NDArray[np.bool_]"

    @property
    def count(self) -> "Numbers":
        """The number of units of each continuum."""
        counted: Numbers = self.held.sum(axis=(1, 2))
        return counted

    @property
    def mean(self) -> "Floats":
        """The mean number of units of an annotator of each continuum."""
        each: Floats = self.count / self.held.shape[1]
        return each


def gamma(
    found: Continua,
    rng: "np.random.Generator",
    *,
    samples: int = SAMPLES,
    groups: Mapping[str, str] | None = None,
    weights: Weights | None = None,
) -> Value:
    """Give gamma over the documents, at most 1, with the interval of documents drawn anew.

    Observed and expected disorder are summed over documents, each as often as it has
    units per annotator. The expected one is the mean of `samples` random continua of the
    document, so that the value varies a little with `rng`.
    """
    import numpy as np

    parts = np.zeros((len(found.documents), 2))
    for number, units in enumerate(_documents(found)):
        if units.held.any():
            length = int(found.lengths[number])
            shifted = _shifted(units, length=length, samples=samples, rng=rng)
            disorder = [disorders(one, weights or Weights()).mean() for one in (units, shifted)]
            parts[number] = units.mean * disorder
    times = drawn(found.documents, groups=groups or {}, rng=rng)
    reason = NO_CHANCE if len(found.start) else UNMARKED
    return value(
        float(corrected(parts.sum(axis=0))),
        None if times is None else corrected(times @ parts),
        reason=reason if found.documents else UNREAD,
    )


def observed(found: Continua, weights: Weights) -> "Floats":
    """Give the disorder of each document's best alignment; NaN where nothing is marked."""
    import numpy as np

    return np.array(
        [
            float(disorders(units, weights)[0]) if units.held.any() else np.nan
            for units in _documents(found)
        ]
    )


def disorders(units: Units, weights: Weights) -> "Floats":
    """Give the disorder of the best alignment of each continuum, each with a unit or more.

    All are aligned in one program: units that stand alone, less what groups of units save.
    """
    import numpy as np

    options = _options(units, weights)
    taken = _packed(options)
    saved = np.bincount(
        options.owner[taken], weights=options.saves[taken], minlength=len(units.held)
    )
    result: Floats = (units.count * weights.alone - saved) / units.mean
    return result


@dataclass(frozen=True, kw_only=True)
class _Options:
    """Groups of units that cost less than their units alone.

    `owner` is the continuum, `members` the number of each annotator's unit, or -1.
    """

    owner: "Numbers"
    members: "Numbers"
    saves: "Floats"


def _options(units: Units, weights: Weights) -> _Options:
    """Give the groups worth choosing, built annotator by annotator."""
    import numpy as np

    number, people, places = units.held.shape
    pairs = people * (people - 1) / 2
    # The place behind the last is the empty unit.
    real = np.pad(units.held, ((0, 0), (0, 0), (0, 1)), constant_values=True)
    owner: Numbers = np.arange(number)
    chosen: Numbers = np.zeros((number, 0), dtype=np.int64)
    cost: Floats = np.zeros(number)
    saves: Floats = np.zeros(number)
    for person in range(people):
        row, place = np.nonzero(real[owner, person])
        owner, cost = owner[row], cost[row]
        chosen = np.column_stack((chosen[row], place))
        for before in range(person):
            apart = _dissimilarity(units, before, person, weights)
            cost = cost + apart[owner, chosen[:, before], place]
        # What later annotators bring cannot cost less than what is empty already.
        empty = (chosen == places).sum(axis=1)
        least = cost + weights.alone * empty * (people - person - 1)
        saves = (people - empty) * weights.alone - least / pairs
        kept = saves > 0
        owner, chosen, cost, saves = owner[kept], chosen[kept], cost[kept], saves[kept]
    first = (owner[:, None] * people + np.arange(people)) * places
    return _Options(owner=owner, members=np.where(chosen < places, chosen + first, -1), saves=saves)


def _dissimilarity(units: Units, one: int, two: int, weights: Weights) -> "Floats":
    """Give the dissimilarity of each two units, of shape continua x places x places.

    The last row and column are the empty unit; places without a unit mean nothing.
    """
    import numpy as np

    start, end, marker = (
        (field[:, one, :, None], field[:, two, None, :])
        for field in (units.start, units.end, units.marker)
    )
    edges = np.abs(start[0] - start[1]) + np.abs(end[0] - end[1])
    lengths = np.maximum(end[0] - start[0] + end[1] - start[1], 1)
    unlike = marker[0] != marker[1]
    apart = weights.place * (edges / lengths) ** 2 + weights.marker * unlike
    return np.pad(weights.alone * apart, ((0, 0), (0, 1), (0, 1)), constant_values=weights.alone)


def _packed(options: _Options) -> "Numbers":
    """Choose the groups that save most, each unit in one group at most."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csc_array

    groups = len(options.saves)
    if not groups:
        return np.empty(0, dtype=np.int64)
    group, person = np.nonzero(options.members >= 0)
    unit, row = np.unique(options.members[group, person], return_inverse=True)
    holds = csc_array((np.ones(len(row)), (row, group)), shape=(len(unit), groups))
    solved = milp(
        -options.saves,
        integrality=np.ones(groups),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(holds, -np.inf, 1),
        options={"mip_rel_gap": 0},
    )
    return np.flatnonzero(solved.x > 0.5)  # noqa: PLR2004 - solvers give 0 and 1 within rounding


def _documents(found: Continua) -> Iterator[Units]:
    """Give the units of each document as one continuum of those who read it."""
    import numpy as np

    order = np.lexsort((found.annotator, found.document))
    bounds = np.searchsorted(found.document[order], np.arange(len(found.documents) + 1))
    for number, readers in enumerate(found.readers):
        rows = order[bounds[number] : bounds[number + 1]]
        person = (np.cumsum(readers) - 1)[found.annotator[rows]]
        sizes = np.bincount(person, minlength=readers.sum())
        place = np.arange(len(rows)) - (np.cumsum(sizes) - sizes)[person]
        grids = np.zeros((4, 1, len(sizes), int(sizes.max())), dtype=np.int64)
        grids[:, 0, person, place] = (
            found.start[rows],
            found.end[rows],
            found.marker[rows],
            np.ones_like(rows),
        )
        yield Units(start=grids[0], end=grids[1], marker=grids[2], held=grids[3] > 0)


def _shifted(units: Units, *, length: int, samples: int, rng: "np.random.Generator") -> Units:
    """Give random continua: annotators drawn with replacement, each moved by another distance.

    What would begin behind the end begins anew. Moves are at least half a mean unit apart
    where that is possible, round the end.
    """
    import numpy as np

    held, people = units.held[0], units.held.shape[1]
    picked = rng.integers(people, size=(samples, people))
    while (bare := ~held[picked].any(axis=(1, 2))).any():
        picked[bare] = rng.integers(people, size=(int(bare.sum()), people))
    least = (units.end - units.start)[units.held].mean() / 2
    moves = [_moves(people, length=length, least=least, rng=rng) for _ in range(samples)]
    start = units.start[0][picked]
    moved = (start + np.array(moves)[:, :, None]) % length
    return Units(
        start=moved,
        end=moved + units.end[0][picked] - start,
        marker=units.marker[0][picked],
        held=held[picked],
    )


def _moves(number: int, *, length: int, least: float, rng: "np.random.Generator") -> list[int]:
    moves: list[int] = []
    for _ in range(number):
        for move in rng.integers(length, size=_TRIES).tolist():
            if all(least <= (move - other) % length <= length - least for other in moves):
                break
        moves.append(move)
    return moves
