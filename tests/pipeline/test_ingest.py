"""The ingest stage on a workspace: accounting, idempotence, bad input."""

import io
import json
import os
import shutil
from collections.abc import Iterable
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import pytest

from annotate.config import Columns
from annotate.errors import (
    DataError,
    InvalidFile,
    NothingToDo,
    NotWritable,
    UsageError,
    WorkspaceLocked,
)
from annotate.model import Appearance, Assignment, Document, Duplicate, Reject, Zone, document_id
from annotate.pipeline.ingest import IngestResult, ingest
from annotate.pipeline.status import status
from annotate.pipeline.suggest import suggest
from annotate.workspace import Workspace

_SHARED = Path(__file__).parents[2] / "../shared/data"
_BODY = (
    "The council closed the old bridge on Tuesday after the river rose by two metres, and an "
    "official said that nobody knows when number {} will open to traffic again."
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Give an empty workspace."""
    return Workspace.create(tmp_path / "w", name="test")


def _articles(folder: Path, numbers: Iterable[int]) -> Path:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        (folder / f"{number}.txt").write_text(_BODY.format(number), encoding="utf-8")
    return folder


def _written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def _tables(workspace: Workspace) -> dict[str, str]:
    return {
        str(path.relative_to(workspace.root)): sha256(path.read_bytes()).hexdigest()
        for folder in ("tables", "raw")
        for path in sorted(workspace.path(folder).rglob("*"))
        if path.is_file()
    }


def _adds_up(result: IngestResult) -> bool:
    taken = result.documents + result.known + result.exact_duplicates
    return result.found == taken + len(result.rejects)


def test_everything_is_accounted_for(workspace: Workspace, tmp_path: Path) -> None:
    """Found is documents, duplicates, known ones and rejects together, in mixed input."""
    folder = _articles(tmp_path / "news", range(3))
    _written(folder / "copy.txt", _BODY.format(1))
    _written(folder / "empty.txt", "")
    _written(folder / "short.txt", "Too short to keep.")
    _written(folder / "x.bin", b"\x00" * 50)
    rows = ["title,text", f'T,"{_BODY.format(7)}"', "a,b,c,d"]
    result = ingest(workspace, [folder, _written(tmp_path / "a.csv", "\n".join(rows))])
    assert (result.found, result.documents, result.exact_duplicates) == (9, 4, 1)
    assert _adds_up(result)
    assert [reject.place for reject in result.rejects] == [
        "news/empty.txt", "news/short.txt", "news/x.bin", "a.csv:3",
    ]  # fmt: skip
    manifest = workspace.last_run("ingest")
    assert manifest is not None
    assert manifest.rejects == result.rejects
    assert manifest.counts == {"documents": 4, "exact_duplicates": 1, "found": 9, "rejects": 4}
    assert set(manifest.inputs) == {
        "news/0.txt",
        "news/1.txt",
        "news/2.txt",
        "news/copy.txt",
        "a.csv",
    }


def test_tables_say_what_came_in(workspace: Workspace, tmp_path: Path) -> None:
    """A row becomes a document, an appearance, zones and a cluster; raw/ has the file."""
    row = {"title": "Bridge", "text": _BODY, "url": "https://valley.example/1", "outlet": "Valley"}
    source = _written(tmp_path / "a.jsonl", json.dumps(row))
    ingest(workspace, [source])
    text = f"Bridge\n\n{_BODY}"
    (document,) = workspace.rows(Document)
    assert (document.doc_id, document.text) == (document_id(text), text)
    assert (document.title, document.language) == ("Bridge", "en")
    assert workspace.rows(Appearance) == [
        Appearance(
            doc_id=document.doc_id,
            publisher="Valley",
            url="https://valley.example/1",
            source="a.jsonl:1",
        )
    ]
    assert [(zone.zone, zone.start, zone.end) for zone in workspace.rows(Zone)] == [
        ("title", 0, 6),
        ("body", 6, len(text)),
    ]
    assert workspace.rows(Duplicate) == [Duplicate(doc_id=document.doc_id, cluster=document.doc_id)]
    (raw,) = workspace.path("raw").iterdir()
    assert raw.name == sha256(source.read_bytes()).hexdigest() + ".jsonl"


def test_ingesting_twice_adds_nothing(workspace: Workspace, tmp_path: Path) -> None:
    """The second run knows every document, and every table has the same bytes."""
    folder = _articles(tmp_path / "news", range(5))
    ingest(workspace, [folder])
    before = _tables(workspace)
    again = ingest(workspace, [folder])
    assert (again.documents, again.known, again.exact_duplicates) == (0, 5, 0)
    assert _tables(workspace) == before


def test_order_of_runs_does_not_matter_for_appearances(tmp_path: Path) -> None:
    """The same text from two outlets is one document with both appearances."""
    stories = {
        name: _written(tmp_path / f"{name}.csv", f'text,outlet\n"{_BODY}",{name}\n')
        for name in "ab"
    }
    found = []
    for order in ("ab", "ba"):
        workspace = Workspace.create(tmp_path / order, name="test")
        for name in order:
            ingest(workspace, [stories[name]])
        assert len(workspace.rows(Document)) == 1
        found.append(workspace.rows(Appearance))
    assert found[0] == found[1]
    assert [item.publisher for item in found[0]] == ["a", "b"]


def test_killed_run_is_made_good_by_the_next(tmp_path: Path) -> None:
    """With documents stored and nothing else, running again gives the same tables."""
    folder = _articles(tmp_path / "news", range(5))
    whole = Workspace.create(tmp_path / "whole", name="test")
    ingest(whole, [folder])
    cut = Workspace.create(tmp_path / "cut", name="test")
    ingest(cut, [folder])
    shutil.rmtree(cut.path("raw"))
    for record in (Appearance, Zone, Duplicate):
        cut.table(record).unlink()
    ingest(cut, [folder])
    assert _tables(cut) == _tables(whole)


def test_near_duplicates_share_a_cluster(workspace: Workspace, tmp_path: Path) -> None:
    """Reports that differ in a word are one cluster, also across runs."""
    ingest(workspace, [_articles(tmp_path / "one", [1])])
    result = ingest(workspace, [_articles(tmp_path / "two", [2, 3])])
    assert result.near_duplicate_clusters == 1
    assert len({row.cluster for row in workspace.rows(Duplicate)}) == 1
    assert (
        min(row.doc_id for row in workspace.rows(Duplicate)) == workspace.rows(Duplicate)[0].cluster
    )


def test_zones_improve_until_they_are_pushed(workspace: Workspace, tmp_path: Path) -> None:
    """A line learned from later documents changes earlier zones, but not of pushed documents."""

    def story(number: int) -> str:
        body = f"Story{number} here. {_BODY.format(number)} said keeper{number}."
        return f"{body}\n\nRing the desk and tell."

    rows = [json.dumps({"text": story(number), "outlet": "Valley"}) for number in range(6)]
    ingest(workspace, [_written(tmp_path / "a.jsonl", "\n".join(rows[:2]))])
    first, second = (document.doc_id for document in workspace.rows(Document))
    assert {zone.zone for zone in workspace.rows(Zone)} == {"body"}
    pushed = Assignment(
        assignment_id="a-1", doc_id=first, annotator="ana", round=1, condition="blind"
    )
    workspace.write(Assignment, [pushed])
    workspace.record_run("push", started=0.0, counts={"tasks": 1})
    ingest(workspace, [_written(tmp_path / "b.jsonl", "\n".join(rows))])
    kinds = {
        doc_id: [zone.zone for zone in workspace.rows(Zone) if zone.doc_id == doc_id]
        for doc_id in (first, second)
    }
    assert kinds == {first: ["body"], second: ["body", "boilerplate"]}


def test_dry_run_counts_and_writes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    """A dry run gives the counts of the run to come; the workspace keeps one file."""
    result = ingest(workspace, [_articles(tmp_path / "news", range(3))], dry_run=True)
    assert (result.documents, result.near_duplicate_clusters) == (3, None)
    assert [path.name for path in workspace.root.rglob("*")] == ["annotate.toml"]


def test_standard_input_is_read(workspace: Workspace) -> None:
    """A dash reads what is piped in; its form is told by the beginning or given."""
    rows = f'title,text\nA,"{_BODY}"\n'.encode()
    result = ingest(workspace, ["-"], stdin=io.BytesIO(rows))
    assert result.documents == 1
    assert result.notes == ("stdin: taken for csv",)
    assert workspace.rows(Appearance)[0].source == "stdin:2"
    text = ingest(workspace, ["-"], stdin=io.BytesIO(rows + _BODY.encode() * 3), form="text")
    assert text.documents == 1
    with pytest.raises(UsageError, match="- stands for standard input, and there is none"):
        ingest(workspace, ["-"])


def test_progress_counts_what_is_found(workspace: Workspace, tmp_path: Path) -> None:
    """Progress is called with the number found so far."""
    seen: list[int] = []
    ingest(workspace, [_articles(tmp_path / "news", range(3))], progress=seen.append)
    assert seen == [1, 2, 3]


def test_settings_of_the_workspace_apply(tmp_path: Path) -> None:
    """Columns, defaults and the minimum of words come from annotate.toml; a call overrides."""
    workspace = Workspace.create(tmp_path / "w", name="test")
    with (workspace.root / "annotate.toml").open("a") as file:
        file.write('[ingest]\nminimum_words = 2\npublisher = "Hill Post"\ncolumns = {text = "b"}\n')
    source = _written(
        tmp_path / "a.csv", "a,b\nthe bridge is closed again,the road is open again\n"
    )
    workspace = Workspace(workspace.root)
    ingest(workspace, [source])
    ingest(workspace, [source], columns=Columns(text="a"))
    assert [row.text for row in workspace.rows(Document)] == [
        "the road is open again",
        "the bridge is closed again",
    ]
    assert {row.publisher for row in workspace.rows(Appearance)} == {"Hill Post"}


def test_other_language_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    """A document in a language that the project does not name is a reject with both named."""
    folder = _articles(tmp_path / "news", [1])
    swedish = (
        "Kommunen stängde den gamla bron på tisdagen efter att vattnet hade stigit två meter. "
    )
    _written(folder / "sv.txt", swedish * 3)
    assert ingest(workspace, [folder]).rejects == (
        Reject(place="news/sv.txt", reason="language sv is not in en"),
    )


def test_encodings_and_mojibake_get_a_word(workspace: Workspace, tmp_path: Path) -> None:
    """A guessed encoding, and text garbled before it came, are said with count and place."""
    folder = _articles(tmp_path / "news", [])
    _written(folder / "old.txt", ("The café\u2019s owner. " + _BODY).encode("cp1252"))
    _written(folder / "torn.txt", "The mayor\u00e2\u20ac\u2122s men. " + _BODY)
    guessed, garbled = ingest(workspace, [folder]).notes
    assert guessed == "news/old.txt: not UTF-8; read as cp1252"
    assert garbled == (
        "news/torn.txt: wrongly decoded characters in the text, articles: 1, the first at "
        "news/torn.txt (“\u00e2\u20ac\u2122”)"
    )


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"", "a.txt: empty file. Nothing was ingested"),
        ("a.txt", b"\x00\x01\x02" * 99, "a.txt: not text but binary data. Nothing was ingested"),
        ("a.csv", b"%PDF-1.7", "a.csv: not text but a PDF. Save it as text or HTML"),
        ("a.docx", b"PK\x03\x04", 'a.docx: form not known from ".docx"; known: .txt .text .md'),
        ("a.csv", b"id,what\n1,2\n", "a.csv: no column with the text; columns found: id, what."),
        ("a.jsonl", b'{"id": 1}\n', "a.jsonl: no column with the text; columns found: id."),
        ("a.jsonl", b"{oops\n", "a.jsonl:1: not valid JSON: "),
        ("a.parquet", b"PAR1 cut", "a.parquet: not a whole Parquet file."),
        ("a.html", b"<html></html>", "a.html: no article text found in the HTML. Nothing was"),
        ("a.txt", b"Too short.", "a.txt: 2 words, fewer than the 20 of a document. Nothing was"),
    ],
)
def test_bad_input_is_one_line_with_exit_code_1(
    workspace: Workspace, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    """A named source with nothing to take raises InvalidFile naming it and the reason."""
    with pytest.raises(InvalidFile) as caught:
        ingest(workspace, [_written(tmp_path / name, content)])
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 1
    assert workspace.rows(Document) == []


def test_nothing_is_written_before_a_named_table_is_refused(
    workspace: Workspace, tmp_path: Path
) -> None:
    """A table without text stops the run before the other sources are stored."""
    folder = _articles(tmp_path / "news", range(3))
    with pytest.raises(InvalidFile):
        ingest(workspace, [folder, _written(tmp_path / "a.csv", "id\n1\n")])
    assert not workspace.path("tables").exists()
    _written(folder / "meta.csv", "id\n1\n")
    result = ingest(workspace, [folder])
    assert result.documents == 3
    assert result.rejects[0].place == "news/meta.csv"


def test_odd_characters_in_names_and_metadata(workspace: Workspace, tmp_path: Path) -> None:
    """Lone surrogates and control characters do not reach the tables, wherever they stand."""
    folder = tmp_path / "news"
    folder.mkdir()
    row = {"text": _BODY + "\ud800", "author": "Lind\udc00\n\x00Vries", "title": "A\ud83d"}
    _written(folder / os.fsdecode(b"\xff.jsonl"), json.dumps(row))
    _written(folder / os.fsdecode(b"\xfe.\xff"), "x")
    _written(folder / "keys.jsonl", json.dumps({"\ud800\n": 1}))
    result = ingest(workspace, [folder])
    assert result.documents == 1
    (appearance,) = workspace.rows(Appearance)
    assert (appearance.author, appearance.source) == ("Lind\ufffd Vries", "news/\ufffd.jsonl:1")
    json.dumps([str(reject) for reject in result.rejects], ensure_ascii=False).encode()


def test_workspace_that_takes_no_file(workspace: Workspace, tmp_path: Path) -> None:
    """Where a table cannot be written, one line names it, with exit code 3."""
    _written(workspace.path("tables"), "not a folder")
    with pytest.raises(NotWritable, match=r"documents\.parquet.*cannot be written") as caught:
        ingest(workspace, [_articles(tmp_path / "news", [1])])
    assert caught.value.exit_code == 3


def test_missing_path_and_empty_folder(workspace: Workspace, tmp_path: Path) -> None:
    """A path that is not there is a usage error; a folder without files is nothing to do."""
    with pytest.raises(UsageError, match="no such file or folder"):
        ingest(workspace, [tmp_path / "nowhere"])
    (tmp_path / "none").mkdir()
    with pytest.raises(NothingToDo, match="no articles in "):
        ingest(workspace, [tmp_path / "none"])


def test_second_writer_is_told_who_writes(workspace: Workspace, tmp_path: Path) -> None:
    """While another process-wide handle writes, ingest refuses; a dry run does not mind."""
    folder = _articles(tmp_path / "news", [1])
    with Workspace(workspace.root).writing("suggest"):
        with pytest.raises(WorkspaceLocked, match="annotate suggest"):
            ingest(workspace, [folder])
        assert ingest(workspace, [folder], dry_run=True).documents == 1


def test_documents_come_in_parts(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Documents are stored part by part, in the order of the input."""
    monkeypatch.setattr(import_module("annotate.pipeline.ingest"), "BATCH", 2)
    ingest(workspace, [_articles(tmp_path / "news", range(5))])
    assert len(workspace.parts(Document)) == 3
    assert [row.text for row in workspace.rows(Document)] == [
        _BODY.format(number) for number in range(5)
    ]


def test_real_corpus_is_accounted_for(workspace: Workspace) -> None:
    """FA-KES and the seeds: 806 articles, each a document, a duplicate or a reject."""
    table = _SHARED / "fakes/FA-KES-Dataset.csv"
    if not table.exists():
        pytest.skip("the corpus is not beside this checkout")
    result = ingest(workspace, [table, *sorted((_SHARED / "seeds").glob("*.txt"))])
    assert result.found == 806
    assert _adds_up(result)
    assert (result.documents, result.exact_duplicates) == (789, 14)
    assert {reject.reason.split(",")[1] for reject in result.rejects} == {
        " fewer than the 20 of a document"
    }
    assert len(workspace.rows(Duplicate)) == 789
    again = ingest(workspace, [table])
    assert (again.documents, again.known) == (0, 801)


def test_what_a_killed_writer_left_is_removed(workspace: Workspace, tmp_path: Path) -> None:
    """Temporary files of a run that was killed go with the next one that writes."""
    folder = _articles(tmp_path / "news", range(2))
    ingest(workspace, [folder])
    left = [
        workspace.path("raw", ".x.txt.1.part"),
        workspace.path("tables", ".zones.parquet.1.part"),
        workspace.table(Document) / ".part-00001.parquet.1.part",
    ]
    for path in left:
        path.write_bytes(b"half")
    ingest(workspace, [folder], dry_run=True)
    assert all(path.exists() for path in left)
    ingest(workspace, [folder])
    assert not any(path.exists() for path in left)


def test_a_cut_ingest_is_told_before_anything_is_built_on_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Status says to run it again, and suggest does not take boilerplate for body."""
    folder = _articles(tmp_path / "news", range(3))
    ingest(workspace, [folder])
    for record in (Appearance, Zone, Duplicate):
        workspace.table(record).unlink()
    assert "ingest again" in status(workspace).next
    with pytest.raises(DataError, match="without zones: 3"):
        suggest(workspace)
    ingest(workspace, [folder])
    assert status(workspace).next == "annotate suggest"
    assert suggest(workspace).documents == 3


def test_when_all_is_refused_the_manifest_lists_each(workspace: Workspace, tmp_path: Path) -> None:
    """The line has room for the first one, and says where the others are."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(3):
        _written(folder / f"{number}.txt", "Too short.")
    with pytest.raises(InvalidFile, match="and 2 more rejects") as caught:
        ingest(workspace, [folder])
    (manifest,) = workspace.path("runs").iterdir()
    assert str(manifest) in caught.value.hint
    assert manifest.read_text(encoding="utf-8").count("fewer than") == 3
