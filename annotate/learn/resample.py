"""Intervals from resampled documents: the percentile bootstrap (Efron 1979)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotate.scores import Tally

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Interval:
    """Where 95% of the resampled values lie."""

    low: float
    high: float


class Resample:
    """Documents drawn anew in each round, those of one group together."""

    def __init__(self, groups: Sequence[str], *, rounds: int, rng: "np.random.Generator") -> None:
        """Take the group of each document; with a single group there is no spread to see."""
        import numpy as np

        place = {name: number for number, name in enumerate(sorted(set(groups)))}
        size = len(place)
        self.times: NDArray[np.int64] | None = None
        if size > 1:
            drawn = rng.multinomial(size, np.full(size, 1 / size), size=rounds)
            self.times = drawn[:, [place[name] for name in groups]]

    def f1(self, tallies: Sequence[Tally], *, overlap: bool) -> Interval | None:
        """Give the interval of F1 over the documents' tallies; None when there is none.

        Rounds in which nothing is predicted and nothing true are left out.
        """
        import numpy as np

        if self.times is None:
            return None
        precise, recalled, predicted, true = (
            self.times @ np.array([_parts(item, overlap=overlap) for item in tallies])
        ).T
        defined = (predicted > 0) | (true > 0)
        if not defined.any():
            return None
        precision = precise[defined] / np.maximum(predicted[defined], 1)
        recall = recalled[defined] / np.maximum(true[defined], 1)
        both = precision + recall
        f1 = 2 * precision * recall / np.where(both > 0, both, 1)
        low, high = np.percentile(f1, [2.5, 97.5])
        return Interval(low=float(low), high=float(high))


def _parts(item: Tally, *, overlap: bool) -> list[float]:
    if overlap:
        return [item.precision_sum, item.recall_sum, item.predicted, item.true]
    return [item.exact, item.exact, item.predicted, item.true]
