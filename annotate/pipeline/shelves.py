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


class Shelves:
    """Files of rows by stretches of `doc_id`."""

    def __init__(self, folder: Path, doc_ids: Sequence[str]) -> None:
        """Cut the sorted `doc_ids` into stretches of equal length; the files go into `folder`."""
        size = max(SHELF, -(-len(doc_ids) // MOST))
        self._folder = folder
        self._stretches = [doc_ids[at : at + size] for at in range(0, len(doc_ids), size)]

    def __len__(self) -> int:
        """Give how many shelves there are."""
        return len(self._stretches)

    def doc_ids(self, shelf: int) -> Sequence[str]:
        """Give the documents whose rows are on that shelf, in order."""
        return self._stretches[shelf]

    def fill(self, record: type[Record], rows: "Iterable[pa.Table]") -> None:
        """Put rows of a table where they belong; those of other documents are dropped."""
        import numpy as np
        import pyarrow as pa
        from pyarrow.compute import field

        if not self._stretches:
            return
        wanted = pa.array([doc_id for each in self._stretches for doc_id in each], pa.string())
        starts = np.array([each[0] for each in self._stretches], dtype=object)
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
                        writers[at] = files.enter_context(self._writer(record, at, table.schema))
                    writers[at].write_table(known.slice(first, size))

    def rows(self, record: type[R], shelf: int) -> list[R]:
        """Give the rows of a table on that shelf, in the order in which they stood."""
        import pyarrow as pa

        path = self._path(record, shelf)
        if not path.exists():
            return []
        with pa.ipc.open_stream(path) as file:
            stored = file.read_all()
        return tables.from_table(stored, record, place=f"{record.__name__.lower()} rows")

    def drop(self, shelf: int) -> None:
        """Remove what is on that shelf."""
        for path in self._folder.glob(f"*-{shelf}.shelf"):
            path.unlink()

    def _writer(
        self, record: type[Record], shelf: int, schema: "pa.Schema"
    ) -> "pa.RecordBatchStreamWriter":
        import pyarrow as pa

        options = pa.ipc.IpcWriteOptions(compression="lz4")
        return pa.ipc.new_stream(self._path(record, shelf), schema, options=options)

    def _path(self, record: type[Record], shelf: int) -> Path:
        return self._folder / f"{record.__name__}-{shelf}.shelf"
