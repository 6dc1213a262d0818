"""The command line: one clear line for whatever a user can cause, and the right exit code."""

import json
import os
import signal
import subprocess
import sys
import time
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
    out, err = (said.decode(errors="surrogateescape") for said in (done.stdout, done.stderr))
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


def test_a_column_option_without_a_name_is_the_calls_fault(workspace: Path) -> None:
    """Exit 2; the field is right, so no other one is proposed."""
    done = annotate("ingest", "../story.txt", "--column", "text=", cwd=workspace)
    refused(done, code=2, words=("no name of a column", "--column text="))
    assert "did you mean" not in done.stderr


def test_an_empty_name_is_not_this_folder(workspace: Path) -> None:
    """An unset variable in a script does not bring in whatever lies around."""
    refused(annotate("ingest", "", cwd=workspace), code=2, words=("no such file", "empty name"))


def test_a_name_too_long_for_the_system_is_one_line(workspace: Path) -> None:
    """Exit 3, and the system's reason."""
    refused(annotate("ingest", "a" * 300, cwd=workspace), code=3, words=("too long",))


@pytest.mark.parametrize("name", ["corpus \N{NEWSPAPER}", 'a"b\\c{d}', "del\x7f", "bad\udcff"])
def test_a_folder_of_any_name_can_be_a_workspace(tmp_path: Path, name: str) -> None:
    """The project is called after it in valid TOML, and the reports stay printable and JSON."""
    done = annotate("init", name, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done = annotate("-C", name, "status", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["workspace"] == name


def test_the_workspace_is_named_before_or_after_the_command(tmp_path: Path) -> None:
    """Also for init, whose folder lies in it, and with the long name."""
    assert annotate("-C", "w", "init", "sub", cwd=tmp_path).returncode == 0
    assert (tmp_path / "w/sub/annotate.toml").is_file()
    for call in (["--directory", "w/sub", "status"], ["status", "-C", "w/sub"]):
        assert annotate(*call, cwd=tmp_path).returncode == 0


def test_an_annotator_that_is_no_name_is_the_calls_fault(workspace: Path) -> None:
    """Exit 2 and no file; a name left out of an existing workspace is said."""
    done = annotate("init", "x", "--annotator", "Ana Lopez", cwd=workspace)
    refused(done, code=2, words=("Ana Lopez", "small letters"))
    assert not (workspace / "x").exists()
    done = annotate("init", ".", "--annotator", "zoe", cwd=workspace)
    assert "not in it: zoe" in done.stderr


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("languages = []", ("languages", "length >= 1")),
        ('languages = ["english"]', ("languages[0]", '"english"')),
        ("seed = -1", ("project.seed", "found -1")),
    ],
)
def test_a_value_that_no_stage_can_use_is_refused(
    workspace: Path, line: str, words: tuple[str, ...]
) -> None:
    """Before any article is read, with the path and what was found."""
    (workspace / "annotate.toml").write_text(f"[project]\n{line}\n")
    refused(annotate("ingest", "../story.txt", cwd=workspace), code=1, words=words)


def test_an_unknown_marker_name_says_which_file_has_it(workspace: Path) -> None:
    """File, path and legal values in one line."""
    assert annotate("ingest", "../story.txt", cwd=workspace).returncode == 0
    (workspace / "annotate.toml").write_text('[markers]\nnames = ["unamed_source"]\n')
    words = ("annotate.toml: markers.names", "did you mean unnamed_source?", "legal: ")
    refused(annotate("suggest", cwd=workspace), code=1, words=words)


def test_a_byte_order_mark_in_the_configuration_is_no_error(workspace: Path) -> None:
    """Some editors write one."""
    (workspace / "annotate.toml").write_text("version = 1\n", encoding="utf-8-sig")
    assert annotate("status", cwd=workspace).returncode == 0


def test_closed_standard_streams_are_no_traceback(workspace: Path) -> None:
    """Without standard input a file is read all the same, and - says that there is none."""
    command = f'"{sys.executable}" -c "from annotate.cli import main; main()" ingest'
    for source, code, word in (("../story.txt", 0, ""), ("-", 2, "standard input")):
        done = subprocess.run(
            ["sh", "-c", f"{command} {source} <&-"],
            cwd=workspace,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, "Traceback" in done.stderr) == (code, False)
        assert word in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_the_output_is_one_line(workspace: Path) -> None:
    """Exit 3."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", "from annotate.cli import main; main()", "status"],
            cwd=workspace,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr.count(b"\n")) == (3, 1)
    assert b"no space left" in done.stderr


def test_a_narrow_terminal_encoding_still_gives_json(workspace: Path) -> None:
    """What it cannot show is escaped as JSON escapes it."""
    (workspace / "in").mkdir()
    (workspace / "in/\N{NEWSPAPER}.txt").touch()
    (workspace / "in/a.txt").write_text(STORY, encoding="utf-8")
    call = ("ingest", "in", "--dry-run", "--json")
    done = annotate(*call, cwd=workspace, PYTHONIOENCODING="latin-1")
    assert json.loads(done.stdout)["rejects"][0]["place"] == "in/\N{NEWSPAPER}.txt"


def test_a_dry_run_needs_no_lock(workspace: Path) -> None:
    """It writes nothing at all, so it runs beside a writer and in a read-only folder."""
    assert annotate("ingest", "../story.txt", cwd=workspace).returncode == 0
    (workspace / ".lock").unlink()
    for command in ("ingest", "suggest"):
        arguments = ["../story.txt"] if command == "ingest" else []
        assert annotate(command, *arguments, "--dry-run", cwd=workspace).returncode == 0
    assert not (workspace / ".lock").exists()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_tidily(workspace: Path, sent: signal.Signals) -> None:
    """One line that says how to go on, the signal's exit code, and the lock is free."""
    started = subprocess.Popen(
        [sys.executable, "-c", "from annotate.cli import main; main()", "ingest", "-"],
        cwd=workspace,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 30
    while not (workspace / ".lock").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    started.send_signal(sent)
    _, said = started.communicate(timeout=30)
    assert started.returncode == 128 + sent
    assert said.decode() == "stopped; run the same command again to go on\n"
    assert annotate("ingest", "../story.txt", cwd=workspace).returncode == 0


def test_broken_files_of_the_workspace_are_named(workspace: Path) -> None:
    """A table or a manifest that was cut is one line with its place, in every stage."""
    assert annotate("ingest", "../story.txt", cwd=workspace).returncode == 0
    assert annotate("suggest", cwd=workspace).returncode == 0
    part = workspace / "tables/documents.parquet/part-00000.parquet"
    whole = part.read_bytes()
    part.write_bytes(whole[:100])
    for call in (["status"], ["ingest", "../story.txt"]):
        refused(annotate(*call, cwd=workspace), code=1, words=("documents.parquet/part-00000",))
    part.write_bytes(whole)
    for manifest in (workspace / "runs").glob("*-suggest.json"):
        manifest.write_text('{"stage"')
    refused(annotate("suggest", cwd=workspace), code=1, words=("runs/", "-suggest.json"))
