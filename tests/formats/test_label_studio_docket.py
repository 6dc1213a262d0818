"""Dockets to Label Studio's tasks, and decisions back: nothing moves, nothing is made up."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate import taxonomy
from annotate.docket import Case, Decided, Decision, Docket
from annotate.formats.label_studio_decided import DELETED, ParsedDecided, parse_decided
from annotate.formats.label_studio_docket import (
    docket_payload,
    docket_problem,
    read_docket_identity,
)
from annotate.model import Range, Span, document_id, text_sha256

TAXONOMY = taxonomy.load().tier(1)
TEXT = (
    "Two cooks 🏭 left early. Critics say\nthe fees will rise. "
    "Six mayors met; a friend of one agreed."
)
STATUSES = ["contested", "stale", "agreed", "decided"]
BEFORE = {"decided": ["accepted", "modified", "rejected", "ambiguous"], "stale": ["accepted"]}


def on(words: str, marker: str = "vague_collective_source", **fields: Any) -> Span:
    start = TEXT.index(words)
    return Span(start=start, end=start + len(words), marker=marker, **fields)


def case(span: Span, status: str = "contested", **fields: Any) -> Case:
    made: dict[str, Any] = {
        "case_id": f"{span.marker}-{span.start}-{span.end}-0123456789abcdef",
        "start": span.start,
        "end": span.end,
        "marker": span.marker,
        "status": status,
        "proposed": span,
        "support": "1 of 2",
        "ground": "c-0",
        "before": next(iter(BEFORE.get(status, [])), None),
    }
    return Case(**(made | fields))


def docket(*cases: Case, text: str = TEXT) -> Docket:
    return Docket(
        doc_id=document_id(text),
        text_sha256=text_sha256(text),
        text=text,
        gain=1.0,
        annotators=2,
        ground="c-all",
        cases=cases,
    )


def task_of(found: Docket) -> dict[str, Any]:
    return docket_payload(
        found, taxonomy=TAXONOMY, project="p", adjudicator="dana", guide="<p>guide</p>"
    )


def regions(task: dict[str, Any]) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = task["predictions"][0]["result"]
    return result


def answer(region: dict[str, Any], name: str, *values: str, key: str = "choices") -> dict[str, Any]:
    """Give what the editor adds to a region when a control is answered."""
    place = {name: region["value"][name] for name in ("start", "end")}
    kind = "textarea" if key == "text" else "choices"
    more = {"from_name": name, "type": kind, "value": {**place, key: list(values)}}
    return {"id": region["id"], "to_name": "text", **more}


def accepted(task: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the regions as they stand, every one without a verdict accepted."""
    shown = regions(task)
    known = {item["id"] for item in shown if item["from_name"] == "verdict"}
    labels = [item for item in shown if item["from_name"] == "marker"]
    return [
        *shown,
        *(answer(item, "verdict", "accept") for item in labels if item["id"] not in known),
    ]


def parsed(found: Docket, result: Any, **fields: Any) -> ParsedDecided:
    task = task_of(found)
    annotation = {"id": 7, "updated_at": "2030-01-01T00:00:00Z", "parent_prediction": 3}
    return parse_decided(
        annotation | {"result": result} | fields,
        identity=read_docket_identity(task),
        text=found.text,
        taxonomy=TAXONOMY,
        place="task 1",
    )


def decided(found: Docket, result: Any, **fields: Any) -> Decided:
    read = parsed(found, result, **fields)
    assert read.rejects == ()
    assert read.decided is not None
    return read.decided


