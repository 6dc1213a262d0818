"""Records to Arrow columns and back, column by column.

Row by row, as `Table.from_pylist` and `Table.to_pylist` do it, costs ten times as much: most
of a span's columns are attributes that it does not have.
"""

from collections.abc import Mapping, Sequence
from itertools import chain, compress
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from annotate.model import Record

if TYPE_CHECKING:
    import pyarrow as pa

ATTRIBUTES = frozenset({"attributes", "document_attributes"})


def arrays(rows: Sequence[Record], schema: "pa.Schema") -> "list[pa.Array]":
    """Give a column per field of the schema, as `from_pylist` would of the rows as dictionaries."""
    return [
        _array(list(map(attrgetter(field.name), rows)), field.type, field.name) for field in schema
    ]


def _array(values: list[Any], kind: "pa.DataType", name: str) -> "pa.Array":
    import pyarrow as pa

    if pa.types.is_struct(kind):
        return _struct_array(values, kind, name)
    if pa.types.is_list(kind):
        return _list_array(values, kind, name)
    return pa.array(values, kind)


def _struct_array(values: list[Any], kind: "pa.DataType", name: str) -> "pa.Array":
    import pyarrow as pa

    there = [value is not None for value in values]
    if not any(there):
        return pa.nulls(len(values), kind)
    columns = _given(values, kind) if name in ATTRIBUTES else _fields(values, there, kind)
    children = [
        _array(columns[field.name], field.type, field.name)
        if field.name in columns
        else pa.nulls(len(values), field.type)
        for field in kind
    ]
    absent = None if all(there) else pa.array([not each for each in there])
    return pa.StructArray.from_arrays(children, fields=list(kind), mask=absent)


def _given(values: list[Mapping[str, str]], kind: "pa.DataType") -> dict[str, list[Any]]:
    """Give a column of each attribute of the schema that any value has."""
    given = {name for value in values for name in value}
    names = [field.name for field in kind if field.name in given]
    return {name: [value.get(name) for value in values] for name in names}


def _fields(values: list[Any], there: list[bool], kind: "pa.DataType") -> dict[str, list[Any]]:
    names = [field.name for field in kind]
    if all(there):
        return {name: list(map(attrgetter(name), values)) for name in names}
    return {
        name: [None if value is None else getattr(value, name) for value in values]
        for name in names
    }


def _list_array(values: list[Any], kind: "pa.DataType", name: str) -> "pa.Array":
    import numpy as np
    import pyarrow as pa

    lengths = np.fromiter(map(len, values), dtype=np.int32, count=len(values))
    offsets = np.concatenate([np.zeros(1, np.int32), np.cumsum(lengths, dtype=np.int32)])
    flat = _array(list(chain.from_iterable(values)), kind.value_type, name)
    return pa.ListArray.from_arrays(pa.array(offsets), flat, type=kind)


def rows(table: "pa.Table") -> list[dict[str, Any]]:
    """Give the rows as `to_pylist` does, but with the attributes alone that a span has."""
    if not table.num_columns:
        return [{} for _ in range(table.num_rows)]
    columns = [
        [value for chunk in column.chunks for value in _values(chunk, name)]
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
    return [dict(zip(table.column_names, row, strict=True)) for row in zip(*columns, strict=True)]


def _values(array: "pa.Array", name: str) -> list[Any]:
    import pyarrow as pa

    kind = array.type
    if array.null_count == len(array) and name not in ATTRIBUTES:
        return [None] * len(array)
    if pa.types.is_struct(kind):
        return _present(array) if name in ATTRIBUTES else _structs(array)
    if pa.types.is_list(kind):
        return _lists(array, name)
    numbers = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)
    if pa.types.is_string(kind) or (numbers and not array.null_count):
        values: list[Any] = array.to_numpy(zero_copy_only=False).tolist()
        return values
    return list(array.to_pylist())


def _structs(array: "pa.Array") -> list[Any]:
    names = [field.name for field in array.type]
    columns = [_values(child, name) for name, child in zip(names, array.flatten(), strict=True)]
    found: list[Any] = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    for at in _nulls(array):
        found[at] = None
    return found


def _present(array: "pa.Array") -> list[dict[str, str]]:
    """Give what is there of each row's attributes; a row that is null has none."""
    found: list[dict[str, str]] = [{} for _ in range(len(array))]
    for field, child in zip(array.type, array.flatten(), strict=True):
        if child.null_count == len(child):
            continue
        there = child.is_valid().to_numpy(zero_copy_only=False).tolist()
        values = child.drop_null().to_pylist()
        for given, value in zip(compress(found, there), values, strict=True):
            given[field.name] = value
    return found


def _lists(array: "pa.Array", name: str) -> list[Any]:
    values = _values(array.flatten(), name)
    lengths = array.value_lengths().fill_null(0).to_numpy().tolist()
    found: list[Any] = []
    start = 0
    for length in lengths:
        found.append(values[start : start + length])
        start += length
    for at in _nulls(array):
        found[at] = None
    return found


def _nulls(array: "pa.Array") -> list[int]:
    import numpy as np

    if not array.null_count:
        return []
    nulls: list[int] = np.flatnonzero(array.is_null().to_numpy(zero_copy_only=False)).tolist()
    return nulls
