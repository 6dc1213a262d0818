"""The adjudicator's page: the annotators' page and verdicts, and a guide with precedents."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from annotate import taxonomy
from annotate.docket import Case, CaseVote, Docket, Precedent
from annotate.model import Span, document_id, text_sha256
from annotate.studio import label_config
from annotate.studio.adjudicator_config import (
    ACCEPT_KEYS,
    adjudicator_values,
    docket_guide,
    instructions,
    render,
)
from annotate.studio.keys import RESERVED, normalised

TIER_1 = taxonomy.load().tier(1)
HOSTILE = "<img src=x onerror=alert(1)> & co"


def controls(xml: str) -> dict[str, ET.Element]:
    page = ET.fromstring(xml)
    return {item.get("name") or "": item for item in page.iter() if item.get("toName")}


def keys(xml: str) -> dict[str, str]:
    page = ET.fromstring(xml)
    return {
        f"{control.get('name')}.{item.get('value')}": item.get("hotkey") or ""
        for control in page.iter()
        for item in control.iter()
        if control.get("toName") and item.tag in {"Choice", "Label"}
    }


def test_a_verdict_is_demanded_and_attributes_are_not() -> None:
    """A contested span blocks the submit; a rejected one needs no answers of its marker."""
    found = controls(render(TIER_1))
    assert [name for name, item in found.items() if item.get("required")] == ["verdict"]
    support = found["support"]
    assert (support.get("displayMode"), support.get("editable")) == ("region-list", "false")
    assert found["whole"].get("perRegion") is None
    theirs = controls(label_config.render(TIER_1))
    assert set(found) - set(theirs) == {"verdict", "unless", "reason", "note", "support", "whole"}
    assert set(theirs) <= set(found)


def test_every_choice_has_one_key_of_its_own() -> None:
    """None is the editor's but the one for the next span, which accepts; none is another's."""
    found = keys(render(taxonomy.load()))
    assert all(found.values())
    assert found.pop("verdict.accept") == ACCEPT_KEYS == "0,alt+."
    each = [normalised(key) for value in found.values() for key in value.split(",")]
    shared = {key for key in each if each.count(key) > 1}
    assert shared == {"shift+u"}, "only the key of all defaults"
    assert RESERVED.isdisjoint(each)


def test_ours_give_way_to_the_taxonomy() -> None:
    """A marker that takes the key of a verdict keeps it, and the verdict gets a free one."""
    markers = [
        item.replace(hotkey="shift+x") if item.marker == "motive_imputation" else item
        for item in TIER_1.markers
    ]
    changed = TIER_1.replace(markers=tuple(markers))
    found = keys(render(changed))
    assert found["marker.motive_imputation"] == "shift+x"
    assert found["unless.reject"] not in {"", "shift+x"}
    assert keys(render(TIER_1))["unless.reject"] == "shift+x"
    assert "<b>Shift+X</b>" not in instructions(changed)


def test_legal_values_are_those_of_the_page() -> None:
    """What is checked when the page changes is what it offers."""
    page = ET.fromstring(render(TIER_1))
    offered = {
        item.get("name"): tuple(choice.get("value") for choice in item.iter("Choice"))
        for item in page.iter("Choices")
    }
    legal = adjudicator_values(TIER_1)
    assert {name: legal[name or ""] for name in offered} == offered
    assert legal["unless"] == ("reject", "ambiguous")


def test_the_sdk_accepts_it() -> None:
    """Label Studio's own interface reads the page."""
    interface = pytest.importorskip("label_studio_sdk.label_interface").LabelInterface(
        render(taxonomy.load())
    )
    interface.validate()
    assert set(interface.generate_sample_task()) >= {"text", "guide"}


def docket(*precedents: Precedent, **fields: Any) -> Docket:
    span = Span(start=0, end=len(HOSTILE), marker="vague_collective_source")
    vote = CaseVote(start=0, end=4, marker="named_attribution", annotator="A")
    made: dict[str, Any] = {
        "case_id": "vague_collective_source-0-4-0123456789abcdef",
        "start": 0,
        "end": len(HOSTILE),
        "marker": "vague_collective_source",
        "status": "contested",
        "proposed": span,
        "support": "1 of 2",
        "ground": "c-0",
        "votes": (vote,),
        "precedents": precedents,
    }
    return Docket(
        doc_id=document_id(HOSTILE),
        text_sha256=text_sha256(HOSTILE),
        text=HOSTILE,
        gain=1.0,
        annotators=2,
        ground="c-1",
        cases=(Case(**made | fields),),
    )


def test_the_guide_has_precedents_and_the_guideline() -> None:
    """Earlier verdicts stand first, then the rules of the markers that are concerned."""
    earlier = Precedent(
        marker="vague_collective_source",
        quote="Observers",
        outcome="modified",
        decided_as="named_attribution “Observers in the town”",
        reason="boundary",
        note="the whole phrase",
        likeness=0.5,
    )
    guide = docket_guide(docket(earlier), TIER_1)
    told = "named_attribution “Observers in the town”; boundary; the whole phrase"
    assert f"“Observers” vague_collective_source, {told}" in guide
    for name in ("vague_collective_source", "named_attribution"):
        assert f"<b>{name}</b>: " in guide
    assert "<b>motive_imputation</b>: " not in guide
    assert guide.index("Observers") < guide.index("<ol>")
    assert label_config.guide_panel(TIER_1) in guide


def test_articles_and_notes_are_escaped() -> None:
    """Nothing that an article or a person wrote becomes a tag of the page."""
    earlier = Precedent(
        marker=HOSTILE,
        quote=HOSTILE,
        outcome="accepted",
        decided_as=HOSTILE,
        note=HOSTILE,
        likeness=1.0,
    )
    guide = docket_guide(docket(earlier), TIER_1)
    assert guide.count("&lt;img src=x onerror=alert(1)&gt; &amp; co") == 5
    assert "<img" not in guide


def test_what_is_decided_brings_no_precedents() -> None:
    """Only what waits has its precedents beside the text."""
    earlier = Precedent(
        marker="m", quote="Observers", outcome="rejected", decided_as="not marked", likeness=1.0
    )
    assert "Observers" not in docket_guide(docket(earlier, status="agreed"), TIER_1)
