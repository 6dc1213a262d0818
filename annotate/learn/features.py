"""What the span tagger is told about a token: its form, its neighbours, where it stands.

No lexicon: what a marker's words are is for the model to learn.
"""

import re
from functools import lru_cache

from annotate.learn.text import Sentence

_EARLY = 3
_START, _END = "<start>", "<end>"  # longer than any token with such a sign
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")


def features(sentence: Sentence) -> list[list[str]]:
    """Give the features of each token, by name."""
    words = [_START, _START, *sentence.words, _END, _END]
    lower = [word.lower() for word in words]
    place = ("title",) if sentence.title else ()
    return [
        [
            "bias",
            *place,
            *(("quoted",) if sentence.quoted[number] else ()),
            *((f"early={number}",) if number < _EARLY else ()),
            *_own(words[number + 2]),
            *_beside("-1:", words[number + 1]),
            *_beside("+1:", words[number + 3]),
            f"-2:{lower[number]}",
            f"+2:{lower[number + 4]}",
            f"-1,0:{lower[number + 1]} {lower[number + 2]}",
            f"0,+1:{lower[number + 2]} {lower[number + 3]}",
        ]
        for number in range(len(sentence.words))
    ]


@lru_cache(maxsize=100_000)
def _beside(place: str, word: str) -> tuple[str, ...]:
    lower = word.lower()
    return (f"{place}{lower}", f"{place}shape={_shape(word)}", f"{place}suffix={lower[-3:]}")


@lru_cache(maxsize=50_000)
def _own(word: str) -> tuple[str, ...]:
    lower = word.lower()
    return (*_beside("0:", word), f"0:prefix={lower[:3]}", f"0:ending={lower[-2:]}")


def _shape(word: str) -> str:
    """Give the word with each run of letters as x, X, XX, Xx or xX, of digits as 0."""
    return _DIGITS.sub("0", _LETTERS.sub(_letters, word))


def _letters(found: re.Match[str]) -> str:
    run = found.group()
    if run.islower():
        return "x"
    if run.isupper():
        return "X" if len(run) == 1 else "XX"
    return "Xx" if run[0].isupper() else "xX"