@st.composite
def dockets(draw: st.DrawFn) -> Docket:
    """Give a docket on a text of any characters, with one case for each of some markers."""
    text = draw(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
    cases = []
    for marker in draw(st.lists(st.sampled_from(TAXONOMY.names), unique=True, min_size=1)):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        status = draw(st.sampled_from(STATUSES))
        span = Span(
            start=start,
            end=end,
            marker=marker,
            voice=draw(st.sampled_from(["reporter", "quoted_source", "headline"])),
            confidence=draw(st.sampled_from([1, 2, 3])),
            attributes={
                item.name: draw(st.sampled_from(item.values)).value
                for item in TAXONOMY.marker(marker).attributes
                if draw(st.booleans())
            },
            referent=draw(st.sampled_from([None, Range(start=0, end=1)])),
        )
        span = span.replace(judgement=TAXONOMY.judge(marker, span.attributes))
        before = draw(st.sampled_from(BEFORE.get(status, [None])))
        cases.append(case(span, status, before=before))
    return docket(*cases, text=text)


@settings(deadline=None)
@given(dockets())
def test_what_is_accepted_as_it_stands_comes_back_so(found: Docket) -> None:
    """Every case that waits comes back with its span to the character; the others say nothing."""
    task = task_of(found)
    assert docket_problem(found, TAXONOMY) is None
    read = parsed(found, accepted(task))
    wanted = [
        Decision(case_id=item.case_id, outcome="accepted", spans=(item.proposed,))
        for item in found.waiting
    ]
    assert read.rejects == ()
    if read.decided is None:
        assert wanted == []
    else:
        assert sorted(read.decided.decisions, key=str) == sorted(wanted, key=str)
        assert (read.decided.ground, read.decided.adjudicator) == ("c-all", "dana")


def test_a_task_has_what_waits_first() -> None:
    """Contested and stale spans stand first and have no verdict; support stands under each."""
    found = docket(
        case(on("Two cooks"), "agreed"),
        case(on("Critics"), "decided", before="rejected"),
        case(on("Six mayors"), "contested", why="missed: 1 of 2 marked it"),
        case(on("a friend of one", "unnamed_source"), "stale"),
    )
    task = task_of(found)
    labels = [item for item in regions(task) if item["from_name"] == "marker"]
    words = [TEXT[it["value"]["start"] : it["value"]["end"]] for it in labels]
    assert words == ["Six mayors", "a friend of one", "Two cooks", "Critics"]
    verdicts = [it["id"] for it in regions(task) if it["from_name"] == "verdict"]
    assert verdicts == [it["id"] for it in labels[2:]]
    against = [it for it in regions(task) if it["from_name"] == "unless"]
    assert [it["value"]["choices"] for it in against] == [["reject"]]
    support = [it["value"]["text"] for it in regions(task) if it["from_name"] == "support"]
    assert support[0] == ["1 of 2 · missed: 1 of 2 marked it"]
    assert len(task["predictions"]) == 1
    assert read_docket_identity(task).cases[0].spans == (on("Six mayors"),)


def test_moved_relabelled_rejected_ambiguous() -> None:
    """Each comes back as what it is, with reason and note; text in a region is never read."""
    cases = [case(on(it)) for it in ("Two cooks", "Critics", "Six mayors", "a friend of one")]
    found = docket(*cases)
    result = accepted(task_of(found))
    labels = [item for item in result if item["from_name"] == "marker"]
    for item in [it for it in result if it["id"] == cases[0].case_id]:
        item["value"] = {**item["value"], "end": TEXT.index(" left"), "text": "never"}
    labels[1]["value"]["labels"] = ["named_attribution"]
    result += [
        answer(labels[2], "unless", "reject"),
        answer(labels[2], "reason", "slip"),
        answer(labels[2], "note", "no claim", " of theirs", key="text"),
        answer(labels[3], "unless", "ambiguous"),
    ]
    moved, relabelled, rejected, ambiguous = decided(found, result).decisions
    assert (moved.outcome, moved.spans) == ("modified", (on("Two cooks 🏭"),))
    assert relabelled.outcome == "modified"
    assert relabelled.spans == (on("Critics", "named_attribution"),)
    told = (rejected.outcome, rejected.reason, rejected.note, rejected.spans)
    assert told == ("rejected", "slip", "no claim of theirs", ())
    assert (ambiguous.outcome, ambiguous.spans) == ("ambiguous", ())


def test_deleted_and_added_regions() -> None:
    """A deleted region is a rejection that says so; a new one was missed, or what is chosen."""
    kept, gone, agreed = (
        case(on("Two cooks")),
        case(on("Critics")),
        case(on("Six mayors"), "agreed"),
    )
    found = docket(kept, gone, agreed)
    result = [it for it in accepted(task_of(found)) if it["id"] == kept.case_id]
    start = TEXT.index("a friend")
    new: dict[str, Any] = {"id": "new", "from_name": "marker", "to_name": "text", "type": "labels"}
    new["value"] = {"start": start, "end": start + 8, "labels": ["unnamed_source"]}
    again = {**new, "id": "again", "value": {**new["value"], "start": start + 2}}
    taken_back = {**new, "id": "back"}
    result += [new, again, answer(again, "reason", "boundary"), taken_back]
    result += [answer(taken_back, "unless", "reject")]
    first, second, third, fourth, fifth = decided(found, result).decisions
    assert first.outcome == "accepted"
    assert (second.case_id, second.outcome, second.note) == (gone.case_id, "rejected", DELETED)
    assert (third.case_id, third.outcome, third.note) == (agreed.case_id, "rejected", DELETED)
    assert (fourth.case_id, fourth.outcome, fourth.reason) == (None, "accepted", "missed")
    assert fourth.spans == (on("a friend", "unnamed_source"),)
    assert fifth.reason == "boundary"


def test_what_was_decided_before_can_be_changed() -> None:
    """Left alone it says nothing again; taken back, or with another outcome, it does."""
    before = case(on("Critics"), "decided", before="rejected")
    found = docket(case(on("Two cooks")), before)
    result = accepted(task_of(found))
    assert [it.case_id for it in decided(found, result).decisions] == [found.cases[0].case_id]
    changed = [it for it in result if it["from_name"] != "unless"]
    assert decided(found, changed).decisions[1].outcome == "accepted"


def test_a_case_of_several_spans() -> None:
    """What a verdict accepted beside the proposed span has a region of its own."""
    second = on("Critics")
    found = docket(case(on("Two cooks"), "stale", also=(second,)))
    result = accepted(task_of(found))
    (both,) = decided(found, result).decisions
    assert (both.outcome, both.spans) == ("accepted", (on("Two cooks"), second))
    last = [it["id"] for it in result if it["from_name"] == "marker"][-1]
    (one,) = decided(found, [it for it in result if it["id"] != last]).decisions
    assert (one.outcome, one.spans) == ("modified", (on("Two cooks"),))


def test_a_relation_says_which_mention_is_first() -> None:
    """The later of two connected regions refers to the first, however the line was drawn."""
    found = docket(case(on("Two cooks")), case(on("Six mayors")))
    result = accepted(task_of(found))
    ends = {"from_id": found.cases[0].case_id, "to_id": found.cases[1].case_id}
    first, later = decided(found, [*result, {"type": "relation", **ends}]).decisions
    assert first.outcome == "accepted"
    referent = Range(start=0, end=len("Two cooks"))
    assert (later.outcome, later.spans[0].referent) == ("modified", referent)


def test_the_whole_document_rejected() -> None:
    """It stands instead of decisions on cases; answers about the document go along."""
    found = docket(case(on("Two cooks")))
    whole = {
        "id": "w",
        "from_name": "whole",
        "type": "choices",
        "value": {"choices": ["document rejected"]},
    }
    sought: dict[str, Any] = {"id": "s", "from_name": "response_sought", "type": "choices"}
    sought["value"] = {"choices": ["no"]}
    read = decided(found, [*accepted(task_of(found)), whole, sought])
    assert (read.whole, read.decisions) == ("rejected", ())
    assert read.document_attributes == {"response_sought": "no"}


@pytest.mark.parametrize(
    ("result", "fields"),
    [([], {"parent_prediction": None}), (None, {"parent_prediction": None})],
    ids=["nothing", "no-result"],
)
def test_an_empty_submission_decides_nothing(result: Any, fields: dict[str, Any]) -> None:
    """Without a span shown nothing was rejected: a sentence says what to do."""
    read = parsed(docket(case(on("Two cooks"))), result, **fields)
    assert read.decided is None
    assert "it decides nothing: give each contested span a verdict" in read.rejects[0].reason


def test_without_a_verdict_nothing_is_decided() -> None:
    """The page demands one; where it is missing all the same, the case goes on waiting."""
    found = docket(case(on("Two cooks")), case(on("Critics")))
    result = regions(task_of(found))
    result = [*result, answer(result[-1], "verdict", "accept")]
    assert [it.case_id for it in decided(found, result).decisions] == [found.cases[1].case_id]
    assert parsed(found, regions(task_of(found))).decided is None


def test_skipping_decides_nothing() -> None:
    """A skipped task is no submission, and nothing is wrong with it."""
    found = docket(case(on("Two cooks")))
    read = parsed(found, accepted(task_of(found)), was_cancelled=True)
    assert (read.decided, read.rejects) == (None, ())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"end": 4_000}, "does not lie in the text's"),
        ({"labels": ["gossip"]}, 'marker "gossip" is not known'),
    ],
)
def test_a_region_that_does_not_fit_leaves_its_case_open(
    change: dict[str, Any], reason: str
) -> None:
    """It is refused, and not taken for a deleted one."""
    found = docket(case(on("Two cooks")), case(on("Critics")))
    result = accepted(task_of(found))
    label = next(it for it in result if it["from_name"] == "marker")
    label["value"] = label["value"] | change
    read = parsed(found, result)
    assert reason in read.rejects[0].reason
    assert read.decided is not None
    assert [it.case_id for it in read.decided.decisions] == [found.cases[1].case_id]


