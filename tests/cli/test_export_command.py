"""`annotate export` on the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from annotate.pipeline.import_ import import_
from annotate.pipeline.release import release
from annotate.workspace import Workspace


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


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a release of six articles, by one annotator."""
    folder = tmp_path_factory.mktemp("made")
    rows = []
    for number in range(6):
        text = f"Lift {number} stuck 🛗\n\nCritics say lift {number} is old.\n"
        start = text.index("Critics")
        span = {"start": start, "end": start + 7, "label": "vague_collective_source"}
        spans = [span | {"voice": "quoted_source"}]
        rows.append({"text": text, "spans": spans, "licence": "CC0-1.0"})
    (folder / "ana.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    workspace = Workspace.create(folder / "w", name="made")
    import_(workspace, "jsonl", folder / "ana.jsonl")
    return Path(release(workspace).path)


def test_an_export_says_what_it_lost(made: Path, tmp_path: Path) -> None:
    """For people and as JSON; a second one finds it there."""
    call = ("export", "doccano", made, "--out", "out")
    dry = annotate(*call, "--dry-run", "--json", cwd=tmp_path)
    assert json.loads(dry.stdout)["written"] is False, dry.stderr
    assert not (tmp_path / "out").exists()
    done = annotate(*call, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "spans" in done.stdout
    assert "  lost: voice: 6 in 6 documents" in done.stdout
    assert (tmp_path / "out" / "LOSS.json").is_file()
    again = annotate(*call, cwd=tmp_path)
    assert "nothing written: it is there already" in again.stdout


def test_a_split_and_a_marker_are_chosen(made: Path, tmp_path: Path) -> None:
    """Each option can be given again."""
    call = ("export", "jsonl", made, "--out", "out", "--split", "train", "--json")
    done = annotate(*call, "--marker", "unnamed_source", cwd=tmp_path)
    report = json.loads(done.stdout)["report"]
    assert (list(report["splits"]), report["spans"]) == (["train"], 0)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("excel",), 2, "legal: jsonl, label-studio, docbin"),
        (("jsonl", "--split", "x"), 2, "legal: train"),
        (("jsonl", "--marker", "x"), 2, "legal: unnamed_source"),
        (("jsonl", "--out", "full"), 2, "holds something else"),
        (("jsonl", "--out", "file/out"), 3, "cannot be written"),
    ],
)
def test_what_does_not_fit_is_one_line(
    made: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    """On stderr, with the legal values or what to do; nothing half-written."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("a file")
    before = sorted(tmp_path.rglob("*"))
    form, *more = arguments
    done = annotate("export", form, made, "--out", "out", *more, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert words in line
    assert sorted(tmp_path.rglob("*")) == before


def test_what_is_no_release_is_refused(tmp_path: Path) -> None:
    """In one line."""
    done = annotate("export", "jsonl", tmp_path, "--out", "out", cwd=tmp_path)
    assert (done.returncode, "not a release" in done.stderr) == (1, True)
