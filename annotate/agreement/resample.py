"""Documents drawn anew, and the 95% interval of what they give: Efron's percentile bootstrap."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from annotate.model import Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ROUNDS = 2_000
UNREAD = "no document was read by two annotators"
UNMARKED = "no spans in these voices"
NO_CHANCE = "no disagreement was to be expected"


class Value(Record, frozen=True, kw_only=True):
    """A metric with its 95% interval; null with the reason where it is undefined."""

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str | None = None


Values = dict[str, Value]


def drawn(
    documents: Sequence[str],
    *,
    groups: Mapping[str, str],
    rng: "np.random.Generator | None",
    rounds: int = ROUNDS,
) -> "Floats | None":
    """Give how often each round holds each document, rounds x documents.

    `groups` names each document's near-duplicate cluster; clusters are drawn whole. None
    without an `rng`, and with a single cluster, which shows no spread.
    """
    import numpy as np

    names = sorted({groups.get(name, name) for name in documents})
    if rng is None or len(names) < 2:  # noqa: PLR2004 - one cluster is always drawn
        return None
    place = {name: number for number, name in enumerate(names)}
    first = np.arange(rounds)[:, None] * len(names)
    picked = first + rng.integers(len(names), size=(rounds, len(names)))
    times = np.bincount(picked.ravel(), minlength=rounds * len(names)).reshape(rounds, -1)
    return times[:, [place[groups.get(name, name)] for name in documents]].astype(np.float64)


def corrected(parts: "Floats") -> "Floats":
    """Give 1 - observed / expected of parts ... x 2; NaN where nothing was to be expected."""
    import numpy as np

    observed, expected = np.moveaxis(parts, -1, 0)
    possible = expected > 0
    return np.where(possible, 1 - observed / np.where(possible, expected, 1), np.nan)


def value(whole: float, rounds: "Floats | None", *, reason: str) -> Value:
    """Give a value with the interval of its rounds; `reason` is why a NaN is undefined.

    Rounds in which the metric is not defined are left out.
    """
    import numpy as np

    if np.isnan(whole):
        return Value(value=None, reason=reason)
    defined = rounds[~np.isnan(rounds)] if rounds is not None else np.empty(0)
    if not len(defined):
        return Value(value=float(whole))
    low, high = np.percentile(defined, [2.5, 97.5])
    return Value(value=float(whole), low=float(low), high=float(high))
