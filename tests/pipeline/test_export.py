"""A release in other tools' formats, and back into a workspace."""

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from annotate.errors import InvalidFile, MissingExtra, NothingToDo, UsageError
from annotate.model import Annotation, Document
from annotate.pipeline.export import FORMATS, ExportResult, export
from annotate.pipeline.import_ import import_
from annotate.pipeline.release import release
from annotate.release import Release, load
from annotate.workspace import Workspace

CLERK, CRITICS, MESS = "A clerk 👩‍👩‍👧 on quay", "critics", "shameful mess"
KNOWN = {
    "identity_form": "role_only",
    "specificity": "2",
    "reason_for_anonymity": "none",
    "basis_of_knowledge": "unstated",
    "corroboration": "none",
}
OUTLETS = ("Marlow Courier", "Velden Post", "Harbour Wire")
each_format = pytest.mark.parametrize("name", FORMATS)
# What an import can take of each: all that an annotator says, or the labels alone.
WHOLE = ("jsonl", "label-studio", "docbin", "brat", "w3c")


def row(number: int, person: str) -> dict[str, object]:
    """Give a line: the first is without spans, every fifth has one that is not settled."""
    text = (
        f"Ferry {number} late\n\n{CLERK} {number} said so, and {CRITICS} say it was a {MESS}. "
        f"Zoe\u0308 Prask did not answer case {number}.\n"
    )
    marked: dict[str, dict[str, object]] = {
        CLERK: {"label": "unnamed_source", "attributes": KNOWN},
        CRITICS: {"label": "vague_collective_source", "voice": "quoted_source", "confidence": 2},
        MESS: {"label": "loaded_language"},
    }
    spans = [
        {"start": text.index(words), "end": text.index(words) + len(words), **said}
        for words, said in marked.items()
        if number and not (words == MESS and person == "ben" and number % 5 == 0)
    ]
    outlet, day = OUTLETS[number % 3], f"2031-01-{number + 1:02}"
    known = {"text": text, "publisher": outlet, "published": day, "annotator": person}
    known["licence"] = "CC0-1.0"
    return {**known, "spans": spans}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Release what two people marked in 20 articles, taken in as JSON lines."""
    folder = tmp_path_factory.mktemp("released")
    workspace = Workspace.create(folder / "w", name="test")
    config = workspace.path("annotate.toml")
    config.write_text(config.read_text().replace("tier = 1", "tier = 2"))
    rows = [row(number, person) for number in range(20) for person in ("ana", "ben")]
    lines = "".join(json.dumps(item) + "\n" for item in rows)
    (folder / "made.jsonl").write_text(lines, encoding="utf-8")
    workspace = Workspace(workspace.root)
    import_(workspace, "jsonl", folder / "made.jsonl")
    return load(release(workspace).path)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Give an empty workspace."""
    return Workspace.create(tmp_path / "w", name="test")


def exported(name: str, released: Release, folder: Path, **options: Any) -> ExportResult:
    if name == "docbin" and find_spec("spacy") is None:
        pytest.skip("needs spaCy: pip install -e '.[spacy]'")
    return export(name, released.path, out=folder, **options)


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def gold(released: Release) -> dict[str, list[dict[str, object]]]:
    """Give what annotators can say of each document's spans, by the document's text."""
    return {
        item.full_text: [said(span) for span in item.spans]
        for split in released.splits
        for item in released.documents(split)
    }


def said(span: object) -> dict[str, object]:
    names = ("start", "end", "marker", "voice", "confidence", "attributes", "judgement")
    return {name: getattr(span, name) for name in names}


def taken(workspace: Workspace) -> dict[str, list[dict[str, object]]]:
    texts = {item.doc_id: item.text for item in workspace.rows(Document)}
    return {
        texts[item.doc_id]: [said(span) for span in item.spans]
        for item in workspace.rows(Annotation)
    }