KEYS = ["id", "type", "from_name", "value", "start", "end", "labels", "choices", "text"]
ODD = st.recursive(
    st.none() | st.integers() | st.text(max_size=5) | st.sampled_from(["verdict", "whole", "note"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=12,
)


@settings(deadline=None)
@given(ODD)
def test_no_payload_breaks_the_reader(item: Any) -> None:
    """Whatever stands in a result, it is a reject with a reason, never a crash."""
    found = docket(case(on("Two cooks")))
    read = parsed(found, [item, *accepted(task_of(found))])
    assert read.decided is not None
    assert len(read.decided.decisions) == 1
    assert len(read.rejects) == 1


def test_a_task_says_which_docket_it_is() -> None:
    """Identity survives the task; what is missing or is none is named."""
    task = task_of(docket(case(on("Two cooks"))))
    identity = read_docket_identity(task)
    assert (identity.doc_id, identity.project) == (document_id(TEXT), "p")
    with pytest.raises(ValueError, match="does not say which docket it is"):
        read_docket_identity({**task, "meta": {**task["meta"], "cases": [{"case_id": "x"}]}})
    with pytest.raises(ValueError, match="does not say which docket it is"):
        read_docket_identity({"id": 1})


def test_a_docket_that_does_not_fit_is_named() -> None:
    """A marker that is not in use, or a range behind the end, is no task."""
    gone = on("Critics").replace(marker="gossip")
    assert "gossip" in (docket_problem(docket(case(gone)), TAXONOMY) or "")
    behind = on("Critics").replace(end=4_000)
    assert "lies behind the text" in (docket_problem(docket(case(behind)), TAXONOMY) or "")
