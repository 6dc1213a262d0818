"""`annotate adjudicate` on a workspace: the queue goes out, verdicts come in and stay."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from annotate.docket import Decided, Decision, Docket
from annotate.errors import InvalidFile, NothingToDo, UsageError
from annotate.model import (
    AnnotatedSpan,
    Annotation,
    Assignment,
    Condition,
    Document,
    Verdict,
    document_id,
    text_sha256,
)
from annotate.pipeline import Workspace
from annotate.pipeline.gold import gold
from annotate.pipeline.verdicts import record_verdicts, verdicts_of

WORDS = (("Critics", "vague_collective_source"), ("Mayor Ilse Brandt", "named_attribution"))


def document(number: int) -> Document:
    text = f"Critics 👩‍👩‍👧 said the ledger of pier {number} was gone. Mayor Ilse Brandt denied it."
    return Document(
        doc_id=document_id(text), text=text, text_sha256=text_sha256(text), canonicaliser="1"
    )


def annotation(
    item: Document, person: str, *words: str, condition: Condition = "blind", **more: Any
) -> Annotation:
    markers = dict(WORDS)
    spans = tuple(
        AnnotatedSpan(
            start=item.text.index(each),
            end=item.text.index(each) + len(each),
            marker=markers[each],
            span_id=f"{person}-{each}",
            origin="manual",
        )
        for each in words
    )
    made = Annotation(
        annotation_id=f"n-{person}-{item.doc_id}",
        assignment_id=f"a-{person}-{item.doc_id}",
        doc_id=item.doc_id,
        text_sha256=item.text_sha256,
        annotator=person,
        round=1,
        condition=condition,
        guideline_version="0.9",
        taxonomy_version="1",
        submitted_at="2026-02-03T10:00:00Z",
        spans=spans,
    )
    return made.replace(**more)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Six documents: both people marked the mayor, and one of them the critics in four."""
    made = Workspace.create(tmp_path / "w", name="w", annotators=["ana", "ben"])
    documents = [document(number) for number in range(6)]
    made.append(Document, documents)
    rows = []
    for number, item in enumerate(documents):
        condition: Condition = "test" if number == 2 else "blind"
        seen = ("Critics", "Mayor Ilse Brandt") if number < 4 else ("Mayor Ilse Brandt",)
        rows.append(annotation(item, "ana", *seen, condition=condition))
        rows.append(annotation(item, "ben", "Mayor Ilse Brandt", condition=condition))
    made.write(Annotation, rows)
    return Workspace(made.root)


def exported(workspace: Workspace, **options: Any) -> list[Docket]:
    path = workspace.root.parent / "queue.jsonl"
    workspace.adjudicate(export=path, **options)
    return [msgspec.json.decode(line, type=Docket) for line in path.read_bytes().splitlines()]


def decided(item: Docket, *decisions: Decision, at: str = "2026-03-01T10:00:00Z") -> Decided:
    return Decided(
        doc_id=item.doc_id,
        text_sha256=item.text_sha256,
        ground=item.ground,
        adjudicator="dana",
        decided_at=at,
        guideline_version="1.0",
        taxonomy_version="1",
        decisions=decisions
        or tuple(Decision(case_id=it.case_id, outcome="accepted") for it in item.waiting),
    )


def written(workspace: Workspace, *lines: Decided | str) -> Path:
    path = workspace.root.parent / "decided.jsonl"
    encoded = [
        line.encode() if isinstance(line, str) else msgspec.json.encode(line) for line in lines
    ]
    path.write_bytes(b"\n".join(encoded) + b"\n")
    return path


def test_the_queue_is_counted_and_the_test_document_comes_first(workspace: Workspace) -> None:
    """What waits by marker and by why, and what needed nobody; a report writes nothing."""
    result = workspace.adjudicate()
    assert (result.documents, result.waiting, result.cases, result.accepted) == (6, 4, 4, 6)
    assert result.by_marker == {"vague_collective_source": 4}
    assert result.by_why == {"missed": 4}
    assert result.queue[0].doc_id == document(2).doc_id
    assert not workspace.path("runs").exists()


