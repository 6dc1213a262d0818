"""Label Studio's JSON, read: what an annotator submitted becomes an `Annotation`.

The server checks almost nothing, so everything is checked here: controls, labels,
values, bounds. The text of a region is never trusted; only its offsets are, which are
code points of the document's text, end-exclusive.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import msgspec

from annotate.formats.foreign import offsets
from annotate.formats.label_studio import (
    CONFIDENCE,
    DEFAULT_CONFIDENCE,
    DEFAULT_VOICE,
    MARKER,
    SAME_SOURCE,
    VOICE,
    Identity,
    span_problem,
)
from annotate.formats.referents import Mention, refer
from annotate.model import AnnotatedSpan, Annotation, Reject, Span, hashed_id
from annotate.spans import components
from annotate.taxonomy import Taxonomy

if TYPE_CHECKING:
    from annotate.model import Confidence, Origin

_ORIGINS = ("prediction", "prediction-changed", "manual")

Item = Mapping[str, Any]


class ParsedAnnotation(msgspec.Struct, frozen=True, kw_only=True):
    """An annotation, what of it was refused, and how many spans went into others."""

    annotation: Annotation
    rejects: tuple[Reject, ...] = ()
    merged: tuple[Reject, ...] = ()


@dataclass(kw_only=True)
class _Reading:
    """One annotation while it is read."""

    identity: Identity
    text: str
    taxonomy: Taxonomy
    place: str
    mentions: list[Mention] = field(default_factory=list)
    document_attributes: dict[str, str] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    merged: list[Reject] = field(default_factory=list)

    def refuse(self, region: str, reason: str) -> None:
        self.rejects.append(Reject(place=f"{self.place} region {region}", reason=reason))


def parse_annotation(
    annotation: Item, *, identity: Identity, text: str, taxonomy: Taxonomy, place: str
) -> ParsedAnnotation:
    """Give what was submitted, as spans of `text`; skipped ones have none.

    A region that does not fit is refused with its reason and the rest is kept. Spans of
    one marker that overlap become one. `place` says where the annotation stands on the
    server. Voice and confidence that were left alone are `reporter` and 3.
    """
    reading = _Reading(identity=identity, text=text, taxonomy=taxonomy, place=place)
    skipped = bool(annotation.get("was_cancelled"))
    if not skipped:
        _read_result(reading, annotation.get("result") or [])
    assignment = identity.assignment
    spans = sorted(
        (mention.span for mention in reading.mentions),
        key=lambda span: (span.start, span.end, span.marker),
    )
    parsed = Annotation(
        annotation_id=hashed_id("n", assignment.assignment_id),
        assignment_id=assignment.assignment_id,
        doc_id=assignment.doc_id,
        text_sha256=identity.text_sha256,
        annotator=assignment.annotator,
        round=assignment.round,
        condition=assignment.condition,
        guideline_version=identity.guideline_version,
        taxonomy_version=identity.taxonomy_version,
        submitted_at=str(annotation["updated_at"]),
        lead_time_s=annotation.get("lead_time"),
        skipped=skipped,
        spans=tuple(spans),
        document_attributes=reading.document_attributes,
        shown=identity.shown,
    )
    return ParsedAnnotation(
        annotation=parsed, rejects=tuple(reading.rejects), merged=tuple(reading.merged)
    )


def stranger(annotation: Item, *, assignee: int | None) -> int | None:
    """Give the user, other than the assignee, who made or changed an annotation; or None."""
    for key in ("completed_by", "updated_by"):
        user = annotation.get(key)
        user = user.get("id") if isinstance(user, Mapping) else user
        if user is not None and user != assignee:
            return int(user)
    return None


def _read_result(reading: _Reading, result: Any) -> None:
    regions: dict[str, list[Item]] = defaultdict(list)
    relations: list[Item] = []
    for number, item in enumerate(result if isinstance(result, list) else [result]):
        if not isinstance(item, Mapping):
            reading.refuse(f"number {number}", "it is no table")
        elif item.get("type") == "relation":
            relations.append(item)
        elif "start" in value_of(item):
            regions[str(item.get("id"))].append(item)
        else:
            _read_document_attribute(reading, item)
    for region, items in regions.items():
        try:
            reading.mentions.append(Mention(region=region, span=_span(reading, region, items)))
        except ValueError as error:
            reading.refuse(region, str(error))
    kept = _merge_overlaps(reading)
    links = [link for item in relations if (link := _link(reading, item, kept))]
    reading.mentions = [
        mention.judged(reading.taxonomy) for mention in refer(reading.mentions, links)
    ]


def _read_document_attribute(reading: _Reading, item: Item) -> None:
    name, region = str(item.get("from_name")), str(item.get("id"))
    attributes = {each.name: each for each in reading.taxonomy.frame.document_attributes}
    if name not in attributes:
        reading.refuse(region, f'"{name}" stands on no text and is no document attribute')
        return
    try:
        legal = [value.value for value in attributes[name].values]
        reading.document_attributes[name] = chosen(item, name, legal)
    except ValueError as error:
        reading.refuse(region, str(error))


def _span(reading: _Reading, region: str, items: Sequence[Item]) -> AnnotatedSpan:
    span = read_span(items, text=reading.text, taxonomy=reading.taxonomy)
    assignment = reading.identity.assignment
    return AnnotatedSpan(
        span_id=hashed_id("p", assignment.assignment_id, region),
        **msgspec.structs.asdict(span),
        origin=cast("Origin", _origin(items)),
        suggestion_id=region if region in reading.identity.shown else None,
    )


def read_span(items: Sequence[Item], *, text: str, taxonomy: Taxonomy) -> Span:
    """Give what one region's items say; raises ValueError with what does not fit."""
    labels = [item for item in items if item.get("from_name") == MARKER]
    if len(labels) != 1:
        message = f"{len(labels)} markers on one region; one is expected"
        raise ValueError(message)
    start, end = _bounds(labels[0], len(text))
    fields: dict[str, Any] = {VOICE: DEFAULT_VOICE, CONFIDENCE: str(DEFAULT_CONFIDENCE)}
    legal = {
        VOICE: [value.value for value in taxonomy.frame.voices],
        CONFIDENCE: [value.value for value in taxonomy.frame.confidences],
    }
    marker = chosen(labels[0], MARKER, taxonomy.names)
    attributes: dict[str, str] = {}
    for item in items:
        name = str(item.get("from_name"))
        if name in fields:
            fields[name] = chosen(item, name, legal[name])
        elif name != MARKER:
            attributes[name] = chosen(item, name, None)
    span = Span(
        start=start,
        end=end,
        marker=marker,
        voice=fields[VOICE],
        confidence=cast("Confidence", int(fields[CONFIDENCE])),
        attributes=dict(sorted(attributes.items())),
    )
    problem = span_problem(span, text=text, taxonomy=taxonomy)
    if problem:
        raise ValueError(problem)
    return span


