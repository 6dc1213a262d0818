"""Migrations: how labels of one taxonomy version become labels of the next, as data.

A migration is a YAML file, a list of steps that each do one thing:

    rename   a marker has another name now
    merge    several markers are one now
    split    what a marker was is told apart by one of its attributes
    retire   a marker is not in use any more; its spans go
    values   an attribute has other values now; null makes it unknown

Steps apply in order, to each span by itself. Spans of one marker that overlap after it are
joined.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from annotate.decode import Problem, invalid, legal, read_yaml
from annotate.marker import Name, Text
from annotate.model import Record, Span
from annotate.spans import components
from annotate.taxonomy import Taxonomy

S = TypeVar("S", bound=Span)


class Rename(Record, frozen=True, kw_only=True):
    """A marker has another name now."""

    marker: Name
    to: Name


class Merge(Record, frozen=True, kw_only=True):
    """Several markers are one now."""

    markers: tuple[Name, ...]
    to: Name


class Split(Record, frozen=True, kw_only=True):
    """What a marker was is told apart by an attribute; without one of `into` it is `otherwise`."""

    marker: Name
    by: Name
    into: dict[str, Name]
    otherwise: Name


class Retire(Record, frozen=True, kw_only=True):
    """A marker is not in use any more."""

    marker: Name


class Values(Record, frozen=True, kw_only=True):
    """An attribute of a marker has other values now; null makes it unknown."""

    marker: Name
    attribute: Name
    to: dict[str, str | None]


class Step(Record, frozen=True, kw_only=True):
    """One change; exactly one of the fields is given."""

    rename: Rename | None = None
    merge: Merge | None = None
    split: Split | None = None
    retire: Retire | None = None
    values: Values | None = None

    @property
    def only(self) -> "Rename | Merge | Split | Retire | Values":
        """Give the one change; `load` sees to it that there is one."""
        (change,) = self.given
        return change

    @property
    def given(self) -> "list[Rename | Merge | Split | Retire | Values]":
        """Give the changes that are there."""
        every = (self.rename, self.merge, self.split, self.retire, self.values)
        return [change for change in every if change is not None]

    def span(self, span: S) -> S | None:
        """Give the span after this one change; None where its marker was retired."""
        return _stepped(span, self.only)


class Migration(Record, frozen=True, kw_only=True):
    """Steps from one taxonomy version to another; `why` goes into the audit trail."""

    name: Name
    since: Text
    to: Text
    why: Text
    steps: tuple[Step, ...]

    def span(self, span: S) -> S | None:
        """Give the span as it is labelled now; None where its marker was retired."""
        for step in self.steps:
            moved = step.span(span)
            if moved is None:
                return None
            span = moved
        return span

    def marker(self, marker: str) -> str | None:
        """Give what a span of that marker without attributes is labelled now."""
        moved = self.span(Span(start=0, end=1, marker=marker))
        return moved.marker if moved else None


def load(path: Path, taxonomy: Taxonomy) -> Migration:
    """Read a migration and hold it against the taxonomy that it leads to.

    Raises InvalidFile with every problem: markers and values that do not exist there.
    """
    found = read_yaml(path, Migration)
    problems = list(_problems(found, taxonomy))
    if problems:
        raise invalid(path.name, problems)
    return found


def joined(spans: Iterable[S]) -> list[list[S]]:
    """Group spans of one marker that overlap, in order of the text; most stand alone."""
    kept = list(spans)
    groups = (
        group
        for marker in sorted({span.marker for span in kept})
        for group in components(span for span in kept if span.marker == marker)
    )
    return sorted(groups, key=lambda group: (group[0].start, group[0].end, group[0].marker))


def whole(group: Sequence[S]) -> S:
    """Give one span for a group: the longest, as wide as all of them."""
    longest = max(group, key=lambda span: (span.end - span.start, -span.start))
    first, last = min(span.start for span in group), max(span.end for span in group)
    return longest.replace(start=first, end=last)


def _stepped(span: S, change: Rename | Merge | Split | Retire | Values) -> S | None:
    if isinstance(change, Merge):
        return span.replace(marker=change.to) if span.marker in change.markers else span
    if span.marker != change.marker:
        return span
    if isinstance(change, Retire):
        return None
    if isinstance(change, Rename):
        return span.replace(marker=change.to)
    if isinstance(change, Split):
        said = span.attributes.get(change.by, "")
        return span.replace(marker=change.into.get(said, change.otherwise))
    return _valued(span, change)


def _valued(span: S, change: Values) -> S:
    said = span.attributes.get(change.attribute, "")
    if said not in change.to:
        return span
    now = change.to[said]
    rest = {name: value for name, value in span.attributes.items() if name != change.attribute}
    return span.replace(attributes=rest if now is None else rest | {change.attribute: now})


def _problems(migration: Migration, taxonomy: Taxonomy) -> Iterator[Problem]:
    if migration.to != taxonomy.version:
        message = f'"{migration.to}" is not the version of the taxonomy in use, {taxonomy.version}'
        yield Problem(path="to", message=message)
    if migration.since == migration.to:
        yield Problem(path="since", message="leads from a version to itself")
    unclear = [number for number, step in enumerate(migration.steps) if len(step.given) != 1]
    for number in unclear:
        message = "expected one of rename, merge, split, retire, values"
        yield Problem(path=f"steps[{number}]", message=message)
    for number, step in enumerate(migration.steps if not unclear else ()):
        yield from _targets(step.only, f"steps[{number}]", migration, taxonomy)


def _targets(
    change: Rename | Merge | Split | Retire | Values,
    path: str,
    migration: Migration,
    taxonomy: Taxonomy,
) -> Iterator[Problem]:
    """Say which names of a step lead nowhere, after the steps behind it."""
    if isinstance(change, Rename | Merge):
        names = {f"{path}.to": change.to}
    elif isinstance(change, Split):
        names = {f"{path}.into.{value}": name for value, name in change.into.items()}
        names[f"{path}.otherwise"] = change.otherwise
    else:
        names = {}
    for place, name in names.items():
        final = migration.marker(name) if name not in taxonomy.names else name
        if final is not None and final not in taxonomy.names:
            yield Problem(path=place, message=legal(name, taxonomy.names))
    if isinstance(change, Values):
        yield from _values(change, path, migration, taxonomy)


def _values(
    change: Values, path: str, migration: Migration, taxonomy: Taxonomy
) -> Iterator[Problem]:
    name = migration.marker(change.marker)
    if name is None or name not in taxonomy.names:
        return
    attribute = taxonomy.marker(name).attribute(change.attribute)
    known = [item.value for item in attribute.values] if attribute else []
    for value in change.to.values():
        if value is not None and value not in known:
            yield Problem(path=f"{path}.to", message=legal(value, known))
