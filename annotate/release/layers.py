"""The files of a release's layers: the same rows as Parquet and as JSONL."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

import msgspec

from annotate.model import Record
from annotate.release.contents import ReleasedAnnotation, ReleasedDocument, ReleasedSpan

R = TypeVar("R", bound=Record)


class Layers(Record, frozen=True, kw_only=True):
    """The rows of a release by split; annotations also of `left_out` documents."""

    gold: dict[str, tuple[ReleasedDocument, ...]]
    annotations: dict[str, tuple[ReleasedAnnotation, ...]]

    def spans(self) -> dict[str, tuple[ReleasedSpan, ...]]:
        """Give the gold spans by split, each with its document and its words."""
        return {
            split: tuple(
                ReleasedSpan(
                    **{name: getattr(span, name) for name in span.__struct_fields__},
                    doc_id=item.doc_id,
                    text=item.text[span.start : span.end],
                )
                for item in documents
                for span in item.spans
            )
            for split, documents in self.gold.items()
        }


def layer_files(layers: Layers) -> dict[str, bytes]:
    """Give every data file by its path in the release; a split without rows has none."""
    files: dict[str, bytes] = {}
    files.update(_layer("gold", layers.gold, ReleasedDocument))
    files.update(_layer("annotations", layers.annotations, ReleasedAnnotation))
    files.update(_layer("spans", layers.spans(), ReleasedSpan))
    return files


def _layer(
    name: str, rows: Mapping[str, Iterable[R]], record: type[R]
) -> Iterator[tuple[str, bytes]]:
    for split, of_split in rows.items():
        kept = list(of_split)
        if kept:
            yield f"data/{name}/{split}-00000-of-00001.parquet", _parquet(kept, record)
            yield f"jsonl/{name}/{split}.jsonl", msgspec.json.Encoder().encode_lines(kept)


def _parquet(rows: Iterable[R], record: type[R]) -> bytes:
    import io

    import pyarrow.parquet as pq

    from annotate import tables

    buffer = io.BytesIO()
    pq.write_table(tables.to_table(rows, record), buffer, compression="zstd")
    return buffer.getvalue()
