"""`annotate suggest`: documents become suggestions, part by part."""

from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from time import time

from annotate.errors import DataError, EnvironmentFault, InvalidFile, NothingToDo, UsageError
from annotate.files import remove_unfinished
from annotate.model import Document, Record, Reject, Suggestion, Zone, document_id, text_sha256
from annotate.pipeline import suggest_places as places
from annotate.pipeline import suggest_plan as plan
from annotate.pipeline import suggest_rules as rules
from annotate.pipeline.calibrate import calibrate as calibrated
from annotate.pipeline.suggest_engines import Engine
from annotate.pipeline.suggest_parts import Outcome
from annotate.pipeline.workers import Failed
from annotate.workspace import Workspace

Progress = Callable[[int], None]


class SuggestResult(Record, frozen=True, kw_only=True):
    """What `suggest` found; counts are of all documents, also those done before.

    `scores` says where the rules' scores come from. `rejects` are the parts that could not
    be made, each with its reason.
    """

    documents: int
    suggestions: int
    written_parts: int
    markers: dict[str, int]
    judgements: dict[str, int]
    scores: rules.Scores = rules.Scores()
    rejects: tuple[Reject, ...] = ()


def suggest(  # noqa: PLR0913 - one call is the whole stage
    workspace: Workspace,
    *,
    jobs: int | None = None,
    engine: str = "local",
    scheduler: str | None = None,
    candidates: Sequence[str] | None = None,
    calibrate: bool = False,
    adjudicator: str | None = None,
    dry_run: bool = False,
    wait: bool = False,
    progress: Progress | None = None,
) -> SuggestResult:
    """Suggest spans for every document; parts whose input has not changed are kept.

    What is written is the same whatever `jobs`, which annotate.toml gives by default, and
    `engine`. `calibrate` first estimates the rules' scores from what is settled, where
    `adjudicator` decides. A part that cannot be read is among the result's rejects, and all
    others are made.

    Raises NothingToDo when nothing is ingested, or settled; DataError when an ingest was
    cut short, since without zones boilerplate would be suggested too; NotWritable,
    WorkspaceLocked, UsageError, and EnvironmentFault when no worker or scheduler answers.
    """
    workers = _engine(workspace, engine, jobs, scheduler)
    parts = workspace.parts(Document)
    if not parts:
        raise NothingToDo("no documents here", hint="Bring some in with `annotate ingest FOLDER`")
    started = time()
    with workspace.writing("suggest", wait=wait, dry_run=dry_run):
        before = workspace.last_run("suggest")
        used = _rules(
            workspace, candidates, calibrate=calibrate, adjudicator=adjudicator, dry_run=dry_run
        )
        zones = tuple(places.place(path) for path in workspace.parts(Zone))
        out = workspace.table(Suggestion)
        job = used.job(zones=zones, out=places.place(out), dry_run=dry_run)
        tally = _Tally(progress)
        try:
            tally.take(workers.outcomes(job, plan.of_parts(parts, zones)))
        finally:
            if not dry_run:
                remove_unfinished(out)
        result = tally.result(used.scores)
        changed = result.written_parts or not before or before.inputs != tally.fingerprints
        if changed and not dry_run:
            counts = {"documents": result.documents, "suggestions": result.suggestions}
            workspace.record_run(
                "suggest",
                started=started,
                counts=counts,
                inputs=tally.fingerprints,
                rejects=result.rejects,
            )
    return result


