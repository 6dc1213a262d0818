"""A migration on a real server: labels change, whose work it is and when does not."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from annotate.errors import DataError, ServerFault
from annotate.formats.label_studio import annotation_payload
from annotate.model import (
    AnnotatedSpan,
    Annotation,
    Range,
    Span,
    Suggestion,
    Verdict,
    document_id,
    suggestion_id,
)
from annotate.pipeline import Workspace, migrate, push, push_dockets
from annotate.pipeline.pull import PullResult, pull
from annotate.studio import adjudicate
from annotate.studio import migrate as stage
from annotate.studio.label_config import legal_values

pytestmark = pytest.mark.studio

TEXT = (
    "👨‍👩‍👧‍👦 A clerk of the mill spoke. Residents say the ferry was late, reportedly again. "
    "The water board of Tarn denied it; Ilse Brandt confirmed what the clerk suspected."
)
ANSWERS = {
    "identity_form": "pseudonym",
    "specificity": "2",
    "reason_for_anonymity": "none",
    "basis_of_knowledge": "hearsay",
    "corroboration": "none",
    "interest": "rival",
    "claim_stakes": "low",
}
OTHER = f"Nobody knew. {TEXT}"
LATE = "the ferry was late, reportedly"

Upgrade = Callable[[], None]


def on(words: str, marker: str, **more: Any) -> Span:
    start = TEXT.index(words)
    return Span(start=start, end=start + len(words), marker=marker, **more)


def proposed(words: str, marker: str) -> Suggestion:
    span = on(words, marker)
    told = {"doc_id": document_id(TEXT), "suggester": "rules@2", "rule": "x"}
    name = suggestion_id(start=span.start, end=span.end, marker=marker, **told)
    where = {"start": span.start, "end": span.end, "marker": marker}
    return Suggestion(suggestion_id=name, score=0.5, **told, **where)


SHOWN = (
    proposed("Residents", "vague_collective_source"),
    proposed("confirmed", "certainty_escalation"),
)
CLERK = on("A clerk of the mill", "unnamed_source", attributes=ANSWERS, confidence=2)
FIRST = Range(start=CLERK.start, end=CLERK.end)
AGAIN = ANSWERS | {"identity_form": "anaphor"}
MARKED: list[Span] = [
    CLERK,
    on("the clerk", "unnamed_source", attributes=AGAIN, referent=FIRST),
    AnnotatedSpan(
        start=SHOWN[0].start, end=SHOWN[0].end, marker="vague_collective_source",
        span_id="x", origin="prediction", suggestion_id=SHOWN[0].suggestion_id,
    ),
    on("was late", "agentless_attribution"),
    on(LATE, "speculative_attribution", voice="quoted_source"),
    on("The water board", "named_attribution", attributes={"form": "institution"}),
    on("Ilse Brandt", "named_attribution", attributes={"form": "full"}),
    on("confirmed", "certainty_escalation"),
]  # fmt: skip


@pytest.fixture
def annotated(team: Any) -> Any:
    """Give a team of whom ana submitted one document, saw suggestions and was pulled."""
    team.add(TEXT, condition="assisted", suggestions=SHOWN)
    push(team.reopened())
    (task,) = team.tasks()
    team.submit("ana", task["id"], **annotation_payload(MARKED, text=TEXT, lead_time_s=3.5))
    pull(team.reopened())
    return team


def rows(team: Any) -> list[Annotation]:
    found: list[Annotation] = team.workspace.rows(Annotation)
    return found


def labels(result: list[dict[str, Any]]) -> dict[str, str]:
    return {
        item["id"]: item["value"]["labels"][0]
        for item in result
        if item.get("from_name") == "marker"
    }


def settled(team: Any) -> PullResult:
    """Pull, and see that this changes no row."""
    before = (rows(team), team.workspace.rows(Verdict))
    result = pull(team.reopened())
    assert (result.added, result.changed, result.deleted, result.rejects) == (0, 0, (), ())
    assert (rows(team), team.workspace.rows(Verdict)) == before
    return result


def test_a_pull_after_a_migration_changes_nothing(annotated: Any, taxonomy_2: Upgrade) -> None:
    """The server has what the tables have: spans, answers, referents, who and when."""
    before = rows(annotated)[0]
    taxonomy_2()
    result = migrate(annotated.reopened(), "clearer")
    (after,) = rows(annotated)
    settled(annotated)
    with gzip.open(result.trail or "", "rt") as trail:
        assert "ferry" not in trail.read()
    assert after.taxonomy_version == "2"
    assert (after.submitted_at, after.lead_time_s) == (before.submitted_at, before.lead_time_s)
    assert {span.span_id for span in after.spans} < {span.span_id for span in before.spans}
    found = {TEXT[it.start : it.end]: it for it in after.spans}
    assert found["the clerk"].referent == FIRST
    assert found["Residents"].suggestion_id == SHOWN[0].suggestion_id
    assert (found[LATE].marker, found[LATE].voice) == ("speculative_attribution", "quoted_source")
    assert (result.counts["tasks on the server"], result.counts["annotations on the server"]) == (
        1,
        1,
    )
    assert push(annotated.reopened()).added == 0


def test_the_page_and_what_is_shown_have_the_new_labels(
    annotated: Any, taxonomy_2: Upgrade
) -> None:
    """Regions keep their ids, predictions are relabelled, retired ones go, the guide is new."""
    before = annotated.tasks()[0]
    taxonomy_2()
    migrate(annotated.reopened(), "clearer")
    (task,) = annotated.tasks()
    old, new = (labels(it["annotations"][0]["result"]) for it in (before, task))
    assert set(new) < set(old)
    assert labels(task["predictions"][0]["result"]) == {SHOWN[0].suggestion_id: "collective_source"}
    assert new[SHOWN[0].suggestion_id] == "collective_source"
    assert task["predictions"][0]["id"] == before["predictions"][0]["id"]
    assert (task["meta"]["taxonomy_version"], task["meta"]["guideline_version"]) == ("2", "1.0")
    assert "collective_source" in task["data"]["guide"]
    name = f"{annotated.workspace.config.project.name} · ana · r1"
    project = annotated.studio.client.find_project(name)
    page = annotated.studio.client.project_settings(project.id)["parsed_label_config"]
    assert tuple(page["marker"]["labels"]) == legal_values(annotated.reopened().taxonomy)["marker"]


def test_work_after_a_migration_is_somebodys(annotated: Any, taxonomy_2: Upgrade) -> None:
    """The annotator's change counts as ever; the lead's own by hand is quarantined."""
    taxonomy_2()
    migrate(annotated.reopened(), "clearer")
    before = rows(annotated)[0]
    (task,) = annotated.tasks()
    (known,) = task["annotations"]
    with annotated.studio.client_of(annotated.accounts["ana"]) as client:
        client.update_annotation(known["id"], result=[])
    assert pull(annotated.reopened()).changed == 1
    (after,) = rows(annotated)
    assert after.spans == ()
    assert after.submitted_at > before.submitted_at
    annotated.studio.client.update_annotation(known["id"], result=known["result"][:1])
    result = pull(annotated.reopened())
    assert "made or changed it" in result.rejects[0].reason


def test_a_lost_workspace_comes_back_migrated(annotated: Any, taxonomy_2: Upgrade) -> None:
    """What the tasks carry is enough: the table is lost, and a pull gives the same rows."""
    taxonomy_2()
    migrate(annotated.reopened(), "clearer")
    before = rows(annotated)
    annotated.workspace.table(Annotation).unlink()
    for path in annotated.workspace.path("pulls").iterdir():
        path.unlink()
    pull(annotated.reopened())
    assert rows(annotated) == before


def test_a_migration_that_was_cut_is_finished(
    annotated: Any, taxonomy_2: Upgrade, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between a task and its results, a pull refuses, and the next run ends it."""
    taxonomy_2()

    def cut(client: Any, change: stage.TaskChange) -> None:
        client.update_task(change.task, **change.body)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(stage, "apply", cut)
        with pytest.raises(KeyboardInterrupt):
            migrate(annotated.reopened(), "clearer")
    before = rows(annotated)
    with pytest.raises(DataError, match=r"the migration of annotation \d+ on the server was cut"):
        pull(annotated.reopened())
    assert rows(annotated) == before
    result = migrate(annotated.reopened(), "clearer")
    assert result.counts["annotations on the server"] == 1
    assert result.counts["tasks on the server"] == 1
    settled(annotated)
    again = migrate(annotated.reopened(), "clearer")
    assert again.counts == {}


