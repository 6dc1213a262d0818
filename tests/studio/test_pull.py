"""Pulling from a real server: exact spans, and a reason for whatever does not fit."""

import gzip
import json
import shutil
from typing import Any

import httpx
import pytest

from annotate.errors import NothingToDo
from annotate.formats.label_studio import annotation_payload
from annotate.model import Annotation, Assignment, Document, Range, Span, Suggestion, suggestion_id
from annotate.pipeline.pull import pull
from annotate.pipeline.push import push

pytestmark = pytest.mark.studio

# A ZWJ family, a flag, combining marks: one glyph each, and 7, 2 and 3 code points.
TEXT = (
    "👨‍👩‍👧‍👦 and 🇳🇱 were here; the cafe\u0301\u0323 is full. A clerk in the town hall said so.\n"
    "“Nobody asked,” the clerk added. A driver and a cook agreed."
)
ANSWERS = {
    "identity_form": "role_only",
    "specificity": "2",
    "reason_for_anonymity": "none",
    "basis_of_knowledge": "hearsay",
    "corroboration": "none",
    "interest": "unstated",
    "claim_stakes": "low",
}


def on(words: str, text: str = TEXT, **fields: Any) -> Span:
    start = text.index(words)
    return Span(**{"start": start, "end": start + len(words), "marker": "unnamed_source"} | fields)


def region(
    start: Any, end: Any, label: str, name: str = "marker", key: str = "labels", **more: Any
) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": "never trusted", key: [label]}
    return {"id": "r1", "from_name": name, "to_name": "text", "type": key, "value": value, **more}


def pushed(team: Any, text: str = TEXT, **fields: Any) -> dict[str, Any]:
    team.add(text, **fields)
    push(team.workspace)
    task: dict[str, Any] = team.tasks()[0]
    return task


def only(team: Any) -> Annotation:
    (annotation,) = team.workspace.rows(Annotation)
    return annotation


