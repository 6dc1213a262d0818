"""The documents with most disagreement, and what each reader marked there."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from annotate.agreement.explain import KINDS, Contested, Marked, Passage
from annotate.agreement.places import Cluster, Mark, Pair, Place
from annotate.model import Condition, Document, Range
from annotate.spans import components, snap, within

DOCUMENTS, PASSAGES = 10, 12
AROUND, NEAR, LONG = 80, 40, 400  # code points


@dataclass(frozen=True, kw_only=True)
class ReadDocument:
    """A document with its readers, what they marked and the places of each pair of them."""

    doc_id: str
    condition: Condition
    words: int
    readers: tuple[str, ...]
    clusters: Sequence[Cluster] = ()
    places: Mapping[Pair, Sequence[Place]] = field(default_factory=dict)

    @property
    def disagreements(self) -> int:
        """Give the number of disagreements, over all pairs of readers."""
        return sum(it.kind != "agreed" for found in self.places.values() for it in found)

    @property
    def per_pair(self) -> float:
        """Give the number of disagreements for each pair of readers."""
        return self.disagreements / len(self.places) if self.places else 0.0


def most_contested(
    documents: Iterable[ReadDocument], *, number: int = DOCUMENTS
) -> list[ReadDocument]:
    """Give the documents with most disagreements for each pair of readers, the most first."""
    ordered = sorted(documents, key=lambda item: (-item.per_pair, item.doc_id))
    return [item for item in ordered[:number] if item.disagreements]


def contested(read: ReadDocument, document: Document) -> Contested:
    """Give the contested passages side by side, in the order of the text.

    Where there are more than `PASSAGES`, those with most disagreements are shown.
    """
    found = [place for of_pair in read.places.values() for place in of_pair]
    unlike = [place for place in found if place.kind != "agreed"]
    passages = _passages(read, document.text, unlike)
    worst = sorted(passages, key=lambda item: (-sum(item.kinds.values()), item.start))
    shown = sorted(worst[:PASSAGES], key=lambda item: item.start)
    return Contested(
        doc_id=read.doc_id,
        title=document.title,
        condition=read.condition,
        annotators=read.readers,
        words=read.words,
        agreed=len(found) - len(unlike),
        disagreements=len(unlike),
        per_pair=read.per_pair,
        passages=tuple(shown),
        left_out=len(passages) - len(shown),
    )


def _passages(read: ReadDocument, text: str, unlike: Sequence[Place]) -> list[Passage]:
    marks = [mark for cluster in read.clusters for mark in cluster.votes]
    return [
        _passage(
            read,
            text,
            stretch,
            [place for place in unlike if within(place.marks[0], stretch)],
            [mark for mark in marks if within(mark, stretch)],
        )
        for stretch in _stretches(marks, unlike)
    ]


def _stretches(marks: Iterable[Mark], unlike: Sequence[Place]) -> list[Range]:
    """Give where overlapping spans hold a disagreement; short ones that are near are joined."""
    joined: list[Range] = []
    for group in components(marks):
        start, end = group[0].start, max(mark.end for mark in group)
        found = Range(start=start, end=end)
        if not any(within(place.marks[0], found) for place in unlike):
            continue
        if joined and start - joined[-1].end <= NEAR and end - joined[-1].start <= LONG:
            joined[-1] = Range(start=joined[-1].start, end=end)
        else:
            joined.append(found)
    return joined


def _passage(
    read: ReadDocument,
    text: str,
    stretch: Range,
    inside: Iterable[Place],
    touching: Sequence[Mark],
) -> Passage:
    counts = Counter(place.kind for place in inside)
    around = Range(start=max(0, stretch.start - AROUND), end=min(len(text), stretch.end + AROUND))
    shown = snap(text, around)
    return Passage(
        start=shown.start,
        end=shown.end,
        text=text[shown.start : shown.end],
        kinds={kind: counts[kind] for kind in KINDS if counts[kind]},
        annotators={
            name: tuple(
                _marked(mark, text)
                for mark in sorted(touching, key=lambda it: (it.start, it.end, it.marker))
                if mark.annotator == name
            )
            for name in read.readers
        },
    )


def _marked(mark: Mark, text: str) -> Marked:
    return Marked(
        start=mark.start,
        end=mark.end,
        marker=mark.marker,
        attributes=dict(mark.attributes),
        words=text[mark.start : mark.end],
    )
