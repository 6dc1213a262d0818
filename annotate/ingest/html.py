"""HTML pages: the article's text and metadata, without the page around it."""

import codecs
import re
from pathlib import Path
from typing import Any

from annotate.config import Columns
from annotate.ingest import encoding
from annotate.ingest.article import Article, Found, Note
from annotate.model import Reject

_DECLARED = re.compile(
    rb"""<(?:meta[^>]+charset|\?xml[^>]+encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE
)
_HEAD = 4096


def read(path: Path, columns: Columns, *, place: str) -> Found:  # noqa: ARG001 - a reader's signature
    """Give the article of an HTML file."""
    data = path.read_bytes()
    text = _as_declared(data)
    note = None
    if text is None:
        text, note = encoding.decode(data)
    if note:
        yield Note(place=place, message=note)
    yield extract(text, place=place)


def extract(page: str, *, place: str) -> Article | Reject:
    """Give the article of a page: paragraphs joined by a blank line, with its metadata."""
    import logging

    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    found: Any = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False)
    text = found.text if found is not None else None
    if not text or not text.strip():
        return Reject(place=place, reason="no article text found in the HTML")
    return Article(
        body="\n\n".join(line for line in text.split("\n") if line.strip()),
        kind="html",
        title=found.title,
        author=found.author,
        publisher=found.sitename,
        published=found.date,
        url=found.url,
        licence=found.license,
        source=place,
    )


def _as_declared(data: bytes) -> str | None:
    """Give the text in the encoding that the page names, unless it is UTF-8 or does not fit."""
    declared = _DECLARED.search(data[:_HEAD])
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        if declared is not None:
            return _decoded(data, declared.group(1).decode("ascii"))
    return None


def _decoded(data: bytes, name: str) -> str | None:
    try:
        # Browsers read what calls itself Latin-1 as its superset.
        codec = {"iso8859-1": "cp1252"}.get(codecs.lookup(name).name, name)
        return data.decode(codec)
    except (LookupError, UnicodeDecodeError):
        return None
