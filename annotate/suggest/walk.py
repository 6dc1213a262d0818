"""From a word that a pattern can begin at to the match: each step is sure to come to an end."""

from collections.abc import Iterator
from dataclasses import dataclass

from annotate.suggest.nodes import End, Fork, Gap, Mark, Name, Phrase, Start, Stop, Take
from annotate.suggest.reading import MOST_LINKED, Reading


@dataclass(frozen=True, slots=True)
class Match:
    """What a pattern matched and what of it to mark, as numbers of words; last is in it."""

    first: int
    last: int
    mark_first: int
    mark_last: int


class Walk:
    """Follows patterns through a reading of a page."""

    def __init__(self, reading: Reading) -> None:
        """Take the reading."""
        self._reading = reading
        self._places = reading.places
        self._nodes = reading.nodes
        self._starts: list[bytes | None] = [None] * len(reading.nodes)
        self._loose = reading.loose
        self._sets: dict[int, bytes] = {}
        self._blank = self._places.bytes(self._places.blank)

    def match(self, node: int, first: int) -> Match:
        """Give the match of a pattern from a word where its node is known to hold."""
        last, opened, closed = first - 1, first, -1
        begins = True
        while not isinstance(step := self._nodes[node], End):
            match step:
                case Take():
                    last += 1
                    begins = False
                case Fork():
                    node = self._option(step, last, begins=begins)
                    continue
                case Mark(opens=True):
                    opened = last + 1
                case Mark():
                    closed = last
                case Stop() | Start():
                    begins = True
                case _:
                    last = self._taken(step, last)
                    begins = False
            node = step.rest
        return Match(first, last, opened, last if closed < 0 else closed)

    def _option(self, fork: Fork, last: int, *, begins: bool) -> int:
        """Give the first option that can go on; one that begins asks for no blank before it."""
        bit = self._places.bit(last)
        apart = begins or self._blank[bit >> 3] >> (bit & 7) & 1
        at, within = bit - 1 >> 3, 1 << (bit - 1 & 7)
        for option in fork.options:
            if apart and (self._starts[option] or self._packed(option))[at] & within:
                return option
            if option in self._loose and self._reading.behind(option) >> bit & 1:
                return option
        raise AssertionError

    def _packed(self, node: int) -> bytes:
        packed = self._starts[node] = self._places.bytes(self._reading.starts(node))
        return packed

    def _holds(self, node: int, bit: int) -> int:
        """Tell whether a node can begin at a word, by its bit."""
        return (self._starts[node] or self._packed(node))[bit >> 3] >> (bit & 7) & 1

    def _follows(self, node: int, last: int) -> bool:
        """Tell whether a node can follow a word."""
        bit = self._places.bit(last)
        if self._blank[bit >> 3] >> (bit & 7) & 1 and self._holds(node, bit - 1):
            return True
        return node in self._loose and self._reading.behind(node) >> bit & 1 == 1

    def _taken(self, step: Phrase | Gap | Name, last: int) -> int:
        match step:
            case Phrase():
                return last + step.length
            case Gap():
                return self._gap(step, last)
            case Name():
                return self._name(step, last + 1)

    def _gap(self, gap: Gap, last: int) -> int:
        """Give the last word of a gap: the farthest from which the rest holds, or the nearest."""
        ends = []
        for count in range(1, gap.most + 1):
            last += 1
            if count >= gap.least and self._follows(gap.rest, last):
                if not gap.greedy:
                    return last
                ends.append(last)
            if not self._joins(last, gap.words):
                break
        return ends[-1]

    def _name(self, name: Name, first: int) -> int:
        """Give the last word of the longest name from which the rest holds."""
        ends = reached = {first}
        for _ in range(MOST_LINKED):
            reached = {end for last in reached for end in self._parts(name, last)}
            if not reached:
                break
            ends = ends | reached
        return max(end for end in ends if self._follows(name.rest, end))

    def _parts(self, name: Name, last: int) -> Iterator[int]:
        """Give where a further part of a name can end, alone or linked by "of" or "of the"."""
        if self._joins(last, name.later):
            yield last + 1
        if self._joins(last, name.link):
            if self._joins(last + 1, name.later):
                yield last + 2
            if self._joins(last + 1, name.the) and self._joins(last + 2, name.later):
                yield last + 3

    def _joins(self, word: int, words: int) -> bool:
        """Tell whether no more than a blank is between a word and one of a set."""
        bit = self._places.bit(word)
        if not self._blank[bit >> 3] >> (bit & 7) & 1:
            return False
        packed = self._sets.get(words)
        if packed is None:
            packed = self._sets[words] = self._places.bytes(self._places.of(words))
        bit -= 1
        return packed[bit >> 3] >> (bit & 7) & 1 == 1
