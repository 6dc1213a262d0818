"""A pattern's tree as one safe regular expression and the anchors that lead to it.

Safe: every repeat is bounded or possessive, so that the time per word of text is
bounded. Word edges are look-arounds, which see the text on both sides.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from annotate.suggest import literals
from annotate.suggest.anchors import anchors_of, longest
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

_MARK = "(?P<mark>"
_NUMBERS = "numbers"


@dataclass(frozen=True, kw_only=True)
class Expression:
    """A pattern as an expression; group `mark` is the span, or else all of the match.

    Every match holds one of `anchors`, which are lower case, with at most `before` words
    ahead of it in the match; without anchors, the pattern has no fixed word. A match has at
    most `longest` words.
    """

    written: str
    anchors: frozenset[str]
    before: int
    longest: int
    at_start: bool

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

    def find_around(self, page: Page, sentence: int, hits: Iterable[int]) -> list[re.Match[str]]:
        """Give the matches in a sentence that hold an anchor at one of the words `hits`."""
        here = page.sentences[sentence]
        if self.at_start:
            return list(self.find(page.tagged, here.start, here.end))
        found: list[re.Match[str]] = []
        reached = here.start
        for hit in hits:
            for start in page.words[max(0, hit - self.before) : hit + 1]:
                if start < reached:
                    continue
                match = self.regex.match(page.tagged, start, here.end)
                if match:
                    found.append(match)
                    reached = match.end()
                    break
        return found

    def marked_range(self, found: re.Match[str]) -> tuple[int, int]:
        """Give the stretch that the pattern marks: its brackets, or all of it."""
        return found.span("mark" if _MARK in self.written else 0)


def express(pattern: Pattern, phrases: Phrases) -> Expression:
    """Compile a tree; raises LookupError for a lexicon that is not there."""
    writer = _Writer(phrases)
    body = writer.sequence(pattern.body)
    lead = r"[- (.,\ufffd]{0,9}+" if pattern.at_start else ""
    anchors = anchors_of(pattern.body, phrases)
    return Expression(
        written=lead + body,
        anchors=anchors.words if anchors else frozenset(),
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
