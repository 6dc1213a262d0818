"""Write the layers of a release as rows come in: Parquet, and the same rows as JSON lines.

Every file is written as a stream. Row groups are cut by number of rows alone, so that the
bytes do not depend on the batches in which rows came.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from annotate import tables
from annotate.model import Record
from annotate.release.contents import LEFT_OUT
from annotate.release.layers import LINEAGE, RECORDS, jsonl_file, parquet_file
from annotate.release.lineage import Lineage

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

LINE = "line"
ROW_GROUP = 2_000


def with_lines(rows: Sequence[Record], record: type[Record]) -> "pa.Table":
    """Give the rows as a table of their layer, and each once more as its line of JSON."""
    import pyarrow as pa

    encode = msgspec.json.Encoder().encode
    lines = pa.array([encode(row) + b"\n" for row in rows], pa.large_binary())
    return tables.to_table(rows, record).append_column(LINE, lines)


@contextmanager
def writing(folder: Path) -> "Iterator[LayerWriter]":
    """Give a writer of layers into a folder; every file is whole when the block ends."""
    with ExitStack() as files:
        writer = LayerWriter(folder, files)
        yield writer
        writer.flush()


class LayerWriter:
    """Files of layers and splits, each begun with its first row."""

    def __init__(self, folder: Path, files: ExitStack) -> None:
        """Take the release's folder, and the stack that closes the files."""
        self.folder = folder
        self._stack = files
        self._files: dict[tuple[str, str], _File] = {}
        self._lineage: _RowGroups | None = None

    def add(self, layer: str, table: "pa.Table", home: Mapping[str, str]) -> None:
        """Add rows of a layer to the splits of their documents.

        Those of documents in no split go to `left_out` in the annotations, and nowhere in
        other layers.
        """
        import numpy as np

        other = LEFT_OUT if layer == "annotations" else ""
        splits = [home.get(doc_id, other) for doc_id in table.column("doc_id").to_pylist()]
        found = np.array(splits, dtype=object)
        for split in sorted({*splits} - {""}):
            self._file(layer, split).add(table.filter(found == split))

    def add_lineage(self, table: "pa.Table", home: Mapping[str, str]) -> None:
        """Add the stories of gold spans whose documents are in a split, to one file for all."""
        import numpy as np

        if self._lineage is None:
            self._lineage = _RowGroups(self.folder / LINEAGE, Lineage, self._stack)
        inside = np.array([it in home for it in table.column("doc_id").to_pylist()], dtype=bool)
        self._lineage.add(table.drop_columns([LINE]).filter(inside))

    def flush(self) -> None:
        """Write what is still held back for a whole row group."""
        for file in self._files.values():
            file.groups.flush()
        if self._lineage is not None:
            self._lineage.flush()

    def _file(self, layer: str, split: str) -> "_File":
        key = (layer, split)
        if key not in self._files:
            self._files[key] = _File(self.folder, layer, split, self._stack)
        return self._files[key]


class _File:
    """One split of one layer, in both formats."""

    def __init__(self, folder: Path, layer: str, split: str, stack: ExitStack) -> None:
        parquet, lines = folder / parquet_file(layer, split), folder / jsonl_file(layer, split)
        lines.parent.mkdir(parents=True, exist_ok=True)
        self.groups = _RowGroups(parquet, RECORDS[layer], stack)
        self._lines: BinaryIO = stack.enter_context(lines.open("wb"))

    def add(self, table: "pa.Table") -> None:
        for chunk in table.column(LINE).chunks:
            self._lines.write(_content(chunk))
        self.groups.add(table.drop_columns([LINE]))


class _RowGroups:
    """A Parquet file in row groups of equal size, whatever rows come at a time."""

    def __init__(self, path: Path, record: type[Record], stack: ExitStack) -> None:
        import pyarrow.parquet as pq

        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: ParquetWriter = stack.enter_context(
            pq.ParquetWriter(path, tables.arrow_schema(record), compression="zstd")
        )
        self._held: list[pa.Table] = []
        self._rows = 0

    def add(self, table: "pa.Table") -> None:
        self._held.append(table)
        self._rows += table.num_rows
        if self._rows >= ROW_GROUP:
            self._write(self._rows // ROW_GROUP * ROW_GROUP)

    def flush(self) -> None:
        self._write(self._rows)

    def _write(self, ready: int) -> None:
        import pyarrow as pa

        if not ready:
            return
        table = pa.concat_tables(self._held).combine_chunks()
        for first in range(0, ready, ROW_GROUP):
            group = table.slice(first, min(ROW_GROUP, ready - first))
            self._file.write_table(group, row_group_size=ROW_GROUP)
        self._held = [table.slice(ready)] if ready < self._rows else []
        self._rows -= ready


def _content(lines: "pa.LargeBinaryArray") -> memoryview:
    """Give the bytes of all lines one after the other, as Arrow holds them."""
    import numpy as np

    _, offsets, values = lines.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[lines.offset : lines.offset + len(lines) + 1]
    return memoryview(values)[ends[0] : ends[-1]]
