"""Suggest cut at the worst moments, and given what cannot be read or written."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from annotate.model import Document, Suggestion, Zone, document_id, text_sha256
from annotate.pipeline.suggest import suggest
from annotate.workspace import Workspace

PARTS = 8
SENTENCE = (
    "A source in the ministry said on Monday that bridge number {number} was unsafe, and critics "
    "say that its repair was allegedly paid twice. "
)
MAIN = "from annotate.cli import main; main()"


def add(workspace: Workspace, *texts: str) -> None:
    """Add a part of documents that are body from end to end."""
    documents = [
        Document(
            doc_id=document_id(text), text=text, text_sha256=text_sha256(text), canonicaliser="1"
        )
        for text in texts
    ]
    workspace.append(Document, documents)
    zones = [
        Zone(doc_id=item.doc_id, start=0, end=len(item.text), zone="body") for item in documents
    ]
    workspace.write(Zone, [*workspace.rows(Zone), *zones])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a workspace whose parts take a while each."""
    workspace = Workspace.create(tmp_path_factory.mktemp("template") / "w", name="w")
    for part in range(PARTS):
        add(workspace, *(SENTENCE.format(number=part * 20 + each) * 12 for each in range(20)))
    return workspace.root


@pytest.fixture
def workspace(template: Path, tmp_path: Path) -> Workspace:
    (tmp_path / "w").mkdir()
    subprocess.run(["cp", "-r", f"{template}/.", str(tmp_path / "w")], check=True)
    return Workspace(tmp_path / "w")


@pytest.fixture(scope="module")
def expected(template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Give the parts of a run that nothing disturbed."""
    folder = tmp_path_factory.mktemp("expected") / "w"
    subprocess.run(["cp", "-r", str(template), str(folder)], check=True)
    suggest(Workspace(folder))
    return written(Workspace(folder))


def written(workspace: Workspace) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in workspace.parts(Suggestion)}


def start(workspace: Workspace, *options: str, limit: int = -1) -> subprocess.Popen[str]:
    """Start the command; `limit` is the size that no file may grow beyond."""
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))"
    return subprocess.Popen(
        [sys.executable, "-c", f"{limited}; {MAIN}", "suggest", *options],
        cwd=workspace.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: "subprocess.Popen[str]", code: int) -> str:
    """Wait for the command's end; give what it said on stderr, which is at most one line."""
    _, said = process.communicate(timeout=120)
    assert process.returncode == code, said
    assert said.count("\n") <= 1
    return said


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def unfinished(workspace: Workspace) -> list[Path]:
    return list(workspace.path("tables").rglob("*.part"))


def test_a_killed_worker_loses_nothing(workspace: Workspace, expected: dict[str, bytes]) -> None:
    """Its part is made again by another; the run ends well and the bytes are the same."""
    process = start(workspace, "--jobs", "2")
    until(lambda: written(workspace))
    os.kill(children(process.pid)[0], signal.SIGKILL)
    assert ended(process, 0) == ""
    assert written(workspace) == expected
    assert not unfinished(workspace)


def test_workers_that_always_die_end_the_run(workspace: Workspace) -> None:
    """Where nothing can live, one line says so within a few tries."""
    process = start(workspace, "--jobs", "2")
    while process.poll() is None:
        for pid in children(process.pid):
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)
    assert "killed by signal 9" in ended(process, 3)
    assert not unfinished(workspace)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_run_that_was_killed_goes_on(
    workspace: Workspace, expected: dict[str, bytes], jobs: str
) -> None:
    """After kill -9 no worker stays behind, and parts that were done are not made again."""
    process = start(workspace, "--jobs", jobs)
    until(lambda: len(written(workspace)) >= 2)
    workers = children(process.pid)
    process.kill()
    process.communicate()
    until(lambda: not any(map(alive, workers)))
    done = {path: path.stat().st_mtime_ns for path in workspace.parts(Suggestion)}
    assert 2 <= len(done) < PARTS
    result = suggest(workspace)
    assert result.written_parts == PARTS - len(done)
    assert all(path.stat().st_mtime_ns == moment for path, moment in done.items())
    assert written(workspace) == expected
    assert not unfinished(workspace)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_run_leaves_nothing_behind(workspace: Workspace, jobs: str) -> None:
    """After Ctrl-C, one line that says how to go on; no worker and no half-written file."""
    process = start(workspace, "--jobs", jobs)
    until(lambda: written(workspace))
    workers = children(process.pid)
    process.send_signal(signal.SIGINT)
    assert "run the same command again" in ended(process, 130)
    assert not any(map(alive, workers))
    assert not unfinished(workspace)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_part_that_was_cut(workspace: Workspace, expected: dict[str, bytes], jobs: str) -> None:
    """It is named with the reason, all others are done, and mended it is done too."""
    path = workspace.parts(Document)[3]
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    said = ended(start(workspace, "--jobs", jobs), 1)
    assert "documents.parquet/part-00003.parquet: not a whole Parquet file" in said
    others = {name: data for name, data in expected.items() if "00003" not in name}
    assert written(workspace) == others
    manifest = workspace.last_run("suggest")
    assert manifest
    assert [item.place for item in manifest.rejects] == ["documents.parquet/part-00003.parquet"]
    path.write_bytes(whole)
    assert suggest(workspace).written_parts == 1
    assert written(workspace) == expected


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_full_disk(workspace: Workspace, expected: dict[str, bytes], jobs: str) -> None:
    """One line that names the file; parts that were done stay, and nothing is half there."""
    suggest(workspace)
    workspace.parts(Suggestion)[5].unlink()
    said = ended(start(workspace, "--jobs", jobs, limit=1_000), 3)
    assert "part-00005.parquet: cannot be written: file too large" in said
    assert set(written(workspace)) == set(expected) - {"part-00005.parquet"}
    assert not unfinished(workspace)


def test_a_document_of_ten_megabytes(workspace: Workspace, expected: dict[str, bytes]) -> None:
    """It is done like any other, and so are those around it."""
    plain = "The ferry left the north quay at noon and came back before the evening. " * 139_000
    add(workspace, SENTENCE.format(number=0), plain + SENTENCE.format(number=1))
    result = suggest(workspace)
    assert result.documents == PARTS * 20 + 2
    assert not result.rejects
    assert written(workspace).items() > expected.items()
    assert max(row.end for row in workspace.rows(Suggestion)) > 10_000_000