def files(team: Any) -> dict[str, tuple[int, int]]:
    return {
        str(path): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in team.workspace.root.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def test_nothing_pushed_names_the_next_command(team: Any) -> None:
    """Before a push there is nothing to pull, and the hint says so."""
    with pytest.raises(NothingToDo, match="annotate push"):
        pull(team.workspace)


def test_spans_come_back_exact_behind_emoji(team: Any) -> None:
    """Offsets are code points; text is cut from our own document, answers give the judgement."""
    task = pushed(team)
    spans = [
        on("A clerk in the town hall", attributes=ANSWERS, voice="headline", confidence=1),
        on("🇳🇱", marker="vague_collective_source"),
        on("cafe\u0301\u0323", marker="named_attribution", attributes={"form": "short"}),
    ]
    body = annotation_payload(
        spans, text=TEXT, lead_time_s=12.5, document_attributes={"response_sought": "no"}
    )
    team.submit("ana", task["id"], **body)
    result = pull(team.workspace)
    annotation = only(team)
    found = {TEXT[item.start : item.end]: item for item in annotation.spans}
    assert set(found) == {"A clerk in the town hall", "🇳🇱", "cafe\u0301\u0323"}
    clerk = found["A clerk in the town hall"]
    assert clerk.judgement == "unverifiable_anonymous_source"
    assert (clerk.voice, clerk.confidence, clerk.origin) == ("headline", 1, "manual")
    assert found["🇳🇱"].voice == "reporter"
    assert found["🇳🇱"].confidence == 3
    assert annotation.lead_time_s == 12.5
    assert annotation.document_attributes == {"response_sought": "no"}
    assert (result.added, result.spans, result.rejects) == (1, 3, ())


def test_a_second_pull_writes_nothing(team: Any) -> None:
    """With nothing new on the server no file changes and the totals stand."""
    task = pushed(team)
    team.submit("ana", task["id"], **annotation_payload([on("A driver")], text=TEXT))
    first = pull(team.workspace)
    before = files(team)
    second = pull(team.reopened())
    assert files(team) == before
    assert (second.added, second.changed, second.payloads) == (0, 0, None)
    assert (second.annotations, second.spans) == (first.annotations, first.spans) == (1, 1)


def test_changed_and_deleted_work_is_understood(team: Any) -> None:
    """A changed annotation keeps its span ids; a deleted one leaves the table and is named."""
    task = pushed(team)
    body = annotation_payload([on("A driver")], text=TEXT)
    number = team.submit("ana", task["id"], **body)
    pull(team.workspace)
    before = only(team)
    with team.studio.client_of(team.accounts["ana"]) as client:
        more = annotation_payload([on("A driver"), on("a cook")], text=TEXT)
        client.update_annotation(number, result=more["result"])
        assert pull(team.reopened()).changed == 1
        after = only(team)
        assert after.annotation_id == before.annotation_id
        assert before.spans[0].span_id == after.spans[0].span_id
        assert len(after.spans) == 2
        client.delete_annotation(number)
    result = pull(team.reopened())
    assert result.deleted == (before.assignment_id,)
    assert team.workspace.rows(Annotation) == []


def test_a_deleted_task_takes_its_annotation_along(team: Any) -> None:
    """A task that is gone shows only in the count; its annotation leaves the table."""
    task = pushed(team)
    team.submit("ana", task["id"], **annotation_payload([], text=TEXT))
    pull(team.workspace)
    team.studio.client.delete_tasks(push(team.workspace).projects[0].project_id, [task["id"]])
    assert len(pull(team.reopened()).deleted) == 1
    assert push(team.reopened()).added == 1


def test_empty_and_skipped_are_two_things(team: Any) -> None:
    """No spans is a statement; a skipped task is none; a draft or an open task is no row."""
    team.add(TEXT, "A second text of this kind.", "A third text of this kind.")
    push(team.workspace)
    empty, skipped, _ = team.tasks()
    team.submit("ana", empty["id"], **annotation_payload([], text=TEXT))
    team.submit("ana", skipped["id"], **annotation_payload([], text="", skipped=True))
    result = pull(team.workspace)
    assert (result.tasks, result.annotations, result.skipped, result.empty) == (3, 2, 1, 1)
    rows = {item.doc_id: item for item in team.workspace.rows(Annotation)}
    assert rows[empty["data"]["doc_id"]].skipped is False
    assert rows[skipped["data"]["doc_id"]].skipped is True


def test_a_strangers_work_is_quarantined(team: Any) -> None:
    """An annotation that somebody else made or changed does not count, and is named."""
    team.add(TEXT, "A second text of this kind.")
    push(team.workspace)
    made, changed = team.tasks()
    team.submit("ben", made["id"], **annotation_payload([on("A driver")], text=TEXT))
    number = team.submit("ana", changed["id"], **annotation_payload([], text=""))
    with team.studio.client_of(team.accounts["ben"]) as client:
        client.update_annotation(number, result=[])
    result = pull(team.workspace)
    ben = team.accounts["ben"].user_id
    assert team.workspace.rows(Annotation) == []
    assert len(result.rejects) == 2
    assert all(f"user {ben} made or changed it" in item.reason for item in result.rejects)
    assert f"task {changed['id']} annotation {number}" in result.rejects[1].place
    assert pull(team.reopened()).rejects == result.rejects


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (region(0, 4, "fake_news"), 'marker "fake_news" is not known; legal: unnamed_source'),
        (region(0, 4_000, "unnamed_source"), "does not lie in the text's"),
        (region(5, 5, "unnamed_source"), "does not lie in the text's"),
        (region("0", 4, "unnamed_source"), "are not whole numbers"),
        (region(0, 4, "yes", name="mood", key="choices"), "0 markers on one region"),
        (
            {"id": "d", "from_name": "mood", "type": "choices", "value": {"choices": ["x"]}},
            "is no document attribute",
        ),
        ({"type": "relation", "from_id": "a", "to_id": "b"}, "is not there or was refused"),
    ],
    ids=["label", "behind-the-end", "empty", "text-offset", "control", "document", "relation"],
)
def test_what_does_not_fit_is_refused_and_the_rest_kept(
    team: Any, bad: dict[str, Any], reason: str
) -> None:
    """The server takes anything; a bad region is quarantined with its place and reason."""
    task = pushed(team)
    body = annotation_payload([on("a cook")], text=TEXT)
    team.submit("ana", task["id"], result=[bad, *body["result"]])
    result = pull(team.workspace)
    assert [TEXT[item.start : item.end] for item in only(team).spans] == ["a cook"]
    (reject,) = result.rejects
    assert reason in reject.reason
    assert f"task {task['id']} annotation" in reject.place
    with gzip.open(str(result.payloads)) as file:
        (line,) = map(json.loads, file)
    assert bad in line["task"]["annotations"][0]["result"]
    assert "text" not in line["task"]["data"]


