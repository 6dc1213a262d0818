"""The annotators' handbook, made from the taxonomy alone: same taxonomy, same bytes."""

import re
from dataclasses import dataclass

from annotate.marker import Attribute, Marker
from annotate.pages import environment
from annotate.taxonomy import Taxonomy

DEFAULTS_KEY = "0"
_SPAN = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_MARKDOWN = re.compile(r"([\\`*<>|\[\]])")


@dataclass(frozen=True, kw_only=True)
class Guide:
    """The handbook as one self-contained HTML page, and as Markdown."""

    html: str
    markdown: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """A stretch of an example, inside a span or outside."""

    text: str
    marked: bool


def render_guide(taxonomy: Taxonomy) -> Guide:
    """Give the handbook for the markers of `taxonomy`, in its order."""
    return Guide(
        html=_render("guide.html.j2", taxonomy),
        markdown=_render("guide.md.j2", taxonomy),
    )


def panel(taxonomy: Taxonomy) -> str:
    """Give the short HTML for the guideline panel: definition, span rule and key by marker."""
    return _render("panel.html.j2", taxonomy)


def parts(text: str) -> tuple[Part, ...]:
    """Give an example's text cut at its `[[spans]]`, without the brackets and empty parts."""
    pieces = enumerate(_SPAN.split(text))
    return tuple(Part(text=piece, marked=number % 2 == 1) for number, piece in pieces if piece)


def key_label(hotkey: str | None) -> str:
    """Give a hotkey as people read it: `Shift+A` for `shift+a`, a dash for none."""
    if hotkey is None:
        return "—"
    *modifiers, key = hotkey.split("+")
    if not modifiers:
        return key
    return "+".join([*(modifier.capitalize() for modifier in modifiers), key.upper()])


def _render(name: str, taxonomy: Taxonomy) -> str:
    pages = environment()
    pages.filters.update(parts=parts, key=key_label, plain=_markdown)
    template = pages.get_template(name)
    families = {family.name: family.title for family in taxonomy.frame.families}
    page = template.render(
        taxonomy=taxonomy,
        frame=taxonomy.frame,
        families=families,
        tiers=_tiers(taxonomy),
        defaults_key=DEFAULTS_KEY,
        with_defaults=_with_defaults(taxonomy),
    )
    return page.strip() + "\n"


def _tiers(taxonomy: Taxonomy) -> dict[int, tuple[Marker, ...]]:
    numbers = sorted({marker.tier for marker in taxonomy.markers})
    return {
        tier: tuple(marker for marker in taxonomy.markers if marker.tier == tier)
        for tier in numbers
    }


def _with_defaults(taxonomy: Taxonomy) -> tuple[Attribute, ...]:
    attributes = (item for marker in taxonomy.markers for item in marker.attributes)
    return tuple(item for item in attributes if item.default is not None)


def _markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)
