"""`annotate run` and `annotate status`: as far as it goes, and what is next."""

import shutil
from pathlib import Path

import pytest

from annotate import resources
from annotate.model import Annotation, Assignment
from annotate.pipeline import Workspace
from annotate.pipeline.demo import reviews, submit_sample
from annotate.pipeline.verdicts import record_verdicts, verdicts_of


def test_without_articles_it_asks_for_them(tmp_path: Path) -> None:
    """An empty workspace waits for articles."""
    Workspace.create(tmp_path, name="w")
    result = Workspace(tmp_path).run()
    assert result.waiting[0].startswith("articles:")
    assert result.next.startswith("annotate ingest")


def test_without_a_team_it_stops_behind_suggest(tmp_path: Path) -> None:
    """Suggestions need nobody; assignments need people."""
    Workspace.create(tmp_path, name="w")
    workspace = Workspace(tmp_path)
    workspace.ingest([resources.sample() / "articles" / "wire.jsonl"])
    result = workspace.run()
    assert [step.split(":")[0] for step in result.steps] == ["suggest"]
    assert result.waiting == ("a team: name it in annotate.toml, [team] annotators",)
    assert "annotators" in result.next


@pytest.mark.studio
def test_it_stops_where_people_label_and_goes_on_when_they_have(
    studio_workspace: Workspace,
) -> None:
    """First to the annotators' addresses, then to the evaluation; a lost table is rebuilt."""
    workspace = Workspace(studio_workspace.root)
    workspace.ingest([resources.sample() / "articles"])
    first = workspace.run()
    assert [step.split(":")[0] for step in first.steps] == [
        "suggest",
        "studio",
        "assign",
        "push",
        "pull",
    ]
    assert any(line.startswith("ana: ") and "/projects/" in line for line in first.waiting)
    assert workspace.status().next == "let the annotators work, then annotate pull"
    submit_sample(workspace)
    second = workspace.run()
    assert second.waiting == ()
    assert [step.split(":")[0] for step in second.steps][-3:] == ["release", "train", "evaluate"]
    assert second.next.startswith("annotate adjudicate: ")
    before = {item.assignment_id: item.condition for item in workspace.rows(Assignment)}
    shutil.rmtree(workspace.path("pulls"))
    for record in (Assignment, Annotation):
        workspace.table(record).unlink()
    third = Workspace(workspace.root).run()
    assert "rebuilt from the server" in " ".join(third.steps)
    assert third.waiting == ()
    after = {item.assignment_id: item.condition for item in workspace.rows(Assignment)}
    assert after == before
    status = workspace.status()
    assert (status.releases, len(status.models)) == (("0.1.0",), 1)
    waits_for_the_adjudicator(workspace)


def waits_for_the_adjudicator(workspace: Workspace) -> None:
    """Where annotate.toml names who decides, nothing is released before they have."""
    settings = workspace.path("annotate.toml")
    named = settings.read_text().replace("# adjudicator", "adjudicator")
    settings.write_text(named)
    named_now = Workspace(workspace.root)
    stopped = named_now.run()
    assert "release" not in " ".join(stopped.steps)
    waits = named_now.status()
    told = f"dana: {waits.waiting} spans in {waits.waiting_documents} documents to decide"
    assert stopped.waiting == (f"{told} with `annotate adjudicate`",)
    record_verdicts(named_now, verdicts_of(named_now, reviews(named_now)))
    done = named_now.run()
    assert (done.waiting, named_now.status().waiting) == ((), 0)
    assert any(step.startswith("release: ") for step in done.steps)
    assert len(named_now.status().releases) == len(waits.releases) + 1
