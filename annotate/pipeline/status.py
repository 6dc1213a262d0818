"""`annotate status`: where the workspace stands, and the one next action."""

from collections import Counter

from annotate import tables
from annotate.model import Annotation, Assignment, Document, Duplicate, Record, Suggestion
from annotate.pipeline.adjudicate import backlog
from annotate.workspace import Workspace


class Progress(Record, frozen=True, kw_only=True):
    """One annotator's share: assigned, submitted, skipped."""

    annotator: str
    assigned: int
    submitted: int
    skipped: int


class StatusResult(Record, frozen=True, kw_only=True):
    """What is in the workspace, who has done what, and what to do next.

    `annotators` are those with assignments, and those whose work was imported. `waiting`
    spans, in `waiting_documents`, are to be decided by an adjudicator.
    """

    workspace: str
    documents: int
    suggested: bool
    assigned: int
    pushed: int
    annotators: tuple[Progress, ...]
    waiting: int
    waiting_documents: int
    releases: tuple[str, ...]
    models: tuple[str, ...]
    next: str


def status(workspace: Workspace) -> StatusResult:
    """Say where the workspace stands; reads files only and asks no server."""
    documents = _rows_in(workspace, Document)
    assignments = workspace.rows(Assignment)
    annotations = workspace.rows(Annotation)
    last_push = workspace.last_run("push")
    waits = backlog(workspace)
    found = StatusResult(
        workspace=str(workspace.root),
        documents=documents,
        suggested=bool(workspace.parts(Suggestion)),
        assigned=len({item.doc_id for item in assignments}),
        pushed=last_push.counts.get("tasks", 0) if last_push else 0,
        annotators=_progress(assignments, annotations),
        waiting=waits.cases,
        waiting_documents=waits.documents,
        releases=_folders(workspace, "releases"),
        models=_folders(workspace, "models"),
        next="",
    )
    answered = {item.assignment_id for item in annotations}
    unanswered = sum(item.assignment_id not in answered for item in assignments)
    return found.replace(next=_next(workspace, found, unanswered=unanswered))


def _rows_in(workspace: Workspace, record: type[Record]) -> int:
    return sum(map(tables.count, workspace.parts(record)))


def _progress(assignments: list[Assignment], annotations: list[Annotation]) -> tuple[Progress, ...]:
    assigned = Counter(item.annotator for item in assignments)
    submitted = Counter(item.annotator for item in annotations if not item.skipped)
    skipped = Counter(item.annotator for item in annotations if item.skipped)
    return tuple(
        Progress(
            annotator=name,
            assigned=assigned[name],
            submitted=submitted[name],
            skipped=skipped[name],
        )
        for name in sorted({*assigned, *submitted, *skipped})
    )


def _folders(workspace: Workspace, name: str) -> tuple[str, ...]:
    folder = workspace.path(name)
    names = [path.name for path in folder.glob("*") if path.is_dir() and path.name[0] != "."]
    return tuple(sorted(names, key=_by_number))


def _by_number(name: str) -> list[tuple[int, str]]:
    """Sort 0.10.0 behind 0.9.0."""
    return [(int(part) if part.isdigit() else -1, part) for part in name.split(".")]


def _next(workspace: Workspace, found: StatusResult, *, unanswered: int) -> str:
    total = sum(item.assigned for item in found.annotators)
    server = "" if workspace.config.studio.url else "annotate studio start, then "
    steps = {
        "annotate ingest FOLDER_OR_FILES": found.documents == 0,
        "the same annotate ingest again: it was cut short": (
            _rows_in(workspace, Duplicate) < found.documents
        ),
        "annotate suggest": not found.suggested,
        "name the annotators in annotate.toml: [team] annotators = [...]": (
            not workspace.config.team.annotators
        ),
        "annotate assign": found.assigned < found.documents,
        f"{server}annotate push": found.pushed < total,
        "let the annotators work, then annotate pull": unanswered > 0,
        f"annotate adjudicate: {found.waiting} spans wait for a decision": found.waiting > 0,
        "annotate release": not found.releases,
        "annotate train": not found.models,
    }
    return next((step for step, due in steps.items() if due), "annotate evaluate")
