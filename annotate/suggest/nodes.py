"""What a pattern's automaton is made of: each node takes words, or leads on to others.

`rest` is the number of the node behind, `words` and the like are sets of the vocabulary.
"""

from dataclasses import dataclass

END = 0


@dataclass(frozen=True)
class End:
    """Nothing more."""


@dataclass(frozen=True, kw_only=True)
class Take:
    """One word of a set."""

    words: int
    rest: int


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """One of a list of phrases of `length` words; each word is a set of its own."""

    phrases: frozenset[tuple[int, ...]]
    length: int
    rest: int


@dataclass(frozen=True, kw_only=True)
class Gap:
    """From `least` to `most` words of a set: as many as will do if `greedy`, or as few."""

    words: int
    least: int
    most: int
    greedy: bool
    rest: int


@dataclass(frozen=True, kw_only=True)
class Name:
    """Up to seven capitalised words, linked by "of" and the like; each field is a set."""

    first: int
    later: int
    link: int
    the: int
    rest: int


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A comma or colon behind the word before."""

    sign: str
    rest: int


@dataclass(frozen=True, kw_only=True)
class Start:
    """The first word of a sentence."""

    rest: int


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Where the stretch to mark opens or closes."""

    opens: bool
    rest: int


@dataclass(frozen=True, kw_only=True)
class Fork:
    """One of several nodes, the first that can go on."""

    options: tuple[int, ...]


Taker = Take | Phrase | Gap | Name
Node = End | Take | Phrase | Gap | Name | Stop | Start | Mark | Fork
