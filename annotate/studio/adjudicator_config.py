"""The adjudicator's page, rendered from the taxonomy: what annotators have, and verdicts.

`verdict` is what the editor's key for the next span sets on the span that it comes to, so
that going through the spans accepts them one by one. What is said against a span stands in
`unless`, a control of its own: going over the span again never takes it back.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from html import escape
from typing import get_args

from annotate.docket import WAITING, Docket, Precedent
from annotate.formats.label_studio import TEXT
from annotate.formats.label_studio_docket import (
    ACCEPT,
    ALL_REJECTED,
    AMBIGUOUS,
    NOTE,
    REASON,
    REJECT,
    SUPPORT,
    UNLESS,
    VERDICT,
    WHOLE,
)
from annotate.marker import Marker, Value
from annotate.model import Reason
from annotate.studio.controls import (
    GUIDE_PANEL,
    Choices,
    attribute_blocks,
    controls,
    keys_of,
    label_blocks,
    page,
    row,
    titled,
    with_defaults,
)
from annotate.studio.keys import DEFAULTS_KEY, NEXT_KEY, normalised
from annotate.studio.label_config import guide_panel, legal_values
from annotate.taxonomy import Taxonomy

ACCEPT_KEYS = f"{DEFAULTS_KEY},{NEXT_KEY}"
_WISHES = {
    f"{UNLESS}.{REJECT}": "shift+x",
    f"{UNLESS}.{AMBIGUOUS}": "shift+m",
    f"{REASON}.missed": "alt+shift+m",
    f"{REASON}.guideline_gap": "alt+shift+g",
    f"{REASON}.genuine_ambiguity": "alt+shift+a",
    f"{REASON}.boundary": "alt+shift+b",
    f"{REASON}.slip": "alt+shift+s",
    f"{WHOLE}.{ALL_REJECTED}": "ctrl+shift+x",
    "defaults": "shift+u",
}
# The editor takes the marks of lists away.
_LISTS = """\
.an-side ul{list-style:disc;padding-left:18px}
.an-side ol{list-style:decimal;padding-left:18px}
"""
_UNDECIDED = (
    "This contested span has no verdict yet (it is selected now): 0 accepts it, and what is "
    "to be said against it stands under Unless"
)


def render(taxonomy: Taxonomy) -> str:
    """Give the label config for the adjudicator, as XML.

    Raises InvalidFile when keys collide or two markers mean different things by one
    attribute's name.
    """
    asked = [replace(item, required=False) for item in controls(taxonomy)]
    verdicts = _verdicts()
    keys = _keys(taxonomy, asked, verdicts)
    shared = [item for item in asked if item.per_region and not item.markers]
    document = [item for item in (*verdicts, *asked) if not item.per_region]
    return page(
        [
            '<View visibleWhen="region-selected">',
            *(row(item, keys) for item in verdicts if item.per_region),
            *_texts(),
            *(row(item, keys) for item in shared),
            "</View>",
            *attribute_blocks(asked, keys),
            *label_blocks(taxonomy, keys),
            *(row(item, keys) for item in document),
            GUIDE_PANEL,
        ],
        style=_LISTS,
    )


def _verdicts() -> list[Choices]:
    return [
        _choices(VERDICT, "Verdict", ACCEPT, required=True),
        _choices(UNLESS, "Unless", REJECT, AMBIGUOUS),
        _choices(REASON, "Why", *get_args(Reason)),
        replace(_choices(WHOLE, "Whole", ALL_REJECTED), per_region=False),
    ]


def _choices(name: str, title: str, *values: str, required: bool = False) -> Choices:
    made = tuple(Value(value=item, meaning=item) for item in values)
    return Choices(name=name, title=title, values=made, required=required, message=_UNDECIDED)


def _texts() -> Iterator[str]:
    common = f'toName="{TEXT}" perRegion="true" maxSubmissions="1" rows="1"'
    hint = "optional note (Enter)"
    yield titled("Note", f'<TextArea name="{NOTE}" {common} editable="true" placeholder="{hint}"/>')
    yield f'<TextArea name="{SUPPORT}" {common} editable="false" displayMode="region-list"/>'


def _keys(
    taxonomy: Taxonomy, asked: list[Choices], verdicts: Iterable[Choices]
) -> Mapping[str, str]:
    """Give every control its key; ours give way where the taxonomy takes the one they wish."""
    taken = {normalised(key) for key in _given(taxonomy, asked)}
    names = [item.key_of(value) for item in verdicts for value in item.values]
    wishes = {
        name: wish if wish and normalised(wish) not in taken else None
        for name in (*names, "defaults")
        for wish in [_WISHES.get(name)]
        if name != f"{VERDICT}.{ACCEPT}"
    }
    keys = keys_of(taxonomy, asked, wishes)
    keys = with_defaults(keys, asked, key=keys["defaults"])
    return {**keys, f"{VERDICT}.{ACCEPT}": ACCEPT_KEYS}


def _given(taxonomy: Taxonomy, asked: Iterable[Choices]) -> Iterator[str]:
    yield from (marker.hotkey for marker in taxonomy.markers if marker.hotkey)
    yield from (value.hotkey for item in asked for value in item.values if value.hotkey)


def adjudicator_values(taxonomy: Taxonomy) -> dict[str, tuple[str, ...]]:
    """Give the values that each control of the page can take."""
    own = {item.name: tuple(value.value for value in item.values) for item in _verdicts()}
    return legal_values(taxonomy) | own


def instructions(taxonomy: Taxonomy) -> str:
    """Give what the adjudicator reads before the first task."""
    asked = controls(taxonomy)
    keys = _keys(taxonomy, asked, _verdicts())
    reject, ambiguous = (_shown(keys[f"{UNLESS}.{item}"]) for item in (REJECT, AMBIGUOUS))
    return (
        "<p>The spans that annotators left stand in the list at the right, the contested ones "
        "first, each with who marked it; annotators are letters. Earlier verdicts on alike "
        "spans and the guideline are under <b>Guide</b>.</p>"
        "<p><b>Alt+.</b> goes to the next span of the list and accepts it as it stands; "
        "<b>0</b> accepts the one that is selected. Then say what is wrong with it: "
        f"<b>{reject}</b> rejects it, <b>{ambiguous}</b> says that both readings hold, a "
        "marker's key relabels it, and its edges can be dragged. What you said against a span "
        "stays when you come by again; the same key takes it back.</p>"
        f"<p><b>{_shown(keys['defaults'])}</b> sets all usual answers of a relabelled span. "
        "What everybody missed: choose a marker, drag over the words, and accept it. A span "
        "that you delete is rejected. Where nothing of a document is to stand, go through its "
        "spans, press Escape and choose <b>document rejected</b>. Press Escape to close this "
        "window.</p>"
    )


def _shown(key: str) -> str:
    return "+".join(part.capitalize() for part in key.split("+"))


def docket_guide(docket: Docket, taxonomy: Taxonomy) -> str:
    """Give what stands beside the text, as HTML: precedents, the guideline, all markers.

    The guideline's pages are those of the markers that the contested spans concern.
    Everything is escaped: articles and notes may hold anything.
    """
    concerned = {case.marker for case in docket.waiting}
    concerned |= {vote.marker for case in docket.waiting for vote in case.votes}
    parts = [
        *_precedents(docket),
        *(_guideline(item) for item in taxonomy.markers if item.marker in concerned),
        guide_panel(taxonomy),
    ]
    return "".join(parts)


def _precedents(docket: Docket) -> Iterator[str]:
    for case in docket.cases:
        if case.status in WAITING and case.precedents:
            words = escape(docket.text[case.start : case.end])
            items = "".join(f"<li>{_precedent(item)}</li>" for item in case.precedents)
            yield f"<p>Earlier verdicts like <b>{words}</b> ({escape(case.marker)}):</p>"
            yield f"<ul>{items}</ul>"


def _precedent(item: Precedent) -> str:
    told = filter(None, (item.decided_as, item.reason, item.note))
    return f"“{escape(item.quote)}” {escape(item.marker)}, {escape('; '.join(told))}"


def _guideline(marker: Marker) -> str:
    rules = "".join(f"<li>{escape(rule)}</li>" for rule in marker.decision_rule)
    against = "".join(f"<li>{escape(each)}</li>" for each in marker.hard_negatives)
    return (
        f"<p><b>{escape(marker.marker)}</b>: {escape(marker.definition)} "
        f"<i>{escape(marker.span.rule)}</i></p><ol>{rules}</ol><p>Not:</p><ul>{against}</ul>"
    )
