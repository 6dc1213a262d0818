"""`annotate run`: every stage that can go now, up to where people must act."""

from collections.abc import Callable
from contextlib import suppress

from annotate.errors import NothingToDo
from annotate.model import Annotation, Assignment, Document, Record
from annotate.pipeline.adjudicate import backlog
from annotate.pipeline.assign import assign
from annotate.pipeline.evaluate import evaluate
from annotate.pipeline.pull import pull
from annotate.pipeline.push import PushResult, push
from annotate.pipeline.release import release
from annotate.pipeline.status import status
from annotate.pipeline.studio import studio_start
from annotate.pipeline.suggest import suggest
from annotate.pipeline.train import train
from annotate.workspace import Workspace

Say = Callable[[str], None]


class RunResult(Record, frozen=True, kw_only=True):
    """What was done, whom the workspace waits for and where they work, and what is next."""

    steps: tuple[str, ...]
    waiting: tuple[str, ...]
    next: str


def run(workspace: Workspace, *, progress: Say | None = None) -> RunResult:
    """Move the workspace through every stage that can go now.

    It stops where people must act: without documents, without a team, while annotators have
    open tasks, and while spans wait for the adjudicator that annotate.toml names. Where it
    names nobody it goes on without what waits. Run again it goes on from there.
    """
    steps: list[str] = []

    def done(step: str) -> None:
        steps.append(step)
        if progress:
            progress(step)

    waiting = _forward(workspace, done)
    return RunResult(steps=tuple(steps), waiting=waiting, next=status(workspace).next)


def _forward(workspace: Workspace, done: Say) -> tuple[str, ...]:
    if not workspace.parts(Document):
        return ("articles: bring some in with `annotate ingest FOLDER`",)
    done(f"suggest: {suggest(workspace).suggestions} spans")
    if not workspace.config.team.annotators:
        return ("a team: name it in annotate.toml, [team] annotators",)
    if workspace.config.studio.url is None:
        done(f"studio: {studio_start(workspace).url}")
    if not workspace.parts(Assignment):
        _rebuild(workspace, done)
    done(f"assign: {assign(workspace).added} new assignments")
    pushed = push(workspace)
    done(f"push: {pushed.added} new tasks")
    done(f"pull: {pull(workspace).annotations} annotations")
    waiting = _open_work(workspace, pushed) or _to_decide(workspace)
    if not waiting:
        _finish(workspace, done)
    return waiting


def _rebuild(workspace: Workspace, done: Say) -> None:
    """Take up what the server still knows of a workspace that was lost, before drawing anew."""
    with suppress(NothingToDo):
        done(f"pull: {pull(workspace).rebuilt} assignments rebuilt from the server")


def _open_work(workspace: Workspace, pushed: PushResult) -> tuple[str, ...]:
    answered = {item.assignment_id for item in workspace.rows(Annotation)}
    left: dict[str, int] = {}
    for item in workspace.rows(Assignment):
        left[item.annotator] = left.get(item.annotator, 0) + (item.assignment_id not in answered)
    places = {item.annotator: item.url for item in pushed.projects}
    waiting = [
        f"{name}: {count} tasks at {places.get(name)}"
        for name, count in sorted(left.items())
        if count and name not in pushed.absent
    ]
    signs_up = [
        f"{name}: sign up as {email} at {pushed.invite_url}"
        for name, email in pushed.absent.items()
    ]
    return (*waiting, *signs_up)


def _to_decide(workspace: Workspace) -> tuple[str, ...]:
    named, waits = workspace.config.adjudicate.adjudicator, backlog(workspace)
    if named is None or not waits.cases:
        return ()
    told = f"{waits.cases} spans in {waits.documents} documents to decide"
    return (f"{named}: {told} with `annotate adjudicate`",)


def _finish(workspace: Workspace, done: Say) -> None:
    released = release(workspace)
    done(f"release: {released.path}")
    trained = train(workspace, release=released.version)
    done(f"train: {trained.path}")
    done(f"evaluate: {evaluate(workspace, model=trained.name).path}")
