"""The labelling page: rendered from the taxonomy alone, equal to the one proven by hand."""

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from annotate import taxonomy
from annotate.errors import InvalidFile
from annotate.marker import Attribute, Value
from annotate.studio.keys import RESERVED, assign_keys, normalised
from annotate.studio.label_config import guide_panel, legal_values, render
from annotate.taxonomy import Taxonomy

PROVEN = Path(__file__).parents[2] / "../shared/label-config/annotator.xml"
TIER_1 = taxonomy.load().tier(1)


def changed(marker: str, **fields: Any) -> Taxonomy:
    """Give tier 1 with one marker changed."""
    markers = [item.replace(**fields) if item.marker == marker else item for item in TIER_1.markers]
    return TIER_1.replace(markers=tuple(markers))


def attribute(name: str, *values: str, **fields: Any) -> Attribute:
    made = tuple(Value(value=item, meaning=item) for item in values)
    return Attribute(name=name, title=name, question="?", values=made, **fields)


def tree(xml: str) -> list[Any]:
    """Give the page as tags with sorted attributes, without blanks between them."""

    def node(element: ET.Element) -> list[Any]:
        text = "".join((element.text or "").split())
        return [element.tag, sorted(element.attrib.items()), text, [node(item) for item in element]]

    return node(ET.fromstring(xml))


def hotkeys(xml: str) -> list[str]:
    return [
        key
        for element in ET.fromstring(xml).iter()
        for key in element.get("hotkey", "").split(",")
        if element.tag in {"Label", "Choice"}
    ]


def test_it_is_the_page_that_was_proven_in_the_browser() -> None:
    """With the proven page's taxonomy the rendered page is the same, tag by tag."""
    if not PROVEN.exists():
        pytest.skip("needs ../shared/label-config beside the checkout")
    same = changed("named_attribution", attributes=())
    assert tree(render(same)) == tree(PROVEN.read_text(encoding="utf-8"))


def test_every_choice_and_label_has_one_key_of_its_own() -> None:
    """No control is left without a key, no key is the editor's, only the defaults key repeats."""
    keys = hotkeys(render(taxonomy.load()))
    assert all(keys)
    own = [normalised(key) for key in keys if key != "0"]
    assert len(own) == len(set(own))
    assert RESERVED.isdisjoint(own)


def test_a_new_marker_needs_no_edit() -> None:
    """A marker with an attribute and no keys gets label, colour, control and free keys."""
    new = TIER_1.markers[0].replace(
        marker="rumour",
        family="language",
        hotkey=None,
        colour="#123456",
        attributes=(attribute("spread", "near", "far", default="far", required=True),),
    )
    xml = render(TIER_1.replace(markers=(*TIER_1.markers, new)))
    page = ET.fromstring(xml)
    (label,) = (item for item in page.iter("Label") if item.get("value") == "rumour")
    assert label.get("background") == "#123456"
    (control,) = (item for item in page.iter("Choices") if item.get("name") == "spread")
    assert control.get("whenLabelValue") == "rumour"
    assert control.get("required") == "true"
    near, far = control
    assert near.get("hotkey")
    assert (far.get("hotkey") or "").startswith("0,")
    assert render(TIER_1.replace(markers=(*TIER_1.markers, new))) == xml


def test_markers_may_share_an_attribute() -> None:
    """One control serves two markers that mean the same; different meanings are refused."""
    one, two = attribute("spread", "near", "far"), attribute("spread", "far", "near")
    shared = changed("motive_imputation", attributes=(one,))
    markers = [
        item.replace(attributes=(one,)) if item.marker == "agentless_attribution" else item
        for item in shared.markers
    ]
    page = ET.fromstring(render(shared.replace(markers=tuple(markers))))
    (control,) = (item for item in page.iter("Choices") if item.get("name") == "spread")
    assert control.get("whenLabelValue") == "agentless_attribution,motive_imputation"
    markers = [
        item.replace(attributes=(two,)) if item.marker == "agentless_attribution" else item
        for item in shared.markers
    ]
    with pytest.raises(InvalidFile, match="differs from the attribute of that name"):
        render(shared.replace(markers=tuple(markers)))


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("2", "belongs to vague_collective_source"),
        ("Ctrl+Z", "belongs to the editor"),
        ("u", "belongs to the editor"),
        ("0", "sets all defaults at once"),
        ("hyper+x", "is no key"),
    ],
)
def test_a_key_that_collides_is_refused(key: str, reason: str) -> None:
    """The error names the marker, the key and whose it is."""
    with pytest.raises(InvalidFile, match=reason) as caught:
        render(changed("motive_imputation", hotkey=key))
    assert key in str(caught.value)


def test_running_out_of_keys_is_an_error() -> None:
    """With every key taken, the control that has none is named."""
    with pytest.raises(InvalidFile, match="c112: no key is left"):
        assign_keys({f"c{number}": None for number in range(113)})


def test_an_attribute_may_not_take_a_fixed_name() -> None:
    """`voice` and the like are taken."""
    with pytest.raises(InvalidFile, match=r"attributes.voice: the name is taken"):
        render(changed("motive_imputation", attributes=(attribute("voice", "a", "b"),)))


def test_everything_is_escaped() -> None:
    """Quotes, brackets and ampersands in titles survive the XML."""
    odd = attribute("spread", 'a"<&', "b").replace(title='<b>"&')
    page = ET.fromstring(render(changed("motive_imputation", attributes=(odd,))))
    (control,) = (item for item in page.iter("Choices") if item.get("name") == "spread")
    assert control[0].get("value") == 'a"<&'
    assert '<b>"&' in [item.get("value") for item in page.iter("Header")]


def test_the_sdk_accepts_it() -> None:
    """Label Studio's own interface reads the page and makes a sample task for it."""
    interface = pytest.importorskip("label_studio_sdk.label_interface").LabelInterface(
        render(taxonomy.load())
    )
    interface.validate()
    assert set(interface.generate_sample_task()) >= {"text", "guide"}
    assert set(interface.get_control("marker").labels) == set(taxonomy.load().names)


def test_legal_values_are_those_of_the_page() -> None:
    """What pull and push check against is what the page offers."""
    page = ET.fromstring(render(TIER_1))
    offered = {
        control.get("name"): tuple(item.get("value") for item in control.iter("Choice"))
        for control in page.iter("Choices")
    }
    legal = legal_values(TIER_1)
    assert {name: legal[name] for name in offered} == offered
    assert set(legal["marker"]) == {item.get("value") for item in page.iter("Label")}


def test_the_guide_panel_travels_with_every_task() -> None:
    """It names every marker and stays small."""
    panel = guide_panel(TIER_1)
    assert all(name in panel for name in TIER_1.names)
    assert len(panel) < 10_000
