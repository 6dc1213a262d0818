"""What differs between two releases, the version it asks for, and CHANGES.md."""

from collections.abc import Callable
from pathlib import Path

import pytest

from annotate.adjudicate.verdicts import plain
from annotate.cli import app
from annotate.errors import InvalidFile
from annotate.model import Annotation, Reason, Span, Verdict, hashed_id
from annotate.pipeline.diff import DiffResult, diff
from annotate.pipeline.release import ReleaseResult, release
from annotate.release import load
from annotate.release.differences import meaning
from annotate.release.versions import following
from annotate.workspace import Workspace

Make = Callable[..., Workspace]


def followed(workspace: Workspace, first: ReleaseResult) -> tuple[ReleaseResult, DiffResult]:
    second = release(workspace)
    return second, diff(first.path, second.path)


def kept(workspace: Workspace, *, but: int) -> list[Annotation]:
    """Give the annotations without those of the first documents that are no tests."""
    rows = workspace.rows(Annotation)
    gone = sorted({row.doc_id for row in rows if row.condition != "test"})[:but]
    return [row for row in rows if row.doc_id not in gone]


def test_documents_that_come_are_a_minor_version(make: Make) -> None:
    """More documents in the same splits: the second number rises, and their spans are counted."""
    workspace = make()
    rows = workspace.rows(Annotation)
    workspace.write(Annotation, kept(workspace, but=3))
    first = release(workspace)
    workspace.write(Annotation, rows)
    second, found = followed(workspace, first)
    assert (first.version, second.version, second.kind) == ("0.1.0", "0.2.0", "minor")
    assert found.counts.documents_added == second.documents - first.documents > 0
    assert found.counts.spans_with_documents_added == second.spans - first.spans
    assert found.counts.spans_added == found.counts.spans_removed == 0
    back = diff(second.path, first.path).counts
    assert back.documents_removed == found.counts.documents_added
    assert back.spans_with_documents_removed == found.counts.spans_with_documents_added


def test_corrections_are_a_patch_that_says_who_and_why(make: Make) -> None:
    """A span that one person takes back is open: removed by nobody's verdict, and it says so."""
    workspace = make()
    first = release(workspace)
    rows = workspace.rows(Annotation)
    at = next(number for number, row in enumerate(rows) if row.condition != "test")
    rows[at] = rows[at].replace(spans=rows[at].spans[1:])
    workspace.write(Annotation, rows)
    second, found = followed(workspace, first)
    assert (second.version, second.kind) == ("0.1.1", "patch")
    (change,) = found.documents
    (span,) = change.spans
    assert (span.what, span.by, span.why) == (
        "removed", "consensus", "missed: 1 of 2 annotators marked it",
    )  # fmt: skip
    assert found.counts.why == {"removed, is open: missed": 1}
    text = Path(second.path, "CHANGES.md").read_text()
    assert "Since 0.1.0" in text
    assert "- gold spans removed: 1" in text
    assert "  - removed, consensus: 1" in text
    assert "- documents in the same split with anything else changed: 1" in text


def verdict(row: Annotation, *, end: int, reason: Reason) -> Verdict:
    span = row.spans[0]
    return Verdict(
        verdict_id=hashed_id("v", row.doc_id, end),
        doc_id=row.doc_id,
        text_sha256=row.text_sha256,
        marker=span.marker,
        start=span.start,
        end=span.end,
        ground="c-0",
        outcome="modified",
        reason=reason,
        spans=(span_to(row, end),),
        adjudicator="judge",
        guideline_version="1.0",
        taxonomy_version="1",
        decided_at="2026-03-01T10:00:00Z",
    )


def span_to(row: Annotation, end: int) -> Span:
    return plain(row.spans[0].replace(end=end))


