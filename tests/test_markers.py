"""What the marker files say keeps the rules of the taxonomy."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest

from annotate import taxonomy
from annotate.marker import Attribute, Marker

SHARED = Path(__file__).parents[1] / "../shared"
# Label strings of the two shared tasks' own data.
SEMEVAL_2020 = {
    "Appeal_to_Authority",
    "Appeal_to_fear-prejudice",
    "Bandwagon,Reductio_ad_hitlerum",
    "Black-and-White_Fallacy",
    "Causal_Oversimplification",
    "Doubt",
    "Exaggeration,Minimisation",
    "Flag-Waving",
    "Loaded_Language",
    "Name_Calling,Labeling",
    "Repetition",
    "Slogans",
    "Thought-terminating_Cliches",
    "Whataboutism,Straw_Men,Red_Herring",
}
SEMEVAL_2023 = {
    "Appeal_to_Authority", "Appeal_to_Fear-Prejudice", "Appeal_to_Hypocrisy",
    "Appeal_to_Popularity", "Appeal_to_Time", "Appeal_to_Values", "Causal_Oversimplification",
    "Consequential_Oversimplification", "Conversation_Killer", "Doubt",
    "Exaggeration-Minimisation", "False_Dilemma-No_Choice", "Flag_Waving",
    "Guilt_by_Association", "Loaded_Language", "Name_Calling-Labeling",
    "Obfuscation-Vagueness-Confusion", "Questioning_the_Reputation", "Red_Herring",
    "Repetition", "Slogans", "Straw_Man", "Whataboutism",
}  # fmt: skip
MARKERS = taxonomy.load()
each_marker = pytest.mark.parametrize("marker", MARKERS.markers, ids=MARKERS.names)


def spans(text: str) -> list[str]:
    return re.findall(r"\[\[(.*?)\]\]", text)


def contrast_on_white(colour: str) -> float:
    """Give the WCAG 2 contrast ratio of a colour on white."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)


def all_hotkeys() -> list[str]:
    frame = MARKERS.frame
    attributes = [item for marker in MARKERS.markers for item in marker.attributes]
    values = [value for item in (*attributes, *frame.document_attributes) for value in item.values]
    keys = [item.hotkey for item in (*MARKERS.markers, *values, *frame.voices, *frame.confidences)]
    return [key for key in keys if key is not None]


def test_hotkeys_are_free_and_unique() -> None:
    """No key is used twice, kept by the editor, the key of all defaults or of a verdict."""
    keys = all_hotkeys()
    assert [key for key, uses in Counter(keys).items() if uses > 1] == []
    assert [key for key in keys if not re.fullmatch(r"(shift\+)?[a-z0-9]", key)] == []
    assert not {"u", "0", "shift+x", "shift+m"} & set(keys)
    assert all(marker.hotkey for marker in MARKERS.markers)


def test_colours_can_be_told_apart() -> None:
    """Colours are distinct, and readable on white (WCAG 2 asks 3:1 of graphics)."""
    colours = [marker.colour for marker in MARKERS.markers]
    assert len(set(colours)) == len(colours)
    assert min(map(contrast_on_white, colours)) >= 3


@each_marker
def test_examples_are_enough(marker: Marker) -> None:
    """Six examples and six counter-examples at least, no text twice."""
    texts = [item.text for item in (*marker.examples, *marker.counter_examples)]
    assert len(marker.examples) >= 6
    assert len(marker.counter_examples) >= 6
    assert len(set(texts)) == len(texts)


@each_marker
def test_brackets_are_balanced(marker: Marker) -> None:
    """An example has spans, in brackets that close and do not nest; a counter-example none."""
    for example in marker.examples:
        assert re.findall(r"\[\[|\]\]", example.text) == ["[[", "]]"] * len(spans(example.text))
        assert spans(example.text)
    assert not any(mark in item.text for item in marker.counter_examples for mark in ("[[", "]]"))


@each_marker
def test_spans_obey_the_edge_rule(marker: Marker) -> None:
    """B4: no space or punctuation at an edge of a span; quotation marks, brackets as a pair."""
    for span in (span for example in marker.examples for span in spans(example.text)):
        paired = span[0] == "“" and span[-1] == "”"
        core = span[1:-1] if paired else span
        core = core[:-1] if core[-1] == ")" and "(" in core else core
        assert core[0].isalnum(), span
        assert core[-1].isalnum(), span
        assert core.count("“") == core.count("”"), span


