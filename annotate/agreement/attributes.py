"""Agreement on what annotators say of the same spans: attributes, and what follows from them.

Which spans are the same: overlapping ones of one marker by different annotators are joined
in the order of falling intersection over union, each annotator with one span at most. How
far their edges are apart does not matter here, since that is measured elsewhere. Such a
group is a unit of Krippendorff's nominal alpha (2019, chapter 12); whoever left an
attribute open, or marked nothing there, is missing in it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from annotate.agreement.pairwise import readings
from annotate.agreement.resample import NO_CHANCE, UNREAD, Value, corrected, drawn, value
from annotate.marker import Marker
from annotate.model import AnnotatedSpan, Annotation, Record, Voice
from annotate.scores import VOICES
from annotate.spans import iou, overlaps
from annotate.taxonomy import Taxonomy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

UNANSWERED = "no two annotators said anything of the same span"
Confusion = dict[str, dict[str, int]]


class Compared(Record, frozen=True, kw_only=True):
    """Agreement on one question about spans.

    `spans` counts those of which two or more annotators gave a value. `confusion` counts
    pairs of annotators by their two values; it is the same both ways round.
    """

    alpha: Value
    spans: int
    confusion: Confusion


class Answers(Record, frozen=True, kw_only=True):
    """Agreement on each attribute of each marker, and on the judgement of each marker with one."""

    attributes: dict[str, dict[str, Compared]]
    judgements: dict[str, Compared]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A span and who marked it."""

    annotator: str
    span: AnnotatedSpan


@dataclass(kw_only=True)
class _Question:
    """A question, its values in order, and for each unit its document and what was said."""

    values: Sequence[str]
    units: list[tuple[str, list[str]]] = field(default_factory=list)

    def add(self, doc_id: str, said: Iterable[str | None]) -> None:
        known = [each for each in said if each is not None]
        if len(known) > 1:
            self.units.append((doc_id, known))


def answers(
    annotations: Iterable[Annotation],
    taxonomy: Taxonomy,
    *,
    voices: Sequence[Voice] = VOICES,
    groups: Mapping[str, str] | None = None,
    rng: "np.random.Generator | None" = None,
) -> Answers:
    """Compare attributes and judgements over documents that two or more annotators submitted.

    A judgement is what the taxonomy's rule concludes from each annotator's attributes, and
    is missing while an input is open. Clusters of `groups` are resampled whole with `rng`.
    """
    read = readings(annotations)
    times = drawn(tuple(read), groups=groups or {}, rng=rng)
    place = {doc_id: number for number, doc_id in enumerate(read)}
    attributes: dict[str, dict[str, Compared]] = {}
    judgements: dict[str, Compared] = {}
    for marker in taxonomy.markers:
        units = list(_units(read, marker.marker, voices)) if _asked(marker, taxonomy) else []
        if marker.attributes:
            attributes[marker.marker] = {
                name: _compared(question, place, times)
                for name, question in _questions(marker, units).items()
            }
        if taxonomy.derivation(marker.marker):
            question = _judged(marker.marker, taxonomy, units)
            judgements[marker.marker] = _compared(question, place, times)
    return Answers(attributes=attributes, judgements=judgements)


def same_spans(marks: Sequence[Mark]) -> list[list[Mark]]:
    """Give the groups of spans of one marker and document that are the same ones.

    In each group is at most one span of an annotator, and each span is in one group. Both
    keep the order of `marks`.
    """
    pairs = [
        (one, two)
        for one, two in combinations(range(len(marks)), 2)
        if marks[one].annotator != marks[two].annotator
        and overlaps(marks[one].span, marks[two].span)
    ]
    groups = {number: [number] for number in range(len(marks))}
    for one, two in sorted(pairs, key=lambda pair: _order(marks, pair)):
        first, second = groups[one], groups[two]
        people = {marks[number].annotator for number in (*first, *second)}
        if first is not second and len(people) == len(first) + len(second):
            first += second
            groups.update(dict.fromkeys(second, first))
    found = {min(group): sorted(group) for group in groups.values()}
    return [[marks[number] for number in found[first]] for first in sorted(found)]


