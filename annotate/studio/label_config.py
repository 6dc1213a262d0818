"""The labelling page, rendered from the taxonomy alone.

The structure is proven in the browser and rests on how the editor behaves: one `Labels`
block, because several would let a region carry two markers; `whenLabelValue` on every
attribute control, because a hidden control still takes hotkeys; one key that fires all
defaults; boundary handles that are dead without the style below.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from annotate.decode import Problem, invalid
from annotate.formats.label_studio import CONFIDENCE, GUIDE, MARKER, TEXT, VOICE
from annotate.marker import Attribute, Marker, Value
from annotate.studio.keys import DEFAULTS_KEY, assign_keys
from annotate.taxonomy import Family, Taxonomy

STYLE = """\
.an-grid{display:flex;gap:24px;align-items:flex-start}
.an-doc{flex:1 1 auto;min-width:0;max-width:74ch}
.an-doc .lsf-richtext__line,.an-doc .lsf-htx-richtext{font-size:17px;line-height:1.7;\
unicode-bidi:plaintext;text-align:start}
.htx-highlight area{display:inline !important}
.an-side{flex:0 0 400px;position:sticky;top:0;max-height:calc(100vh - 110px);overflow-y:auto}
.an-row{display:grid;grid-template-columns:66px 1fr;align-items:baseline;margin:0}
.an-side h4[class*="typography"]{font-size:11px !important;line-height:20px !important;\
margin:0 !important;opacity:.7;text-transform:uppercase}
.an-side .lsf-choices{margin:0 !important}
.an-side .lsf-choice{margin:0 8px 0 0 !important}
.an-side .lsf-choice__item,.an-side .ant-radio-wrapper,.an-side .ant-checkbox-wrapper\
{font-size:12px !important;line-height:20px !important;min-height:0 !important;\
margin:0 !important;font-weight:400 !important}
.an-side .lsf-labels{margin:0 0 4px !important;gap:2px}
"""

INSTRUCTIONS = """\
<p>Mark what the wording does; the guide stands in the panel at the right.</p>
<p><b>Once, in this browser:</b> open Settings (the sliders at the bottom) and switch on
<b>Select region after creating it</b>. Then a new span can be answered by keys at once:
<b>0</b> sets all usual answers, one more key changes one of them.</p>
<p>A text in which nothing is to be marked is submitted empty: that is an answer too.
Press Escape to close this window.</p>
"""

_DOCUMENT = (
    f'<View className="an-doc"><Text name="{TEXT}" value="${TEXT}" granularity="symbol"/></View>'
)
_GUIDE_PANEL = (
    '<View visibleWhen="no-region-selected"><Collapse><Panel value="Guide">'
    f'<HyperText name="{GUIDE}" value="${GUIDE}" inline="true" selectionEnabled="false"/>'
    "</Panel></Collapse></View>"
)


@dataclass(frozen=True, kw_only=True)
class _Choices:
    """One control of the page: a question with one answer."""

    name: str
    title: str
    values: tuple[Value, ...]
    markers: tuple[str, ...] = ()
    required: bool = False
    default: str | None = None
    per_region: bool = True

    def key_of(self, value: Value) -> str:
        """Give the name under which the value's key is looked up."""
        return f"{self.name}.{value.value}"


def render(taxonomy: Taxonomy) -> str:
    """Give the label config for annotators, as XML.

    Raises InvalidFile when keys collide or two markers mean different things by one
    attribute's name.
    """
    controls = _controls(taxonomy)
    keys = _keys(taxonomy, controls)
    shared = [item for item in controls if item.per_region and not item.markers]
    document = [item for item in controls if not item.per_region]
    lines = [
        "<View>",
        f"<Style>\n{escape(STYLE, quote=False)}</Style>",
        '<View className="an-grid">',
        _DOCUMENT,
        '<View className="an-side">',
        '<View visibleWhen="region-selected">',
        *(_row(item, keys) for item in shared),
        "</View>",
        *_attribute_blocks(controls, keys),
        f'<Labels name="{MARKER}" toName="{TEXT}" choice="single">',
        *_label_blocks(taxonomy, keys),
        "</Labels>",
        *(_row(item, keys) for item in document),
        _GUIDE_PANEL,
        "</View></View></View>",
    ]
    return "\n".join(lines) + "\n"


def _controls(taxonomy: Taxonomy) -> list[_Choices]:
    frame = taxonomy.frame
    return [
        _Choices(name=VOICE, title="Voice", values=frame.voices),
        _Choices(name=CONFIDENCE, title="Confid.", values=frame.confidences),
        *_attribute_controls(taxonomy),
        *(
            _Choices(name=item.name, title=item.title, values=item.values, per_region=False)
            for item in frame.document_attributes
        ),
    ]


