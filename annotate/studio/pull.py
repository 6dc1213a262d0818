"""Tasks become annotations: only what changed since the last pull is read.

The server is the record of human work, and it checks almost nothing: everything is held
against text, labels, controls and author here. What does not fit is refused with its
reason; the payload as it came is in the pull's log either way.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from annotate.formats.label_studio import Identity, read_identity
from annotate.formats.label_studio_marks import as_submitted
from annotate.formats.label_studio_results import parse_annotation, stranger
from annotate.model import Annotation, Assignment, Reject
from annotate.studio.client import Client
from annotate.studio.locate import OurProject
from annotate.studio.payloads import Task, by_time, slim, text_problem
from annotate.studio.seen import KnownProject, KnownTask
from annotate.studio.wire import Latest, Project
from annotate.taxonomy import Taxonomy

# Work that was being saved while we read has an earlier time than the server's clock then.
OVERLAP = timedelta(seconds=10)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What submitted work is held against: ours, never the server's.

    `documents` maps a document to the sha256 of its text, `assignees` an annotator to
    the user id. `lead` is the user whose token migrates annotations.
    """

    documents: Mapping[str, str]
    assignees: Mapping[str, int]
    taxonomy: Taxonomy
    lead: int | None = None


@dataclass(kw_only=True)
class PulledProject:
    """What one project gave: `read` by assignment, None where it was taken back.

    `payloads` are the tasks as they came. `merged` are spans that became one. `left` are
    assignments that lost a task.
    """

    known: KnownProject
    read: dict[str, Annotation | None] = field(default_factory=dict)
    assignments: dict[str, Assignment] = field(default_factory=dict)
    payloads: list[dict[str, Any]] = field(default_factory=list)
    merged: list[Reject] = field(default_factory=list)
    left: set[str] = field(default_factory=set)


def pull_project(
    client: Client,
    ours: OurProject,
    *,
    ground: Callable[[], Ground],
    now: datetime | None,
    everything: bool = False,
) -> PulledProject:
    """Give what changed in a project since it was last read, or `everything`.

    `ground` is asked for only when something changed. `now` is the server's clock from
    before anything was read; without it the next pull reads the latest seconds again.
    """
    run = _Run(client, ours.before, ground, now=now, everything=everything)
    for task in run.changes(ours.project):
        run.take(task)
    return run.pulled()


def doubting(ours: OurProject) -> OurProject:
    """Give the project as if the tasks of which something was refused had not been read."""
    before = ours.before
    tasks = {
        number: task.replace(updated_at="") if task.rejects else task
        for number, task in before.tasks.items()
    }
    if tasks == before.tasks:
        return ours
    return OurProject(project=ours.project, before=before.replace(tasks=tasks, watermark=None))


