"""Parquet, in batches of rows; only the columns that are needed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from annotate.config import Columns
from annotate.errors import InvalidFile
from annotate.ingest import columns as mappings
from annotate.ingest.article import Found
from annotate.model import Reject

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

_ROWS = 500


def check(path: Path, columns: Columns, *, place: str) -> None:
    """Raise InvalidFile when it is no whole Parquet file, or has no column with the text."""
    with _whole(path, place=place) as file:
        mappings.resolve(columns, file.schema_arrow.names, place=place)


def read(path: Path, columns: Columns, *, place: str) -> Found:
    """Give the articles of a Parquet file; places are `place[row]`, counted from 0.

    Rows behind a damaged stretch cannot be read: it ends with a reject that says so.
    """
    import pyarrow as pa

    with _whole(path, place=place) as file:
        mapping = mappings.resolve(columns, file.schema_arrow.names, place=place)
        number = 0
        try:
            for batch in file.iter_batches(_ROWS, columns=sorted(set(mapping.values()))):
                # Reversed, so that the first of several columns of one name counts.
                names = batch.schema.names[::-1]
                for row in zip(
                    *(column.to_pylist() for column in batch.columns[::-1]), strict=True
                ):
                    values = dict(zip(names, row, strict=True))
                    yield mappings.article(values, mapping, place=f"{place}[{number}]")
                    number += 1
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            lost = file.metadata.num_rows - number
            reason = f"damaged: {lost} rows from here on cannot be read ({error})"
            yield Reject(place=f"{place}[{number}]", reason=" ".join(reason.split()))


@contextmanager
def _whole(path: Path, *, place: str) -> Iterator["ParquetFile"]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise InvalidFile(
            f"{place}: not a whole Parquet file", hint="Restore it or export it again"
        ) from error
    with file:
        yield file
