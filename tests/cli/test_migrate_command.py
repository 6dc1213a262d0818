"""`annotate migrate` at the command line: results on stdout, one line for what cannot be."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from annotate import files
from annotate.workspace import Workspace

WRONG = """\
name: wrong
since: "0"
to: "1"
why: it was asked for
steps:
  - rename: {marker: old_source, to: unnamed_sorce}
"""
RIGHT = WRONG.replace("unnamed_sorce", "unnamed_source")


def annotate(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from annotate.cli import main; main()", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        check=False,
        text=True,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a workspace with a migration that is right and one that is wrong."""
    root = Workspace.create(tmp_path / "w", name="w", annotators=["ana"]).root
    (root / "wrong.yaml").write_text(WRONG)
    (root / "right.yaml").write_text(RIGHT)
    (root / "newer.yaml").write_text(RIGHT.replace('to: "1"', 'to: "2"'))
    (root / "list.yaml").write_text("- no migration\n")
    return root


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("clearr", 2, 'migration "clearr" is not known'),
        ("none.yaml", 2, "none.yaml: there is no such file"),
        ("wrong.yaml", 1, "did you mean unnamed_source?"),
        ("newer.yaml", 1, '"2" is not the version of the taxonomy in use, 1'),
        ("list.yaml", 1, "list.yaml: expected a table"),
    ],
)
def test_what_is_no_migration_is_one_line(folder: Path, name: str, code: int, said: str) -> None:
    """The line says what and where, with the legal values; nothing is printed as a result."""
    done = annotate("migrate", name, cwd=folder)
    assert done.returncode == code
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_a_locked_workspace_is_one_line(folder: Path) -> None:
    """It names who holds the lock, and ends with 3."""
    with files.locked(folder / ".lock", holder="`annotate pull`", wait=False):
        done = annotate("migrate", "right.yaml", cwd=folder)
    assert done.returncode == 3
    assert "is being written by `annotate pull`" in done.stderr
    assert done.stderr.count("\n") == 1


def test_nothing_to_migrate_is_said(folder: Path) -> None:
    """Without a row of the old version nothing is written, in words and as JSON."""
    done = annotate("migrate", "right.yaml", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "nothing is of taxonomy version 0" in done.stdout
    told = json.loads(annotate("migrate", "right.yaml", "--json", cwd=folder).stdout)
    assert (told["since"], told["to"], told["counts"], told["trail"]) == ("0", "1", {}, None)
    assert not (folder / "runs").exists()
