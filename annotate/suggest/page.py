"""A text as suggesters see it: sentences inside annotatable zones, and whose voice speaks."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate
from operator import or_

from annotate.model import Zone
from annotate.suggest.tags import stop_words

LONGEST_SENTENCE = 1500
_ENDS = r"\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_LINE = re.compile(f"[^{_ENDS}]+")
_NEWLINE = re.compile(f"\r\n|[{_ENDS}]")
_SHORT_LINE = 45
_BULLET = re.compile(r"\s*(?:[-*•·]|\d+[.)]|#+|>)\s")
_LATE_BREAK = re.compile(r"[.!?…][\"”\u2019')\]]*\s+(?=[\"“\u2018(\[]?[A-Z])")
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A stretch of one paragraph of one zone, in code points; `paragraph` counts from 0."""

    start: int
    end: int
    paragraph: int
    title: bool


@dataclass(frozen=True, kw_only=True)
class Page:
    """A text with its sentences in order.

    `tagged` is what expressions search, `words` the offsets where its words start, `bits`
    the sets that each word is in. `edges` are the numbers of the first word of each sentence
    and of the first behind it, `held` the sets that it holds a word of, `all_held` those of all.
    """

    text: str
    tagged: str
    words: list[int]
    bits: list[int]
    sentences: tuple[Sentence, ...]
    ahead: list[int]
    edges: list[tuple[int, int]]
    all_held: int
    held: list[int]

    def holding(self, sets: int) -> list[int]:
        """Give the numbers of the sentences that hold a word of each of the sets."""
        if self.all_held & sets != sets:
            return []
        return [number for number, held in enumerate(self.held) if held & sets == sets]

    def lacks(self, sets: int, start: int, end: int) -> bool:
        """Tell whether no word from `start` to `end` is in one of the sets."""
        first, last = self.numbers(start, end)
        return reduce(or_, self.bits[first:last], 0) & sets != sets

    def among(self, sets: int, first: int, last: int) -> list[int]:
        """Give the numbers of the words, from first to before last, that are in a set."""
        return [n for n, bits in enumerate(self.bits[first:last], first) if bits & sets]

    def back(self, sets: int, first: int, last: int) -> int:
        """Give how far back from `last` all words are in a set, at most to `first`."""
        while last > first and self.bits[last - 1] & sets:
            last -= 1
        return last

    def first(self, sets: int) -> int:
        """Give the number of the first word in a sentence that is in one of the sets."""
        edges = zip(self.edges, self.held, strict=True)
        first, last = next(edge for edge, held in edges if held & sets)
        return self.among(sets, first, last)[0]

    def numbers(self, start: int, end: int) -> tuple[int, int]:
        """Give the numbers of the first word that starts in a range and the first after it."""
        first = bisect_left(self.words, start)
        return first, bisect_left(self.words, end, first)

    def paragraph(self, number: int) -> tuple[int, int]:
        """Give start and end of a paragraph that a sentence names."""
        first = bisect_left(self.sentences, number, key=lambda item: item.paragraph)
        last = bisect_right(self.sentences, number, key=lambda item: item.paragraph) - 1
        return self.sentences[first].start, self.sentences[last].end

    def near(self, number: int) -> range:
        """Give the numbers of a sentence, the one before and the two after, in its zone."""
        title = self.sentences[number].title
        beside = range(max(0, number - 1), min(number + 3, len(self.sentences)))
        near = [n for n in beside if self.sentences[n].title == title]
        return range(near[0], near[-1] + 1)


def read(text: str, zones: Sequence[Zone] | None, vocabulary: Mapping[str, int]) -> Page:
    """Split the annotatable zones into sentences; without zones all is body."""
    sentences: list[Sentence] = []
    paragraph = 0
    for start, end, title in _ranges(text, zones):
        for first, last in _paragraphs(text, start, end):
            paragraph += 1
            sentences += (
                Sentence(start=s, end=e, paragraph=paragraph, title=title)
                for s, e in _split(text, first, last)
            )
    tagged = stop_words().tag(text)
    bits = [vocabulary[word] for word in tagged.words]
    starts = tagged.starts
    edges = [(bisect_left(starts, s.start), bisect_left(starts, s.end)) for s in sentences]
    held = [reduce(or_, bits[i:j], 0) for i, j in edges]
    ahead = bits.copy()
    for first, last in edges:
        ahead[first:last] = [*accumulate(reversed(bits[first:last]), or_)][::-1]
    return Page(
        text=text,
        tagged=tagged.text,
        words=tagged.starts,
        bits=bits,
        sentences=tuple(sentences),
        ahead=ahead,
        edges=edges,
        held=held,
        all_held=reduce(or_, held, 0),
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
