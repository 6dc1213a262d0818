"""`annotate import`: other people's annotations become documents and annotations.

What comes in this way is no assignment of ours: nothing of it is pushed, and a pull never
meets it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import time

from annotate import taxonomy
from annotate.decode import legal
from annotate.errors import InvalidFile, NothingToDo, UsageError
from annotate.formats.foreign import Export, Submission
from annotate.formats.foreign_spans import Legend
from annotate.model import (
    Annotation,
    Appearance,
    Document,
    Duplicate,
    Record,
    Reject,
    Tombstone,
)
from annotate.pipeline.import_people import annotator_names
from annotate.pipeline.import_sources import Source, read
from annotate.pipeline.import_taken import Taken, take
from annotate.pipeline.ingest import derive, known_documents, pushed_documents
from annotate.workspace import BATCH, Workspace


class ImportResult(Record, frozen=True, kw_only=True):
    """What an export gave; a second import of it adds and changes nothing.

    `documents` are new, `known` were there before. Of the `annotations`, `skipped` are
    without a statement and `empty` without a span; `added` and `changed` ones are what this
    import did. `people` gives the name of everyone in the export. `labels` counts spans,
    `foreign` are the labels that are no markers. `merged` spans went into others, `ignored`
    counts by kind what was left aside.
    """

    documents: int
    known: int
    annotations: int
    skipped: int
    empty: int
    spans: int
    added: int
    changed: int
    people: dict[str, str]
    labels: dict[str, int]
    foreign: tuple[str, ...]
    merged: tuple[Reject, ...]
    ignored: dict[str, int]
    rejects: tuple[Reject, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Change:
    """What an import does to the tables; `derive` is for what later input may change."""

    documents: list[Document]
    before: dict[str, Annotation]
    touched: dict[str, Annotation]
    derive: bool

    @property
    def anything(self) -> bool:
        return bool(self.documents or self.touched or self.derive)


def import_(  # noqa: PLR0913 - one call is the whole stage
    workspace: Workspace,
    form: str,
    path: str | Path,
    *,
    text: str | None = None,
    labels: Mapping[str, str] | None = None,
    people: Mapping[str, str] | None = None,
    markers_only: bool = False,
    dry_run: bool = False,
    wait: bool = False,
) -> ImportResult:
    """Read an export of the format `form`, such as `label-studio`, `polnear` or `jsonl`.

    `text` is the key of the text in a task's data, `labels` maps labels to markers, `people`
    gives persons of the export names. A label that is no marker keeps its name, or is
    refused with `markers_only`. Who submitted a document more than once counts with the
    last time. A dry run writes nothing.

    Raises UsageError for what the call names and nobody knows, InvalidFile for a file that is
    no such export, and NothingToDo for one without annotations.
    """
    started = time()
    source = read(form, Path(path))
    _refuse_nothing(source.export, path)
    legend = _legend(labels or {}, source.export, markers_only=markers_only)
    names = annotator_names(
        (each.person for each in _submissions(source.export)),
        given=people or {},
        team=workspace.config.team,
    )
    with workspace.writing("import", wait=wait, dry_run=dry_run):
        taken = take(
            source.export,
            config=workspace.config,
            key=text,
            names=names,
            legend=legend,
            forgotten={item.doc_id: item.reason for item in workspace.rows(Tombstone)},
        )
        _refuse_rejected(taken, path)
        change = _change(workspace, taken)
        foreign = taken.foreign(legend)
        result = _result(taken, change, names=names, foreign=foreign)
        if change.anything and not dry_run:
            _write(workspace, taken, change)
            _record(workspace, result, source, started=started)
        return result


def _submissions(export: Export) -> Iterator[Submission]:
    return (each for task in export.tasks for each in task.submissions)


def _legend(labels: Mapping[str, str], export: Export, *, markers_only: bool) -> Legend:
    known = taxonomy.load()
    theirs = sorted({it.label for each in _submissions(export) for it in each.regions})
    for label, marker in labels.items():
        wrong = legal(marker, known.names) if marker not in known.names else None
        if wrong or label not in theirs:
            what = f"marker {wrong}" if wrong else f"label {legal(label, theirs)}"
            raise UsageError(f"--map {label}={marker}: {what}", hint="Write --map THEIRS=OURS")
    return Legend(taxonomy=known, labels=labels, markers_only=markers_only)


def _refuse_nothing(export: Export, path: str | Path) -> None:
    if any(task.html or task.submissions for task in export.tasks):
        return
    reason = f" ({export.rejects[0].place}: {export.rejects[0].reason})" if export.rejects else ""
    raise NothingToDo(
        f"{path}: no annotations, tasks: {len(export.tasks)}{reason}",
        hint="Export it again when people have submitted something",
    )


def _refuse_rejected(taken: Taken, path: str | Path) -> None:
    rejects = taken.export.rejects
    if not taken.found:
        more = f" (and {len(rejects) - 1} more rejects)" if len(rejects) > 1 else ""
        raise InvalidFile(
            f"{path}: {rejects[0].place}: {rejects[0].reason}{more}",
            hint="Nothing was imported; correct it, or name the key of the text with --text KEY",
        )
    marked = any(task.marked for task in taken.export.tasks)
    if not taken.annotations or (marked and rejects and not taken.labels):
        raise InvalidFile(
            f"{path}: no region of it could be taken; {rejects[0].place}: {rejects[0].reason}",
            hint="Nothing was imported; correct the export, or map labels with --map THEIRS=OURS",
        )


def _change(workspace: Workspace, taken: Taken) -> _Change:
    known = known_documents(workspace)
    before = {item.assignment_id: item for item in workspace.rows(Annotation)}
    seen = {(item.doc_id, item.source) for item in workspace.rows(Appearance)}
    finished = {item.doc_id for item in workspace.rows(Duplicate)}
    return _Change(
        documents=[item for doc_id, item in taken.documents.items() if doc_id not in known],
        before=before,
        touched={key: it for key, it in taken.annotations.items() if before.get(key) != it},
        derive=any(
            (item.document.doc_id, item.appearance.source) not in seen
            or item.document.doc_id not in finished
            for item in taken.found
        ),
    )


def _write(workspace: Workspace, taken: Taken, change: _Change) -> None:
    """Write documents, what is derived from them, and then annotations."""
    for start in range(0, len(change.documents), BATCH):
        workspace.append(Document, change.documents[start : start + BATCH])
    if change.derive:
        derive(workspace, (item.appearance for item in taken.found), pushed_documents(workspace))
    if change.touched:
        rows = (change.before | change.touched).values()
        workspace.write(Annotation, sorted(rows, key=lambda it: (it.doc_id, it.assignment_id)))


def _result(
    taken: Taken, change: _Change, *, names: Mapping[str, str], foreign: tuple[str, ...]
) -> ImportResult:
    rows = taken.annotations.values()
    return ImportResult(
        documents=len(change.documents),
        known=len(taken.documents) - len(change.documents),
        annotations=len(rows),
        skipped=sum(item.skipped for item in rows),
        empty=sum(not item.skipped and not item.spans for item in rows),
        spans=taken.labels.total(),
        added=len(change.touched.keys() - change.before.keys()),
        changed=len(change.touched.keys() & change.before.keys()),
        people=dict(names),
        labels=dict(sorted(taken.labels.items())),
        foreign=foreign,
        merged=tuple(taken.merged),
        ignored=dict(sorted(taken.export.ignored.items())),
        rejects=tuple(taken.export.rejects),
        notes=tuple(_notes(taken, foreign)),
    )


def _notes(taken: Taken, foreign: tuple[str, ...]) -> Iterator[str]:
    yield from (f"{what}: {count}" for what, count in sorted(taken.export.notes.items()))
    if foreign:
        yield (
            f"labels that are no markers: {', '.join(foreign)}; they keep their names, and "
            "--map THEIRS=OURS makes one a marker"
        )
    assisted = sum(
        any(span.origin != "manual" for span in item.spans) for item in taken.annotations.values()
    )
    if assisted:
        yield (
            f"annotations with spans that came from predictions: {assisted}; predictions make "
            "people agree"
        )


def _record(workspace: Workspace, result: ImportResult, source: Source, *, started: float) -> None:
    for file in source.files:
        workspace.keep_raw_file(file)
    names = ("documents", "annotations", "added", "changed", "skipped", "empty", "spans")
    workspace.record_run(
        "import",
        started=started,
        counts={name: getattr(result, name) for name in names},
        rejects=[*result.rejects, *result.merged],
        inputs=source.hashes(),
    )
