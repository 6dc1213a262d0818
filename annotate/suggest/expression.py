"""A pattern's tree as one safe regular expression and the anchors that lead to it.

Safe: every repeat is bounded or possessive, so that the time per word of text is
bounded. Word edges are look-arounds, which see the text on both sides.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from annotate.suggest import literals
from annotate.suggest.anchors import anchors_of, longest, needed_by
from annotate.suggest.lexicons import Phrases, UnknownLexicon, parted
from annotate.suggest.literals import AFTER_STOP, BLANK, LEFT, MAY_FOLLOW, RIGHT, STOPS
from annotate.suggest.page import Page
from annotate.suggest.pattern import (
    Choice,
    Class,
    Gap,
    Item,
    Lexicon,
    Maybe,
    Pattern,
    Sequence,
    Stop,
    Word,
    is_optional,
)
from annotate.suggest.tags import SUFFIX
from annotate.suggest.vocabulary import ANY_WORD
from annotate.suggest.words import Words, words_of

_MARK = "(?P<mark>"
_NUMBERS = "numbers"


@dataclass(frozen=True, kw_only=True)
class Expression:
    """A pattern as an expression; group `mark` is the span, or else all of the match.

    Every match holds one of `anchors`, which are lower case, with at most `before` words
    ahead of it in the match; without anchors, the pattern has no fixed word. Every match
    holds a word of each of the sets `needed`. A match has at most `longest` words.

    Which of two equal matches stands depends on where the text first holds one of `rarest`,
    the anchors that are met least often; `rank` is their bit.

    A match begins with one of `openers`, and the words before its anchor are of `lead`; None
    stands for any word. `anchor`, `needs`, `opens` and `leads` are the bits of anchors, needed
    sets, openers and lead in a page's vocabulary; without bits any word will do.
    """

    written: str
    anchors: frozenset[str]
    rarest: frozenset[str]
    needed: frozenset[frozenset[str]]
    before: int
    longest: int
    at_start: bool
    openers: Words | None
    lead: Words | None
    anchor: int = ANY_WORD
    rank: int = ANY_WORD
    needs: int = 0
    opens: int = ANY_WORD
    leads: int = ANY_WORD

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Give the expression, compiled when it is first needed."""
        return re.compile(self.written, re.IGNORECASE)

    def find(self, text: str, start: int, end: int) -> Iterable[re.Match[str]]:
        """Give the matches in a range of tagged text that begins and ends at word edges."""
        if not self.at_start:
            return self.regex.finditer(text, start, end)
        found = self.regex.match(text, start, end)
        return (found,) if found else ()

    def find_around(self, page: Page, sentence: int) -> Iterator[re.Match[str]]:
        """Give the matches in a sentence of the page, found by their anchors."""
        here = page.sentences[sentence]
        if self.at_start:
            yield from self.find(page.tagged, here.start, here.end)
            return
        first, last = page.edges[sentence]
        untried, reached = first, here.start
        for hit in page.among(self.anchor, first, last):
            untried = page.back(self.leads, max(untried, hit - self.before), hit)
            if page.ahead[untried] & self.needs != self.needs:
                return
            for number in page.among(self.opens, untried, hit + 1):
                start = page.words[number]
                if start >= reached and (match := self.regex.match(page.tagged, start, here.end)):
                    yield match
                    reached = match.end()
                    break
            untried = hit + 1

    def marked_range(self, found: re.Match[str]) -> tuple[int, int]:
        """Give the stretch that the pattern marks: its brackets, or all of it."""
        return found.span("mark" if _MARK in self.written else 0)


def express(pattern: Pattern, phrases: Phrases) -> Expression:
    """Compile a tree; raises LookupError for a lexicon that is not there."""
    writer = _Writer(phrases)
    body = writer.sequence(pattern.body)
    lead = r"[- (.,\ufffd]{0,9}+" if pattern.at_start else ""
    anchors = anchors_of(pattern.body, phrases, near=True)
    rarest = anchors_of(pattern.body, phrases)
    return Expression(
        written=lead + literals.shorter(body),
        anchors=anchors.words if anchors else frozenset(),
        rarest=rarest.words if rarest else frozenset(),
        openers=words_of(pattern.body, phrases, first=True),
        lead=anchors.lead if anchors else None,
        needed=needed_by(pattern.body, phrases),
        before=anchors.before if anchors else 0,
        longest=longest(pattern.body, phrases),
        at_start=pattern.at_start,
    )


