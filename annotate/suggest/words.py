"""Sets of words that patterns ask for."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from annotate.suggest import lexicons

SUFFIX = "_stop"
PHRASE_STOP = "np_stop"
NAME_STOP = "name_stop"
THING_STOP = "thing_stop"
LINKS = frozenset({"al", "bin", "de", "del", "du", "el", "for", "ibn", "la", "of", "van", "von"})
Shape = Literal["any", "cap", "later", "owner", "people", "acronym", "digits", "dotted"]

_UPPER = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0100-\u024f\u0391-\u03ab\u0400-\u042f"
_PARTICLE = rf"(?:(?i:al|el|ez|as|ar|an|at|ash|ad|ul|de|o|d)|[{_UPPER}][a-z]{{0,2}})[-']"
_CAPITALISED = re.compile(rf"(?:{_PARTICLE})?[{_UPPER}](?:[\w&-]|\.\w|'(?!s\Z))*")
_ACRONYM = re.compile("[A-Z][A-Z0-9&.]{1,7}")
# Without capitals, since names end alike: Summers, Rogers, Truman.
_PEOPLE = re.compile("[a-z-]{2,}(?:ers|ors|ists|ians|men|women|ees|folk)")
_DIGITS = re.compile("[0-9]+(?:[.,][0-9]+)*")
# A full stop belongs to a word in "U.S.", "J." and "Gen." only.
_DOTTED = re.compile(
    r".*\.\w|[A-Z]|Mr|Ms|Dr|Lt|St|Mrs|Gen|Col|Sgt|Maj|Gov|Sen|Rep|Rev|Prof|Capt", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class Words:
    """Listed words in lower case; or those of a shape, without the words of a stop lexicon.

    `exact` are listed as they are written.
    """

    listed: frozenset[str] = frozenset()
    exact: frozenset[str] = frozenset()
    shape: Shape | None = None
    but: str | None = None

    def hold(self, word: str) -> bool:
        """Tell whether a word of a text is in the set."""
        if self.shape and _SHAPES[self.shape](word) and not (self.but and stops(word, self.but)):
            return True
        return word.lower() in self.listed or word in self.exact


def stops(word: str, lexicon: str) -> bool:
    """Tell whether a word is in a stop lexicon; in capitals it is an abbreviation: IS, US, WHO."""
    lower = word.lower()
    return lower in _stop_words(lexicon) and word in (lower, lower.capitalize())


def opens(word: str) -> bool:
    """Tell whether a word is written with a capital for where it stands, not as a name."""
    return stops(word, NAME_STOP)


@cache
def _stop_words(lexicon: str) -> frozenset[str]:
    return frozenset(lexicons.phrases(lexicon))


_SHAPES: dict[Shape, Callable[[str], bool]] = {
    "any": lambda _: True,
    "cap": lambda word: bool(_CAPITALISED.fullmatch(word)) and not opens(word),
    "later": lambda word: bool(_CAPITALISED.fullmatch(word)) and not stops(word, PHRASE_STOP),
    "owner": lambda word: word.endswith("'s"),
    "people": lambda word: bool(_PEOPLE.fullmatch(word)) and not stops(word, THING_STOP),
    "acronym": lambda word: bool(_ACRONYM.fullmatch(word)),
    "digits": lambda word: bool(_DIGITS.fullmatch(word)),
    "dotted": lambda word: bool(_DOTTED.fullmatch(word)),
}
