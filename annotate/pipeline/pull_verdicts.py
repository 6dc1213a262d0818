"""The part of `annotate pull` that brings in what the adjudicator submitted."""

from functools import cache
from time import time
from typing import TYPE_CHECKING

import msgspec

from annotate.model import Record, Reject, Verdict
from annotate.pipeline.pull_ground import ground_name, ground_of, log_name, packed
from annotate.workspace import Workspace

if TYPE_CHECKING:
    from annotate.docket import Decided
    from annotate.studio.client import Client
    from annotate.studio.pull_dockets import KnownDockets, PulledDockets, State
    from annotate.studio.wire import Project


class PulledVerdicts(Record, frozen=True, kw_only=True):
    """What the adjudicator gave: `decided` documents by this pull, `skipped` ones in all.

    `added` and `changed` count verdicts, `verdicts` is how many there are now. `undecided`
    has a sentence for each case that the documents decided now still wait with. `rejects`
    are all that stand, also from earlier pulls.
    """

    tasks: int = 0
    decided: int = 0
    skipped: int = 0
    verdicts: int = 0
    added: int = 0
    changed: int = 0
    undecided: tuple[str, ...] = ()
    rejects: tuple[Reject, ...] = ()
    payloads: str | None = None


def verdict_projects(
    workspace: Workspace, client: "Client"
) -> "list[tuple[Project, KnownDockets]]":
    """Give the workspace's projects for adjudication with what is known of them; often none."""
    from annotate.studio.pull_dockets import locate

    return locate(client, _state(workspace), name=workspace.config.project.name)


def pull_verdicts(
    workspace: Workspace, client: "Client", projects: "list[tuple[Project, KnownDockets]]"
) -> PulledVerdicts:
    """Bring in what was decided; with nothing new, nothing is written.

    A verdict stays when its task or its annotation is deleted. Raises ServerFault.
    """
    from annotate.studio import pull_dockets as stage

    started, state = time(), _state(workspace)
    by = ground_name(workspace)
    ground = cache(lambda name: ground_of(client, workspace, [name]))
    now = client.clock()
    pulled = [
        stage.pull_dockets(
            client,
            project,
            before if state.ground == by else stage.doubting(before),
            name=workspace.config.project.name,
            ground=ground,
            now=now,
        )
        for project, before in projects
    ]
    result = _record(workspace, pulled)
    payloads = [{"project": it.known.id, "task": task} for it in pulled for task in it.payloads]
    log = workspace.path("pulls", log_name(started, of="-verdicts"))
    if payloads:
        workspace.write_bytes(log, packed(payloads))
        result = result.replace(payloads=str(log))
        counts = {"decided": result.decided, "added": result.added, "changed": result.changed}
        workspace.record_run("verdicts", started=started, counts=counts, rejects=result.rejects)
    after = stage.State(ground=by, projects=tuple(item.known for item in pulled))
    if after != state:
        workspace.write_bytes(workspace.path(*stage.PATH), msgspec.json.encode(after))
    return result


def _record(workspace: Workspace, pulled: "list[PulledDockets]") -> PulledVerdicts:
    """Turn decisions into verdicts; what is refused stands at the task that it came from."""
    from annotate import tables
    from annotate.pipeline.gold import gold
    from annotate.pipeline.verdicts import record_verdicts, rule
    from annotate.studio.pull_dockets import with_rejects

    result = PulledVerdicts()
    submissions = [each for item in pulled for each in _news(workspace, item)]
    if submissions:
        ruling = rule(
            submissions,
            gold(workspace).dossiers,
            workspace.taxonomy,
            also_annotates=workspace.config.adjudicate.also_annotates,
        )
        recorded = record_verdicts(workspace, ruling.verdicts)
        for item in pulled:
            item.known = with_rejects(item.known, ruling.rejects)
        result = result.replace(
            decided=len(submissions),
            added=recorded.added,
            changed=recorded.changed,
            undecided=ruling.undecided,
        )
    tasks = [task for item in pulled for task in item.known.tasks.values()]
    return result.replace(
        tasks=len(tasks),
        skipped=sum(task.skipped for task in tasks),
        verdicts=sum(map(tables.count, workspace.parts(Verdict))),
        rejects=tuple(reject for task in tasks for reject in task.rejects),
    )


def _news(workspace: Workspace, pulled: "PulledDockets") -> "list[tuple[str, Decided]]":
    """Leave out what was migrated and whose verdicts, migrated too, are here already."""
    from annotate.adjudicate.verdicts import moment

    if not pulled.migrated:
        return pulled.decided
    known = {(it.doc_id, it.adjudicator, it.decided_at) for it in workspace.rows(Verdict)}
    return [
        (place, it)
        for place, it in pulled.decided
        if place not in pulled.migrated
        or (it.doc_id, it.adjudicator, moment(it.decided_at)) not in known
    ]


def _state(workspace: Workspace) -> "State":
    from annotate.studio.pull_dockets import PATH, State
    from annotate.studio.seen import decode

    path = workspace.path(*PATH)
    return decode(path.read_bytes(), State) if path.is_file() else State()
