"""Label Studio's JSON, written: documents become tasks, spans become regions.

Offsets are code points of the document's text, end-exclusive, as Label Studio stores
them for `<Text>`. Reading stands in `label_studio_results`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from annotate.errors import DataError
from annotate.model import (
    AnnotatedSpan,
    Assignment,
    Document,
    Record,
    Span,
    Suggestion,
    assignment_id,
    hashed_id,
)
from annotate.taxonomy import Taxonomy

MARKER, TEXT, VOICE, CONFIDENCE, GUIDE = "marker", "text", "voice", "confidence", "guide"
SAME_SOURCE = "same_source"
# One name for all suggesters: a project shows the predictions of one model version only.
MODEL_VERSION = "suggestions"

DEFAULT_VOICE, DEFAULT_CONFIDENCE = "reporter", 3

Payload = dict[str, Any]


class Identity(Record, frozen=True, kw_only=True):
    """Whose task it is: travels with the task, so that the server alone can tell."""

    assignment: Assignment
    text_sha256: str
    project: str
    guideline_version: str
    taxonomy_version: str
    shown: tuple[str, ...] = ()


def task_payload(  # noqa: PLR0913
    document: Document,
    assignment: Assignment,
    *,
    taxonomy: Taxonomy,
    project: str,
    guide: str,
    suggestions: Sequence[Suggestion] = (),
) -> Payload:
    """Give the task of an assignment; suggestions go along only where it is `assisted`.

    Raises DataError for a suggestion that the text or the taxonomy does not allow: the
    server would take it without a word.
    """
    shown = tuple(suggestions) if assignment.condition == "assisted" else ()
    task: Payload = {
        "data": {
            "text": document.text,
            "guide": guide,
            "assignment_id": assignment.assignment_id,
            "doc_id": document.doc_id,
            "text_sha256": document.text_sha256,
        },
        "meta": {
            "annotator": assignment.annotator,
            "round": assignment.round,
            "condition": assignment.condition,
            "kind": assignment.kind,
            "project": project,
            "guideline_version": taxonomy.frame.guideline_version,
            "taxonomy_version": taxonomy.version,
            "shown": [item.suggestion_id for item in shown],
        },
    }
    if shown:
        task["predictions"] = [_prediction(shown, document.text, taxonomy)]
    return task


def _prediction(suggestions: Sequence[Suggestion], text: str, taxonomy: Taxonomy) -> Payload:
    result: list[Payload] = []
    for item in suggestions:
        problem = span_problem(item, text=text, taxonomy=taxonomy)
        if problem:
            raise DataError(
                f"suggestion {item.suggestion_id} of {item.doc_id}: {problem}",
                hint="Run `annotate suggest` again",
            )
        filled = item.replace(attributes=with_defaults(item, taxonomy))
        more = {"score": item.score}
        result += region_items(filled, region_id=item.suggestion_id, text=text, more=more)
    score = sum(item.score for item in suggestions) / len(suggestions)
    return {"model_version": MODEL_VERSION, "score": round(score, 6), "result": result}


def with_defaults(span: Span, taxonomy: Taxonomy) -> dict[str, str]:
    """Complete required attributes: the page refuses a submit while one is missing."""
    defaults = {
        item.name: item.default
        for item in taxonomy.marker(span.marker).attributes
        if item.required and item.default is not None
    }
    return defaults | dict(span.attributes)


def span_problem(span: Span, *, text: str, taxonomy: Taxonomy) -> str | None:
    """Say what the text or the taxonomy does not allow about a span; None when all fits."""
    if span.end > len(text):
        return f"end {span.end} lies behind the text's {len(text)} characters"
    if span.marker not in taxonomy.names:
        return f'marker "{span.marker}" is not in use; in use: {", ".join(taxonomy.names)}'
    marker = taxonomy.marker(span.marker)
    for name, value in span.attributes.items():
        attribute = marker.attribute(name)
        if attribute is None:
            return f"{span.marker} has no attribute {name}"
        legal = [item.value for item in attribute.values]
        if value not in legal:
            return f'{name} "{value}" is not known; legal: {", ".join(legal)}'
    return None


def annotation_payload(
    spans: Iterable[Span],
    *,
    text: str,
    document_attributes: Mapping[str, str] | None = None,
    lead_time_s: float | None = None,
    skipped: bool = False,
) -> Payload:
    """Give the body that submits an annotation with an annotator's own token.

    No spans is a statement too, and gives an explicit empty result.
    """
    result = result_regions(spans, text=text)
    for name, value in sorted((document_attributes or {}).items()):
        place = {"id": hashed_id("r", name), "from_name": name, "to_name": TEXT}
        result.append({**place, "type": "choices", "value": {"choices": [value]}})
    return {"result": result, "was_cancelled": skipped, "lead_time": lead_time_s}


def result_regions(spans: Iterable[Span], *, text: str) -> list[Payload]:
    """Give spans as regions, and their referents as `same_source` relations.

    A span that came from a suggestion keeps the suggestion's id. Raises ValueError for
    a span behind the end of the text.
    """
    given = list(spans)
    ids = [_region_id(span) for span in given]
    result: list[Payload] = []
    for span, region_id in zip(given, ids, strict=True):
        origin = span.origin if isinstance(span, AnnotatedSpan) else "manual"
        result += region_items(span, region_id=region_id, text=text, more={"origin": origin})
    by_range = {(span.start, span.end): each for span, each in zip(given, ids, strict=True)}
    for span, region_id in zip(given, ids, strict=True):
        first = span.referent and by_range.get((span.referent.start, span.referent.end))
        if first and first != region_id:
            ends = {"from_id": region_id, "to_id": first, "direction": "right"}
            result.append({**ends, "type": "relation", "labels": [SAME_SOURCE]})
    return result


def _region_id(span: Span) -> str:
    if isinstance(span, AnnotatedSpan) and span.suggestion_id:
        return span.suggestion_id
    return hashed_id("r", span.start, span.end, span.marker)


def region_items(
    span: Span, *, region_id: str, text: str, more: Mapping[str, object]
) -> list[Payload]:
    """Give a span as one region: its marker and each answer; `more` goes into every item.

    Raises ValueError for a span behind the end of the text.
    """
    if span.end > len(text):
        message = f"end {span.end} lies behind the text's {len(text)} characters"
        raise ValueError(message)
    answers = [(MARKER, "labels", span.marker)]
    # The stamped defaults stay unsaid, as they do when a person leaves them.
    if span.voice != DEFAULT_VOICE:
        answers.append((VOICE, "choices", span.voice))
    if span.confidence != DEFAULT_CONFIDENCE:
        answers.append((CONFIDENCE, "choices", str(span.confidence)))
    answers += [(name, "choices", value) for name, value in span.attributes.items()]
    place = {"start": span.start, "end": span.end, "text": text[span.start : span.end]}
    return [
        {
            "id": region_id,
            "from_name": name,
            "to_name": TEXT,
            "type": kind,
            "value": {**place, kind: [value]},
            **more,
        }
        for name, kind, value in answers
    ]


def read_identity(task: Mapping[str, Any]) -> Identity:
    """Give the identity that a task carries.

    Raises ValueError with the reason when it carries none, or one that does not hold:
    whoever may see the project can change its tasks.
    """
    try:
        identity = msgspec.convert(_identity_fields(task), Identity)
    except (KeyError, TypeError, msgspec.ValidationError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        message = f"the task does not say whose it is: {reason}"
        raise ValueError(message) from error
    assignment = identity.assignment
    expected = assignment_id(
        doc_id=assignment.doc_id,
        annotator=assignment.annotator,
        round=assignment.round,
        kind=assignment.kind,
    )
    if assignment.assignment_id != expected:
        message = f"assignment {assignment.assignment_id} is not that of its document and annotator"
        raise ValueError(message)
    return identity


def _identity_fields(task: Mapping[str, Any]) -> dict[str, Any]:
    data, meta = task.get("data") or {}, task.get("meta") or {}
    return {
        "assignment": {
            **{name: data[name] for name in ("assignment_id", "doc_id")},
            **{name: meta[name] for name in ("annotator", "round", "condition")},
            "kind": meta.get("kind", "label"),
        },
        "text_sha256": data["text_sha256"],
        **{name: meta[name] for name in ("project", "guideline_version", "taxonomy_version")},
        "shown": meta.get("shown", ()),
    }
