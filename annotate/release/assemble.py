"""Put together the rows of a release from what the workspace knows of each document."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from annotate.model import AnnotatedSpan, Annotation, GoldSpan, OpenSpan, hashed_id
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
    keys = span_keys(annotations, names)
    home = {doc_id: split for split, ids in splits.documents.items() for doc_id in ids}
    ordered = sorted(annotations, key=lambda item: (item.doc_id, item.round, names[item.annotator]))
    return Layers(
        gold={
            split: tuple(
                _document(sources[doc_id], outcomes[doc_id], keys) for doc_id in sorted(ids)
            )
            for split, ids in splits.documents.items()
        },
        annotations={
            split: tuple(
                _annotation(item, names[item.annotator], keys)
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


def span_keys(annotations: Iterable[Annotation], names: Mapping[str, str]) -> dict[str, str]:
    """Give each submitted span an id that a guessed name does not lead to.

    The workspace's ids are hashes of the person's name: who tries names would find it.
    """
    return {
        span.span_id: hashed_id("p", item.doc_id, names[item.annotator], item.round, number)
        for item in annotations
        for number, span in enumerate(sorted(item.spans, key=_place))
    }


def _place(span: AnnotatedSpan) -> tuple[int, int, str, str]:
    return (span.start, span.end, span.marker, span.span_id)


def _known(members: Iterable[str], keys: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted(keys[member] for member in members))


def _document(source: Source, outcome: Outcome, keys: Mapping[str, str]) -> ReleasedDocument:
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
        cluster_publishers=source.cluster_publishers,
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
        spans=tuple(
            span.replace(members=_known(span.members, keys))
            for span in sorted(outcome.gold, key=lambda span: (span.start, span.end, span.marker))
        ),
        open=tuple(span.replace(members=_known(span.members, keys)) for span in outcome.open),
    )


def _annotation(item: Annotation, annotator: str, keys: Mapping[str, str]) -> ReleasedAnnotation:
    hidden = {"annotation_id", "assignment_id", "text_sha256", "annotator", "spans"}
    kept = {name: getattr(item, name) for name in item.__struct_fields__ if name not in hidden}
    spans = tuple(span.replace(span_id=keys[span.span_id]) for span in item.spans)
    return ReleasedAnnotation(annotator=annotator, spans=spans, **kept)
