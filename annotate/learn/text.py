"""What a model sees of a text: sentences of the annotatable zones, and their tokens."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from annotate.model import OpenSpan, Span, Zone
from annotate.spans import overlaps

_TOKEN = re.compile(r"\w+|[^\w\s]")
_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n")
_OPENING = "“«"
_CLOSING = "”»"


@dataclass(frozen=True, kw_only=True)
class LabelledDocument:
    """A canonical text with the spans that people made of it; offsets are its code points.

    Without zones all is body. `open` lists what is not settled. Documents of one `group`
    (a near-duplicate cluster, or a publisher) are drawn together when an interval is
    estimated.
    """

    doc_id: str
    text: str
    zones: tuple[Zone, ...] = ()
    spans: tuple[Span, ...] = ()
    open: tuple[OpenSpan, ...] = ()
    title: str | None = None
    group: str = ""


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence of a title or body zone: `[start, end)` of the text, and its tokens.

    `starts` and `ends` are the tokens' offsets in the text; `quoted` says of each token
    whether quotation marks are open around it.
    """

    start: int
    end: int
    title: bool
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    quoted: tuple[bool, ...]


def sentences(text: str, zones: Sequence[Zone]) -> list[Sentence]:
    """Give the sentences of the annotatable zones in order; boilerplate has none."""
    return [
        sentence
        for start, end, title in _annotatable(text, zones)
        for first, last in _paragraphs(text, start, end)
        for sentence in _sentences(text, first, last, title=title)
    ]


def settled(read: Sequence[Sentence], left: Iterable[OpenSpan], *, marker: str) -> list[bool]:
    """Say of each sentence whether nothing of the marker is open in it.

    What is open is neither an example nor a counter-example: such a sentence teaches nothing.
    """
    unknown = [span for span in left if span.marker == marker]
    return [not any(overlaps(span, sentence) for span in unknown) for sentence in read]


def _annotatable(text: str, zones: Sequence[Zone]) -> Iterator[tuple[int, int, bool]]:
    if not zones:
        yield 0, len(text), False
        return
    waste = sorted((zone.start, zone.end) for zone in zones if zone.zone == "boilerplate")
    reached = 0
    for zone in sorted(zones, key=lambda zone: (zone.start, zone.end)):
        if zone.zone == "boilerplate":
            continue
        for start, end in _without(max(zone.start, reached), min(zone.end, len(text)), waste):
            yield start, end, zone.zone == "title"
        reached = max(reached, zone.end)


def _without(start: int, end: int, holes: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for first, last in holes:
        if last > start and first < end:
            if first > start:
                yield start, first
            start = last
    if start < end:
        yield start, end


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for found in _PARAGRAPH_END.finditer(text, start, end):
        yield start, found.start()
        start = found.end()
    yield start, end


def _sentences(text: str, start: int, end: int, *, title: bool) -> Iterator[Sentence]:
    import nupunkt

    tokens = [found.span() for found in _TOKEN.finditer(text, start, end)]
    quoted = _quoted([text[first:last] for first, last in tokens])
    reached = 0
    for _, stop in nupunkt.sent_spans(text[start:end]):
        behind = reached
        while behind < len(tokens) and tokens[behind][0] < start + stop:
            behind += 1
        if behind > reached:
            chosen = tokens[reached:behind]
            yield Sentence(
                start=chosen[0][0],
                end=chosen[-1][1],
                title=title,
                words=tuple(text[first:last] for first, last in chosen),
                starts=tuple(first for first, _ in chosen),
                ends=tuple(last for _, last in chosen),
                quoted=tuple(quoted[reached:behind]),
            )
        reached = behind


def _quoted(words: Iterable[str]) -> list[bool]:
    """Follow the quotation marks of one paragraph; a straight one opens or closes."""
    inside = False
    found = []
    for word in words:
        if word in _OPENING:
            inside = True
        elif word in _CLOSING:
            inside = False
        elif word == '"':
            inside = not inside
        found.append(inside and word not in _OPENING and word != '"')
    return found