def test_a_dry_run_and_no_server_leave_the_server(annotated: Any, taxonomy_2: Upgrade) -> None:
    """A dry run counts its tasks; without the server it is said, and made up for later."""
    before = annotated.tasks()
    taxonomy_2()
    dry = migrate(annotated.reopened(), "clearer", dry_run=True)
    assert annotated.tasks() == before
    apart = migrate(annotated.reopened(), "clearer", server=False)
    assert annotated.tasks() == before
    assert "Label Studio was left out" in apart.notes[0]
    late = migrate(annotated.reopened(), "clearer")
    at_once = {key: count for key, count in dry.counts.items() if "server" in key}
    assert {key: n for key, n in late.counts.items() if key != "pages on the server"} == at_once
    settled(annotated)


def test_a_server_that_is_down_changes_nothing(annotated: Any, taxonomy_2: Upgrade) -> None:
    """One line, exit 3, and the tables are as they were."""
    config = annotated.workspace.path("annotate.toml")
    text = config.read_text()
    config.write_text(text.replace(annotated.studio.base_url, "http://127.0.0.1:9"))
    taxonomy_2()
    before = rows(annotated)
    with pytest.raises(ServerFault) as caught:
        migrate(annotated.reopened(), "clearer")
    assert caught.value.exit_code == 3
    assert rows(annotated) == before
    assert not list(annotated.workspace.path("runs").glob("*-migrate*"))


