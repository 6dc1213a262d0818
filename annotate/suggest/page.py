"""Texts as suggesters see them: sentences inside annotatable zones, and their words."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from annotate.model import Range, Zone
from annotate.suggest.places import Places
from annotate.suggest.tokens import plain, tokens
from annotate.suggest.vocabulary import Vocabulary

LONGEST_SENTENCE = 1500
_BETWEEN = "\n\n"
_ENDS = r"\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_LINE = re.compile(f"[^{_ENDS}]+")
_NEWLINE = re.compile(f"\r\n|[{_ENDS}]")
_SHORT_LINE = 45
_BULLET = re.compile(r"\s*(?:[-*•·]|\d+[.)]|#+|>)\s")
_LATE_BREAK = re.compile(r"[.!?…][\"”\u2019')\]]*\s+(?=[\"“\u2018(\[]?[A-Z])")
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A stretch of one paragraph of one zone, in code points; all numbers count from 0."""

    start: int
    end: int
    paragraph: int
    title: bool
    document: int


@dataclass(frozen=True, kw_only=True)
class Page:
    """Texts one behind the other, with their sentences in order.

    `starts` and `documents` are for each text where it begins and which sentences it has.
    `words` are as they are read, `offsets` where they start, `between` what is behind each.
    `edges` are the numbers of the
    first word of each sentence and of the first behind it.
    """

    text: str
    starts: tuple[int, ...]
    documents: tuple[range, ...]
    sentences: tuple[Sentence, ...]
    words: list[str]
    offsets: list[int]
    between: list[str]
    edges: list[tuple[int, int]]
    places: Places

    def numbers(self, start: int, end: int) -> tuple[int, int]:
        """Give the numbers of the first word that starts in a range and the first after it."""
        first = bisect_left(self.offsets, start)
        return first, bisect_left(self.offsets, end, first)

    def stretch(self, first: int, last: int) -> Range:
        """Give where words stand, from the first to the last, as code points."""
        return Range(start=self.offsets[first], end=self.offsets[last] + len(self.words[last]))

    def paragraph(self, number: int) -> tuple[int, int]:
        """Give start and end of a paragraph that a sentence names."""
        first = bisect_left(self.sentences, number, key=lambda item: item.paragraph)
        last = bisect_right(self.sentences, number, key=lambda item: item.paragraph) - 1
        return self.sentences[first].start, self.sentences[last].end

    def document(self, number: int) -> range:
        """Give the numbers of all sentences of the text that a sentence is in."""
        return self.documents[self.sentences[number].document]

    def back(self, number: int, most: int) -> range:
        """Give the numbers of up to so many sentences of the text before one, and its own."""
        return range(max(self.document(number).start, number - most), number + 1)

    def near(self, number: int) -> range:
        """Give the numbers of a sentence, the one before and the two after, in its zone."""
        title, within = self.sentences[number].title, self.document(number)
        beside = range(max(within.start, number - 1), min(number + 3, within.stop))
        near = [n for n in beside if self.sentences[n].title == title]
        return range(near[0], near[-1] + 1)


def read(
    texts: Sequence[str], zones: Sequence[Sequence[Zone] | None], vocabulary: Vocabulary
) -> Page:
    """Split the annotatable zones of texts into sentences; without zones all is body."""
    starts = [0, *accumulate(len(text) + len(_BETWEEN) for text in texts)]
    sentences: list[Sentence] = []
    documents: list[range] = []
    for number, (text, within) in enumerate(zip(texts, zones, strict=True)):
        first = len(sentences)
        sentences += _sentences(text, within, number, starts[number])
        documents.append(range(first, len(sentences)))
    text = _BETWEEN.join(texts)
    found = tokens(_BETWEEN.join(map(plain, texts)))
    offsets = found.starts
    edges = [(bisect_left(offsets, s.start), bisect_left(offsets, s.end)) for s in sentences]
    return Page(
        text=text,
        starts=tuple(starts[:-1]),
        documents=tuple(documents),
        sentences=tuple(sentences),
        words=found.words,
        offsets=offsets,
        between=found.between,
        edges=edges,
        places=Places(found.words, found.between, edges, vocabulary),
    )


def _sentences(
    text: str, zones: Sequence[Zone] | None, document: int, base: int
) -> Iterator[Sentence]:
    paragraph = base  # no two paragraphs begin at the same place
    for start, end, title in _ranges(text, zones):
        for first, last in _paragraphs(text, start, end):
            paragraph += 1
            for s, e in _split(text, first, last):
                yield Sentence(
                    start=base + s,
                    end=base + e,
                    paragraph=paragraph,
                    title=title,
                    document=document,
                )


def whole(text: str) -> str:
    """Give the text with each lone surrogate as U+FFFD, as long as before."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def _ranges(text: str, zones: Sequence[Zone] | None) -> Iterator[tuple[int, int, bool]]:
    if zones is None or not zones:
        if text:
            yield 0, len(text), False
        return
    waste = sorted((z.start, z.end) for z in zones if z.zone == "boilerplate")
    reached = 0
    kept = (zone for zone in zones if zone.zone != "boilerplate")
    for zone in sorted(kept, key=lambda zone: (zone.start, zone.zone != "title", zone.end)):
        start = max(zone.start, reached)
        end = min(zone.end, len(text))
        for first, last in _without(start, end, waste):
            yield first, last, zone.zone == "title"
        reached = max(reached, end)


def _without(start: int, end: int, holes: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for first, last in holes:
        if last <= start or first >= end:
            continue
        if first > start:
            yield start, first
        start = max(start, last)
    if start < end:
        yield start, end


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Blank lines part paragraphs; so does a line end that no wrapped line would have."""
    first = start
    above: re.Match[str] | None = None
    for line in _LINE.finditer(text, start, end):
        if line.group().isspace():
            continue
        if above is not None:
            blank = len(_NEWLINE.findall(text, above.end(), line.start())) > 1
            if blank or not _wraps(above.group(), line.group()):
                yield first, above.end()
                first = line.start()
        else:
            first = line.start()
        above = line
    if above is not None:
        yield first, above.end()


def _wraps(above: str, below: str) -> bool:
    line = above.strip()
    if _BULLET.match(below):
        return False
    if below.lstrip()[:1].islower():
        return True
    return len(line) >= _SHORT_LINE and line[-1] not in '.!?…:"”*_'


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    import nupunkt

    stretch = text[start:end]
    for first, last in nupunkt.sent_spans(stretch):
        for piece in _closer(text, start + first, start + last):
            yield from _short(text, *piece)


def _closer(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Part where a quotation ended with its sentence, which the splitter leaves whole."""
    for found in _LATE_BREAK.finditer(text, start, end):
        if found.group().rstrip()[-1] in "\"”\u2019')" and found.end() < end:
            yield start, found.end()
            start = found.end()
    yield start, end


def _short(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut what is too long for a sentence at a blank, to bound the work for each."""
    while end - start > LONGEST_SENTENCE:
        cut = start + LONGEST_SENTENCE
        while cut > start and not text[cut - 1].isspace():
            cut -= 1
        cut = cut if cut > start else start + LONGEST_SENTENCE
        yield start, cut
        start = cut
    if start < end:
        yield start, end
