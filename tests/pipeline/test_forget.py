"""A document is taken out everywhere, stays out, and nothing else is touched."""

import gzip
import json
from pathlib import Path

import pytest

from annotate.errors import DataError
from annotate.model import (
    Annotation,
    Appearance,
    Assignment,
    Document,
    Duplicate,
    Suggestion,
    Tombstone,
    Zone,
)
from annotate.pipeline import Workspace, forget, ingest, suggest
from annotate.pipeline.assign import assign

KEPT = "A source in the ministry said the weir was unsafe. " * 6
GONE = "Residents of the lower town said that nobody had warned them about the weir. " * 6


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Give a workspace with two articles, suggested and assigned, and something pulled."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "kept.txt").write_text(KEPT, encoding="utf-8")
    (folder / "gone.txt").write_text(GONE, encoding="utf-8")
    made = Workspace.create(tmp_path / "w", name="weir", annotators=["ana", "ben"])
    workspace = Workspace(made.root)
    ingest(workspace, [folder])
    suggest(workspace)
    assign(workspace)
    doc_ids = [item.doc_id for item in workspace.rows(Document)]
    lines = [
        {"project": 1, "task": {"id": n, "data": {"doc_id": it}}} for n, it in enumerate(doc_ids)
    ]
    payload = "\n".join(map(json.dumps, lines)).encode()
    workspace.write_bytes(workspace.path("pulls", "x.jsonl.gz"), gzip.compress(payload))
    return workspace


def _id(workspace: Workspace, text: str) -> str:
    start = text[:20]
    return next(it.doc_id for it in workspace.rows(Document) if it.text.startswith(start))


def test_nothing_holds_the_document_any_more(workspace: Workspace) -> None:
    """Tables, raw input and pulled payloads are rid of it; the other document keeps its rows."""
    doc_id, other = _id(workspace, GONE), _id(workspace, KEPT)
    result = forget(workspace, doc_id, reason="the publisher asked")
    assert result.rows["documents"] == 1
    assert (len(result.raw), result.payloads, result.tasks) == (1, 1, 0)
    for record in (Document, Suggestion, Appearance, Zone, Duplicate, Assignment, Annotation):
        rows = workspace.rows(record)
        assert doc_id not in {row.doc_id for row in rows}
    assert [it.doc_id for it in workspace.rows(Document)] == [other]
    assert len(workspace.rows(Assignment)) >= 1
    for path in workspace.root.rglob("*"):
        if path.is_file() and path.suffix != ".gz":
            assert b"nobody had warned" not in path.read_bytes()
    (stone,) = workspace.rows(Tombstone)
    assert (stone.doc_id, stone.reason) == (doc_id, "the publisher asked")


def test_it_does_not_come_in_again(workspace: Workspace, tmp_path: Path) -> None:
    """Ingest refuses the same text with the reason, and does not keep it."""
    forget(workspace, _id(workspace, GONE), reason="the publisher asked")
    again = ingest(workspace, [tmp_path / "articles"])
    assert [item.reason for item in again.rejects] == ["it was forgotten: the publisher asked"]
    assert len(workspace.rows(Document)) == 1


def test_a_second_run_and_a_dry_run_change_nothing(workspace: Workspace) -> None:
    """A dry run says what would go; a second run finds nothing and keeps the first reason."""
    doc_id = _id(workspace, GONE)
    dry = forget(workspace, doc_id, reason="once", dry_run=True)
    assert dry.rows["documents"] == 1
    assert len(workspace.rows(Document)) == 2
    forget(workspace, doc_id, reason="once")
    again = forget(workspace, doc_id, reason="twice")
    assert (sum(again.rows.values()), again.payloads, again.raw) == (0, 0, ())
    assert workspace.rows(Tombstone)[0].reason == "once"


def test_a_document_that_never_was_is_refused(workspace: Workspace) -> None:
    """A wrong id changes nothing and is said."""
    with pytest.raises(DataError, match='there is no document "d-0"'):
        forget(workspace, "d-0", reason="x")
    assert workspace.rows(Tombstone) == []
