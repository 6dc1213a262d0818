"""`annotate assign` in a workspace: written once, shown before it is written."""

from pathlib import Path

import pytest

from annotate.errors import NothingToDo, UsageError
from annotate.model import Assignment, Document, document_id, text_sha256
from annotate.pipeline.assign import assign
from annotate.workspace import Workspace


def workspace_with(path: Path, number: int, *, annotators: tuple[str, ...]) -> Workspace:
    workspace = Workspace.create(path / "project", name="try", annotators=annotators)
    texts = [f"Text {index} of a longer kind." for index in range(number)]
    documents = [
        Document(
            doc_id=document_id(text),
            text=text,
            text_sha256=text_sha256(text),
            canonicaliser="test@1",
        )
        for text in texts
    ]
    if documents:
        workspace.append(Document, documents)
    return workspace


def test_it_says_how_all_is_spread_and_writes_once(tmp_path: Path) -> None:
    """Counts cover conditions and annotators; the second call writes nothing."""
    workspace = workspace_with(tmp_path, 60, annotators=("ana", "ben"))
    planned = assign(workspace, dry_run=True)
    assert workspace.rows(Assignment) == []
    first = assign(workspace)
    assert first == planned
    assert (first.documents, first.unassigned) == (60, 0)
    assert sum(first.conditions.values()) == 60
    assert sum(first.annotators.values()) == first.assignments == len(workspace.rows(Assignment))
    runs = list(workspace.path("runs").iterdir())
    second = assign(workspace)
    assert (second.added, second.assignments) == (0, first.assignments)
    assert list(workspace.path("runs").iterdir()) == runs


def test_a_limit_leaves_the_rest(tmp_path: Path) -> None:
    """`limit` takes so many documents and says how many are left."""
    workspace = workspace_with(tmp_path, 30, annotators=("ana", "ben"))
    result = assign(workspace, limit=10)
    assert (result.documents, result.unassigned) == (10, 20)


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    """Without documents the next command is named, without annotators the place to add them."""
    with pytest.raises(NothingToDo, match="annotate ingest"):
        assign(workspace_with(tmp_path / "a", 0, annotators=("ana", "ben")))
    with pytest.raises(UsageError, match=r"annotators = "):
        assign(workspace_with(tmp_path / "b", 3, annotators=()))
