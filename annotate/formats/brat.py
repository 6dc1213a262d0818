"""brat's standoff files: what one `.ann` file says of its text.

Offsets are code points, end-exclusive; a discontinuous annotation has several fragments.
"""

import re
from collections.abc import Iterable

from annotate.model import Range, Record, Reject

_BOUND = re.compile(
    r"(?P<id>T\d+)\t(?P<label>\S+) (?P<ranges>[^\t]*)(?:\t(?P<quote>.*))?", re.DOTALL
)
_ATTRIBUTE = re.compile(r"[AM]\d+\t(\S+) (T\d+)(?: (.+))?", re.DOTALL)
_RELATION = re.compile(r"R\d+\t(\S+) \S+:(T\d+) \S+:(T\d+)\s*")
_LINE = re.compile(r"(?:[TREAMN]\d+|#\d*|\*)\t")


class Bound(Record, frozen=True, kw_only=True):
    """A label on the fragments of a text; `quote` is what the file says stands there.

    The quotes of several fragments are joined by a blank.
    """

    name: str
    label: str
    fragments: tuple[Range, ...]
    quote: str | None = None


class Answer(Record, frozen=True, kw_only=True):
    """An attribute of the annotation `of`; one without a value of its own is `true`."""

    name: str
    of: str
    value: str = "true"


class Link(Record, frozen=True, kw_only=True):
    """A relation between two annotations, by their names."""

    label: str
    first: str
    second: str


class Standoff(Record, frozen=True, kw_only=True):
    """What a file holds: text-bound annotations, refused lines, and how many of other kinds.

    Of the others, attributes and relations are read as well.
    """

    bounds: tuple[Bound, ...] = ()
    answers: tuple[Answer, ...] = ()
    links: tuple[Link, ...] = ()
    rejects: tuple[Reject, ...] = ()
    others: int = 0


def read(text: str, *, place: str) -> Standoff:
    """Give the text-bound annotations; a line that is none of brat's is refused with its place.

    A quote that runs over a line end goes on in the next line.
    """
    bounds: list[Bound] = []
    aside: list[str] = []
    rejects: list[Reject] = []
    for number, entry in _entries(text):
        try:
            if _LINE.match(entry) and not entry.startswith("T"):
                aside.append(entry)
            else:
                bounds.append(_bound(entry))
        except ValueError as error:
            rejects.append(Reject(place=f"{place}:{number}", reason=str(error)))
    answers = (found.groups() for entry in aside if (found := _ATTRIBUTE.fullmatch(entry)))
    links = (found.groups() for entry in aside if (found := _RELATION.fullmatch(entry)))
    return Standoff(
        bounds=tuple(bounds),
        answers=tuple(Answer(name=it, of=of, value=value or "true") for it, of, value in answers),
        links=tuple(Link(label=it, first=first, second=second) for it, first, second in links),
        rejects=tuple(rejects),
        others=len(aside),
    )


def write(
    bounds: Iterable[Bound], *, answers: Iterable[Answer] = (), links: Iterable[Link] = ()
) -> str:
    """Give the file of these annotations."""
    lines = [
        f"{item.name}\t{item.label} "
        + ";".join(f"{part.start} {part.end}" for part in item.fragments)
        + f"\t{' '.join((item.quote or '').splitlines())}\n"
        for item in bounds
    ]
    lines += [
        f"A{number}\t{item.name} {item.of} {item.value}\n"
        for number, item in enumerate(answers, start=1)
    ]
    lines += [
        f"R{number}\t{item.label} Arg1:{item.first} Arg2:{item.second}\n"
        for number, item in enumerate(links, start=1)
    ]
    return "".join(lines)


def _entries(text: str) -> list[tuple[int, str]]:
    """Give entries with the number of their first line."""
    entries: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if entries and line.strip() and not _LINE.match(line):
            first, before = entries[-1]
            entries[-1] = (first, f"{before}\n{line}")
        elif line.strip():
            entries.append((number, line.rstrip("\r")))
    return entries


def _bound(entry: str) -> Bound:
    found = _BOUND.fullmatch(entry)
    if found is None:
        message = "no name, label and offsets, with tabs between them, as brat writes them"
        raise ValueError(message)
    fragments = tuple(_fragment(part) for part in found["ranges"].split(";"))
    return Bound(name=found["id"], label=found["label"], fragments=fragments, quote=found["quote"])


def _fragment(part: str) -> Range:
    ends = part.split(" ")
    if len(ends) != 2 or not all(end.isascii() and end.isdigit() for end in ends):  # noqa: PLR2004
        message = f'"{part}" is no start and end'
        raise ValueError(message)
    return Range(start=int(ends[0]), end=int(ends[1]))
