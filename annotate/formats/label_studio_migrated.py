"""Results in Label Studio under a migration: regions keep their ids and get new labels."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotate.formats.label_studio import (
    CONFIDENCE,
    MARKER,
    SAME_SOURCE,
    TEXT,
    VOICE,
    Payload,
    with_defaults,
)
from annotate.formats.label_studio_docket import OF_VERDICTS
from annotate.formats.label_studio_results import chosen, value_of
from annotate.formats.referents import UNNAMED, Mention, refer
from annotate.migrated import Effect, Moved, moved, traced
from annotate.migration import Migration, joined, whole
from annotate.model import AnnotatedSpan
from annotate.taxonomy import Taxonomy

_IDS = ("id", "from_id", "to_id")
_NO_ATTRIBUTES = (MARKER, VOICE, CONFIDENCE, *OF_VERDICTS)

Item = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class MovedResult:
    """A result after a migration, and what happened to its regions."""

    result: list[Any]
    effects: tuple[Effect, ...] = ()


@dataclass(kw_only=True)
class _Reading:
    """A result while it is read: its regions, and what those that can be read say."""

    regions: dict[str, list[Item]] = field(default_factory=lambda: defaultdict(list))
    links: list[Item] = field(default_factory=list)
    spans: dict[str, AnnotatedSpan] = field(default_factory=dict)


def moved_annotation(
    result: object, *, text: str, migration: Migration, taxonomy: Taxonomy
) -> MovedResult:
    """Give what an annotator submitted, relabelled; what overlaps now becomes one region.

    What cannot be read stays, but for its label.
    """
    reading = _read(result)
    groups = joined(reading.spans.values())
    kept = {span.span_id: whole(group) for group in groups for span in group}
    went = {region: span.span_id for region, span in kept.items()}
    keepers = {span.span_id: span for span in kept.values()}
    links = [link for item in reading.links if (link := _ends(item, went))]
    same = [link for link in links if len({keepers[name].marker for name in link}) == 1]
    mentions = [Mention(region=name, span=span) for name, span in keepers.items()]
    resolved = [item.span for item in refer(mentions, same)]
    changes = moved(resolved, migration, taxonomy)
    targets: dict[str, AnnotatedSpan | None] = {}
    for change in changes:
        if change.after is None or _differs(change):
            of_change = {span.span_id for span in change.before}
            for region in [name for name, keeper in went.items() if keeper in of_change]:
                targets[region] = _target(reading.spans[region], change, migration, taxonomy)
                went[region] = change.after.span_id if change.after else region
    relinked = list(_links(changes)) if _relinked(changes) else None
    rebuilt = _rebuilt(result, reading, targets, migration, text=text, went=went)
    if relinked is not None:
        rebuilt = [*(it for it in rebuilt if not (_is_link(it) and _ends(it, went))), *relinked]
    return MovedResult(
        result=rebuilt,
        effects=tuple(effect for change in changes for effect in change.effects),
    )


def _differs(change: Moved[AnnotatedSpan]) -> bool:
    before, after = change.before[0], change.after
    return len(change.before) > 1 or after is None or after.replace(judgement=None) != before


def _target(
    raw: AnnotatedSpan,
    change: Moved[AnnotatedSpan],
    migration: Migration,
    taxonomy: Taxonomy,
) -> AnnotatedSpan | None:
    """Give what one region is to say: of joined ones, one alone stays."""
    after = change.after
    if after is None:
        return None
    if len(change.before) > 1:
        return after if raw.span_id == after.span_id else None
    (resolved,) = change.before
    told = after.attributes
    if raw.attributes != resolved.attributes and after.marker == UNNAMED:
        own = traced(raw, migration, taxonomy).after  # a pull fills in what its source says
        told = own.attributes if own and own.marker == after.marker else told
    return raw.replace(marker=after.marker, attributes=told)


def _relinked(changes: Sequence[Moved[AnnotatedSpan]]) -> bool:
    """Tell whether links have to say what joined spans, or the former marker, implied."""
    return any(
        len(it.before) > 1
        or (it.after and it.after.referent and it.before[0].marker == UNNAMED != it.after.marker)
        for it in changes
    )


def _links(changes: Sequence[Moved[AnnotatedSpan]]) -> Iterator[Item]:
    """Give a link from each re-mention to its first mention."""
    spans = [it.after for it in changes if it.after]
    there = {(span.start, span.end, span.marker): span for span in spans}
    for after in spans:
        at = after.referent
        first = there.get((at.start, at.end, after.marker)) if at else None
        if first:
            told = {"from_id": after.span_id, "to_id": first.span_id, "direction": "right"}
            yield {**told, "type": "relation", "labels": [SAME_SOURCE]}


def moved_regions(
    result: object,
    *,
    migration: Migration,
    taxonomy: Taxonomy,
    fill: bool = False,
    renamed: Callable[[str], str] = str,
) -> MovedResult:
    """Give regions relabelled each by itself, as predictions and cases are.

    With `fill` those that change get the usual answer where one is required: the page refuses
    a submit without. `renamed` gives a region's id.
    """
    reading = _read(result)
    changes = {name: traced(span, migration, taxonomy) for name, span in reading.spans.items()}
    targets: dict[str, AnnotatedSpan | None] = {}
    for name, change in changes.items():
        if not _differs(change):
            continue
        targets[name] = change.after
        if fill and change.after and change.after.marker in taxonomy.names:
            told = with_defaults(change.after, taxonomy)
            targets[name] = change.after.replace(attributes=told)
    went = {name: name for name in reading.spans}
    rebuilt = _rebuilt(result, reading, targets, migration, text=None, went=went)
    return MovedResult(
        result=[_with_ids(item, renamed) for item in rebuilt],
        effects=tuple(effect for change in changes.values() for effect in change.effects),
    )


def _with_ids(item: Any, renamed: Callable[[str], str]) -> Any:
    if not isinstance(item, Mapping):
        return item
    names = {key: renamed(str(item[key])) for key in _IDS if key in item}
    return {**item, **names}


def _read(result: object) -> _Reading:
    reading = _Reading()
    for item in result if isinstance(result, list) else ():
        if _is_link(item):
            reading.links.append(item)
        elif isinstance(item, Mapping) and "start" in value_of(item):
            reading.regions[str(item.get("id"))].append(item)
    for region, items in reading.regions.items():
        span = _span(region, items)
        if span:
            reading.spans[region] = span
    return reading


def _is_link(item: object) -> bool:
    return isinstance(item, Mapping) and item.get("type") == "relation"


def _span(region: str, items: Sequence[Item]) -> AnnotatedSpan | None:
    """Give what a region says, as far as any taxonomy could allow it."""
    labels = [item for item in items if item.get("from_name") == MARKER]
    try:
        (label,) = labels
        place = value_of(label)
        answers = {
            name: chosen(item, name, None)
            for item in items
            if (name := str(item.get("from_name"))) not in _NO_ATTRIBUTES
        }
        return AnnotatedSpan(
            span_id=region,
            origin="manual",
            start=place["start"],
            end=place["end"],
            marker=chosen(label, MARKER, None),
            attributes=answers,
        )
    except (KeyError, TypeError, ValueError):
        return None


def _ends(item: Item, went: Mapping[str, str]) -> frozenset[str] | None:
    ends = [str(item.get("from_id")), str(item.get("to_id"))]
    if (item.get("labels") or [SAME_SOURCE]) != [SAME_SOURCE] or not all(it in went for it in ends):
        return None
    return frozenset(went[end] for end in ends)


def _rebuilt(  # noqa: PLR0913
    result: object,
    reading: _Reading,
    targets: Mapping[str, AnnotatedSpan | None],
    migration: Migration,
    *,
    text: str | None,
    went: Mapping[str, str],
) -> list[Any]:
    made: list[Any] = []
    for item in result if isinstance(result, list) else ():
        region = str(item.get("id")) if isinstance(item, Mapping) else ""
        if _is_link(item):
            made += _link(item, reading, targets, went)
        elif region in targets:
            after = targets[region]
            if after:
                made += _items(item, reading.spans[region], after, text=text)
        elif region in reading.regions and region not in reading.spans:
            made += _relabelled(item, migration)
        else:
            made.append(item)
    return made


def _link(
    item: Item,
    reading: _Reading,
    targets: Mapping[str, AnnotatedSpan | None],
    went: Mapping[str, str],
) -> Iterator[Item]:
    """Give a relation between regions that are there; one that would come to hold only now goes."""
    ends = [str(item.get("from_id")), str(item.get("to_id"))]
    now = [went.get(end, end) for end in ends]
    if not any(end in targets for end in [*ends, *now]):
        yield item
        return
    there = [targets.get(end, reading.spans.get(end)) for end in now]
    if not all(there) or now[0] == now[1]:
        return
    before = {reading.spans[end].marker for end in ends if end in reading.spans}
    if (len(before) == 1) == (len({span.marker for span in there if span}) == 1):
        yield {**item, "from_id": now[0], "to_id": now[1]}


def _items(
    item: Item, before: AnnotatedSpan, after: AnnotatedSpan, *, text: str | None
) -> Iterator[Item]:
    """Give a region's item as it is now, behind its label the answers that are new."""
    name, value = str(item.get("from_name")), dict(value_of(item))
    if (before.start, before.end) != (after.start, after.end):
        value |= {"start": after.start, "end": after.end}
        if text is not None and isinstance(value.get("text"), str):
            value["text"] = text[after.start : after.end]
    place: Payload = {key: value[key] for key in ("start", "end", "text") if key in value}
    if name == MARKER:
        yield {**item, "value": {**value, str(item.get("type")): [after.marker]}}
        for new in sorted(after.attributes.keys() - before.attributes.keys()):
            told: Payload = {**place, "choices": [after.attributes[new]]}
            more: Payload = {"from_name": new, "to_name": TEXT, "type": "choices", "value": told}
            yield {**item, **more}
    elif name not in before.attributes:
        yield {**item, "value": value}
    elif name in after.attributes:
        yield {**item, "value": {**value, str(item.get("type")): [after.attributes[name]]}}


def _relabelled(item: Item, migration: Migration) -> Iterator[Item]:
    """Give an item of a region that cannot be read, with its label as it is now."""
    labels = value_of(item).get("labels")
    if item.get("from_name") != MARKER or not isinstance(labels, list):
        yield item
        return
    now = [migration.marker(label) if isinstance(label, str) else label for label in labels]
    if any(now) or not labels:
        yield {**item, "value": {**value_of(item), "labels": [it for it in now if it is not None]}}
