"""Submitted dockets become `Decided`: only what changed since the last pull is read."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from annotate.docket import Decided
from annotate.formats.label_studio_decided import parse_decided
from annotate.formats.label_studio_docket import DocketIdentity, read_docket_identity
from annotate.formats.label_studio_marks import MIGRATED, as_submitted
from annotate.formats.label_studio_results import stranger
from annotate.model import Record, Reject
from annotate.studio.adjudicate import title
from annotate.studio.client import Client
from annotate.studio.payloads import Task, by_time, slim, text_problem
from annotate.studio.pull import OVERLAP, Ground
from annotate.studio.seen import Seen
from annotate.studio.wire import Latest, Project

PATH = ("pulls", "adjudication.json")
_TASK = re.compile(r"project (\d+) task (\d+) ")


class KnownDocket(Record, frozen=True, kw_only=True):
    """A task as it was last read, and what of it was refused."""

    updated_at: str
    skipped: bool = False
    rejects: tuple[Reject, ...] = ()


class KnownDockets(Record, frozen=True, kw_only=True):
    """A project with its tasks by id; `watermark` is from when on changes have to be read."""

    id: int
    created_at: str
    watermark: str | None = None
    tasks: dict[int, KnownDocket] = {}


class State(Seen, frozen=True, kw_only=True):
    """What pull has seen of adjudication: `pulls/adjudication.json`; it saves time only."""

    projects: tuple[KnownDockets, ...] = ()


@dataclass(kw_only=True)
class PulledDockets:
    """What one project gave: `decided` with their places, and tasks as they came.

    `migrated` are the places of what was submitted before a migration.
    """

    known: KnownDockets
    migrated: set[str] = field(default_factory=set)
    decided: list[tuple[str, Decided]] = field(default_factory=list)
    payloads: list[dict[str, Any]] = field(default_factory=list)


def locate(client: Client, state: State, *, name: str) -> list[tuple[Project, KnownDockets]]:
    """Give the projects for adjudication with what is known of them; one request."""
    known = {(item.id, item.created_at): item for item in state.projects}
    found: list[tuple[Project, KnownDockets]] = []
    for project in client.projects():
        before = known.get((project.id, project.created_at))
        if before is None and project.title == title(name):
            before = KnownDockets(id=project.id, created_at=project.created_at)
        if before:
            found.append((project, before))
    return found


def pull_dockets(  # noqa: PLR0913 - keyword-only
    client: Client,
    project: Project,
    before: KnownDockets,
    *,
    name: str,
    ground: Callable[[str], Ground],
    now: datetime | None,
) -> PulledDockets:
    """Give what was decided in a project since it was last read.

    `name` is the workspace's: what another one pushed is refused. `ground` gives what the
    work of an adjudicator is held against, and is asked only when something changed. `now`
    is the server's clock from before anything was read.
    """
    run = _Run(client, before, name=name, ground=ground)
    for task in run.changes(project):
        run.take(task)
    return run.pulled(now)


class _Run:
    """One project while it is pulled."""

    def __init__(
        self, client: Client, before: KnownDockets, *, name: str, ground: Callable[[str], Ground]
    ) -> None:
        self.client, self.before, self.name, self.ask = client, before, name, ground
        self.tasks = dict(before.tasks)
        self.result = PulledDockets(known=before)

    def changes(self, project: Project) -> Iterator[Task]:
        """Give the tasks that changed; what is not there any more is forgotten."""
        waiting = any(not item.updated_at for item in self.before.tasks.values())
        after = None if waiting else self.before.watermark
        if after and self._unchanged(project, after):
            return
        for task in self.client.list_tasks(project.id, updated_after=after):
            known = self.before.tasks.get(task["id"])
            if known is None or known.updated_at != task["updated_at"]:
                yield task
        if len(self.tasks) != project.tasks:
            there = set(self.client.list_task_ids(project.id))
            self.tasks = {number: it for number, it in self.tasks.items() if number in there}

    def _unchanged(self, project: Project, after: str) -> bool:
        times = [item.updated_at for item in self.before.tasks.values()]
        if project.tasks != len(times):
            return False
        since = datetime.fromisoformat(after)
        again = [each for each in times if datetime.fromisoformat(each) > since]
        latest = self.client.latest(project.id, updated_after=after)
        return latest == Latest(count=len(again), updated_at=max(again, default=None))

    def take(self, task: Task) -> None:
        """Read one task; what nobody worked on gives nothing."""
        place = f"project {self.before.id} task {task['id']}"
        rejects: list[Reject] = []
        documents: Mapping[str, str] = {}
        updated_at, own = task["updated_at"], None
        try:
            identity = read_docket_identity(task)
            self._check_owner(identity)
            ground = self.ask(identity.adjudicator)
            documents = ground.documents
            told = {"doc_id": identity.doc_id, "told": identity.text_sha256}
            problem = text_problem(task, documents=documents, **told)
            if problem:
                rejects.append(Reject(place=place, reason=problem))
                updated_at = ""  # it is read again: the document may come
            else:
                own = self._own(task, identity, ground, rejects)
        except ValueError as error:
            rejects.append(Reject(place=place, reason=str(error)))
        skipped = bool(own and own.get("was_cancelled"))
        known = KnownDocket(updated_at=updated_at, skipped=skipped, rejects=tuple(rejects))
        if task.get("annotations") and known != self.before.tasks.get(task["id"]):
            self.result.payloads.append(slim(task, documents))
        self.tasks[task["id"]] = known

    def _check_owner(self, identity: DocketIdentity) -> None:
        if identity.project != self.name:
            message = f'the task is of project "{identity.project}", not of "{self.name}"'
            raise ValueError(message)

    def _own(
        self, task: Task, identity: DocketIdentity, ground: Ground, rejects: list[Reject]
    ) -> Task | None:
        """Read the adjudicator's latest annotation and give it; anybody else's is refused."""
        place = f"project {self.before.id} task {task['id']}"
        assignee = ground.assignees.get(identity.adjudicator)
        own: list[Task] = []
        for each in sorted(as_submitted(task, lead=ground.lead), key=by_time):
            user = stranger(each, assignee=assignee)
            if user is None:
                own.append(each)
                continue
            reason = f"user {user} made or changed it, and {identity.adjudicator} adjudicates"
            if assignee is None:
                reason += "; no account here has that person's e-mail address"
            rejects.append(Reject(place=f"{place} annotation {each['id']}", reason=reason))
        for each in own[:-1]:
            reason = "there is a later one of the same task"
            rejects.append(Reject(place=f"{place} annotation {each['id']}", reason=reason))
        if not own:
            return None
        where = f"{place} annotation {own[-1]['id']}"
        parsed = parse_decided(
            own[-1],
            identity=identity,
            text=task["data"]["text"],
            taxonomy=ground.taxonomy,
            place=where,
        )
        rejects += parsed.rejects
        if own[-1].get(MIGRATED):
            self.result.migrated.add(where)
        if parsed.decided:
            self.result.decided.append((where, parsed.decided))
        return own[-1]

    def pulled(self, now: datetime | None) -> PulledDockets:
        """Give the result."""
        if self.tasks != self.before.tasks:
            since = (now - OVERLAP).isoformat() if now else None
            self.result.known = self.before.replace(tasks=self.tasks, watermark=since)
        return self.result


def doubting(before: KnownDockets) -> KnownDockets:
    """Give what is known as if the tasks of which something was refused had not been read."""
    tasks = {
        number: task.replace(updated_at="") if task.rejects else task
        for number, task in before.tasks.items()
    }
    return before if tasks == before.tasks else before.replace(tasks=tasks, watermark=None)


def with_rejects(known: KnownDockets, rejects: Iterable[Reject]) -> KnownDockets:
    """Give the project with what was refused of its decisions, each at the task it came from."""
    tasks = dict(known.tasks)
    for reject in rejects:
        found = _TASK.match(reject.place)
        if found and int(found[1]) == known.id and int(found[2]) in tasks:
            task = tasks[int(found[2])]
            tasks[int(found[2])] = task.replace(rejects=(*task.rejects, reject))
    return known.replace(tasks=tasks)