@each_marker
def test_mapping_names_official_labels(marker: Marker) -> None:
    """Each marker says how it relates to the three label sets, in their own strings."""
    mapping = {item.label_set: item for item in marker.mapping}
    assert list(mapping) == ["semeval2020_task11", "semeval2023_task3", "uncertainty"]
    assert set(mapping["semeval2020_task11"].labels) <= SEMEVAL_2020
    assert set(mapping["semeval2023_task3"].labels) <= SEMEVAL_2023
    assert all((item.relation == "none") == (not item.labels) for item in marker.mapping)


def test_exported_mappings() -> None:
    """The relations that are exported are exactly those that the design names."""
    exported = {
        (marker.marker, item.label_set, label)
        for marker in MARKERS.markers
        for item in marker.mapping
        if item.relation in ("exact", "narrower")
        for label in item.labels
    }
    vague = "Obfuscation-Vagueness-Confusion"
    assert exported == {
        ("opaque_evidence", "semeval2023_task3", vague),
        ("agentless_attribution", "semeval2023_task3", vague),
        ("loaded_language", "semeval2020_task11", "Loaded_Language"),
        ("loaded_language", "semeval2023_task3", "Loaded_Language"),
        ("contentious_label", "semeval2020_task11", "Name_Calling,Labeling"),
        ("contentious_label", "semeval2023_task3", "Name_Calling-Labeling"),
    }


def test_good_practice_markers() -> None:
    """Four markers are good practice."""
    good = {marker.marker for marker in MARKERS.markers if marker.good_practice}
    assert good == {
        "named_attribution", "acknowledged_uncertainty", "first_hand_basis", "identified_evidence",
    }  # fmt: skip


def test_unnamed_source_examples_are_complete() -> None:
    """Each example states all seven attributes and its judgement, each judgement twice or more."""
    marker = MARKERS.marker("unnamed_source")
    names = {item.name for item in marker.attributes}
    for example in marker.examples:
        assert set(example.attributes) == names
        assert example.judgement == MARKERS.judge(marker.marker, example.attributes)
    counts = Counter(example.judgement for example in marker.examples)
    assert len(counts) == 3
    assert min(counts.values()) >= 2


def test_examples_show_the_forms_of_naming() -> None:
    """The first span of each named_attribution example says its form."""
    marker = MARKERS.marker("named_attribution")
    shown = {example.attributes["form"] for example in marker.examples}
    assert shown >= {"full", "institution", "spokesperson", "correspondent"}


def test_tier_1_matches_the_proven_label_config() -> None:
    """Keys, colours, families, attributes, orders and defaults are those proven in the browser."""
    proven = SHARED / "label-config" / "annotator.xml"
    if not proven.exists():
        pytest.skip("the proven label config is not beside this checkout")
    root = ET.fromstring(proven.read_text(encoding="utf-8"))
    labels = {item.get("value"): item for item in root.iter("Label")}
    families = {
        label.get("value"): head.get("value")
        for view in root.iter("View")
        if (head := view.find("Header")) is not None
        for label in view.findall("Label")
    }
    titles = {family.name: family.title for family in MARKERS.frame.families}
    for marker in MARKERS.tier(1).markers:
        label = labels[marker.marker]
        shown = (label.get("hotkey"), label.get("background"), families[marker.marker])
        assert shown == (marker.hotkey, marker.colour, titles[marker.family])
    expected = {name: values for name, values in proven_choices(root).items() if name != "voice"}
    source = MARKERS.marker("unnamed_source")
    ours = {item.name: choices(item) for item in source.attributes}
    assert {name: expected[name] for name in ours} == ours
    assert all(item.required for item in source.attributes)
    frame = MARKERS.frame
    assert expected["confidence"] == [(item.value, item.hotkey) for item in frame.confidences]
    assert expected["response_sought"] == choices(frame.document_attributes[0])
    voices = [(item.value, item.hotkey) for item in frame.voices]
    assert proven_choices(root)["voice"] == voices


def proven_choices(root: ET.Element) -> dict[str, list[tuple[str | None, str | None]]]:
    return {
        str(item.get("name")): [
            (choice.get("value"), choice.get("hotkey")) for choice in item.iter("Choice")
        ]
        for item in root.iter("Choices")
    }


def choices(attribute: Attribute) -> list[tuple[str | None, str | None]]:
    return [
        (item.value, f"0,{item.hotkey}" if item.value == attribute.default else item.hotkey)
        for item in attribute.values
    ]
