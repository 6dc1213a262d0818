"""The revision worksheet: by marker, what the guideline left open, with room for an answer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotate.marker import Marker
from annotate.pages import environment

_BLANKS = re.compile(r"\s+")
_MARKDOWN = re.compile(r"([\\`*_<>|\[\]#])")


@dataclass(frozen=True, kw_only=True)
class Example:
    """A quoted place: the words around it, what each annotator said, and what was decided."""

    before: str
    quote: str
    after: str
    doc_id: str
    votes: tuple[str, ...]
    decision: str | None
    note: str | None
    guidelines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Examples of one kind: how many places there are, and some of them."""

    title: str
    count: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One marker with what was found about it."""

    marker: Marker
    groups: tuple[Group, ...]


def render_worksheet(
    sheets: Sequence[Sheet], *, current: str, stamped: Mapping[str, int], html: bool
) -> str:
    """Give the worksheet as one self-contained HTML page, or as Markdown.

    `current` is the version of the guideline that is to be revised, `stamped` how many
    annotations were made by which version.
    """
    pages = environment()
    pages.filters.update(plain=_markdown)
    template = pages.get_template("worksheet.html.j2" if html else "worksheet.md.j2")
    return template.render(sheets=sheets, current=current, stamped=stamped).strip() + "\n"


def _markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", _BLANKS.sub(" ", text))
