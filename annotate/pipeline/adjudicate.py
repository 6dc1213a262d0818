"""`annotate adjudicate`: what waits for a person goes out, and verdicts come in."""

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from time import time

import msgspec

from annotate import files
from annotate.adjudicate.consensus import Consensus
from annotate.adjudicate.deciding import Ruling
from annotate.adjudicate.queue import docket, dockets
from annotate.decode import Problem, invalid
from annotate.docket import Docket
from annotate.errors import NothingToDo, UsageError
from annotate.model import Record, Reject
from annotate.pipeline.decided_file import DecidedFile, read_decided
from annotate.pipeline.gold import Gold, gold
from annotate.pipeline.verdicts import Recorded, record_verdicts, rule
from annotate.workspace import Workspace

_ENOUGH = 2


class Waiting(Record, frozen=True, kw_only=True):
    """A document of the queue: how many cases wait in it, and what deciding them is worth."""

    doc_id: str
    title: str | None
    cases: int
    gain: float


class Imported(Record, frozen=True, kw_only=True):
    """What a file of decisions gave: its lines, and the verdicts new and corrected.

    `undecided` has a sentence for each case that its documents still wait with.
    """

    lines: int
    verdicts: int
    added: int
    changed: int
    undecided: tuple[str, ...]


class AdjudicateResult(Record, frozen=True, kw_only=True):
    """What waits for an adjudicator, in `documents` that two or more people read.

    `waiting` documents have `cases` to be decided, counted by marker and by why: `missed`,
    `marker`, `boundary`, `attributes`, and `stale`, where annotators changed what a verdict
    rests on. `accepted` gold spans needed nobody, `adjudicated` ones are an adjudicator's,
    `ambiguous` places are decided and open. `queue` holds the documents in the order of
    their worth. `exported` is how many dockets were written.
    """

    adjudicator: str | None
    documents: int
    waiting: int
    cases: int
    by_marker: dict[str, int]
    by_why: dict[str, int]
    accepted: int
    adjudicated: int
    ambiguous: int
    stale: int
    queue: tuple[Waiting, ...]
    exported: int | None = None
    imported: Imported | None = None
    rejects: tuple[Reject, ...] = ()


def adjudicate(  # noqa: PLR0913 - keyword-only options of one command
    workspace: Workspace,
    *,
    export: str | Path | None = None,
    decisions: str | Path | None = None,
    adjudicator: str | None = None,
    limit: int | None = None,
    dry_run: bool = False,
    wait: bool = False,
) -> AdjudicateResult:
    """Report the queue; write it to the file `export`, or take in the file `decisions`.

    Both files are JSON lines, of `Docket` and of `Decided`. An export holds the first `limit`
    documents of the queue. Nothing of a file with decisions is taken in where the process is
    stopped; taken in twice it changes nothing. A dry run writes nothing.

    Raises NothingToDo where no document was read by two people, UsageError for what the call
    names and is not there, InvalidFile where no line of a file can be read.
    """
    started = time()
    usually = _usual_adjudicator(workspace)
    if export is not None and decisions is not None:
        raise UsageError("--export and --import at once", hint="Import first, and then export")
    if export is None and decisions is None:
        return report(_read(workspace), workspace, adjudicator=adjudicator or usually)
    with workspace.writing("adjudicate", wait=wait, dry_run=dry_run):
        if decisions is not None:
            read = read_decided(
                Path(decisions),
                adjudicator=adjudicator,
                usually=usually,
                taxonomy=workspace.taxonomy,
            )
            result = _import(workspace, Path(decisions), read, dry_run=dry_run, started=started)
            return result.replace(adjudicator=adjudicator or usually)
        found = _read(workspace)
        chosen = queue(found, workspace)[:limit]
        result = report(found, workspace, adjudicator=adjudicator or usually)
        result = result.replace(exported=len(chosen))
        if export is not None and not dry_run:
            _write(Path(export), chosen)
            counts = {"documents": len(chosen), "cases": sum(len(it.waiting) for it in chosen)}
            workspace.record_run("adjudicate", started=started, counts=counts)
        return result


class Backlog(Record, frozen=True, kw_only=True):
    """How many spans wait for an adjudicator, and in how many documents."""

    documents: int = 0
    cases: int = 0


