"""The adjudicator's project on a real server: pushed once, decided, pulled exactly."""

import gzip
import json
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from annotate.errors import NothingToDo, UsageError
from annotate.formats.label_studio import annotation_payload
from annotate.formats.label_studio_docket import MODEL_VERSION
from annotate.model import Annotation, Span, Verdict
from annotate.pipeline.forget import forget
from annotate.pipeline.pull import pull
from annotate.pipeline.pull_verdicts import PulledVerdicts
from annotate.pipeline.push import push
from annotate.pipeline.push_dockets import push_dockets
from annotate.studio import adjudicate
from annotate.studio.adjudicator_config import adjudicator_values, render

pytestmark = pytest.mark.studio

TEXT = (
    "👨‍👩‍👧‍👦 met. Two cooks left the mill of Tarn early. Critics say the fees will rise. "
    "Six mayors met; residents agreed, and the ferry sailed."
)


def on(words: str, marker: str = "vague_collective_source", text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start=start, end=start + len(words), marker=marker)


@pytest.fixture
def panel(team: Any) -> Any:
    """Give a team with dana, who adjudicates."""
    config = team.workspace.path("annotate.toml")
    config.write_text(config.read_text().replace('# adjudicator = "dana"', 'adjudicator = "dana"'))
    accounts = {**team.accounts, **team.studio.sign_up("dana")}
    return replace(team, workspace=team.reopened(), accounts=accounts)


def annotated(team: Any, text: str = TEXT, **spans: list[Span]) -> None:
    """Let each person submit these spans on a document, and pull them."""
    team.add(text, people=tuple(spans))
    push(team.reopened())
    for name, marked in spans.items():
        task = next(item for item in team.tasks(name) if item["data"]["text"] == text)
        team.submit(name, task["id"], **annotation_payload(marked, text=text))
    pull(team.reopened())


def contested(team: Any) -> dict[str, Any]:
    """Give the one docket's task after a push: cooks agreed, critics and mayors contested."""
    both = on("Two cooks")
    annotated(team, ana=[both, on("Critics")], ben=[both, on("Six mayors")])
    push_dockets(team.reopened())
    (task,) = dockets(team)
    return task


def dockets(team: Any) -> list[dict[str, Any]]:
    client = team.studio.client
    found = client.find_project(adjudicate.title(team.workspace.config.project.name))
    return list(client.list_tasks(found.id)) if found else []


def answer(region: dict[str, Any], name: str, value: str) -> dict[str, Any]:
    place = {key: region["value"][key] for key in ("start", "end")}
    more = {"from_name": name, "type": "choices", "value": {**place, "choices": [value]}}
    return {"id": region["id"], "to_name": "text", **more}


def accepted(task: dict[str, Any]) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = deepcopy(task["predictions"][0]["result"])
    known = {item["id"] for item in shown if item["from_name"] == "verdict"}
    labels = [it for it in shown if it["from_name"] == "marker" and it["id"] not in known]
    return [*shown, *(answer(item, "verdict", "accept") for item in labels)]


def decide(
    team: Any, task: dict[str, Any], result: list[dict[str, Any]], name: str = "dana"
) -> int:
    prediction = task["predictions"][0]["id"]
    number: int = team.submit(name, task["id"], result=result, parent_prediction=prediction)
    return number


def pulled(team: Any) -> PulledVerdicts:
    found = pull(team.reopened()).verdicts
    assert found is not None
    return found


def verdicts(team: Any) -> dict[str, str]:
    rows = sorted(team.workspace.rows(Verdict), key=lambda item: item.decided_at)
    return {
        TEXT[item.start : item.end] if item.start is not None else "": item.outcome for item in rows
    }


def test_the_server_takes_the_page(panel: Any) -> None:
    """Label Studio accepts the label config, and its values are those that are checked."""
    taxonomy = panel.workspace.taxonomy
    assert panel.studio.client.validate_label_config(render(taxonomy)) == ""
    assert set(adjudicator_values(taxonomy)) >= {"marker", "verdict", "unless", "reason", "whole"}


def test_nobody_named_and_nothing_waiting(team: Any, panel: Any) -> None:
    """Both say what to write or to do first."""
    annotated(panel, ana=[on("Two cooks")], ben=[on("Two cooks")])
    with pytest.raises(NothingToDo, match="nothing waits for an adjudicator"):
        push_dockets(panel.reopened())
    config = team.workspace.path("annotate.toml")
    config.write_text(config.read_text().replace('adjudicator = "dana"', ""))
    with pytest.raises(UsageError, match=r'adjudicator = "dana" under \[adjudicate\]'):
        push_dockets(team.reopened())


