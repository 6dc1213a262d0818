"""The rows of a release, made some documents at a time and kept until splits are known."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from annotate.model import (
    Annotation,
    Appearance,
    Document,
    Record,
    Reject,
    Suggestion,
    Verdict,
    Zone,
)
from annotate.pipeline.agreement import latest
from annotate.pipeline.release_survey import Survey
from annotate.pipeline.settle import Settled, by_document, settle
from annotate.pipeline.shelves import Shelves, scanned
from annotate.release.assemble import Rows, assemble, candidate
from annotate.release.forms import forms
from annotate.release.layers import RECORDS, Layers
from annotate.release.lineage import Ground, Lineage, lineage
from annotate.release.splits import SPLITS, Candidate, Splits
from annotate.release.writing import with_lines, writing
from annotate.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

_TABLES: tuple[type[Record], ...] = (Document, Appearance, Zone, Verdict, Suggestion)
KEPT: dict[str, type[Record]] = {**RECORDS, "lineage": Lineage}


@dataclass(kw_only=True)
class Drafted:
    """Rows of all documents in files by stretches of `doc_id`, and what splitting needs.

    `names` are the words that could identify protected sources. `renamed` are the documents
    whose rows have another id than splitting knows.
    """

    folder: Path
    stretches: int = 0
    candidates: list[Candidate] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    renamed: dict[str, str] = field(default_factory=dict)

    def keep(self, rows: Sequence[Rows]) -> None:
        """Write the rows of some documents as one stretch."""
        for layer, of_layer in layered(rows).items():
            self.store(layer, self.stretches, with_lines(of_layer, KEPT[layer]))
        self.stretches += 1

    def lay_out(self, splits: Splits, folder: Path) -> Layers:
        """Write every row into the files of its split, in order of `doc_id`."""
        home = {
            self.renamed.get(doc_id, doc_id): split
            for split, ids in splits.documents.items()
            for doc_id in ids
        }
        with writing(folder) as writer:
            for layer in RECORDS:
                for stretch in range(self.stretches):
                    writer.add(layer, self.table(layer, stretch), home)
            for stretch in range(self.stretches):
                writer.add_lineage(self.table("lineage", stretch), home)
        return Layers(folder, [name for name in SPLITS if name in splits.documents])

    def table(self, layer: str, stretch: int) -> "pa.Table":
        """Give the rows of a layer in one stretch, each with its line of JSON."""
        import pyarrow as pa

        with pa.ipc.open_file(self._path(layer, stretch)) as file:
            return file.read_all()

    def store(self, layer: str, stretch: int, table: "pa.Table") -> None:
        """Write, or replace, the rows of a layer in one stretch."""
        import pyarrow as pa

        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with pa.ipc.new_file(self._path(layer, stretch), table.schema, options=options) as file:
            file.write_table(table)

    def _path(self, layer: str, stretch: int) -> Path:
        return self.folder / f"{layer}-{stretch}.arrow"


def layered(rows: Sequence[Rows]) -> dict[str, list[Record]]:
    """Give the rows of some documents by layer."""
    return {
        "gold": [item.document for item in rows if item.document is not None],
        "annotations": [row for item in rows for row in item.annotations],
        "spans": [row for item in rows for row in item.spans],
        "lineage": [row for item in rows for row in item.lineage],
    }


def drafted(workspace: Workspace, known: Survey, folder: Path) -> Drafted:
    """Settle and assemble all documents, a stretch at a time, with files in `folder`."""
    shelves = Shelves(folder, known.doc_ids)
    for record in _TABLES:
        shelves.fill(record, scanned(workspace, record))
    shelves.fill(Annotation, map(known.counted, scanned(workspace, Annotation)))
    made = Drafted(folder=folder)
    with _collecting_nothing():
        for number in range(len(shelves)):
            shelf = _Shelf(workspace, known, shelves, number)
            made.keep([shelf.assembled(doc_id) for doc_id in shelf.doc_ids])
            made.names |= shelf.names()
            made.candidates += shelf.candidates()
            made.rejects += shelf.settled.rejects
            shelves.drop(number)
    return made


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """Hold off the collector of cycles: rows have none, and it costs a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Shelf:
    """What is known of the documents of one stretch, and what became of them."""

    def __init__(self, workspace: Workspace, known: Survey, shelves: Shelves, number: int) -> None:
        self.known = known
        self.doc_ids = shelves.doc_ids(number)
        documents = {item.doc_id: item for item in shelves.rows(Document, number)}
        submitted = shelves.rows(Annotation, number)
        reviews = [item for it in self.doc_ids for item in known.reviews.get(it, ())]
        decided = [item for item in submitted if item.annotator == known.adjudicator]
        self.settled: Settled = settle(
            documents,
            workspace.taxonomy,
            read=latest(item for item in submitted if item.annotator != known.adjudicator),
            decided=[item for item in latest([*decided, *reviews]) if not item.skipped],
            verdicts=shelves.rows(Verdict, number),
        )
        appearances = by_document(shelves.rows(Appearance, number))
        zones = by_document(shelves.rows(Zone, number))
        self.sources = {
            doc_id: known.facts.source(
                documents[doc_id], appearances=appearances[doc_id], zones=zones[doc_id]
            )
            for doc_id in self.settled.outcomes
        }
        self.annotations = by_document(self.settled.annotations)
        self.suggestions = by_document(shelves.rows(Suggestion, number))
        self.taxonomy = workspace.taxonomy

    def candidates(self) -> Iterator[Candidate]:
        for doc_id, outcome in self.settled.outcomes.items():
            yield candidate(
                self.sources[doc_id],
                annotators=outcome.annotators,
                waiting=bool(outcome.undecided),
            )

    def assembled(self, doc_id: str) -> Rows:
        rows = assemble(
            self.sources.get(doc_id),
            self.settled.outcomes.get(doc_id),
            self.annotations[doc_id],
            self.known.names,
        )
        if rows.document is None:
            return rows
        ground = Ground(
            suggestions=tuple(self.suggestions[doc_id]),
            verdicts=self.settled.verdicts.get(doc_id, ()),
        )
        return rows.replace(lineage=lineage(rows.document, rows.annotations, ground, self.taxonomy))

    def names(self) -> frozenset[str]:
        """Give the words that could identify sources whom anybody found to be protected."""
        found: set[str] = set()
        for doc_id, outcome in self.settled.outcomes.items():
            said = (span for item in self.annotations[doc_id] for span in item.spans)
            found |= forms(self.sources[doc_id].document.text, [*outcome.gold, *said])
        return frozenset(found)
