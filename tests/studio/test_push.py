"""Pushing to a real server: one task per assignment, whatever happened before."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from annotate.errors import DataError, NothingToDo, UsageError
from annotate.formats.label_studio import MODEL_VERSION
from annotate.model import Document, Suggestion, document_id, suggestion_id
from annotate.pipeline.push import push
from annotate.studio import projects
from annotate.studio.projects import Desk
from annotate.workspace import Workspace

pytestmark = pytest.mark.studio

TEXT = (
    "\U0001f9d1\U0001f3fd\u200d\U0001f680 A clerk in the Tarn town hall said the fees would rise. "
    "“Nobody asked us,” the clerk added."
)


def proposed(text: str, words: str, **fields: Any) -> Suggestion:
    """Give a suggestion of unnamed_source on the first place of these words."""
    start = text.index(words)
    place = {
        "doc_id": document_id(text),
        "start": start,
        "end": start + len(words),
        "marker": "unnamed_source",
        "suggester": "rules@1",
        "rule": "test",
    } | fields
    keys = ("doc_id", "start", "end", "marker", "suggester", "rule")
    named = suggestion_id(**{key: place[key] for key in keys})
    return Suggestion(**{"suggestion_id": named, "score": 0.8, **place})


def test_title_fits_the_server() -> None:
    """A title has at most 50 characters; a long name is cut and stays unique."""
    desk = Desk(annotator="a" * 31, round=12)
    first, second = (projects.title("n" * 29 + end, desk) for end in "xy")
    assert len(first) == len(second) == 50
    assert first != second
    assert projects.title("news", Desk(annotator="ana", round=1)) == "news · ana · r1"


def test_title_of_a_name_with_odd_blanks() -> None:
    """The server strips titles: a name with blanks at its edge is found again, as itself."""
    desk = Desk(annotator="ana", round=1)
    names = ("news", " news", "news ", "ne\nws", " ", "\t", "a\0b")
    titles = {projects.title(name, desk) for name in names}
    assert len(titles) == len(names)
    assert all(title == " ".join(title.split()) and "\0" not in title for title in titles)


def test_nothing_assigned_names_the_next_command(team: Any) -> None:
    """Without assignments push says what to run first."""
    with pytest.raises(NothingToDo, match="annotate assign"):
        push(team.workspace)


def test_tasks_carry_identity_and_suggestions(team: Any) -> None:
    """A task says whose it is; only an assisted one shows suggestions, with all answers."""
    suggestion = proposed(TEXT, "A clerk in the Tarn town hall", attributes={"specificity": "2"})
    team.add(TEXT, condition="assisted", suggestions=(suggestion,))
    blind = "A source said the harbour would close. " * 3
    team.add(blind, suggestions=(proposed(blind, "A source"),))
    result = push(team.workspace)
    shown, hidden = team.tasks()
    assert shown["data"]["text"] == TEXT
    assert shown["meta"]["annotator"] == "ana"
    assert shown["meta"]["shown"] == [suggestion.suggestion_id]
    (prediction,) = shown["predictions"]
    assert prediction["model_version"] == MODEL_VERSION
    value = prediction["result"][0]["value"]
    assert TEXT[value["start"] : value["end"]] == "A clerk in the Tarn town hall"
    answers = {item["from_name"] for item in prediction["result"]}
    assert {"identity_form", "specificity", "claim_stakes"} <= answers
    assert hidden["predictions"] == []
    assert hidden["meta"]["shown"] == []
    (project,) = result.projects
    assert project.url == f"{team.studio.base_url}/projects/{project.project_id}/data?labeling=1"
    settings = team.studio.client.project_settings(project.project_id)
    assert settings["enable_empty_annotation"] is True
    assert settings["model_version"] == MODEL_VERSION


def test_pushing_twice_changes_nothing(team: Any) -> None:
    """A second push adds no task and no manifest."""
    team.add(TEXT, people=("ana", "ben"))
    first, runs = push(team.workspace), team.workspace.path("runs")
    before = sorted(runs.iterdir())
    second = push(team.reopened())
    assert (first.added, second.added, second.tasks) == (2, 0, 2)
    assert [item.created for item in first.projects] == [True, True]
    assert [item.created for item in second.projects] == [False, False]
    assert sorted(runs.iterdir()) == before


def test_two_annotators_with_one_address_are_refused(team: Any) -> None:
    """One account for two people would make two copies of one opinion."""
    team.add(TEXT, people=("ana", "ben"))
    config = team.workspace.path("annotate.toml")
    emails = '[team]\nemails = {ana = "A@example.org", ben = "a@example.org"}'
    config.write_text(config.read_text().replace("[team]", emails))
    with pytest.raises(UsageError, match="ana and ben have the same e-mail address"):
        push(team.reopened())


def test_a_dry_run_sends_nothing(team: Any) -> None:
    """A dry run counts what would be sent and leaves the server as it is."""
    team.add(TEXT)
    result = push(team.workspace, dry_run=True)
    assert (result.added, result.projects[0].project_id) == (1, None)
    assert team.tasks() == []


def test_a_copied_workspace_finds_its_tasks(team: Any, tmp_path: Path) -> None:
    """A copy without any state, and a renamed project, still mean the same tasks."""
    team.add(TEXT, "A second text that nobody has read so far.")
    result = push(team.workspace)
    team.studio.client.update_project(
        result.projects[0].project_id, title=f"{team.workspace.config.project.name} renamed"
    )
    shutil.copytree(
        team.workspace.root, tmp_path / "copy", ignore=shutil.ignore_patterns("runs", "pulls")
    )
    again = push(Workspace(tmp_path / "copy"))
    assert (again.added, again.tasks) == (0, 2)
    assert again.projects[0].project_id == result.projects[0].project_id


def test_copies_of_tasks_are_removed(team: Any) -> None:
    """Tasks that a cut import left twice are deleted where nobody worked on them."""
    team.add(TEXT, "A second text that nobody has read so far.")
    project_id = push(team.workspace).projects[0].project_id
    first, second = team.tasks()
    team.studio.client.import_tasks(
        project_id, [{key: task[key] for key in ("data", "meta")} for task in (first, second)]
    )
    copy = team.tasks()[2]
    team.submit("ana", copy["id"], result=[], lead_time=4.0)
    result = push(team.reopened())
    assert (result.removed, result.added, result.merged) == (2, 0, ())
    assert [task["id"] for task in team.tasks()] == [second["id"], copy["id"]]


def test_copies_with_work_become_one_task(team: Any) -> None:
    """Two tasks of one assignment with annotations become one with both, authors kept."""
    team.add(TEXT)
    project_id = push(team.workspace).projects[0].project_id
    (first,) = team.tasks()
    team.studio.client.import_tasks(project_id, [{key: first[key] for key in ("data", "meta")}])
    for task in team.tasks():
        team.submit("ana", task["id"], result=[], lead_time=float(task["id"]))
    result = push(team.reopened())
    assert "became one task" in result.merged[0].reason
    (task,) = team.tasks()
    assert [item["completed_by"] for item in task["annotations"]] == [
        team.accounts["ana"].user_id
    ] * 2
    assert push(team.reopened()).merged == ()


def test_a_suggestion_that_does_not_fit_is_refused(team: Any) -> None:
    """The server would take a span behind the end; push rejects it and sends the rest."""
    bad = proposed(TEXT, "A clerk", end=len(TEXT) + 5)
    good = proposed(TEXT, "the clerk")
    team.add(TEXT, condition="assisted", suggestions=(bad, good))
    result = push(team.workspace)
    assert bad.suggestion_id in result.rejects[0].place
    assert "behind the text" in result.rejects[0].reason
    assert team.tasks()[0]["meta"]["shown"] == [good.suggestion_id]


def test_an_assignment_without_its_document_is_listed(team: Any) -> None:
    """What cannot be sent is a reject with its reason."""
    team.add(TEXT)
    shutil.rmtree(team.workspace.table(Document))
    result = push(team.workspace)
    assert result.added == 0
    assert "ingest it again" in result.rejects[0].reason


def test_a_label_in_use_cannot_be_taken_away(team: Any) -> None:
    """The server would drop it silently; push refuses and names it; an unused one may go."""
    suggestion = proposed(TEXT, "A clerk in the Tarn town hall")
    team.add("A second text that nobody has read so far.", people=("ben",))
    team.add(TEXT, condition="assisted", suggestions=(suggestion,))
    first = push(team.workspace)
    config = team.workspace.path("annotate.toml")
    text = config.read_text()
    config.write_text(text.replace("tier = 1", 'names = ["named_attribution"]'))
    for dry_run in (True, False):
        with pytest.raises(DataError, match="marker unnamed_source would go and is in use"):
            push(team.reopened(), dry_run=dry_run)
    configs = {
        team.studio.client.project_settings(item.project_id)["label_config"]
        for item in first.projects
    }
    assert len(configs) == 1, "one annotator's page is not changed without the other's"
    config.write_text(text.replace("tier = 1", 'names = ["unnamed_source"]'))
    assert push(team.reopened()).added == 0
