"""CoNLL columns, read: ours, and other people's with BIO, IOB or BIOES tags.

The first column is the token and the last its tag. With our columns between them the text has
its own offsets again; without, it is the tokens with blanks between them and a line for each
sentence. Files of one folder that have the same document are read as one annotation of it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from annotate.formats.bio import DOCSTART
from annotate.formats.foreign import Export, Region, Submission, Task, decoded

_TAG = re.compile(r"([BILMESU])-(.+)")
_NUMBER = re.compile(r"[0-9]{1,7}")
_COLUMNS = 4


@dataclass(frozen=True, kw_only=True)
class _Token:
    """A line; `first` says that a sentence begins with it."""

    place: str
    words: str
    tag: str
    offsets: tuple[str, ...]
    first: bool


@dataclass(kw_only=True)
class _Document:
    """The lines of a document; `length` is that of its text, where the file says it."""

    place: str
    name: str = ""
    length: int | None = None
    tokens: list[_Token] = field(default_factory=list)
    refused: int = 0


@dataclass(kw_only=True)
class _Read:
    """One text with what all files of its folder say of it."""

    place: str
    name: str
    regions: list[Region] = field(default_factory=list)
    refused: int = 0


def read(files: Mapping[str, bytes], *, person: str) -> Export:
    """Give the documents as tasks of a person; what does not fit is refused with its line."""
    export = Export()
    found: dict[tuple[str, str, str], _Read] = {}
    for path, data in files.items():
        for item in _documents(export, path, data):
            before = len(export.rejects)
            text, places = _text(export, item)
            known = found.setdefault(
                (str(PurePath(path).parent), item.name, text),
                _Read(place=item.place, name=item.name),
            )
            known.regions += _regions(export, item, places)
            known.refused += item.refused + len(export.rejects) - before
    for (_, _, text), known in found.items():
        submission = Submission(
            place=known.place, person=person, regions=tuple(known.regions), refused=known.refused
        )
        content = {"text": text, "doc_id": known.name}
        export.tasks.append(Task(place=known.place, data=content, submissions=(submission,)))
    return export


def _documents(export: Export, path: str, data: bytes) -> Iterator[_Document]:
    try:
        lines = decoded(data, place=path).removeprefix("\ufeff").split("\n")
    except ValueError as error:
        export.refuse(path, str(error))
        return
    item, first = _Document(place=path), True
    for number, line in enumerate(lines, start=1):
        cells = line.rstrip("\r").split("\t") if "\t" in line else line.split()
        if cells and cells[0] == DOCSTART:
            if item.tokens or item.length is not None:
                yield item
            item, first = _begun(cells, place=f"{path}:{number}"), True
        elif not any(cells):
            first = True
        elif len(cells) == 1:
            export.refuse(f"{path}:{number}", "no token and tag, with a tab or blank between them")
            item.refused += 1
        else:
            token = _Token(
                place=f"{path}:{number}",
                words=cells[0].strip(),
                tag=cells[-1].strip(),
                offsets=tuple(cells[1:-1]),
                first=first,
            )
            item.tokens.append(token)
            first = False
    if item.tokens or item.length is not None:
        yield item


def _begun(cells: list[str], *, place: str) -> _Document:
    ours = len(cells) == _COLUMNS and _NUMBER.fullmatch(cells[2])
    if not ours:
        return _Document(place=place)
    return _Document(place=place, name=cells[1], length=int(cells[2]))


def _text(export: Export, item: _Document) -> tuple[str, list[int]]:
    """Give the text and where each token begins in it; tokens that do not fit are dropped."""
    if item.length is None:
        text, places = "", []
        for token in item.tokens:
            text += ("\n" if token.first else " ") if text else ""
            places.append(len(text))
            text += token.words
        return text, places
    characters = [" "] * item.length
    kept: list[_Token] = []
    places, reach = [], 0
    for token in item.tokens:
        start, end = _offsets(token)
        if not reach <= start < end <= item.length or end - start != len(token.words):
            reason = f"token {token.words[:20]!r} does not fit its offsets, or they those before"
            export.refuse(token.place, reason)
            continue
        characters[start:end] = token.words
        if token.first and kept and start > reach:
            characters[reach] = "\n"
        kept.append(token)
        places.append(start)
        reach = end
    item.tokens = kept
    return "".join(characters), places


def _offsets(token: _Token) -> tuple[int, int]:
    if len(token.offsets) != _COLUMNS - 2 or not all(map(_NUMBER.fullmatch, token.offsets)):
        return -1, -1
    return int(token.offsets[0]), int(token.offsets[1])


def _regions(export: Export, item: _Document, places: list[int]) -> Iterator[Region]:
    current: Region | None = None
    closed = True
    for token, start in zip(item.tokens, places, strict=True):
        found = _TAG.fullmatch(token.tag)
        if found is None and token.tag != "O":
            export.refuse(token.place, f'"{token.tag[:20]}" is no tag such as B-LABEL or O')
        letter, label = found.groups() if found else ("O", "")
        end = start + len(token.words)
        if current and (closed or letter in "BSUO" or label != current.label or token.first):
            yield current
            current = None
        if letter != "O" and current is None:
            current = Region(place=token.place, label=label, start=start, end=end)
        elif current is not None:
            current = current.replace(end=end)
        closed = letter in "ELSU"
    if current:
        yield current
