"""Which words can stand in a match of a pattern, or begin it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from annotate.suggest import literals
from annotate.suggest.lexicons import Phrases, parted
from annotate.suggest.pattern import (
    Choice,
    Class,
    Gap,
    Item,
    Lexicon,
    Maybe,
    Sequence,
    Stop,
    Word,
    is_optional,
)

_NUMBERS = Lexicon(name="numbers")


@dataclass(frozen=True, kw_only=True)
class Words:
    """Words in lower case, and expressions for the beginnings of tagged words."""

    words: frozenset[str] = frozenset()
    shapes: frozenset[str] = frozenset()


NONE = Words()


@cache
def words_of(item: Item, phrases: Phrases, *, first: bool = False) -> Words | None:
    """Give the words of an item, or those it can begin with; None if they can be any."""
    match item:
        case Word():
            return Words(words=frozenset([item.text.lower()]))
        case Lexicon():
            plain, written = parted(item.name, phrases)
            lines = (line.split()[: 1 if first else None] for line in plain)
            listed = Words(words=frozenset(word for line in lines for word in line))
            return union([listed, *(words_of(body, phrases, first=first) for body in written)])
        case Choice():
            return union(words_of(option, phrases, first=first) for option in item.options)
        case Sequence():
            parts = _leading(item) if first else item.items
            return union(words_of(part, phrases, first=first) for part in parts)
        case Maybe():
            return words_of(item.item, phrases, first=first)
        case _:
            return _of_leaf(item, phrases, first=first)


def union(parts: Iterable[Words | None]) -> Words | None:
    """Give all words of the parts; None if one of them can be any word."""
    words: frozenset[str] = frozenset()
    shapes: frozenset[str] = frozenset()
    for part in parts:
        if part is None:
            return None
        words |= part.words
        shapes |= part.shapes
    return Words(words=words, shapes=shapes)


def _leading(sequence: Sequence) -> Iterable[Item]:
    for item in sequence.items:
        yield item
        if not is_optional(item):
            return


def _of_leaf(item: Item, phrases: Phrases, *, first: bool) -> Words | None:
    match item:
        case Gap(but=str()):
            return _shape(literals.any_word(item.but))
        case Class(kind="number"):
            return union([_shape("[0-9]"), words_of(_NUMBERS, phrases, first=first)])
        case Class(kind="acronym"):
            return _shape(r"(?-i:[A-Z0-9](?:[A-Z0-9&.]|\Z))")
        case Class():
            return _of_name(linked=item.kind == "name" and not first)
        case Stop():
            return None if first else NONE
        case _:
            return None


def _of_name(*, linked: bool) -> Words:
    links = frozenset([*literals.LINKS, "the"]) if linked else frozenset()
    return Words(words=links, shapes=frozenset([literals.later_capitalised()]))


def _shape(written: str) -> Words:
    return Words(shapes=frozenset([written]))
