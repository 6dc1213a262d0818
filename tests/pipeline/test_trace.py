"""`annotate trace` tells the story of a span of a release."""

from pathlib import Path

import pytest

from annotate.errors import DataError
from annotate.model import AnnotatedSpan, Annotation, Appearance, Document
from annotate.pipeline import Workspace, ingest, release, suggest, trace
from annotate.release import load

STORY = "Observers doubt that the ferry will sail again, whatever the council says. It rained. " * 3


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Give a workspace with one article that two people marked as the rules suggest."""
    (tmp_path / "ferry.txt").write_text(STORY, encoding="utf-8")
    workspace = Workspace(Workspace.create(tmp_path / "w", name="ferry").root)
    ingest(workspace, [tmp_path / "ferry.txt"])
    workspace.write(Appearance, [row.replace(licence="CC0") for row in workspace.rows(Appearance)])
    suggest(workspace)
    (item,) = workspace.rows(Document)
    workspace.write(
        Annotation,
        [
            Annotation(
                annotation_id=who, assignment_id=who, doc_id=item.doc_id,
                text_sha256=item.text_sha256, annotator=who, round=1, condition="blind",
                guideline_version="1.0", taxonomy_version="1",
                submitted_at="2026-02-03T10:00:00Z",
                spans=(AnnotatedSpan(start=0, end=9, marker="vague_collective_source",
                                     span_id=f"{who}-0", origin="manual"),),
            )
            for who in ("ana", "ben")
        ],
    )  # fmt: skip
    return workspace


def test_a_span_s_story_names_rule_people_and_versions(workspace: Workspace) -> None:
    """From the suggestion to consensus, under pseudonyms."""
    made = release(workspace)
    (span,) = load(made.path).spans
    told = trace(workspace, span.span_id)
    assert (told.words, told.release) == ("Observers", made.version)
    assert any("rules@" in line and "suggested 0 to 9" in line for line in told.lines)
    assert "2 of 2 annotators agree: consensus" in told.lines
    assert not any("ana" in line.split() or "ben" in line.split() for line in told.lines)


def test_a_span_that_is_not_there_is_said(workspace: Workspace) -> None:
    """A wrong id names the release and where ids stand."""
    release(workspace)
    with pytest.raises(DataError, match=r'release 0\.1\.0 has no gold span "g-0"'):
        trace(workspace, "g-0")