def _bounds(item: Item, length: int) -> tuple[int, int]:
    start, end = offsets(value_of(item).get("start"), value_of(item).get("end"))
    if not 0 <= start < end <= length:
        message = f"[{start}, {end}) does not lie in the text's {length} characters"
        raise ValueError(message)
    return start, end


def chosen(item: Item, name: str, legal: Iterable[str] | None) -> str:
    """Give the one value of a control's item; raises ValueError unless it is one of `legal`."""
    values = value_of(item).get(str(item.get("type")))
    if not isinstance(values, list) or len(values) != 1 or not isinstance(values[0], str):
        message = f"{name}: one value is expected, found {values!r}"
        raise ValueError(message)
    if legal is not None and values[0] not in legal:
        message = f'{name} "{values[0]}" is not known; legal: {", ".join(legal)}'
        raise ValueError(message)
    return values[0]


def value_of(item: Item) -> Item:
    """Give the item's value; an empty one where it has none."""
    value = item.get("value")
    return value if isinstance(value, Mapping) else {}


def _origin(items: Iterable[Item]) -> str:
    (label,) = (item for item in items if item.get("from_name") == MARKER)
    origin = label.get("origin") or "manual"
    if origin not in _ORIGINS:
        message = f'origin "{origin}" is not known; legal: {", ".join(_ORIGINS)}'
        raise ValueError(message)
    return str(origin)


def _merge_overlaps(reading: _Reading) -> dict[str, str]:
    """Make one span of overlapping ones of a marker; give where each region went.

    The longest span keeps its answers.
    """
    went: dict[str, str] = {}
    by_span = {mention.span.span_id: mention for mention in reading.mentions}
    merged: list[Mention] = []
    for name in reading.taxonomy.names:
        same = [item.span for item in reading.mentions if item.span.marker == name]
        for group in components(same):
            longest = max(group, key=lambda span: (span.end - span.start, -span.start))
            keeper = by_span[longest.span_id]
            start, end = group[0].start, max(span.end for span in group)
            merged.append(Mention(region=keeper.region, span=longest.replace(start=start, end=end)))
            for span in group:
                region = by_span[span.span_id].region
                went[region] = keeper.region
                if span is not longest:
                    place = f"{reading.place} region {region}"
                    reason = f"overlaps another {name} and became one span with it"
                    reading.merged.append(Reject(place=place, reason=reason))
    reading.mentions = sorted(merged, key=lambda item: (item.span.start, item.span.end))
    return went


def _link(reading: _Reading, relation: Item, went: Mapping[str, str]) -> frozenset[str] | None:
    """Give the two regions that a relation connects; None, with a reason, if it does not fit."""
    ends = [str(relation.get("from_id")), str(relation.get("to_id"))]
    labels = relation.get("labels") or [SAME_SOURCE]
    name = " to ".join(ends)
    if labels != [SAME_SOURCE]:
        reading.refuse(name, f"relation {labels!r} is not known; legal: {SAME_SOURCE}")
        return None
    missing = [end for end in ends if end not in went]
    if missing:
        reading.refuse(name, f"the relation's region {missing[0]} is not there or was refused")
        return None
    markers = {item.region: item.span.marker for item in reading.mentions}
    first, second = (went[end] for end in ends)
    if markers[first] != markers[second]:
        reading.refuse(name, f"{markers[first]} and {markers[second]} cannot be the same source")
        return None
    return frozenset((first, second))
