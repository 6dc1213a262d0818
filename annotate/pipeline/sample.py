"""The demo's annotations: quotes in files become spans of the documents they stand in."""

from collections.abc import Iterable, Sequence

import msgspec

from annotate import resources
from annotate.decode import decode
from annotate.errors import InvalidFile
from annotate.model import (
    AnnotatedSpan,
    Appearance,
    Confidence,
    Document,
    Range,
    Record,
    Suggestion,
    Voice,
    hashed_id,
)
from annotate.spans import overlaps
from annotate.taxonomy import Taxonomy


class SampleSpan(Record, frozen=True, kw_only=True):
    """A span by its wording: `prefix` stands right before it and makes it unique."""

    quote: str
    prefix: str = ""
    marker: str
    voice: Voice = "reporter"
    confidence: Confidence = 3
    attributes: dict[str, str] = {}
    referent_quote: str | None = None
    referent_prefix: str = ""


class SampleAnnotation(Record, frozen=True, kw_only=True):
    """What one person says of one article of the sample."""

    source: str
    title: str
    spans: tuple[SampleSpan, ...]
    document_attributes: dict[str, str] = {}
    skipped: bool = False


def read_annotations(person: str) -> list[SampleAnnotation]:
    """Give the sample's annotations of `ana`, `ben` or `adjudicated`."""
    path = resources.sample() / "annotations" / f"{person}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        decode(msgspec.json.decode(line), SampleAnnotation, place=f"{path.name}:{number}")
        for number, line in enumerate(lines, start=1)
    ]


def by_document(
    annotations: Iterable[SampleAnnotation],
    documents: Sequence[Document],
    appearances: Iterable[Appearance],
) -> dict[str, SampleAnnotation]:
    """Give each document's annotation: its file has the document, and all quotes fit.

    Raises InvalidFile for an annotation that fits no document.
    """
    files: dict[str, list[str]] = {}
    for item in appearances:
        files.setdefault(_file(item.source), []).append(item.doc_id)
    texts = {item.doc_id: item.text for item in documents}
    found: dict[str, SampleAnnotation] = {}
    for annotation in annotations:
        candidates = files.get(_file(annotation.source), [])
        fitting = [item for item in candidates if _fits(annotation, texts[item])]
        if not fitting:
            raise InvalidFile(
                f"sample: no document has the quotes for {annotation.source}",
                hint="Install annotate-markers again; its files were changed",
            )
        found[fitting[0]] = annotation
    return found


def _file(source: str) -> str:
    name = source.replace("\\", "/").rsplit("/", 1)[-1]
    return name.split(":")[0]


def _fits(annotation: SampleAnnotation, text: str) -> bool:
    quotes = [(item.prefix, item.quote) for item in annotation.spans]
    return annotation.title in text and all(_found(text, *quote) for quote in quotes)


def _found(text: str, prefix: str, quote: str) -> bool:
    return prefix + quote in text


def locate(text: str, *, prefix: str, quote: str) -> Range:
    """Give the range of the first `quote` that stands right behind `prefix`."""
    start = text.index(prefix + quote) + len(prefix)
    return Range(start=start, end=start + len(quote))


def spans_of(
    annotation: SampleAnnotation,
    document: Document,
    taxonomy: Taxonomy,
    shown: Sequence[Suggestion] = (),
) -> list[AnnotatedSpan]:
    """Give the annotation's spans, each traced to the suggestion it would have come from."""
    left = list(shown)
    spans = []
    for item in annotation.spans:
        place = locate(document.text, prefix=item.prefix, quote=item.quote)
        source = next(
            (other for other in left if other.marker == item.marker and overlaps(other, place)),
            None,
        )
        if source:
            left.remove(source)
        spans.append(_span(item, place, document, taxonomy, source))
    return spans


def _span(
    item: SampleSpan,
    place: Range,
    document: Document,
    taxonomy: Taxonomy,
    source: Suggestion | None,
) -> AnnotatedSpan:
    same = source is not None and (source.start, source.end) == (place.start, place.end)
    own_id = hashed_id("r", document.doc_id, place.start, place.end, item.marker)
    return AnnotatedSpan(
        start=place.start,
        end=place.end,
        marker=item.marker,
        voice=item.voice,
        confidence=item.confidence,
        attributes=item.attributes,
        judgement=taxonomy.judge(item.marker, item.attributes),
        referent=_referent(item, document),
        span_id=source.suggestion_id if source else own_id,
        origin="manual" if source is None else "prediction" if same else "prediction-changed",
        suggestion_id=source.suggestion_id if source else None,
    )


def _referent(item: SampleSpan, document: Document) -> Range | None:
    if item.referent_quote is None:
        return None
    return locate(document.text, prefix=item.referent_prefix, quote=item.referent_quote)
