"""`annotate rules` and `annotate suggest --calibrate` at the command line."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from annotate.model import AnnotatedSpan, Annotation, Document, Suggestion
from annotate.pipeline.ingest import ingest
from annotate.pipeline.suggest import suggest
from annotate.workspace import Workspace

STORY = (
    "Lock {number} at Harlow Cut stays shut\n\nLock {number} was shut on Monday. Critics say the "
    "gates were never inspected. Ada Brel, who leads the water board, said the first report "
    "reached her on Sunday, and that nobody had hidden it from the town.\n"
)
COUNT = 10


def annotate(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from annotate.cli import main; main()", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ},
    )


def agree(workspace: Workspace) -> None:
    """Let two people submit every document without a span."""
    workspace.write(
        Annotation,
        [
            Annotation(
                annotation_id=f"n-{person}-{item.doc_id}",
                assignment_id=f"a-{person}-{item.doc_id}",
                doc_id=item.doc_id,
                text_sha256=item.text_sha256,
                annotator=person,
                round=1,
                condition="test",
                guideline_version="1.0",
                taxonomy_version="1",
                submitted_at="2026-05-06T07:00:00Z",
                spans=(
                    AnnotatedSpan(
                        start=0, end=4, marker="unnamed_source", span_id="r", origin="manual"
                    ),
                )
                if number == 0
                else (),
            )
            for number, item in enumerate(workspace.rows(Document))
            for person in ("ana", "ben")
        ],
    )


def files(workspace: Path) -> dict[Path, bytes]:
    """Give all that a command could have changed; who held the lock last does not matter."""
    found = (path for path in workspace.rglob("*") if path.is_file() and path.name != ".lock")
    return {path: path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    for number in range(COUNT):
        (folder / f"{number}.txt").write_text(STORY.format(number=number), encoding="utf-8")
    workspace = Workspace.create(folder / "w", name="w", annotators=["ana", "ben"])
    ingest(workspace, sorted(folder.glob("*.txt")))
    suggest(workspace)
    return workspace.root


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "w"))


def test_a_bad_rule_is_seen_retired_and_gone(workspace: Path) -> None:
    """The report ends with the lines for annotate.toml, and these work."""
    agree(Workspace(workspace))
    done = annotate("rules", cwd=workspace)
    assert done.returncode == 0, done.stderr
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("  group_speaks ")]
    assert "(0 of 10: 0.00 to 0.28)" in row
    assert row.endswith("retire?")
    assert "precision is measured on 10 documents (10 test) with gold" in done.stdout
    advice = done.stdout[done.stdout.index("[suggest]") :]
    assert "vague_collective_source/group_speaks" in advice
    path = workspace / "annotate.toml"
    path.write_text(path.read_text().replace("[suggest]", advice))
    assert annotate("suggest", cwd=workspace).returncode == 0
    assert "group_speaks" not in {row.rule for row in Workspace(workspace).rows(Suggestion)}
    done = annotate("rules", "--marker", "vague_collective_source", cwd=workspace)
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("  group_speaks ")]
    assert row.endswith("retired")


def test_suggest_says_where_the_scores_come_from(workspace: Path) -> None:
    """As written, calibrated on so many documents, or changed since."""
    assert "as written, of all" in annotate("suggest", cwd=workspace).stdout
    agree(Workspace(workspace))
    done = annotate("suggest", "--calibrate", cwd=workspace)
    assert "rules calibrated on 10 documents (10 test)" in done.stdout
    path = workspace / "tables" / "calibration.json"
    path.write_text(path.read_text().replace('"fingerprint": "', '"fingerprint": "x'))
    done = annotate("suggest", cwd=workspace)
    assert "as written, of all" in done.stdout
    assert "were changed since they were calibrated" in done.stderr


def test_the_report_is_json(workspace: Path) -> None:
    """Undefined values are null."""
    found = json.loads(annotate("rules", "--json", cwd=workspace).stdout)
    rule = next(item for item in found["rules"] if item["rule"] == "group_speaks")
    assert (rule["suggestions"], rule["precision"], rule["accepted"]) == (COUNT, None, None)
    assert found["gold"] == {}


def test_a_report_without_gold_says_so(workspace: Path) -> None:
    """No data is said, never 0."""
    out = annotate("rules", cwd=workspace).stdout
    assert "no document was read by two people" in out
    (row,) = [line for line in out.splitlines() if line.startswith("  group_speaks ")]
    assert row.split("  ")[-1] == "no data"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("suggest", "--calibrate"), 1, "nothing is annotated"),
        (("suggest", "--adjudicator", "ana"), 2, "--calibrate"),
        (("suggest", "--out", "x"), 2, "--documents and --out together"),
        (("suggest", "--jobs", "0"), 2, "expected 1 or more"),
        (("rules", "--marker", "unnamed_sorce"), 2, "did you mean unnamed_source?"),
        (("rules", "-C", "nowhere"), 1, "no workspace"),
    ],
)
def test_what_cannot_be_is_one_line(
    workspace: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    """One line on stderr, the exit code, nothing written."""
    before = files(workspace)
    done = annotate(*arguments, cwd=workspace)
    assert done.returncode == code, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert words in line
    assert files(workspace) == before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("jobs = 0", "suggest.jobs"),
        ('retired = "unnamed_source/source_speaks"', "expected a list"),
        ('retired = ["unnamed_source/source_speek"]', "did you mean source_speaks?"),
        ("retire_below = 2", "suggest.retire_below"),
    ],
)
def test_a_mistake_in_annotate_toml_is_one_line(workspace: Path, line: str, words: str) -> None:
    """The line names the file and the key."""
    path = workspace / "annotate.toml"
    path.write_text(path.read_text().replace("[suggest]", f"[suggest]\n{line}"))
    done = annotate("rules", cwd=workspace)
    assert done.returncode == 1
    (said,) = done.stderr.splitlines()
    assert said.startswith("error: annotate.toml: suggest.")
    assert words in said
