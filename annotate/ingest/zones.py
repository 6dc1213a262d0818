"""Which part of a document is its title, its body, and what the outlet put around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from annotate.ingest import boilerplate, repeated, titles
from annotate.model import Document, Range, Zone, ZoneKind

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_BRIDGE = 2
_SHORT = 80
_CLOSING = '*_ ")\u201d\u2019'


@dataclass(frozen=True, kw_only=True)
class _Stretch:
    start: int
    end: int
    kind: ZoneKind = "body"


def find_zones(document: Document, marks: frozenset[int] = frozenset()) -> list[Zone]:
    """Give the zones of a document, in order; they cover the text without overlap.

    `marks` are what its publishers repeat (`repeated.Learned.of`). Lines at the head and
    the tail are boilerplate as long as they read like it or are repeated; a line in the
    middle only where its wording leaves no doubt.
    """
    text = document.text
    title = titles.located(text, document.title)
    matter = titles.front_matter(text)
    lines = _lines(text, after=title.end if title else matter)
    lines = _glued(text, _edges(text, lines, marks), marks)
    front = [_Stretch(start=0, end=matter, kind="boilerplate")] if matter else []
    if title is not None:
        front.append(_Stretch(start=title.start, end=title.end, kind="title"))
    return [
        Zone(doc_id=document.doc_id, start=piece.start, end=piece.end, zone=piece.kind)
        for piece in _covering(text, [*front, *lines])
    ]


def _lines(text: str, *, after: int) -> list[_Stretch]:
    found = (Range(start=line.start(), end=line.end()) for line in _LINE.finditer(text, after))
    return [_Stretch(start=line.start, end=line.end) for line in found]


def _edges(text: str, lines: list[_Stretch], marks: frozenset[int]) -> list[_Stretch]:
    """Mark whole lines as boilerplate: from the head, from the tail, and in between."""
    parts = [text[line.start : line.end] for line in lines]
    head = [_around(part, "head", marks) for part in parts]
    tail = [_around(part, "tail", marks) for part in parts]
    first = reach(head, parts)
    last = len(parts) - reach(tail[::-1], parts[::-1])
    return [
        replace(line, kind="boilerplate")
        if number < first or number >= last or boilerplate.matches(part, "anywhere")
        else line
        for number, (line, part) in enumerate(zip(lines, parts, strict=True))
    ]


def _around(line: str, position: boilerplate.Position, marks: frozenset[int]) -> bool:
    end = "head" if position == "head" else "foot"
    return repeated.repeats(line, end, marks) or boilerplate.matches(line, position)


def reach(matched: Sequence[bool], parts: Sequence[str]) -> int:
    """Give how many lines from one end are boilerplate.

    Up to two short lines that are no sentence may lie between two that are.
    """
    reach = 0
    for number, hit in enumerate(matched):
        between = parts[reach:number]
        if hit:
            reach = number + 1
        elif not reach or len(between) >= _BRIDGE or not _bridges(parts[number]):
            break
    return reach


def _bridges(line: str) -> bool:
    return len(line) <= _SHORT and not line.rstrip(_CLOSING).endswith((".", "!", "?", ","))


def _glued(text: str, lines: list[_Stretch], marks: frozenset[int]) -> list[_Stretch]:
    """Cut repeated runs of words off the first and the last paragraph of the body."""
    body = [number for number, line in enumerate(lines) if line.kind == "body"]
    if not body or not marks:
        return lines
    first, last = lines[body[0]], lines[body[-1]]
    opening, closing = text[first.start : first.end], text[last.start : last.end]
    begin = first.start + repeated.head_run(opening, marks)
    stop = last.start + repeated.foot_run(closing, marks)
    cut = []
    for line in lines:
        start, end = max(line.start, begin), min(line.end, stop)
        if line.kind != "body" or start >= end:
            cut.append(replace(line, kind="boilerplate"))
            continue
        cut.append(replace(line, start=start, end=end))
        if line.start < start:
            cut.insert(-1, _Stretch(start=line.start, end=start, kind="boilerplate"))
        if end < line.end:
            cut.append(_Stretch(start=end, end=line.end, kind="boilerplate"))
    return cut


def _covering(text: str, stretches: Sequence[_Stretch]) -> list[_Stretch]:
    """Give zones without gaps: blanks belong to what stands before them, but not to a title."""
    if not stretches:
        return [_Stretch(start=0, end=len(text), kind="boilerplate")] if text else []
    first = stretches[0]
    opening: ZoneKind = "body" if first.kind == "body" else "boilerplate"
    zones = [_Stretch(start=0, end=first.start, kind=opening)]
    end = _Stretch(start=len(text), end=len(text), kind="boilerplate")
    for stretch, following in pairwise([*stretches, end]):
        if stretch.kind == "title":
            gap = _Stretch(start=stretch.end, end=following.start, kind=following.kind)
            zones += [stretch, gap]
        else:
            zones.append(replace(stretch, end=following.start))
    return _merged([zone for zone in zones if zone.start < zone.end])


def _merged(zones: Sequence[_Stretch]) -> list[_Stretch]:
    merged: list[_Stretch] = []
    for zone in zones:
        if merged and merged[-1].kind == zone.kind:
            merged[-1] = replace(merged[-1], end=zone.end)
        else:
            merged.append(zone)
    return merged