def test_origin_and_suggestion_are_kept(team: Any) -> None:
    """A region that came from a suggestion names it, changed or not; shown ones are listed."""
    start = TEXT.index("A driver")
    place = {"doc_id": "d", "start": start, "end": start + 8, "marker": "unnamed_source"}
    named = suggestion_id(**place, suggester="rules@1", rule="r")
    team_text = {"score": 0.5, "suggester": "rules@1", "rule": "r"}
    doc = team.add(TEXT, condition="assisted")[0]
    suggestion = Suggestion(suggestion_id=named, **team_text, **{**place, "doc_id": doc.doc_id})
    team.workspace.write_part(Suggestion, number=0, rows=[suggestion])
    push(team.workspace)
    (task,) = team.tasks()
    result = [{**item, "origin": "prediction-changed"} for item in task["predictions"][0]["result"]]
    team.submit("ana", task["id"], result=result)
    pull(team.workspace)
    annotation = only(team)
    (span,) = annotation.spans
    assert (span.origin, span.suggestion_id) == ("prediction-changed", named)
    assert annotation.shown == (named,)


def test_referents_and_overlaps(team: Any) -> None:
    """A relation and a lone anaphor point at the first mention and take its answers."""
    task = pushed(team)
    clerk = on("A clerk in the town hall", attributes=ANSWERS)
    anaphor = on("the clerk added"[:9], attributes={"identity_form": "anaphor"})
    longer, shorter = on("A driver and a cook"), on("a cook")
    body = annotation_payload([clerk, anaphor, longer, shorter], text=TEXT)
    team.submit("ana", task["id"], **body)
    result = pull(team.workspace)
    spans = {TEXT[item.start : item.end]: item for item in only(team).spans}
    again = spans["the clerk"]
    assert again.referent == Range(start=clerk.start, end=clerk.end)
    assert again.attributes == {**ANSWERS, "identity_form": "anaphor"}
    assert set(spans) == {"A clerk in the town hall", "the clerk", "A driver and a cook"}
    assert "became one span" in result.merged[0].reason


def test_the_latest_of_several_annotations_counts(team: Any) -> None:
    """The assignee's later annotation wins; the earlier one is reported."""
    task = pushed(team)
    team.submit("ana", task["id"], **annotation_payload([on("A driver")], text=TEXT))
    team.submit("ana", task["id"], **annotation_payload([on("a cook")], text=TEXT))
    result = pull(team.workspace)
    assert [TEXT[item.start : item.end] for item in only(team).spans] == ["a cook"]
    assert "a later one" in result.rejects[0].reason


def test_removing_a_copy_keeps_the_work(team: Any) -> None:
    """A task that push removes as a copy does not take the other one's annotation along."""
    task = pushed(team)
    project_id = push(team.workspace).projects[0].project_id
    team.studio.client.import_tasks(project_id, [{key: task[key] for key in ("data", "meta")}])
    team.submit("ana", task["id"], **annotation_payload([on("a cook")], text=TEXT))
    assert pull(team.workspace).annotations == 1
    assert pull(team.reopened()).payloads is None
    before = only(team)
    assert push(team.reopened()).removed == 1
    result = pull(team.reopened())
    assert (result.tasks, result.deleted) == (1, ())
    assert only(team) == before


