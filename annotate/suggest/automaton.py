"""Patterns as one automaton over words; nodes that end alike are shared.

A node takes words and leads on to the node behind it, or offers several nodes, the best
first. There is nothing to track back: a reading of a page knows of each node where it can
begin so that its pattern comes to an end.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from annotate.suggest import pattern as tree
from annotate.suggest.lexicons import Phrases, UnknownLexicon, parted
from annotate.suggest.nodes import (
    END,
    End,
    Fork,
    Gap,
    Mark,
    Name,
    Node,
    Phrase,
    Start,
    Stop,
    Take,
)
from annotate.suggest.vocabulary import Vocabulary
from annotate.suggest.words import LINKS, SUFFIX, Words

_NUMBERS = tree.Lexicon(name="numbers")


@dataclass(frozen=True, kw_only=True)
class _Listing:
    """A lexicon's lines as options, its longer phrases by their length, and its single words."""

    options: list[tree.Sequence | int]
    phrases: list[tuple[int, frozenset[tuple[int, ...]]]]
    single: int | None


@dataclass
class Automaton:
    """The nodes of all patterns that were added, each behind those that it leads to.

    `loose` are the nodes that need no blank before them, since a stop or nothing stands there.
    """

    phrases: Phrases
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    nodes: dict[Node, int] = field(default_factory=lambda: {End(): END})
    loose: set[int] = field(default_factory=lambda: {END})
    _lexicons: dict[str, "_Listing"] = field(default_factory=dict)
    _placed: dict[tuple[str, int], int] = field(default_factory=dict)

    def add(self, pattern: tree.Pattern) -> int:
        """Give the node that a pattern begins with; raises UnknownLexicon."""
        first = self._item(pattern.body, END)
        return self._node(Start(rest=first)) if pattern.at_start else first

    def _node(self, node: Node) -> int:
        number = self.nodes.setdefault(node, len(self.nodes))
        if self._is_loose(node):
            self.loose.add(number)
        return number

    def _is_loose(self, node: Node) -> bool:
        match node:
            case Stop():
                return True
            case Mark():
                return node.rest in self.loose
            case Fork():
                return not self.loose.isdisjoint(node.options)
            case _:
                return False

    def _take(self, words: Words, rest: int) -> int:
        return self._node(Take(words=self.vocabulary.set_of(words), rest=rest))

    def _fork(self, options: Iterable[int]) -> int:
        distinct = tuple(dict.fromkeys(options))
        return distinct[0] if len(distinct) == 1 else self._node(Fork(options=distinct))

    def _item(self, item: tree.Item, rest: int) -> int:  # noqa: PLR0911 - a line for each kind
        match item:
            case tree.Word():
                return self._take(_word(item), rest)
            case tree.Lexicon():
                return self._lexicon(item.name, rest)
            case tree.Choice():
                return self._fork(self._options(self._joined(item.options), rest))
            case tree.Class():
                return self._class(item.kind, rest)
            case tree.Gap():
                return self._gap(item, rest)
            case tree.Sequence():
                return self._sequence(item, rest)
            case tree.Maybe():
                return self._fork([self._item(item.item, rest), rest])
            case tree.Stop():
                return self._node(Stop(sign=item.text, rest=rest))

    def _sequence(self, sequence: tree.Sequence, rest: int) -> int:
        if sequence.marked:
            rest = self._node(Mark(opens=False, rest=rest))
        for item in reversed(sequence.items):
            rest = self._item(item, rest)
        return self._node(Mark(opens=True, rest=rest)) if sequence.marked else rest

    def _options(self, options: Iterable[tree.Sequence | int], rest: int) -> list[int]:
        """Give the options' nodes in order; a number stands for one word of that set."""
        return [
            self._node(Take(words=option, rest=rest))
            if isinstance(option, int)
            else self._sequence(option, rest)
            for option in options
        ]

    def _joined(self, options: tuple[tree.Sequence, ...]) -> list[tree.Sequence | int]:
        """Give options in which words that stand alone are one set, at the first's place."""
        alone = [_alone(option) for option in options]
        words = [each for each in alone if each]
        joined = self.vocabulary.set_of(
            Words(
                listed=frozenset().union(*(each.listed for each in words)),
                exact=frozenset().union(*(each.exact for each in words)),
            )
        )
        first = next((number for number, each in enumerate(alone) if each), None)
        return [
            joined if number == first else option
            for number, option in enumerate(options)
            if number == first or not alone[number]
        ]

    def _lexicon(self, name: str, rest: int) -> int:
        """Give the node of a lexicon before `rest`; many patterns have the same two."""
        number = self._placed.get((name, rest))
        if number is None:
            number = self._placed[name, rest] = self._place(name, rest)
        return number

    def _place(self, name: str, rest: int) -> int:
        """Lines in the pattern language come first, then the longest phrases."""
        if name not in self._lexicons:
            self._lexicons[name] = self._listing(name)
        listing = self._lexicons[name]
        options = self._options(listing.options, rest)
        for length, phrases in listing.phrases:
            options.append(self._node(Phrase(phrases=phrases, length=length, rest=rest)))
        if listing.single is not None:
            options.append(self._node(Take(words=listing.single, rest=rest)))
        return self._fork(options)

    def _listing(self, name: str) -> "_Listing":
        plain, written = parted(name, self.phrases)
        lines = [[word.rstrip(".") for word in line.split()] for line in plain]
        lengths = sorted({len(line) for line in lines if len(line) > 1}, reverse=True)
        single = frozenset(line[0] for line in lines if len(line) == 1)
        return _Listing(
            options=self._joined(written) if written else [],
            phrases=[
                (
                    length,
                    frozenset(
                        tuple(map(self._listed, line)) for line in lines if len(line) == length
                    ),
                )
                for length in lengths
            ],
            single=self.vocabulary.set_of(Words(listed=single)) if single else None,
        )

    def _listed(self, word: str) -> int:
        return self.vocabulary.set_of(Words(listed=frozenset([word])))

    def _gap(self, gap: tree.Gap, rest: int) -> int:
        if gap.but and not (gap.but.endswith(SUFFIX) and self.phrases(gap.but)):
            message = f"a gap leaves out a lexicon named *{SUFFIX}, not {gap.but}"
            raise UnknownLexicon(message)
        words = self.vocabulary.set_of(Words(shape="any", but=gap.but))
        greedy = gap.but is not None
        least = max(gap.least, 1)
        some = self._node(Gap(words=words, least=least, most=gap.most, greedy=greedy, rest=rest))
        if gap.least:
            return some
        return self._fork([some, rest] if greedy else [rest, some])

    def _class(self, kind: str, rest: int) -> int:
        match kind:
            case "number":
                digits = self._take(Words(shape="digits"), rest)
                return self._fork([digits, self._item(_NUMBERS, rest)])
            case "acronym":
                return self._take(Words(shape="acronym"), rest)
            case "cap":
                return self._take(Words(shape="cap"), rest)
            case "owner":
                return self._take(Words(shape="owner"), rest)
            case "people":
                return self._take(Words(shape="people"), rest)
            case _:
                sets = self.vocabulary.set_of
                name = Name(
                    first=sets(Words(shape="cap")),
                    later=sets(Words(shape="later")),
                    link=sets(Words(listed=LINKS)),
                    the=sets(Words(listed=frozenset(["the"]))),
                    rest=rest,
                )
                return self._node(name)


@cache
def longest(item: tree.Item, phrases: Phrases) -> int:  # noqa: PLR0911 - a line for each kind
    """Give the most words that an item takes."""
    match item:
        case tree.Gap():
            return item.most
        case tree.Maybe():
            return longest(item.item, phrases)
        case tree.Sequence():
            return sum(longest(part, phrases) for part in item.items)
        case tree.Choice():
            return max(longest(option, phrases) for option in item.options)
        case tree.Lexicon():
            plain, written = parted(item.name, phrases)
            return max(
                *(len(line.split()) for line in plain),
                *(longest(body, phrases) for body in written),
                1,
            )
        case tree.Class():
            return _LONGEST_NAME if item.kind == "name" else 1
        case tree.Stop():
            return 0
        case _:
            return 1


_LONGEST_NAME = 19


@cache
def _word(word: tree.Word) -> Words:
    text = word.text.rstrip(".")
    return Words(exact=frozenset([text])) if word.exact else Words(listed=frozenset([text.lower()]))


def _alone(option: tree.Sequence) -> Words | None:
    item = option.items[0]
    return _word(item) if len(option.items) == 1 and isinstance(item, tree.Word) else None
