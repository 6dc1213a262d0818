"""Where the nodes of an automaton hold on a page, and the matches that they lead to."""

from functools import reduce
from operator import or_

from annotate.suggest.automaton import Automaton
from annotate.suggest.nodes import (
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
    Taker,
)
from annotate.suggest.places import EVERYWHERE, Places

MOST_LINKED = 6


class Reading:
    """One page read by an automaton.

    What it gives of a node is worked out when it is first asked for.
    """

    def __init__(self, automaton: Automaton, places: Places) -> None:
        """Take an automaton and the page's words."""
        self.places = places
        self.nodes = list(automaton.nodes)
        self.loose = automaton.loose
        self._ready: dict[int, int] = {}
        self._behind: dict[int, int] = {}
        self._phrases: dict[frozenset[tuple[int, ...]], int] = {}
        self._ends: dict[tuple[int, ...], int] = {}
        self._starts: list[int | None] = [None] * len(self.nodes)

    def starts(self, node: int) -> int:
        """Give the words that a node can begin at so that its pattern comes to an end.

        The end is in the same sentence.
        """
        found = self._starts[node]
        if found is None:
            found = self._starts[node] = self._start(self.nodes[node])
        return found

    def ready(self, node: int) -> int:
        """Give the words behind which a node can follow."""
        found = self._ready.get(node)
        if found is None:
            found = self.behind(node) | (self.places.blank & self.starts(node) << 1)
            self._ready[node] = found
        return found

    def behind(self, node: int) -> int:
        """Give the words behind which a node can follow without a blank."""
        if node not in self.loose:
            return 0
        found = self._behind.get(node)
        if found is None:
            found = self._behind[node] = self._loose(self.nodes[node])
        return found

    def _loose(self, node: Node) -> int:
        match node:
            case Mark():
                return self.behind(node.rest)
            case Stop():
                return self.places.stops[node.sign] & self._next(node.rest)
            case Fork():
                return reduce(or_, map(self.behind, node.options))
            case _:
                return EVERYWHERE

    def _start(self, node: Node) -> int:
        match node:
            case Fork():
                return reduce(or_, map(self.starts, node.options))
            case Mark():
                return self.starts(node.rest)
            case Start():
                return self.starts(node.rest) & self.places.firsts
            case Stop():
                return self.starts(node.rest) & self.places.stops[node.sign] >> 1
            case End():
                return 0
            case Take() | Phrase() | Gap() | Name():
                return self._taken(node)

    def _next(self, node: int) -> int:
        """Give the words right before those that a node can begin at, whatever is between."""
        return self.behind(node) | self.starts(node) << 1

    def _taken(self, node: Taker) -> int:
        places = self.places
        match node:
            case Take():
                here = places.of(node.words)
                return here and here & self.ready(node.rest)
            case Phrase():
                here = self._of_phrases(node)
                return here and here & self.ready(node.rest) << node.length - 1
            case Gap():
                return self._gap(node)
            case Name():
                here = places.of(node.first)
                return here and here & self._links(node)

    def _of_phrases(self, node: Phrase) -> int:
        found = self._phrases.get(node.phrases)
        if found is None:
            found = reduce(or_, map(self._phrase, node.phrases))
            self._phrases[node.phrases] = found
        return found

    def _phrase(self, words: tuple[int, ...]) -> int:
        """Give where a phrase, or the end of one, begins."""
        known = self._ends.get(words)
        if known is None:
            known = self.places.of(words[0])
            if known and len(words) > 1:
                known &= self.places.blank & self._phrase(words[1:]) << 1
            self._ends[words] = known
        return known

    def _gap(self, gap: Gap) -> int:
        within = self.places.of(gap.words)
        links = within & self.places.blank
        here = within & self.ready(gap.rest)
        found = 0
        for count in range(1, gap.most + 1):
            if count >= gap.least:
                found |= here
            here = links & here << 1
            if not here:
                break
        return found

    def _links(self, name: Name) -> int:
        """Give behind which words a name can end, after any number of parts."""
        places = self.places
        later, link = places.of(name.later), places.of(name.link) & places.blank
        the = places.of(name.the) & places.blank
        found = ends = self.ready(name.rest)
        for _ in range(MOST_LINKED):
            last = later & found
            part = last | link & (last << 1 | (the & last << 1) << 1)
            reached = ends | places.blank & part << 1
            if reached == found:
                break
            found = reached
        return found