def names_only(found: dict[str, list[dict[str, object]]]) -> dict[str, list[object]]:
    """Give the spans' places and markers, by their text without its white space."""
    return {
        "".join(text.split()): [(it["start"], it["end"], it["marker"]) for it in spans]
        for text, spans in found.items()
    }


@each_format
def test_an_export_comes_back_into_a_workspace(
    name: str, released: Release, workspace: Workspace, tmp_path: Path
) -> None:
    """With all that annotators say, or with their labels; the report tells which."""
    result = exported(name, released, tmp_path / "out")
    where = tmp_path / "out"
    labels = {"Loaded_Language": "loaded_language"} if name == "ptc" else {}
    for path in sorted(where.glob("*.json")) if name == "label-studio" else [where]:
        if path.name != "LOSS.json":
            assert import_(workspace, name, path, labels=labels).rejects == ()
    expected, found = gold(released), taken(workspace)
    if name in WHOLE:
        assert found == expected
    elif name == "ptc":
        kept = {
            text: [it for it in spans if it["marker"] == "loaded_language"]
            for text, spans in expected.items()
        }
        assert names_only(found) == names_only(kept)
    else:
        assert names_only(found) == names_only(expected)
        assert {"voice", "confidence", "attributes"} <= {it.what for it in result.report.lost}


@each_format
def test_the_report_counts_what_is_there(name: str, released: Release, tmp_path: Path) -> None:
    """Beside the files, and the same as the result says."""
    report = exported(name, released, tmp_path / "out").report
    expected = gold(released)
    assert report.documents == len(expected) == sum(released.summary.splits.values())
    assert report.spans == sum(map(len, expected.values()))
    assert report.lossless == (name in {"jsonl", "label-studio", "docbin"})
    written = json.loads((tmp_path / "out" / "LOSS.json").read_text(encoding="utf-8"))
    assert [it["what"] for it in written["lost"]] == [it.what for it in report.lost]
    (unsettled,) = report.left_out
    assert (unsettled.what, unsettled.count) == ("span that is not settled", released.summary.open)
    assert {"cluster", "condition", "spans.members"} <= set(report.not_exported)


@each_format
def test_the_same_release_gives_the_same_bytes(
    name: str, released: Release, tmp_path: Path
) -> None:
    """In another process, in another folder, whatever the order of its sets."""
    exported(name, released, tmp_path / "a")
    subprocess.run(
        [sys.executable, "-c", "from annotate.cli import main; main()", "export", name,
         str(released.path), "--out", str(tmp_path / "b")],
        env={**os.environ, "PYTHONHASHSEED": "7"}, check=True, capture_output=True,
    )  # fmt: skip
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_documents_whose_text_is_withheld_are_counted(tmp_path: Path) -> None:
    """The others are written; without any there is nothing to export."""
    workspace = Workspace.create(tmp_path / "w", name="test")
    rows = [row(number, person) for number in range(6) for person in ("ana", "ben")]
    rows[2]["licence"] = rows[3]["licence"] = "all rights reserved"
    lines = "".join(json.dumps(item) + "\n" for item in rows)
    (tmp_path / "made.jsonl").write_text(lines, encoding="utf-8")
    import_(workspace, "jsonl", tmp_path / "made.jsonl")
    report = export("brat", release(workspace).path, out=tmp_path / "out").report
    assert report.documents == 5
    counts = {it.what: it.count for it in report.left_out}
    assert counts["document without its text"] == 1
    bare = release(workspace, texts="none").path
    with pytest.raises(NothingToDo, match="annotate rehydrate"):
        export("jsonl", bare, out=tmp_path / "bare")
    assert not (tmp_path / "bare").exists()


