"""Which projects of the server are this workspace's: asked of their tasks, once."""

from dataclasses import dataclass

from annotate.studio.client import Client
from annotate.studio.projects import Desk, owner
from annotate.studio.seen import KnownProject, State
from annotate.studio.wire import Project


@dataclass(frozen=True, kw_only=True)
class OurProject:
    """A project of the workspace as it is on the server, and as it was last read."""

    project: Project
    before: KnownProject


@dataclass(frozen=True, kw_only=True)
class Located:
    """The projects of the workspace, known ones that are gone, and foreign ones."""

    ours: list[OurProject]
    gone: list[KnownProject]
    others: dict[int, str]


def locate(client: Client, state: State, *, name: str) -> Located:
    """Find the workspace's projects; a project that is not known is asked whose it is."""
    known = {item.id: item for item in state.projects}
    others = dict(state.others)
    ours: list[OurProject] = []
    for project in client.projects():
        before = known.get(project.id)
        if before and before.created_at == project.created_at:
            ours.append(OurProject(project=project, before=before))
        elif project.tasks and others.get(project.id) != project.created_at:
            desk = owner(client, project, name=name)
            if desk:
                ours.append(OurProject(project=project, before=_unread(project, desk)))
            else:
                others[project.id] = project.created_at
    found = {(item.before.id, item.before.created_at) for item in ours}
    gone = [item for item in state.projects if (item.id, item.created_at) not in found]
    return Located(ours=ours, gone=gone, others=others)


def _unread(project: Project, desk: Desk) -> KnownProject:
    return KnownProject(
        id=project.id,
        annotator=desk.annotator,
        round=desk.round,
        created_at=project.created_at,
    )
