"""Spans and what a migration does to them: by which step, and what has no place any more."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Generic, TypeVar

import msgspec

from annotate.marker import Marker
from annotate.migration import Merge, Migration, Rename, Retire, Split, Values, joined, whole
from annotate.model import Range, Record, Span
from annotate.taxonomy import Taxonomy

S = TypeVar("S", bound=Span)

JOINED = "joined"
_SAID = {Rename: "renamed", Merge: "merged", Retire: "retired", Values: "values changed"}


class Effect(Record, frozen=True, kw_only=True):
    """One thing that happened to a span, by a step (from 0) or by the taxonomy it comes to."""

    step: int | None = None
    what: str


class Line(Record, frozen=True, kw_only=True):
    """A changed row in the audit trail: its fields that changed, and by which steps.

    `before` is null for a row that is new, `after` for one that went.
    """

    table: str
    id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    steps: tuple[Effect, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Moved(Generic[S]):
    """What spans came to: several where they were joined, `after` None where retired."""

    before: tuple[S, ...]
    after: S | None
    effects: tuple[Effect, ...] = ()


def traced(span: S, migration: Migration, taxonomy: Taxonomy) -> Moved[S]:
    """Give what becomes of a span by itself.

    Attributes that its marker does not have, or not with that value, go; the judgement is
    derived anew. A span of a marker that the taxonomy does not know stays as the steps left it.
    """
    effects: list[Effect] = []
    now = span
    for number, step in enumerate(migration.steps):
        then = step.span(now)
        if then is None:
            gone = Effect(step=number, what=_SAID[Retire])
            return Moved(before=(span,), after=None, effects=(*effects, gone))
        if then != now:
            change = step.only
            what = f"split to {then.marker}" if isinstance(change, Split) else _SAID[type(change)]
            effects.append(Effect(step=number, what=what))
        now = then
    if now.marker not in taxonomy.names:
        return Moved(before=(span,), after=now, effects=tuple(effects))
    marker = taxonomy.marker(now.marker)
    kept = {name: value for name, value in now.attributes.items() if _allows(marker, name, value)}
    effects += [Effect(what="values dropped")] * (len(now.attributes) - len(kept))
    judgement = taxonomy.judge(now.marker, kept)
    if judgement != now.judgement:
        effects.append(Effect(what="judged anew"))
    after = now.replace(attributes=kept, judgement=judgement)
    return Moved(before=(span,), after=after, effects=tuple(effects))


def _allows(marker: Marker, name: str, value: str) -> bool:
    attribute = marker.attribute(name)
    return attribute is not None and any(item.value == value for item in attribute.values)


def moved(spans: Iterable[S], migration: Migration, taxonomy: Taxonomy) -> list[Moved[S]]:
    """Give what becomes of one person's spans on one document, in order of the text.

    What overlaps under one marker afterwards is joined. A referent follows its first
    mention; where that went, or has another marker now, the span refers to nothing.
    """
    each = [traced(span, migration, taxonomy) for span in spans]
    source = {id(item.after): item for item in each}
    groups = joined(item.after for item in each if item.after is not None)
    found = [_together(group, [source[id(span)] for span in group]) for group in groups]
    found += [item for item in each if item.after is None]
    places = {(span.start, span.end, span.marker): item for item in found for span in item.before}
    pointed = [_pointed(item, places) for item in found]
    return sorted(_followed(pointed), key=_place)


def _together(group: Sequence[S], sources: Sequence[Moved[S]]) -> Moved[S]:
    if len(sources) == 1:
        return sources[0]
    effects = [*chain.from_iterable(item.effects for item in sources)]
    effects += [Effect(what=JOINED)] * (len(sources) - 1)
    before = tuple(chain.from_iterable(item.before for item in sources))
    one = whole(group)
    if one.referent is None:
        one = one.replace(referent=next((it.referent for it in group if it.referent), None))
    return Moved(before=before, after=one, effects=tuple(effects))


def _pointed(item: Moved[S], places: dict[tuple[int, int, str], Moved[S]]) -> Moved[S]:
    after, at = item.after, item.after and item.after.referent
    if after is None or at is None:
        return item
    first = next(
        (
            places[key]
            for span in item.before
            if span.referent == at and (key := (at.start, at.end, span.marker)) in places
        ),
        None,
    )
    if first is None:
        return item
    mention = first.after
    if mention is None or mention.marker != after.marker or first is item:
        effects = (*item.effects, Effect(what="referents dropped"))
        return Moved(before=item.before, after=after.replace(referent=None), effects=effects)
    place = Range(start=mention.start, end=mention.end)
    return Moved(before=item.before, after=after.replace(referent=place), effects=item.effects)


def _followed(found: Sequence[Moved[S]]) -> Iterator[Moved[S]]:
    """Let what points at a re-mention, since that was joined, point at the first mention."""
    there = {(it.after.start, it.after.end, it.after.marker): it.after for it in found if it.after}
    for item in found:
        after = item.after
        seen = set[Range]()
        at = after.referent if after else None
        while after and at and at not in seen:
            seen.add(at)
            target = there.get((at.start, at.end, after.marker))
            at = target.referent if target and target.referent else at
        if after is None or at == after.referent:
            yield item
        else:
            told = after.replace(referent=at)
            yield Moved(before=item.before, after=told, effects=item.effects)


def _place(item: Moved[S]) -> tuple[int, int, str]:
    span = item.after or item.before[0]
    return (span.start, span.end, span.marker)


def line(
    table: str,
    name: str,
    before: Record | None,
    after: Record | None,
    effects: Iterable[Effect] = (),
) -> Line:
    """Give the audit line of a row with the fields that changed."""
    old, new = _plain(before), _plain(after)
    if old is not None and new is not None:
        differs = [key for key in old if old[key] != new[key]]
        old, new = ({key: row[key] for key in differs} for row in (old, new))
    return Line(table=table, id=name, before=old, after=new, steps=tuple(effects))


def _plain(row: Record | None) -> dict[str, Any] | None:
    found: dict[str, Any] | None = None if row is None else msgspec.to_builtins(row)
    return found
