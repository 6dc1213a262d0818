"""How words, phrases and classes of words look in tagged text, as regular expressions."""

import re
from collections.abc import Iterable
from functools import cache

from annotate.suggest.tags import ANY, REST, stop_words

# Ranges stand in (?-i:…): to fold their case, `re` would go through them sign by sign.
LEFT = rf"(?-i:(?<![\w{ANY}])(?<!\w[-']))"
RIGHT = r"(?!\w)(?![-']\w)"
BLANK = " ++"
STOPS = {",": r"(?: ?,| -(?= )| ?\()", ":": " ?:"}
AFTER_STOP = r"(?: ++|(?<=\())"
MAY_FOLLOW = " *+"
DIGITS = rf"{LEFT}[0-9]++(?:[.,][0-9]++)*+{RIGHT}"
ACRONYM = rf"{LEFT}(?-i:[A-Z][A-Z0-9&.]{{1,7}}){RIGHT}"
# A full stop belongs to a word in "U.S.", "J." and "Gen." only.
_DOT = (
    r"(?:(?:(?<=\.\w)|(?<=\b[A-Z])|(?<=\bMr|\bMs|\bDr|\bLt|\bSt)"
    r"|(?<=\bMrs|\bGen|\bCol|\bSgt|\bMaj|\bGov|\bSen|\bRep|\bRev)"
    r"|(?<=\bProf|\bCapt))\.)?+"
)
_UPPER = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0100-\u024f\u0391-\u03ab\u0400-\u042f"
_PARTICLE = rf"(?:al|el|ez|as|ar|an|at|ash|ad|ul|de|o|d|[{_UPPER}][a-z]{{0,2}})[-']"
LINKS = ("al", "bin", "de", "del", "du", "el", "for", "ibn", "la", "of", "van", "von")
_PHRASE_STOP = "np_stop"
_MANY = 4


def word(text: str, *, exact: bool = False) -> str:
    """Give one word between word edges; `exact` asks for its case."""
    written = LEFT + "".join(_characters(text, exact=exact)) + RIGHT
    return f"(?-i:{written})" if exact else written


def shorter(written: str) -> str:
    """Leave out the word edges that a blank beside them already makes sure of."""
    return written.replace(RIGHT + BLANK, BLANK).replace(BLANK + LEFT, BLANK)


@cache
def any_word(but: str | None) -> str:
    """Give a word of any kind, or one that is not in the stop lexicon `but`."""
    tags = stop_words().outside(but) if but else ANY
    return rf"{LEFT}(?:[$#@]?\w|(?-i:[{tags}])){REST}%?{_DOT}"


@cache
def capitalised(tagged: str = "") -> str:
    """Give a capitalised word with its particle; `tagged` adds tagged capitals."""
    return (
        rf"{LEFT}(?-i:(?:{_PARTICLE})?[{_UPPER}{tagged}]"
        rf"\w*+(?:[-&/]\w++|(?<!\w\w)\.\w(?!\w)|'(?!s\b)\w++)*+){_DOT}"
    )


def later_capitalised() -> str:
    """Give a capitalised word inside a name, which may be one that opens sentences too."""
    return capitalised(stop_words().outside(_PHRASE_STOP, "A", "Z"))


@cache
def name() -> str:
    """Give up to seven capitalised words, linked by "of" and the like."""
    link = rf"(?:{BLANK}{trie(LINKS)}{RIGHT}(?:{BLANK}{word('the')})?)?"
    more = later_capitalised()
    return rf"{capitalised()}(?:{link}{BLANK}{more}){{0,6}}"


@cache
def trie(phrases: tuple[str, ...]) -> str:
    """Give any of the phrases, their common beginnings written once."""
    tree: dict[str, dict] = {}  # type: ignore[type-arg]
    for phrase in phrases:
        node = tree
        for unit in _units(phrase):
            node = node.setdefault(unit, {})
        node[""] = {}
    return _branch(tree)


def _units(phrase: str) -> Iterable[str]:
    for number, part in enumerate(phrase.split(" ")):
        if number:
            yield BLANK
        yield from _characters(part, exact=False)


def _characters(text: str, *, exact: bool) -> Iterable[str]:
    yield stop_words().first(text, exact=exact)
    yield from map(re.escape, text[1:])


def _quick(unit: str) -> str:
    """Write a letter's two cases out: `re` passes over an option that begins with a set."""
    return f"(?-i:[{unit}{unit.upper()}])" if len(unit) == 1 and unit.isalpha() else unit


def _branch(tree: dict[str, dict]) -> str:  # type: ignore[type-arg]
    first = _quick if len(tree) >= _MANY else str
    options = [first(unit) + _branch(child) for unit, child in sorted(tree.items()) if unit]
    if not options:
        return ""
    ends = "" in tree
    joined = options[0] if len(options) == 1 and not ends else "(?:" + "|".join(options) + ")"
    return joined + "?" if ends else joined