@dataclass(frozen=True)
class _Writer:
    phrases: Phrases

    def sequence(self, sequence: Sequence) -> str:
        """Items before the first that must be there carry a blank behind, later ones before."""
        items = sequence.items
        first = next(i for i, item in enumerate(items) if not is_optional(item))
        parts = [self.optional(item, before=None) for item in items[:first]]
        parts.append(self.item(items[first]))
        for previous, item in pairwise(items[first:]):
            blank = self.blank(previous, item)
            if is_optional(item):
                parts.append(self.optional(item, before=blank))
            else:
                parts.append(("" if _is_stop(item) else blank) + self.item(item))
        joined = "".join(parts)
        return f"{_MARK}{joined})" if sequence.marked else joined

    def blank(self, previous: Item, item: Item) -> str:
        """Give what parts two items: nothing has to where a comma may follow."""
        if self.may_begin_with_stop(item):
            return MAY_FOLLOW
        return AFTER_STOP if _is_stop(previous) else BLANK

    def may_begin_with_stop(self, item: Item) -> bool:
        match item:
            case Maybe():
                return self.may_begin_with_stop(item.item)
            case Lexicon():
                written = parted(item.name, self.phrases)[1]
                return any(_is_stop(body.items[0]) for body in written)
            case Choice():
                return any(_is_stop(option.items[0]) for option in item.options)
            case _:
                return False

    def optional(self, item: Item, *, before: str | None) -> str:
        """Write an item that may be missing; without `before`, its blank stands behind it."""
        if isinstance(item, Gap):
            return self.gap(item, least=0, before=before)
        inner = item.item if isinstance(item, Maybe) else item
        written = self.item(inner)
        if isinstance(inner, Stop):
            return f"(?:{written})?" if before else f"(?:{written}{AFTER_STOP})?"
        return f"(?:{before}{written})?" if before else f"(?:{written}{BLANK})?"

    def gap(self, gap: Gap, *, least: int, before: str | None) -> str:
        most = gap.most - (gap.least - least)
        if most == 0:
            return ""
        word = self.gap_word(gap)
        unit = f"{before}{word}" if before else f"{word}{BLANK}"
        return f"(?:{unit}){{{least},{most}}}" + ("" if gap.but else "?")

    def gap_word(self, gap: Gap) -> str:
        if gap.but and not (gap.but.endswith(SUFFIX) and self.phrases(gap.but)):
            message = f"a gap leaves out a lexicon named *{SUFFIX}, not {gap.but}"
            raise UnknownLexicon(message)
        return literals.any_word(gap.but)

    def item(self, item: Item) -> str:  # noqa: PLR0911 - one line for each kind of item
        match item:
            case Word():
                return literals.word(item.text, exact=item.exact)
            case Lexicon():
                return self.lexicon(item.name)
            case Class():
                return self.classes(item.kind)
            case Gap():
                rest = self.gap(item, least=item.least - 1, before=BLANK)
                return f"(?:{self.gap_word(item)}{rest})"
            case Stop():
                return STOPS[item.text]
            case Sequence():
                return self.sequence(item)
            case Choice():
                return "(?:" + "|".join(self.sequence(option) for option in item.options) + ")"
            case Maybe():
                return self.item(item.item)

    def lexicon(self, name: str) -> str:
        plain, written = parted(name, self.phrases)
        options = [self.sequence(body) for body in written]
        if plain:
            options.append(f"{LEFT}{literals.trie(plain)}{RIGHT}")
        return options[0] if len(options) == 1 else "(?:" + "|".join(options) + ")"

    def classes(self, kind: str) -> str:
        match kind:
            case "number":
                return f"(?:{literals.DIGITS}|{self.lexicon(_NUMBERS)})"
            case "acronym":
                return literals.ACRONYM
            case "cap":
                return literals.capitalised()
            case _:
                return literals.name()


def _is_stop(item: Item) -> bool:
    return isinstance(item.item if isinstance(item, Maybe) else item, Stop)
