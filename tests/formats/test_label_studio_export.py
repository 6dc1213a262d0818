"""Exports of Label Studio: whatever the labels, whoever made them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.errors import InvalidFile
from annotate.formats.foreign import Export, Region
from annotate.formats.label_studio_export import read
from annotate.model import Range

TEXT = "The keeper 🏮 of Lame\u0301ra light said nothing."


def region(start: int, end: int, *labels: str, name: str = "r1", **more: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": TEXT[start:end], "labels": list(labels)}
    return {
        "id": name,
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "value": value,
    } | more


def annotation(*result: Any, **more: Any) -> dict[str, Any]:
    return {"id": 5, "completed_by": 2, "result": list(result), "was_cancelled": False} | more


def task(*annotations: Any, **more: Any) -> dict[str, Any]:
    return {"id": 9, "data": {"text": TEXT}, "annotations": list(annotations)} | more


def exported(*tasks: Any) -> Export:
    return read(json.dumps(list(tasks)).encode(), place="export.json")


def regions(*result: Any) -> tuple[Region, ...]:
    (found,) = exported(task(annotation(*result))).tasks
    return found.submissions[0].regions


def test_a_region_keeps_its_offsets_quote_and_label() -> None:
    """Offsets are taken as they are: code points, also behind an emoji."""
    (found,) = regions(region(11, 12, "Lamp", origin="prediction"))
    assert TEXT[found.start : found.end] == found.quote == "🏮"
    assert (found.label, found.origin) == ("Lamp", "prediction")
    assert found.place == "export.json task 9 annotation 5 region r1"


def test_a_region_with_two_labels_is_two() -> None:
    """Each label is a statement of its own."""
    assert [item.label for item in regions(region(0, 10, "Who", "Where"))] == ["Who", "Where"]


def test_answers_to_a_region_go_with_it() -> None:
    """Per-region choices share the id of the label's part."""
    choice = {
        "id": "r1",
        "from_name": "sure",
        "type": "choices",
        "value": {"start": 0, "end": 10, "choices": ["very"]},
    }
    (found,) = regions(choice, region(0, 10, "Who"))
    assert found.answers == {"sure": "very"}


@pytest.mark.parametrize(
    ("completed_by", "person"),
    [(7, "7"), ({"id": 7, "email": "ana@holm.example"}, "ana@holm.example"), ({"id": 7}, "7")],
)
def test_who_made_it_is_an_address_or_a_number(completed_by: object, person: str) -> None:
    """Exports have either, as they were asked for."""
    (found,) = exported(task(annotation(completed_by=completed_by))).tasks
    assert found.submissions[0].person == person


@pytest.mark.parametrize("completed_by", [None, {}, True, " ", [3]])
def test_an_annotation_of_nobody_is_refused(completed_by: object) -> None:
    """Agreement is between people: two unknown ones could be the same."""
    export = exported(task(annotation(completed_by=completed_by)))
    assert export.tasks[0].submissions == ()
    assert [item.place for item in export.rejects] == ["export.json task 9 annotation 5"]


def test_a_skipped_annotation_has_no_regions() -> None:
    """What stood there when somebody skipped the task is no statement."""
    (found,) = exported(task(annotation(region(0, 3, "Who"), was_cancelled=True))).tasks
    assert found.submissions[0].skipped
    assert found.submissions[0].regions == ()


def test_predictions_drafts_and_relations_are_counted_and_left_aside() -> None:
    """Nothing goes without a word."""
    relation = {"type": "relation", "from_id": "a", "to_id": "b"}
    whole = {"type": "choices", "from_name": "topic", "value": {"choices": ["sea"]}}
    export = exported(task(annotation(relation, whole), predictions=[{}, {}], drafts=[{}]))
    expected = {"predictions": 2, "drafts": 1, "relation": 1, "choices topic": 1}
    assert dict(export.ignored) == expected
    assert not export.rejects


@pytest.mark.parametrize(
    ("direction", "ends"), [("right", ("b", "a")), ("left", ("a", "b")), (None, ("b", "a"))]
)
def test_a_relation_same_source_makes_a_referent(
    direction: str | None, ends: tuple[str, str]
) -> None:
    """Of the region that it begins at, the other is the first mention."""
    link = {"type": "relation", "labels": ["same_source"], "direction": direction}
    link |= dict(zip(("from_id", "to_id"), ends, strict=True))
    parts = [region(0, 3, "Who", name="a"), region(4, 9, "Who", name="b"), link]
    first, again = regions(*parts)
    assert (first.referent, again.referent) == (None, Range(start=0, end=3))


