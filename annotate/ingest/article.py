"""What comes in: one article as a reader found it, before it becomes a document."""

from collections.abc import Iterator
from typing import Literal

from annotate.ingest.head_lines import HeadLines
from annotate.model import Record, Reject

Kind = Literal["plain", "markdown", "html"]

LARGEST_ARTICLE = 10_000_000


class Article(Record, frozen=True, kw_only=True):
    """One article; `source` is the place it came from, such as `news.csv:12`.

    `kind` says what `body` was taken from: the body of an HTML page is its extracted text.
    `head` is what the head lines of `body` say, for what nothing else says.
    """

    body: str
    kind: Kind = "plain"
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    licence: str | None = None
    head: HeadLines = HeadLines()
    source: str


class Note(Record, frozen=True, kw_only=True):
    """Something that a person should know about input that was taken."""

    place: str
    message: str

    def __str__(self) -> str:
        """Give `place: message`."""
        return f"{self.place}: {self.message}"


Found = Iterator[Article | Reject | Note]
"""What a reader gives, in the order of the input."""
