"""Masks in place of words that identify somebody, with every offset moved along.

A mask has one length, whatever it hides. A range that begins or ends inside a mask takes
all of it; what stood inside a mask alone becomes the mask.
"""

import re
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TypeVar

from annotate.model import Range

MASK = "█████"
_WHOLE = 3

R = TypeVar("R", bound=Range)


@dataclass(frozen=True)
class Masked:
    """A text with its masks; `cuts` are the ranges of the original that they replace."""

    text: str
    cuts: tuple[Range, ...] = ()
    _starts: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep where the cuts begin."""
        object.__setattr__(self, "_starts", tuple(cut.start for cut in self.cuts))

    def moved(self, span: R) -> R:
        """Give the range, with what else it holds, in the masked text."""
        start, end = self._start(span.start), self._end(span.end)
        return span.replace(start=start, end=end)

    def _start(self, offset: int) -> int:
        number = bisect_right(self._starts, offset)
        if number and offset < self.cuts[number - 1].end:
            offset, number = self.cuts[number - 1].start, number - 1
        return offset + self._shift(number)

    def _end(self, offset: int) -> int:
        number = bisect_right(self._starts, offset - 1)
        if number and offset <= self.cuts[number - 1].end:
            offset = self.cuts[number - 1].end
        return offset + self._shift(number)

    def _shift(self, cuts: int) -> int:
        """Give by how much the masks of the first `cuts` cuts move what comes behind."""
        return sum(len(MASK) - (cut.end - cut.start) for cut in self.cuts[:cuts])


class Masks:
    """Words to hide; a word that holds one of three letters or more is hidden whole."""

    def __init__(self, forms: Collection[str]) -> None:
        """Take the words as they are written, in any order."""
        self.forms = tuple(sorted({*forms, *map(str.upper, forms)}))
        longest_first = sorted(self.forms, key=lambda form: (-len(form), form))
        each = (
            rf"\w*{re.escape(form)}\w*" if len(form) >= _WHOLE else rf"\b{re.escape(form)}\b"
            for form in longest_first
        )
        self._pattern = re.compile("|".join(each)) if self.forms else None

    def hide(self, text: str) -> Masked:
        """Give the text with a mask over each of the words."""
        if self._pattern is None or not any(form in text for form in self.forms):
            return Masked(text)
        cuts = tuple(
            Range(start=match.start(), end=match.end()) for match in self._pattern.finditer(text)
        )
        if not cuts:
            return Masked(text)
        return Masked(self._pattern.sub(MASK, text), cuts)

    def left(self, data: bytes) -> list[str]:
        """Give the words that some bytes still hold."""
        return [form for form in self.forms if form.encode() in data]
