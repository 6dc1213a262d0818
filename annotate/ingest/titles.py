"""Titles that a text itself shows: a heading, or a short first line on its own."""

import re

from annotate.ingest import boilerplate
from annotate.model import Range

_FRONT_MATTER = re.compile(r"---\n.*?\n(?:---|\.\.\.)(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"#{1,2}[ \t]+(?P<title>.*?)[ \t]*#*$")
_BEFORE = re.compile(r"\s*(?:#{1,2}[ \t]+)?")
_LONGEST = 200
_MOST_WORDS = 30
_NO_TITLE = re.compile(
    r"""[Bb]y\s+\[?[A-Z]       # a byline
    | [^\n]*[:,;]$             # an opening that runs on
    | .*\((?:[A-Z][\w.]+\s?){1,3}\)\s*[-\u2013\u2014]   # a dateline
    """,
    re.VERBOSE,
)


def front_matter(text: str) -> int:
    """Give where a YAML block at the head ends, 0 when there is none."""
    found = _FRONT_MATTER.match(text)
    return found.end() if found else 0


def first_line(text: str) -> str:
    """Give the first line that is not blank, without heading signs, blanks collapsed."""
    line = text[front_matter(text) :].lstrip().split("\n", 1)[0].strip()
    heading = _HEADING.match(line)
    return " ".join((heading["title"] if heading else line).split())


def recognised(text: str) -> str | None:
    """Give the title that the text shows, or None.

    It is a Markdown heading, or a first line that is short, stands before a blank line or
    a byline, is no byline or dateline itself, and does not end like a sentence.
    """
    line, _, after = text[front_matter(text) :].lstrip().partition("\n")
    title = first_line(line)
    if not title or len(title) > _LONGEST or not after.strip():
        return None
    if _HEADING.match(line.strip()):
        return title
    below = after.split("\n", 1)[0].strip()
    alone = not below or boilerplate.matches(below, "head")
    sentence = title.endswith((".", "…")) or len(title.split()) > _MOST_WORDS
    other = _NO_TITLE.match(title) or boilerplate.matches(title, "anywhere")
    return None if sentence or other or not alone else title


def located(text: str, title: str | None) -> Range | None:
    """Give the range of a document's title at the head of its text, or None."""
    if not title:
        return None
    before = _BEFORE.match(text, front_matter(text))
    start = before.end() if before else 0
    if text.startswith(title, start):
        return Range(start=start, end=start + len(title))
    # A title of its own has its blanks collapsed, the body's first line need not.
    words = re.compile(r"\s+".join(map(re.escape, title.split())))
    found = words.match(text, start)
    return Range(start=start, end=found.end()) if found else None
