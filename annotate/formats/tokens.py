"""Texts as tokens for formats that label tokens, cut so that spans begin and end at tokens."""

import re
from collections.abc import Iterable, Iterator

from annotate.spans import Ranged

# Accents, selectors and joiners belong to the character before them.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u200d\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
)
_TOKEN = re.compile(rf"\w[\w{_MARKS}]*|[^\w\s][{_MARKS}]*")


def tokens(text: str, spans: Iterable[Ranged] = ()) -> list[tuple[int, int]]:
    """Give start and end of words and single other characters, in order; white space is none.

    A token in which a span begins or ends is cut there.
    """
    edges = sorted({edge for span in spans for edge in (span.start, span.end)})
    return list(cut(((found.start(), found.end()) for found in _TOKEN.finditer(text)), edges))


def cut(pieces: Iterable[tuple[int, int]], edges: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Give the pieces, each cut at the edges inside it; both come in order."""
    waiting = iter(edges)
    edge = next(waiting, None)
    for begin, end in pieces:
        start = begin
        while edge is not None and edge < end:
            if edge > start:
                yield start, edge
                start = edge
            edge = next(waiting, None)
        yield start, end
