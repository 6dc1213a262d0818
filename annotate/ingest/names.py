"""Names in head lines: who wrote, and which words name an outlet rather than a place."""

import re
from collections.abc import Iterator
from typing import Literal

from annotate.ingest import dates

_MOST_WORDS = 6
_LONGEST_DATELINE = 200
_CAPITAL = r"[^\W\d_a-z\u00df-\u00f6\u00f8-\u00ff]"
_WORD = rf"(?:{_CAPITAL}[\w.'\u2019-]*|al-\w[\w-]*)"
_PARTICLE = r"(?:de|del|della|der|den|di|da|van|von|bin|ibn|al)"
_PERSON = re.compile(rf"{_WORD}(?: (?:{_WORD}|{_PARTICLE}))*")
_NAME = re.compile(rf"(?:[Tt]he )?{_WORD}(?: (?:{_WORD}|{_PARTICLE}|and|&|of|the|in|for|on))*")
_BYLINE = re.compile(
    r"(?:(?:[Ww]ritten|[Rr]eported|[Ss]tory|[Ww]ords|[Tt]ext|[Pp]osted|[Pp]ublished) )?"
    rf"(?:[Bb]y|BY):? (?P<names>{_WORD}.*)"
)
_SEVERAL = re.compile(r",? (?:and|&) ")
_BEHIND_PERSON = re.compile(r"$|,| (?:in|for|at|of the)\b| \(")
_OUTLET = re.compile(
    r"\b\w*(?:News|Post|Times|Courier|Herald|Gazette|Tribune|Examiner|Sentinel|Observer|Journal|"
    r"Chronicle|Dispatch|Mirror|Telegraph|Guardian|Monitor|Review|Bulletin|Daily|Weekly|Magazine|"
    r"Press|Wire|Agency|Agence|Radio|TV|Television|Broadcasting|Reuters|Xinhua|Interfax|Bloomberg|"
    r"Anadolu)\b|^(?:AP|AFP|UPI|TASS|SANA|IRNA|EFE|ANSA|BBC|CNN|dpa)$"
)
_NO_OUTLET = re.compile(
    r"(?:(?:breaking|latest|world|local|top|national|international|sports?|business|politics|"
    r"more) )?news|press release|.*\b(?:editor|correspondent|reporter|desk)",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    rf"(?P<place>{_CAPITAL}[^a-z,()]+(?P<more>,[^()]{{1,40}})?)"
    rf" ?\((?P<agency>(?:{_WORD}|dpa)(?: {_WORD}){{0,3}})\) ?[\u2013\u2014-]"
)


def author(byline: str) -> str | None:
    """Give who a byline such as `By A and B` names, as written; None when it is none.

    Of names with commas between them only the first is sure to be a person's.
    """
    found = _BYLINE.fullmatch(byline)
    if found is None:
        return None
    several = _SEVERAL.search(found["names"])
    people = re.split(r", ", _SEVERAL.sub(", ", found["names"]))
    if several and all(map(_is_person, people)):
        return found["names"]
    person = _PERSON.match(found["names"])
    behind = found["names"][person.end() :] if person else ""
    if person is None or not _is_person(person.group()) or not _BEHIND_PERSON.match(behind):
        return None
    return person.group()


def is_name(words: str) -> bool:
    """Say whether these few words are all written as in a name."""
    return len(words.split()) <= _MOST_WORDS and _NAME.fullmatch(words) is not None


def is_outlet(name: str) -> bool:
    """Say whether a name has a word that outlets call themselves by, and is no section."""
    known = _OUTLET.search(name) is not None and is_name(name)
    return known and not _NO_OUTLET.fullmatch(name)


def may_be_outlet(*parts: str, text: str) -> bool:
    """Say whether the one name between a byline and a date is an outlet's, not a place's.

    One word, or capitals only, would rather be a place, and so is what the text says
    something happened in.
    """
    if len(parts) != 1 or not is_name(parts[0]) or _NO_OUTLET.fullmatch(parts[0]):
        return False
    name = parts[0]
    days = any(map(dates.names_day, name.split()))
    place = re.search(rf"\b(?:in|near|from|around|outside) {re.escape(name)}\b", text)
    return len(name.split()) > 1 and not name.isupper() and not days and place is None


def dateline(line: str) -> Iterator[tuple[Literal["publisher", "published"], str]]:
    """Give the agency, and the date if there is one, of `PLACE, Country (Agency) -`.

    `NAME (Words) -` may explain the name: without a country, the words have to read like
    an outlet's name.
    """
    found = _DATELINE.match(re.sub(r"[*_]+", "", line[:_LONGEST_DATELINE]))
    if found is None or not (found["more"] or _OUTLET.search(found["agency"])):
        return
    yield "publisher", found["agency"]
    date = dates.first(found["place"])
    if date is not None and date.day is not None:
        yield "published", date.day


def _is_person(name: str) -> bool:
    words = name.split()
    named = len(words) <= _MOST_WORDS and _PERSON.fullmatch(name) is not None
    return named and not dates.names_day(words[0])
