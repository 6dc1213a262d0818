"""Suggest on Dask: the same bytes, also when a worker is killed, and clear lines when it cannot."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from annotate.ingest.zones import find_zones
from annotate.model import Document, Suggestion, Zone, document_id, text_sha256
from annotate.pipeline.suggest import suggest
from annotate.workspace import Workspace

PARTS = 10
SENTENCE = (
    "A source in the ministry said on Monday that bridge number {number} was unsafe, and critics "
    "say that its repair was allegedly paid twice. "
)
MAIN = "from annotate.cli import main; main()"

needs_dask = pytest.mark.skipif(find_spec("distributed") is None, reason="needs the extra `scale`")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Give a workspace with its suggestions, made in one process."""
    workspace = Workspace.create(tmp_path_factory.mktemp("plain") / "w", name="w")
    zones: list[Zone] = []
    for part in range(PARTS):
        texts = [SENTENCE.format(number=part * 20 + each) * 12 for each in range(20)]
        documents = [
            Document(
                doc_id=document_id(text), text=text, text_sha256=text_sha256(text), canonicaliser=""
            )
            for text in texts
        ]
        workspace.append(Document, documents)
        zones += [zone for document in documents for zone in find_zones(document)]
    workspace.write(Zone, zones)
    suggest(workspace)
    return workspace


@pytest.fixture
def workspace(plain: Workspace, tmp_path: Path) -> Workspace:
    """Give the same workspace without suggestions."""
    shutil.copytree(plain.root, tmp_path / "w")
    shutil.rmtree(tmp_path / "w/tables/suggestions.parquet")
    return Workspace(tmp_path / "w")


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.parquet")}


def start(workspace: Workspace, *options: str, code: str = MAIN) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, "suggest", "--engine", "dask", *options],
        cwd=workspace.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: "subprocess.Popen[str]", code: int) -> str:
    """Wait for the end; give what was said on stderr, which is at most one line."""
    _, said = process.communicate(timeout=120)
    assert process.returncode == code, said
    assert said.count("\n") <= 1, said
    return said


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@contextmanager
def running(*command: str, cwd: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Dask process beside the test."""
    with (cwd / "dask.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli." + command[0], *command[1:]],
            cwd=cwd,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextmanager
def scheduler(folder: Path) -> Iterator[str]:
    """Run a scheduler on any free port; give its address."""
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    with running("dask_scheduler", *options, cwd=folder):
        log = folder / "dask.log"
        until(lambda: re.search(r"Scheduler at:\s+tcp://\S+", log.read_text()))
        found = re.search(r"Scheduler at:\s+(tcp://\S+)", log.read_text())
        assert found
        yield found[1]


@needs_dask
def test_workers_here_write_the_same_bytes(plain: Workspace, workspace: Workspace) -> None:
    """Without a scheduler two worker processes are started, and one may be killed."""
    process = start(workspace, "--jobs", "2")
    out = workspace.table(Suggestion)
    until(lambda: written(out))
    listed = Path(f"/proc/{process.pid}/task").glob("*/children")
    workers = [int(pid) for path in listed for pid in path.read_text().split()]
    forked = [pid for pid in workers if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(forked[-1], signal.SIGKILL)
    assert ended(process, 0) == ""
    assert written(out) == written(plain.table(Suggestion))
    assert not list(out.glob(".*"))


@needs_dask
def test_a_cluster_of_two_loses_one(plain: Workspace, workspace: Workspace, tmp_path: Path) -> None:
    """A folder elsewhere on a scheduler's two workers, one killed in mid-run: the same bytes."""
    out = tmp_path / "out"
    options = ("--no-nanny", "--nthreads", "1", "--no-dashboard")
    with (
        scheduler(tmp_path) as address,
        running("dask_worker", address, *options, cwd=tmp_path) as first,
        running("dask_worker", address, *options, cwd=tmp_path),
    ):
        where = ("--documents", str(workspace.table(Document)), "--out", str(out))
        process = start(workspace, "--scheduler", address, *where)
        until(lambda: written(out))
        first.kill()
        assert ended(process, 0) == ""
    assert written(out) == written(plain.table(Suggestion))


@needs_dask
def test_a_scheduler_that_does_not_answer(workspace: Workspace) -> None:
    """Nobody there, or somebody who says nothing: one line each, and nothing written."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mute = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        processes = {
            address: start(workspace, "--scheduler", address, "--dry-run")
            for address in (mute, "tcp://127.0.0.1:9", "no address")
        }
        for address, process in processes.items():
            said = ended(process, 3)
            assert f"no Dask scheduler answers at {address}" in said
    assert not workspace.table(Suggestion).exists()


@needs_dask
def test_a_scheduler_without_workers(workspace: Workspace, tmp_path: Path) -> None:
    """It is not waited for without end."""
    with scheduler(tmp_path) as address:
        assert "has no workers" in ended(start(workspace, "--scheduler", address), 3)


def test_without_dask_the_extra_is_named(workspace: Workspace) -> None:
    """One line with the command that installs it."""
    code = f"import sys; sys.modules['distributed'] = None; {MAIN}"
    said = ended(start(workspace, code=code), 3)
    assert "pip install 'annotate-markers[scale]'" in said
    assert not workspace.table(Suggestion).exists()