def suggest_folder(  # noqa: PLR0913 - one call is the whole stage
    workspace: Workspace,
    *,
    documents: str,
    out: str,
    zones: str | None = None,
    jobs: int | None = None,
    engine: str = "local",
    scheduler: str | None = None,
    candidates: Sequence[str] | None = None,
    calibrate: bool = False,
    adjudicator: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> SuggestResult:
    """Suggest for a folder of Parquet elsewhere: a path, or any URL that fsspec opens.

    `documents` have at least `doc_id` and `text`. Their zones are read from `zones`, or from
    `zones.parquet` beside the documents, or else found in the text. Suggestions go to `out` as
    parts; the workspace gives the markers and their scores only. Raises as `suggest` does.
    """
    workers = _engine(workspace, engine, jobs, scheduler)
    source, target = places.place(documents), places.place(out)
    _refuse_mixed(source, target, workers)
    files = places.parquet_files(source)
    if not files:
        raise NothingToDo(f"no Parquet files in {documents}", hint="Name a folder of parts")
    held = _zone_files(source, zones)
    used = _rules(
        workspace, candidates, calibrate=calibrate, adjudicator=adjudicator, dry_run=dry_run
    )
    tally = _Tally(progress)
    job = used.job(zones=held, out=target, dry_run=dry_run)
    units = plan.of_files(files, held or ())
    tally.take(workers.outcomes(job, units))
    if not dry_run:
        tally.refuse_strangers(target, {unit.name for unit in units})
    return tally.result(used.scores)


def _engine(workspace: Workspace, name: str, jobs: int | None, scheduler: str | None) -> Engine:
    number = workspace.config.suggest.jobs if jobs is None else jobs
    engine = Engine(name=name, jobs=number, scheduler=scheduler)
    engine.check()
    return engine


def _rules(
    workspace: Workspace,
    candidates: Sequence[str] | None,
    *,
    calibrate: bool,
    adjudicator: str | None,
    dry_run: bool,
) -> rules.Chosen:
    if not calibrate:
        return rules.chosen(workspace, candidates)
    scores = calibrated(workspace, candidates=candidates, adjudicator=adjudicator, dry_run=dry_run)
    return rules.chosen(workspace, candidates, scores)


def suggest_string(text: str) -> list[Suggestion]:
    """Give the suggestions of the rules for tier 1; offsets are into `text` as given."""
    from annotate import taxonomy
    from annotate.ingest.zones import find_zones
    from annotate.suggest.engine import suggest_document
    from annotate.suggest.rules import load_rules

    whole = text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate has no hash
    document = Document(
        doc_id=document_id(whole), text=text, text_sha256=text_sha256(whole), canonicaliser=""
    )
    return suggest_document(document, find_zones(document), load_rules(taxonomy.load().tier(1)))


def _zone_files(documents: str, named: str | None) -> tuple[str, ...] | None:
    if named:
        return tuple(places.parquet_files(places.place(named)))
    beside = places.within(documents.rpartition("/")[0], "zones.parquet")
    return tuple(places.parquet_files(beside)) if places.exists(beside) else None


def _refuse_mixed(documents: str, out: str, engine: Engine) -> None:
    if f"{out}/".startswith(f"{documents}/") or f"{documents}/".startswith(f"{out}/"):
        raise UsageError(
            f"{places.shown(out)} and {places.shown(documents)} are one folder, or one is "
            "inside the other",
            hint="Name a folder of its own for the suggestions",
        )
    alone = engine.name == "local" and engine.jobs == 1
    if not alone and any(url.startswith("memory:") for url in (documents, out)):
        raise UsageError(
            "memory:// lives in one process", hint="Use `--engine local` and `--jobs 1` with it"
        )


class _Tally:
    """What is counted over the parts of a run; nothing of the documents is kept."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress = progress
        self.fingerprints: dict[str, str] = {}
        self.documents = self.written = self.bare = 0
        self.markers: Counter[str] = Counter()
        self.judgements: Counter[str] = Counter()
        self.rejects: list[Reject] = []

    def take(self, outcomes: Generator[Outcome]) -> None:
        """Count all outcomes.

        Raises DataError at the end when documents have no zones, and at once what the
        environment refuses: a full disk, a scheduler that is gone.
        """
        with closing(outcomes):
            for outcome in outcomes:
                self._add(outcome)
        if self.bare:
            raise DataError(
                f"documents without zones: {self.bare}, since an ingest was cut short",
                hint="Run the same `annotate ingest` again",
            )

    def _add(self, outcome: Outcome) -> None:
        if isinstance(outcome, Failed):
            error = outcome.error()
            if isinstance(error, EnvironmentFault):
                raise error
            place, _, reason = error.message.partition(": ")
            self.rejects.append(Reject(place=place, reason=f"{reason}. {error.hint}"))
            return
        self.bare += outcome.bare
        self.fingerprints[outcome.unit.removesuffix(".parquet")] = outcome.fingerprint
        self.documents += outcome.counts.documents
        self.written += outcome.written
        self.markers.update(outcome.counts.markers)
        self.judgements.update(outcome.counts.judgements)
        if self.progress:
            self.progress(self.documents)

    def refuse_strangers(self, out: str, made: set[str]) -> None:
        """Name the parts of the folder that no document of this run stands behind."""
        for url in places.parquet_files(out) if places.exists(out) else ():
            if url.rpartition("/")[2] not in made:
                reason = "belongs to none of these documents. Remove it, or name another folder"
                self.rejects.append(Reject(place=places.label(url), reason=reason))

    def result(self, scores: rules.Scores) -> SuggestResult:
        """Give the counts; raises InvalidFile when no part at all could be made."""
        rejects = tuple(sorted(self.rejects, key=lambda item: item.place))
        if rejects and not self.fingerprints:
            more = f" (and {len(rejects) - 1} more parts)" if len(rejects) > 1 else ""
            raise InvalidFile(f"{rejects[0].place}: {rejects[0].reason}{more}", hint="")
        return SuggestResult(
            documents=self.documents,
            suggestions=self.markers.total(),
            written_parts=self.written,
            markers=dict(sorted(self.markers.items())),
            judgements=dict(sorted(self.judgements.items())),
            scores=scores,
            rejects=rejects,
        )
