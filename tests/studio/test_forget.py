"""A document that is forgotten leaves a real server, and what is not of the workspace stays."""

from typing import Any

import pytest

from annotate.pipeline.forget import forget
from annotate.pipeline.push import push

pytestmark = pytest.mark.studio

GONE = "A clerk of the mill said that the weir had been leaking since the spring. " * 2
KEPT = "Residents say that the ferry was late again, and nobody told them why. " * 2


def test_its_tasks_go_from_the_projects_of_the_workspace(team: Any) -> None:
    """Everybody's task goes, also where somebody renamed a project; other documents' stay."""
    client, name = team.studio.client, team.workspace.config.project.name
    document, _ = team.add(GONE, KEPT, people=("ana", "ben"))
    push(team.workspace)
    (project,) = {task["project"] for task in team.tasks("ben")}
    client.update_project(project, title=f"{name} renamed")
    dry = forget(team.reopened(), document.doc_id, reason="the publisher asked", dry_run=True)
    assert (dry.tasks, len(team.tasks())) == (2, 2)
    assert forget(team.reopened(), document.doc_id, reason="the publisher asked").tasks == 2
    for left in (team.tasks(), client.list_tasks(project)):
        assert [task["data"]["text"] for task in left] == [KEPT]


def test_another_workspace_keeps_its_tasks(team: Any) -> None:
    """A project of another workspace may hold the same document; it is not touched."""
    client, name = team.studio.client, team.workspace.config.project.name
    (document,) = team.add(GONE)
    push(team.workspace)
    (own,) = team.tasks()
    page = client.project_settings(own["project"])["label_config"]
    project = client.create_project(f"{name}x · ana · r1", page)
    meta = {**own["meta"], "project": f"{name}x"}
    client.import_tasks(project.id, [{"data": own["data"], "meta": meta}])
    assert forget(team.reopened(), document.doc_id, reason="the publisher asked").tasks == 1
    assert team.tasks() == []
    assert len(client.list_task_ids(project.id)) == 1
