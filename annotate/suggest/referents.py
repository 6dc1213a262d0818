"""Which mentions speak of the same source: anaphors, and names that stand for a person."""

import re
from collections.abc import Iterable, Iterator, Sequence

from annotate.model import Range
from annotate.suggest import lexicons
from annotate.suggest.expression import express
from annotate.suggest.mention import Mention
from annotate.suggest.page import Page
from annotate.suggest.pattern import Choice, Gap, Item, Lexicon, Pattern, Word
from annotate.suggest.pattern import Sequence as Items

SOURCE = "unnamed_source"
_FORM = "identity_form"
_NAME = re.compile("[^\\W\\d_][\\w'\u2019-]*(?: (?=[^\\W\\d_a-z]|al-|el-)[\\w'\u2019-]+)*")


def link(mentions: Sequence[Mention], page: Page) -> list[Mention]:
    """Give the mentions, sorted, with anaphors and pseudonyms tied to their first mention.

    An anaphor belongs to the nearest unnamed source before it; one without any stands
    for itself. Where a pseudonym or protected first name speaks again, that is a
    mention of its own, in place of a named attribution there.
    """
    found = _again(mentions, page)
    taken = [(item.start, item.end) for item in found]
    kept = [
        item
        for item in mentions
        if not any(item.start < end and start < item.end for start, end in taken)
        or item.attributes.get(_FORM) == "pseudonym"
    ]
    ordered = sorted([*kept, *found], key=lambda m: (m.start, m.end, m.marker))
    return list(_anchored(ordered, page.text))


def _anchored(ordered: Iterable[Mention], text: str) -> Iterator[Mention]:
    """Tie each anaphor to a source before it; "the official" needs an official there."""
    before: list[Mention] = []
    for mention in ordered:
        if mention.marker == SOURCE:
            if _may_refer(mention, text):
                first = _antecedent(mention, before, text)
                if first is not None:
                    mention.attributes = {**mention.attributes, _FORM: "anaphor"}
                    mention.referent = first.referent or _range(first)
                elif mention.attributes[_FORM] != "anaphor":
                    pass
                elif _head(mention, text) == "source":
                    mention.attributes = {**mention.attributes, _FORM: "no_name"}
                else:
                    continue
            before.append(mention)
        yield mention


def _may_refer(mention: Mention, text: str) -> bool:
    """Tell whether a mention is an anaphor, or a short one that an article makes definite."""
    if mention.attributes.get(_FORM) == "role_only":
        words = _said(mention, text).split()
        return words[0] in _DEFINITE and len(words) <= _SHORT
    return mention.attributes.get(_FORM) == "anaphor"


def _antecedent(anaphor: Mention, before: Sequence[Mention], text: str) -> Mention | None:
    head = _head(anaphor, text)
    for mention in reversed(before[-_FARTHEST:]):
        if head == "source" or re.search(rf"\b{re.escape(head)}s?\b", _said(mention, text)):
            return mention
    return None


def _head(mention: Mention, text: str) -> str:
    return _said(mention, text).split()[-1].removesuffix("s")


def _said(mention: Mention, text: str) -> str:
    return text[mention.start : mention.end].lower()


def groups(mentions: Iterable[Mention]) -> list[list[Mention]]:
    """Give the unnamed sources, the mentions of one together, the first mention in front."""
    by_first: dict[tuple[int, int], list[Mention]] = {}
    for mention in mentions:
        first = mention.referent or _range(mention)
        by_first.setdefault((first.start, first.end), []).append(mention)
    return list(by_first.values())


def _again(mentions: Sequence[Mention], page: Page) -> list[Mention]:
    found: dict[tuple[int, int], Mention] = {}
    for first in mentions:
        if first.marker != SOURCE or first.attributes.get(_FORM) not in _NAMED_FORMS:
            continue
        for start, end, sentence in _spoken(first, page):
            found.setdefault(
                (start, end),
                Mention(
                    start=start,
                    end=end,
                    rule=first.rule,
                    sentence=sentence,
                    match=Range(start=start, end=end),
                    attributes={_FORM: first.attributes[_FORM]},
                    referent=_range(first),
                ),
            )
    return list(found.values())


_NAMED_FORMS = ("pseudonym", "first_name_only")
_MOST_MENTIONS = 200
_FARTHEST = 6
_DEFINITE = ("the", "that", "this")
_SHORT = 3


def _spoken(first: Mention, page: Page) -> Iterator[tuple[int, int, int]]:
    """Where the name, or its last part, stands beside a verb of speech after `first`."""
    name = _NAME.match(page.text, first.start, first.end)
    if name is None:
        return
    words = name.group().split(" ")
    options = {name.group(), words[-1]}
    alias = Items(items=(_any(options),), marked=True)
    speech = Lexicon(name="speech")
    aside = Gap(least=0, most=1)
    orders: list[tuple[Item, ...]] = [(alias, aside, speech), (speech, alias)]
    anchor = words[-1].lower()
    spoken = [express(Pattern(body=Items(items=i)), lexicons.phrases) for i in orders]
    count = 0
    for number in range(first.sentence, len(page.sentences)):
        here = page.sentences[number]
        start = max(here.start, first.end)
        if start >= here.end or anchor not in page.text[start : here.end].lower():
            continue
        for expression in spoken:
            for match in expression.find(page.tagged, start, here.end):
                yield (*expression.marked_range(match), number)
        count += 1
        if count >= _MOST_MENTIONS:
            return


def _any(options: Iterable[str]) -> Choice:
    ordered = sorted(options, key=len, reverse=True)
    return Choice(options=tuple(Items(items=tuple(map(_named, o.split(" ")))) for o in ordered))


def _named(word: str) -> Word:
    return Word(text=word)


def _range(mention: Mention) -> Range:
    return Range(start=mention.start, end=mention.end)