def test_out_decided_and_in_again_leaves_nothing_waiting(workspace: Workspace) -> None:
    """Export, accept as proposed, import: gold has it, status says release, a manifest counts."""
    assert workspace.status().waiting == 4
    assert len(exported(workspace, limit=1)) == 1
    dockets = exported(workspace)
    path = written(workspace, *map(decided, dockets))
    result = workspace.adjudicate(decisions=path)
    assert result.imported is not None
    assert (result.imported.lines, result.imported.added, result.imported.undecided) == (4, 4, ())
    assert (result.waiting, result.adjudicated, result.accepted) == (0, 4, 6)
    assert workspace.status().waiting == 0
    manifest = workspace.last_run("adjudicate")
    assert manifest is not None
    assert manifest.counts == {"lines": 4, "verdicts": 4, "added": 4, "changed": 0}
    assert exported(workspace) == []


def test_taking_in_twice_changes_nothing_and_newer_decisions_win(workspace: Workspace) -> None:
    """The table is the same byte for byte; an old decision that comes late stays behind."""
    (first, *_) = exported(workspace)
    newer = decided(
        first,
        Decision(case_id=first.waiting[0].case_id, outcome="rejected"),
        at="2026-03-02T10:00:00+01:00",
    )
    path = written(workspace, newer)
    workspace.adjudicate(decisions=path)
    before = workspace.table(Verdict).read_bytes()
    again = workspace.adjudicate(decisions=path).imported
    assert again is not None
    assert (again.added, again.changed) == (0, 0)
    assert workspace.table(Verdict).read_bytes() == before
    workspace.adjudicate(decisions=written(workspace, decided(first)))
    assert len(workspace.rows(Verdict)) == 2
    outcome = gold(workspace).outcomes[first.doc_id]
    assert [span.marker for span in outcome.gold] == ["named_attribution"]


def test_changed_ground_makes_a_verdict_stale_and_loses_none(workspace: Workspace) -> None:
    """A third reader comes: the verdict stands in gold, and is asked about again."""
    (first, *_) = exported(workspace)
    workspace.adjudicate(decisions=written(workspace, decided(first)))
    item = next(it for it in workspace.rows(Document) if it.doc_id == first.doc_id)
    late = annotation(item, "cem", "Critics")
    workspace.write(Annotation, [*workspace.rows(Annotation), late])
    result = workspace.adjudicate()
    assert (result.stale, result.adjudicated) == (1, 1)
    (again,) = (it for it in exported(workspace) if it.doc_id == first.doc_id)
    assert [(it.status, it.before) for it in again.waiting] == [("stale", "accepted")]
    workspace.adjudicate(decisions=written(workspace, decided(again, at="2026-03-09T10:00:00Z")))
    assert workspace.adjudicate().stale == 0
    assert len(workspace.rows(Verdict)) == 2


def test_what_cannot_be_taken_in_is_refused_by_its_line(workspace: Workspace) -> None:
    """Broken lines, unknown keys, documents and cases; the good line goes in, a dry run none."""
    first, second, *_ = exported(workspace)
    wrong = decided(second, Decision(case_id="case-1", outcome="rejected"))
    own = json.loads(msgspec.json.encode(decided(second)))
    lines = (
        decided(first),
        '{"doc_id": ',
        json.dumps({"doc_id": "d", "verdict": 1}),
        decided(second).replace(doc_id="d-0"),
        wrong,
        json.dumps(own | {"adjudicator": "ana"}),
    )
    path = written(workspace, *lines)
    dry = workspace.adjudicate(decisions=path, dry_run=True)
    assert dry.imported is not None
    assert (dry.imported.added, workspace.rows(Verdict)) == (1, [])
    result = workspace.adjudicate(decisions=path)
    places = {it.place.split(",")[0]: it.reason for it in result.rejects}
    assert list(places) == ["line 2", "line 3", "line 4", "line 5", "line 6"]
    assert places["line 2"].startswith("not JSON: ")
    assert 'key "verdict" is not known' in places["line 3"]
    assert "d-0 is not here" in places["line 4"]
    assert '"case-1" is not known; legal: ' in places["line 5"]
    assert places["line 6"].startswith("ana annotated document")
    assert len(workspace.rows(Verdict)) == 1
    assert result.imported is not None
    assert "no verdict on vague_collective_source “Critics”" in result.imported.undecided[0]


def test_a_line_may_leave_out_who_and_by_which_guideline(workspace: Workspace) -> None:
    """The name comes from the call or annotate.toml, versions are the current ones."""
    (first, *_) = exported(workspace)
    line = json.loads(msgspec.json.encode(decided(first)))
    short = {name: line[name] for name in line if not name.endswith("_version")}
    del short["adjudicator"]
    path = written(workspace, json.dumps(short))
    with pytest.raises(InvalidFile, match='line 1: key "adjudicator" is missing'):
        workspace.adjudicate(decisions=path)
    workspace.adjudicate(decisions=path, adjudicator="emil")
    (made,) = workspace.rows(Verdict)
    assert (made.adjudicator, made.guideline_version) == ("emil", "1.0")
    with pytest.raises(InvalidFile, match='its adjudicator is "dana", and the import is of emil'):
        workspace.adjudicate(decisions=written(workspace, decided(first)), adjudicator="emil")


