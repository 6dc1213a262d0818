"""How each annotator works: rate, length, speed, drift and what they mark more than others."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise
from statistics import median
from typing import TYPE_CHECKING

from annotate.agreement.contested import ReadDocument
from annotate.agreement.explain import Profile, Tendency, Third
from annotate.agreement.held import (
    FIELDS,
    Draw,
    Ranges,
    Row,
    overlap_f1,
    ratio,
    row,
    tallied,
    turned,
)
from annotate.agreement.resample import UNMARKED, Value
from annotate.model import Condition

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

UNTIMED = "no time was recorded"
ALONE = "nobody else read these documents"
UNMET = "no span overlaps one that somebody else marked alike"
NO_WORDS = "the documents have no words"
FEW = "fewer than three documents"
NOT_BY_OTHERS = "the others marked none"
PER = 1_000
THIRDS = 3


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One annotator's submitted reading of a document.

    `marked` holds the ranges that count by marker, overlapping ones joined; `words` counts
    those of the document.
    """

    doc_id: str
    annotator: str
    condition: Condition
    submitted_at: str
    lead_time_s: float | None
    words: int
    marked: Ranges

    @cached_property
    def spans(self) -> int:
        """Give the number of spans."""
        return sum(map(len, self.marked.values()))

    @property
    def speed(self) -> float | None:
        """Give words per minute; None where no time was recorded."""
        return 60 * self.words / self.lead_time_s if self.lead_time_s else None


def profiles(
    readings: Sequence[Reading],
    documents: Iterable[ReadDocument],
    *,
    markers: Sequence[str],
    groups: Mapping[str, str],
    rng: "np.random.Generator | None",
) -> dict[str, Profile]:
    """Describe each annotator over their readings, one a document.

    `documents` have the places where pairs of annotators met; `markers` have a tendency
    also where nobody used them. Rates, scores and ratios have 95% intervals over documents.
    """
    draw = Draw((item.doc_id for item in readings), groups=groups, rng=rng)
    own: defaultdict[str, list[Reading]] = defaultdict(list)
    together: defaultdict[str, list[Reading]] = defaultdict(list)
    for item in sorted(readings, key=lambda item: (item.submitted_at, item.doc_id)):
        own[item.annotator].append(item)
        together[item.doc_id].append(item)
    scored = _scored(together)
    shifts = _shifts(documents)
    names = [*markers, *sorted({name for it in readings for name in it.marked} - {*markers})]
    return {
        name: _profile(
            found,
            scored[name],
            shifts[name],
            _tendency(found, together, names, draw),
            draw,
        )
        for name, found in sorted(own.items())
    }


def _profile(
    found: Sequence[Reading],
    scored: Sequence[Row],
    shifts: Sequence["_Shift"],
    tendency: dict[str, Tendency],
    draw: Draw,
) -> Profile:
    thirds = _thirds(found)
    held: defaultdict[str, list[Row]] = defaultdict(list)
    for item in scored:
        held[item.doc_id].append(item)
    rate, *rates = _rates([found, *thirds], draw)
    parts = [[it for one in part for it in held[one.doc_id]] for part in thirds]
    agreement, *agreements = _agreements([scored, *parts], draw)
    return Profile(
        documents=len(found),
        words=sum(item.words for item in found),
        spans=sum(item.spans for item in found),
        timed=sum(item.speed is not None for item in found),
        rate=rate,
        length=_median(_lengths(found), reason=UNMARKED),
        speed=_speed(found),
        agreement=agreement,
        starts=_median([it.start for it in shifts], reason=UNMET),
        ends=_median([it.end for it in shifts], reason=UNMET),
        tendency=tendency,
        drift=tuple(
            Third(
                documents=len(part),
                first=part[0].submitted_at,
                last=part[-1].submitted_at,
                rate=rates[number],
                agreement=agreements[number],
                speed=_speed(part),
            )
            for number, part in enumerate(thirds)
        ),
        drift_reason=None if thirds else FEW,
    )


