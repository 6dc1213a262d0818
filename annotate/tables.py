"""Records as Arrow tables and back; each table's schema comes from its struct."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import msgspec
import msgspec.inspect as shape

from annotate import columns, taxonomy
from annotate.errors import InvalidFile, NewerWorkspace
from annotate.model import Record

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

R = TypeVar("R", bound=Record)

VERSION = 1
FORMAT: dict[str | bytes, str | bytes] = {"annotate": str(VERSION)}
TAXONOMY = "annotate.taxonomy"  # of which version the labels of a file are


@cache
def arrow_schema(record: type[Record]) -> "pa.Schema":
    """Give the Arrow schema of a record type.

    `attributes` and `document_attributes` become structs with one nullable string per
    attribute of the taxonomy: maps do not load in `datasets`. The file says which version of
    the taxonomy it was written by.
    """
    import pyarrow as pa

    return pa.schema(_fields(record), metadata=FORMAT | {TAXONOMY: taxonomy.load().version})


def _fields(record: type[msgspec.Struct]) -> list["pa.Field"]:
    import pyarrow as pa

    inspected = shape.type_info(record)
    if not isinstance(inspected, shape.StructType):
        raise TypeError(record)
    return [pa.field(field.name, _arrow_type(field.type, field.name)) for field in inspected.fields]


def _arrow_type(kind: shape.Type, name: str) -> "pa.DataType":
    import pyarrow as pa

    scalars = {
        shape.StrType: pa.string(),
        shape.IntType: pa.int64(),
        shape.FloatType: pa.float64(),
        shape.BoolType: pa.bool_(),
    }
    if type(kind) in scalars:
        return scalars[type(kind)]
    if isinstance(kind, shape.LiteralType):
        return pa.int64() if isinstance(kind.values[0], int) else pa.string()
    if isinstance(kind, shape.UnionType):
        (some,) = (item for item in kind.types if not isinstance(item, shape.NoneType))
        return _arrow_type(some, name)
    if isinstance(kind, shape.VarTupleType | shape.ListType):
        return pa.list_(_arrow_type(kind.item_type, name))
    if isinstance(kind, shape.StructType):
        return pa.struct(_fields(kind.cls))
    if isinstance(kind, shape.DictType):
        return pa.struct([pa.field(key, pa.string()) for key in _keys(name)])
    message = f"no Arrow type for {name}: {kind}"
    raise TypeError(message)


def _keys(name: str) -> tuple[str, ...]:
    known = taxonomy.load()
    if name == "document_attributes":
        return tuple(sorted(item.name for item in known.frame.document_attributes))
    return known.attribute_names


def to_table(rows: Iterable[R], record: type[R]) -> "pa.Table":
    """Give the rows as an Arrow table with the record's schema."""
    import pyarrow as pa

    schema = arrow_schema(record)
    return pa.Table.from_arrays(columns.arrays(list(rows), schema), schema=schema)


def from_table(table: "pa.Table", record: type[R], *, place: str) -> list[R]:
    """Give the table's rows as records; raises InvalidFile naming `place` and the row."""
    rows = columns.rows(table)
    try:
        return msgspec.convert(rows, list[record])  # type: ignore[valid-type]
    except msgspec.ValidationError:
        return [_record(row, record, place=f"{place}: row {at}") for at, row in enumerate(rows)]


def _record(row: dict[str, Any], record: type[R], *, place: str) -> R:
    try:
        return msgspec.convert(row, record)
    except msgspec.ValidationError as error:
        raise InvalidFile(
            f"{place}: {error}",
            hint="The file was changed outside annotate, or by a newer version; restore it",
        ) from error


def read(path: Path, record: type[R]) -> list[R]:
    """Give all rows of one Parquet file; raises InvalidFile when it is not one."""
    return [row for batch in scan(path, record, size=10_000) for row in batch]


def scan(
    path: Path, record: type[R], *, size: int, names: Sequence[str] | None = None
) -> Iterator[list[R]]:
    """Give the rows of one Parquet file in batches of at most `size`, of all columns or some."""
    import pyarrow as pa

    with whole(path, place=_place(path)) as file:
        for batch in file.iter_batches(batch_size=size, columns=names):
            yield from_table(pa.Table.from_batches([batch]), record, place=_place(path))


def count(path: Path) -> int:
    """Give the number of rows of one Parquet file; raises InvalidFile when it is not one."""
    with whole(path, place=_place(path)) as file:
        return int(file.metadata.num_rows)


def taxonomy_version(path: Path) -> str | None:
    """Give of which version the labels of a file are, None where it does not say."""
    with whole(path, place=_place(path)) as file:
        found = (file.schema_arrow.metadata or {}).get(TAXONOMY.encode())
    return found.decode() if found else None


def column(path: Path, name: str) -> list[Any]:
    """Give one column of one Parquet file; raises InvalidFile when it is not one."""
    with whole(path, place=_place(path)) as file:
        return list(file.read(columns=[name]).column(name).to_pylist())


@contextmanager
def whole(source: Path | BinaryIO, *, place: str) -> "Iterator[ParquetFile]":
    """Open one Parquet file; raises InvalidFile naming `place` when it is cut or is none.

    Raises NewerWorkspace for a table of a format that this program does not know.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(source) as file:
            _refuse_newer(file.schema_arrow.metadata or {}, place=place)
            yield file
    except FileNotFoundError as error:
        raise InvalidFile(f"{place}: no such file", hint="Restore it from a copy") from error
    except (pa.ArrowInvalid, OSError) as error:
        raise InvalidFile(
            f"{place}: not a whole Parquet file", hint="Restore it from a copy"
        ) from error


def _refuse_newer(metadata: Mapping[bytes, bytes], *, place: str) -> None:
    found = metadata.get(b"annotate", b"1").decode("ascii", "replace")
    if found.isdecimal() and int(found) > VERSION:
        raise NewerWorkspace(
            f"{place}: its format {found} is newer than this program knows ({VERSION})",
            hint="Upgrade with `pip install --upgrade annotate-markers`",
        )


def _place(path: Path) -> str:
    """Name the table too: every part has its number only."""
    return f"{path.parent.name}/{path.name}"
