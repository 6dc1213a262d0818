"""CSV and TSV, row by row: a broken row is refused and the rows behind it are read."""

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from annotate.config import Columns
from annotate.errors import InvalidFile
from annotate.ingest import columns as mappings
from annotate.ingest import encoding
from annotate.ingest.article import LARGEST_ARTICLE, Found, Note
from annotate.model import Reject

_HEAD = 1 << 16


class _Lines:
    """Physical lines with their numbers, some of which may be put back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        self.number += 1
        return line

    def put_back_all_but_first(self) -> None:
        """Read the lines behind the first taken one again."""
        self.number -= len(self.taken) - 1
        self._again.extendleft(reversed(self.taken[1:]))
        self.taken = []


def check(path: Path, columns: Columns, *, place: str, delimiter: str | None = None) -> None:
    """Raise InvalidFile when the header names no column with the text."""
    with path.open("rb") as file:
        text, _ = encoding.decode(file.read(_HEAD))
    line = text.lstrip("\ufeff").splitlines()[:1] or [""]
    names = _names(line[0], delimiter or _delimiter(line[0]), place=place)
    mappings.resolve(columns, names, place=place)


def read(path: Path, columns: Columns, *, place: str, delimiter: str | None = None) -> Found:
    """Give the articles of a CSV; places are `place:line`, the line where a row begins.

    The delimiter is the most frequent of comma, semicolon, tab and bar in the header
    unless it is given. Raises InvalidFile when the header names no column with the text.
    """
    csv.field_size_limit(max(csv.field_size_limit(), LARGEST_ARTICLE))
    found = encoding.detect(path)
    if found.note:
        yield Note(place=place, message=found.note)
    with encoding.opened(path, found) as file:
        header = next(file, "")
        delimiter = delimiter or _delimiter(header)
        names = _names(header, delimiter, place=place)
        mapping = mappings.resolve(columns, names, place=place)
        lines = _Lines(file)
        for number, row in _rows(lines, delimiter):
            here = f"{place}:{number + 1}"
            if isinstance(row, str):
                yield Reject(place=here, reason=row)
            elif len(row) < len(names) or any(row[len(names) :]):
                reason = f"{len(row)} fields where the header has {len(names)}"
                yield Reject(place=here, reason=reason)
            else:
                # Reversed, so that the first of several columns of one name counts.
                values = dict(zip(reversed(names), reversed(row[: len(names)]), strict=True))
                yield mappings.article(values, mapping, place=here)


def _rows(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Give each row, or what is wrong with it, with the number of its first line."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        first = lines.number + 1
        lines.taken = []
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield first, f"broken row: {error}"
            # A stray quote swallows what follows: only the row that has it is lost.
            lines.put_back_all_but_first()
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            continue
        if row:
            yield first, row


def _names(header: str, delimiter: str, *, place: str) -> list[str]:
    try:
        return next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error as error:
        raise InvalidFile(
            f"{place}: no header of a table: {error}", hint="Export it again as CSV"
        ) from error


def _delimiter(header: str) -> str:
    return max(",;\t|", key=header.count)