def test_a_docket_becomes_a_task(panel: Any) -> None:
    """Contested spans stand first, without names; the settings are those that it needs."""
    task = contested(panel)
    labels = [it for it in task["predictions"][0]["result"] if it["from_name"] == "marker"]
    words = [TEXT[it["value"]["start"] : it["value"]["end"]] for it in labels]
    assert words == ["Critics", "Six mayors", "Two cooks"]
    told = json.dumps([task["data"], task["meta"], task["predictions"][0]["result"]])
    assert {"ana", "ben"}.isdisjoint(told.split('"'))
    settings = panel.studio.client.project_settings(task["project"])
    assert settings["model_version"] == MODEL_VERSION
    assert settings["enable_empty_annotation"] is True
    assert settings["show_collab_predictions"] is True
    assert "Alt+." in settings["expert_instruction"]


def test_pushing_twice_changes_nothing(panel: Any) -> None:
    """A second push adds and removes nothing; a dry run neither."""
    contested(panel)
    again = push_dockets(panel.reopened())
    assert (again.added, again.removed, again.tasks) == (0, 0, 1)
    dry = push_dockets(panel.reopened(), dry_run=True)
    assert (dry.added, dry.tasks, len(dockets(panel))) == (0, 1, 1)


def test_copies_and_a_new_title(panel: Any) -> None:
    """A copy that a cut import left goes; a renamed project is found and gets its title back."""
    task = contested(panel)
    client = panel.studio.client
    client.import_tasks(task["project"], [{key: task[key] for key in ("data", "meta")}])
    client.update_project(task["project"], title=f"{panel.workspace.config.project.name} other")
    assert push_dockets(panel.reopened()).removed == 1
    assert [item["id"] for item in dockets(panel)] == [task["id"]]


def test_another_ground_is_another_docket(panel: Any) -> None:
    """What annotators changed is pushed anew; the old task goes unless it was submitted."""
    first = contested(panel)
    (ana,) = panel.tasks("ana")
    spans = [on("Two cooks"), on("Critics"), on("residents")]
    panel.submit("ana", ana["id"], **annotation_payload(spans, text=TEXT))
    pull(panel.reopened())
    result = push_dockets(panel.reopened())
    (second,) = dockets(panel)
    assert (result.added, result.removed) == (1, 1)
    assert second["data"]["ground"] != first["data"]["ground"]
    decide(panel, second, accepted(second))
    panel.submit("ana", ana["id"], **annotation_payload(spans[:2], text=TEXT))
    pull(panel.reopened())
    result = push_dockets(panel.reopened())
    assert (result.removed, second["id"] in [it["id"] for it in dockets(panel)]) == (0, True)


def test_another_adjudicator_gets_the_dockets(panel: Any) -> None:
    """Whoever is named decides: a task that nobody touched becomes that person's."""
    contested(panel)
    panel.studio.sign_up("eli")
    config = panel.workspace.path("annotate.toml")
    config.write_text(config.read_text().replace('adjudicator = "dana"', 'adjudicator = "eli"'))
    result = push_dockets(panel.reopened())
    (task,) = dockets(panel)
    assert (result.added, result.removed, task["meta"]["adjudicator"]) == (1, 1, "eli")


def test_decisions_come_back_exactly(panel: Any) -> None:
    """Accepted, relabelled and added spans are verdicts; a second pull writes nothing."""
    task = contested(panel)
    result = accepted(task)
    mayors = [it for it in result if it["from_name"] == "marker"][1]
    mayors["value"]["labels"] = ["named_attribution"]
    start = TEXT.index("residents")
    new: dict[str, Any] = {"id": "n", "from_name": "marker", "to_name": "text", "type": "labels"}
    new["value"] = {"start": start, "end": start + 9, "labels": ["vague_collective_source"]}
    decide(panel, task, [*result, new, answer(new, "verdict", "accept")])
    first = pulled(panel)
    assert (first.decided, first.rejects) == (1, ())
    rows = {TEXT[it.start : it.end]: it for it in panel.workspace.rows(Verdict)}
    assert {words: it.outcome for words, it in rows.items()} == {
        "Critics": "accepted",
        "Six mayors": "modified",
        "residents": "accepted",
    }
    assert rows["Six mayors"].spans[0].marker == "named_attribution"
    assert rows["residents"].reason == "missed"
    assert {it.adjudicator for it in rows.values()} == {"dana"}
    with gzip.open(str(first.payloads)) as file:
        (line,) = map(json.loads, file)
    assert "text" not in line["task"]["data"]
    before = {path: path.stat().st_mtime_ns for path in panel.workspace.root.rglob("*.*")}
    again = pulled(panel)
    assert (again.decided, again.added, again.verdicts, again.payloads) == (0, 0, 3, None)
    after = {path: path.stat().st_mtime_ns for path in panel.workspace.root.rglob("*.*")}
    assert {path for path in after if after[path] != before.get(path)} <= {
        panel.workspace.path(".lock")
    }
    assert push_dockets(panel.reopened()).removed == 0


