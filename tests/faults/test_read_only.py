"""A folder that may be read and not written."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from annotate.errors import EnvironmentFault, NotWritable
from annotate.pipeline import Workspace

NOBODY = 65534
STORY = "The harbour office closed early on Friday. " * 10


@contextmanager
def without_privileges() -> Iterator[None]:
    """Root may write anywhere, so be nobody for a while."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp())
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.mark.parametrize("stage", ["ingest", "suggest", "assign"])
def test_every_stage_says_which_folder_takes_no_file(folder: Path, stage: str) -> None:
    """The environment's fault, in one line with what to do; what is there stays as it is."""
    Workspace.create(folder / "w", name="w", annotators=["ana", "ben"])
    workspace = Workspace(folder / "w")
    (folder / "one.txt").write_text(STORY)
    (folder / "two.txt").write_text(STORY + "A source said so.")
    workspace.ingest([folder / "one.txt"])
    warm = {
        "ingest": lambda: workspace.ingest([folder / "two.txt"]),
        "suggest": workspace.suggest,
        "assign": workspace.assign,
    }
    Workspace.create(folder / "other", name="w", annotators=["ana", "ben"])
    other = Workspace(folder / "other")  # loads what a stage loads lazily
    other.ingest([folder / "two.txt"])
    other.suggest()
    other.assign()
    for path in [workspace.root, *workspace.root.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = sorted(path.name for path in workspace.root.rglob("*"))
    with without_privileges(), pytest.raises(NotWritable) as caught:
        warm[stage]()
    assert "cannot be written: permission denied" in str(caught.value)
    assert "-C DIR" in str(caught.value)
    assert sorted(path.name for path in workspace.root.rglob("*")) == before


def test_a_new_workspace_needs_a_folder_that_takes_files(folder: Path) -> None:
    """Making one in a read-only folder is one line too."""
    folder.chmod(0o555)
    with without_privileges(), pytest.raises(NotWritable, match="cannot be written"):
        Workspace.create(folder / "w", name="w")
    folder.chmod(0o755)


def test_a_folder_that_cannot_be_opened_is_a_reject(folder: Path) -> None:
    """What cannot be listed is named and counted, never passed over."""
    workspace = Workspace.create(folder / "w", name="w")
    source = folder / "in"
    (source / "closed").mkdir(parents=True)
    (source / "a.txt").write_text(STORY)
    (source / "closed/b.txt").write_text(STORY)
    workspace.ingest([source], dry_run=True)  # loads what is loaded lazily
    (source / "closed").chmod(0)
    with without_privileges():
        result = workspace.ingest([source], dry_run=True)
        with pytest.raises(EnvironmentFault, match="cannot be read: permission denied"):
            workspace.ingest([source / "closed/b.txt"], dry_run=True)
    (source / "closed").chmod(0o755)
    assert [item.place for item in result.rejects] == ["in/closed"]
    assert (result.found, result.documents) == (2, 1)


def test_a_workspace_that_cannot_be_read_is_the_environments_fault(folder: Path) -> None:
    """The file, the reason, and what to do."""
    Workspace.create(folder / "w", name="w")
    (folder / "w/annotate.toml").chmod(0)
    with without_privileges(), pytest.raises(EnvironmentFault, match=r"annotate\.toml: cannot be"):
        Workspace(folder / "w")
