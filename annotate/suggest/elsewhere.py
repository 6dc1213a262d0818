"""Which sentences beside a source tell of somebody else: what they fear and saw is not its own."""

import re
from collections.abc import Iterable, Iterator

from annotate.suggest.page import Page

_NAME = "[^\\W\\d_a-z][\\w'\u2019-]+\\.?"
_PERSON = re.compile(
    "[\\s\"'\u201c\u2018\u00ab]*(?:"
    # "Ada Kranz, a cleaner, …", "Ada Kranz, 71, …", "Ada, 23, …"
    f"(?:{_NAME} ){{1,3}}{_NAME}, (?:an? |the |who |whose |his |her |their |\\d)"
    f"|{_NAME}, \\d+, "
    # "The head teacher, Ada Kranz, …", "One parent, Ada Kranz, …"
    f"|(?:The|One|An?|His|Her|Its|Their)(?: [\\w'\u2019-]+){{1,4}}, {_NAME} {_NAME}, "
    # "A vet who …", "A fourth man, who …"
    "|(?:Another|An?|One)(?: [\\w'\u2019-]+){1,3},? who "
    ")"
)
_SPOKE_OUT = re.compile(
    "(?<!\\w)(?:who|after|for) (?:\\w+ ){0,2}?(?:accus|complain|confirm|critici|describ|disclos"
    "|film|gave|giv|inform|leak|nam|post|protest|rais|refus|report|speak|spoke|talk|tell|testif|told)"
)
_PRONOUN = re.compile("[\\s\"'\u201c\u2018\u00ab]*(?:he|she|his|her|i|my)(?!\\w)", re.IGNORECASE)


def elsewhere(
    around: Iterable[int], sentence: int, page: Page, own: re.Pattern[str]
) -> Iterator[int]:
    """Give those of the sentences around a source's that somebody else is the subject of.

    That is a person who is named or brought in there, and who "she" is in what follows, up to
    where `own` finds the source again. What befell one who spoke out tells of the source, too.
    """
    theirs = False
    for number in around:
        here = page.sentences[number]
        if number == sentence or own.search(page.text, here.start, here.end):
            theirs = False
        elif _PERSON.match(page.text, here.start, here.end):
            theirs = not _SPOKE_OUT.search(page.text, here.start, here.end)
        elif not _PRONOUN.match(page.text, here.start, here.end):
            theirs = False
        if theirs:
            yield number
