"""`annotate migrate`: labels of one taxonomy version become labels of the next, everywhere.

The audit trail is written first, then verdicts (which need annotations as they were),
annotations, suggestions part by part, tasks on the server one by one, and at last the
manifest. Whatever is done says so: rows and tasks by their version, parts of suggestions by
the version in their metadata. So a run that was cut goes on behind what it had done.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path
from time import time

from annotate import migration as steps
from annotate import resources, taxonomy
from annotate.decode import legal
from annotate.errors import DataError, NothingToDo, UsageError
from annotate.migrated import Line
from annotate.model import Annotation, Document, Record, Reject, Suggestion, Verdict
from annotate.pipeline import migrate_trail as trails
from annotate.pipeline.agreement import independent
from annotate.pipeline.migrate_rows import (
    Course,
    Rows,
    annotations,
    strangers,
    suggestions,
    waiting_parts,
)
from annotate.pipeline.migrate_studio import Studio, studio
from annotate.pipeline.migrate_verdicts import Read, verdicts
from annotate.workspace import Workspace

_FOLDER = "migrations"


class MigrateResult(Record, frozen=True, kw_only=True):
    """What changed, or in a dry run would.

    `counts` has changed rows by table, and as `TABLE: WHAT` what happened to their spans.
    `sample` are the first lines of the audit trail, which is the file `trail`.
    """

    name: str
    since: str
    to: str
    why: str
    counts: dict[str, int]
    sample: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    rejects: tuple[Reject, ...] = ()
    trail: str | None = None
    dry_run: bool = False


def migrate(  # noqa: PLR0913 - one call is the whole stage
    workspace: Workspace,
    path_or_name: str | Path,
    *,
    server: bool = True,
    dry_run: bool = False,
    wait: bool = False,
    progress: Callable[[int], None] | None = None,
) -> MigrateResult:
    """Apply a migration file, or a shipped one by its name; running it again changes nothing.

    It leads to the version of the taxonomy in use. Without `server` Label Studio is left as
    it is; `progress` is told how many of its tasks are done. Raises UsageError and InvalidFile
    for what is no migration, DataError where a marker would be left that the taxonomy does not
    know, ServerFault before anything changed.
    """
    started = time()
    known = taxonomy.load()
    course = Course(migration=steps.load(found(path_or_name), known), taxonomy=known)
    with workspace.writing("migrate", wait=wait, dry_run=dry_run):
        before = trails.unfinished(workspace, course.migration)
        with studio(workspace, course, asked=server) as there:
            run = _Run(workspace=workspace, course=course, studio=there)
            trail = before or trails.at(workspace, started)
            run.plan(trail, before=before, dry_run=dry_run)
            if run.due and not dry_run:
                run.apply(progress)
        return _result(run, trail if run.due and not dry_run else None, dry_run=dry_run)


def found(path_or_name: str | Path) -> Path:
    """Give the file of a migration; raises UsageError naming those that are shipped."""
    path = Path(path_or_name)
    if path.suffix in (".yaml", ".yml") or len(path.parts) > 1:
        if not path.is_file():
            raise UsageError(f"{path}: there is no such file", hint="Name a migration file")
        return path
    shipped = {item.stem: item for item in resources.listed(_FOLDER, ".yaml")}
    if str(path) not in shipped:
        told = legal(str(path), shipped) if shipped else f'"{path}" is not known; none is shipped'
        raise UsageError(f"migration {told}", hint="Name one of these, or a file NAME.yaml")
    return shipped[str(path)]


@dataclass(kw_only=True)
class _Run:
    """One migration of one workspace."""

    workspace: Workspace
    course: Course
    studio: Studio | None
    due: bool = False
    tally: trails.Tally = field(default_factory=trails.Tally)
    unknown: Counter[str] = field(default_factory=Counter)
    pages: int = 0
    rejects: list[Reject] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @cached_property
    def annotations(self) -> Rows[Annotation]:
        return annotations(self.workspace.rows(Annotation), self.course)

    @cached_property
    def verdicts(self) -> Rows[Verdict]:
        rows = self.workspace.rows(Verdict)
        read = _read(self.workspace, self.annotations.rows) if rows else {}
        return verdicts(rows, read, self.course, self.workspace.taxonomy)

    def plan(self, trail: trails.Trail, *, before: trails.Trail | None, dry_run: bool) -> None:
        """Count what is to be changed, and write the trail unless nothing is.

        What a run that was cut had done goes before. Raises DataError where a marker would be
        left that the taxonomy does not know.
        """
        again = {(line.table, line.id) for line in self.lines()} if before else set()
        done = before.lines() if before else ()
        kept = (line for line in done if (line.table, line.id) not in again)
        lines = self.tally.through(chain(kept, self.lines()))

        def wanted() -> bool:
            self._refuse_strangers()
            self.due = bool(before or self.tally.counts)
            return self.due and not dry_run

        trails.write(trail, self.course.migration, lines, wanted=wanted)

    def lines(self) -> Iterator[Line]:
        """Give what is to be changed, in the order in which it will be."""
        self.unknown.clear()
        self.rejects.clear()
        whole = self.course.taxonomy
        yield from self.verdicts.lines
        self.unknown.update(strangers(self.verdicts.rows, whole))
        yield from self.annotations.lines
        self.unknown.update(strangers(self.annotations.rows, whole))
        for part in waiting_parts(self.workspace, self.course):
            made = suggestions(part, self.course)
            yield from made.lines
            self.unknown.update(strangers(made.rows, whole))
        for change in self.studio.changes(self.rejects) if self.studio else ():
            yield from change.lines

    def _refuse_strangers(self) -> None:
        if self.unknown:
            told = ", ".join(f"{name} ({count})" for name, count in sorted(self.unknown.items()))
            raise DataError(
                f"{self.course.migration.name} leaves spans of markers that the taxonomy of "
                f"version {self.course.migration.to} does not have: {told}",
                hint="Add a step for each: rename, merge, split or retire",
            )

    def apply(self, progress: Callable[[int], None] | None) -> None:
        """Write whatever changed; see above for the order."""
        if self.verdicts.stamped:
            self.workspace.write(Verdict, self.verdicts.rows)
        if self.annotations.stamped:
            self.workspace.write(Annotation, self.annotations.rows)
        for part in waiting_parts(self.workspace, self.course):
            made = suggestions(part, self.course)
            if made.lines:
                number = int(part.stem.removeprefix("part-"))
                self.workspace.write_part(Suggestion, number=number, rows=made.rows)
        if self.studio:
            self.studio.apply(progress)
            self.pages = self.studio.update(self.workspace, self.notes)


def _read(workspace: Workspace, after: Iterable[Annotation]) -> dict[str, Read]:
    """Give what verdicts rest on: by document, one annotation a person, before and after."""
    import pyarrow.parquet as pq

    try:
        counted = independent(workspace)
    except NothingToDo:
        return {}
    texts: dict[str, str] = {}
    for part in workspace.parts(Document):
        columns = pq.read_table(part, columns=["doc_id", "text_sha256"]).to_pydict()
        texts |= dict(zip(columns["doc_id"], columns["text_sha256"], strict=True))
    now = {item.annotation_id: item for item in after}
    grouped: dict[str, list[Annotation]] = {}
    for item in counted:
        if texts.get(item.doc_id) == item.text_sha256 and not item.skipped:
            grouped.setdefault(item.doc_id, []).append(item)
    return {
        doc_id: Read(before=tuple(items), after=tuple(now[it.annotation_id] for it in items))
        for doc_id, items in grouped.items()
    }


def _result(run: _Run, trail: trails.Trail | None, *, dry_run: bool) -> MigrateResult:
    migration = run.course.migration
    counts = {**run.tally.counts, "pages on the server": run.pages}
    result = MigrateResult(
        name=migration.name,
        since=migration.since,
        to=migration.to,
        why=migration.why,
        counts={name: count for name, count in sorted(counts.items()) if count},
        sample=tuple(run.tally.sample),
        notes=(*run.notes, *_notes(run)),
        rejects=tuple(run.rejects),
        trail=str(trail.path) if trail else None,
        dry_run=dry_run,
    )
    if trail:
        run.workspace.record_run(
            "migrate",
            started=trail.started,
            counts=result.counts,
            rejects=result.rejects,
            inputs={"migration": migration.name, "since": migration.since, "to": migration.to},
        )
    return result


def _notes(run: _Run) -> Iterator[str]:
    from annotate.pipeline.suggest_rules import STORED

    for name, table in (("annotations", run.annotations), ("verdicts", run.verdicts)):
        for version, count in sorted(table.left.items()):
            yield f"{count} {name} of taxonomy version {version} were left as they are"
    if run.studio is None and run.workspace.last_run("push") is not None:
        yield "Label Studio was left out: run it again without --no-server before the next pull"
    if run.workspace.path(*STORED).exists():
        yield "scores of rules are the old ones: run `annotate suggest --calibrate` again"
