"""Whose voice speaks: the headline, somebody who is quoted, or the reporter."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from annotate.model import Range, Voice
from annotate.suggest.page import Page

# Each part begins with its mark, so that `re` can skip from mark to mark.
_MARKS = re.compile("[“”„«»\"]|[\u2018'](?<![^\\W_].)(?=[^\\W_])|[\u2019'](?<=[^\\s(].)(?![^\\W_])")
_CLOSING = {"“": '”"', "„": '“”"', "«": "»", '"': '"”', "\u2018": "\u2019", "'": "'"}
_FEWEST_WORDS = 3


class Voices:
    """The quotations of a page, found paragraph by paragraph when asked."""

    def __init__(self, page: Page, headlines: Iterable[Range] = ()) -> None:
        """Take the page, and ranges of its body that repeat the headline."""
        self._page = page
        self._headlines = sorted((item.start, item.end) for item in headlines)
        self._quotations: dict[int, list[tuple[int, int]]] = {}

    def of(self, start: int, end: int, sentence: int) -> Voice:
        """Give the voice of a range that lies in that sentence."""
        here = self._page.sentences[sentence]
        if here.title or _within(self._headlines, start, end):
            return "headline"
        quotations = self._quotations.get(here.paragraph)
        if quotations is None:
            first, last = self._page.paragraph(here.paragraph)
            quotations = list(_quotations(self._page.text, first, last))
            self._quotations[here.paragraph] = quotations
        return "quoted_source" if _within(quotations, start, end) else "reporter"


def _within(ranges: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Tell whether one of the ranges, sorted and apart, covers a range."""
    number = bisect_right(ranges, start, key=lambda item: item[0]) - 1
    return number >= 0 and end <= ranges[number][1]


def headline_repeats(text: str, title: str | None, body_from: int) -> list[Range]:
    """Give where the body opens with the headline again, as scraped pages do."""
    if not title:
        return []
    at = text.find(title, body_from, body_from + len(title) + 200)
    return [Range(start=at, end=at + len(title))] if at >= 0 else []


def _quotations(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Pair the marks of one paragraph; a mark without a partner opens nothing.

    A quotation of under three words distances rather than quotes.
    """
    closes: re.Match[str] | None = None
    marks = list(_MARKS.finditer(text, start, end))
    at = 0
    while at < len(marks):
        opening = marks[at]
        at += 1
        if opening.group() not in _CLOSING or not _opens(text, opening):
            continue
        wanted = _CLOSING[opening.group()]
        partner = next((i for i in range(at, len(marks)) if marks[i].group() in wanted), None)
        if partner is None:
            continue
        closes = marks[partner]
        inside = text[opening.end() : closes.start()]
        if len(inside.split()) >= _FEWEST_WORDS:
            yield opening.end(), closes.start()
        at = partner + 1


def _opens(text: str, mark: re.Match[str]) -> bool:
    return mark.group() not in "'\u2018" or text[mark.end() : mark.end() + 1].isalnum()
