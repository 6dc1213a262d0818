"""A text's words with their places, and what stands between them, as patterns read it.

Blanks, Markdown signs, bracketed abbreviations such as "(SDF)" and the marks around a few
quoted words count as spaces, curly apostrophes and hyphens as plain ones. Other quotation
marks become U+FFFD, which nothing passes over.
"""

import re
from dataclasses import dataclass
from itertools import accumulate

# A word and what belongs to it: "ex-soldier", "10.30", "U.S", "AT&T".
_WORD = re.compile(r"([$#@]?\w\w*+(?:[-'&]\w++|[.,:]\d++|(?<!\w\w)\.\w(?!\w)(?:\.(?=-))?)*+)")
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


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """The words of a text, their offsets in code points, and what stands behind each."""

    words: list[str]
    starts: list[int]
    between: list[str]


def tokens(text: str) -> Tokens:
    """Give the words of a plain text."""
    parts = _WORD.split(text)
    return Tokens(
        words=parts[1::2], starts=list(accumulate(map(len, parts)))[:-1:2], between=parts[2::2]
    )


def plain(text: str) -> str:
    """Give a text of the same length with plain blanks, hyphens and apostrophes."""
    if "(" in text:
        text = _LINK.sub(lambda found: " " * len(found.group()), text)
    text = _SCARE.sub(r" \1 ", text)
    if not text.isascii():
        text = _FOREIGN.sub(_plainer, text)
    text = text.translate(_PLAIN)
    return _OPENING.sub(" ", text) if "'" in text else text


def _plainer(found: re.Match[str]) -> str:
    """Give a blank for what looks like one, U+FFFD for quotation marks and what is no text."""
    character = found.group()
    if character in _PLAINER:
        return _PLAINER[character]
    return " " if character.isspace() or character in _INVISIBLE else "\ufffd"