def test_a_boundary_that_moves_is_one_changed_span(make: Make) -> None:
    """A verdict that widens a span changes it: its end, its support's status, by whom."""
    workspace = make()
    first = release(workspace)
    row = next(row for row in workspace.rows(Annotation) if row.condition != "test")
    end = row.spans[0].end + len(" 👩‍👩‍👧 doubt")
    workspace.write(Verdict, [verdict(row, end=end, reason="boundary")])
    second, found = followed(workspace, first)
    (span,) = (span for change in found.documents for span in change.spans)
    assert (span.what, span.by) == ("changed", "adjudicated")
    assert {"end", "status"} <= {*span.fields} <= {"end", "start", "status", "support"}
    assert found.counts.by == {"changed, adjudicated": 1}
    assert span.reason == "boundary"
    assert found.counts.why == {"changed, adjudicated: boundary": 1}
    text = Path(second.path, "CHANGES.md").read_text()
    assert "- by why:\n  - changed, adjudicated: boundary: 1\n" in text


def test_a_new_annotator_changes_no_span_by_other_pseudonyms(make: Make) -> None:
    """Pseudonyms are renumbered when somebody joins; that is no difference in what is said."""
    workspace = make()
    first = release(workspace)
    rows = workspace.rows(Annotation)
    own = next(row for row in rows if row.condition != "test")
    joins = own.replace(
        annotator="cem",
        annotation_id="n-cem",
        assignment_id="a-cem",
        spans=tuple(it.replace(span_id=f"cem-{it.start}") for it in own.spans),
    )
    workspace.write(Annotation, [*rows, joins])
    _, found = followed(workspace, first)
    assert {change.doc_id for change in found.documents} == {own.doc_id}


def test_another_meaning_is_a_major_version(make: Make) -> None:
    """A taxonomy, a derivation rule or a marker asked for that changed is named."""
    summary = load(release(make()).path).summary
    rule = min(summary.derivations)
    assert meaning(summary, summary) == ()
    assert meaning(summary, summary.replace(taxonomy_version="9")) == (
        f"taxonomy {summary.taxonomy_version} is now 9",
    )
    derived = summary.replace(derivations=summary.derivations | {rule: 9})
    assert "is now version 9" in meaning(summary, derived)[0]
    fewer = summary.replace(markers=summary.markers[1:])
    assert "no longer asked for" in meaning(summary, fewer)[0]
    assert "is asked for now" in meaning(fewer, summary)[0]


def test_fewer_markers_asked_for_are_a_major_version(make: Make) -> None:
    """What is unmarked means something else when a marker is no longer looked for."""
    workspace = make()
    release(workspace)
    file = workspace.path("annotate.toml")
    text = file.read_text(encoding="utf-8")
    only = '[markers]\nnames = ["vague_collective_source"]'
    file.write_text(text.replace("[markers]", only, 1), encoding="utf-8")
    second = release(Workspace(workspace.root))
    assert (second.version, second.kind) == ("1.0.0", "major")
    changed = Path(second.path, "CHANGES.md").read_text()
    assert "is no longer asked for" in changed


@pytest.mark.parametrize(
    ("kind", "version"), [("major", "2.0.0"), ("minor", "1.5.0"), ("patch", "1.4.10")]
)
def test_the_numbers_behind_the_one_that_rises_fall_to_0(kind: str, version: str) -> None:
    """Versions are three numbers, and not decimals."""
    assert following("1.4.9", kind) == version  # type: ignore[arg-type]


def test_the_command_takes_versions_and_folders(
    make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """`annotate diff A B` names versions of the workspace, or any folders."""
    workspace = make()
    first = release(workspace)
    workspace.write(Annotation, kept(workspace, but=2))
    second = release(workspace)
    home = ["-C", str(workspace.root)]
    app(["diff", "0.1.0", second.version, *home], standalone_mode=False)
    said = capsys.readouterr().out
    app(["diff", first.path, second.path], standalone_mode=False)
    assert said == capsys.readouterr().out
    assert said.startswith(f"0.1.0 to {second.version}\n")
    assert "to not there" in said
    with pytest.raises(InvalidFile, match="not a release"):
        app(["diff", "0.1.0", "7.0.0", *home], standalone_mode=False)
