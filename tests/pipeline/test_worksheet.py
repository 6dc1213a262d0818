"""The revision worksheet: what the guideline left open, with examples that anyone can check."""

from pathlib import Path

import pytest

from annotate.adjudicate.deciding import decide
from annotate.docket import Decided, Decision, Docket
from annotate.errors import NothingToDo, UsageError
from annotate.model import (
    AnnotatedSpan,
    Annotation,
    Document,
    Outcome,
    Reason,
    document_id,
    text_sha256,
)
from annotate.pipeline import Workspace
from annotate.pipeline.adjudicate import queue
from annotate.pipeline.gold import gold
from annotate.pipeline.verdicts import record_verdicts

NOTE = "is <a crowd> quantified?"
SAID: tuple[tuple[Outcome, Reason], ...] = (
    ("accepted", "guideline_gap"),
    ("rejected", "genuine_ambiguity"),
    ("ambiguous", "missed"),
)


def annotation(item: Document, person: str, words: str | None) -> Annotation:
    start = item.text.index(words) if words else 0
    span = AnnotatedSpan(
        start=start,
        end=start + len(words or " "),
        marker="vague_collective_source",
        span_id=f"{person}-{item.doc_id}",
        origin="manual",
    )
    return Annotation(
        annotation_id=f"n-{person}-{item.doc_id}",
        assignment_id=f"a-{person}-{item.doc_id}",
        doc_id=item.doc_id,
        text_sha256=item.text_sha256,
        annotator=person,
        round=1,
        condition="blind",
        guideline_version="0.9",
        taxonomy_version="1",
        submitted_at="2026-02-03T10:00:00Z",
        spans=(span,) if words else (),
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Give six documents where one of two saw critics; on three somebody has decided."""
    made = Workspace.create(tmp_path / "w", name="w", annotators=["oskar", "benno"])
    texts = [f"On pier {n} much was said. Critics, mostly young, want more." for n in range(6)]
    documents = [
        Document(doc_id=document_id(it), text=it, text_sha256=text_sha256(it), canonicaliser="1")
        for it in texts
    ]
    made.append(Document, documents)
    pairs = (("oskar", "Critics"), ("benno", None))
    made.write(Annotation, [annotation(it, *pair) for it in documents for pair in pairs])
    found = gold(made)
    waiting = queue(found, made)
    for docket, said in zip(waiting, SAID, strict=False):
        ruling = decide(found.dossiers[docket.doc_id], decided(docket, *said), made.taxonomy)
        record_verdicts(made, ruling.verdicts)
    return made


def decided(docket: Docket, outcome: Outcome, reason: Reason) -> Decided:
    (case,) = docket.waiting
    return Decided(
        doc_id=docket.doc_id,
        text_sha256=docket.text_sha256,
        ground=docket.ground,
        adjudicator="dana",
        decided_at="2026-03-01T10:00:00Z",
        guideline_version="1.0",
        taxonomy_version="1",
        decisions=(Decision(case_id=case.case_id, outcome=outcome, reason=reason, note=NOTE),),
    )


@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_gaps_ambiguities_and_disagreements_stand_by_marker(
    workspace: Workspace, suffix: str
) -> None:
    """Quoted examples with votes, decision, note and guideline versions; the same bytes again."""
    path = workspace.root.parent / f"sheet{suffix}"
    result = workspace.worksheet(path)
    assert (result.markers, result.gaps, result.ambiguities, result.disagreements) == (1, 1, 2, 3)
    page = path.read_text(encoding="utf-8")
    for words in (
        "The guideline does not say: 1",
        "Both readings hold: 2",
        "People differ, missed: only some annotators marked it: 3",
        "0.9 (12)",
        "guideline 0.9, 1.0",
        "1 of 2",
        "not yet",
        "not marked",
        "ambiguous: both readings hold",
    ):
        assert words in page
    html = suffix == ".html"
    assert page.count("is &lt;a crowd&gt; quant" if html else r"is \<a crowd\> quant") == 3
    quoted = "said. <mark>Critics</mark>, mostly" if html else "said. **Critics**, mostly"
    assert page.count(quoted) == 6
    assert not any(name in page for name in ("oskar", "benno", "dana"))
    workspace.worksheet(path)
    assert path.read_text(encoding="utf-8") == page


def test_what_cannot_be_written_is_one_line(workspace: Workspace) -> None:
    """The suffix says what is written; without annotations there is nothing to learn."""
    with pytest.raises(UsageError, match=r'suffix "\.pdf" is not known; legal: \.md, \.html'):
        workspace.worksheet("sheet.pdf")
    workspace.write(Annotation, [])
    with pytest.raises(NothingToDo, match="nothing is annotated yet"):
        workspace.worksheet("sheet.md")
