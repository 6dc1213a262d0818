"""Rows of the workspace's tables, put on shelves: all that is known of some documents together.

Tables stand in the order in which their rows came. One pass over each puts its rows, in Arrow
and never as records, into files by stretches of `doc_id`; then a stretch at a time fits in memory.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from annotate import tables
from annotate.model import Record
from annotate.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

R = TypeVar("R", bound=Record)

SHELF = 1_000
MOST = 128  # every shelf is an open file while a table is sorted
BATCH = 2_000


def scanned(
    workspace: Workspace, record: type[Record], names: Sequence[str] | None = None
) -> "Iterator[pa.Table]":
    """Give a table's rows some at a time, or only the named columns; raises InvalidFile."""
    import pyarrow as pa

    for part in workspace.parts(record):
        with tables.whole(part, place=f"{part.parent.name}/{part.name}") as file:
            for batch in file.iter_batches(batch_size=BATCH, columns=names):
                yield pa.Table.from_batches([batch])


class Shelf(Record, frozen=True, kw_only=True):
    """What is known of the documents of one stretch, `doc_ids`, in files of a folder."""

    folder: str
    number: int
    doc_ids: tuple[str, ...]

    def rows(self, record: type[R]) -> list[R]:
        """Give the rows of a table, in the order in which they stood."""
        import pyarrow as pa

        path = self.path(record)
        if not path.exists():
            return []
        with pa.ipc.open_stream(path) as file:
            stored = file.read_all()
        return tables.from_table(stored, record, place=f"{record.__name__.lower()} rows")

    def path(self, record: type[Record]) -> Path:
        """Give the file of the rows of a table."""
        return Path(self.folder, f"{record.__name__}-{self.number}.shelf")

    def drop(self) -> None:
        """Remove the files."""
        for path in Path(self.folder).glob(f"*-{self.number}.shelf"):
            path.unlink()


class Shelves:
    """Files of rows by stretches of `doc_id`."""

    def __init__(self, folder: Path, doc_ids: Sequence[str]) -> None:
        """Cut the sorted `doc_ids` into stretches of equal length; the files go into `folder`."""
        size = max(SHELF, -(-len(doc_ids) // MOST))
        cuts = range(0, len(doc_ids), size)
        self.all = [
            Shelf(folder=str(folder), number=number, doc_ids=tuple(doc_ids[at : at + size]))
            for number, at in enumerate(cuts)
        ]

    def fill(self, record: type[Record], rows: "Iterable[pa.Table]") -> None:
        """Put rows of a table where they belong; those of other documents are dropped."""
        import numpy as np
        import pyarrow as pa
        from pyarrow.compute import field

        if not self.all:
            return
        wanted = pa.array([it for shelf in self.all for it in shelf.doc_ids], pa.string())
        starts = np.array([shelf.doc_ids[0] for shelf in self.all], dtype=object)
        with ExitStack() as files:
            writers: dict[int, pa.RecordBatchStreamWriter] = {}
            for table in rows:
                known = table.filter(field("doc_id").isin(wanted))
                ids = known.column("doc_id").to_numpy()
                shelves = np.searchsorted(starts, ids, side="right") - 1
                order = np.argsort(shelves, kind="stable")
                known = known.take(order)
                numbers, firsts, sizes = np.unique(
                    shelves[order], return_index=True, return_counts=True
                )
                for at, first, size in zip(numbers, firsts, sizes, strict=True):
                    if at not in writers:
                        writers[at] = files.enter_context(
                            _writer(self.all[at].path(record), table.schema)
                        )
                    writers[at].write_table(known.slice(first, size))


def _writer(path: Path, schema: "pa.Schema") -> "pa.RecordBatchStreamWriter":
    import pyarrow as pa

    options = pa.ipc.IpcWriteOptions(compression="lz4")
    return pa.ipc.new_stream(path, schema, options=options)
