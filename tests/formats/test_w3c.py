"""W3C Web Annotations: selectors, units, and what does not fit."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.formats import w3c, w3c_read
from annotate.formats.foreign import Export
from annotate.formats.labelled import Labelled, LabelledSpan
from annotate.model import Range

TEXT = "🛳️ A clerk said so. 🛳️ A clerk left."


def read(*items: Any, text: str = TEXT, page: Any = None) -> Export:
    content = {"type": "AnnotationPage", "items": items} if page is None else page
    files = {"a.txt": text.encode(), "a.jsonld": json.dumps(content).encode()}
    return w3c_read.read(files, person="x")


def annotation(*selectors: Any, **more: Any) -> dict[str, Any]:
    target = {"source": "a.txt", "selector": list(selectors)}
    return {"motivation": "tagging", "body": {"value": "Who"}, "target": target} | more


def position(start: object, end: object) -> dict[str, Any]:
    return {"type": "TextPositionSelector", "start": start, "end": end}


def quotation(exact: str, **more: str) -> dict[str, Any]:
    return {"type": "TextQuoteSelector", "exact": exact} | more


def places(export: Export) -> list[tuple[int, int]]:
    (task,) = export.tasks
    return [(it.start, it.end) for each in task.submissions for it in each.regions]


def test_a_page_is_as_the_recommendation_says(grown: Any) -> None:
    """Positions in code points, and the words with what stands around them."""
    span = LabelledSpan(start=3, end=11, marker="unnamed_source", referent=Range(start=23, end=30))
    item = Labelled(doc_id="d-1", text=TEXT, spans=(span,))
    w3c.write([item], name="train", put=grown.put)
    page = json.loads(grown.files["train/d-1.jsonld"])
    assert (page["@context"], page["type"]) == (
        "http://www.w3.org/ns/anno.jsonld",
        "AnnotationPage",
    )
    (found,) = page["items"]
    tag, link = found["body"]
    assert tag == {"type": "TextualBody", "purpose": "tagging", "value": "unnamed_source"}
    assert (link["type"], link["purpose"]) == ("SpecificResource", "linking")
    assert found["target"]["source"] == "d-1.txt"
    assert found["target"]["selector"] == [
        {"type": "TextPositionSelector", "start": 3, "end": 11},
        {
            "type": "TextQuoteSelector",
            "exact": "A clerk ",
            "prefix": "🛳️ ",
            "suffix": "said so. 🛳️ A clerk left.",
        },
    ]


def test_units_of_utf_16_are_converted_where_the_words_prove_them() -> None:
    """Browsers count two for an emoji; it is said how many were converted."""
    export = read(annotation(position(4, 11), quotation("A clerk")))
    assert places(export) == [(3, 10)]
    assert sum(export.notes.values()) == 1
    assert not read(annotation(position(3, 10), quotation("A clerk"))).notes


def test_code_points_count_where_both_units_fit() -> None:
    """As the recommendation says."""
    export = read(annotation(position(2, 3), quotation("a")), text="🛳aaa")
    assert places(export) == [(2, 3)]
    assert not export.notes


def test_words_alone_are_found_where_they_stand_once() -> None:
    """With what stands around them; else it is refused."""
    found = read(annotation(quotation("A clerk", suffix=" left")))
    assert places(found) == [(23, 30)]
    export = read(annotation(quotation("A clerk")), annotation(quotation("A skipper")))
    assert [item.place for item in export.rejects] == [
        "a.jsonld annotation 1",
        "a.jsonld annotation 2",
    ]
    assert export.tasks[0].submissions[0].refused == 2


@pytest.mark.parametrize("wrap", ["list", "collection", "one"])
def test_annotations_may_come_in_other_ways(wrap: str) -> None:
    """As a list, as a collection with its first page, or one alone."""
    item = annotation(position(3, 10))
    pages = {"list": [item], "collection": {"first": {"items": [item]}}, "one": item}
    assert places(read(page=pages[wrap])) == [(3, 10)]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"body": []}, "0 tags"),
        ({"body": ["a", "b"]}, "2 tags"),
        ({"target": {"source": "a.txt", "selector": position("3", 10)}}, "not whole numbers"),
        ({"target": "a.txt"}, "not once"),
        ({"body": ["a", {"purpose": "linking", "selector": position(3, 3)}]}, "not after"),
    ],
)
def test_an_annotation_that_does_not_fit_is_refused(changes: dict[str, Any], reason: str) -> None:
    """With its number on the page; the others are read."""
    export = read(annotation(position(3, 10)) | changes, annotation(position(3, 10)))
    (reject,) = export.rejects
    assert (reject.place, reason in reject.reason) == ("a.jsonld annotation 1", True)
    assert places(export) == [(3, 10)]


def test_a_page_without_its_text_is_refused() -> None:
    """A text without a page is an article that nobody read."""
    item = json.dumps(annotation(position(0, 1))).encode()
    export = w3c_read.read({"b.json": item, "c.txt": b"A clerk."}, person="x")
    assert [it.reason for it in export.rejects] == ["the text that it is of is not there"]
    assert [(task.place, task.submissions) for task in export.tasks] == [("c.txt", ())]


JSON = st.recursive(
    st.none() | st.integers(-3, 30) | st.sampled_from(["a.txt", "tagging", "A", "x: y"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["items", "first", "target", "selector", "source", "type", "body",
                         "purpose", "value", "start", "end", "exact", "motivation"]),
        inner,
        max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


@given(JSON, st.lists(JSON, max_size=3))
def test_any_json_is_read_or_refused(page: Any, items: list[Any]) -> None:
    """No page raises."""
    read(page=page if page is not None else [])
    read(*items)
