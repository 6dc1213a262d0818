"""`annotate push`: assignments become tasks in Label Studio."""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import time

from annotate import tables
from annotate.errors import NothingToDo
from annotate.model import Assignment, Document, Record, Reject, Suggestion
from annotate.studio.push import Pack, PushedProject
from annotate.workspace import Workspace


class PushResult(Record, frozen=True, kw_only=True):
    """What is on the server now: `tasks` in all, `added` by this push.

    `removed` copies of tasks are gone, `merged` had annotations and became one. `absent`
    names annotators without an account; `invite_url` is for the lead to send to them.
    """

    server: str
    projects: tuple[PushedProject, ...]
    tasks: int
    added: int
    removed: int
    merged: tuple[Reject, ...]
    rejects: tuple[Reject, ...]
    absent: dict[str, str] = {}
    invite_url: str | None = None
    dry_run: bool = False


def push(
    workspace: Workspace,
    *,
    dry_run: bool = False,
    wait: bool = False,
    progress: Callable[[int], None] | None = None,
) -> PushResult:
    """Push every assignment that has no task yet; running it again changes nothing.

    `progress` is told how many tasks were sent. Raises NothingToDo without assignments,
    DataError when a label in use would go, ServerFault.
    """
    from annotate.pipeline.people import people_on
    from annotate.pipeline.studio import connect
    from annotate.studio import push as stage

    started = time()
    with workspace.writing("push", wait=wait, dry_run=dry_run):
        assignments = workspace.rows(Assignment)
        if not assignments:
            raise NothingToDo(
                "nothing is assigned",
                hint="Run `annotate assign` first, or `annotate pull` where the table was lost "
                "and the server has its tasks",
            )
        with connect(workspace) as client:
            names = {item.annotator for item in assignments}
            people = people_on(client, workspace, names=names, dry_run=dry_run)
            pushed = stage.push(
                client,
                name=workspace.config.project.name,
                assignments=assignments,
                packs=_packs(workspace),
                taxonomy=workspace.taxonomy,
                assignees=people.user_ids,
                dry_run=dry_run,
                progress=progress,
            )
        result = PushResult(
            server=client.base_url,
            projects=pushed.projects,
            tasks=sum(item.present + item.added for item in pushed.projects),
            added=sum(item.added for item in pushed.projects),
            removed=sum(item.removed for item in pushed.projects),
            merged=pushed.merged,
            rejects=pushed.rejects,
            absent=people.absent,
            invite_url=people.invite_url,
            dry_run=dry_run,
        )
        if not dry_run:
            _record(workspace, result, started=started)
    return result


def _packs(workspace: Workspace) -> Iterator[Pack]:
    """Give documents with their suggestions part by part: both tables have the same parts."""
    from annotate.studio import push as stage

    for part in workspace.parts(Document):
        beside = workspace.table(Suggestion) / part.name
        for batch in tables.scan(part, Document, size=stage.BATCH):
            suggestions: dict[str, tuple[Suggestion, ...]] = {}
            for item in _suggestions(beside, [document.doc_id for document in batch]):
                suggestions[item.doc_id] = (*suggestions.get(item.doc_id, ()), item)
            yield Pack(documents=tuple(batch), suggestions=suggestions)


def _suggestions(part: Path, doc_ids: list[str]) -> list[Suggestion]:
    import pyarrow.parquet as pq

    if not part.is_file():
        return []
    found = pq.read_table(part, filters=[("doc_id", "in", doc_ids)])
    return tables.from_table(found, Suggestion, place=part.name)


def _record(workspace: Workspace, result: PushResult, *, started: float) -> None:
    before = workspace.last_run("push")
    if (
        before
        and before.counts.get("tasks") == result.tasks
        and not (result.added or result.removed)
    ):
        return
    counts = {
        "tasks": result.tasks,
        "added": result.added,
        "removed": result.removed,
        "merged": len(result.merged),
    }
    rejects = [*result.rejects, *result.merged]
    workspace.record_run("push", started=started, counts=counts, rejects=rejects)
