"""The annotators' labelling page, rendered from the taxonomy alone."""

from html import escape

from annotate.formats.label_studio import MARKER
from annotate.studio.controls import (
    GUIDE_PANEL,
    attribute_blocks,
    controls,
    keys_of,
    label_blocks,
    page,
    row,
    with_defaults,
)
from annotate.studio.keys import DEFAULTS_KEY
from annotate.taxonomy import Taxonomy

INSTRUCTIONS = """\
<p>Mark what the wording does; the guide stands in the panel at the right.</p>
<p><b>Once, in this browser:</b> open Settings (the sliders at the bottom) and switch on
<b>Select region after creating it</b>. Then a new span can be answered by keys at once:
<b>0</b> sets all usual answers, one more key changes one of them.</p>
<p>A text in which nothing is to be marked is submitted empty: that is an answer too.
Press Escape to close this window.</p>
"""


def render(taxonomy: Taxonomy) -> str:
    """Give the label config for annotators, as XML.

    Raises InvalidFile when keys collide or two markers mean different things by one
    attribute's name.
    """
    questions = controls(taxonomy)
    keys = with_defaults(keys_of(taxonomy, questions), questions, key=DEFAULTS_KEY)
    shared = [item for item in questions if item.per_region and not item.markers]
    document = [item for item in questions if not item.per_region]
    return page(
        [
            '<View visibleWhen="region-selected">',
            *(row(item, keys) for item in shared),
            "</View>",
            *attribute_blocks(questions, keys),
            *label_blocks(taxonomy, keys),
            *(row(item, keys) for item in document),
            f'<View visibleWhen="no-region-selected">{GUIDE_PANEL}</View>',
        ]
    )


def guide_panel(taxonomy: Taxonomy) -> str:
    """Give the short guide that stands beside the text, as HTML of a few kilobytes.

    It travels with every task, so it holds definitions and span rules only.
    """
    parts = [
        f"<p><b>{escape(marker.marker)}</b> {escape(marker.definition)} "
        f"<i>{escape(marker.span.rule)}</i></p>"
        for marker in taxonomy.markers
    ]
    principles = "".join(f"<li>{escape(item)}</li>" for item in taxonomy.frame.principles)
    return f"<ul>{principles}</ul>{''.join(parts)}"


def legal_values(taxonomy: Taxonomy) -> dict[str, tuple[str, ...]]:
    """Give the values that each control of the page can take."""
    values = {item.name: tuple(each.value for each in item.values) for item in controls(taxonomy)}
    return {MARKER: taxonomy.names} | values
