"""Plain text and Markdown files: one article each, verbatim."""

from pathlib import Path

from annotate.config import Columns
from annotate.ingest import encoding, head_lines
from annotate.ingest.article import Article, Found, Kind, Note
from annotate.ingest.canonical import canonical


def read(path: Path, columns: Columns, *, place: str, kind: Kind = "plain") -> Found:  # noqa: ARG001 - a reader's signature
    """Give the article of a text file."""
    text, note = encoding.decode(path.read_bytes())
    if note:
        yield Note(place=place, message=note)
    yield Article(body=text, kind=kind, head=head_lines.read(canonical(text)), source=place)