class _Run:
    """One project while it is pulled."""

    def __init__(
        self,
        client: Client,
        before: KnownProject,
        ground: Callable[[], Ground],
        *,
        now: datetime | None,
        everything: bool,
    ) -> None:
        self.client, self.before, self.ask = client, before, ground
        self.now, self.everything = now, everything
        self.tasks = dict(before.tasks)
        self.gone: set[int] = set()
        self.waiting: dict[int, str] = {}
        self.latest = ""
        self.result = PulledProject(known=before)

    @property
    def ground(self) -> Ground:
        return self.ask()

    def changes(self, project: Project) -> Iterator[Task]:
        """Give the tasks that changed; ids are listed only where the count differs."""
        after = None if self.everything else self.before.watermark
        if after and self._unchanged(project, after):
            return
        listed: set[int] = set()
        for task in self.client.list_tasks(project.id, updated_after=after):
            listed.add(task["id"])
            if self._differs(task):
                yield task
        if len(set(self.before.tasks) | listed) == project.tasks:
            return
        ids = set(self.client.list_task_ids(project.id))
        self.gone = set(self.before.tasks) - ids
        if ids - set(self.before.tasks) - listed:
            yield from (
                task
                for task in self.client.list_tasks(project.id)
                if task["id"] not in listed and self._differs(task)
            )

    def _unchanged(self, project: Project, after: str) -> bool:
        """Say, by two numbers, whether the seconds to read again hold what we know.

        After a push of thousands of tasks they hold all of them.
        """
        since = datetime.fromisoformat(after)
        times = [item.updated_at for item in self.before.tasks.values()]
        if project.tasks != len(times) or "" in times:
            return False
        again = [each for each in times if datetime.fromisoformat(each) > since]
        latest = self.client.latest(project.id, updated_after=after)
        return latest == Latest(count=len(again), updated_at=max(again, default=None))

    def _differs(self, task: Task) -> bool:
        if self.everything:
            return True
        known = self.before.tasks.get(task["id"])
        return known is None or known.updated_at != task["updated_at"]

    def take(self, task: Task) -> None:
        """Read one task."""
        place = f"project {self.before.id} task {task['id']}"
        rejects: list[Reject] = []
        assignment_id = ""
        try:
            identity = read_identity(task)
        except ValueError as error:
            rejects.append(Reject(place=place, reason=str(error)))
        else:
            assignment_id = identity.assignment.assignment_id
            problem = text_problem(
                task,
                doc_id=identity.assignment.doc_id,
                told=identity.text_sha256,
                documents=self.ground.documents,
            )
            if problem:
                rejects.append(Reject(place=place, reason=problem))
                self.waiting[task["id"]] = task["updated_at"]
            else:
                self.result.assignments[assignment_id] = identity.assignment
                self._keep(task, identity, rejects, place)
        self._forget(self.before.tasks.get(task["id"]), now=assignment_id)
        self.tasks[task["id"]] = KnownTask(
            assignment_id=assignment_id, updated_at=task["updated_at"], rejects=tuple(rejects)
        )
        self.latest = max(self.latest, task["updated_at"])
        self.result.payloads.append(slim(task, self.ground.documents))

    def _forget(self, known: KnownTask | None, *, now: str) -> None:
        """Take back what a task gave that is gone, or whose id the server used again."""
        if known and known.assignment_id and known.assignment_id != now:
            self.result.left.add(known.assignment_id)
            self.result.read.setdefault(known.assignment_id, None)

    def _keep(self, task: Task, identity: Identity, rejects: list[Reject], place: str) -> None:
        annotation = self._annotation(task, identity, rejects, place)
        assignment_id = identity.assignment.assignment_id
        other = self.result.read.get(assignment_id)
        if annotation and other:
            reason = f"another task of {assignment_id} was submitted later"
            rejects.append(Reject(place=place, reason=reason))
            annotation = later(annotation, other)
        if annotation:
            self.result.read[assignment_id] = annotation
        elif task["id"] in self.before.tasks and not other:
            self.result.read[assignment_id] = None

    def _annotation(
        self, task: Task, identity: Identity, rejects: list[Reject], place: str
    ) -> Annotation | None:
        name = identity.assignment.annotator
        assignee = self.ground.assignees.get(name)
        own: list[Task] = []
        for each in sorted(as_submitted(task, lead=self.ground.lead), key=by_time):
            where = f"{place} annotation {each['id']}"
            user = stranger(each, assignee=assignee)
            if user is not None:
                reason = f"user {user} made or changed it, and it is assigned to {name}"
                if assignee is None:
                    reason += ", whose e-mail address has no account here"
                rejects.append(Reject(place=where, reason=reason))
            else:
                own.append(each)
        for each in own[:-1]:
            where = f"{place} annotation {each['id']}"
            rejects.append(Reject(place=where, reason="there is a later one of the same task"))
        if not own:
            return None
        parsed = parse_annotation(
            own[-1],
            identity=identity,
            text=task["data"]["text"],
            taxonomy=self.ground.taxonomy,
            place=f"{place} annotation {own[-1]['id']}",
        )
        rejects += parsed.rejects
        self.result.merged += parsed.merged
        return parsed.annotation

    def pulled(self) -> PulledProject:
        """Give the result; a task that waits for its document is read again next time."""
        for task_id in self.gone:
            self._forget(self.tasks.pop(task_id), now="")
            self.result.payloads.append({"id": task_id, "deleted": True})
        for task_id in self.waiting:
            self.tasks[task_id] = self.tasks[task_id].replace(updated_at="")
        if self.tasks != self.before.tasks:
            self.result.known = self.before.replace(tasks=self.tasks, watermark=self._watermark())
        return self.result

    def _watermark(self) -> str | None:
        """Give the time from which on the next pull reads."""
        latest = [datetime.fromisoformat(self.latest)] if self.latest else []
        times = [self.now] if self.now else latest
        times += [datetime.fromisoformat(each) for each in self.waiting.values()]
        since = min(times).replace(microsecond=0) - OVERLAP if times else None
        return since.isoformat() if since else self.before.watermark


def later(first: Annotation, second: Annotation) -> Annotation:
    """Give the one of two annotations of an assignment that was submitted later."""
    return max(first, second, key=lambda item: item.submitted_at)


def copies(pulled: Iterable[PulledProject]) -> bool:
    """Say whether an assignment has, or had, several tasks: then all must be read to choose."""
    ids = [
        task.assignment_id
        for item in pulled
        for task in item.known.tasks.values()
        if task.assignment_id
    ]
    left = {assignment_id for item in pulled for assignment_id in item.left}
    return len(ids) != len(set(ids)) or not left.isdisjoint(ids)