def backlog(workspace: Workspace) -> Backlog:
    """Count what waits; nothing does where nothing is annotated."""
    try:
        found = gold(workspace)
    except NothingToDo:
        return Backlog()
    # Only what is open or stale can wait, so the other documents need no docket.
    maybe = [it for it, outcome in found.outcomes.items() if outcome.undecided or outcome.stale]
    counts = [len(docket(found.dossiers[it], workspace.taxonomy).waiting) for it in maybe]
    return Backlog(documents=sum(map(bool, counts)), cases=sum(counts))


def queue(found: Gold, workspace: Workspace) -> list[Docket]:
    """Give the documents that wait, the one whose verdicts are worth most first."""
    return dockets(found.dossiers.values(), workspace.taxonomy)


def report(found: Gold, workspace: Workspace, *, adjudicator: str | None) -> AdjudicateResult:
    """Count what waits, and what does not."""
    waiting = queue(found, workspace)
    cases = [case for item in waiting for case in item.waiting]
    outcomes = found.outcomes.values()
    status = Counter(span.status for outcome in outcomes for span in outcome.gold)
    return AdjudicateResult(
        adjudicator=adjudicator,
        documents=sum(outcome.annotators >= _ENOUGH for outcome in outcomes),
        waiting=len(waiting),
        cases=len(cases),
        by_marker=_counted([case.marker for case in cases]),
        by_why=_counted([(case.why or "").partition(":")[0] for case in cases]),
        accepted=status["consensus"],
        adjudicated=status["adjudicated"],
        ambiguous=sum(len(outcome.open) - len(outcome.undecided) for outcome in outcomes),
        stale=sum(len(outcome.stale) for outcome in outcomes),
        queue=tuple(
            Waiting(doc_id=it.doc_id, title=it.title, cases=len(it.waiting), gain=it.gain)
            for it in waiting
        ),
        rejects=found.rejects,
    )


def _read(workspace: Workspace) -> Gold:
    found = gold(workspace)
    if not any(_adjudicable(outcome) for outcome in found.outcomes.values()):
        raise NothingToDo(
            "nothing to adjudicate: no document was read by two people "
            f"({found.single} were read by one)",
            hint="Let a second person read them: raise `overlap` or `test` under [assign], then "
            "`annotate assign`",
        )
    return found


def _adjudicable(outcome: Consensus) -> bool:
    return outcome.annotators >= _ENOUGH or outcome.reviewed


def _counted(names: Sequence[str]) -> dict[str, int]:
    """Give how often each name comes, the most frequent first."""
    return dict(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))


def _usual_adjudicator(workspace: Workspace) -> str | None:
    config = workspace.config
    named = config.adjudicate.adjudicator
    if named in config.team.annotators and not config.adjudicate.also_annotates:
        told = f"{named} is one of the annotators; name somebody else, or set also_annotates = true"
        raise invalid("annotate.toml", [Problem(path="adjudicate.adjudicator", message=told)])
    return named


def _import(
    workspace: Workspace, path: Path, read: DecidedFile, *, dry_run: bool, started: float
) -> AdjudicateResult:
    ruling = rule(
        read.submissions,
        gold(workspace).dossiers,
        workspace.taxonomy,
        also_annotates=workspace.config.adjudicate.also_annotates,
    )
    recorded = record_verdicts(workspace, ruling.verdicts, dry_run=dry_run)
    rejects = (*read.rejects, *ruling.rejects)
    imported = _told(ruling, recorded, lines=len(read.submissions) + len(read.rejects))
    if not dry_run:
        workspace.keep_raw_file(path)
        workspace.record_run(
            "adjudicate",
            started=started,
            counts={"lines": imported.lines, "verdicts": imported.verdicts}
            | {"added": recorded.added, "changed": recorded.changed},
            rejects=rejects,
            inputs={path.name: sha256(path.read_bytes()).hexdigest()},
        )
    after = report(gold(workspace), workspace, adjudicator=None)
    return after.replace(imported=imported, rejects=(*rejects, *after.rejects))


def _told(ruling: Ruling, recorded: Recorded, *, lines: int) -> Imported:
    return Imported(
        lines=lines,
        verdicts=len(ruling.verdicts),
        added=recorded.added,
        changed=recorded.changed,
        undecided=ruling.undecided,
    )


def _write(path: Path, chosen: Sequence[Docket]) -> None:
    if path.is_dir():
        raise UsageError(f"{path} is a folder", hint="Name a file to write the queue to")
    with files.explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_atomically(path, msgspec.json.Encoder().encode_lines(chosen))
