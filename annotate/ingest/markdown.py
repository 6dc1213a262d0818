"""Markdown files: one article each, verbatim, so that offsets into the file hold."""

from pathlib import Path

from annotate.config import Columns
from annotate.ingest import text
from annotate.ingest.article import Found


def read(path: Path, columns: Columns, *, place: str) -> Found:
    """Give the article of a Markdown file."""
    yield from text.read(path, columns, place=place, kind="markdown")
