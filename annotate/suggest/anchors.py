"""Words to find a pattern by: each of its matches holds one of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from annotate.suggest.lexicons import Phrases, parted
from annotate.suggest.pattern import Choice, Class, Gap, Item, Lexicon, Maybe, Sequence, Word
from annotate.suggest.words import NONE, Words, union, words_of

_COMMON = "function"
_COMMON_COST = 50.0
_LONG = 6
_MANY_BEFORE = 20
_LONGEST_NAME = 20


@dataclass(frozen=True, kw_only=True)
class Anchors:
    """Words of which each match holds one, with at most `before` words of it ahead.

    These are of `lead`, which is None if they can be any.
    """

    words: frozenset[str]
    before: int
    lead: Words | None


@cache
def anchors_of(item: Item, phrases: Phrases, *, near: bool = False) -> Anchors | None:
    """Give the rarest anchors of an item, None without any; `near` counts words ahead too."""
    match item:
        case Word():
            return Anchors(words=frozenset([item.text.lower()]), before=0, lead=NONE)
        case Lexicon():
            plain, written = parted(item.name, phrases)
            sets = [anchors_of(body, phrases, near=near) for body in written]
            return _union([*sets, _of_phrases(plain, phrases)] if plain else sets)
        case Choice():
            return _union(anchors_of(option, phrases, near=near) for option in item.options)
        case Sequence():
            return _of_sequence(item, phrases, near=near)
        case _:
            return None


def needed_by(item: Item, phrases: Phrases) -> frozenset[frozenset[str]]:
    """Give sets of words; each match of the item holds a word of every one of them."""
    if isinstance(item, Sequence):
        return frozenset().union(*(needed_by(part, phrases) for part in item.items))
    found = anchors_of(item, phrases)
    return frozenset([found.words]) if found else frozenset()


def _of_sequence(sequence: Sequence, phrases: Phrases, *, near: bool) -> Anchors | None:
    best: Anchors | None = None
    before = 0
    lead: Words | None = NONE
    for item in sequence.items:
        found = anchors_of(item, phrases, near=near)
        if found:
            joined = union([lead, found.lead])
            here = Anchors(words=found.words, before=before + found.before, lead=joined)
            best = min(best or here, here, key=lambda each: _weight(each, phrases, near=near))
        before += longest(item, phrases)
        lead = union([lead, words_of(item, phrases)])
    return best


def _weight(anchors: Anchors, phrases: Phrases, *, near: bool) -> float:
    """How often anchors are met, or how many words a match is tried from for them, roughly."""
    cost = _cost(anchors.words, phrases)
    return cost * (1 + min(anchors.before, _MANY_BEFORE) / 3) if near else cost


def _of_phrases(lines: Iterable[str], phrases: Phrases) -> Anchors:
    rarest = {line: _rarest(line.split(), phrases) for line in lines}
    before = max(line.split().index(word) for line, word in rarest.items())
    lead = Words(words=frozenset(word for line in rarest for word in line.split()))
    return Anchors(words=frozenset(rarest.values()), before=before, lead=lead)


def _union(sets: Iterable[Anchors | None]) -> Anchors | None:
    parts: list[Anchors] = []
    for found in sets:
        if not found:
            return None
        parts.append(found)
    return Anchors(
        words=frozenset().union(*(part.words for part in parts)),
        before=max(part.before for part in parts),
        lead=union(part.lead for part in parts),
    )


@cache
def longest(item: Item, phrases: Phrases) -> int:  # noqa: PLR0911 - one line for each kind of item
    """Give the most words that an item takes."""
    match item:
        case Gap():
            return item.most
        case Maybe():
            return longest(item.item, phrases)
        case Sequence():
            return sum(longest(part, phrases) for part in item.items)
        case Choice():
            return max(longest(option, phrases) for option in item.options)
        case Lexicon():
            plain, written = parted(item.name, phrases)
            return max(
                *(len(line.split()) for line in plain),
                *(longest(body, phrases) for body in written),
                1,
            )
        case Class():
            return _LONGEST_NAME if item.kind == "name" else 1
        case _:
            return 1


def _rarest(words: list[str], phrases: Phrases) -> str:
    return min(words, key=lambda word: (_cost([word], phrases), word))


def _cost(words: Iterable[str], phrases: Phrases) -> float:
    """How often these words are met, roughly: long words are rare, function words are not."""
    return sum(_cost_of(word, phrases) for word in words)


@cache
def _cost_of(word: str, phrases: Phrases) -> float:
    common = len(word) < _LONG and word in phrases(_COMMON)
    return _COMMON_COST if common else max(0.3, 3.0 - 0.3 * len(word))
