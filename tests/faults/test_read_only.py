"""A folder that may be read and not written."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from annotate.errors import NotWritable
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
