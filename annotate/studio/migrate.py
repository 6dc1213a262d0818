"""Tasks on the server under a migration: their results, and what they carry.

A task first gets its new version with the hashes of what is to change, then the results one
by one: a migration that was cut is seen by these, and goes on where it stopped. The token is
the lead's, whom a pull takes for nobody where the result is exactly what was written here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec

from annotate.formats.label_studio import GUIDE, TEXT, read_identity
from annotate.formats.label_studio_docket import ShownCase, read_docket_identity
from annotate.formats.label_studio_marks import MIGRATED, Mark, digest, read_marks
from annotate.formats.label_studio_migrated import MovedResult, moved_annotation, moved_regions
from annotate.migrated import Line, traced
from annotate.migration import Migration
from annotate.model import Reject
from annotate.studio import adjudicate, projects
from annotate.studio.adjudicator_config import adjudicator_values
from annotate.studio.client import Client
from annotate.studio.label_config import guide_panel, legal_values
from annotate.studio.projects import Desk, losses, used_in
from annotate.studio.wire import Project
from annotate.taxonomy import Taxonomy

Task = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What is to become of the tasks of the workspace `name`.

    `taxonomy` is the whole one, `in_use` what annotate.toml turns on of it.
    """

    name: str
    migration: Migration
    taxonomy: Taxonomy
    in_use: Taxonomy


@dataclass(frozen=True, kw_only=True)
class Found:
    """The workspace's projects: of annotators, and for adjudication."""

    annotators: tuple[Project, ...]
    dockets: tuple[Project, ...]


@dataclass(frozen=True, kw_only=True)
class TaskChange:
    """What is to be changed of a task; `body` is empty where a run that was cut did it."""

    task: int
    body: dict[str, Any]
    annotations: dict[int, list[Any]]
    predictions: dict[int, list[Any]]
    lines: tuple[Line, ...]


