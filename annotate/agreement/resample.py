"""Documents drawn anew, and the 95% interval of what they give: Efron's percentile bootstrap."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from annotate.agreement.pairwise import ROUNDS, Value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


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
    times = rng.multinomial(len(names), [1 / len(names)] * len(names), size=rounds)
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