def _scored(together: Mapping[str, Sequence[Reading]]) -> defaultdict[str, list[Row]]:
    """Give each annotator's tallies against each other reader of each document."""
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for doc_id, found in together.items():
        for one, two in combinations(found, 2):
            counted = tallied(one.marked, two.marked)
            rows[one.annotator].append(row(doc_id, counted))
            rows[two.annotator].append(row(doc_id, turned(counted)))
    return rows


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shift:
    """By how many code points one annotator's span begins and ends later than another's."""

    start: int
    end: int


def _shifts(documents: Iterable[ReadDocument]) -> defaultdict[str, list[_Shift]]:
    shifts: defaultdict[str, list[_Shift]] = defaultdict(list)
    for document in documents:
        for pair, found in document.places.items():
            for place in found:
                if place.kind == "other_marker" or len(place.first) != 1 or len(place.second) != 1:
                    continue
                start = place.first[0].start - place.second[0].start
                end = place.first[0].end - place.second[0].end
                shifts[pair[0]].append(_Shift(start=start, end=end))
                shifts[pair[1]].append(_Shift(start=-start, end=-end))
    return shifts


def _rates(parts: Iterable[Iterable[Reading]], draw: Draw) -> list[Value]:
    rows = [
        [Row(doc_id=it.doc_id, numbers=(PER * it.spans, it.words)) for it in part] for part in parts
    ]
    sums = draw.sums(rows, width=2)
    return [draw.value(ratio(it[:, 0], it[:, 1]), reason=NO_WORDS) for it in sums]


def _agreements(parts: Sequence[Collection[Row]], draw: Draw) -> list[Value]:
    sums = draw.sums(parts, width=len(FIELDS))
    return [
        draw.value(overlap_f1(it), reason=UNMARKED if rows else ALONE)
        for rows, it in zip(parts, sums, strict=True)
    ]


def _speed(found: Iterable[Reading]) -> Value:
    return _median([it.speed for it in found if it.speed is not None], reason=UNTIMED)


def _lengths(found: Iterable[Reading]) -> list[int]:
    return [it.end - it.start for one in found for of in one.marked.values() for it in of]


def _median(numbers: Sequence[float], *, reason: str) -> Value:
    return Value(value=float(median(numbers))) if numbers else Value(value=None, reason=reason)


def _thirds(found: Sequence[Reading]) -> list[Sequence[Reading]]:
    """Part readings in the order of submission; fewer than three are not parted."""
    if len(found) < THIRDS:
        return []
    edges = (len(found) * number // THIRDS for number in range(THIRDS + 1))
    return [found[begin:end] for begin, end in pairwise(edges)]


def _tendency(
    found: Iterable[Reading],
    together: Mapping[str, Sequence[Reading]],
    markers: Sequence[str],
    draw: Draw,
) -> dict[str, Tendency]:
    rows = [_beside(it, together[it.doc_id], markers) for it in found]
    beside = [item for item in rows if item.numbers[-1]]
    (sums,) = draw.sums([beside], width=2 * len(markers) + 2)
    here, there = sums[:, -2], sums[:, -1]
    reason = NO_WORDS if beside else ALONE
    tendencies = {}
    for number, name in enumerate(markers):
        own = ratio(PER * sums[:, number], here)
        others = ratio(PER * sums[:, len(markers) + number], there)
        tendencies[name] = Tendency(
            own=draw.value(own, reason=reason),
            others=draw.value(others, reason=reason),
            ratio=draw.value(ratio(own, others), reason=NOT_BY_OTHERS if beside else ALONE),
        )
    return tendencies


def _beside(item: Reading, readers: Iterable[Reading], markers: Sequence[str]) -> Row:
    """Give the spans by marker, the others' by marker, and the words that each were read."""
    others = [it for it in readers if it is not item]
    own = [len(item.marked.get(name, ())) for name in markers]
    theirs = [sum(len(it.marked.get(name, ())) for it in others) for name in markers]
    return Row(doc_id=item.doc_id, numbers=(*own, *theirs, item.words, item.words * len(others)))
