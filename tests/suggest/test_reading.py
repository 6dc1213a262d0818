"""Reading a page: each pattern begins exactly where a plain search with tracking back begins."""

import random
from collections.abc import Iterator

import pytest

from annotate import taxonomy
from annotate.suggest import lexicons, nodes
from annotate.suggest.automaton import Automaton
from annotate.suggest.nodes import Node
from annotate.suggest.page import Page, read
from annotate.suggest.pattern import parse
from annotate.suggest.reading import MOST_LINKED, Reading
from annotate.suggest.rules import load_rules
from annotate.suggest.sights import Sights
from annotate.suggest.walk import Walk
from annotate.suggest.words import Words

WORDS = (
    *("the", "a", "Tarn", "source", "sources", "of", "al", "who", "said", "Mara", "seven", "told"),
    *("senior", "not", "4,5", "U.S", "it"),
)
SIGNS = (" ", " ", " ", " ", " ", " ", ", ", " - ", ": ", " (", ". ", "; ", "\n", "\u201d ")
PATTERNS = (
    "[a <0-3 but {np_stop}> (source|sources)] ,? <0-2> (said|told)",
    "[<name>] (said|, who|told <1-2>)",
    "^ (the|a)? [<cap> <number>?] <0-4>",
    "({function}|, who) [(<acronym>|source)] {speech}?",
    "[source (of <name>)? ,?] (who : )? <0-6 but {np_stop}> said",
    "<2> [(senior|not)? source , ]",
)


class Search:
    """All ways in which a node can go on, tried one after the other."""

    def __init__(self, automaton: Automaton, page: Page) -> None:
        self.nodes = list(automaton.nodes)
        self.page = page
        self.sets = {number: words for words, number in automaton.vocabulary.sets.items()}
        self.blank = set(page.places.words(page.places.blank))
        stops = page.places.stops
        self.stops = {sign: set(page.places.words(stops[sign])) for sign in stops}
        self.firsts = {first for first, last in page.edges if first < last}
        self.inside = {n for first, last in page.edges for n in range(first, last)}

    def held(self, number: int, word: int) -> bool:
        return word in self.inside and self.sets[number].hold(self.page.words[word])

    def joined(self, last: int, number: int) -> bool:
        return last in self.blank and self.held(number, last + 1)

    def ends(self, node: int, last: int, *, apart: bool) -> Iterator[int]:
        """Give the last words of all matches behind a word; `apart` asks for no blank there."""
        match step := self.nodes[node]:
            case nodes.End():
                yield last
            case nodes.Fork():
                for option in step.options:
                    yield from self.ends(option, last, apart=apart)
            case nodes.Mark():
                yield from self.ends(step.rest, last, apart=apart)
            case nodes.Start() if last + 1 in self.firsts:
                yield from self.ends(step.rest, last, apart=True)
            case nodes.Stop() if last in self.stops[step.sign]:
                yield from self.ends(step.rest, last, apart=True)
            case nodes.Take() | nodes.Phrase() | nodes.Gap() | nodes.Name():
                if apart or last in self.blank:
                    for end in self.taken(step, last):
                        yield from self.ends(step.rest, end, apart=False)

    def taken(self, step: Node, last: int) -> Iterator[int]:
        match step:
            case nodes.Take() if self.held(step.words, last + 1):
                yield last + 1
            case nodes.Phrase():
                yield from (last + len(each) for each in step.phrases if self.said(each, last))
            case nodes.Gap() if self.held(step.words, last + 1):
                yield from self.gap(step, last)
            case nodes.Name() if self.held(step.first, last + 1):
                yield from self.name(step, last + 1, MOST_LINKED)

    def said(self, phrase: tuple[int, ...], last: int) -> bool:
        return self.held(phrase[0], last + 1) and all(
            self.joined(at, words) for at, words in enumerate(phrase[1:], last + 1)
        )

    def gap(self, step: nodes.Gap, last: int) -> Iterator[int]:
        for count in range(1, step.most + 1):
            if count >= step.least:
                yield last + count
            if not self.joined(last + count, step.words):
                return

    def name(self, step: nodes.Name, last: int, left: int) -> Iterator[int]:
        yield last
        for sets in ((step.later,), (step.link, step.later), (step.link, step.the, step.later)):
            if left and all(self.joined(at, words) for at, words in enumerate(sets, last)):
                yield from self.name(step, last + len(sets), left - 1)


def text_of(rng: random.Random) -> str:
    return "".join(rng.choice(WORDS) + rng.choice(SIGNS) for _ in range(40))


@pytest.mark.parametrize("seed", range(60))
def test_a_node_begins_where_a_search_finds_a_match(seed: int) -> None:
    """Exact, both ways, for each word of a random text; and the match is one of those found."""
    text = text_of(random.Random(seed))
    automaton = Automaton(lexicons.phrases)
    starts = [automaton.add(parse(pattern)) for pattern in PATTERNS]
    page = read([text, text[::-1]], [None, None], automaton.vocabulary)
    reading = Reading(automaton, page.places)
    search, walk = Search(automaton, page), Walk(reading)
    for node in starts:
        begins = page.places.words(reading.starts(node))
        for word in range(len(page.words)):
            ends = set(search.ends(node, word - 1, apart=True))
            assert bool(ends) == (word in begins), (text, word)
            assert not ends or walk.match(node, word).last in ends


def test_all_rules_begin_where_a_search_finds_a_match() -> None:
    """The shipped patterns too, on texts made of their own examples."""
    whole = taxonomy.load()
    rules = load_rules(whole)
    texts = [
        example.text.replace("[[", "").replace("]]", "")
        for marker in whole.markers
        for example in marker.examples[:2]
    ]
    page = read(texts, [None] * len(texts), rules.automaton.vocabulary)
    reading = Reading(rules.automaton, page.places)
    search, sights = Search(rules.automaton, page), Sights(page, reading)
    for rule in rules.rules:
        node = rule.expression.node
        found = set(page.places.words(reading.starts(node)))
        wanted = {
            number
            for number in range(len(page.words))
            if any(True for _ in search.ends(node, number - 1, apart=True))
        }
        assert found == wanted, rule.name
        assert all(match.first in wanted for _, match in sights.everywhere(rule.expression))


def test_a_set_of_words_is_found_however_common_it_is() -> None:
    """Rare words and common ones are packed in different ways, to the same places."""
    automaton = Automaton(lexicons.phrases)
    number = automaton.vocabulary.set_of(Words(listed=frozenset({"rare", "common"})))
    text = "common word " * 300 + "rare"
    page = read([text], [None], automaton.vocabulary)
    assert page.places.words(page.places.of(number)) == [*range(0, 600, 2), 600]
