"""The projects of a workspace on the server: one per annotator and round.

They are found by title, or, where somebody renamed one or the workspace was lost, by the
identity that their tasks carry.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from itertools import islice
from typing import Any

from annotate.errors import DataError
from annotate.formats.label_studio import MARKER, MODEL_VERSION, Identity, read_identity
from annotate.model import Record
from annotate.studio.client import Client
from annotate.studio.label_config import INSTRUCTIONS, legal_values, render
from annotate.studio.wire import Project
from annotate.taxonomy import Taxonomy

TITLE_LENGTH = 50
_ASKED = 10
IDENTITY_FIELDS = ("id", "data", "meta", "total_annotations", "cancelled_annotations")
SETTINGS: dict[str, Any] = {
    # Without it, submitting a document without markers stores nothing.
    "enable_empty_annotation": True,
    "show_collab_predictions": True,
    "model_version": MODEL_VERSION,
    "expert_instruction": INSTRUCTIONS,
    "show_instruction": True,
    "sampling": "Sequential sampling",
}


class Desk(Record, frozen=True, kw_only=True):
    """One annotator in one round: what a project belongs to."""

    annotator: str
    round: int


def title(name: str, desk: Desk) -> str:
    """Give the project's title of 3 to 50 characters.

    A name that is cut, or has blanks that the server would take away, gets a hash.
    """
    return fitted(name, f" · {desk.annotator} · r{desk.round}")


def fitted(name: str, rest: str) -> str:
    """Give a title of 3 to 50 characters that begins with the name and ends with `rest`."""
    shown = " ".join(name.replace("\0", " ").split())
    if shown != name or len(name) + len(rest) > TITLE_LENGTH:
        mark = "~" + sha256(name.encode()).hexdigest()[:4]
        shown = shown[: TITLE_LENGTH - len(rest) - len(mark)] + mark
    return shown + rest


def labelling_url(base_url: str, project_id: int) -> str:
    """Give the address of the label stream: no list, no tabs, nobody else's work."""
    return f"{base_url}/projects/{project_id}/data?labeling=1"


def find(
    client: Client, *, name: str, desks: Iterable[Desk], everywhere: bool = False
) -> dict[Desk, list[Project]]:
    """Give the desks' projects, oldest first; a desk without one is left out.

    Where a desk has no project of its title, or `everywhere` is set, all projects are
    asked whose they are, and desks that are not in `desks` may turn up.
    """
    wanted = {title(name, desk): desk for desk in desks}
    found: dict[Desk, list[Project]] = {}
    others: list[Project] = []
    for project in client.projects():
        desk = wanted.get(project.title)
        if desk:
            found.setdefault(desk, []).append(project)
        else:
            others.append(project)
    missing = set(wanted.values()) - set(found)
    for project in others if missing or everywhere else ():
        desk = owner(client, project, name=name)
        if desk and (everywhere or desk in missing):
            found.setdefault(desk, []).append(project)
    return found


def owner(client: Client, project: Project, *, name: str) -> Desk | None:
    """Give whose project it is by its first tasks; None when it is not of this workspace.

    A task that somebody added or changed by hand says nothing of the others.
    """
    if not project.tasks:
        return None
    tasks = client.list_tasks(project.id, fields=IDENTITY_FIELDS, page_size=_ASKED)
    for task in islice(tasks, _ASKED):
        with suppress(ValueError):
            identity = read_identity(task)
            return desk_of(identity) if identity.project == name else None
    return None


def desk_of(identity: Identity) -> Desk:
    """Give the desk that a task belongs on."""
    return Desk(annotator=identity.assignment.annotator, round=identity.assignment.round)


def create(client: Client, *, name: str, desk: Desk, taxonomy: Taxonomy) -> Project:
    """Make the desk's project with everything that annotators need."""
    return client.create_project(title(name, desk), render(taxonomy), **SETTINGS)


def changes(client: Client, project: Project, *, taxonomy: Taxonomy) -> dict[str, Any]:
    """Give the settings that are not up to date, `label_config` among them.

    Raises DataError when the new config lacks what annotations or suggestions use: the
    server would take it and lose them silently.
    """
    wanted = {**SETTINGS, "label_config": render(taxonomy)}
    return outdated(client, project, wanted=wanted, legal=legal_values(taxonomy))


def outdated(
    client: Client,
    project: Project,
    *,
    wanted: Mapping[str, Any],
    legal: Mapping[str, Collection[str]],
) -> dict[str, Any]:
    """Give which of the wanted settings, `label_config` among them, a project lacks.

    `legal` are the values of each control. Raises DataError as `changes` does.
    """
    now = client.project_settings(project.id)
    now["label_config"] = f"{now.get('label_config', '').strip()}\n"
    stale = {key: value for key, value in wanted.items() if now.get(key) != value}
    if "label_config" in stale:
        _refuse_loss(client, project, _lost(now.get("parsed_label_config") or {}, legal))
    return stale


def _lost(parsed: Mapping[str, Any], legal: Mapping[str, Collection[str]]) -> set[tuple[str, str]]:
    return {
        (control, label)
        for control, found in parsed.items()
        for label in found.get("labels", ())
        if label not in legal.get(control, ())
    }


def _refuse_loss(client: Client, project: Project, lost: set[tuple[str, str]]) -> None:
    if not lost or not project.tasks:
        return
    used: set[tuple[str, str]] = set()
    for task in client.list_tasks(project.id):
        for each in [*task.get("annotations", ()), *task.get("predictions", ())]:
            used |= lost & set(used_in(each.get("result") or ()))
    if used:
        raise loss(project, used)


def losses(
    client: Client, project: Project, legal: Mapping[str, Collection[str]]
) -> set[tuple[str, str]]:
    """Give the controls and labels that the project's label config has and `legal` lacks."""
    return _lost(client.project_settings(project.id).get("parsed_label_config") or {}, legal)


def loss(project: Project, lost: Collection[tuple[str, str]]) -> DataError:
    """Give the error for labels, each with its control, that would go and are in use."""
    markers = {pair for pair in lost if pair[0] == MARKER}
    names = ", ".join(sorted(f"{control} {label}" for control, label in markers or lost))
    return DataError(
        f'the label config of "{project.title}" cannot change: {names} would go and is in use',
        hint="Keep it in the taxonomy and annotate.toml, or begin a new round under [assign]",
    )


def used_in(result: Sequence[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    """Give the controls and labels that a result uses."""
    for item in result:
        values = (item.get("value") or {}).get(str(item.get("type"))) or ()
        for value in values if isinstance(values, list) else ():
            yield str(item.get("from_name")), str(value)
