"""Suggest for a folder of Parquet elsewhere."""

from collections.abc import Iterator
from pathlib import Path

import fsspec
import pandas as pd
import pyarrow.parquet as pq
import pytest

from annotate.errors import InvalidFile, MissingExtra, NothingToDo, UsageError
from annotate.ingest.zones import find_zones
from annotate.model import Document, Suggestion, Zone, document_id, text_sha256
from annotate.pipeline import suggest_parts
from annotate.pipeline.suggest import suggest, suggest_folder
from annotate.workspace import Workspace

TEXT = (
    "A source in the ministry said on Monday that bridge number {number} was unsafe. "
    "Critics say the repair was allegedly paid twice."
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Give a workspace of three parts with zones as they are found in the text."""
    made = Workspace.create(tmp_path / "w", name="w")
    texts = [TEXT.format(number=number) for number in range(9)]
    documents = [
        Document(
            doc_id=document_id(text), text=text, text_sha256=text_sha256(text), canonicaliser="1"
        )
        for text in texts
    ]
    for first in range(0, 9, 3):
        made.append(Document, documents[first : first + 3])
    made.write(Zone, [zone for document in documents for zone in find_zones(document)])
    return made


@pytest.fixture
def memory() -> Iterator[str]:
    """Give the URL of an empty folder in memory."""
    system = fsspec.filesystem("memory")
    yield "memory://bucket"
    for path in system.find("/"):
        system.rm(path)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.parquet"))}


def test_a_copy_elsewhere_gives_the_same_bytes(workspace: Workspace, tmp_path: Path) -> None:
    """A folder of documents with its zones beside it is what the workspace's own tables are."""
    here = suggest(workspace)
    out = tmp_path / "with space" / "sugg%est"
    there = suggest_folder(
        workspace,
        documents=f"file://{workspace.table(Document).resolve()}",
        out=str(out),
        jobs=2,
    )
    assert there == here
    assert files(out) == files(workspace.table(Suggestion))
    again = suggest_folder(workspace, documents=str(workspace.table(Document)), out=str(out))
    assert again.written_parts == 0


def test_any_url_that_fsspec_opens(workspace: Workspace, memory: str) -> None:
    """Documents and zones in, suggestions out, and kept when they are there."""
    system = fsspec.filesystem("memory")
    system.put(str(workspace.path("tables")), "/bucket/tables", recursive=True)
    documents, out = f"{memory}/tables/documents.parquet", f"{memory}/out/suggestions.parquet"
    here = suggest(workspace)
    there = suggest_folder(workspace, documents=documents, out=out)
    assert there == here
    for path in workspace.parts(Suggestion):
        assert system.cat(f"/bucket/out/suggestions.parquet/{path.name}") == path.read_bytes()
    assert len(system.find("/bucket/out")) == 3
    assert suggest_folder(workspace, documents=documents, out=out).written_parts == 0


def test_text_and_an_id_are_enough(workspace: Workspace, tmp_path: Path) -> None:
    """Without zones they are found in the text; columns of others do no harm."""
    here = suggest(workspace)
    frame = pd.read_parquet(workspace.table(Document))[["text", "doc_id"]].assign(score=1.5)
    (tmp_path / "in" / "_temporary").mkdir(parents=True)
    frame.to_parquet(tmp_path / "in" / "all.parquet")
    frame.to_parquet(tmp_path / "in" / "_temporary" / "half.parquet")
    there = suggest_folder(workspace, documents=str(tmp_path / "in"), out=str(tmp_path / "out"))
    assert (there.markers, there.documents) == (here.markers, 9)


def test_a_file_of_many_row_groups_becomes_many_parts(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row groups are the units of work, in order; together they are what one part would be."""
    here = suggest(workspace)
    frame = pd.read_parquet(workspace.table(Document))
    frame.to_parquet(tmp_path / "all.parquet", row_group_size=2)
    monkeypatch.setattr("annotate.pipeline.suggest_plan.MOST_ROWS", 4)
    there = suggest_folder(
        workspace, documents=str(tmp_path / "all.parquet"), out=str(tmp_path / "out")
    )
    assert there.markers == here.markers
    assert list(files(tmp_path / "out")) == [f"part-0000{number}.parquet" for number in range(3)]
    ours, theirs = (pq.read_table(path) for path in (workspace.table(Suggestion), tmp_path / "out"))
    assert ours == theirs


def test_parts_of_an_earlier_run_are_named(workspace: Workspace, tmp_path: Path) -> None:
    """What no document stands behind any more is said, and not removed."""
    documents, out = workspace.table(Document), tmp_path / "out"
    suggest_folder(workspace, documents=str(documents), out=str(out))
    workspace.parts(Document)[2].unlink()
    result = suggest_folder(workspace, documents=str(documents), out=str(out))
    assert [item.place for item in result.rejects] == ["out/part-00002.parquet"]
    assert result.documents == 6


def test_batches_are_small_in_bytes_too(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long documents come a few at a time, and the suggestions are the same."""
    suggest(workspace)
    monkeypatch.setattr(suggest_parts, "MOST_BYTES", 1)
    out = tmp_path / "out"
    suggest_folder(workspace, documents=str(workspace.table(Document)), out=str(out))
    assert pq.read_table(out) == pq.read_table(workspace.table(Suggestion))
    assert pq.ParquetFile(out / "part-00000.parquet").num_row_groups == 3


def test_folders_that_cannot_be(workspace: Workspace, tmp_path: Path) -> None:
    """Each in one line: nothing there, nothing in it, no text, mixed, unknown, no package."""
    source, out = str(workspace.table(Document)), str(tmp_path / "out")

    def refused(kind: type[Exception], said: str, documents: str, out: str, jobs: int = 1) -> None:
        with pytest.raises(kind, match=said):
            suggest_folder(workspace, documents=documents, out=out, jobs=jobs)

    refused(UsageError, "no such file or folder", str(tmp_path / "nowhere"), out)
    (tmp_path / "empty").mkdir()
    refused(NothingToDo, "no Parquet files in", str(tmp_path / "empty"), out)
    refused(UsageError, "inside the other", source, f"{source}/out")
    refused(UsageError, "Protocol not known: nope", "nope://a/b", out)
    refused(MissingExtra, "s3 needs a package", "s3://bucket/in", out)
    refused(UsageError, "lives in one process", "memory://in", out, jobs=2)
    pd.DataFrame({"doc_id": ["d-1"], "body": ["x"]}).to_parquet(tmp_path / "no_text.parquet")
    refused(
        InvalidFile, "no column text; it has doc_id, body", str(tmp_path / "no_text.parquet"), out
    )
    assert not (tmp_path / "out").exists()
