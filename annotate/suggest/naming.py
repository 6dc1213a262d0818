"""Sources that the text names beside the mention, so that the mention is not marked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from annotate.suggest.mention import Mention
from annotate.suggest.page import Page
from annotate.suggest.rules import LOOK_BACK, NamingRule
from annotate.suggest.sights import Sights
from annotate.suggest.walk import Match

_BELOW_TITLE = 2
_IN_PARAGRAPH = 3


@dataclass(frozen=True, kw_only=True)
class Named:
    """A mention that is dropped, and whether markers that yield to its own may have its place."""

    mention: Mention
    to_others: bool


def named_beside(
    mentions: Iterable[Mention], sights: Sights, namings: Mapping[str, Sequence[NamingRule]]
) -> list[Named]:
    """Give the mentions that a naming of their marker applies to, in their order."""
    named: list[Named] = []
    for mention in mentions:
        rules = namings.get(mention.marker, ())
        applying = [each for each in rules if _named(mention, sights, each)]
        if applying:
            to_others = any(each.to_others for each in applying)
            named.append(Named(mention=mention, to_others=to_others))
    return named


def _named(mention: Mention, sights: Sights, naming: NamingRule) -> bool:
    if not sights.inside(naming.mentions, mention):
        return False
    if naming.unless_near and not sights.hold(naming.unless_near).isdisjoint(
        sights.page.near(mention.sentence)
    ):
        return False
    if naming.where == "document":
        return not sights.hold(naming.by).isdisjoint(sights.page.document(mention.sentence))
    first, behind = sights.page.numbers(mention.start, mention.end)
    return any(
        found.first >= behind and not (naming.new and _met(sights.page, found, mention, first))
        for sentence in _from(sights.page, mention.sentence, naming.where)
        if sentence in sights.hold(naming.by)
        for each in naming.by
        for found in sights.matches(each, sentence)
    )


def _met(page: Page, found: Match, mention: Mention, first: int) -> bool:
    """Tell whether the last word of a name stands before the mention, in what led up to it."""
    start, _ = page.edges[page.back(mention.sentence, LOOK_BACK)[0]]
    return page.words[found.mark_last] in page.words[start:first]


def _from(page: Page, number: int, where: str) -> Iterator[int]:
    """Give the sentence and the next, those of the paragraph, or what opens the body."""
    yield number
    here, stop = page.sentences[number], page.document(number).stop
    most = _IN_PARAGRAPH if where == "paragraph" else 1
    for after in range(number + 1, stop):
        there = page.sentences[after]
        if here.title and not there.title:
            yield from range(after, min(after + _BELOW_TITLE, stop))
            return
        far = after - number
        if not here.title and far > 1 and (far > most or there.paragraph != here.paragraph):
            return
        yield after
