"""The rows of a release, made some documents at a time and kept until splits are known."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from annotate.model import Record, Reject
from annotate.release.assemble import Rows
from annotate.release.layers import RECORDS, Layers
from annotate.release.lineage import Lineage
from annotate.release.safety import Contacts
from annotate.release.splits import SPLITS, Candidate, Splits
from annotate.release.writing import with_lines, writing

if TYPE_CHECKING:
    import pyarrow as pa

KEPT: dict[str, type[Record]] = {**RECORDS, "lineage": Lineage}


@dataclass(kw_only=True)
class Drafted:
    """Rows of all documents in files by stretches of `doc_id`, and what splitting needs.

    `names` are the words that could identify protected sources; `contacts` counts what looks
    like an address or a number. `renamed` are the documents whose rows have another id than
    splitting knows.
    """

    folder: Path
    stretches: int = 0
    candidates: list[Candidate] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    contacts: Contacts = field(default_factory=Contacts)
    renamed: dict[str, str] = field(default_factory=dict)

    def keep(self, rows: Sequence[Rows]) -> None:
        """Write the rows of some documents as one more stretch."""
        keep(self.folder, self.stretches, rows)
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

        with pa.ipc.open_file(_path(self.folder, layer, stretch)) as file:
            return file.read_all()


def keep(folder: Path, stretch: int, rows: Sequence[Rows]) -> None:
    """Write the rows of some documents as that stretch."""
    for layer, of_layer in layered(rows).items():
        store(folder, layer, stretch, with_lines(of_layer, KEPT[layer]))


def store(folder: Path, layer: str, stretch: int, table: "pa.Table") -> None:
    """Write, or replace, the rows of a layer in one stretch."""
    import pyarrow as pa

    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_file(_path(folder, layer, stretch), table.schema, options=options) as file:
        file.write_table(table)


def _path(folder: Path, layer: str, stretch: int) -> Path:
    return folder / f"{layer}-{stretch}.arrow"


def layered(rows: Sequence[Rows]) -> dict[str, list[Record]]:
    """Give the rows of some documents by layer."""
    return {
        "gold": [item.document for item in rows if item.document is not None],
        "annotations": [row for item in rows for row in item.annotations],
        "spans": [row for item in rows for row in item.spans],
        "lineage": [row for item in rows for row in item.lineage],
    }
