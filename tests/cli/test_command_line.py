"""The command line: one clear line for whatever a user can cause, and the right exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

STORY = (
    "Bridge closed after crack is found\n\nThe Torven bridge was closed on Monday. A source in "
    "the transport ministry said the crack had been known for a year. Inspector Ada Brel, who "
    "leads the district office, said the first report reached her on Sunday, and that nobody "
    "had hidden it.\n"
)


def annotate(
    *arguments: str | Path, cwd: Path, stdin: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", "from annotate.cli import main; main()", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def refused(done: subprocess.CompletedProcess[str], *, code: int, words: tuple[str, ...]) -> None:
    """Expect one line on stderr with these words, that exit code, and no traceback."""
    assert done.returncode == code, done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    for word in words:
        assert word in line


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    assert annotate("init", "w", "--annotator", "ana", cwd=tmp_path).returncode == 0
    (tmp_path / "story.txt").write_text(STORY, encoding="utf-8")
    return tmp_path / "w"


def test_help_names_the_stages_in_their_order(tmp_path: Path) -> None:
    """The list of commands reads as the work goes."""
    out = annotate("--help", cwd=tmp_path).stdout
    places = [out.index(f" {name} ") for name in ("init", "ingest", "suggest", "assign", "push")]
    assert places == sorted(places)


def test_articles_become_suggestions_and_both_reports_are_json(workspace: Path) -> None:
    """Counts can be read by a program."""
    done = annotate("-C", workspace, "ingest", "story.txt", "--json", cwd=workspace.parent)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["documents"] == 1
    done = annotate("suggest", "-C", workspace, "--json", cwd=workspace.parent)
    assert json.loads(done.stdout)["markers"]["unnamed_source"] == 1


def test_standard_input_is_an_article(workspace: Path) -> None:
    """A dash reads what is piped in."""
    done = annotate("ingest", "-", "--json", cwd=workspace, stdin=STORY.encode())
    assert json.loads(done.stdout)["documents"] == 1, done.stderr


def test_a_dry_run_writes_nothing(workspace: Path) -> None:
    """--dry-run counts and leaves the workspace as it was."""
    before = sorted(workspace.rglob("*"))
    done = annotate("ingest", "../story.txt", "--dry-run", "--json", cwd=workspace)
    assert json.loads(done.stdout)["documents"] == 1
    assert sorted(path for path in workspace.rglob("*") if path.name != ".lock") == before


def test_an_article_is_shown_with_its_reasons(tmp_path: Path) -> None:
    """Show needs no workspace: text, spans, rules and why a judgement is what it is."""
    (tmp_path / "story.txt").write_text(STORY, encoding="utf-8")
    out = annotate("show", "story.txt", cwd=tmp_path).stdout
    assert "unnamed_source  A source in the transport ministry" in out
    assert "sourcing version 1, row 2" in out
    done = annotate("show", "story.txt", "--html", "story.html", cwd=tmp_path)
    assert done.stdout == "story.html\n"
    assert "unverifiable_anonymous_source" in (tmp_path / "story.html").read_text(encoding="utf-8")
    done = annotate("show", "story.txt", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["articles"][0]["text"] == STORY
    (tmp_path / "empty.txt").write_text("")
    refused(annotate("show", "empty.txt", cwd=tmp_path), code=1, words=("empty.txt: empty file",))


def test_without_a_workspace_the_line_says_how_to_make_one(tmp_path: Path) -> None:
    """Every command that needs a workspace says so alike."""
    for command in ("status", "suggest", "assign", "push", "pull", "release", "train", "run"):
        refused(annotate(command, cwd=tmp_path), code=1, words=("no workspace", "annotate init"))


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("suggest", ("no documents", "annotate ingest")),
        ("assign", ("no documents", "annotate ingest")),
        ("release", ("nothing is annotated", "annotate assign")),
        ("train", ("annotate release",)),
        ("evaluate", ("annotate",)),
        ("agreement", ("nothing is annotated", "annotate assign")),
    ],
)
def test_a_stage_before_its_time_says_what_comes_first(
    workspace: Path, command: str, words: tuple[str, ...]
) -> None:
    """Nothing to work on is exit 1 and the name of the command that helps."""
    refused(annotate(command, cwd=workspace), code=1, words=words)


def test_a_newer_workspace_is_the_environments_fault(workspace: Path) -> None:
    """Exit 3, and how to upgrade."""
    (workspace / "annotate.toml").write_text("version = 7\n")
    refused(annotate("status", cwd=workspace), code=3, words=("version 7", "Upgrade"))


def test_a_typo_in_the_configuration_names_path_and_legal_values(workspace: Path) -> None:
    """Exit 1, one line."""
    (workspace / "annotate.toml").write_text("[project]\nsede = 1\n")
    (workspace.parent / "x.txt").write_text(STORY)
    words = ("annotate.toml: project: key", "did you mean seed?", "legal: name, languages, seed")
    refused(annotate("ingest", "../x.txt", cwd=workspace), code=1, words=words)


def test_a_table_without_a_text_column_names_its_columns(workspace: Path) -> None:
    """Exit 1, the columns that are there, and the option that helps."""
    (workspace / "t.csv").write_text("id,colour\n1,red\n")
    done = annotate("ingest", "t.csv", cwd=workspace)
    refused(done, code=1, words=("t.csv", "id, colour", "--column text="))


def test_a_column_option_that_is_none_is_the_calls_fault(workspace: Path) -> None:
    """Exit 2, the legal fields."""
    done = annotate("ingest", "../story.txt", "--column", "txt=a", cwd=workspace)
    refused(done, code=2, words=('"txt"', "text", "title"))


def test_a_source_that_is_not_there_is_the_calls_fault(workspace: Path) -> None:
    """Exit 2, the path."""
    refused(annotate("ingest", "nowhere.txt", cwd=workspace), code=2, words=("nowhere.txt",))


def test_bad_files_are_listed_and_the_rest_goes_on(workspace: Path) -> None:
    """Empty, binary and broken lines are named with their places; the good article is in."""
    folder = workspace / "in"
    folder.mkdir()
    (folder / "good.txt").write_text(STORY, encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "rows.jsonl").write_text('{"text": "%s"}\n{"text": \n' % ("More words. " * 30))
    done = annotate("ingest", "in", "--json", cwd=workspace)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    places = {Path(item["place"]).name for item in result["rejects"]}
    assert places == {"empty.txt", "binary.txt", "rows.jsonl:2"}
    assert result["found"] == result["documents"] + len(result["rejects"])


def test_a_folder_that_takes_no_files_is_the_environments_fault(workspace: Path) -> None:
    """Exit 3, and nothing half-written."""
    (workspace / "tables").write_text("a file where the folder should be")
    done = annotate("ingest", "../story.txt", cwd=workspace)
    refused(done, code=3, words=("cannot be written",))


def test_a_server_that_is_down_is_the_environments_fault(workspace: Path) -> None:
    """Exit 3, and where the address comes from."""
    (workspace / "annotate.toml").write_text(
        '[team]\nannotators = ["ana"]\n[assign]\ntest = 0.0\noverlap = 0.0\n'
        '[studio]\nurl = "http://127.0.0.1:9"\n'
    )
    for command in (["ingest", "../story.txt"], ["suggest"], ["assign"]):
        assert annotate(*command, cwd=workspace).returncode == 0
    done = annotate("push", cwd=workspace, ANNOTATE_STUDIO_TOKEN="x" * 40)
    refused(done, code=3, words=("127.0.0.1:9", "annotate.toml"))
    assert "x" * 40 not in done.stderr
    done = annotate("push", cwd=workspace, ANNOTATE_STUDIO_TOKEN="")
    refused(done, code=3, words=("ANNOTATE_STUDIO_TOKEN",))


def test_an_unknown_command_is_the_calls_fault(tmp_path: Path) -> None:
    """Exit 2."""
    assert annotate("labour", cwd=tmp_path).returncode == 2
