"""Stored rows under a migration: annotations as a whole, suggestions part by part."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Generic, TypeVar

from annotate import tables
from annotate.migrated import Effect, Line, line, moved, traced
from annotate.migration import Migration
from annotate.model import Annotation, Record, Span, Suggestion, Verdict
from annotate.taxonomy import Taxonomy
from annotate.workspace import Workspace

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, kw_only=True)
class Course:
    """A migration and the whole taxonomy that it leads to."""

    migration: Migration
    taxonomy: Taxonomy


@dataclass(kw_only=True)
class Rows(Generic[R]):
    """The rows of a file as they become; `stamped` says that some carry the new version."""

    rows: list[R] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    stamped: bool = False


def annotations(rows: Iterable[Annotation], course: Course) -> Rows[Annotation]:
    """Give the annotations with their labels as they are now; `left` counts other versions.

    What was imported with labels of another label set is left alone.
    """
    found = Rows[Annotation]()
    for row in rows:
        if row.taxonomy_version != course.migration.since:
            if not row.foreign and row.taxonomy_version != course.migration.to:
                found.left[row.taxonomy_version] += 1
            found.rows.append(row)
            continue
        changes = moved(row.spans, course.migration, course.taxonomy)
        answers = known_answers(row, course.taxonomy)
        effects = [*chain.from_iterable(item.effects for item in changes)]
        effects += [Effect(what="answers dropped")] * (len(row.document_attributes) - len(answers))
        after = row.replace(
            spans=tuple(item.after for item in changes if item.after is not None),
            document_attributes=answers,
            taxonomy_version=course.migration.to,
        )
        found.rows.append(after)
        found.lines.append(line("annotations", row.annotation_id, row, after, effects))
        found.stamped = True
    return found


def known_answers(row: Annotation | Verdict, taxonomy: Taxonomy) -> dict[str, str]:
    """Give the answers about the document that the taxonomy still asks for."""
    asked = {item.name for item in taxonomy.frame.document_attributes}
    return {name: value for name, value in row.document_attributes.items() if name in asked}


def waiting_parts(workspace: Workspace, course: Course) -> list[Path]:
    """Give the parts of suggestions that were made by the old version."""
    old = (None, course.migration.since)
    return [it for it in workspace.parts(Suggestion) if tables.taxonomy_version(it) in old]


def suggestions(part: Path, course: Course) -> Rows[Suggestion]:
    """Give a part of suggestions with their labels as they are now; their ids stay.

    What overlaps now stays apart: each is a proposal of its own.
    """
    found = Rows[Suggestion]()
    for row in tables.read(part, Suggestion):
        change = traced(row, course.migration, course.taxonomy)
        if change.after is not None:
            found.rows.append(change.after)
        if change.after != row:
            told = line("suggestions", row.suggestion_id, row, change.after, change.effects)
            found.lines.append(told)
    return found


def strangers(
    rows: Iterable[Annotation | Verdict | Suggestion], taxonomy: Taxonomy
) -> Iterator[str]:
    """Give the markers of migrated rows that the taxonomy does not know, once for each span."""
    known = set(taxonomy.names)
    for row in rows:
        if isinstance(row, Suggestion):
            spans: tuple[Span, ...] = (row,)
        else:
            spans = row.spans if row.taxonomy_version == taxonomy.version else ()
        yield from (span.marker for span in spans if span.marker not in known)
