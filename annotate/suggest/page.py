"""A text as suggesters see it: sentences inside annotatable zones, and whose voice speaks."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

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
_SAME_LENGTH = str.maketrans(
    {"\u2019": "'", "\u02bc": "'", "\u2018": "'", "\u2010": "-", "\u2011": "-"}
)


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

    `tagged` is what expressions search, `words` the offsets where its words start.
    """

    text: str
    tagged: str
    words: list[int]
    sentences: tuple[Sentence, ...]
    starts: tuple[int, ...]

    def sentence_at(self, offset: int) -> int | None:
        """Give the number of the sentence that holds the offset, None outside of all."""
        number = bisect_right(self.starts, offset) - 1
        return number if number >= 0 and offset < self.sentences[number].end else None

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


def read(text: str, zones: Sequence[Zone] | None) -> Page:
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
    return Page(
        text=text,
        tagged=tagged.text,
        words=tagged.starts,
        sentences=tuple(sentences),
        starts=tuple(sentence.start for sentence in sentences),
    )


def fold(text: str) -> str:
    """Give the text in lower case with plain apostrophes and hyphens, as long as before.

    A character whose lower case is longer, such as 'İ', stays as it is. Lone surrogates,
    which cannot be searched as UTF-8, become U+FFFD.
    """
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(c if len(low := c.lower()) != 1 else low for c in text)
    if lower.isascii():
        return lower
    for curly, plain in _SAME_LENGTH.items():
        lower = lower.replace(chr(curly), plain)
    return whole(lower)


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
