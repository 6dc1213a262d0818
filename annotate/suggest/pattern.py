"""The pattern language of the marker files, read into a tree.

It is closed: what schemas/README.md does not describe is refused with its position.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from annotate.decode import legal

CLASSES = ("name", "cap", "owner", "people", "acronym", "number")
LEGAL = (
    "word, =Word, {lexicon}, (a|b), [mark], <name>, <cap>, <owner>, <people>, <acronym>, "
    "<number>, <0-3>, ',', ':', '?', '^'"
)
WIDEST_GAP = 25
_TOKEN = re.compile(
    r"(?P<blank>\s+)|(?P<open>[(\[])|(?P<close>[)\]])|(?P<bar>\|)|(?P<optional>\?)"
    r"|(?P<stop>[,:])|(?P<start>\^)|\{(?P<lexicon>[a-z][a-z0-9_]*)\}|<(?P<angle>[^<>]*)>"
    r"|(?P<word>=?[^\W_](?:[^\W_]|['&.-](?=[^\W_])|(?<=[A-Z])\.)*)"
)
_GAP = re.compile(r"(\d+)(?:-(\d+))?(?: but \{([a-z][a-z0-9_]*)\})?")


class PatternError(ValueError):
    """A pattern that is not in the language; `position` counts characters from 1."""

    def __init__(self, position: int, message: str) -> None:
        """Take where it goes wrong and why, with what would be legal."""
        super().__init__(f"position {position}: {message}")


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word as it stands; `exact` asks for its case too."""

    text: str
    exact: bool = False


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """Any phrase of a lexicon."""

    name: str


@dataclass(frozen=True, kw_only=True)
class Class:
    """A name, a capitalised word, a genitive or a number."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class Gap:
    """From `least` to `most` words, none of them in the lexicon `but`."""

    least: int
    most: int
    but: str | None = None


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A comma or a colon, standing after a word."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Sequence:
    """Items one after the other; `marked` if this is the stretch to mark."""

    items: tuple["Item", ...]
    marked: bool = False


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of several sequences."""

    options: tuple[Sequence, ...]


@dataclass(frozen=True, kw_only=True)
class Maybe:
    """An item that may be missing."""

    item: "Item"


Item = Word | Lexicon | Class | Gap | Stop | Sequence | Choice | Maybe


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A pattern as a tree; `at_start` ties it to the first word of a sentence."""

    body: Sequence
    at_start: bool = False


@dataclass
class _Reader:
    tokens: list[re.Match[str]]
    length: int
    at: int = 0
    marks: int = field(default=0)

    def peek(self) -> re.Match[str] | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def position(self) -> int:
        token = self.peek()
        return token.start() + 1 if token else self.length + 1


def parse(pattern: str) -> Pattern:
    """Give the tree of a pattern; raises PatternError."""
    reader = _Reader(tokens=list(_tokens(pattern)), length=len(pattern))
    at_start = bool((token := reader.peek()) and token["start"])
    reader.at += at_start
    body = _sequence(reader, closing=None)
    if reader.peek() is not None:
        raise PatternError(reader.position(), "nothing is open here; legal: " + LEGAL)
    return Pattern(body=body, at_start=at_start)


def is_optional(item: Item) -> bool:
    """Tell whether an item may match no word at all."""
    return isinstance(item, Maybe) or (isinstance(item, Gap) and item.least == 0)


def _tokens(pattern: str) -> Iterator[re.Match[str]]:
    position = 0
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            message = f'"{pattern[position]}" is not in the language; legal: {LEGAL}'
            raise PatternError(position + 1, message)
        if not token["blank"]:
            yield token
        position = token.end()


def _sequence(reader: _Reader, *, closing: str | None) -> Sequence:
    items: list[Item] = []
    start = reader.position()
    while (token := reader.peek()) is not None and not (token["close"] or token["bar"]):
        items.append(_item(reader, token))
    if all(is_optional(item) for item in items):
        message = "needs at least one part that is neither optional nor an empty gap"
        raise PatternError(start, message)
    if isinstance(items[0], Stop) and closing != ")":
        raise PatternError(start, "a comma or colon follows a word")
    return Sequence(items=tuple(items))


def _item(reader: _Reader, token: re.Match[str]) -> Item:
    reader.at += 1
    item = _group(reader, token) if token["open"] else _leaf(token)
    following = reader.peek()
    if following is None or not following["optional"]:
        return item
    if isinstance(item, Gap) or (isinstance(item, Sequence) and item.marked):
        raise PatternError(reader.position(), "'?' follows a word, a lexicon, a class or (a|b)")
    reader.at += 1
    return Maybe(item=item)


def _group(reader: _Reader, token: re.Match[str]) -> Item:
    closing = {"(": ")", "[": "]"}[token["open"]]
    options = [_sequence(reader, closing=closing)]
    while closing == ")" and (bar := reader.peek()) is not None and bar["bar"]:
        reader.at += 1
        options.append(_sequence(reader, closing=closing))
    last = reader.peek()
    if last is None or last["close"] != closing:
        raise PatternError(reader.position(), f"'{closing}' is missing")
    reader.at += 1
    if closing == ")":
        return Choice(options=tuple(options))
    reader.marks += 1
    if reader.marks > 1:
        raise PatternError(token.start() + 1, "a pattern marks one [stretch] only")
    return Sequence(items=options[0].items, marked=True)


def _leaf(token: re.Match[str]) -> Item:
    if token["word"]:
        text = token["word"]
        return Word(text=text.removeprefix("="), exact=text.startswith("="))
    if token["lexicon"]:
        return Lexicon(name=token["lexicon"])
    if token["stop"]:
        return Stop(text=token["stop"])
    if token["angle"] is not None:
        return _angle(token["angle"], token.start() + 1)
    message = f"'{token.group()}' cannot stand here; legal: {LEGAL}"
    raise PatternError(token.start() + 1, message)


def _angle(content: str, position: int) -> Item:
    if content in CLASSES:
        return Class(kind=content)
    gap = _GAP.fullmatch(content)
    if gap is None:
        allowed = (*CLASSES, "2", "0-3", "0-3 but {lexicon}")
        raise PatternError(position, legal(content, allowed))
    least, most = int(gap[1]), int(gap[2] or gap[1])
    if not least <= most <= WIDEST_GAP or most == 0:
        raise PatternError(position, f"a gap goes from few words to at most {WIDEST_GAP}")
    return Gap(least=least, most=most, but=gap[3])
