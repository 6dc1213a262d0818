"""`annotate adjudicate --push`: what waits for the adjudicator goes to Label Studio."""

from time import time

from annotate.errors import NothingToDo, UsageError
from annotate.model import Record, Reject
from annotate.workspace import Workspace


class PushDocketsResult(Record, frozen=True, kw_only=True):
    """What waits on the server for the adjudicator, at `url`.

    `tasks` wait or are `submitted`; `added` are new, `removed` were of no docket that waits.
    `email` is the adjudicator's; where that person has not signed up on a server of the
    team's own, `invite_url` is for the lead to send.
    """

    server: str
    adjudicator: str
    email: str
    project: str
    url: str | None
    tasks: int
    submitted: int
    added: int
    removed: int
    rejects: tuple[Reject, ...] = ()
    invite_url: str | None = None
    dry_run: bool = False


def push_dockets(
    workspace: Workspace, *, dry_run: bool = False, wait: bool = False
) -> PushDocketsResult:
    """Push every docket that waits and has no task yet; running it again changes nothing.

    Raises UsageError where annotate.toml names no adjudicator, NothingToDo where nothing
    ever waited, DataError when a label in use would go, ServerFault.
    """
    from annotate.pipeline.adjudicate import queue
    from annotate.pipeline.gold import gold
    from annotate.pipeline.people import emails, people_on
    from annotate.pipeline.studio import connect
    from annotate.studio import adjudicate as stage

    started, config = time(), workspace.config
    adjudicator = config.adjudicate.adjudicator
    if adjudicator is None:
        raise UsageError(
            "nobody is named who adjudicates",
            hint='Name somebody in annotate.toml: adjudicator = "dana" under [adjudicate]',
        )
    address = emails(config.team, {*config.team.annotators, adjudicator})[adjudicator]
    with workspace.writing("adjudicate", wait=wait, dry_run=dry_run):
        waiting = queue(gold(workspace), workspace)
        with connect(workspace) as client:
            people = people_on(client, workspace, names=[adjudicator], dry_run=dry_run)
            pushed = stage.push_dockets(
                client,
                waiting,
                name=config.project.name,
                adjudicator=adjudicator,
                taxonomy=workspace.taxonomy,
                dry_run=dry_run,
            )
        if not waiting and pushed.project_id is None:
            raise NothingToDo(
                "nothing waits for an adjudicator",
                hint="Let two people read the same documents, then run `annotate pull`",
            )
        if (pushed.added or pushed.removed) and not dry_run:
            counts = {"added": pushed.added, "removed": pushed.removed, "present": pushed.present}
            workspace.record_run(
                "adjudicate", started=started, counts=counts, rejects=pushed.rejects
            )
    return PushDocketsResult(
        server=client.base_url,
        adjudicator=adjudicator,
        email=address,
        project=pushed.title,
        url=pushed.url,
        tasks=pushed.added + pushed.present,
        submitted=pushed.submitted,
        added=pushed.added,
        removed=pushed.removed,
        rejects=pushed.rejects,
        invite_url=people.invite_url,
        dry_run=dry_run,
    )