def _order(marks: Sequence[Mark], pair: tuple[int, int]) -> tuple[object, ...]:
    # By what was marked and never by who did, so that nothing depends on names.
    spans = [marks[number].span for number in pair]
    what = sorted((it.start, it.end, sorted(it.attributes.items())) for it in spans)
    return (-iou(*spans), what)


def _asked(marker: Marker, taxonomy: Taxonomy) -> bool:
    return bool(marker.attributes) or taxonomy.derivation(marker.marker) is not None


Unit = tuple[str, list[Mark]]


def _units(
    read: Mapping[str, Sequence[Annotation]], marker: str, voices: Sequence[Voice]
) -> Iterator[Unit]:
    """Give the groups of spans of the marker that are the same ones, with their documents."""
    for doc_id, found in read.items():
        marks = [
            Mark(annotator=item.annotator, span=span)
            for item in found
            for span in item.spans
            if span.marker == marker and span.voice in voices
        ]
        if len(marks) > 1:
            yield from ((doc_id, group) for group in same_spans(marks) if len(group) > 1)


def _questions(marker: Marker, units: Sequence[Unit]) -> dict[str, _Question]:
    questions = {}
    for attribute in marker.attributes:
        question = _Question(values=[item.value for item in attribute.values])
        for doc_id, group in units:
            question.add(doc_id, (mark.span.attributes.get(attribute.name) for mark in group))
        questions[attribute.name] = question
    return questions


def _judged(marker: str, taxonomy: Taxonomy, units: Sequence[Unit]) -> _Question:
    derivation = taxonomy.derivation(marker)
    question = _Question(values=list(derivation.judgements) if derivation else [])
    for doc_id, group in units:
        question.add(doc_id, (taxonomy.judge(marker, mark.span.attributes) for mark in group))
    return question


def _compared(question: _Question, place: Mapping[str, int], times: "Floats | None") -> Compared:
    import numpy as np

    said = {each for _, known in question.units for each in known}
    legal = [each for each in question.values if each in said]
    scale = [*legal, *sorted(said.difference(legal))]
    margins, unlike = _coincidences(question, place, scale)
    whole = _parts(np.ones((1, len(place))), margins, unlike)
    rounds = None if times is None else corrected(_parts(times, margins, unlike))
    reason = NO_CHANCE if question.units else (UNANSWERED if place else UNREAD)
    return Compared(
        alpha=value(float(corrected(whole)[0]), rounds, reason=reason),
        spans=len(question.units),
        confusion=_confusion(question, scale),
    )


def _coincidences(
    question: _Question, place: Mapping[str, int], scale: Sequence[str]
) -> "tuple[Floats, Floats]":
    """Give by document how often each value was given, and the coincidences of unlike ones."""
    import numpy as np

    column = {name: number for number, name in enumerate(scale)}
    margins, unlike = np.zeros((len(place), len(scale))), np.zeros(len(place))
    for doc_id, known in question.units:
        row = place[doc_id]
        for each in known:
            margins[row, column[each]] += 1
        apart = sum(one != two for one, two in combinations(known, 2))
        unlike[row] += 2 * apart / (len(known) - 1)
    return margins, unlike


def _parts(times: "Floats", margins: "Floats", unlike: "Floats") -> "Floats":
    """Give observed and expected disagreement, rounds x 2."""
    import numpy as np

    counts = times @ margins
    total = counts.sum(axis=1)
    paired = np.where(total > 1, total * (total - 1), 1)
    observed = times @ unlike / np.maximum(total, 1)
    return np.stack([observed, (total**2 - (counts**2).sum(axis=1)) / paired], axis=-1)


def _confusion(question: _Question, scale: Sequence[str]) -> Confusion:
    counts: defaultdict[tuple[str, str], int] = defaultdict(int)
    for _, known in question.units:
        for one, two in combinations(known, 2):
            counts[one, two] += 1
            if one != two:
                counts[two, one] += 1
    return {one: {two: counts[one, two] for two in scale} for one in scale}