@dataclass(kw_only=True)
class _Work:
    """A task on its way."""

    annotations: dict[int, list[Any]] = field(default_factory=dict)
    predictions: dict[int, list[Any]] = field(default_factory=dict)
    marks: dict[str, dict[str, Mark]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


def find(client: Client, *, name: str, desks: Iterable[Desk]) -> Found:
    """Give the projects of the workspace, oldest first."""
    found = projects.find(client, name=name, desks=desks, everywhere=True)
    return Found(
        annotators=tuple(sorted((it for each in found.values() for it in each), key=_number)),
        dockets=tuple(adjudicate.find(client, name=name)),
    )


def _number(project: Project) -> int:
    return project.id


def changes(
    client: Client, found: Found, aim: Aim, *, rejects: list[Reject]
) -> Iterator[TaskChange]:
    """Give what is to be changed, task by task; with nothing left to do, nothing.

    What is not ours, or of another version, goes into `rejects`. Raises DataError where the
    page would lose what is in use.
    """
    legal, decided = legal_values(aim.in_use), adjudicator_values(aim.in_use)
    for project in found.annotators:
        guide = guide_panel(aim.in_use)
        of_task = partial(_of_annotator, aim=aim, guide=guide)
        yield from _of_project(client, project, of_task, rejects=rejects, legal=legal)
    for project in found.dockets:
        of_task = partial(_of_docket, aim=aim)
        yield from _of_project(client, project, of_task, rejects=rejects, legal=decided)


def apply(client: Client, change: TaskChange) -> None:
    """Change one task on the server."""
    if change.body:
        client.update_task(change.task, **change.body)
    for number, result in change.predictions.items():
        client.update_prediction(number, result=result)
    for number, result in change.annotations.items():
        client.update_annotation(number, result=result)


def update_pages(client: Client, found: Found, aim: Aim) -> int:
    """Bring the annotators' projects up to date; give how many had to change."""
    updated = 0
    for project in found.annotators:
        stale = projects.changes(client, project, taxonomy=aim.in_use)
        if stale:
            client.update_project(project.id, **stale)
            updated += 1
    return updated


def _of_project(
    client: Client,
    project: Project,
    of_task: Callable[..., tuple[_Work | None, dict[str, Any]]],
    *,
    rejects: list[Reject],
    legal: Mapping[str, Any],
) -> Iterator[TaskChange]:
    lost = losses(client, project, legal)
    for task in client.list_tasks(project.id):
        place = f"project {project.id} task {task['id']}"
        try:
            work, body = of_task(task, place=place)
        except ValueError as error:
            rejects.append(Reject(place=place, reason=str(error)))
            continue
        if work is None:
            continue
        results = (*work.annotations.values(), *work.predictions.values())
        in_use = {pair for result in results for pair in used_in(result)}
        if in_use & lost:
            raise projects.loss(project, in_use & lost)
        yield TaskChange(
            task=task["id"],
            body=body,
            annotations=work.annotations,
            predictions=work.predictions,
            lines=(*_of_task(task, body, place), *work.lines),
        )


def _of_task(task: Task, body: Mapping[str, Any], place: str) -> Iterator[Line]:
    if body:
        before, after = (
            {"taxonomy_version": meta["taxonomy_version"]} for meta in (task["meta"], body["meta"])
        )
        yield Line(table="tasks on the server", id=place, before=before, after=after)


def _of_annotator(
    task: Task, *, place: str, aim: Aim, guide: str
) -> tuple[_Work | None, dict[str, Any]]:
    identity = read_identity(task)
    if identity.project != aim.name:
        message = f'it is of project "{identity.project}"'
        raise ValueError(message)
    of_annotation = partial(
        moved_annotation,
        text=str(task["data"].get(TEXT)),
        migration=aim.migration,
        taxonomy=aim.taxonomy,
    )
    of_prediction = partial(
        moved_regions, fill=True, migration=aim.migration, taxonomy=aim.taxonomy
    )
    work, fresh = _results(task, aim, place, of_annotation, of_prediction)
    if not fresh:
        return work, {}
    meta = _meta(task, aim, work)
    if not task.get("annotations"):
        meta["guideline_version"] = aim.taxonomy.frame.guideline_version
    return work, {"meta": meta, "data": {**task["data"], GUIDE: guide}}


def _of_docket(task: Task, *, place: str, aim: Aim) -> tuple[_Work | None, dict[str, Any]]:
    identity = read_docket_identity(task)
    if identity.project != aim.name:
        message = f'it is of project "{identity.project}"'
        raise ValueError(message)
    cases = identity.cases
    if task["meta"]["taxonomy_version"] == aim.migration.since:
        cases = tuple(it for case in cases if (it := _case(case, aim)).spans)
    # The rest of an id says where a case stood, and on what: its marker may have changed.
    names = {case.case_id.partition("-")[2]: case.case_id for case in cases}

    def renamed(region: str) -> str:
        name, plus, number = region.partition("+")
        return names.get(name.partition("-")[2], name) + plus + number

    moving = partial(moved_regions, migration=aim.migration, taxonomy=aim.taxonomy, renamed=renamed)
    work, fresh = _results(task, aim, place, moving, moving)
    if not fresh:
        return work, {}
    return work, {"meta": {**_meta(task, aim, work), "cases": msgspec.to_builtins(cases)}}


def _case(case: ShownCase, aim: Aim) -> ShownCase:
    """Give the case with its spans as they are now, and with its marker in its id."""
    marker, _, rest = case.case_id.partition("-")
    own = traced(case.spans[0].replace(marker=marker), aim.migration, aim.taxonomy).after
    spans = (traced(span, aim.migration, aim.taxonomy).after for span in case.spans)
    return case.replace(
        case_id=f"{own.marker if own else marker}-{rest}", spans=tuple(filter(None, spans))
    )


def _meta(task: Task, aim: Aim, work: _Work | None) -> dict[str, Any]:
    marks = work.marks if work else {}
    known = {"taxonomy_version": aim.migration.to, MIGRATED: msgspec.to_builtins(marks)}
    return {**task["meta"], **known}


def _results(
    task: Task, aim: Aim, place: str, of_annotation: Any, of_prediction: Any
) -> tuple[_Work | None, bool]:
    """Give what changes of a task's results, and whether its turn comes only now."""
    version, marks = task["meta"]["taxonomy_version"], read_marks(task)
    fresh = version == aim.migration.since
    if not fresh and version != aim.migration.to:
        message = f"its taxonomy version is {version}, not {aim.migration.since}"
        raise ValueError(message)
    work = _Work(marks={"annotations": {}, "predictions": {}})
    for kind, moving, known, changed in (
        ("annotations", of_annotation, marks.annotations, work.annotations),
        ("predictions", of_prediction, marks.predictions, work.predictions),
    ):
        for each in task.get(kind) or ():
            mark = known.get(str(each["id"]))
            before = digest(each.get("result"))
            if not fresh and (mark is None or mark.before != before):
                continue
            after: MovedResult = moving(each.get("result"))
            now = digest(after.result)
            if now != before:
                changed[each["id"]] = after.result
                work.lines.append(_line(kind, f"{place} {kind[:-1]} {each['id']}", each, after))
                told = mark.submitted_at if mark and mark.after == before else each["updated_at"]
                mark = Mark(before=before, after=now, submitted_at=str(told))
            if mark:
                work.marks[kind][str(each["id"])] = mark
    done = not (fresh or work.annotations or work.predictions)
    return (None if done else work), fresh


def _line(kind: str, name: str, each: Task, after: MovedResult) -> Line:
    return Line(
        table=f"{kind} on the server",
        id=name,
        before={"result": _without_text(each.get("result"))},
        after={"result": _without_text(after.result)},
        steps=after.effects,
    )


def _without_text(result: Any) -> Any:
    """Give a result without the words that it is on: offsets say them, and a document may go."""
    if isinstance(result, list):
        return [_without_text(item) for item in result]
    if not isinstance(result, Mapping) or not isinstance(result.get("value"), Mapping):
        return result
    value = {k: it for k, it in result["value"].items() if k != "text" or isinstance(it, list)}
    return {**result, "value": value}
