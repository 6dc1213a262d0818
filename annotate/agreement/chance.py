"""Agreement beyond chance on documents: by marker, by pair of annotators and overall.

A marker's value is 1 - observed / expected disagreement. Overall, and for a pair, over the
markers of tier 1: alpha and token_alpha compare the sets of markers of each place, as
PolNeAR's published value does; alpha_u and u_alpha are 1 - the sum of the markers'
observed over the sum of their expected disagreement, as Krippendorff 2004 has it.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Protocol

from annotate.agreement.alpha import MOST_MARKERS, Alpha, JointAlpha
from annotate.agreement.coding import CuAlpha, overlapping
from annotate.agreement.continuum import Continua
from annotate.agreement.resample import (
    NO_CHANCE,
    UNMARKED,
    UNREAD,
    Value,
    Values,
    corrected,
    drawn,
    value,
)
from annotate.agreement.unitizing import AlphaU, UAlpha
from annotate.model import Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METRICS = ("alpha", "token_alpha", "alpha_u", "u_alpha")
UNSHARED = "no two annotators marked the same characters"
ONE_MARKER = "what two annotators marked is all of one marker"


class Beyond(Record, frozen=True, kw_only=True):
    """Values of `METRICS` by marker, by pair (`ana, ben`) and overall, there with `cu_alpha`."""

    markers: dict[str, Values]
    pairs: dict[str, Values]
    overall: Values


class Metric(Protocol):
    """Observed and expected disagreement of resampled documents."""

    def at(self, times: "Floats") -> "Floats":
        """Give both, rounds x markers x 2."""


def beyond_chance(
    found: Continua,
    texts: Mapping[str, str],
    *,
    tier_1: Sequence[str],
    groups: Mapping[str, str] | None = None,
    rng: "np.random.Generator | None" = None,
) -> Beyond:
    """Measure agreement beyond chance on the documents of `found`, in code points.

    `texts` gives each document's text, `tier_1` the markers that count overall. `groups`
    names each document's near-duplicate cluster: clusters are resampled whole, 2,000 times
    with `rng`; without one, or with a single cluster, there are no intervals.
    """
    tokens = found.tokens(texts)
    alike = groups or {}
    times = drawn(found.documents, groups=alike, rng=rng)
    markers = _Measure(found, tokens, groups=alike).markers(times)
    found, tokens = found.only(tier_1), tokens.only(tier_1)
    pairs = {}
    for pair in combinations(found.annotators, 2):
        shared = found.shared(*pair)
        if shared.any():
            both = _Measure(found.of(*pair), tokens.of(*pair), groups=alike)
            pairs[", ".join(pair)] = both.overall(None if times is None else times[:, shared])
    overall = _Measure(found, tokens, groups=alike).overall(times)
    return Beyond(markers=markers, pairs=pairs, overall=overall)


class _Measure:
    """The metrics of some annotators on the documents that they share."""

    def __init__(self, found: Continua, counted: Continua, *, groups: Mapping[str, str]) -> None:
        """Take the same continua twice, in characters and in tokens."""
        self._found, self._counted = found, counted
        self._spread = len({groups.get(name, name) for name in found.documents}) > 1
        self._metrics: dict[str, Metric] = {
            "alpha": Alpha(found),
            "token_alpha": Alpha(counted),
            "alpha_u": AlphaU(found),
            "u_alpha": UAlpha(found),
        }

    def markers(self, times: "Floats | None") -> dict[str, Values]:
        """Give the values of each marker; `times` are the rounds for the intervals."""
        import numpy as np

        names = self._found.markers
        units = np.bincount(self._found.marker, minlength=len(names))
        values: dict[str, Values] = {name: {} for name in names}
        for metric, parts in self._metrics.items():
            whole, rounds = self._at(parts, times)
            for number, name in enumerate(names):
                values[name][metric] = value(
                    float(corrected(whole[number])),
                    None if rounds is None else corrected(rounds[:, number]),
                    reason=self._reason(int(units[number])),
                )
        return values

    def overall(self, times: "Floats | None") -> Values:
        """Give the values over all markers together."""
        reason = self._reason(len(self._found.start))
        values = {
            metric: self._together(parts, times, reason=reason)
            for metric, parts in self._metrics.items()
        }
        values |= {
            "alpha": self._joint(self._found, times, reason=reason),
            "token_alpha": self._joint(self._counted, times, reason=reason),
        }
        return values | {"cu_alpha": self._coding(times)}

    def _joint(self, found: Continua, times: "Floats | None", *, reason: str) -> Value:
        if len(set(found.marker.tolist())) > MOST_MARKERS:
            return Value(value=None, reason=f"more than {MOST_MARKERS} markers at once")
        return self._together(JointAlpha(found), times, reason=reason)

    def _together(self, parts: Metric, times: "Floats | None", *, reason: str) -> Value:
        whole, rounds = self._at(parts, times)
        return value(
            float(corrected(whole.sum(axis=0))),
            None if rounds is None else corrected(rounds.sum(axis=1)),
            reason=reason,
        )

    def _coding(self, times: "Floats | None") -> Value:
        if not len(self._found.start):
            return Value(value=None, reason=self._reason(0))
        cut, documents = overlapping(self._found), len(self._found.documents)
        if cut:
            reason = f"one annotator's markers overlap in {cut} of {documents} documents"
            return Value(value=None, reason=reason)
        parts = CuAlpha(self._found)
        return self._together(parts, times, reason=ONE_MARKER if parts.shared else UNSHARED)

    def _at(self, parts: Metric, times: "Floats | None") -> "tuple[Floats, Floats | None]":
        import numpy as np

        whole = parts.at(np.ones((1, len(self._found.documents))))[0]
        return whole, None if times is None or not self._spread else parts.at(times)

    def _reason(self, units: int) -> str:
        if not self._found.documents:
            return UNREAD
        return NO_CHANCE if units else UNMARKED
