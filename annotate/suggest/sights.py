"""What patterns match on a page, each looked up once."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from annotate.spans import Ranged
from annotate.suggest.expression import Expression
from annotate.suggest.page import Page
from annotate.suggest.reading import Reading
from annotate.suggest.walk import Match, Walk

Expressions = tuple[Expression, ...]


class Sights:
    """The matches of expressions in the sentences of a page, as numbers of its words."""

    def __init__(self, page: Page, reading: Reading) -> None:
        """Take a page as an automaton reads it."""
        self.page = page
        self._reading = reading
        self._walk = Walk(reading)
        self._firsts = [first for first, _ in page.edges]
        self._held: dict[Expressions, frozenset[int]] = {}
        self._starts_of_any: dict[Expressions, list[int]] = {}
        self._starts: dict[int, list[int]] = {}
        self._seen: dict[tuple[int, int], list[tuple[int, int]]] = {}

    def everywhere(self, expression: Expression) -> Iterator[tuple[int, Match]]:
        """Give the matches on the page, each behind the number of its sentence."""
        reached = 0
        for number in self._of(expression):
            if number >= reached:
                found = self._walk.match(expression.node, number)
                yield bisect_right(self._firsts, number) - 1, found
                reached = found.last + 1

    def of(self, expression: Expression, sentence: int) -> list[tuple[int, int]]:
        """Give where the expression matches in the sentence, as words: the first, the last."""
        key = (expression.node, sentence)
        if key not in self._seen:
            found: list[tuple[int, int]] = []
            for number in _within(self._of(expression), *self.page.edges[sentence]):
                if not found or number > found[-1][1]:
                    found.append((number, self._walk.match(expression.node, number).last))
            self._seen[key] = found
        return self._seen[key]

    def matches(self, expression: Expression, sentence: int) -> Iterator[Match]:
        """Give the expression's matches in the sentence, one from each word it can start at."""
        for number in _within(self._of(expression), *self.page.edges[sentence]):
            yield self._walk.match(expression.node, number)

    def hold(self, expressions: Expressions) -> frozenset[int]:
        """Give the numbers of the sentences in which one of the expressions matches."""
        found = self._held.get(expressions)
        if found is None:
            starts = self._of_any(expressions)
            found = frozenset(bisect_right(self._firsts, number) - 1 for number in starts)
            self._held[expressions] = found
        return found

    def overlap(self, expressions: Expressions, sentence: int, match: Match) -> bool:
        """Tell whether a match of one of the expressions in the sentence overlaps `match`."""
        first = match.first + 1 - max((each.longest for each in expressions), default=0)
        first = max(first, self.page.edges[sentence][0])
        if not _within(self._of_any(expressions), first, match.last + 1):
            return False
        return any(
            self._walk.match(each.node, number).last >= match.first
            for each in expressions
            for number in _within(self._of(each), first, match.last + 1)
        )

    def inside(self, expressions: Expressions, place: Ranged) -> bool:
        """Tell whether one of the expressions matches wholly inside a range."""
        first, last = self.page.numbers(place.start, place.end)
        if not _within(self._of_any(expressions), first, last):
            return False
        return any(
            self._walk.match(each.node, number).last < last
            for each in expressions
            for number in _within(self._of(each), first, last)
        )

    def _of(self, expression: Expression) -> list[int]:
        starts = self._starts.get(expression.node)
        if starts is None:
            starts = self._reading.places.words(self._reading.starts(expression.node))
            self._starts[expression.node] = starts
        return starts

    def _of_any(self, expressions: Expressions) -> list[int]:
        starts = self._starts_of_any.get(expressions)
        if starts is None:
            starts = sorted({number for each in expressions for number in self._of(each)})
            self._starts_of_any[expressions] = starts
        return starts


def _within(starts: list[int], first: int, last: int) -> list[int]:
    return starts[bisect_left(starts, first) : bisect_left(starts, last)]
