"""Put together the rows of a release from what the workspace knows of each document."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from annotate.model import Annotation, GoldSpan, OpenSpan, hashed_id
from annotate.release.contents import (
    LEFT_OUT,
    ReleasedAnnotation,
    ReleasedDocument,
    ReleasedZone,
)
from annotate.release.layers import Layers
from annotate.release.sources import Source
from annotate.release.splits import Candidate, Splits


class Outcome(Protocol):
    """What became of a document's spans."""

    @property
    def annotators(self) -> int:
        """How many read it independently."""

    @property
    def gold(self) -> tuple[GoldSpan, ...]:
        """What is settled."""

    @property
    def open(self) -> tuple[OpenSpan, ...]:
        """What is not."""

    @property
    def document_attributes(self) -> dict[str, str]:
        """The answers about the document as a whole."""


def candidate(source: Source, *, annotators: int) -> Candidate:
    """Give what splitting needs to know of a document."""
    return Candidate(
        doc_id=source.document.doc_id,
        cluster=source.cluster,
        condition=source.condition,
        tested=source.tested,
        annotators=annotators,
        publishers=source.publishers,
        cluster_publishers=source.cluster_publishers,
        published=source.published,
    )


def assemble(
    sources: Mapping[str, Source],
    outcomes: Mapping[str, Outcome],
    annotations: Sequence[Annotation],
    splits: Splits,
    *,
    seed: int,
) -> Layers:
    """Give the rows of every layer; documents and annotations in order of their ids."""
    names = pseudonyms((item.annotator for item in annotations), seed=seed)
    home = {doc_id: split for split, ids in splits.documents.items() for doc_id in ids}
    ordered = sorted(annotations, key=lambda item: (item.doc_id, item.round, names[item.annotator]))
    return Layers(
        gold={
            split: tuple(_document(sources[doc_id], outcomes[doc_id]) for doc_id in sorted(ids))
            for split, ids in splits.documents.items()
        },
        annotations={
            split: tuple(
                _annotation(item, names[item.annotator])
                for item in ordered
                if home.get(item.doc_id, LEFT_OUT) == split
            )
            for split in (*splits.documents, LEFT_OUT)
        },
    )


def pseudonyms(people: Iterable[str], *, seed: int) -> dict[str, str]:
    """Give each person a1, a2, … in an order that says nothing about their names."""
    ordered = sorted(set(people), key=lambda person: hashed_id("p", seed, person))
    return {person: f"a{number}" for number, person in enumerate(ordered, start=1)}


def _document(source: Source, outcome: Outcome) -> ReleasedDocument:
    document = source.document
    urls = sorted({item.url for item in source.appearances if item.url})
    licences = sorted({item.licence for item in source.appearances if item.licence})
    return ReleasedDocument(
        doc_id=document.doc_id,
        text=document.text,
        text_sha256=document.text_sha256,
        title=document.title,
        language=document.language,
        publishers=source.publishers,
        published=source.published,
        url=urls[0] if urls else None,
        licence="; ".join(licences) or None,
        cluster=source.cluster,
        condition=source.condition,
        inclusion_probability=source.inclusion_probability,
        annotators=outcome.annotators,
        document_attributes=outcome.document_attributes,
        zones=tuple(
            ReleasedZone(start=zone.start, end=zone.end, zone=zone.zone)
            for zone in sorted(source.zones)
        ),
        spans=tuple(sorted(outcome.gold, key=lambda span: (span.start, span.end, span.marker))),
        open=outcome.open,
    )


def _annotation(item: Annotation, annotator: str) -> ReleasedAnnotation:
    hidden = {"annotation_id", "assignment_id", "text_sha256", "annotator"}
    kept = {name: getattr(item, name) for name in item.__struct_fields__ if name not in hidden}
    return ReleasedAnnotation(annotator=annotator, **kept)
