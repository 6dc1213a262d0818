"""Push and pull cut at the worst moments, against a real server."""

import os
import signal
import subprocess
import sys
import time
from importlib import import_module
from typing import Any

import pytest

from annotate.errors import ServerFault
from annotate.formats.label_studio import annotation_payload
from annotate.model import Annotation, Span
from annotate.pipeline.pull import pull
from annotate.pipeline.push import push
from annotate.studio.client import Client

pytestmark = pytest.mark.studio

TEXTS = [f"Text {number}. A clerk in the town hall said so, twice." for number in range(1_200)]
SCRIPT = """
import sys
from annotate.pipeline.push import push
from annotate.workspace import Workspace
push(Workspace(sys.argv[1]), progress=lambda done: print(done, flush=True))
"""


def assignments_on(team: Any) -> list[str]:
    return sorted(task["data"]["assignment_id"] for task in team.tasks())


def test_an_answer_that_was_lost(team: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The import was committed and its answer never came: the next push adds nothing twice."""
    team.add(*TEXTS[:30])
    real = Client.import_tasks

    def cut(self: Client, *args: Any) -> list[int]:
        real(self, *args)
        raise ServerFault("the connection was cut", hint="Run the command again")

    with monkeypatch.context() as patch:
        patch.setattr(Client, "import_tasks", cut)
        with pytest.raises(ServerFault, match="was cut"):
            push(team.workspace)
    result = push(team.reopened())
    assert (result.tasks, result.added, result.removed) == (30, 0, 0)
    assert len(set(assignments_on(team))) == len(team.tasks()) == 30


def test_a_cut_import_that_is_committed_while_we_push(
    team: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tasks that appear between listing and importing are copies, and gone afterwards."""
    team.add(*TEXTS[:30])
    real = Client.import_tasks

    def twice(self: Client, *args: Any) -> list[int]:
        real(self, *args)
        return real(self, *args)

    with monkeypatch.context() as patch:
        patch.setattr(Client, "import_tasks", twice)
        result = push(team.workspace)
    assert (result.tasks, result.removed) == (30, 30)
    assert len(set(assignments_on(team))) == len(team.tasks()) == 30


@pytest.mark.parametrize("batches", [0, 1, 2])
def test_a_push_that_is_killed(team: Any, batches: int) -> None:
    """Killed before or while a batch is sent, and run again: one task per assignment."""
    team.add(*TEXTS)
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(team.workspace.root)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for _ in range(batches):
        process.stdout.readline()
    time.sleep(0.1 if batches else 0.8)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    result = push(team.reopened())
    assert result.tasks == len(TEXTS)
    time.sleep(1)  # what the killed one had sent may be committed only now
    push(team.reopened())
    assert len(set(assignments_on(team))) == len(team.tasks()) == len(TEXTS)


@pytest.mark.parametrize("step", ["encode", "packed", "log_name"])
def test_a_pull_that_is_killed(team: Any, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Cut between its files, and run again: the same table as if nothing had happened."""
    (document,) = team.add(TEXTS[0])
    push(team.workspace)
    (task,) = team.tasks()
    span = Span(start=8, end=15, marker="unnamed_source")
    team.submit("ana", task["id"], **annotation_payload([span], text=document.text))

    def killed(*_: Any) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(import_module("annotate.pipeline.pull"), step, killed)
        with pytest.raises(KeyboardInterrupt):
            pull(team.workspace)
    result = pull(team.reopened())
    assert (result.annotations, result.spans) == (1, 1)
    assert len(team.workspace.rows(Annotation)) == 1
    assert pull(team.reopened()).payloads is None
