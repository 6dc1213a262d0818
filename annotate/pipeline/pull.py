"""`annotate pull`: what annotators submitted becomes annotations."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from time import time
from typing import TYPE_CHECKING

from annotate.errors import NothingToDo
from annotate.model import Annotation, Assignment, Record, Reject
from annotate.pipeline.pull_ground import ground_name, ground_of, log_name, packed
from annotate.pipeline.pull_verdicts import PulledVerdicts, pull_verdicts, verdict_projects
from annotate.studio.seen import PATH, State, decode, encode
from annotate.workspace import Workspace

if TYPE_CHECKING:
    from annotate.studio.client import Client
    from annotate.studio.locate import Located
    from annotate.studio.pull import PulledProject


class PullResult(Record, frozen=True, kw_only=True):
    """What came, and where all work stands.

    `added`, `changed` and `deleted` count annotations; `annotations` is how many there
    are now, of them `skipped` ones without a statement and `empty` ones without a span.
    `rejects` are all that stand, also from earlier pulls. `rebuilt` assignments were
    known to the server only. `payloads` is the file of what came, if anything did.
    `verdicts` is what the adjudicator gave, None where nothing was pushed for one.
    """

    server: str
    tasks: int = 0
    annotations: int = 0
    skipped: int = 0
    empty: int = 0
    spans: int = 0
    added: int = 0
    changed: int = 0
    deleted: tuple[str, ...] = ()
    rebuilt: int = 0
    merged: tuple[Reject, ...] = ()
    rejects: tuple[Reject, ...] = ()
    payloads: str | None = None
    verdicts: PulledVerdicts | None = None


def pull(workspace: Workspace, *, wait: bool = False) -> PullResult:
    """Bring in what changed on the server; with nothing new, nothing is written.

    A workspace that was lost gets its assignments back from the server, as far as the
    documents are here. Raises ServerFault.
    """
    from annotate.pipeline.studio import connect
    from annotate.studio.locate import locate

    started = time()
    with workspace.writing("pull", wait=wait), connect(workspace) as client:
        state = _state(workspace)
        located = locate(client, state, name=workspace.config.project.name)
        ground = ground_name(workspace)
        pulled = _pulled(client, workspace, located, refused=state.ground != ground)
        known = (*(item.known for item in pulled), *located.gone)
        after = State(projects=known, others=located.others, ground=ground)
        dockets = verdict_projects(workspace, client)
        if not known and not dockets:
            raise NothingToDo(
                f"{client.base_url} has no tasks of this workspace",
                hint="Bring them there with `annotate push`",
            )
        result = PullResult(server=client.base_url, rejects=_rejects(after, located))
        if after != state:
            change = _Change(workspace)
            change.take(pulled)
            result = _write(workspace, change, pulled, after, result, started=started)
        return result.replace(
            tasks=sum(len(item.tasks) for item in after.projects),
            verdicts=pull_verdicts(workspace, client, dockets) if dockets else None,
            **_totals(workspace),
        )


def _state(workspace: Workspace) -> State:
    path = workspace.path(*PATH)
    return decode(path.read_bytes(), State) if path.is_file() else State()


def _pulled(
    client: "Client", workspace: Workspace, located: "Located", *, refused: bool
) -> list["PulledProject"]:
    from annotate.studio import pull as stage

    names = {item.before.annotator for item in located.ours}
    ground = cache(lambda: ground_of(client, workspace, names))
    ours = [stage.doubting(item) if refused else item for item in located.ours]

    def all_projects(*, everything: bool) -> list["PulledProject"]:
        return [
            stage.pull_project(client, item, ground=ground, now=now, everything=everything)
            for item in ours
        ]

    now = client.clock()
    pulled = all_projects(everything=False)
    return all_projects(everything=True) if stage.copies(pulled) else pulled


@dataclass
class _Change:
    """What a pull does to the tables."""

    workspace: Workspace
    rows: dict[str, Annotation] = field(init=False)
    assignments: list[Assignment] = field(init=False)
    added: int = 0
    changed: int = 0
    rebuilt: int = 0
    deleted: list[str] = field(default_factory=list)
    merged: list[Reject] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = {row.assignment_id: row for row in self.workspace.rows(Annotation)}

    @property
    def touched(self) -> bool:
        return bool(self.added or self.changed or self.deleted)

    def take(self, pulled: Iterable["PulledProject"]) -> None:
        self.assignments = self.workspace.rows(Assignment)
        known = {item.assignment_id for item in self.assignments}
        for assignment_id, annotation in _combined(pulled).items():
            before = self.rows.get(assignment_id)
            if annotation is None:
                if self.rows.pop(assignment_id, None):
                    self.deleted.append(assignment_id)
                continue
            self.added += before is None
            self.changed += before is not None and before != annotation
            self.rows[assignment_id] = annotation
        for item in pulled:
            self.merged += item.merged
            for assignment_id, assignment in item.assignments.items():
                if assignment_id not in known:
                    known.add(assignment_id)
                    self.assignments.append(assignment)
                    self.rebuilt += 1


def _combined(pulled: Iterable["PulledProject"]) -> dict[str, Annotation | None]:
    from annotate.studio.pull import later

    combined: dict[str, Annotation | None] = {}
    for item in pulled:
        for assignment_id, annotation in item.read.items():
            other = combined.get(assignment_id)
            combined[assignment_id] = (
                later(annotation, other) if annotation and other else annotation or other
            )
    return combined


def _write(  # noqa: PLR0913
    workspace: Workspace,
    change: _Change,
    pulled: Iterable["PulledProject"],
    after: State,
    result: PullResult,
    *,
    started: float,
) -> PullResult:
    """Write tables, payloads, and last what was read: a crash only reads it once more."""
    if change.rebuilt:
        workspace.write(Assignment, change.assignments)
    if change.touched:
        rows = sorted(change.rows.values(), key=lambda row: (row.doc_id, row.assignment_id))
        workspace.write(Annotation, rows)
    payloads = [
        {"project": item.known.id, "task": task} for item in pulled for task in item.payloads
    ]
    log = workspace.path("pulls", log_name(started))
    if payloads:
        workspace.write_bytes(log, packed(payloads))
    workspace.write_bytes(workspace.path(*PATH), encode(after))
    if not payloads:
        return result
    counts = {
        "annotations": len(change.rows),
        "added": change.added,
        "changed": change.changed,
        "deleted": len(change.deleted),
        "rebuilt": change.rebuilt,
    }
    workspace.record_run(
        "pull", started=started, counts=counts, rejects=[*result.rejects, *change.merged]
    )
    return result.replace(
        added=change.added,
        changed=change.changed,
        deleted=tuple(change.deleted),
        rebuilt=change.rebuilt,
        merged=tuple(change.merged),
        payloads=str(log),
    )


def _rejects(after: State, located: "Located") -> tuple[Reject, ...]:
    standing = [
        reject
        for project in after.projects
        for task in project.tasks.values()
        for reject in task.rejects
    ]
    gone = [
        Reject(
            place=f"project {item.id} of {item.annotator}",
            reason="it is not on the server any more; what was pulled from it is kept",
        )
        for item in located.gone
    ]
    return (*standing, *gone)


def _totals(workspace: Workspace) -> dict[str, int]:
    """Count the annotations by columns: with nothing new, no row is decoded."""
    import pyarrow.parquet as pq

    path = workspace.table(Annotation)
    if not path.is_file():
        return {}
    table = pq.read_table(path, columns=["skipped", "spans"])
    skipped = table["skipped"].to_pylist()
    lengths = [len(spans) for spans in table["spans"].combine_chunks()]
    return {
        "annotations": len(skipped),
        "skipped": sum(skipped),
        "empty": sum(not n and not s for n, s in zip(lengths, skipped, strict=True)),
        "spans": sum(lengths),
    }
