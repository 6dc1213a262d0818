"""The forms that input comes in, and how to tell one from another."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from annotate.config import Columns
from annotate.decode import legal
from annotate.errors import InvalidFile, UsageError
from annotate.ingest import columns as mappings
from annotate.ingest import delimited, encoding, html, jsonl, markdown, parquet, text
from annotate.ingest.article import Found

_HEAD = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Form:
    """How one form is read; `check`, for tables, looks at the columns alone.

    A file of a form that `holds_one` is one article, so its size has a limit.
    """

    suffixes: tuple[str, ...]
    read: Callable[..., Found]
    check: Callable[..., None] | None = None
    holds_one: bool = False


FORMS: dict[str, Form] = {
    "text": Form(suffixes=(".txt", ".text"), read=text.read, holds_one=True),
    "markdown": Form(suffixes=(".md", ".markdown"), read=markdown.read, holds_one=True),
    "html": Form(suffixes=(".html", ".htm", ".xhtml"), read=html.read, holds_one=True),
    "csv": Form(suffixes=(".csv",), read=delimited.read, check=delimited.check),
    "tsv": Form(
        suffixes=(".tsv", ".tab"),
        read=partial(delimited.read, delimiter="\t"),
        check=partial(delimited.check, delimiter="\t"),
    ),
    "jsonl": Form(suffixes=(".jsonl", ".ndjson"), read=jsonl.read, check=jsonl.check),
    "json": Form(suffixes=(".json",), read=jsonl.read_list),
    "parquet": Form(suffixes=(".parquet", ".pq"), read=parquet.read, check=parquet.check),
}


def named(name: str) -> Form:
    """Give the form of that name; raises UsageError with the legal names."""
    if name not in FORMS:
        raise UsageError("format " + legal(name, FORMS), hint="Choose one of these")
    return FORMS[name]


def by_suffix(path: Path) -> str | None:
    """Give the name of the form that a file's suffix tells, or None."""
    suffix = path.suffix.lower()
    return next((name for name, form in FORMS.items() if suffix in form.suffixes), None)


def sniffed(path: Path) -> str:
    """Give the name of the form that the beginning of a file tells.

    Raises InvalidFile when it is neither text nor Parquet.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"PAR1"):
        return "parquet"
    start = encoding.decode(head)[0].lstrip("\ufeff \t\r\n")
    if start.startswith(("{", "[")):
        return "jsonl" if start.startswith("{") else "json"
    if start[:200].lower().startswith(("<!doctype html", "<html", "<head", "<body", "<article")):
        return "html"
    return _table(start) or "text"


def _table(start: str) -> str | None:
    header = start.split("\n", 1)[0]
    for name, delimiter in (("tsv", "\t"), ("csv", ","), ("csv", ";")):
        cells = [cell.strip().strip('"') for cell in header.split(delimiter)]
        try:
            if len(cells) > 1:
                mappings.resolve(Columns(), cells, place="")
                return name
        except InvalidFile:
            continue
    return None
