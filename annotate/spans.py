"""Pure algebra on ranges of one text: code points, end-exclusive, never empty."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Protocol, TypeVar
from unicodedata import category

from annotate.model import Range


class Ranged(Protocol):
    """Anything with a start and an end."""

    @property
    def start(self) -> int:
        """First code point."""

    @property
    def end(self) -> int:
        """The code point behind the last."""


R = TypeVar("R", bound=Ranged)

_PAIRS = {"(": ")", "[": "]", "“": "”", "\u2018": "\u2019", "«": "»", '"': '"', "'": "'"}
_INVISIBLE = "\u200b\u200c\u200e\u200f\ufeff"
_INITIALS = re.compile(r"[^\W\d_]\.[A-Z]\Z")
_ABBREVIATION = re.compile(r" ?(?:\([A-Z@][\w@.-]{0,11}\)|\[[A-Z@][\w@.-]{0,11}\])")
_EDGE = ".,;:!?…-\u2013—/*_#>|~`" + "".join(_PAIRS) + "".join(_PAIRS.values())


def overlap(first: Ranged, second: Ranged) -> int:
    """Give the number of characters that both ranges hold; 0 when they are apart."""
    return max(0, min(first.end, second.end) - max(first.start, second.start))


def overlaps(first: Ranged, second: Ranged) -> bool:
    """Say whether the ranges share a character; touching ranges do not."""
    return overlap(first, second) > 0


def covers(span: Ranged, passage: Ranged, *, share: float = 0.5) -> bool:
    """Say whether `span` holds at least that share of the passage's characters."""
    return overlap(span, passage) >= share * (passage.end - passage.start)


def iou(first: Ranged, second: Ranged) -> float:
    """Give intersection over union in characters, 0 to 1."""
    both = overlap(first, second)
    union = (first.end - first.start) + (second.end - second.start) - both
    return both / union


def within(inner: Ranged, outer: Ranged) -> bool:
    """Say whether `inner` lies wholly inside `outer`."""
    return outer.start <= inner.start and inner.end <= outer.end


def merge(ranges: Iterable[Ranged]) -> list[Range]:
    """Give the union of overlapping ranges, sorted; touching ranges stay apart."""
    return [
        Range(start=group[0].start, end=max(item.end for item in group))
        for group in components(ranges)
    ]


def components(ranges: Iterable[R]) -> list[list[R]]:
    """Group ranges that overlap, directly or through others; sorted by start, then end."""
    groups: list[list[R]] = []
    reach = -1
    for item in sorted(ranges, key=lambda item: (item.start, item.end)):
        if groups and item.start < reach:
            groups[-1].append(item)
        else:
            groups.append([item])
        reach = max(reach, item.end) if len(groups[-1]) > 1 else item.end
    return groups


def majority(ranges: Sequence[Ranged]) -> Range | None:
    """Give the stretch that strictly more than half of the ranges mark.

    The ranges of one cluster can leave more than one such stretch: the longest is given,
    the first of equals. None when there is none.
    """
    edges = sorted({edge for item in ranges for edge in (item.start, item.end)})
    if len(edges) == 2:  # noqa: PLR2004 - all of them mark the same
        return Range(start=edges[0], end=edges[1])
    pieces: list[tuple[int, int]] = []
    for start, end in pairwise(edges):
        votes = sum(item.start <= start and end <= item.end for item in ranges)
        if 2 * votes <= len(ranges):
            continue
        if pieces and pieces[-1][1] == start:
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((start, end))
    if not pieces:
        return None
    start, end = max(pieces, key=lambda piece: (piece[1] - piece[0], -piece[0]))
    return Range(start=start, end=end)


def trim(text: str, span: Ranged) -> Range | None:
    """Drop blanks, edge punctuation and Markdown decoration (boundary rule B4).

    Quotation marks and brackets stay where both of a pair are inside, and so does the last
    stop of initials ("the U.N."). None when nothing is left.
    """
    start, end = span.start, span.end
    while start < end:
        if _droppable(text, start, start, end):
            start += 1
        elif _droppable(text, end - 1, start, end):
            end -= 1
        else:
            return Range(start=start, end=end)
    return None


def _droppable(text: str, at: int, start: int, end: int) -> bool:
    character = text[at]
    if character.isspace() or character in _INVISIBLE:
        return True
    if character == "." and at == end - 1 and _INITIALS.search(text, start, at):
        return False
    return character in _EDGE and not _paired(text, at, start, end)


def _paired(text: str, at: int, start: int, end: int) -> bool:
    character = text[at]
    inner = text[start:end]
    if character == _PAIRS.get(character):
        return inner.count(character) % 2 == 0
    for opening, closing in _PAIRS.items():
        if character in (opening, closing):
            outward = at == start if character == opening else at == end - 1
            return outward and inner.count(opening) == inner.count(closing)
    return False


def complete(text: str, span: Ranged) -> Range:
    """Widen a range over what belongs to the name that it ends with.

    That is the last stop of initials ("the U.N."), the bracket that closes one inside, and
    brackets that hold an abbreviation ("the Harbour Union (HU)").
    """
    start, end = span.start, span.end
    if text[end : end + 1] == "." and _INITIALS.search(text, start, end):
        end += 1
    inner = text[start:end]
    for opening, closing in ("()", "[]"):
        if text[end : end + 1] == closing and inner.count(opening) > inner.count(closing):
            return Range(start=start, end=end + 1)
    behind = _ABBREVIATION.match(text, end)
    last = inner.split()[-1]
    if behind is not None and last[0].isupper():
        end = behind.end()
    return Range(start=start, end=end)


def snap(text: str, span: Ranged) -> Range:
    """Widen a range to the edges of the words that it cuts."""
    start, end = span.start, span.end
    while start > 0 and _wordy(text[start - 1]) and _wordy(text[start]):
        start -= 1
    while end < len(text) and _wordy(text[end]) and _wordy(text[end - 1]):
        end += 1
    return Range(start=start, end=end)


def _wordy(character: str) -> bool:
    # A mark such as an accent of its own belongs to the letter before it.
    return character.isalnum() or character == "_" or category(character).startswith("M")
