"""What seeing suggestions does to annotators: assisted against blind and test assignments.

Each document's condition is drawn by chance, so both sides are alike but for the
suggestions, and for who read what: so each effect is also measured within annotators.
Blind documents have suggestions too, which nobody saw: both sides are held against them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan
from typing import TYPE_CHECKING, Self

from annotate.agreement.explain import Anchoring, Effect, Side
from annotate.agreement.held import FIELDS, Draw, Ranges, Row, overlap_f1, ratio, row, tallied
from annotate.agreement.profiles import NO_WORDS, PER, UNTIMED, Reading
from annotate.agreement.resample import UNMARKED

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NO_BLIND = "no blind or test document was annotated"
NO_ASSISTED = "no assisted document was annotated"
NOBODY_BOTH = "nobody annotated on both sides"
NO_SUGGESTIONS = "the rules suggest nothing in these documents"
_STEP = 200  # rounds at a time, so that memory does not grow with their number
Groups = Sequence[Sequence[Reading]]
Metric = Callable[[Groups], "Floats"]  # groups x 1 + rounds


def anchoring(
    readings: Sequence[Reading],
    suggested: Mapping[str, Ranges],
    *,
    groups: Mapping[str, str],
    rng: "np.random.Generator | None",
) -> Anchoring:
    """Compare both sides over readings, one for each annotator and document.

    `suggested` holds what the rules suggest for each document, in the voices that count.
    The 95% intervals are over documents of both sides, drawn together so that no
    near-duplicate cluster is cut.
    """
    draw = Draw((item.doc_id for item in readings), groups=groups, rng=rng)
    proposed = {it.doc_id: suggested.get(it.doc_id, {}) for it in readings}
    number = {doc_id: sum(map(len, it.values())) for doc_id, it in proposed.items()}
    known = readings if any(number.values()) else []
    timed = [item for item in readings if item.speed is not None]

    rows = {
        (it.doc_id, it.annotator): row(it.doc_id, tallied(it.marked, proposed[it.doc_id]))
        for it in known
    }

    def rate(groups: Groups) -> "Floats":
        return _for_words([[(it, it.spans) for it in of] for of in groups], draw)

    def density(groups: Groups) -> "Floats":
        return _for_words([[(it, number[it.doc_id]) for it in of] for of in groups], draw)

    def agreement(groups: Groups) -> "Floats":
        held = [[rows[it.doc_id, it.annotator] for it in of] for of in groups]
        return overlap_f1(draw.sums(held, width=len(FIELDS)))

    def speed(groups: Groups) -> "Floats":
        return _median_speeds(groups, draw)

    sides = _Sides.of(readings)
    return Anchoring(
        blind=_side(sides.blind),
        assisted=_side(sides.assisted),
        annotators_on_both=len(sides.both),
        rate=_effect(rate, readings, sides, draw, reason=NO_WORDS),
        agreement=_effect(agreement, known, sides, draw, reason=_why(known, UNMARKED)),
        speed=_effect(speed, timed, sides, draw, reason=UNTIMED),
        suggestions=_effect(density, known, sides, draw, reason=_why(known, NO_WORDS)),
    )


def _why(known: Sequence[Reading], otherwise: str) -> str:
    return otherwise if known else NO_SUGGESTIONS


@dataclass(frozen=True, kw_only=True)
class _Sides:
    """Readings without and with suggestions shown, and who has both."""

    blind: Sequence[Reading]
    assisted: Sequence[Reading]

    @classmethod
    def of(cls, readings: Sequence[Reading]) -> Self:
        return cls(
            blind=[it for it in readings if it.condition != "assisted"],
            assisted=[it for it in readings if it.condition == "assisted"],
        )

    @property
    def both(self) -> list[str]:
        people = ({it.annotator for it in side} for side in (self.blind, self.assisted))
        return sorted(set.intersection(*people))

    def by(self, annotator: str) -> Self:
        return replace(
            self,
            blind=[it for it in self.blind if it.annotator == annotator],
            assisted=[it for it in self.assisted if it.annotator == annotator],
        )


def _effect(
    metric: Metric, readings: Sequence[Reading], everything: _Sides, draw: Draw, *, reason: str
) -> Effect:
    """Measure an effect on the readings that have what it needs; `reason` is for none."""
    sides = _Sides.of(readings)
    parts = [sides.by(name) for name in sides.both]
    groups = [it for each in (sides, *parts) for it in (each.blind, each.assisted)]
    series = metric(groups)
    blind, assisted = series[0], series[1]
    without = reason if everything.blind else NO_BLIND
    shown = reason if everything.assisted else NO_ASSISTED
    either = without if isnan(blind[0]) else shown if isnan(assisted[0]) else NOBODY_BOTH
    return Effect(
        blind=draw.value(blind, reason=without),
        assisted=draw.value(assisted, reason=shown),
        difference=draw.value(assisted - blind, reason=either),
        within=draw.value(_within(series[2:], _counts(groups[2:], draw)), reason=either),
    )


def _within(series: "Floats", counts: "Floats") -> "Floats":
    """Average the annotators' own differences, each weighing as much as it is certain.

    Both come in pairs of groups, blind and assisted for each annotator. The weight of b blind
    and a assisted readings is ab / (a + b), which is, but for a factor, the inverse of the
    variance of a difference of two means.
    """
    import numpy as np

    change = series[1::2] - series[::2]
    defined = ~np.isnan(change)
    blind, assisted = counts[::2], counts[1::2]
    weight = np.where(defined, blind * assisted / np.maximum(blind + assisted, 1), 0)
    return ratio((weight * np.where(defined, change, 0)).sum(axis=0), weight.sum(axis=0))


def _counts(groups: Groups, draw: Draw) -> "Floats":
    rows = [[Row(doc_id=it.doc_id, numbers=(1,)) for it in of] for of in groups]
    return draw.sums(rows, width=1)[..., 0]


def _for_words(groups: Sequence[Sequence[tuple[Reading, int]]], draw: Draw) -> "Floats":
    """Give what was counted for 1,000 words."""
    rows = [
        [Row(doc_id=it.doc_id, numbers=(PER * count, it.words)) for it, count in of]
        for of in groups
    ]
    sums = draw.sums(rows, width=2)
    return ratio(sums[..., 0], sums[..., 1])


def _median_speeds(groups: Groups, draw: Draw) -> "Floats":
    import numpy as np

    return np.stack([_median_speed(of, draw) for of in groups])


def _median_speed(readings: Sequence[Reading], draw: Draw) -> "Floats":
    """Give the median of words per minute, each reading as often as a round holds it."""
    import numpy as np

    speeds = sorted((it.speed or 0.0, draw.place[it.doc_id]) for it in readings)
    medians = np.full(len(draw.times), np.nan)
    if not speeds:
        return medians
    values, columns = np.array([it for it, _ in speeds]), [at for _, at in speeds]
    for begin in range(0, len(medians), _STEP):
        reached = np.cumsum(draw.times[begin : begin + _STEP, columns], axis=1)
        middle = reached[:, -1:] / 2
        lower, upper = (reached >= middle).argmax(axis=1), (reached > middle).argmax(axis=1)
        found = (values[lower] + values[upper]) / 2
        medians[begin : begin + _STEP] = np.where(middle[:, 0] > 0, found, np.nan)
    return medians


def _side(readings: Sequence[Reading]) -> Side:
    words = {item.doc_id: item.words for item in readings}
    return Side(
        documents=len(words),
        annotations=len(readings),
        words=sum(words.values()),
        timed=sum(item.speed is not None for item in readings),
    )
