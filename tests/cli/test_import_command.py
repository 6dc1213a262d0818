"""`annotate import` on the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

STORY = (
    "Lift out of order\n\nA clerk 🛗 in the Lund office said the lift was old. No one else spoke.\n"
)
WORDS = "A clerk 🛗 in the Lund office"


def annotate(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from annotate.cli import main; main()", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Give a workspace, beside it an export of two people with a label of their own."""
    assert annotate("init", "w", cwd=tmp_path).returncode == 0
    start = STORY.index(WORDS)
    value = {"start": start, "end": start + len(WORDS), "text": WORDS, "labels": ["Who"]}
    part = {"id": "r1", "from_name": "l", "to_name": "t", "type": "labels", "value": value}
    people = [
        {"id": n, "completed_by": n, "result": [part], "updated_at": "2031-01-01"} for n in (1, 2)
    ]
    tasks = [{"id": 7, "data": {"story_text": STORY}, "annotations": people, "predictions": [{}]}]
    (tmp_path / "export.json").write_text(json.dumps(tasks), encoding="utf-8")
    return tmp_path / "w"


def test_an_export_is_imported_and_reported(workspace: Path) -> None:
    """Counts, labels, people, what was left aside; a dry run first says the same as JSON."""
    call = ("import", "label-studio", "../export.json", "--text", "story_text")
    dry = annotate(*call, "--dry-run", "--json", cwd=workspace)
    assert json.loads(dry.stdout)["added"] == 2, dry.stderr
    done = annotate(*call, "--person", "1=ana", cwd=workspace)
    assert done.returncode == 0, done.stderr
    for line in ("1 is ana", "2 is user-2", "left aside: 1 predictions", "note: labels that are"):
        assert f"  {line}" in done.stdout
    again = annotate(*call, "--person", "1=ana", "--json", cwd=workspace)
    assert (json.loads(again.stdout)["added"], json.loads(again.stdout)["known"]) == (0, 1)


def test_a_mapped_label_is_measured(workspace: Path) -> None:
    """From an export to agreement in two commands."""
    call = ("import", "label-studio", "../export.json", "--text", "story_text")
    assert annotate(*call, "--map", "Who=unnamed_source", cwd=workspace).returncode == 0
    done = annotate("agreement", "--json", cwd=workspace)
    found = json.loads(done.stdout)["markers"]["unnamed_source"]["exact_f1"]
    assert found["value"] == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("label-studio", "../export.json"), 1, "no key with the text"),
        (("label-studio", "../nothing.json"), 2, "no such file"),
        (("label-studio", ".."), 1, "is one file"),
        (("recogito", "../export.json"), 2, "legal: label-studio, polnear, jsonl"),
        (("polnear", "../export.json"), 1, "no folder with attributions"),
        (("label-studio", "annotate.toml"), 1, "not JSON"),
        (("label-studio", "../export.json", "--map", "Who"), 2, "--map THEIRS=OURS"),
        (("label-studio", "../export.json", "--map", "Who=x"), 2, "unnamed_source"),
        (("label-studio", "../export.json", "--person", "3=ana"), 2, '"3" is not known'),
    ],
)
def test_what_does_not_fit_is_one_line(
    workspace: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    """On stderr, with the legal values or what to do; no traceback."""
    done = annotate("import", *arguments, cwd=workspace)
    assert done.returncode == code, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert words in line
