"""What the head lines of an article say of it: byline, outlet, date, and an agency's dateline.

Only front matter and whole lines before the body are read, and of the body a dateline that
opens it. A name that could as well be a place or a section is left out.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Literal

from annotate.ingest import boilerplate, dates, names, titles
from annotate.ingest.zones import reach
from annotate.model import Record

Field = Literal["author", "publisher", "published"]
_Said = Iterator[tuple[Field, str]]

_MOST_LINES = 20
_LONGEST_LINE = 2000
_LONGEST_DECK = 250
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_PIECES = re.compile(r" ?[|\u00b7\u2022] ?| [/\u2013\u2014-]+ ")
_AROUND = " ,;:|/\u00b7\u2022\u2013\u2014-"
_ISSUED = re.compile(
    r"(?:first )?(?:published|posted|date|publication date)(?: on| at)?", re.IGNORECASE
)
_CHANGED = re.compile(r"(?:last )?(?:updated|modified|edited|corrected)", re.IGNORECASE)
_BEHIND_DATE = re.compile(r"\s*(?:[|\u00b7\u2022,(/\u2013\u2014-]|[Bb]y\b)")
_FIELD = re.compile(r"([A-Za-z][A-Za-z_ ]{2,20}) ?: ?(\S.{0,150})")
_FIELDS: dict[str, Field] = {
    **dict.fromkeys(("author", "authors", "byline", "writer"), "author"),
    **dict.fromkeys(("publisher", "publication", "outlet", "newspaper"), "publisher"),
    **dict.fromkeys(("published", "date", "posted", "publication date"), "published"),
}


class HeadLines(Record, frozen=True, kw_only=True):
    """What was found; `published` is YYYY-MM-DD, or as written where that is ambiguous."""

    author: str | None = None
    publisher: str | None = None
    published: str | None = None


def read(text: str) -> HeadLines:
    """Give what the head of a canonical text says; the first line to say a thing counts."""
    matter = titles.front_matter(text)
    title = titles.located(text, titles.recognised(text))
    found = islice(_LINE.finditer(text, title.end if title else matter), _MOST_LINES)
    lines = [_words(line.group()) for line in found]
    if len(lines) > 1 and _is_deck(*lines[:2]):
        del lines[0]
    hits = [boilerplate.matches(line, "head") for line in lines]
    size = reach(hits, lines)
    if size == len(lines):
        size = 0  # without a body below them, these are not head lines
    head = [line for line, hit in zip(lines[:size], hits, strict=False) if hit]
    said: dict[Field, str] = {}
    for field, value in (
        *_fields(text[:matter].split("\n")),
        *_fields(head),
        *_bylines(head, text),
        *names.dateline("".join(lines[size : size + 1])),
    ):
        said.setdefault(field, value)
    return HeadLines(**said)


def _words(line: str) -> str:
    return " ".join(boilerplate.plain(line[:_LONGEST_LINE]).split())


def _is_deck(line: str, below: str) -> bool:
    """Say whether a line is the summary that stands between a title and its byline."""
    short = len(line) <= _LONGEST_DECK and not boilerplate.matches(line, "head")
    return short and names.author(below) is not None


def _fields(lines: Iterable[str]) -> _Said:
    for line in lines:
        found = _FIELD.fullmatch(line.strip())
        field = _FIELDS.get(found[1].casefold().replace("_", " ")) if found else None
        if found is None or field is None:
            continue
        value = found[2].strip("[]\"' ")
        date = dates.first(value)
        if field != "published":
            yield field, value
        elif date is not None:
            yield field, date.day or value[date.start : date.end]


def _bylines(lines: Iterable[str], text: str) -> _Said:
    below_byline = False
    for line in lines:
        said = dict(_line(line, text, below_byline=below_byline))
        below_byline = "author" in said
        yield from said.items()


def _line(line: str, text: str, *, below_byline: bool) -> _Said:
    """Read `By A`, `Outlet, date`, `By A | Outlet | date`, `Published on date by A`."""
    date = dates.first(line)
    before = _pieces(line[: date.start] if date else line)
    after = line[date.end :] if date else ""
    authors = {piece: names.author(piece) for piece in (*before, *_pieces(after))}
    author = next(filter(None, authors.values()), None)
    if author is not None:
        yield "author", author
    others = [piece for piece in before if not authors[piece] and not _ISSUED.fullmatch(piece)]
    parts = [part for piece in others for part in piece.split(", ")]
    if not all(map(names.is_name, parts)) or any(map(_CHANGED.fullmatch, parts)):
        return
    outlet = next(filter(names.is_outlet, parts), None)
    if outlet is None and date and below_byline and names.may_be_outlet(*parts, text=text):
        outlet = parts[0]
    if outlet is not None and (author or date):
        yield "publisher", outlet
    if date is not None and (dates.is_time(after) or _BEHIND_DATE.match(after)):
        yield "published", date.day or line[date.start : date.end]


def _pieces(text: str) -> list[str]:
    return [piece for part in _PIECES.split(text) if (piece := part.strip(_AROUND))]