def test_splits_and_markers_can_be_chosen(released: Release, tmp_path: Path) -> None:
    """Documents without a chosen marker stay, as texts without spans."""
    split = released.splits[0]
    result = exported(
        "jsonl", released, tmp_path / "out", splits=[split], markers=["unnamed_source"]
    )
    assert sorted(files(tmp_path / "out")) == ["LOSS.json", f"{split}.jsonl"]
    lines = (tmp_path / "out" / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(released.documents(split))
    marked = [span["marker"] for line in lines for span in json.loads(line)["spans"]]
    assert set(marked) == {"unnamed_source"}
    assert result.report.spans == len(marked)
    assert result.report.left_out == ()


def test_every_split_has_a_file_for_each_marker_in_use(released: Release, tmp_path: Path) -> None:
    """Also one in which nothing is marked: whoever trains reads the same names everywhere."""
    exported("bio", released, tmp_path / "out")
    markers = {"unnamed_source", "vague_collective_source", "loaded_language"}
    for split in released.splits:
        assert {it.stem for it in (tmp_path / "out" / split).iterdir()} == markers


def test_a_dry_run_writes_nothing(released: Release, tmp_path: Path) -> None:
    """It says the same as the run would."""
    dry = exported("brat", released, tmp_path / "out", dry_run=True)
    assert list(tmp_path.iterdir()) == []
    real = exported("brat", released, tmp_path / "out")
    assert (dry.report, dry.files) == (real.report, real.files)
    assert (dry.written, real.written) == (False, True)


def test_a_folder_that_holds_anything_else_is_refused(released: Release, tmp_path: Path) -> None:
    """The same export is left alone; an empty folder is taken."""
    (tmp_path / "out").mkdir()
    assert exported("jsonl", released, tmp_path / "out").written
    before = files(tmp_path / "out")
    assert not exported("jsonl", released, tmp_path / "out").written
    with pytest.raises(UsageError, match="holds something else"):
        exported("doccano", released, tmp_path / "out")
    with pytest.raises(UsageError, match="lies in the release"):
        exported("jsonl", released, released.path / "out")
    assert files(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("form", "options", "words"),
    [
        ("excel", {}, "legal: jsonl, label-studio"),
        ("jsonl", {"splits": ["trian"]}, "did you mean train"),
        ("jsonl", {"markers": ["unnamed"]}, "did you mean unnamed_source"),
    ],
)
def test_a_name_that_is_not_known_is_refused(
    released: Release, tmp_path: Path, form: str, options: dict[str, Any], words: str
) -> None:
    """With the legal ones, and nothing is written."""
    with pytest.raises(UsageError, match=words):
        export(form, released.path, out=tmp_path / "out", **options)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_release_is_refused(tmp_path: Path) -> None:
    """In one line."""
    with pytest.raises(InvalidFile, match="not a release"):
        export("jsonl", tmp_path, out=tmp_path / "out")


@pytest.mark.skipif(find_spec("spacy") is not None, reason="spaCy is installed")
def test_without_spacy_the_extra_is_named(
    released: Release, workspace: Workspace, tmp_path: Path
) -> None:
    """For writing and for reading."""
    with pytest.raises(MissingExtra, match=r"annotate-markers\[spacy\]"):
        export("docbin", released.path, out=tmp_path / "out")
    (tmp_path / "x.spacy").write_bytes(b"x")
    with pytest.raises(MissingExtra, match=r"annotate-markers\[spacy\]"):
        import_(workspace, "docbin", tmp_path / "x.spacy")
    assert not (tmp_path / "out").exists()


def test_a_release_that_was_changed_is_not_exported(released: Release, tmp_path: Path) -> None:
    """One byte is enough; nothing is left of what was written before it was seen."""
    copy = tmp_path / "copy"
    shutil.copytree(released.path, copy)
    last = copy / "data" / "gold" / f"{released.splits[-1]}-00000-of-00001.parquet"
    last.write_bytes(last.read_bytes()[:-1] + b"x")
    with pytest.raises(InvalidFile, match="not what SHA256SUMS says"):
        export("brat", copy, out=tmp_path / "out")
    assert list(tmp_path.iterdir()) == [copy]
