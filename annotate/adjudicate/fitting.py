"""Which annotations still fit: their document's text, and the markers in use."""

from collections.abc import Iterable, Iterator, Mapping

from annotate.model import AnnotatedSpan, Annotation, Document, Record, Reject
from annotate.taxonomy import Taxonomy


class Fitting(Record, frozen=True, kw_only=True):
    """Annotations without what does not fit, and what that was."""

    annotations: tuple[Annotation, ...]
    rejects: tuple[Reject, ...]


def fitting(
    annotations: Iterable[Annotation], documents: Mapping[str, Document], taxonomy: Taxonomy
) -> Fitting:
    """Leave out annotations of another text, and spans outside it or of other markers."""
    kept: list[Annotation] = []
    rejects: list[Reject] = []
    for item in annotations:
        place = f"annotation {item.annotation_id}"
        document = documents.get(item.doc_id)
        if document is None:
            rejects.append(Reject(place=place, reason="its document is not here"))
        elif document.text_sha256 != item.text_sha256:
            rejects.append(Reject(place=place, reason="its document's text is another"))
        else:
            wrong = dict(_wrong(item.spans, len(document.text), taxonomy))
            spans = tuple(span for span in item.spans if span.span_id not in wrong)
            kept.append(item.replace(spans=spans))
            rejects += [Reject(place=f"{place}, span {at}", reason=wrong[at]) for at in wrong]
    return Fitting(annotations=tuple(kept), rejects=tuple(rejects))


def _wrong(
    spans: Iterable[AnnotatedSpan], length: int, taxonomy: Taxonomy
) -> Iterator[tuple[str, str]]:
    for span in spans:
        if span.end > length:
            yield span.span_id, f"end {span.end} is behind the text's end {length}"
        elif span.marker not in taxonomy.names:
            yield span.span_id, f"marker {span.marker} is not in use here"
