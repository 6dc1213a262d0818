"""Which annotations still fit: their document's text, and the markers in use."""

from collections.abc import Collection, Iterable, Mapping

from annotate.model import Annotation, Document, Record, Reject, Span, Verdict
from annotate.taxonomy import Taxonomy


class Fitting(Record, frozen=True, kw_only=True):
    """Annotations without what does not fit, and what that was."""

    annotations: tuple[Annotation, ...]
    rejects: tuple[Reject, ...]


class FittingVerdicts(Record, frozen=True, kw_only=True):
    """Verdicts on the texts that are here, with markers in use, and what the others were."""

    verdicts: tuple[Verdict, ...]
    rejects: tuple[Reject, ...]


def fitting(
    annotations: Iterable[Annotation], documents: Mapping[str, Document], taxonomy: Taxonomy
) -> Fitting:
    """Leave out annotations of another text, and spans outside it or of other markers."""
    known = frozenset(taxonomy.names)
    kept: list[Annotation] = []
    rejects: list[Reject] = []
    for item in annotations:
        place = f"annotation {item.annotation_id}"
        reason = _misplaced(item, documents)
        if reason is not None:
            rejects.append(Reject(place=place, reason=reason))
            continue
        length = len(documents[item.doc_id].text)
        wrong = {span.span_id: why for span in item.spans if (why := _wrong(span, length, known))}
        if wrong:
            spans = tuple(span for span in item.spans if span.span_id not in wrong)
            kept.append(item.replace(spans=spans))
        else:
            kept.append(item)
        rejects += [Reject(place=f"{place}, span {at}", reason=wrong[at]) for at in wrong]
    return Fitting(annotations=tuple(kept), rejects=tuple(rejects))


def fitting_verdicts(
    verdicts: Iterable[Verdict], documents: Mapping[str, Document], taxonomy: Taxonomy
) -> FittingVerdicts:
    """Leave out verdicts on another text, and those of which a span does not fit."""
    known = frozenset(taxonomy.names)
    kept: list[Verdict] = []
    rejects: list[Reject] = []
    for item in verdicts:
        reason = _misplaced(item, documents)
        if reason is None:
            length = len(documents[item.doc_id].text)
            reason = next(filter(None, (_wrong(it, length, known) for it in item.spans)), None)
        if reason is None:
            kept.append(item)
        else:
            rejects.append(Reject(place=f"verdict {item.verdict_id}", reason=reason))
    return FittingVerdicts(verdicts=tuple(kept), rejects=tuple(rejects))


def _misplaced(item: Annotation | Verdict, documents: Mapping[str, Document]) -> str | None:
    document = documents.get(item.doc_id)
    if document is None:
        return "its document is not here"
    return None if document.text_sha256 == item.text_sha256 else "its document's text is another"


def _wrong(span: Span, length: int, known: Collection[str]) -> str | None:
    if span.end > length:
        return f"end {span.end} is behind the text's end {length}"
    return None if span.marker in known else f"marker {span.marker} is not in use here"
