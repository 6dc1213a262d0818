"""Decisions as JSON lines: one document a line, with what may be left out filled in."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotate.decode import decode
from annotate.docket import Decided
from annotate.errors import InvalidFile, NothingToDo, UsageError
from annotate.model import Record, Reject
from annotate.taxonomy import Taxonomy


class DecidedFile(Record, frozen=True, kw_only=True):
    """The submissions of a file with their places, and the lines that are none."""

    submissions: tuple[tuple[str, Decided], ...]
    rejects: tuple[Reject, ...]


def read_decided(
    path: Path, *, adjudicator: str | None, usually: str | None, taxonomy: Taxonomy
) -> DecidedFile:
    """Give what a file of decisions holds.

    A line may leave out its adjudicator and the versions of guideline and taxonomy: then it
    is `adjudicator` or else who `usually` decides, and the current ones. Where `adjudicator`
    is given, a line of somebody else is refused. Raises UsageError for a path that is no file,
    NothingToDo for a file without lines, InvalidFile where no line can be read.
    """
    usual = {
        "adjudicator": adjudicator or usually,
        "guideline_version": taxonomy.frame.guideline_version,
        "taxonomy_version": taxonomy.version,
    }
    read: list[tuple[str, Decided]] = []
    rejects: list[Reject] = []
    for place, line in _lines(path):
        try:
            found = _decoded(line, usual, adjudicator)
        except InvalidFile as error:
            rejects.append(Reject(place=place, reason=error.message.removeprefix(": ")))
        else:
            read.append((place, found))
    if not read:
        first = f": {rejects[0].place}: {rejects[0].reason}" if rejects else ""
        raise (InvalidFile if rejects else NothingToDo)(
            f"{path}: no decisions in it{first}",
            hint="Write a line for each document that `annotate adjudicate --export` gave",
        )
    return DecidedFile(submissions=tuple(read), rejects=tuple(rejects))


def _lines(path: Path) -> Iterator[tuple[str, bytes]]:
    if not path.is_file():
        raise UsageError(f"{path}: no such file", hint="Name a file of decisions, one a line")
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if line.strip(b"\xef\xbb\xbf \t"):
            yield f"line {number}", line


def _decoded(line: bytes, usual: dict[str, str | None], adjudicator: str | None) -> Decided:
    value = _json(line)
    if isinstance(value, dict):
        value = {name: it for name, it in usual.items() if it is not None} | value
    found = decode(value, Decided, place="")
    if adjudicator is not None and found.adjudicator != adjudicator:
        raise InvalidFile(
            f'its adjudicator is "{found.adjudicator}", and the import is of {adjudicator}', hint=""
        )
    return found


def _json(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InvalidFile("not UTF-8", hint="") from error
    except json.JSONDecodeError as error:
        raise InvalidFile(f"not JSON: {error.msg} at column {error.colno}", hint="") from error
