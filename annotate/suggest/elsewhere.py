"""Which sentences beside a source tell of somebody else: what they fear and saw is not its own."""

import re
from collections.abc import Iterable, Iterator

from annotate.suggest.page import Page

_NAME = "[^\\W\\d_a-z][\\w'\u2019-]+\\.?"
_NAMES = f"(?:{_NAME} ){{1,3}}{_NAME}"
_TITLE = (
    "Dr|Prof|Professor|Mr|Mrs|Ms|Sir|Canon|Father|Sister|Judge|Magistrate|Councillor|Mayor"
    "|Minister|Senator|Captain|Capt|Major|Maj|Colonel|Col|General|Gen|Lieutenant|Lt|Sergeant|Sgt"
    "|Inspector|Insp|Superintendent|Supt|Constable|Ambassador|Bishop|Chief|Commissioner"
)
_PERSON = re.compile(
    "[\\s\"'\u201c\u2018\u00ab]*(?:"
    # "Ada Kranz, a cleaner, …", "Defence lawyer Ada Kranz, who …", "Ada Kranz, 71, …", "Ada, 23, …"
    f"(?:[\\w'\u2019-]+ ){{0,3}}?{_NAMES}, (?:an? |the |who |whose |his |her |their |\\d)"
    f"|{_NAME}, \\d+, "
    # "The head teacher, Ada Kranz, …", "One parent, Ada Kranz, …"
    f"|(?:The|One|An?|His|Her|Its|Their)(?: [\\w'\u2019-]+){{1,4}}, {_NAMES}, "
    # "Councillor Kranz …"
    f"|(?:{_TITLE})\\.? (?:{_NAME} ){{0,2}}{_NAME}(?!\\w)"
    # "A vet who …", "A fourth man, who …"
    "|(?:Another|An?|One)(?: [\\w'\u2019-]+){1,3},? who "
    ")"
)
_SPOKE_OUT = re.compile(
    "(?<!\\w)(?:who|after|for) (?:\\w+ ){0,2}?(?:accus|ask|challeng|complain|confirm|critici"
    "|describ|disclos|film|gave|giv|inform|leak|nam|object|post|protest|question|rais|refus"
    "|report|speak|spoke|talk|tell|testif|told)"
)
_PRONOUN = re.compile("[\\s\"'\u201c\u2018\u00ab]*(?:he|she|his|her|i|my)(?!\\w)", re.IGNORECASE)


def elsewhere(
    around: Iterable[int], sentence: int, page: Page, own: re.Pattern[str]
) -> Iterator[int]:
    """Give those of the sentences around a source's that somebody else is the subject of.

    That is a person who is named or brought in there, and who "she" is in what follows, up to
    where `own` finds the source again. What befell one who spoke out tells of the source, too.
    """
    theirs, last = False, ""
    for number in around:
        here = page.sentences[number]
        person = _PERSON.match(page.text, here.start, here.end)
        if number == sentence or own.search(page.text, here.start, here.end):
            theirs, last = False, ""
        elif person:
            theirs = not _SPOKE_OUT.search(page.text, here.start, here.end)
            last = (re.findall(_NAME, person.group()) or [""])[-1]
        elif last and page.text.startswith(f"{last} ", here.start):
            pass
        elif not _PRONOUN.match(page.text, here.start, here.end):
            theirs, last = False, ""
        if theirs:
            yield number
