"""Ingest: articles become documents, with appearances, zones and near-duplicate clusters."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from annotate import tables
from annotate.config import Columns
from annotate.errors import InvalidFile, NothingToDo
from annotate.ingest import near_duplicates, sources
from annotate.ingest.intake import Intake
from annotate.ingest.repeated import Learned, Learner
from annotate.ingest.zones import find_zones
from annotate.model import (
    Appearance,
    Assignment,
    Document,
    Duplicate,
    Record,
    Reject,
    Tombstone,
    Zone,
)
from annotate.shingles import readable, shingles
from annotate.workspace import BATCH, Workspace

_OWN = ("raw", "tables", "studio", "pulls", "runs", "releases", "models", "reports")


class IngestResult(Record, frozen=True, kw_only=True):
    """What an ingest did: `found` is the sum of `documents` to `rejects`.

    `documents` are new; `known` were there before; `exact_duplicates` came more than once
    in this run. `near_duplicate_clusters` counts those of two or more documents in the
    whole workspace, None when it was a dry run.
    """

    found: int
    documents: int
    known: int
    exact_duplicates: int
    near_duplicate_clusters: int | None
    rejects: tuple[Reject, ...]
    notes: tuple[str, ...]


def ingest(  # noqa: PLR0913 - one call is the whole stage
    workspace: Workspace,
    paths: Sequence[str | Path],
    *,
    columns: Columns | None = None,
    form: str | None = None,
    stdin: BinaryIO | None = None,
    dry_run: bool = False,
    wait: bool = False,
    progress: Callable[[int], None] | None = None,
) -> IngestResult:
    """Read files, folders and, for `-`, standard input into the workspace.

    `columns` names the columns of tables where `annotate.toml` does not; `form` says what
    the input is when its suffix does not. The zones of documents that were pushed stay as
    they are. `progress` is called with the number found so far. A dry run writes nothing.

    Raises UsageError for a path that is not there, InvalidFile for a named table without
    text, or when nothing at all could be taken, and WorkspaceLocked.
    """
    started = time.time()
    mapping = _columns(columns, workspace.config.ingest.columns)
    held = workspace.writing("ingest", wait=wait, dry_run=dry_run)
    with held, TemporaryDirectory(prefix="annotate-") as folder:
        inputs = _inputs(workspace, paths, form=form, stdin=stdin, folder=Path(folder))
        for source in inputs:
            if isinstance(source, sources.Input) and source.named:
                sources.check(source, mapping)
        intake = Intake(
            settings=workspace.config.ingest,
            languages=workspace.config.project.languages,
            known=known_documents(workspace),
            forgotten={item.doc_id: item.reason for item in workspace.rows(Tombstone)},
        )
        hashes = _read(workspace, inputs, mapping, intake, progress, keep=not dry_run)
        clusters = manifest = None
        if not dry_run:
            clusters = derive(workspace, intake.appearances, pushed_documents(workspace))
            counts = dict(sorted(intake.counts.items())) | {"found": intake.found}
            manifest = workspace.record_run(
                "ingest", started=started, counts=counts, rejects=intake.rejects, inputs=hashes
            )
    _refuse_nothing(intake, paths, manifest)
    return _result(intake, clusters)


def _columns(given: Columns | None, configured: Columns) -> Columns:
    chosen = given or Columns()
    return configured.replace(
        **{
            field: getattr(chosen, field)
            for field in chosen.__struct_fields__
            if getattr(chosen, field) is not None
        }
    )


def _inputs(
    workspace: Workspace,
    paths: Sequence[str | Path],
    *,
    form: str | None,
    stdin: BinaryIO | None,
    folder: Path,
) -> list[sources.Input | Reject]:
    kept = sources.kept_stdin(paths, stdin, folder)
    own = frozenset(workspace.path(name).resolve() for name in _OWN)
    return list(sources.listed(paths, form=form, own=own, stdin=kept))


def known_documents(workspace: Workspace) -> frozenset[str]:
    """Give the ids of all documents."""
    read = (tables.column(part, "doc_id") for part in workspace.parts(Document))
    return frozenset(doc_id for part in read for doc_id in part)


def _read(  # noqa: PLR0913 - the wiring of one loop
    workspace: Workspace,
    inputs: Iterable[sources.Input | Reject],
    columns: Columns,
    intake: Intake,
    progress: Callable[[int], None] | None,
    *,
    keep: bool,
) -> dict[str, str]:
    """Store the new documents, part by part, and the files that gave any article."""
    batch: list[Document] = []
    hashes: dict[str, str] = {}
    for source in inputs:
        if isinstance(source, Reject):
            intake.take(source, file=source.place)
            continue
        before = len(intake.appearances)
        for item in sources.read(source, columns):
            document = intake.take(item, file=source.place)
            if progress is not None:
                progress(intake.found)
            if document is None:
                continue
            batch.append(document)
            if len(batch) == BATCH:
                _append(workspace, batch, keep=keep)
        if keep and len(intake.appearances) > before:
            hashes[source.place] = workspace.keep_raw_file(source.path).name.partition(".")[0]
    _append(workspace, batch, keep=keep)
    return hashes


def _append(workspace: Workspace, batch: list[Document], *, keep: bool) -> None:
    if batch and keep:
        workspace.append(Document, batch)
    batch.clear()


def derive(workspace: Workspace, arrived: Iterable[Appearance], frozen: frozenset[str]) -> int:
    """Write what later input may change, from all documents; give the number of clusters."""
    appearances = _merged(workspace.rows(Appearance), arrived)
    if not appearances:
        return 0
    publishers: defaultdict[str, set[str | None]] = defaultdict(set)
    for appearance in appearances:
        publishers[appearance.doc_id].add(appearance.publisher)
    learned = _learned(workspace, publishers)
    kept: defaultdict[str, list[Zone]] = defaultdict(list)
    for zone in workspace.rows(Zone) if frozen else ():
        if zone.doc_id in frozen:
            kept[zone.doc_id].append(zone)
    zones: list[Zone] = []
    grams = {}
    for document in _documents(workspace):
        marks = (learned.of(publisher) for publisher in publishers[document.doc_id])
        found = kept.get(document.doc_id) or find_zones(document, frozenset().union(*marks))
        zones += found
        grams[document.doc_id] = shingles(readable(document.text, found))
    clusters = near_duplicates.clusters(list(grams), list(grams.values()))
    workspace.write(Appearance, appearances)
    workspace.write(Zone, zones)
    workspace.write(Duplicate, (Duplicate(doc_id=key, cluster=clusters[key]) for key in clusters))
    return sum(size > 1 for size in Counter(clusters.values()).values())


def pushed_documents(workspace: Workspace) -> frozenset[str]:
    """Give the ids of documents that were pushed, whose zones stay as they are."""
    if workspace.last_run("push") is None:
        return frozenset()
    return frozenset(item.doc_id for item in workspace.rows(Assignment))


def _documents(workspace: Workspace) -> Iterable[Document]:
    return (document for batch in workspace.batches(Document) for document in batch)


def _learned(workspace: Workspace, publishers: dict[str, set[str | None]]) -> Learned:
    learner = Learner()
    for document in _documents(workspace):
        learner.add(document.text, frozenset(publishers[document.doc_id]))
    return learner.learned()


def _merged(stored: Iterable[Appearance], arrived: Iterable[Appearance]) -> list[Appearance]:
    """Give all appearances once, in an order that does not depend on that of the runs."""
    each: dict[tuple[str, ...], Appearance] = {}
    for appearance in (*stored, *arrived):
        key = (appearance.doc_id, appearance.source, appearance.publisher, appearance.url)
        each.setdefault(tuple(part or "" for part in key), appearance)
    return [each[key] for key in sorted(each)]


def _refuse_nothing(intake: Intake, paths: Sequence[str | Path], manifest: Path | None) -> None:
    if not intake.found:
        named = ", ".join(map(str, paths)) or "no source"
        raise NothingToDo(f"no articles in {named}", hint="Name files, or folders that hold some")
    if len(intake.rejects) == intake.found:
        first, more = intake.rejects[0], intake.found - 1
        rest = f" (and {more} more rejects)" if more else ""
        listed = f"; {manifest} lists all rejects" if more and manifest else ""
        raise InvalidFile(
            f"{first.place}: {first.reason}{rest}", hint=f"Nothing was ingested{listed}"
        )


def _result(intake: Intake, clusters: int | None) -> IngestResult:
    return IngestResult(
        found=intake.found,
        documents=intake.counts["documents"],
        known=intake.counts["known"],
        exact_duplicates=intake.counts["exact_duplicates"],
        near_duplicate_clusters=clusters,
        rejects=tuple(intake.rejects),
        notes=intake.remarks(),
    )