def test_an_answer_about_the_text_goes_with_the_submission() -> None:
    """If it is one that the taxonomy asks for."""
    said = {"type": "choices", "from_name": "response_sought", "value": {"choices": ["no"]}}
    (found,) = exported(task(annotation(said))).tasks
    assert found.submissions[0].document_attributes == {"response_sought": "no"}


def test_a_file_that_was_on_no_server_says_in_the_meta_whose_it_is() -> None:
    """There are no users to name."""
    (found,) = exported(task(annotation(completed_by=None), meta={"annotator": "gold"})).tasks
    assert found.submissions[0].person == "gold"


def test_round_and_condition_are_those_the_task_records() -> None:
    """A task of a project of ours says them; any other counts as blind."""
    ours, other = exported(
        task(annotation(), meta={"round": 2, "condition": "assisted"}),
        task(annotation(), meta={"round": -1, "condition": "warm"}),
    ).tasks
    assert (ours.submissions[0].round, ours.submissions[0].condition) == (2, "assisted")
    assert (other.submissions[0].round, other.submissions[0].condition) == (1, "blind")


@pytest.mark.parametrize(
    "part",
    [
        region(0, 3, "Who", type="hypertextlabels"),
        region(0, 3, "Who") | {"value": {"start": "/p[1]/text()[1]", "end": "/p[1]/text()[1]"}},
    ],
)
def test_regions_on_a_page_make_it_a_page(part: dict[str, Any]) -> None:
    """Paths of elements are no offsets."""
    export = exported(task(annotation(part)))
    assert export.tasks[0].html
    assert not export.rejects


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (region(0, 3), "no label"),
        (region(0, 3, "Who") | {"value": {"start": 0.5, "end": 3, "labels": ["Who"]}}, "whole"),
        (region(0, 3, "Who") | {"value": {"start": 0, "labels": ["Who"]}}, "end None"),
        ("Who", "no region"),
    ],
)
def test_a_part_that_is_no_region_is_refused(part: object, reason: str) -> None:
    """With its place, and the submission knows that something is missing."""
    export = exported(task(annotation(part)))
    (reject,) = export.rejects
    assert reason in reject.reason
    assert reject.place.startswith("export.json task 9 annotation 5 region")
    assert export.tasks[0].submissions[0].refused == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"id,text\n1,x\n", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"{}", "no list"),
        (b'[{"text": "x", "annotator": 1, "annotation_id": 2}]', "JSON-MIN"),
        (b'[{"a": 1}]', "no tasks"),
    ],
)
def test_what_is_no_export_is_said_in_one_line(data: bytes, words: str) -> None:
    """The place, what is wrong with it, and what to do."""
    with pytest.raises(InvalidFile, match=words) as caught:
        read(data, place="export.json")
    assert str(caught.value).startswith("export.json: ")
    assert caught.value.hint


def test_items_that_are_no_tasks_are_refused_and_the_rest_is_read() -> None:
    """One broken item costs only itself."""
    export = exported(3, {"id": 4, "data": None}, task(annotation(), "x"))
    assert [item.place for item in export.rejects] == [
        "export.json number 1",
        "export.json task 4",
        "export.json task 9 annotation number 2",
    ]
    assert len(export.tasks[0].submissions) == 1


def test_half_a_surrogate_pair_is_a_replacement_character() -> None:
    """It is one code point before and after, so that offsets hold."""
    (found,) = read(b'[{"data": {"text": "a\\ud83db"}, "annotations": []}]', place="e").tasks
    assert found.data["text"] == "a\ufffdb"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["id", "data", "annotations", "result", "type", "value", "start", "end", "labels",
             "completed_by", "text", "meta", "round", "lead_time", "predictions", "origin"]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=25,
)  # fmt: skip


@given(st.lists(VALUES, max_size=3))
def test_any_json_is_read_or_refused(value: list[Any]) -> None:
    """Whatever stands where, nothing but InvalidFile is raised."""
    try:
        export = read(json.dumps(value).encode(), place="e")
    except InvalidFile:
        return
    assert all(item.reason and item.place for item in export.rejects)
