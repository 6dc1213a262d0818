"""One task per assignment: an import that was cut may have been committed all the same.

Copies that nobody worked on are deleted. Copies with work become one task that holds all
their annotations under their authors' names; which of them counts is for pull to say.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotate.formats.label_studio import read_identity
from annotate.formats.label_studio_results import stranger
from annotate.model import Reject
from annotate.studio.client import Client
from annotate.studio.projects import IDENTITY_FIELDS
from annotate.studio.wire import Project

Task = Mapping[str, Any]


@dataclass(kw_only=True)
class Stock:
    """What a desk's projects hold: assignments with a task, and what was tidied."""

    tasks: dict[str, int] = field(default_factory=dict)
    removed: int = 0
    merged: list[Reject] = field(default_factory=list)
    strangers: list[Reject] = field(default_factory=list)


def take_stock(
    client: Client, projects: Iterable[Project], *, assignee: int | None, dry_run: bool = False
) -> Stock:
    """List the projects' tasks and leave one per assignment; `dry_run` deletes nothing.

    `assignee` is the annotator's user id. Tasks without an identity are reported and
    left alone.
    """
    stock = Stock()
    copies: dict[str, list[tuple[Project, Task]]] = defaultdict(list)
    for project in projects:
        if not project.tasks:
            continue
        for task in client.list_tasks(project.id, fields=IDENTITY_FIELDS, page_size=1_000):
            try:
                identity = read_identity(task)
            except ValueError as error:
                place = f"project {project.id} task {task['id']}"
                stock.strangers.append(Reject(place=place, reason=str(error)))
            else:
                small = {key: task.get(key) for key in IDENTITY_FIELDS if key not in _LARGE}
                copies[identity.assignment.assignment_id].append((project, small))
    _tidy(client, copies, stock, assignee=assignee, dry_run=dry_run)
    return stock


_LARGE = ("data", "meta")


def _tidy(
    client: Client,
    copies: Mapping[str, Sequence[tuple[Project, Task]]],
    stock: Stock,
    *,
    assignee: int | None,
    dry_run: bool,
) -> None:
    doomed: dict[int, set[int]] = defaultdict(set)
    for assignment_id, tasks in copies.items():
        worked = [pair for pair in tasks if _worked_on(pair[1])]
        keep = (worked or tasks)[0]
        stock.tasks[assignment_id] = keep[1]["id"]
        idle = [pair for pair in tasks if pair not in worked and pair is not keep]
        for project, task in idle:
            doomed[project.id].add(task["id"])
        if len(worked) > 1:
            stock.merged.append(_merge_note(assignment_id, worked))
            if not dry_run:
                stock.tasks[assignment_id] = _merge(client, worked, assignee=assignee)
                for project, task in worked:
                    doomed[project.id].add(task["id"])
    stock.removed = sum(len(ids) for ids in doomed.values())
    if not dry_run:
        for project_id, ids in doomed.items():
            client.delete_tasks(project_id, ids)


def _worked_on(task: Task) -> bool:
    return bool(task.get("total_annotations") or task.get("cancelled_annotations"))


def _merge_note(assignment_id: str, worked: Sequence[tuple[Project, Task]]) -> Reject:
    places = ", ".join(f"project {project.id} task {task['id']}" for project, task in worked)
    reason = f"{len(worked)} tasks of {assignment_id} had annotations and became one task"
    return Reject(place=places, reason=reason)


def _merge(client: Client, worked: Sequence[tuple[Project, Task]], *, assignee: int | None) -> int:
    """Import one task with the annotations of all, each once, and give its id.

    The old tasks are deleted only afterwards, so that a crash leaves copies, never a loss.
    """
    full = [_full(client, project, task["id"]) for project, task in worked]
    annotations: list[dict[str, Any]] = []
    for annotation in sorted(
        (each for task in full for each in task["annotations"]),
        key=lambda each: (each["updated_at"], each["id"]),
    ):
        kept = _moved(annotation, assignee=assignee)
        if kept not in annotations:
            annotations.append(kept)
    predictions = [
        {key: each[key] for key in ("model_version", "score", "result")}
        for each in full[0].get("predictions", ())[:1]
    ]
    body = {"data": full[0]["data"], "meta": full[0]["meta"], "annotations": annotations}
    return client.import_tasks(worked[0][0].id, [{**body, "predictions": predictions}])[0]


def _full(client: Client, project: Project, task_id: int) -> dict[str, Any]:
    return next(task for task in client.list_tasks(project.id) if task["id"] == task_id)


def _moved(annotation: Task, *, assignee: int | None) -> dict[str, Any]:
    """Give what an import takes of an annotation.

    An import does not say who changed an annotation last, so one that a stranger touched
    is put down to the stranger.
    """
    return {
        "completed_by": stranger(annotation, assignee=assignee) or annotation["completed_by"],
        "result": annotation.get("result") or [],
        "was_cancelled": bool(annotation.get("was_cancelled")),
        "lead_time": annotation.get("lead_time"),
        "ground_truth": False,
    }
