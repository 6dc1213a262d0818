"""Which column or key of a table holds what: named by the lead, or guessed from usual names."""

from collections.abc import Iterable, Mapping
from math import isnan
from typing import Any

from annotate.config import Columns
from annotate.errors import InvalidFile
from annotate.ingest.article import Article
from annotate.ingest.canonical import one_line
from annotate.model import Reject

_USUAL = {
    "text": "text article_text article_content content body article_body article story full_text",
    "html": "html article_html content_html body_html raw_html",
    "title": "title headline article_title heading",
    "author": "author authors byline writer",
    "publisher": "publisher outlet source source_name site sitename newspaper domain",
    "published": "published date published_at publication_date publish_date pubdate date_published",
    "url": "url link article_url source_url web_url",
    "licence": "licence license rights",
}
_WANTED = ("text", "html")
_SHOWN = 20
_NAME = 40


def resolve(
    columns: Columns, names: Iterable[str], *, place: str, sparse: bool = False
) -> dict[str, str]:
    """Give field -> column for the columns of one table, or the keys of one object.

    Objects are `sparse`: they may leave out all but the text. Raises InvalidFile naming
    the columns found when one that the lead named is absent, or when no column has a
    usual name for text.
    """
    found = list(dict.fromkeys(name for name in names if name.strip()))
    mapping = {}
    for field in columns.__struct_fields__:
        named = getattr(columns, field)
        if named is not None and named not in found:
            if sparse and field not in _WANTED:
                continue
            raise _absent(f'no column "{named}" for {field}', found, place=place)
        column = named or _guessed(field, found)
        if column is not None:
            mapping[field] = column
    if not any(field in mapping for field in _WANTED):
        raise _absent("no column with the text", found, place=place)
    if columns.html is not None and columns.text is None:
        mapping.pop("text", None)
    return mapping


def article(
    row: Mapping[str, object], mapping: Mapping[str, str], *, place: str
) -> Article | Reject:
    """Give the article of one row, or why there is none."""
    values: dict[str, Any] = {
        field: _string(row.get(column)) for field, column in mapping.items() if field not in _WANTED
    }
    text, html = (_body(row.get(mapping[field])) if field in mapping else None for field in _WANTED)
    if text is not None:
        return Article(body=text, source=place, **values)
    if html is None:
        wanted = mapping.get("text", mapping.get("html", ""))
        return Reject(place=place, reason=_no_text(row.get(wanted), wanted))
    from annotate.ingest import html as pages

    page = pages.extract(html, place=place)
    known = {field: value for field, value in values.items() if value is not None}
    return page if isinstance(page, Reject) else page.replace(**known)


def _guessed(field: str, found: list[str]) -> str | None:
    folded = {name.strip().casefold().replace(" ", "_").replace("-", "_"): name for name in found}
    return next((folded[usual] for usual in _USUAL[field].split() if usual in folded), None)


def _body(value: object) -> str | None:
    """Give text, also of bytes in UTF-8 and of a list of paragraphs; None for anything else."""
    if isinstance(value, bytes):
        try:
            value = value.decode("utf-8")
        except UnicodeDecodeError:
            return None
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = "\n\n".join(value)
    return value if isinstance(value, str) and value.strip() else None


def _no_text(value: object, column: str) -> str:
    blank = isinstance(value, str) or _string(value) is None
    kind = "" if blank else f", but {type(value).__name__}"
    return f'no text in column "{one_line(column)}"{kind}'


def _string(value: object) -> str | None:
    """Give metadata as text; of objects their name, of lists what has one."""
    if isinstance(value, Mapping):
        value = value.get("name")
    if value is None or isinstance(value, Mapping) or (isinstance(value, float) and isnan(value)):
        return None
    if isinstance(value, list | tuple):
        value = ", ".join(filter(None, map(_string, value)))
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return text if text.strip() else None


def _absent(problem: str, found: list[str], *, place: str) -> InvalidFile:
    shown = (one_line(name) or "?" for name in found[:_SHOWN])
    names = ", ".join(name if len(name) <= _NAME else name[:_NAME] + "…" for name in shown)
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return InvalidFile(
        f"{place}: {problem}; columns found: {names or 'none'}{more}",
        hint="Name it with `--column text=NAME`",
    )
