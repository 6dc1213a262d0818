"""What a release must know of all documents before it reads any: ids and names, no text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from annotate.decode import legal
from annotate.errors import UsageError
from annotate.model import (
    FOREIGN,
    Annotation,
    Appearance,
    Assignment,
    Condition,
    Duplicate,
    Verdict,
)
from annotate.pipeline.agreement import independent
from annotate.pipeline.settle import by_document
from annotate.pipeline.shelves import scanned
from annotate.release.assemble import pseudonyms
from annotate.release.sources import Facts, Named, conditions, facts
from annotate.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

_LIGHT = ("doc_id", "annotator", "condition", "assignment_id", "taxonomy_version", "skipped")


@dataclass(frozen=True, kw_only=True)
class Survey:
    """The documents that anybody read or decided, sorted, and who read them.

    `names` are the pseudonyms of the annotators. `reviews` are annotations from elsewhere
    than the workspace, by document; they decide, as those of `adjudicator` do. `unlike` are
    the assignments that were not made to label.
    """

    doc_ids: tuple[str, ...]
    names: dict[str, str]
    facts: Facts
    adjudicator: str | None
    reviews: dict[str, list[Annotation]]
    unlike: frozenset[str]

    def counted(self, annotations: "pa.Table") -> "pa.Table":
        """Keep independent annotations, and those that decide."""
        return _counted(annotations, _array(self.unlike), adjudicator=self.adjudicator)


def survey(
    workspace: Workspace, *, adjudicator: str | None, reviews: Iterable[Annotation]
) -> Survey:
    """Look over the workspace's tables, at a few columns of each.

    Raises NothingToDo when nothing is annotated, UsageError when `adjudicator` is nobody.
    """
    unlike, decided = _unlike(workspace), by_document(reviews)
    others = _array(unlike)
    people: set[str] = set()
    seen = {(doc_id, item.condition) for doc_id, rows in decided.items() for item in rows}
    submitted = False
    for table in scanned(workspace, Annotation, _LIGHT):
        kept = _counted(table, others, adjudicator=adjudicator)
        submitted = submitted or _submitted(table)
        people.update(_values(kept, "annotator"))
        seen.update(_conditions(kept))
    if not submitted:
        independent(workspace)  # says what to run
    if adjudicator is not None and adjudicator not in people:
        raise UsageError(
            "adjudicator " + legal(adjudicator, sorted(people)), hint="Choose one of these"
        )
    ruled = (doc_id for table in scanned(workspace, Verdict, ["doc_id"]) for doc_id in _ids(table))
    doc_ids = {doc_id for doc_id, _ in seen} | set(ruled)
    for table in scanned(workspace, Assignment, ["doc_id", "condition"]):
        seen.update(_conditions(table))
    config = workspace.config
    return Survey(
        doc_ids=tuple(sorted(doc_ids)),
        names=pseudonyms(people - {adjudicator}, seed=config.project.seed),
        facts=facts(
            duplicates=_named(workspace, Duplicate, "cluster"),
            publishers=_named(workspace, Appearance, "publisher"),
            dates={date for _, date in _named(workspace, Appearance, "published")},
            drawn=conditions(seen),
            shares=config.assign,
        ),
        adjudicator=adjudicator,
        reviews=dict(decided),
        unlike=unlike,
    )


def _unlike(workspace: Workspace) -> frozenset[str]:
    from pyarrow.compute import field

    others = (
        table.filter(field("kind") != "label").column("assignment_id").to_pylist()
        for table in scanned(workspace, Assignment, ["assignment_id", "kind"])
    )
    return frozenset(chain.from_iterable(others))


def _array(names: Iterable[str]) -> "pa.Array":
    import pyarrow as pa

    return pa.array(sorted(names), pa.string())


def _counted(table: "pa.Table", unlike: "pa.Array", *, adjudicator: str | None) -> "pa.Table":
    from pyarrow.compute import field

    ours = (field("taxonomy_version") != FOREIGN) & ~field("assignment_id").isin(unlike)
    if adjudicator is not None:
        ours |= field("annotator") == adjudicator
    return table.filter(ours)


def _submitted(table: "pa.Table") -> bool:
    from pyarrow.compute import field

    ours = (field("taxonomy_version") != FOREIGN) & ~field("skipped")
    return bool(table.filter(ours).num_rows)


def _named(workspace: Workspace, record: type, name: str) -> Iterator[Named]:
    """Give the documents of a table with a value that is there."""
    for table in scanned(workspace, record, ["doc_id", name]):
        yield from ((doc_id, value) for doc_id, value in _pairs(table, name) if value)


def _conditions(table: "pa.Table") -> Iterator[tuple[str, Condition]]:
    return zip(_ids(table), table.column("condition").to_pylist(), strict=True)


def _pairs(table: "pa.Table", name: str) -> Iterator[tuple[str, str]]:
    """Give each document's value; equal values are one string."""
    return zip(_ids(table), _values(table, name), strict=True)


def _ids(table: "pa.Table") -> list[str]:
    ids: list[str] = table.column("doc_id").to_pylist()
    return ids


def _values(table: "pa.Table", name: str) -> list[str]:
    import sys

    return [value and sys.intern(value) for value in table.column(name).to_pylist()]
