"""Texts that may not be passed on stay behind, and whoever has them puts them back exactly."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from annotate.config import Texts
from annotate.errors import DataError, NothingToDo, UsageError
from annotate.model import Annotation, Appearance, Document
from annotate.pipeline import Workspace, ingest
from annotate.pipeline.rehydrate import rehydrate
from annotate.pipeline.release import release
from annotate.release import load
from annotate.release.verify import problems
from annotate.release.withholding import forbids, may_pass_on

TOPICS = ("weir", "bakery", "lighthouse", "ferry", "orchard", "harbour", "quarry", "mill")


def _story(topic: str) -> str:
    return (
        f"News of the {topic} 👩‍👩‍👧\n\nObservers doubt that the {topic} will open this year, "
        f"whatever the council of the {topic} says about its plans for the {topic} and its people."
    )


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """Give a folder of invented articles."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for topic in TOPICS:
        (folder / f"{topic}.txt").write_text(_story(topic), encoding="utf-8")
    return folder


@pytest.fixture
def workspace(tmp_path: Path, articles: Path) -> Workspace:
    """Give a workspace in which two people marked every article; one article is free."""
    workspace = Workspace(Workspace.create(tmp_path / "w", name="town").root)
    ingest(workspace, [articles])
    documents = {item.doc_id: item for item in workspace.rows(Document)}
    rows = workspace.rows(Appearance)
    workspace.write(
        Appearance,
        [
            row.replace(
                publisher=f"Post {number % 3}",
                url=f"https://news.example/{number}",
                licence="CC-BY-4.0" if "weir" in documents[row.doc_id].text else None,
            )
            for number, row in enumerate(rows)
        ],
    )
    workspace.write(Annotation, [_read(it, who) for it in documents.values() for who in ("a", "b")])
    return workspace


def _read(item: Document, who: str) -> Annotation:
    from annotate.model import AnnotatedSpan

    at = item.text.index("Observers")
    return Annotation(
        annotation_id=f"{who}-{item.doc_id}", assignment_id=f"{who}-{item.doc_id}",
        doc_id=item.doc_id, text_sha256=item.text_sha256, annotator=who, round=1,
        condition="blind", guideline_version="1.0", taxonomy_version="1",
        submitted_at="2026-02-03T10:00:00Z",
        spans=(AnnotatedSpan(start=at, end=at + 9, marker="vague_collective_source",
                             span_id=f"{who}-{item.doc_id}", origin="manual"),),
    )  # fmt: skip


def _bytes(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _released(workspace: Workspace, version: str, texts: Texts | None) -> Path:
    return Path(release(workspace, version=version, texts=texts).path)


def test_a_text_without_a_licence_is_withheld_by_default(workspace: Workspace) -> None:
    """Only the free article's text goes along; offsets, labels and hashes of all do."""
    folder = _released(workspace, "1.0.0", None)
    found = load(folder)
    rows = [row for split in found.splits for row in found.documents(split)]
    assert {row.withheld for row in rows} == {(), ("text", "title")} or len(rows) == 8
    for row in rows:
        assert (row.text is not None) == (row.licence == "CC-BY-4.0")
        assert row.text_sha256
        assert len(row.spans) == 1
        assert row.url
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if path.suffix == ".parquet":
                content += str(pq.read_table(path).to_pylist()).encode()
            assert b"bakery" not in content, path.name
    assert list(problems(folder)) == []


@pytest.mark.parametrize("how", ["workspace", "articles"])
def test_rehydrating_gives_the_same_bytes(
    workspace: Workspace, articles: Path, tmp_path: Path, how: str
) -> None:
    """A release without texts and its texts are the release with texts, byte for byte."""
    whole = _bytes(_released(workspace, "1.0.0", "all"))
    (workspace.path("releases", "1.0.0")).rename(tmp_path / "aside")
    bare = _released(workspace, "1.0.0", "none")
    assert _bytes(bare) != whole
    given = rehydrate(
        bare,
        tmp_path / "out",
        paths=[articles] if how == "articles" else (),
        workspace=workspace if how == "workspace" else None,
    )
    assert (given.documents, given.rejects) == (given.withheld, ())
    assert _bytes(tmp_path / "out") == whole


def test_a_changed_text_is_refused_by_name(
    workspace: Workspace, articles: Path, tmp_path: Path
) -> None:
    """One altered letter: the document is named, and nothing is written."""
    bare = _released(workspace, "1.0.0", "none")
    changed = articles / "mill.txt"
    changed.write_text(_story("mill").replace("doubt", "doubts"), encoding="utf-8")
    (gone,) = (it for it in workspace.rows(Document) if "mill" in it.text)
    with pytest.raises(DataError, match=f"1 texts cannot be put back: document {gone.doc_id}"):
        rehydrate(bare, tmp_path / "out", paths=[articles])
    assert not (tmp_path / "out").exists()
    partial = rehydrate(bare, tmp_path / "out", paths=[articles], partial=True)
    assert [item.place.split()[1] for item in partial.rejects] == [gone.doc_id]
    assert list(problems(tmp_path / "out")) == []


def test_a_licence_that_forbids_it_stops_the_release(workspace: Workspace) -> None:
    """Whoever asks for all texts is told which licence forbids it, and nothing is written."""
    rows = workspace.rows(Appearance)
    workspace.write(Appearance, [row.replace(licence="All rights reserved") for row in rows])
    with pytest.raises(
        DataError, match='forbids to pass on their text: "All rights reserved" of 8'
    ):
        release(workspace, texts="all")
    assert not list(workspace.path("releases").glob("[!.]*"))


def test_what_is_whole_needs_no_rehydrating(workspace: Workspace, tmp_path: Path) -> None:
    """A release with its texts, and an output that is there, are each refused in a line."""
    whole = _released(workspace, "1.0.0", "all")
    with pytest.raises(NothingToDo, match="no text is withheld"):
        rehydrate(whole, tmp_path / "out", workspace=workspace)
    bare = _released(workspace, "1.1.0", "none")
    with pytest.raises(DataError, match="is there already"):
        rehydrate(bare, tmp_path, workspace=workspace)
    with pytest.raises(UsageError):
        rehydrate(bare, tmp_path / "out", paths=[tmp_path / "nowhere"])


@pytest.mark.parametrize(
    ("licence", "allows"),
    [
        (None, "nothing"), ("CC0", "all"), ("CC ZERO 1.0", "all"),
        ("cc-by-4.0", "all"), ("CC BY-SA 3.0", "all"),
        ("public domain", "all"), ("© 2024, all rights reserved", "forbidden"),
        ("unknown", "nothing"), ("cc-by-4.0; All Rights Reserved", "forbidden"),
        ("https://creativecommons.org/licenses/by/4.0/", "all"),
    ],
)  # fmt: skip
def test_what_licences_allow(licence: str | None, allows: str) -> None:
    """Only a licence that is known to be open lets a text go along by default."""
    assert (may_pass_on(licence), forbids(licence)) == (allows == "all", allows == "forbidden")
