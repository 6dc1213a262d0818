"""The words that could identify a protected source: names and places in its spans."""

import re
from collections.abc import Iterable, Mapping

from annotate.model import Span

PROTECTED = "protected_source"
_NAMED = ("pseudonym", "first_name_only")
_SHORTEST = 3
_WORD = r"[^\W\d_][\w\u2019'.-]*[\w]"
_PARTS = re.compile(r"\s+|-")
_COMMON = frozenset({
    "a", "after", "among", "an", "and", "another", "at", "both", "but", "by", "dr", "five",
    "for", "four", "from", "her", "his", "if", "in", "its", "many", "mr", "mrs", "ms", "my",
    "no", "not", "of", "on", "one", "or", "our", "several", "sir", "some", "that", "the",
    "their", "these", "this", "those", "three", "two", "under", "when", "while", "who",
    "whose", "with",
})  # fmt: skip


def forms(text: str, spans: Iterable[Span]) -> frozenset[str]:
    """Give the names and places inside the protected spans of one text.

    Where the source goes by a pseudonym or a first name, each word of a name counts by itself
    too. The first word of a sentence counts where the text has it with a capital elsewhere, or
    where the source goes by a pseudonym or a first name.
    """
    found: set[str] = set()
    for span in spans:
        if span.judgement == PROTECTED:
            found |= set(_names(text, span))
    return frozenset(found)


def _names(text: str, span: Span) -> Iterable[str]:
    named = span.attributes.get("identity_form") in _NAMED
    for match in _capitalised(text, span):
        run = text[match[0] : match[1]]
        first = _PARTS.split(run)[0]
        if _opens(text, match[0]) and not named and not _elsewhere(text, first, match[0]):
            run = run[len(first) :].strip(" -")
        if len(run) < _SHORTEST:
            continue
        yield run
        if named:
            yield from (part for part in _PARTS.split(run) if _telling(part))


def _capitalised(text: str, span: Span) -> Iterable[tuple[int, int]]:
    """Give the runs of capitalised words inside a span; an article before one is left off."""
    start = None
    end = span.start
    for word in re.compile(rf"{_WORD}|\w").finditer(text, span.start, span.end):
        capital = word.group()[0].isupper() and word.group().casefold() not in _COMMON
        if start is not None and (not capital or text[end : word.start()].strip(" \u00a0-")):
            yield start, end
            start = None
        if capital:
            start = word.start() if start is None else start
            end = word.end()
    if start is not None:
        yield start, end


def _telling(part: str) -> bool:
    return len(part) >= _SHORTEST and part[0].isupper() and part.casefold() not in _COMMON


def _opens(text: str, at: int) -> bool:
    """Tell whether a sentence, line or quotation begins there."""
    before = text[:at].rstrip(" \"'\u201c\u2018(")
    return not before or before[-1] in ".!?:\n"


def _elsewhere(text: str, word: str, at: int) -> bool:
    return any(
        match.start() != at and not _opens(text, match.start())
        for match in re.finditer(rf"\b{re.escape(word)}\b", text)
    )


def common(counts: Mapping[str, int], *, most: int) -> frozenset[str]:
    """Give the forms that more than `most` documents have: they identify nobody."""
    return frozenset(form for form, count in counts.items() if count > most)
