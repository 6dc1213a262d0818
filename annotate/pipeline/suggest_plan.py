"""What a run of `suggest` has to do: one unit for each part, and where its zones stand.

Zones are stored in the order of the documents, so that one pass over their `doc_id` finds the
rows of every part. Each unit is still checked against its documents when it is made; where
zones stand in another order, it looks through all of them.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotate.errors import InvalidFile
from annotate.model import Record
from annotate.pipeline import suggest_places as places
from annotate.pipeline.suggest_parts import MOST_ROWS, Unit, ZoneRows, opened

if TYPE_CHECKING:
    import numpy as np


class _Group(Record, frozen=True, kw_only=True):
    """A row group of the zones: global rows `[first, end)`."""

    file: str
    group: int
    first: int
    end: int


def of_parts(parts: Sequence[Path], zones: Sequence[str]) -> list[Unit]:
    """Give a unit for each part of a workspace's documents, of the same name."""
    urls = [places.place(part) for part in parts]
    units = [Unit(name=part.name, documents=url) for part, url in zip(parts, urls, strict=True)]
    return _with_zones(units, [_rows(url) for url in urls], zones)


def of_files(files: Sequence[str], zones: Sequence[str]) -> list[Unit]:
    """Give units for the Parquet files of a folder: runs of row groups, numbered in order."""
    units: list[Unit] = []
    rows: list[int] = []
    for url in files:
        for groups, count in _runs(url):
            name = f"part-{len(units):05d}.parquet"
            units.append(Unit(name=name, documents=url, groups=groups))
            rows.append(count)
    return _with_zones(units, rows, zones)


def _rows(url: str) -> int:
    """Give the number of documents; 0 when the file is broken, which its unit will say."""
    return sum(count for _, count in _runs(url))


def _runs(url: str) -> Iterator[tuple[tuple[int, ...] | None, int]]:
    """Give runs of row groups of about MOST_ROWS documents, each with its number of rows."""
    try:
        with opened(url) as file:
            sizes = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
    except InvalidFile:
        yield None, 0
        return
    run: list[int] = []
    for group in range(len(sizes)):
        run.append(group)
        held = sum(sizes[each] for each in run)
        if held >= MOST_ROWS or group == len(sizes) - 1:
            yield tuple(run), held
            run = []


def _with_zones(units: Sequence[Unit], rows: Sequence[int], zones: Sequence[str]) -> list[Unit]:
    """Name the zone rows of each unit, unless there are zones of more documents than these."""
    if not units:
        return []
    ends = list(accumulate(rows))
    bounds, groups, found = [0], list[_Group](), 0
    last = None
    for group, doc_ids in _groups(zones):
        starts = group.first + _starts(doc_ids, last)
        last = doc_ids[-1].as_py()
        while len(bounds) <= len(ends) and ends[len(bounds) - 1] < found + len(starts):
            bounds.append(int(starts[ends[len(bounds) - 1] - found]))
        found += len(starts)
        groups.append(group)
    if not groups or found > ends[-1]:
        return list(units)
    bounds += [groups[-1].end] * (len(units) + 1 - len(bounds))
    return [
        unit.replace(zones=tuple(_within(groups, first, end)))
        for unit, first, end in zip(units, bounds, bounds[1:], strict=False)
    ]


def _groups(zones: Sequence[str]) -> Iterator[tuple[_Group, Any]]:
    """Give every row group that is not empty, with its column of document ids."""
    first = 0
    for url in zones:
        with opened(url) as file:
            for number in range(file.num_row_groups):
                doc_ids = file.read_row_group(number, columns=["doc_id"]).column("doc_id")
                group = _Group(file=url, group=number, first=first, end=first + len(doc_ids))
                first = group.end
                if len(doc_ids):
                    yield group, doc_ids.combine_chunks()


def _starts(doc_ids: Any, last: str | None) -> "np.ndarray[Any, Any]":
    """Give the rows where another document begins, counted from the group's first."""
    import numpy as np

    numbers = doc_ids.dictionary_encode().indices.to_numpy()
    return np.flatnonzero(np.concatenate(([doc_ids[0].as_py() != last], np.diff(numbers) != 0)))


def _within(groups: Sequence[_Group], first: int, end: int) -> Iterator[ZoneRows]:
    for group in groups:
        low, high = max(first, group.first), min(end, group.end)
        if low < high:
            yield ZoneRows(
                file=group.file, group=group.group, first=low - group.first, end=high - group.first
            )
