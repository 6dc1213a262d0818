"""Words to find a pattern by: each of its matches holds one of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from annotate.suggest.lexicons import Phrases, parted
from annotate.suggest.pattern import Choice, Class, Gap, Item, Lexicon, Maybe, Sequence, Word

_COMMON = "function"
_COMMON_COST = 50.0
_LONG = 6
_LONGEST_NAME = 20


@dataclass(frozen=True, kw_only=True)
class Anchors:
    """Words of which each match holds one, with at most `before` words of it ahead."""

    words: frozenset[str]
    before: int


def anchors_of(item: Item, phrases: Phrases) -> Anchors | None:
    """Give the cheapest set of anchors of an item; None without such a set."""
    match item:
        case Word():
            return Anchors(words=frozenset([item.text.lower()]), before=0)
        case Lexicon():
            plain, written = parted(item.name, phrases)
            sets = [anchors_of(body, phrases) for body in written]
            return _union([*sets, _of_phrases(plain, phrases)] if plain else sets)
        case Choice():
            return _union(anchors_of(option, phrases) for option in item.options)
        case Sequence():
            return _of_sequence(item, phrases)
        case _:
            return None


def _of_sequence(sequence: Sequence, phrases: Phrases) -> Anchors | None:
    best: Anchors | None = None
    before = 0
    for item in sequence.items:
        found = anchors_of(item, phrases)
        if found and (best is None or _cost(found.words, phrases) < _cost(best.words, phrases)):
            best = Anchors(words=found.words, before=before + found.before)
        before += longest(item, phrases)
    return best


def _of_phrases(lines: Iterable[str], phrases: Phrases) -> Anchors:
    rarest = {line: _rarest(line.split(), phrases) for line in lines}
    before = max(line.split().index(word) for line, word in rarest.items())
    return Anchors(words=frozenset(rarest.values()), before=before)


def _union(sets: Iterable[Anchors | None]) -> Anchors | None:
    joined: frozenset[str] = frozenset()
    before = 0
    for found in sets:
        if not found:
            return None
        joined |= found.words
        before = max(before, found.before)
    return Anchors(words=joined, before=before)


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
    common = phrases(_COMMON)
    return sum(
        _COMMON_COST if word in common and len(word) < _LONG else max(0.3, 3.0 - 0.3 * len(word))
        for word in words
    )
