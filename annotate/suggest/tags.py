"""A text of the same length that is easy to search: plain blanks, and tagged words.

Blanks, Markdown signs, bracketed abbreviations such as "(SDF)" and the marks around a few
quoted words become spaces, curly apostrophes and hyphens plain ones. Other quotation
marks become U+FFFD, which nothing matches.

A pattern such as `<0-4 but {np_stop}>` has to refuse a thousand words at each place. So
each word of a `*_stop` lexicon gets another first character, one character of the
private use area that holds the letter and the lexicons it is in; what a regular
expression then checks is one character. Words of more than one part are not tagged.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from annotate import resources
from annotate.suggest import lexicons

SUFFIX = "_stop"
_BASE, _WIDTH, _END = 0xE000, 0x80, 0xF8FF
# A word and what belongs to it: "ex-soldier", "10.30", "U.S", "and/or".
REST = r"\w*+(?:[-'/&:]\w++|[.,]\d++|(?<!\w\w)\.\w(?!\w)(?:\.(?=-))?)*+"
_WORD = re.compile(r"[$#@]?\w" + REST)
_WORDS = re.compile(f"({_WORD.pattern})")
_LINK = re.compile(r"\]\([^()\s]{0,400}\)|\([A-Z][A-Za-z.-]{1,14}\)")
_OPENING = re.compile(r"(?<![\w,.!?])'|(?<=[,.!?])'|(?<=s)'(?= [A-Z])")
_FOREIGN = re.compile(r"[^\x00-\x7f\w]")
_SCARE = re.compile(
    '["\u201c\u201e\u00ab](\\w[^"\u201c\u201d\u201e\u00ab\u00bb]{0,30}\\w)["\u201d\u00bb]'
)
_PLAIN = str.maketrans(dict.fromkeys("\t\n\r\v\f\x1c\x1d\x1e\x1f*_[]", " ") | {'"': "\ufffd"})
_PLAINER = {
    "\u2019": "'",
    "\u02bc": "'",
    "\u2010": "-",
    "\u2011": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u20ac": "$",
    "\u00a3": "$",
}
_INVISIBLE = "\u2018\u200b\ufeff"
ANY = "\ue000-\uf8ff"


@dataclass(frozen=True, kw_only=True)
class Tagged:
    """A text to search, its words before they were tagged, and the offsets of these."""

    text: str
    words: list[str]
    starts: list[int]


@dataclass(frozen=True, kw_only=True)
class StopWords:
    """The words of all stop lexicons; `kinds` are the sets of lexicons a word can be in."""

    kinds: tuple[frozenset[str], ...]
    tagged: dict[str, str]

    def tag(self, text: str) -> "Tagged":
        """Give the text as patterns search it, as long as before, and where words start."""
        if "(" in text:
            text = _LINK.sub(lambda found: " " * len(found.group()), text)
        text = _SCARE.sub(r" \1 ", text)
        if not text.isascii():
            text = _FOREIGN.sub(_plain, text)
        text = text.translate(_PLAIN)
        if "'" in text:
            text = _OPENING.sub(" ", text)
        parts = _WORDS.split(text)
        starts = list(accumulate(map(len, parts)))[:-1:2]
        words = parts[1::2]
        parts[1::2] = map(self.tagged.get, words, words)
        return Tagged(text="".join(parts), words=words, starts=starts)

    def first(self, word: str, *, exact: bool) -> str:
        """Give what a word's first letter looks like in tagged text, as an expression."""
        letter = word[0]
        tagged = self.tagged.get(word if exact else word.lower())
        if tagged is None:
            return re.escape(letter)
        if exact:
            return f"[{letter}{tagged[0]}]"
        capital = chr(ord(tagged[0]) - ord(letter.lower()) + ord(letter.upper()))
        return f"(?:{letter}|(?-i:[{tagged[0]}{capital}]))"

    def outside(self, lexicon: str, first: str = "\x00", last: str = "\x7f") -> str:
        """Give the tagged letters from `first` to `last` of words not in the lexicon."""
        return "".join(
            f"{_code(number, first)}-{_code(number, last)}"
            for number, kind in enumerate(self.kinds)
            if lexicon not in kind
        )


@cache
def stop_words() -> StopWords:
    """Give the stop words that ship with the program."""
    paths = resources.listed("lexicons", SUFFIX + ".txt")
    names = [path.stem for path in paths]
    within: dict[str, set[str]] = {}
    for name in names:
        for phrase in lexicons.phrases(name):
            if _WORD.fullmatch(phrase) and phrase[0].isascii():
                within.setdefault(phrase, set()).add(name)
    kinds = tuple(sorted({frozenset(found) for found in within.values()}, key=sorted))
    tagged = {
        case: _code(kinds.index(frozenset(found)), case[0]) + case[1:]
        for word, found in within.items()
        for case in _cases(word)
    }
    return StopWords(kinds=kinds, tagged=tagged)


def _plain(found: re.Match[str]) -> str:
    """Give a blank for what looks like one, U+FFFD for quotation marks and what is no text."""
    character = found.group()
    if character in _PLAINER:
        return _PLAINER[character]
    return " " if character.isspace() or character in _INVISIBLE else "\ufffd"


def _cases(word: str) -> Iterable[str]:
    # In capitals it would rather be an abbreviation: IS, US, WHO.
    return {word, word.capitalize()}


def _code(kind: int, letter: str) -> str:
    return chr(_BASE + kind * _WIDTH + ord(letter))
