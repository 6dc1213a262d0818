"""The part of `annotate migrate` that reaches Label Studio."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotate.errors import NothingToDo, UsageError
from annotate.model import Assignment, Reject
from annotate.pipeline.migrate_rows import Course
from annotate.workspace import Workspace

if TYPE_CHECKING:
    from annotate.studio.client import Client
    from annotate.studio.migrate import Aim, Found, TaskChange


@dataclass(kw_only=True)
class Studio:
    """The server while its tasks are migrated."""

    client: "Client"
    aim: "Aim"
    found: "Found"

    def changes(self, rejects: list[Reject]) -> Iterator["TaskChange"]:
        """Give what is to be changed, task by task."""
        from annotate.studio import migrate as stage

        return stage.changes(self.client, self.found, self.aim, rejects=rejects)

    def apply(self, progress: Callable[[int], None] | None = None) -> None:
        """Change it; `progress` is told how many tasks are done."""
        from annotate.studio import migrate as stage

        for done, change in enumerate(self.changes([]), 1):
            stage.apply(self.client, change)
            if progress:
                progress(done)

    def update(self, workspace: Workspace, notes: list[str]) -> int:
        """Bring label configs up to date, and dockets to what annotators said, migrated."""
        from annotate.pipeline.push_dockets import push_dockets
        from annotate.studio import migrate as stage

        updated = stage.update_pages(self.client, self.found, self.aim)
        if self.found.dockets:
            try:
                push_dockets(workspace)
                updated += 1
            except (NothingToDo, UsageError) as error:
                notes.append(f"the project for adjudication keeps its page: {error.message}")
        return updated


@contextmanager
def studio(workspace: Workspace, course: Course, *, asked: bool) -> Iterator[Studio | None]:
    """Give the server, None where it is left out or nothing was ever pushed; it has to answer."""
    from annotate.pipeline.studio import connect
    from annotate.studio import migrate as stage
    from annotate.studio.projects import Desk

    if not asked or workspace.last_run("push") is None:
        yield None
        return
    name = workspace.config.project.name
    desks = {(it.annotator, it.round) for it in workspace.rows(Assignment)}
    aim = stage.Aim(
        name=name,
        migration=course.migration,
        taxonomy=course.taxonomy,
        in_use=workspace.taxonomy,
    )
    with connect(workspace) as client:
        known = [Desk(annotator=person, round=number) for person, number in sorted(desks)]
        yield Studio(client=client, aim=aim, found=stage.find(client, name=name, desks=known))
