"""JSON Lines, line by line, and files that are one JSON list."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from annotate.config import Columns
from annotate.errors import InvalidFile
from annotate.ingest import columns as mappings
from annotate.ingest import encoding
from annotate.ingest.article import LARGEST_ARTICLE, Article, Found, Note
from annotate.model import Reject

_LARGEST_LIST = 200_000_000
_LOOK = 20


def check(path: Path, columns: Columns, *, place: str) -> None:
    """Raise InvalidFile when the first object has no key with the text."""
    with path.open("rb") as file:
        for line in (file.readline(LARGEST_ARTICLE) for _ in range(_LOOK)):
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(row, dict):
                mappings.resolve(columns, row, place=place, sparse=True)
                return


def read(path: Path, columns: Columns, *, place: str) -> Found:
    """Give the articles of a JSON Lines file; places are `place:line`.

    A line that is not an object, or has no text, is refused and the rest goes on.
    """
    found = encoding.detect(path)
    if found.note:
        yield Note(place=place, message=found.note)
    with encoding.opened(path, found) as file:
        for number, line in enumerate(_lines(file), start=1):
            if line is None or line.strip("\ufeff \t\r\n"):
                yield _article(line, columns, place=f"{place}:{number}")


def read_list(path: Path, columns: Columns, *, place: str) -> Found:
    """Give the articles of a `.json` file: a list of objects, one object, or JSON Lines.

    Places are `place[number]`, counted from 0. Raises InvalidFile for a list over 200 MB,
    which cannot be read piece by piece.
    """
    if path.stat().st_size > _LARGEST_LIST:
        raise InvalidFile(f"{place}: a JSON list over 200 MB", hint="Save it as JSON Lines")
    text, note = encoding.decode(path.read_bytes())
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        if not text.lstrip().startswith("{"):
            raise InvalidFile(f"{place}: not valid JSON: {error}", hint="Correct it") from error
        yield from read(path, columns, place=place)
        return
    if note:
        yield Note(place=place, message=note)
    for number, row in enumerate(value if isinstance(value, list) else [value]):
        yield _row(row, columns, place=f"{place}[{number}]")


def _lines(file: TextIO) -> Iterator[str | None]:
    """Give the lines; None for one that is longer than any article."""
    while line := file.readline(LARGEST_ARTICLE):
        if len(line) < LARGEST_ARTICLE:
            yield line
            continue
        while line and not line.endswith(("\n", "\r")):
            line = file.readline(LARGEST_ARTICLE)
        yield None


def _article(line: str | None, columns: Columns, *, place: str) -> Article | Reject:
    if line is None:
        return Reject(place=place, reason=f"longer than {LARGEST_ARTICLE:,} characters")
    try:
        row = json.loads(line.strip("\ufeff \t\r\n"))
    except (ValueError, RecursionError) as error:
        return Reject(place=place, reason=f"not valid JSON: {error}")
    return _row(row, columns, place=place)


def _row(row: object, columns: Columns, *, place: str) -> Article | Reject:
    if not isinstance(row, dict):
        return Reject(place=place, reason="not a JSON object")
    try:
        mapping = mappings.resolve(columns, row, place=place, sparse=True)
    except InvalidFile as error:
        return Reject(place=place, reason=error.message.removeprefix(f"{place}: "))
    return mappings.article(row, mapping, place=place)