def test_a_verdict_is_corrected_and_outlives_its_task(panel: Any) -> None:
    """A changed annotation decides anew; deleting the task takes no verdict away."""
    task = contested(panel)
    number = decide(panel, task, accepted(task))
    pull(panel.reopened())
    label = next(it for it in accepted(task) if it["from_name"] == "marker")
    with panel.studio.client_of(panel.accounts["dana"]) as client:
        changed = [*accepted(task), answer(label, "unless", "reject")]
        client.update_annotation(number, result=changed)
    assert pulled(panel).decided == 1
    assert verdicts(panel) == {"Critics": "rejected", "Six mayors": "accepted"}
    panel.studio.client.delete_tasks(task["project"], [task["id"]])
    result = pulled(panel)
    assert (result.tasks, result.decided) == (0, 0)
    assert verdicts(panel) == {"Critics": "rejected", "Six mayors": "accepted"}


def test_anybody_else_is_quarantined(panel: Any) -> None:
    """What another person submits decides nothing and is named; so is nothing submitted."""
    task = contested(panel)
    decide(panel, task, accepted(task), name="ana")
    panel.submit("dana", task["id"], result=[])
    result = pulled(panel)
    stranger, empty = result.rejects
    user = panel.accounts["ana"].user_id
    assert f"user {user} made or changed it, and dana adjudicates" in stranger.reason
    assert "it decides nothing" in empty.reason
    assert panel.workspace.rows(Verdict) == []
    again = pulled(panel)
    assert (again.rejects, again.payloads) == (result.rejects, None)


def test_what_cannot_be_a_verdict_stands_refused(panel: Any) -> None:
    """A relabelled span without the answers of its marker waits, with the reason, until it has."""
    task = contested(panel)
    result = accepted(task)
    label = next(it for it in result if it["from_name"] == "marker")
    label["value"]["labels"] = ["unnamed_source"]
    number = decide(panel, task, result)
    first = pulled(panel)
    assert "identity_form is not known; legal: no_name" in first.rejects[0].reason
    assert f"task {task['id']} annotation {number}" in first.rejects[0].place
    assert len(first.undecided) == 1
    assert "no verdict on vague_collective_source “Critics”" in first.undecided[0]
    assert verdicts(panel) == {"Six mayors": "accepted"}
    assert pulled(panel).rejects == first.rejects
    with panel.studio.client_of(panel.accounts["dana"]) as client:
        client.update_annotation(number, result=accepted(task))
    assert pulled(panel).rejects == ()
    assert set(verdicts(panel)) == {"Critics", "Six mayors"}


def test_skipped_and_rejected_as_a_whole(panel: Any) -> None:
    """A skipped docket goes on waiting; a document rejected as a whole waits no more."""
    task = contested(panel)
    panel.submit("dana", task["id"], result=[], was_cancelled=True)
    assert pulled(panel).skipped == 1
    assert push_dockets(panel.reopened()).tasks == 1
    whole: dict[str, Any] = {"id": "w", "from_name": "whole", "to_name": "text", "type": "choices"}
    whole["value"] = {"choices": ["document rejected"]}
    decide(panel, task, [*accepted(task), whole])
    assert pulled(panel).decided == 1
    assert verdicts(panel) == {"": "rejected"}


def test_annotations_come_before_verdicts(panel: Any) -> None:
    """What one pull brings of both fits: a verdict on what changed meanwhile is stale, not lost."""
    task = contested(panel)
    decide(panel, task, accepted(task))
    (ana,) = panel.tasks("ana")
    spans = [on("Two cooks"), on("Critics say")]
    panel.submit("ana", ana["id"], **annotation_payload(spans, text=TEXT))
    assert pulled(panel).decided == 1
    (ana_now,) = (it for it in panel.workspace.rows(Annotation) if it.annotator == "ana")
    assert len(ana_now.spans) == 2
    assert set(verdicts(panel).values()) == {"accepted"}
    assert push_dockets(panel.reopened()).added == 1


def test_a_docket_goes_with_its_document(panel: Any) -> None:
    """A document that is forgotten leaves the adjudicator's project, too."""
    task = contested(panel)
    result = forget(panel.reopened(), task["data"]["doc_id"], reason="the publisher asked")
    assert (result.tasks, dockets(panel)) == (3, [])
