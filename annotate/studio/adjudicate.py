"""Dockets become tasks: one project for the adjudicator, one task for each docket.

Stateless on our side: what is there is asked of the server, before and after. A docket is
known by its document, its ground and its adjudicator: where annotators said something else
since, or somebody else decides, it is another one.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

from annotate.docket import Docket
from annotate.formats.label_studio import Payload
from annotate.formats.label_studio_docket import (
    MODEL_VERSION,
    DocketIdentity,
    docket_payload,
    docket_problem,
    read_docket_identity,
)
from annotate.model import Record, Reject
from annotate.studio import projects
from annotate.studio.adjudicator_config import (
    adjudicator_values,
    docket_guide,
    instructions,
    render,
)
from annotate.studio.client import Client
from annotate.studio.wire import Project
from annotate.taxonomy import Taxonomy

BATCH = 500
_ASKED = 10
Key = tuple[str, str, str]
_FIELDS = ("id", "data", "meta", "total_annotations", "cancelled_annotations", "drafts")


class PushedDockets(Record, frozen=True, kw_only=True):
    """The adjudicator's project: `url` is what the adjudicator opens.

    `added` tasks are new, `present` were there and `submitted` of them done; `removed` were
    of no docket that waits, or copies. In a dry run these say what would be.
    """

    title: str
    project_id: int | None = None
    url: str | None = None
    created: bool = False
    added: int = 0
    present: int = 0
    submitted: int = 0
    removed: int = 0
    rejects: tuple[Reject, ...] = ()


class _Task(Record, frozen=True, kw_only=True):
    """A task on the server; `touched` says that somebody submitted, skipped or began it."""

    id: int
    project: int
    identity: DocketIdentity
    submitted: bool
    touched: bool

    @property
    def docket(self) -> Key:
        """What the docket is known by."""
        return (self.identity.doc_id, self.identity.ground, self.identity.adjudicator)


class _Stock(Record, frozen=True, kw_only=True):
    """The tasks to keep, one a docket, and those to delete."""

    kept: dict[Key, _Task]
    doomed: tuple[_Task, ...]


def title(name: str) -> str:
    """Give the title of the adjudicator's project."""
    return projects.fitted(name, " · adjudication")


def find(client: Client, *, name: str) -> list[Project]:
    """Give the workspace's projects for adjudication, oldest first; usually one.

    One that somebody renamed is known by its tasks, where none has the title.
    """
    everything = client.projects()
    titled = [item for item in everything if item.title == title(name)]
    return titled or [item for item in everything if item.tasks and is_ours(client, item, name)]


def is_ours(client: Client, project: Project, name: str) -> bool:
    """Tell, by its first tasks, whether a project holds dockets of the workspace."""
    tasks = client.list_tasks(project.id, fields=("id", "data", "meta"), page_size=_ASKED)
    for task in islice(tasks, _ASKED):
        with suppress(ValueError):
            return read_docket_identity(task).project == name
    return False


def push_dockets(  # noqa: PLR0913 - keyword-only
    client: Client,
    dockets: Sequence[Docket],
    *,
    name: str,
    adjudicator: str,
    taxonomy: Taxonomy,
    dry_run: bool = False,
) -> PushedDockets:
    """Bring all dockets that wait to the server, and leave one task for each.

    Without a docket no project is made. A task of another docket is deleted unless somebody
    worked on it. Raises ServerFault; whatever was sent until then stays, and the next push
    goes on from there.
    """
    found = find(client, name=name)
    created = not found and bool(dockets)
    if not dry_run and (found or dockets):
        found = _brought_up_to_date(client, found, name=name, taxonomy=taxonomy)
    problems = {item.doc_id: docket_problem(item, taxonomy) for item in dockets}
    sound = {(it.doc_id, it.ground, adjudicator): it for it in dockets if not problems[it.doc_id]}
    stock = _take_stock(client, found, sound)
    missing = [item for key, item in sound.items() if key not in stock.kept]
    removed = len(stock.doomed)

    def payload(item: Docket) -> Payload:
        guide = docket_guide(item, taxonomy)
        return docket_payload(
            item, taxonomy=taxonomy, project=name, adjudicator=adjudicator, guide=guide
        )

    if not dry_run:
        _delete(client, stock.doomed)
        _import(client, found, missing, payload)
        copies = _take_stock(client, found, sound).doomed if missing else ()
        _delete(client, copies)
        removed += len(copies)
    return PushedDockets(
        title=found[0].title if found else title(name),
        project_id=found[0].id if found else None,
        url=projects.labelling_url(client.base_url, found[0].id) if found else None,
        created=created,
        added=len(missing),
        present=len(stock.kept),
        submitted=sum(task.submitted for task in stock.kept.values()),
        removed=removed,
        rejects=tuple(
            Reject(place=f"document {doc_id}", reason=reason)
            for doc_id, reason in problems.items()
            if reason
        ),
    )


def _brought_up_to_date(
    client: Client, found: list[Project], *, name: str, taxonomy: Taxonomy
) -> list[Project]:
    """Give the projects with the settings that they must have; one is made where none is."""
    wanted = {
        **projects.SETTINGS,
        "model_version": MODEL_VERSION,
        "expert_instruction": instructions(taxonomy),
    }
    if not found:
        return [client.create_project(title(name), render(taxonomy), **wanted)]
    wanted |= {"title": title(name), "label_config": render(taxonomy)}
    stale = projects.outdated(client, found[0], wanted=wanted, legal=adjudicator_values(taxonomy))
    if stale:
        client.update_project(found[0].id, **stale)
    return [found[0].replace(title=title(name)), *found[1:]]


def _take_stock(client: Client, found: Sequence[Project], wanted: Collection[Key]) -> _Stock:
    """List the tasks; of copies the one that somebody worked on stays, else the oldest.

    Tasks that do not say which docket they are are left alone.
    """
    by_docket: defaultdict[Key, list[_Task]] = defaultdict(list)
    for project in found:
        for task in client.list_tasks(project.id, fields=_FIELDS):
            with suppress(ValueError):
                read = _read(project, task)
                by_docket[read.docket].append(read)
    kept: dict[Key, _Task] = {}
    doomed: list[_Task] = []
    for docket, tasks in by_docket.items():
        first, *others = sorted(tasks, key=lambda task: (not task.touched, task.id))
        if docket in wanted:
            kept[docket] = first
        else:
            others.append(first)
        doomed += [task for task in others if not task.touched]
    return _Stock(kept=kept, doomed=tuple(doomed))


def _read(project: Project, task: Mapping[str, Any]) -> _Task:
    submitted = bool(task.get("total_annotations") or task.get("cancelled_annotations"))
    return _Task(
        id=task["id"],
        project=project.id,
        identity=read_docket_identity(task),
        submitted=submitted,
        touched=submitted or bool(task.get("drafts")),
    )


def _import(
    client: Client,
    found: Sequence[Project],
    missing: Sequence[Docket],
    payload: Callable[[Docket], Payload],
) -> None:
    for begin in range(0, len(missing), BATCH):
        tasks = [payload(item) for item in missing[begin : begin + BATCH]]
        client.import_tasks(found[0].id, tasks)


def _delete(client: Client, doomed: Iterable[_Task]) -> None:
    by_project: defaultdict[int, list[int]] = defaultdict(list)
    for task in doomed:
        by_project[task.project].append(task.id)
    for project_id, ids in by_project.items():
        client.delete_tasks(project_id, ids)
