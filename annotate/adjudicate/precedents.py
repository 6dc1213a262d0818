"""Precedents: what was decided before on spans alike, so that like is decided alike.

Likeness is half the Jaccard index of the words of both quotes, half that of the sentences
that they stand in. Only verdicts on the same marker with a word of the quote in common are
looked at, and of those the sentence only of the nearest quotes. A sentence ends at a mark, a
line or 300 characters: likeness needs no better one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from annotate.adjudicate.support import shortened
from annotate.adjudicate.verdicts import standing
from annotate.docket import Precedent
from annotate.model import Document, Range, Span, Verdict
from annotate.spans import Ranged, overlaps

GIVEN, NEAREST, FURTHEST = 3, 30, 300
_QUOTED = 120
_WORD = re.compile(r"\w+")
_ENDS = ".!?\n"


class Decided(Protocol):
    """A document with the verdicts on it."""

    @property
    def document(self) -> Document:
        """The document."""

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Every verdict on it."""


@dataclass(frozen=True, kw_only=True)
class _Known:
    """A verdict that stands, with the words that it is about."""

    verdict: Verdict
    document: Document
    at: Range
    marker: str
    words: frozenset[str]
    sentence: frozenset[str]


class Precedents:
    """The verdicts that stand, by their words."""

    def __init__(self, decided: Iterable[Decided]) -> None:
        """Read the verdicts of these documents."""
        self.known = [each for item in decided for each in _known(item)]
        self.by_word: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for number, item in enumerate(self.known):
            for word in item.words:
                self.by_word[item.marker, word].append(number)

    def alike(self, document: Document, at: Ranged, *, marker: str) -> tuple[Precedent, ...]:
        """Give up to three verdicts on other spans of that marker, the likest first."""
        if not self.known:
            return ()
        words = _words(document.text, at)
        shared = Counter(n for word in words for n in self.by_word.get((marker, word), ()))
        rated = [
            (_jaccard(count, words, self.known[number].words), self.known[number])
            for number, count in shared.items()
            if not _same(self.known[number], document, at)
        ]
        rated.sort(key=_rank)
        sentence = _sentence(document.text, at)
        whole = [(_likeness(quote, sentence, item), item) for quote, item in rated[:NEAREST]]
        whole.sort(key=_rank)
        return tuple(_told(item, likeness=likeness) for likeness, item in whole[:GIVEN])


def _known(item: Decided) -> list[_Known]:
    return [
        _Known(
            verdict=each,
            document=item.document,
            at=at,
            marker=each.marker,
            words=_words(item.document.text, at),
            sentence=_sentence(item.document.text, at),
        )
        for each in standing(item.verdicts).verdicts
        if (at := each.extent) is not None and each.marker is not None
    ]


def _same(item: _Known, document: Document, at: Ranged) -> bool:
    return item.document.doc_id == document.doc_id and overlaps(item.at, at)


def _rank(rated: tuple[float, _Known]) -> tuple[float, str, str]:
    likeness, item = rated
    return (-likeness, item.document.doc_id, item.verdict.verdict_id)


def _likeness(quote: float, sentence: frozenset[str], item: _Known) -> float:
    around = _jaccard(len(sentence & item.sentence), sentence, item.sentence)
    return round((quote + around) / 2, 3)


def _jaccard(shared: int, first: frozenset[str], second: frozenset[str]) -> float:
    return shared / (len(first) + len(second) - shared)


def _words(text: str, at: Ranged) -> frozenset[str]:
    return frozenset(_WORD.findall(text[at.start : at.end].casefold()))


def _sentence(text: str, at: Ranged) -> frozenset[str]:
    first, last = max(0, at.start - FURTHEST), min(len(text), at.end + FURTHEST)
    start = max(text.rfind(mark, first, at.start) + 1 for mark in _ENDS)
    stops = [place for mark in _ENDS if (place := text.find(mark, at.end, last)) >= 0]
    return _words(text, Range(start=max(first, start), end=min(stops, default=last)))


def _told(item: _Known, *, likeness: float) -> Precedent:
    found, text = item.verdict, item.document.text
    return Precedent(
        marker=item.marker,
        quote=shortened(text, item.at, most=_QUOTED),
        outcome=found.outcome,
        decided_as=decided_as(found, text),
        reason=found.reason,
        note=found.note,
        likeness=likeness,
    )


def decided_as(verdict: Verdict, text: str) -> str:
    """Say in a few words what a verdict decided; `text` is its document's."""
    if verdict.outcome == "ambiguous":
        return "ambiguous: both readings hold"
    if not verdict.spans:
        return "not marked"
    return "; ".join(_described(span, text) for span in verdict.spans)


def _described(span: Span, text: str) -> str:
    values = ", ".join(f"{name} {value}" for name, value in sorted(span.attributes.items()))
    return f"{span.marker} “{shortened(text, span)}”" + (f" ({values})" if values else "")
