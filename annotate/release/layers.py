"""The data files of a release, read without holding a split in memory.

A `Layers` is all that the card, the leakage certificate, CHANGES.md and other added files
see of a release that is being built, and what `Release` reads of a finished one.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from annotate.model import Record
from annotate.release.contents import (
    LEFT_OUT,
    ReleasedAnnotation,
    ReleasedDocument,
    ReleasedSpan,
    ReleasedText,
)

if TYPE_CHECKING:
    import pyarrow as pa

R = TypeVar("R", bound=Record)

RECORDS: dict[str, type[Record]] = {
    "gold": ReleasedDocument,
    "annotations": ReleasedAnnotation,
    "spans": ReleasedSpan,
}
LINEAGE = "lineage.parquet"
BATCH = 500


def parquet_file(layer: str, split: str) -> str:
    """Give the path, inside a release, of a split of a layer as Parquet."""
    return f"data/{layer}/{split}-00000-of-00001.parquet"


def jsonl_file(layer: str, split: str) -> str:
    """Give the path, inside a release, of a split of a layer as JSON lines."""
    return f"jsonl/{layer}/{split}.jsonl"


class Layers:
    """The rows of a folder by layer and split; a split without rows has no file."""

    def __init__(self, path: Path, splits: Iterable[str]) -> None:
        """Take the folder and the names of its splits, in their order."""
        self.path = path
        self._splits = tuple(splits)

    @property
    def splits(self) -> tuple[str, ...]:
        """The splits that it has."""
        return self._splits

    def iter_documents(self, split: str, *, size: int = BATCH) -> Iterator[list[ReleasedDocument]]:
        """Give the documents of a split in order of `doc_id`, at most `size` at a time."""
        return self._batches("gold", split, ReleasedDocument, size)

    def iter_texts(self, split: str, *, size: int = BATCH) -> Iterator[list[ReleasedText]]:
        """Give what `iter_documents` does, without what people said of them."""
        return self._batches("gold", split, ReleasedText, size)

    def iter_annotations(
        self, split: str, *, size: int = BATCH
    ) -> Iterator[list[ReleasedAnnotation]]:
        """Give what annotators submitted for a split, or for `left_out`, some at a time."""
        return self._batches("annotations", split, ReleasedAnnotation, size)

    def iter_spans(self, split: str, *, size: int = BATCH) -> Iterator[list[ReleasedSpan]]:
        """Give the gold spans of a split in order of their documents, some at a time."""
        return self._batches("spans", split, ReleasedSpan, size)

    def columns(self, layer: str, split: str, names: Sequence[str]) -> "Iterator[pa.Table]":
        """Give some columns of a split of a layer, some rows at a time.

        A field of a nested column is named as Parquet does it: `open.list.element.reason`.
        """
        path = self.file(layer, split)
        if path is not None:
            yield from _columns(path, names)

    def lineage(self, names: Sequence[str]) -> "Iterator[pa.Table]":
        """Give some columns of the stories of gold spans, some rows at a time."""
        path = self.path / LINEAGE
        if path.is_file():
            yield from _columns(path, names)

    def file(self, layer: str, split: str) -> Path | None:
        """Give the Parquet file of a split of a layer; None where it has no rows."""
        path = self.path / parquet_file(layer, split)
        return path if path.is_file() else None

    def offered(self, layer: str) -> tuple[str, ...]:
        """Give the splits of a layer that have rows; annotations also of `left_out`."""
        names = (*self.splits, LEFT_OUT) if layer == "annotations" else self.splits
        return tuple(name for name in names if self.file(layer, name))

    def _batches(self, layer: str, split: str, record: type[R], size: int) -> Iterator[list[R]]:
        from annotate import tables

        path = self.file(layer, split)
        if path is not None:
            names = record.__struct_fields__ if record is ReleasedText else None
            yield from tables.scan(path, record, size=size, names=names)


def _columns(path: Path, names: Sequence[str]) -> "Iterator[pa.Table]":
    import pyarrow as pa

    from annotate import tables

    with tables.whole(path, place=path.name) as file:
        for batch in file.iter_batches(batch_size=10_000, columns=list(names)):
            yield pa.Table.from_batches([batch])
