"""The workspace: whole files, one writer, readable by anyone."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from annotate.errors import (
    InvalidFile,
    NewerWorkspace,
    NothingToDo,
    NotWritable,
    WorkspaceLocked,
)
from annotate.model import Appearance, Document, Reject, document_id, text_sha256
from annotate.workspace import Workspace


def document(text: str) -> Document:
    return Document(
        doc_id=document_id(text), text=text, text_sha256=text_sha256(text), canonicaliser="1"
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "w", name="w", annotators=["ana", "ben"])


def test_a_new_workspace_has_a_configuration_that_loads(workspace: Workspace) -> None:
    """A new annotate.toml shows the defaults and the team that was named."""
    assert workspace.config.team.annotators == ("ana", "ben")
    assert workspace.config.markers.tier == 1


def test_creating_again_leaves_the_configuration_alone(workspace: Workspace) -> None:
    """A second init never overwrites what the lead wrote."""
    path = workspace.path("annotate.toml")
    path.write_text('[project]\nname = "mine"\n')
    assert Workspace.create(workspace.root, name="other").config.project.name == "mine"


def test_a_name_that_is_not_allowed_leaves_nothing_behind(tmp_path: Path) -> None:
    """A bad annotator name is refused before anything is written."""
    with pytest.raises(InvalidFile, match=r"annotate\.toml: team\.annotators\[0\]"):
        Workspace.create(tmp_path / "w", name="w", annotators=["Ana Núñez"])
    assert not (tmp_path / "w").exists()


def test_parts_and_single_files_come_back_as_they_went_in(workspace: Workspace) -> None:
    """Documents append as parts, appearances replace as one file; pandas reads both."""
    first, second = document("One. 👩‍👩‍👧"), document("Two.")
    workspace.append(Document, [first])
    workspace.append(Document, [second])
    workspace.write(Appearance, [Appearance(doc_id=first.doc_id, source="a.txt")])
    assert workspace.rows(Document) == [first, second]
    assert list(pd.read_parquet(workspace.table(Document))["text"]) == ["One. 👩‍👩‍👧", "Two."]
    assert list(workspace.frame(Appearance)["source"]) == ["a.txt"]
    assert not list(workspace.root.rglob("*.part"))


def test_the_same_rows_give_the_same_bytes(workspace: Workspace) -> None:
    """Writing a table twice changes no byte of it."""
    workspace.write(Appearance, [Appearance(doc_id="d-1", source="a.txt")])
    before = workspace.table(Appearance).read_bytes()
    workspace.write(Appearance, [Appearance(doc_id="d-1", source="a.txt")])
    assert workspace.table(Appearance).read_bytes() == before


def test_a_second_writer_is_told_who_holds_the_lock(workspace: Workspace) -> None:
    """Two processes never write at once; the second names the first and what to do."""
    code = (
        "import sys; from annotate.workspace import Workspace\n"
        "with Workspace(sys.argv[1]).writing('push'):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(workspace.root)]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        said = f"annotate push.*process {holder.pid}.*--wait"
        with pytest.raises(WorkspaceLocked, match=said), workspace.writing("pull"):
            pass
    finally:
        holder.communicate("")
    with workspace.writing("pull"), workspace.writing("inner"):
        pass


def test_a_crash_between_write_and_rename_leaves_the_old_state(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers see the old file when the process dies before the rename."""
    path = workspace.path("tables", "x.parquet")
    workspace.write_bytes(path, b"old")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", die)
    with pytest.raises(KeyboardInterrupt):
        workspace.write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_without_annotate_toml_is_no_workspace(tmp_path: Path) -> None:
    """The message says how to make one."""
    with pytest.raises(NothingToDo, match="annotate init"):
        Workspace(tmp_path)


def test_a_newer_workspace_is_refused(workspace: Workspace) -> None:
    """A version this program does not know is not guessed at."""
    workspace.path("annotate.toml").write_text("version = 99\nsurprise = true\n")
    with pytest.raises(NewerWorkspace, match=r"version 99 is newer.*Upgrade"):
        Workspace(workspace.root)


def test_every_typo_in_the_configuration_is_named_at_once(workspace: Workspace) -> None:
    """One line with the file, each path and the legal values."""
    workspace.path("annotate.toml").write_text(
        '[asign]\noverlap = 0.3\n[project]\nseed = "x"\n[markers]\ntier = 3\n'
    )
    with pytest.raises(InvalidFile) as caught:
        _ = Workspace(workspace.root).config
    line = str(caught.value)
    assert line.startswith('annotate.toml: key "asign" is not known (did you mean assign?); legal:')
    assert 'project.seed: expected a whole number, found "x"' in line
    assert "markers.tier: Expected `int` <= 2" in line
    assert "\n" not in line


def test_broken_toml_is_one_line(workspace: Workspace) -> None:
    """A syntax error names the line and column."""
    workspace.path("annotate.toml").write_text("[project\n")
    with pytest.raises(InvalidFile, match=r"not valid TOML: .*line 1"):
        Workspace(workspace.root)


@pytest.mark.parametrize("content", [b"", b"PAR1 and then nothing", b"x" * 100])
def test_a_damaged_table_is_one_line(workspace: Workspace, content: bytes) -> None:
    """A Parquet file that was cut or overwritten is named."""
    workspace.append(Document, [document("One.")])
    part = workspace.parts(Document)[0]
    part.write_bytes(content)
    with pytest.raises(InvalidFile, match=r"part-00000\.parquet"):
        workspace.rows(Document)


def test_a_folder_that_takes_no_file_is_one_line(workspace: Workspace) -> None:
    """Where a file stands in the place of a folder, the message says so."""
    workspace.path("tables").write_text("a file")
    with pytest.raises(NotWritable, match="cannot be written"):
        workspace.append(Document, [document("One.")])


def test_a_run_leaves_a_manifest(workspace: Workspace) -> None:
    """Counts and rejects with place and reason are kept for every run."""
    rejects = [Reject(place="a.csv:3", reason="no text")]
    workspace.record_run("ingest", started=0.0, counts={"documents": 1}, rejects=rejects)
    manifest = workspace.last_run("ingest")
    assert manifest is not None
    assert manifest.rejects == tuple(rejects)
    assert manifest.counts == {"documents": 1}