def test_a_lost_workspace_is_rebuilt_from_the_server(team: Any) -> None:
    """Without tables and state, assignments and annotations come back once documents are here."""
    task = pushed(team, people=("ana", "ben"))
    team.submit("ana", task["id"], **annotation_payload([on("a cook")], text=TEXT))
    pull(team.workspace)
    before, assignments = only(team), team.workspace.rows(Assignment)
    documents = team.workspace.rows(Document)
    for name in ("tables", "pulls", "runs"):
        shutil.rmtree(team.workspace.path(name))
    result = pull(team.reopened())
    assert result.annotations == 0
    assert all("is not in this workspace" in item.reason for item in result.rejects)
    team.workspace.append(Document, documents)
    result = pull(team.reopened())
    assert (result.rebuilt, result.added, result.rejects) == (2, 1, ())
    assert only(team) == before
    assert sorted(team.workspace.rows(Assignment), key=str) == sorted(assignments, key=str)


def test_a_changed_text_on_the_server_is_refused(team: Any) -> None:
    """Offsets into another text mean nothing: the task waits with its reason."""
    task = pushed(team)
    httpx.patch(
        f"{team.studio.base_url}/api/tasks/{task['id']}/",
        json={"data": {**task["data"], "text": "Other."}},
        headers={"Authorization": f"Token {team.studio.token}"},
        trust_env=False,
    ).raise_for_status()
    team.submit("ana", task["id"], **annotation_payload([], text=""))
    result = pull(team.workspace)
    assert result.annotations == 0
    assert "the text on the server is not that of" in result.rejects[0].reason


def test_what_was_refused_is_read_again_under_other_settings(team: Any) -> None:
    """A span refused for its marker comes back once annotate.toml has the marker in use."""
    task = pushed(team)
    spans = [on("A driver"), on("a cook", marker="vague_collective_source")]
    team.submit("ana", task["id"], **annotation_payload(spans, text=TEXT))
    config = team.workspace.path("annotate.toml")
    before = config.read_text()
    config.write_text(before.replace("tier = 1", 'names = ["unnamed_source"]'))
    result = pull(team.reopened())
    assert 'marker "vague_collective_source" is not known' in result.rejects[0].reason
    assert pull(team.reopened()).payloads is None
    config.write_text(before)
    result = pull(team.reopened())
    assert (result.changed, result.spans, result.rejects) == (1, 2, ())


def test_an_annotator_without_an_account_is_named(team: Any) -> None:
    """Work of somebody whose address is not on the server waits until annotate.toml has it."""
    task = pushed(team)
    team.submit("ana", task["id"], **annotation_payload([on("a cook")], text=TEXT))
    config = team.workspace.path("annotate.toml")
    before = config.read_text()
    config.write_text(before.replace("[team]", '[team]\nemails = {ana = "ana@example.org"}'))
    result = pull(team.reopened())
    assert "assigned to ana, whose e-mail address has no account here" in result.rejects[0].reason
    config.write_text(before)
    assert (pull(team.reopened()).added, only(team).annotator) == (1, "ana")


def test_an_identity_that_somebody_changed_stays_out_of_the_tables(team: Any) -> None:
    """A condition that is none is refused: in the table it would make every row unreadable."""
    team.add("A second text of this kind.")
    task = pushed(team)
    team.submit("ana", task["id"], **annotation_payload([], text=""))
    httpx.patch(
        f"{team.studio.base_url}/api/tasks/{task['id']}/",
        json={"meta": {**task["meta"], "condition": "weird"}},
        headers={"Authorization": f"Token {team.studio.token}"},
        trust_env=False,
    ).raise_for_status()
    result = pull(team.workspace)
    assert "Invalid enum value 'weird'" in result.rejects[0].reason
    assert (result.tasks, team.workspace.rows(Annotation)) == (2, [])