def test_an_adjudicator_among_the_annotators_has_to_be_allowed(workspace: Workspace) -> None:
    """annotate.toml names somebody else, or says that it is meant."""
    settings = workspace.path("annotate.toml")
    before = settings.read_text()
    named = before.replace("[adjudicate]\n", '[adjudicate]\nadjudicator = "ana"\n')
    settings.write_text(named)
    with pytest.raises(InvalidFile, match="ana is one of the annotators; name somebody else"):
        Workspace(workspace.root).adjudicate()
    settings.write_text(named.replace('adjudicator = "ana"', "also_annotates = true"))
    allowed = Workspace(workspace.root)
    (first, *_) = exported(allowed)
    line = decided(first).replace(adjudicator="ana")
    assert allowed.adjudicate(decisions=written(allowed, line)).rejects == ()


def test_a_review_of_whole_documents_becomes_verdicts_once(workspace: Workspace) -> None:
    """What somebody marked anew replaces all that was marked; a release then says the same."""
    item = document(0)
    review = annotation(item, "judge", "Critics")
    made = verdicts_of(workspace, [review])
    assert record_verdicts(workspace, made).added == len(made) == 3
    assert record_verdicts(workspace, verdicts_of(workspace, [review])).added == 0
    outcome = gold(workspace).outcomes[item.doc_id]
    assert outcome == gold(workspace, reviews=[review]).outcomes[item.doc_id]
    assert [span.marker for span in outcome.gold] == ["vague_collective_source"]


def test_status_counts_imported_people_and_names_adjudication_before_release(
    workspace: Workspace,
) -> None:
    """Who has no assignment is listed too; then what waits is the next step."""
    rows = workspace.rows(Annotation)
    workspace.write(
        Assignment,
        [
            Assignment(
                assignment_id=it.assignment_id,
                doc_id=it.doc_id,
                annotator=it.annotator,
                round=1,
                condition=it.condition,
            )
            for it in rows
        ],
    )
    guest = annotation(document(5), "user-7", "Mayor Ilse Brandt")
    workspace.write(Annotation, [*rows, guest])
    found = workspace.status()
    assert [(it.annotator, it.assigned, it.submitted) for it in found.annotators] == [
        ("ana", 6, 6),
        ("ben", 6, 6),
        ("user-7", 0, 1),
    ]
    assert (found.waiting, found.waiting_documents) == (4, 4)


def test_without_two_readers_there_is_nothing_to_decide(workspace: Workspace) -> None:
    """Nobody, one person, people with documents of their own: one sentence each."""
    rows = workspace.rows(Annotation)
    for kept in (
        [it for it in rows if it.annotator == "ana"],
        [it for n, it in enumerate(rows) if n % 4 in (0, 3)],
    ):
        workspace.write(Annotation, kept)
        with pytest.raises(NothingToDo, match="no document was read by two people"):
            workspace.adjudicate()
        assert workspace.status().waiting == 0
    workspace.write(Annotation, [])
    with pytest.raises(NothingToDo, match="nothing is annotated yet"):
        workspace.adjudicate()


def test_annotations_of_another_text_count_as_rejects(workspace: Workspace) -> None:
    """What stands on a text that changed is named, and decides nothing."""
    rows = workspace.rows(Annotation)
    workspace.write(Annotation, [rows[0].replace(text_sha256="0" * 64), *rows[1:]])
    result = workspace.adjudicate()
    assert [it.reason for it in result.rejects] == ["its document's text is another"]
    assert (result.documents, result.waiting) == (5, 3)


def test_an_empty_file_and_no_file_are_one_line(workspace: Workspace) -> None:
    """An adjudicator who submits nothing at all, a name that is none, both ways at once."""
    with pytest.raises(NothingToDo, match="no decisions in it"):
        workspace.adjudicate(decisions=written(workspace, ""))
    with pytest.raises(UsageError, match="no such file"):
        workspace.adjudicate(decisions="nowhere.jsonl")
    with pytest.raises(UsageError, match="at once"):
        workspace.adjudicate(decisions="a", export="b")
    with pytest.raises(UsageError, match="is a folder"):
        workspace.adjudicate(export=workspace.root)
