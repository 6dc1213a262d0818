"""Controls of a labelling page, rendered from the taxonomy: what all pages share.

The structure is proven in the browser and rests on how the editor behaves: one `Labels`
block, because several would let a region carry two markers; `whenLabelValue` on every
attribute control, because a hidden control still takes hotkeys; one key that fires all
defaults; boundary handles that are dead without the style below.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from annotate.decode import Problem, invalid
from annotate.formats.label_studio import CONFIDENCE, GUIDE, MARKER, TEXT, VOICE
from annotate.formats.label_studio_docket import OF_VERDICTS
from annotate.marker import Attribute, Marker, Value
from annotate.studio.keys import assign_keys
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

_DOCUMENT = (
    f'<View className="an-doc"><Text name="{TEXT}" value="${TEXT}" granularity="symbol"/></View>'
)
GUIDE_PANEL = (
    '<Collapse><Panel value="Guide">'
    f'<HyperText name="{GUIDE}" value="${GUIDE}" inline="true" selectionEnabled="false"/>'
    "</Panel></Collapse>"
)


@dataclass(frozen=True, kw_only=True)
class Choices:
    """One control of the page: a question with one answer.

    `required` stops a submit without an answer, with `message` or one of its own.
    """

    name: str
    title: str
    values: tuple[Value, ...]
    markers: tuple[str, ...] = ()
    required: bool = False
    message: str | None = None
    default: str | None = None
    per_region: bool = True

    def key_of(self, value: Value) -> str:
        """Give the name under which the value's key is looked up."""
        return f"{self.name}.{value.value}"


def page(side: Iterable[str], *, style: str = "") -> str:
    """Give a label config, as XML: the text, and beside it what `side` holds.

    `style` comes behind the style that all pages have.
    """
    lines = [
        "<View>",
        f"<Style>\n{escape(STYLE + style, quote=False)}</Style>",
        '<View className="an-grid">',
        _DOCUMENT,
        '<View className="an-side">',
        *side,
        "</View></View></View>",
    ]
    return "\n".join(lines) + "\n"


def controls(taxonomy: Taxonomy) -> list[Choices]:
    """Give the questions of the taxonomy: voice, confidence, attributes, the document's.

    Raises InvalidFile when two markers mean different things by one attribute's name.
    """
    frame = taxonomy.frame
    return [
        Choices(name=VOICE, title="Voice", values=frame.voices),
        Choices(name=CONFIDENCE, title="Confid.", values=frame.confidences),
        *_attribute_controls(taxonomy),
        *(
            Choices(name=item.name, title=item.title, values=item.values, per_region=False)
            for item in frame.document_attributes
        ),
    ]


def _attribute_controls(taxonomy: Taxonomy) -> Iterator[Choices]:
    users: dict[str, list[Marker]] = {}
    for marker in taxonomy.markers:
        for attribute in marker.attributes:
            users.setdefault(attribute.name, []).append(marker)
    taken = {MARKER, VOICE, CONFIDENCE, TEXT, GUIDE, *OF_VERDICTS}
    taken |= {item.name for item in taxonomy.frame.document_attributes}
    for name, markers in users.items():
        attributes = [item for marker in markers if (item := marker.attribute(name))]
        problem = _name_problem(name, markers, attributes, taken)
        if problem:
            raise invalid(f"markers/{markers[-1].marker}.yaml", [problem])
        first = attributes[0]
        yield Choices(
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


def keys_of(
    taxonomy: Taxonomy, questions: Sequence[Choices], more: Mapping[str, str | None] | None = None
) -> dict[str, str]:
    """Give a key for every marker, every value and what is in `more`; raises InvalidFile."""
    wanted = {marker.marker: marker.hotkey for marker in taxonomy.markers}
    for control in questions:
        wanted |= {control.key_of(value): value.hotkey for value in control.values}
    return assign_keys(wanted | dict(more or {}))


def with_defaults(
    keys: Mapping[str, str], questions: Iterable[Choices], *, key: str
) -> dict[str, str]:
    """Give the keys so that `key` fires every default beside its own."""
    shared = {
        control.key_of(value)
        for control in questions
        for value in control.values
        if value.value == control.default
    }
    return {name: f"{key},{own}" if name in shared else own for name, own in keys.items()}


def row(control: Choices, keys: Mapping[str, str]) -> str:
    """Give a question's title and choices on one line."""
    options = ""
    if control.per_region:
        options += ' perRegion="true"'
    options += ' choice="single-radio" layout="inline"'
    if control.markers:
        options += f' whenLabelValue="{escape(",".join(control.markers))}"'
    if control.required:
        options += f' required="true" requiredMessage="{escape(_message(control))}"'
    choices = "".join(
        f'<Choice value="{escape(value.value)}" hotkey="{escape(keys[control.key_of(value)])}"/>'
        for value in control.values
    )
    return titled(
        control.title,
        f'<Choices name="{escape(control.name)}" toName="{TEXT}"{options}>{choices}</Choices>',
        when="" if control.per_region else "no-region-selected",
    )


def titled(title: str, inside: str, *, when: str = "") -> str:
    """Give a control with its title on one line, shown `when` the editor is in that state."""
    view = f' visibleWhen="{when}"' if when else ""
    return (
        f'<View{view} className="an-row"><Header value="{escape(title)}" size="6"/>{inside}</View>'
    )


def _message(control: Choices) -> str:
    marker = ", ".join(control.markers)
    return control.message or f"{marker}: {control.name} is missing (the span is selected now)"


def attribute_blocks(questions: Iterable[Choices], keys: Mapping[str, str]) -> Iterator[str]:
    """Give the questions on attributes, shown for regions of the markers that have them."""
    blocks: dict[tuple[str, ...], list[Choices]] = {}
    for control in questions:
        if control.markers:
            blocks.setdefault(control.markers, []).append(control)
    for markers, block in blocks.items():
        when = escape(",".join(markers))
        yield (
            f'<View visibleWhen="region-selected" whenTagName="{MARKER}" whenLabelValue="{when}">'
        )
        yield from (row(control, keys) for control in block)
        yield "</View>"


def label_blocks(taxonomy: Taxonomy, keys: Mapping[str, str]) -> Iterator[str]:
    """Give the one block of labels, family by family."""
    yield f'<Labels name="{MARKER}" toName="{TEXT}" choice="single">'
    for family in taxonomy.frame.families:
        labels = "".join(
            f'<Label value="{escape(marker.marker)}" hotkey="{escape(keys[marker.marker])}" '
            f'background="{escape(marker.colour)}"/>'
            for marker in _members(taxonomy, family)
        )
        if labels:
            yield f'<View><Header value="{escape(family.title)}" size="6"/>{labels}</View>'
    yield "</Labels>"


def _members(taxonomy: Taxonomy, family: Family) -> list[Marker]:
    return [marker for marker in taxonomy.markers if marker.family == family.name]
