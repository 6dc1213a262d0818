"""Lexicons: one phrase a line, `#` begins a comment, `@name` takes in another lexicon.

A line may itself be written in the pattern language, so that a part that many patterns
share has a name.
"""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from annotate import resources
from annotate.decode import Problem, invalid, legal
from annotate.suggest.pattern import PatternError, Sequence, parse

Phrases = Callable[[str], tuple[str, ...]]
_OUTSIDE = re.compile(r"\^|=\w*[A-Z]")
_WRITTEN = re.compile(r"[<{(\[?,]")


class UnknownLexicon(LookupError):
    """No file of that name; the message lists the legal names."""


@cache
def phrases(name: str, folder: Path | None = None) -> tuple[str, ...]:
    """Give the lexicon's phrases in lower case, sorted, each once.

    Raises UnknownLexicon, and InvalidFile for a lexicon that is empty, not UTF-8 or
    takes in one that is not there.
    """
    folder = folder or resources.schemas() / "lexicons"
    return tuple(sorted(_read(name, folder, within=())))


@cache
def parted(name: str, phrases: Phrases) -> tuple[tuple[str, ...], tuple[Sequence, ...]]:
    """Part a lexicon's plain phrases from its lines in the pattern language, as trees."""
    lines = phrases(name)
    trees = []
    for line in filter(_WRITTEN.search, lines):
        try:
            trees.append(parse(line).body)
        except PatternError as error:
            place = f"lexicons/{name}.txt: {line}"
            raise invalid(place, [Problem(path="", message=str(error))]) from error
    return tuple(line for line in lines if not _WRITTEN.search(line)), tuple(trees)


def _read(name: str, folder: Path, *, within: tuple[str, ...]) -> set[str]:
    path = folder / f"{name}.txt"
    if not path.is_file():
        raise UnknownLexicon("lexicon " + legal(name, sorted(p.stem for p in folder.glob("*.txt"))))
    place = f"lexicons/{path.name}"
    found: set[str] = set()
    for number, line in enumerate(_lines(path, place), 1):
        written = line.partition("#")[0]
        if _OUTSIDE.search(written):
            message = "'^' and a capital behind '=' stand in patterns only, not in a lexicon"
            raise invalid(f"{place}: line {number}", [Problem(path="", message=message)])
        phrase = " ".join(written.lower().split())
        if phrase.startswith("@"):
            found |= _included(phrase[1:], folder, (*within, name), f"{place}: line {number}")
        elif phrase:
            found.add(phrase)
    if not found:
        raise invalid(place, [Problem(path="", message="holds no phrase")])
    return found


def _lines(path: Path, place: str) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise invalid(place, [Problem(path="", message="is not UTF-8")]) from error


def _included(name: str, folder: Path, within: tuple[str, ...], place: str) -> set[str]:
    if name in within:
        raise invalid(place, [Problem(path="", message=f"@{name} takes in itself")])
    try:
        return _read(name, folder, within=within)
    except UnknownLexicon as error:
        raise invalid(place, [Problem(path="", message=str(error))]) from error
