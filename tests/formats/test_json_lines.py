"""JSON lines of several tools: plain ones, doccano's two kinds, and what does not fit."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.formats import doccano, jsonl
from annotate.formats.foreign import Export, Region
from annotate.model import Range

TEXT = "A pilot 🛥️ spoke."


def lines(*rows: Any) -> dict[str, bytes]:
    return {"t.jsonl": "\n".join(json.dumps(row) for row in rows).encode()}


def regions(export: Export) -> list[Region]:
    (task,) = export.tasks
    return list(task.submissions[0].regions)


@pytest.mark.parametrize(
    "span",
    [
        {"start": 0, "end": 7, "label": "Who"},
        {"start": 0, "end": 7, "marker": "Who", "text": "A pilot"},
        {"start_offset": 0, "end_offset": 7, "label": "Who", "id": 4},
        [0, 7, "Who"],
    ],
)
@pytest.mark.parametrize("name", ["spans", "labels", "label"])
def test_a_span_may_be_written_in_several_ways(name: str, span: Any) -> None:
    """As an object with either names, or as a list of three."""
    (found,) = regions(jsonl.read(lines({"text": TEXT, name: [span]}), person="x"))
    assert (found.start, found.end, found.label) == (0, 7, "Who")


def test_what_else_a_line_says_is_kept_with_the_text() -> None:
    """Whoever reads the text may want its address and its outlet."""
    row = {"text": TEXT, "spans": [], "url": "https://holm.example/1", "publishers": ["A", "B"]}
    export = jsonl.read(lines(row), person="x")
    (task,) = export.tasks
    assert task.data["url"] == "https://holm.example/1"
    assert task.data["publisher"] == "A"
    assert export.ignored == {"further publishers": 1}


def test_a_line_names_its_annotator_or_they_are_the_files() -> None:
    """So that one file can hold what several made of one text."""
    rows = [{"text": TEXT, "spans": [], "annotator": "ana"}, {"text": TEXT, "spans": []}]
    export = jsonl.read(lines(*rows), person="ben")
    assert [task.submissions[0].person for task in export.tasks] == ["ana", "ben"]


def test_a_line_without_spans_is_an_article_that_nobody_read() -> None:
    """An empty list is a statement; no list is none."""
    export = jsonl.read(lines({"text": TEXT}, {"text": TEXT, "spans": []}), person="x")
    assert [len(task.submissions) for task in export.tasks] == [0, 1]


def test_relations_of_doccano_are_referents() -> None:
    """Those of the type same_source; others are counted."""
    entities = [
        {"id": 5, "label": "Who", "start_offset": 0, "end_offset": 7},
        {"id": 6, "label": "Who", "start_offset": 2, "end_offset": 7},
    ]
    relations = [
        {"id": 1, "from_id": 6, "to_id": 5, "type": "same_source"},
        {"id": 2, "from_id": 6, "to_id": 9, "type": "same_source"},
        {"id": 3, "from_id": 6, "to_id": 5, "type": "says"},
    ]
    row = {"text": TEXT, "entities": entities, "relations": relations}
    export = doccano.read(lines(row), person="x")
    assert [item.referent for item in regions(export)] == [None, Range(start=0, end=7)]
    assert export.ignored["relation"] == 2


@pytest.mark.parametrize(
    ("span", "reason"),
    [
        ({"start": "0", "end": 7, "label": "Who"}, "start '0' and end 7 are not whole numbers"),
        ({"start": True, "end": 7, "label": "Who"}, "not whole numbers"),
        ({"start": 0, "end": 7}, "label None is no text"),
        ({"start": 0, "end": 7, "label": " "}, "no text"),
        ({"start": 0, "end": 7, "label": "Who", "referent": [3, 1]}, "its referent is no range"),
        ([0, 7], "no list of start, end and label"),
        ("Who", "it is no object"),
    ],
)
def test_a_span_that_does_not_fit_is_refused_with_its_line(span: Any, reason: str) -> None:
    """The others of the line are read."""
    row = {"text": TEXT, "spans": [span, [2, 7, "Who"]]}
    export = jsonl.read(lines({"text": TEXT}, row), person="x")
    (reject,) = export.rejects
    assert reject.place == "t.jsonl:2 span 1"
    assert reason in reject.reason
    assert export.tasks[1].submissions[0].refused == 1
    assert len(export.tasks[1].submissions[0].regions) == 1


def test_a_line_that_is_no_object_is_refused() -> None:
    """Each with its number; a byte order mark and blank lines are none."""
    data = "\ufeff{}\n\nnothing\n[1]\n".encode()
    export = jsonl.read({"t.jsonl": data}, person="x")
    assert [item.place for item in export.rejects] == ["t.jsonl:3", "t.jsonl:4"]
    assert len(export.tasks) == 1


def test_a_file_in_another_encoding_is_refused() -> None:
    """By its name."""
    export = jsonl.read({"t.jsonl": b"\xff{}"}, person="x")
    assert [item.reason for item in export.rejects] == ["t.jsonl is not UTF-8"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 30) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["text", "spans", "label", "start", "end", "id", "entities", "relations",
                         "referent", "attributes", "publishers", "from_id", "to_id", "type"]),
        inner,
        max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


@given(st.lists(JSON, max_size=3))
def test_any_json_is_read_or_refused(rows: list[Any]) -> None:
    """No line of any file raises."""
    files = {"t.jsonl": msgspec.json.Encoder().encode_lines(rows)}
    for form in (jsonl, doccano):
        export = form.read(files, person="x")
        assert len(export.tasks) + len(export.rejects) >= len(rows)