def test_what_the_page_would_lose_is_refused_first(annotated: Any, taxonomy_2: Upgrade) -> None:
    """A marker that annotate.toml does not turn on any more, and that is in use, stays."""
    taxonomy_2()
    config = annotated.workspace.path("annotate.toml")
    config.write_text(config.read_text().replace("tier = 1", 'names = ["unnamed_source"]'))
    before, tasks = rows(annotated), annotated.tasks()
    with pytest.raises(DataError, match="cannot change: marker named_attribution"):
        migrate(annotated.reopened(), "clearer")
    assert (rows(annotated), annotated.tasks()) == (before, tasks)


@pytest.fixture
def decided(team: Any) -> Any:
    """Give a team with dana, who decided one docket of two; a case of each waits or waited."""
    config = team.workspace.path("annotate.toml")
    config.write_text(config.read_text().replace('# adjudicator = "dana"', 'adjudicator = "dana"'))
    team = replace(team, accounts={**team.accounts, **team.studio.sign_up("dana")})
    team.add(TEXT, OTHER, people=("ana", "ben"))
    push(team.reopened())
    for name in ("ana", "ben"):
        for task in team.tasks(name):
            shift = task["data"]["text"].index(TEXT)
            marked = [
                item.replace(start=item.start + shift, end=item.end + shift, referent=None)
                for item in MARKED
                if name == "ana" or item.marker == "unnamed_source"
            ]
            body = annotation_payload(marked, text=task["data"]["text"])
            team.submit(name, task["id"], **body)
    pull(team.reopened())
    push_dockets(team.reopened())
    accept_all(team, TEXT)
    pull(team.reopened())
    assert len(team.workspace.rows(Verdict)) > 2
    return team


def accept_all(team: Any, text: str) -> None:
    task = next(it for it in dockets(team) if it["data"]["text"] == text)
    (prediction,) = task["predictions"]
    result = [*prediction["result"], *map(accepted, labelled(prediction["result"]))]
    team.submit("dana", task["id"], result=result, parent_prediction=prediction["id"])


def dockets(team: Any) -> list[dict[str, Any]]:
    client = team.studio.client
    found = client.find_project(adjudicate.title(team.workspace.config.project.name))
    return list(client.list_tasks(found.id)) if found else []


def labelled(result: list[dict[str, Any]]) -> list[dict[str, Any]]:
    done = {item["id"] for item in result if item["from_name"] == "verdict"}
    return [it for it in result if it["from_name"] == "marker" and it["id"] not in done]


def accepted(region: dict[str, Any]) -> dict[str, Any]:
    place = {key: region["value"][key] for key in ("start", "end")}
    more = {"from_name": "verdict", "type": "choices", "to_name": "text"}
    return {"id": region["id"], **more, "value": {**place, "choices": ["accept"]}}


def test_verdicts_outlive_a_migration(decided: Any, taxonomy_2: Upgrade) -> None:
    """A pull brings none anew, none is stale, and what waits is asked with the new labels."""
    before = {it.verdict_id: it for it in decided.workspace.rows(Verdict)}
    taxonomy_2()
    migrate(decided.reopened(), "clearer")
    after = {it.verdict_id: it for it in decided.workspace.rows(Verdict)}
    assert set(after) <= set(before)
    assert {it.marker for it in after.values()} >= {"collective_source"}
    result = settled(decided)
    assert result.verdicts is not None
    assert (result.verdicts.added, result.verdicts.changed, result.verdicts.rejects) == (0, 0, ())
    workspace: Workspace = decided.reopened()
    assert [item.doc_id for item in waiting(workspace)] == [document_id(OTHER)]
    known = set(workspace.taxonomy.names)
    assert all(
        set(labels(it["predictions"][0]["result"]).values()) <= known for it in dockets(decided)
    )


def test_a_decision_that_was_not_pulled_is_kept(decided: Any, taxonomy_2: Upgrade) -> None:
    """Its verdicts come and are asked again; two that overlap under one marker now are named."""
    accept_all(decided, OTHER)
    taxonomy_2()
    migrate(decided.reopened(), "clearer")
    verdicts = pull(decided.reopened()).verdicts
    assert verdicts is not None
    assert verdicts.added > 0
    assert ["make them one" in it.reason for it in verdicts.rejects] == [True]
    found = [it for it in decided.workspace.rows(Verdict) if it.doc_id == document_id(OTHER)]
    assert {it.marker for it in found} >= {"collective_source", "institutional_attribution"}
    assert [item.doc_id for item in waiting(decided.reopened())] == [document_id(OTHER)]


def waiting(workspace: Workspace) -> list[Any]:
    from annotate.pipeline.adjudicate import queue
    from annotate.pipeline.gold import gold

    return list(queue(gold(workspace), workspace))
