"""Spans to Label Studio's JSON and back: nothing moves, nothing is lost."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate import taxonomy
from annotate.formats.label_studio import (
    Identity,
    annotation_payload,
    read_identity,
    span_problem,
    task_payload,
)
from annotate.formats.label_studio_results import ParsedAnnotation, parse_annotation, stranger
from annotate.model import (
    Assignment,
    Document,
    Range,
    Span,
    assignment_id,
    document_id,
    text_sha256,
)

TAXONOMY = taxonomy.load().tier(1)
TEXT = (
    "A guard at the mill 🏭 spoke. A cook agreed.\nThe guard left; the cook stayed, said a friend."
)
KEYS = ["id", "type", "from_name", "value", "start", "end", "labels", "choices"]
FULL = {item.name: item.values[-1].value for item in TAXONOMY.marker("unnamed_source").attributes}


def task_of(text: str = TEXT) -> dict[str, Any]:
    document = Document(
        doc_id=document_id(text), text=text, text_sha256=text_sha256(text), canonicaliser="test@1"
    )
    assignment = Assignment(
        assignment_id=assignment_id(doc_id=document.doc_id, annotator="ana", round=1),
        doc_id=document.doc_id,
        annotator="ana",
        round=1,
        condition="blind",
    )
    return task_payload(document, assignment, taxonomy=TAXONOMY, project="p", guide="")


def parsed(body: dict[str, Any], text: str = TEXT) -> ParsedAnnotation:
    annotation = {"id": 7, "updated_at": "2030-01-01T00:00:00Z"} | body
    identity: Identity = read_identity(task_of(text))
    return parse_annotation(
        annotation, identity=identity, text=text, taxonomy=TAXONOMY, place="task 1"
    )


def on(words: str, **fields: Any) -> Span:
    start = TEXT.index(words)
    place: dict[str, Any] = {"start": start, "end": start + len(words), "marker": "unnamed_source"}
    return Span(**(place | fields))


@st.composite
def annotated(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """Give a text of any characters and spans of it, no two of one marker overlapping."""
    text = draw(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
    spans: dict[str, Span] = {}
    for marker in draw(st.lists(st.sampled_from(TAXONOMY.names), unique=True, max_size=5)):
        start = draw(st.integers(0, len(text) - 1))
        attributes = {
            item.name: draw(st.sampled_from(item.values)).value
            for item in TAXONOMY.marker(marker).attributes
            if draw(st.booleans()) and item.name != "identity_form"
        }
        spans[marker] = Span(
            start=start,
            end=draw(st.integers(start + 1, len(text))),
            marker=marker,
            voice=draw(st.sampled_from(["reporter", "quoted_source", "headline"])),
            confidence=draw(st.sampled_from([1, 2, 3])),
            attributes=attributes,
        )
    return text, list(spans.values())


@settings(deadline=None)
@given(annotated())
def test_spans_round_trip(case: tuple[str, list[Span]]) -> None:
    """What is submitted is what is read, for any text and any legal answers."""
    text, spans = case
    result = parsed(annotation_payload(spans, text=text), text)
    assert result.rejects == ()
    fields = ("start", "end", "marker", "voice", "confidence", "attributes")
    plain = [tuple(getattr(item, name) for name in fields) for item in result.annotation.spans]
    wanted = [tuple(getattr(item, name) for name in fields) for item in spans]
    assert sorted(plain, key=str) == sorted(wanted, key=str)
    for span in result.annotation.spans:
        assert span.judgement == TAXONOMY.judge(span.marker, span.attributes)


ODD = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=12,
)


@settings(deadline=None)
@given(ODD)
def test_no_payload_breaks_the_reader(item: Any) -> None:
    """Whatever stands in a result, it is a reject with a reason or a span, never a crash."""
    body = {"result": [item, *annotation_payload([on("A cook")], text=TEXT)["result"]]}
    result = parsed(body)
    assert len(result.annotation.spans) == 1
    assert len(result.rejects) == 1


def test_a_task_says_whose_it_is() -> None:
    """Identity survives the task; one that does not hold is refused with the reason."""
    task = task_of()
    identity = read_identity(task)
    assert identity.assignment.annotator == "ana"
    assert identity.text_sha256 == text_sha256(TEXT)
    with pytest.raises(ValueError, match="'annotator' is missing"):
        read_identity({**task, "meta": {}})
    with pytest.raises(ValueError, match="does not say whose it is"):
        read_identity({"id": 1})
    stolen = {**task["meta"], "annotator": "ben"}
    with pytest.raises(ValueError, match="is not that of its document and annotator"):
        read_identity({**task, "meta": stolen})


@pytest.mark.parametrize(
    ("where", "changed"),
    [
        ("meta", {"round": "1"}),
        ("meta", {"condition": "weird"}),
        ("meta", {"shown": [1]}),
        ("meta", {"project": None}),
        ("data", {"text_sha256": 5}),
    ],
)
def test_an_identity_of_other_types_is_refused(where: str, changed: dict[str, Any]) -> None:
    """A task that somebody changed on the server never gets into the tables as it is."""
    task = task_of()
    with pytest.raises(ValueError, match="does not say whose it is"):
        read_identity({**task, where: task[where] | changed})


def test_skipped_and_empty() -> None:
    """A skipped annotation has no spans whatever its result; an empty one is a statement."""
    body = annotation_payload([on("A cook")], text=TEXT, skipped=True)
    assert parsed(body).annotation.skipped
    assert parsed(body).annotation.spans == ()
    assert not parsed(annotation_payload([], text=TEXT)).annotation.skipped


def test_ids_are_stable() -> None:
    """Reading twice gives the same ids; another region has another."""
    body = annotation_payload([on("A cook"), on("A guard at the mill")], text=TEXT)
    first, second = parsed(body).annotation, parsed(body).annotation
    assert first == second
    assert len({item.span_id for item in first.spans}) == 2


def test_a_chain_of_relations_ends_at_the_first_mention() -> None:
    """Third to second to first: both re-mentions refer to the first and take its answers."""
    first = on("A guard at the mill", attributes=FULL | {"identity_form": "role_only"})
    second = on(
        "The guard",
        attributes={"identity_form": "anaphor"},
        referent=Range(start=first.start, end=first.end),
    )
    third = on(
        "the cook",
        attributes={"identity_form": "anaphor"},
        referent=Range(start=second.start, end=second.end),
    )
    spans = parsed(annotation_payload([third, second, first], text=TEXT)).annotation.spans
    assert spans[0].referent is None
    for span in spans[1:]:
        assert span.referent == Range(start=first.start, end=first.end)
        assert span.attributes == FULL | {"identity_form": "anaphor"}


def test_a_lone_anaphor_belongs_to_the_nearest_before_it() -> None:
    """Without a relation the nearest unnamed source before it is meant; the first has none."""
    spans = [
        on("A guard at the mill", attributes={"identity_form": "anaphor"}),
        on("A cook", attributes=FULL | {"identity_form": "role_only"}),
        on("The guard", attributes={"identity_form": "anaphor"}),
        on("the cook", attributes={"identity_form": "anaphor"}),
    ]
    read = parsed(annotation_payload(spans, text=TEXT)).annotation.spans
    cook = Range(start=spans[1].start, end=spans[1].end)
    assert [item.referent for item in read] == [None, None, cook, cook]


def test_relations_that_cannot_be_are_refused() -> None:
    """Another label, and two different markers, are rejects; the spans stay."""
    spans = [on("A guard at the mill"), on("A cook", marker="named_attribution")]
    body = annotation_payload(spans, text=TEXT)
    ids = [item["id"] for item in body["result"]]
    link = {"type": "relation", "from_id": ids[0], "to_id": ids[1]}
    body["result"] += [link, {**link, "labels": ["causes"]}]
    result = parsed(body)
    assert [item.reason for item in result.rejects] == [
        "unnamed_source and named_attribution cannot be the same source",
        "relation ['causes'] is not known; legal: same_source",
    ]
    assert len(result.annotation.spans) == 2


def test_overlapping_spans_of_a_marker_become_one() -> None:
    """The longest keeps its answers and its id; the others are reported."""
    long, short = on("A guard at the mill", attributes=FULL), on("the mill 🏭 spoke")
    result = parsed(annotation_payload([short, long], text=TEXT))
    (span,) = result.annotation.spans
    assert TEXT[span.start : span.end] == "A guard at the mill 🏭 spoke"
    assert span.attributes == dict(sorted(FULL.items()))
    assert len(result.merged) == 1


@pytest.mark.parametrize(
    ("span", "reason"),
    [
        (on("A cook", marker="gossip"), 'marker "gossip" is not in use'),
        (on("A cook", end=1_000), "lies behind the text"),
        (on("A cook", attributes={"mood": "bad"}), "unnamed_source has no attribute mood"),
        (on("A cook", attributes={"interest": "x"}), 'interest "x" is not known; legal:'),
    ],
)
def test_what_a_span_cannot_be(span: Span, reason: str) -> None:
    """Bounds, marker, attributes and values are checked before anything is sent."""
    assert reason in (span_problem(span, text=TEXT, taxonomy=TAXONOMY) or "")


def test_who_touched_it() -> None:
    """The assignee alone is no stranger; ids come as numbers or inside a user."""
    assert stranger({"completed_by": 1, "updated_by": None}, assignee=1) is None
    assert stranger({"completed_by": {"id": 1}, "updated_by": 2}, assignee=1) == 2
    assert stranger({"completed_by": 3}, assignee=None) == 3
