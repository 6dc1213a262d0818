"""`annotate export`: a release in the format of another tool, and what that cannot say.

Documents are read and written some at a time, so that memory does not grow with the release.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from annotate import taxonomy
from annotate.decode import legal
from annotate.errors import NothingToDo, UsageError
from annotate.files import as_json, building, publish
from annotate.formats import bio, brat_folder, docbin, doccano, jsonl, label_studio_tasks, ptc, w3c
from annotate.formats.labelled import Labelled, LabelledSpan, Losses, Lost, Put
from annotate.model import GoldSpan, Record
from annotate.pipeline.export_files import Appended, Counted, same
from annotate.pipeline.import_forms import LOSS
from annotate.release.contents import ReleasedDocument
from annotate.release.converters import labelled
from annotate.release.reader import Release, load

LABEL_CONFIG = "label_config.xml"
FORMATS: dict[str, Callable[..., Losses]] = {
    "jsonl": jsonl.write,
    "label-studio": label_studio_tasks.write,
    "docbin": docbin.write,
    "bio": bio.write,
    "ptc": ptc.write,
    "brat": brat_folder.write,
    "doccano": doccano.write,
    "w3c": w3c.write,
}
# Of a span, what the release alone is for: who is behind it.
_ASIDE = {
    *(
        f"spans.{it}"
        for it in set(GoldSpan.__struct_fields__) - set(LabelledSpan.__struct_fields__)
    ),
    *(set(ReleasedDocument.__struct_fields__) - set(Labelled.__struct_fields__) - {"open"}),
}


class LossReport(Record, frozen=True, kw_only=True):
    """What an export says of itself: `LOSS.json`.

    `lost` is what the format could not say: without anything, it says all of a document.
    `left_out` and the columns `not_exported` stay in the release, whatever the format.
    """

    format: str
    release: str
    taxonomy_version: str
    splits: dict[str, int]
    markers: tuple[str, ...]
    documents: int
    spans: int
    lossless: bool
    lost: tuple[Lost, ...]
    left_out: tuple[Lost, ...]
    not_exported: tuple[str, ...]


class ExportResult(Record, frozen=True, kw_only=True):
    """Where an export is and what it holds; not `written` in a dry run or when it was there."""

    path: str
    written: bool
    files: int
    report: LossReport


def export(  # noqa: PLR0913 - one call is the whole stage
    form: str,
    release: str | Path,
    *,
    out: str | Path,
    splits: Iterable[str] = (),
    markers: Iterable[str] = (),
    dry_run: bool = False,
) -> ExportResult:
    """Write a release's gold spans in the format `form` as a folder, with its loss report.

    `splits` and `markers` choose; without them all are written. A folder that holds the same
    export is left alone. The same release gives the same bytes.

    Raises UsageError for a name that is not known and for a folder that holds anything else,
    InvalidFile for what is no release, NothingToDo where all texts are withheld, and
    MissingExtra where a format needs one.
    """
    if form not in FORMATS:
        raise UsageError(f"format {legal(form, FORMATS)}", hint="Choose one of these")
    source, folder = load(release), Path(out)
    chosen = _Choice(
        release=source,
        splits=_chosen("split", splits, source.splits),
        markers=_chosen("marker", markers, source.markers),
    )
    if folder.resolve().is_relative_to(source.path.resolve()):
        raise UsageError(f"{folder} lies in the release", hint="A release never changes")
    if not (folder / LOSS).is_file():
        _refuse_taken(folder)
    if dry_run:
        counted = Counted()
        report = _write(form, chosen, counted.put)
        return ExportResult(
            path=str(folder), written=False, files=len(counted.paths), report=report
        )
    with building(folder) as temporary:
        with Appended(temporary) as files:
            report = _write(form, chosen, files.put)
        new = not same(temporary, folder)
        if new:
            _refuse_taken(folder)
            publish(temporary, folder)
    return ExportResult(path=str(folder), written=new, files=len(files.paths), report=report)


def _refuse_taken(folder: Path) -> None:
    """Refuse to replace what is there."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there and holds something else", hint="Name a new folder")


@dataclass(frozen=True, kw_only=True)
class _Choice:
    """What of a release is exported, and what was counted on the way."""

    release: Release
    splits: tuple[str, ...]
    markers: tuple[str, ...]
    left_out: Losses = field(default_factory=Losses)
    losses: Losses = field(default_factory=Losses)
    documents: dict[str, int] = field(default_factory=dict)
    spans: dict[str, int] = field(default_factory=dict)

    def read(self, split: str) -> Iterator[Labelled]:
        """Give the documents of a split with the spans of the chosen markers."""
        self.documents[split] = self.spans[split] = 0
        for batch in self.release.iter_documents(split):
            for item in batch:
                unsettled = sum(span.marker in self.markers for span in item.open)
                self.left_out.count("span that is not settled", item.doc_id, number=unsettled)
                if item.text is None:
                    self.left_out.count("document without its text", item.doc_id)
                    continue
                spans = [span for span in item.spans if span.marker in self.markers]
                self.documents[split] += 1
                self.spans[split] += len(spans)
                yield labelled(item.replace(spans=tuple(spans)))

    def in_use(self) -> tuple[str, ...]:
        """Give the chosen markers that some document has a span of; all, if there is none."""
        tables = (
            table
            for split in self.splits
            for table in self.release.columns("spans", split, ["marker"])
        )
        found = {name for table in tables for name in table.column("marker").to_pylist()}
        return tuple(name for name in self.markers if name in found) or self.markers


def _chosen(kind: str, names: Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    asked = set(names)
    for name in sorted(asked - set(known)):
        raise UsageError(f"{kind} {legal(name, known)}", hint="Choose one of these")
    return tuple(name for name in known if not asked or name in asked)


def _write(form: str, chosen: _Choice, put: Put) -> LossReport:
    """Write the files of all splits and the report; those of BIO are of the markers in use."""
    write = FORMATS[form]
    if form == "bio":
        write = partial(bio.write, markers=chosen.in_use())
    elif form == "ptc":
        write = partial(ptc.write, known=ptc.techniques(taxonomy.load()))
    elif form == "label-studio":
        put(LABEL_CONFIG, _label_config(chosen.markers).encode())
    for split in chosen.splits:
        chosen.losses.merge(write(chosen.read(split), name=split, put=put))
    report = _report(form, chosen)
    if not report.documents:
        raise NothingToDo(
            f"{chosen.release.path}: all texts of {', '.join(chosen.splits)} are withheld",
            hint="Put texts back with `annotate rehydrate`",
        )
    put(LOSS, as_json(report))
    return report


def _label_config(markers: Iterable[str]) -> str:
    """Give the page on which the spans can be seen; markers that are no longer known stay out."""
    from annotate.studio.label_config import render

    known = taxonomy.load()
    return render(known.select(tuple(name for name in markers if name in known.names)))


def _report(form: str, chosen: _Choice) -> LossReport:
    lost = chosen.losses.report()
    return LossReport(
        format=form,
        release=chosen.release.version,
        taxonomy_version=chosen.release.taxonomy_version,
        splits=chosen.documents,
        markers=chosen.markers,
        documents=sum(chosen.documents.values()),
        spans=sum(chosen.spans.values()),
        lossless=not lost,
        lost=lost,
        left_out=chosen.left_out.report(),
        not_exported=tuple(sorted(_ASIDE)),
    )
