"""`annotate assign`: documents become assignments."""

from collections import Counter
from time import time

from annotate.errors import NothingToDo
from annotate.model import Assignment, Document, Duplicate, Record
from annotate.workspace import Workspace


class AssignResult(Record, frozen=True, kw_only=True):
    """What was assigned now (`added`), and how all assignments are spread."""

    added: int
    documents: int
    assignments: int
    unassigned: int
    conditions: dict[str, int]
    annotators: dict[str, int]


def assign(
    workspace: Workspace, *, limit: int | None = None, dry_run: bool = False, wait: bool = False
) -> AssignResult:
    """Assign documents to annotators; what is assigned stays as it is.

    `limit` is the most documents to take now. Raises NothingToDo without documents, and
    UsageError for a team that is too small for the shares.
    """
    from annotate.studio import assign as stage

    started, config = time(), workspace.config
    with workspace.writing("assign", wait=wait, dry_run=dry_run):
        doc_ids = [row.doc_id for batch in workspace.batches(Document) for row in batch]
        if not doc_ids:
            raise NothingToDo("no documents here", hint="Bring some in with `annotate ingest`")
        existing = workspace.rows(Assignment)
        added = stage.assign(
            doc_ids,
            clusters={row.doc_id: row.cluster for row in workspace.rows(Duplicate)},
            existing=existing,
            settings=config.assign,
            people=config.team.annotators,
            seed=config.project.seed,
            limit=limit,
        )
        result = _result(doc_ids, [*existing, *added], added=len(added))
        if added and not dry_run:
            workspace.write(Assignment, [*existing, *added])
            counts = {"added": len(added), "assignments": result.assignments}
            workspace.record_run("assign", started=started, counts=counts)
    return result


def _result(doc_ids: list[str], assignments: list[Assignment], *, added: int) -> AssignResult:
    condition = {item.doc_id: item.condition for item in assignments}
    return AssignResult(
        added=added,
        documents=len(condition),
        assignments=len(assignments),
        unassigned=len(set(doc_ids) - set(condition)),
        conditions=dict(sorted(Counter(condition.values()).items())),
        annotators=dict(sorted(Counter(item.annotator for item in assignments).items())),
    )
