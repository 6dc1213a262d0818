"""Head and foot lines that a publisher repeats, learned from its documents.

A line at the head or foot counts when it recurs in at least 3 and at least a fifth of
the publisher's documents. Where an article ends in one long paragraph, the same is learned
for the words that it begins or ends with, at a third of the documents, since agencies' closing
sentences recur too. Dates are levelled.
"""

import re
from array import array
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b

FEWEST = 3
SHARE = 0.2
RUN_SHARE = 1 / 3
_LINES = {"head": 6, "foot": 12}
_LONGEST_LINE = 600
_PARAGRAPH = 400
_RUN = range(4, 101)
_RUN_BIT = 1 << 63
_PROSE = 0.5
_MONTH_NAME = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DAY_NAME = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_MONTH = re.compile(_MONTH_NAME + r"[.,]?")
_DATE = re.compile(rf"{_DAY_NAME}[.,]?|(?:19|20)\d\d|\d\d?:\d\d|\d\d?[./-]\d\d?[./-]\d{{4}}")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, kw_only=True)
class Learned:
    """Hashes of what each publisher repeats."""

    by_publisher: dict[str | None, frozenset[int]] = field(default_factory=dict)

    def of(self, publisher: str | None) -> frozenset[int]:
        """Give the hashes that one publisher repeats."""
        return self.by_publisher.get(publisher, frozenset())


class Learner:
    """Counts lines and runs of words; holds hashes only."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self._seen: defaultdict[str | None, array[int]] = defaultdict(lambda: array("Q"))
        self._documents: defaultdict[str | None, int] = defaultdict(int)

    def add(self, text: str, publishers: frozenset[str | None]) -> None:
        """Count one document for each publisher that it appeared with."""
        marks = set(_marks(text))
        for publisher in publishers:
            self._seen[publisher].extend(marks)
            self._documents[publisher] += 1

    def learned(self) -> Learned:
        """Give what recurs often enough."""
        import numpy as np

        found = {}
        for publisher, seen in self._seen.items():
            marks, counts = np.unique(np.array(seen, dtype=np.uint64), return_counts=True)
            share = np.where(marks >= _RUN_BIT, RUN_SHARE, SHARE)
            enough = counts >= np.maximum(FEWEST, share * self._documents[publisher])
            found[publisher] = frozenset(marks[enough].tolist())
        return Learned(by_publisher=found)


def repeats(line: str, end: str, marks: frozenset[int]) -> bool:
    """Say whether a line at one end (`head` or `foot`) of a document is a repeated one."""
    return bool(marks) and len(line) <= _LONGEST_LINE and _line_mark(line, end) in marks


def head_run(paragraph: str, marks: frozenset[int]) -> int:
    """Give the length of the longest repeated run that a paragraph begins with, 0 if none."""
    return max((run.end for run in _runs(paragraph, "head") if run.mark in marks), default=0)


def foot_run(paragraph: str, marks: frozenset[int]) -> int:
    """Give where the longest repeated run at a paragraph's end begins; its length if none."""
    runs = (run.start for run in _runs(paragraph, "foot") if run.mark in marks)
    return min(runs, default=len(paragraph))


@dataclass(frozen=True, kw_only=True)
class _Run:
    start: int
    end: int
    mark: int


def _marks(text: str) -> Iterator[int]:
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines:
        return
    for end, chosen in (("head", lines[: _LINES["head"]]), ("foot", lines[-_LINES["foot"] :])):
        yield from (_line_mark(line, end) for line in chosen if len(line) <= _LONGEST_LINE)
    for end in _LINES:
        yield from (run.mark for run in _runs(lines[-1], end))


def _runs(paragraph: str, end: str) -> Iterator[_Run]:
    """Give the runs of 4 to 100 words at one end that do not read like prose."""
    if len(paragraph) < _PARAGRAPH:
        return
    found = list(_WORD.finditer(paragraph))
    chosen = found[: _RUN.stop - 1] if end == "head" else found[: -_RUN.stop : -1]
    levelled = _levelled([word.group() for word in chosen])
    hashed = blake2b(f"{end} run".encode(), digest_size=8)
    lower = 0
    for count, (word, level) in enumerate(zip(chosen, levelled, strict=True), start=1):
        lower += word.group()[0].islower()
        hashed.update(b"\x1f" + level.encode("utf-8", "replace"))
        if count in _RUN and lower <= _PROSE * count:
            edge = (0, word.end()) if end == "head" else (word.start(), len(paragraph))
            mark = int.from_bytes(hashed.copy().digest(), "big") | _RUN_BIT
            yield _Run(start=edge[0], end=edge[1], mark=mark)


def _line_mark(line: str, end: str) -> int:
    levelled = " ".join(_levelled(line.split()))
    digest = blake2b(f"{end} line\x1f{levelled}".encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") & ~_RUN_BIT


def _levelled(words: list[str]) -> list[str]:
    """Give words case folded, with dates levelled: a bare number counts only by a month."""
    folded = [word.casefold() for word in words]
    kinds = ["", *map(_kind, folded), ""]
    return [
        "0"
        if kinds[number] in ("month", "date")
        or (kinds[number] == "number" and "month" in (kinds[number - 1], kinds[number + 1]))
        else word
        for number, word in enumerate(folded, start=1)
    ]


@lru_cache(maxsize=1 << 16)
def _kind(word: str) -> str:
    if _MONTH.fullmatch(word):
        return "month"
    if _DATE.fullmatch(word):
        return "date"
    return "number" if word.isdigit() else ""