def _attribute_controls(taxonomy: Taxonomy) -> Iterator[_Choices]:
    users: dict[str, list[Marker]] = {}
    for marker in taxonomy.markers:
        for attribute in marker.attributes:
            users.setdefault(attribute.name, []).append(marker)
    taken = {MARKER, VOICE, CONFIDENCE, TEXT, GUIDE}
    taken |= {item.name for item in taxonomy.frame.document_attributes}
    for name, markers in users.items():
        attributes = [item for marker in markers if (item := marker.attribute(name))]
        problem = _name_problem(name, markers, attributes, taken)
        if problem:
            raise invalid(f"markers/{markers[-1].marker}.yaml", [problem])
        first = attributes[0]
        yield _Choices(
            name=name,
            title=first.title,
            values=first.values,
            markers=tuple(marker.marker for marker in markers),
            required=first.required,
            default=first.default,
        )


def _name_problem(
    name: str, markers: Sequence[Marker], attributes: Sequence[Attribute], taken: set[str]
) -> Problem | None:
    if name in taken:
        return Problem(path=f"attributes.{name}", message="the name is taken; choose another")
    kinds = {
        (item.required, item.default, tuple(value.value for value in item.values))
        for item in attributes
    }
    if len(kinds) > 1:
        others = ", ".join(marker.marker for marker in markers[:-1])
        reason = f"differs from the attribute of that name of {others}; choose another name"
        return Problem(path=f"attributes.{name}", message=reason)
    return None


def _keys(taxonomy: Taxonomy, controls: Sequence[_Choices]) -> dict[str, str]:
    wanted = {marker.marker: marker.hotkey for marker in taxonomy.markers}
    for control in controls:
        wanted |= {control.key_of(value): value.hotkey for value in control.values}
    keys = assign_keys(wanted)
    for control in controls:
        for value in control.values:
            if value.value == control.default:
                keys[control.key_of(value)] = f"{DEFAULTS_KEY},{keys[control.key_of(value)]}"
    return keys


def _row(control: _Choices, keys: dict[str, str]) -> str:
    options = ""
    if control.per_region:
        options += ' perRegion="true"'
    options += ' choice="single-radio" layout="inline"'
    if control.markers:
        options += f' whenLabelValue="{escape(",".join(control.markers))}"'
    if control.required:
        marker = ", ".join(control.markers)
        message = f"{marker}: {control.name} is missing (the span is selected now)"
        options += f' required="true" requiredMessage="{escape(message)}"'
    choices = "".join(
        f'<Choice value="{escape(value.value)}" hotkey="{escape(keys[control.key_of(value)])}"/>'
        for value in control.values
    )
    view = "" if control.per_region else ' visibleWhen="no-region-selected"'
    name, title = escape(control.name), escape(control.title)
    return (
        f'<View{view} className="an-row"><Header value="{title}" size="6"/>'
        f'<Choices name="{name}" toName="{TEXT}"{options}>{choices}</Choices></View>'
    )


def _attribute_blocks(controls: Iterable[_Choices], keys: dict[str, str]) -> Iterator[str]:
    blocks: dict[tuple[str, ...], list[_Choices]] = {}
    for control in controls:
        if control.markers:
            blocks.setdefault(control.markers, []).append(control)
    for markers, block in blocks.items():
        when = escape(",".join(markers))
        yield (
            f'<View visibleWhen="region-selected" whenTagName="{MARKER}" whenLabelValue="{when}">'
        )
        yield from (_row(control, keys) for control in block)
        yield "</View>"


def _label_blocks(taxonomy: Taxonomy, keys: dict[str, str]) -> Iterator[str]:
    for family in taxonomy.frame.families:
        labels = "".join(
            f'<Label value="{escape(marker.marker)}" hotkey="{escape(keys[marker.marker])}" '
            f'background="{escape(marker.colour)}"/>'
            for marker in _members(taxonomy, family)
        )
        if labels:
            yield f'<View><Header value="{escape(family.title)}" size="6"/>{labels}</View>'


def _members(taxonomy: Taxonomy, family: Family) -> list[Marker]:
    return [marker for marker in taxonomy.markers if marker.family == family.name]


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
    values = {item.name: tuple(each.value for each in item.values) for item in _controls(taxonomy)}
    return {MARKER: taxonomy.names} | values
