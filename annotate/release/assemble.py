"""Put together what a release holds of one document."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from annotate.model import AnnotatedSpan, Annotation, GoldSpan, OpenSpan, Record, hashed_id
from annotate.release.contents import (
    ReleasedAnnotation,
    ReleasedDocument,
    ReleasedSpan,
    ReleasedZone,
)
from annotate.release.lineage import Lineage
from annotate.release.sources import Source
from annotate.release.splits import Candidate


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


class Rows(Record, frozen=True, kw_only=True):
    """The rows of one document; without an outcome it has annotations alone."""

    document: ReleasedDocument | None
    annotations: tuple[ReleasedAnnotation, ...]
    lineage: tuple[Lineage, ...] = ()

    @property
    def spans(self) -> tuple[ReleasedSpan, ...]:
        """Its gold spans, each with the document's id and its words."""
        if self.document is None:
            return ()
        doc_id, text = self.document.doc_id, self.document.text
        return tuple(
            ReleasedSpan(**_fields(span), doc_id=doc_id, text=text and text[span.start : span.end])
            for span in self.document.spans
        )


def candidate(source: Source, *, annotators: int, waiting: bool = False) -> Candidate:
    """Give what splitting needs to know of a document."""
    return Candidate(
        doc_id=source.document.doc_id,
        cluster=source.cluster,
        condition=source.condition,
        tested=source.tested,
        annotators=annotators,
        waiting=waiting,
        publishers=source.publishers,
        cluster_publishers=source.cluster_publishers,
        published=source.published,
    )


def assemble(
    source: Source | None,
    outcome: Outcome | None,
    annotations: Sequence[Annotation],
    names: Mapping[str, str],
) -> Rows:
    """Give the rows of one document; `names` are the pseudonyms of all annotators.

    All that a release says of a document passes through here, and what it does to the
    document's text it can do to every offset in it.
    """
    ordered = sorted(annotations, key=lambda item: (item.round, names[item.annotator]))
    keys = span_keys(ordered, names)
    return Rows(
        document=released_document(source, outcome, keys) if source and outcome else None,
        annotations=tuple(_annotation(item, names[item.annotator], keys) for item in ordered),
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


def released_document(
    source: Source, outcome: Outcome, keys: Mapping[str, str]
) -> ReleasedDocument:
    """Give the row of the gold layer; `keys` are the released ids of submitted spans."""
    document = source.document
    urls = sorted({item.url for item in source.appearances if item.url})
    licences = sorted({item.licence for item in source.appearances if item.licence})
    return ReleasedDocument(
        doc_id=document.doc_id,
        text=document.text,
        text_sha256=document.text_sha256,
        canonicaliser=document.canonicaliser,
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
    kept = {name: value for name, value in _fields(item).items() if name not in hidden}
    spans = tuple(span.replace(span_id=keys[span.span_id]) for span in item.spans)
    return ReleasedAnnotation(annotator=annotator, spans=spans, **kept)


def _place(span: AnnotatedSpan) -> tuple[int, int, str, str]:
    return (span.start, span.end, span.marker, span.span_id)


def _known(members: Iterable[str], keys: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted(keys[member] for member in members))


def _fields(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__struct_fields__}
