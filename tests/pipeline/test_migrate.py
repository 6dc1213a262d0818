"""A migration of stored tables: all labels, nothing lost silently, and a trail of every row."""

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from annotate import files
from annotate.adjudicate.clusters import clusters
from annotate.adjudicate.verdicts import ground, rests_on, standing
from annotate.errors import DataError, InvalidFile, UsageError
from annotate.model import (
    FOREIGN,
    AnnotatedSpan,
    Annotation,
    Document,
    Range,
    Span,
    Suggestion,
    Verdict,
    document_id,
    text_sha256,
)
from annotate.pipeline import Workspace, migrate

TEXT = (
    "A clerk of the harbour and a pilot spoke. Residents say the ferry was late, reportedly "
    "again. The water board denied it; the mayor, Ilse Brandt, confirmed what was suspected."
)
LATE = "the ferry was late, reportedly"
DOCUMENT = Document(
    doc_id=document_id(TEXT), text=TEXT, text_sha256=text_sha256(TEXT), canonicaliser="test@1"
)
CLERK = {"identity_form": "pseudonym", "interest": "rival", "specificity": "2"}


def at(words: str, text: str = TEXT) -> dict[str, int]:
    start = text.index(words)
    return {"start": start, "end": start + len(words)}


def on(words: str, marker: str, **more: Any) -> AnnotatedSpan:
    name = f"{marker}-{words}"
    return AnnotatedSpan(**at(words), marker=marker, span_id=name, origin="manual", **more)


def by(person: str, *spans: AnnotatedSpan, **more: Any) -> Annotation:
    told = {
        "annotation_id": f"n-{person}", "assignment_id": f"a-{person}", "doc_id": DOCUMENT.doc_id,
        "text_sha256": DOCUMENT.text_sha256, "annotator": person, "round": 1, "condition": "blind",
        "guideline_version": "1.0", "taxonomy_version": "1",
        "submitted_at": "2026-02-03T10:00:00Z", "spans": spans,
    }  # fmt: skip
    return Annotation(**told | more)


ANA = by(
    "ana",
    on("A clerk of the harbour", "unnamed_source", attributes=CLERK),
    on("Residents", "vague_collective_source"),
    on("was late", "agentless_attribution"),
    on(LATE, "speculative_attribution"),
    on("The water board", "named_attribution", attributes={"form": "institution"}),
    on("Ilse Brandt", "named_attribution", attributes={"form": "full"}),
    on("confirmed", "certainty_escalation"),
    document_attributes={"response_sought": "yes"},
)
BEN = by(
    "ben",
    on("A clerk of the harbour", "unnamed_source", attributes=CLERK),
    on("Residents", "vague_collective_source"),
)
THEIRS = by("cem", on("Residents", "vague_collective_source"), taxonomy_version=FOREIGN)


def verdict(name: str, words: str, marker: str, *spans: Span, **more: Any) -> Verdict:
    cluster = clusters([ANA, BEN], _markers())
    told = {
        "verdict_id": name, "doc_id": DOCUMENT.doc_id, "text_sha256": DOCUMENT.text_sha256,
        "marker": marker, **at(words), "ground": "", "outcome": "accepted" if spans else "rejected",
        "spans": spans, "adjudicator": "dana", "guideline_version": "1.0",
        "taxonomy_version": "1", "decided_at": "2026-03-01T10:00:00.000000Z",
    }  # fmt: skip
    found = Verdict(**told | more)
    if "ground" in more:
        return found
    return found.replace(ground=ground(it for it in cluster if rests_on(found, it)))


def _markers() -> Any:
    from annotate import taxonomy

    return taxonomy.load()


def suggestion(name: str, words: str, marker: str, **more: Any) -> Suggestion:
    told = {"suggestion_id": name, "doc_id": DOCUMENT.doc_id, "score": 0.5, "suggester": "rules@2"}
    return Suggestion(**told, **at(words), marker=marker, rule="x", **more)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Give a workspace of version 1 with annotations, verdicts and two parts of suggestions."""
    made = Workspace(Workspace.create(tmp_path / "w", name="w", annotators=["ana", "ben"]).root)
    made.append(Document, [DOCUMENT])
    made.write(Annotation, [ANA, BEN, THEIRS])
    made.write(
        Verdict,
        [
            verdict("v-fresh", "Residents", "vague_collective_source", plain("Residents")),
            verdict("v-stale", "confirmed", "certainty_escalation", ground="c-0"),
            verdict("v-old", "The water board", "named_attribution", ground="c-0"),
        ],
    )
    made.append(Suggestion, [suggestion("s-1", "Residents", "vague_collective_source")])
    made.append(
        Suggestion,
        [
            suggestion("s-2", "a pilot", "unnamed_source", attributes={"specificity": "1"}),
            suggestion("s-3", "confirmed", "certainty_escalation"),
        ],
    )
    made.append(Suggestion, [suggestion("s-4", "a pilot", "unnamed_source")])
    return made


def plain(words: str, marker: str = "vague_collective_source") -> Span:
    return Span(**at(words), marker=marker)


Upgrade = Callable[[], None]


def state(workspace: Workspace) -> dict[str, bytes]:
    found = (path for path in workspace.root.rglob("*") if path.is_file())
    return {str(path): path.read_bytes() for path in found if path.name != ".lock"}


def lines(path: str | None) -> list[dict[str, Any]]:
    with gzip.open(path or "") as file:
        return [json.loads(line) for line in file][1:]


def spans_of(workspace: Workspace, person: str) -> dict[str, AnnotatedSpan]:
    (row,) = (it for it in workspace.rows(Annotation) if it.annotator == person)
    return {TEXT[span.start : span.end]: span for span in row.spans}


def test_annotations_come_to_the_new_labels(workspace: Workspace, taxonomy_2: Upgrade) -> None:
    """Renamed, merged, split, retired, with other values; joined where they overlap now."""
    taxonomy_2()
    result = migrate(workspace, "clearer")
    found = spans_of(workspace, "ana")
    assert {words: span.marker for words, span in found.items()} == {
        "A clerk of the harbour": "unnamed_source",
        "Residents": "collective_source",
        LATE: "speculative_attribution",
        "The water board": "institutional_attribution",
        "Ilse Brandt": "named_attribution",
    }
    clerk = found["A clerk of the harbour"].attributes
    assert clerk == {"identity_form": "no_name", "specificity": "2"}
    assert found["The water board"].attributes == {}
    assert found["Ilse Brandt"].attributes == {"form": "full"}
    assert found[LATE].span_id == f"speculative_attribution-{LATE}"
    assert {it.taxonomy_version for it in workspace.rows(Annotation)} == {"2", FOREIGN}
    counts = {key.split(": ")[1]: n for key, n in result.counts.items() if "annotations:" in key}
    assert counts == {
        "renamed": 2, "merged": 1, "joined": 1, "split to institutional_attribution": 1,
        "retired": 1, "values changed": 4, "values dropped": 1,
    }  # fmt: skip


def test_what_others_labelled_stays(workspace: Workspace, taxonomy_2: Upgrade) -> None:
    """Labels of another label set are none of ours; those of a third version are named."""
    workspace.write(Annotation, [ANA, THEIRS, BEN.replace(taxonomy_version="0.9")])
    before = workspace.rows(Annotation)[1]
    taxonomy_2()
    result = migrate(workspace, "clearer")
    assert workspace.rows(Annotation)[1] == before
    assert "1 annotations of taxonomy version 0.9 were left as they are" in result.notes


def test_the_trail_has_a_line_for_every_changed_row(
    workspace: Workspace, taxonomy_2: Upgrade
) -> None:
    """Before and after by field, with the step; the manifest beside it counts them."""
    taxonomy_2()
    result = migrate(workspace, "clearer")
    told = lines(result.trail)
    assert {(it["table"], it["id"]) for it in told} == {
        ("verdicts", "v-fresh"), ("verdicts", "v-stale"), ("verdicts", "v-old"),
        ("annotations", "n-ana"), ("annotations", "n-ben"),
        ("suggestions", "s-1"), ("suggestions", "s-3"),
    }  # fmt: skip
    (ana,) = (it for it in told if it["id"] == "n-ana")
    assert set(ana["before"]) == {"spans", "taxonomy_version"}
    assert len(ana["before"]["spans"]) == 7
    assert len(ana["after"]["spans"]) == 5
    assert {"step": 2, "what": "retired"} in ana["steps"]
    (gone,) = (it for it in told if it["id"] == "s-3")
    assert gone["after"] is None
    run = workspace.last_run("migrate")
    assert run is not None
    assert run.counts == result.counts
    assert run.inputs == {"migration": "clearer", "since": "1", "to": "2"}


def test_suggestions_keep_their_ids(workspace: Workspace, taxonomy_2: Upgrade) -> None:
    """Labels change, retired ones go, and a part in which nothing changed is not written."""
    parts = workspace.parts(Suggestion)
    untouched = parts[2].read_bytes()
    taxonomy_2()
    migrate(workspace, "clearer")
    assert [(it.suggestion_id, it.marker) for it in workspace.rows(Suggestion)] == [
        ("s-1", "collective_source"),
        ("s-2", "unnamed_source"),
        ("s-4", "unnamed_source"),
    ]
    assert workspace.parts(Suggestion) == parts
    assert parts[2].read_bytes() == untouched


def test_suggestions_of_the_new_version_are_left(workspace: Workspace, taxonomy_2: Upgrade) -> None:
    """A part says by which version it was made: swapped names are not swapped back."""
    taxonomy_2()
    made = suggestion("s-9", "Residents", "collective_source")
    workspace.append(Suggestion, [made])
    course = workspace.path("swap.yaml")
    course.write_text(
        "{name: swap, since: '1', to: '2', why: x, steps: ["
        "{rename: {marker: collective_source, to: unnamed_source}}, "
        "{rename: {marker: vague_collective_source, to: collective_source}}, "
        "{retire: {marker: certainty_escalation}}, "
        "{rename: {marker: agentless_attribution, to: speculative_attribution}}]}"
    )
    migrate(workspace, course)
    first = workspace.rows(Suggestion)
    assert migrate(workspace, course).counts == {}
    assert workspace.rows(Suggestion) == first
    assert made in first
    assert next(it for it in first if it.suggestion_id == "s-1").marker == "collective_source"


def test_verdicts_stay_fresh_or_stale(workspace: Workspace, taxonomy_2: Upgrade) -> None:
    """What rested on its ground still does; what was stale stays so; on a retired marker goes."""
    taxonomy_2()
    migrate(workspace, "clearer")
    rows = {it.verdict_id: it for it in workspace.rows(Verdict)}
    assert set(rows) == {"v-fresh", "v-old"}
    assert rows["v-fresh"].marker == "collective_source"
    assert [it.marker for it in rows["v-fresh"].spans] == ["collective_source"]
    assert rows["v-old"].marker == "institutional_attribution"
    assert {it.taxonomy_version for it in rows.values()} == {"2"}
    read = [it for it in workspace.rows(Annotation) if not it.foreign]
    stale = standing(rows.values()).stale(clusters(read, workspace.taxonomy))
    assert stale == ("v-old",)


def test_a_verdict_on_the_whole_document_stays_fresh(
    workspace: Workspace, taxonomy_2: Upgrade
) -> None:
    """Its ground is all that annotators said, of whatever marker."""
    found = clusters([ANA, BEN], workspace.taxonomy)
    whole = verdict("v-all", "Residents", "vague_collective_source", ground=ground(found))
    workspace.write(Verdict, [whole.replace(marker=None, start=None, end=None)])
    taxonomy_2()
    again = Workspace(workspace.root)
    migrate(again, "clearer")
    read = [it for it in again.rows(Annotation) if not it.foreign]
    stands = standing(again.rows(Verdict))
    assert stands.whole is not None
    assert stands.stale(clusters(read, again.taxonomy)) == ()


def test_a_verdict_on_a_split_marker_is_on_both(workspace: Workspace, taxonomy_2: Upgrade) -> None:
    """What it accepted is of one marker; what it stood on of the other is rejected by it."""
    wide = "The water board denied it; the mayor, Ilse Brandt"
    accepted = plain("Ilse Brandt", "named_attribution").replace(attributes={"form": "full"})
    workspace.write(Verdict, [verdict("v-1", wide, "named_attribution", accepted)])
    taxonomy_2()
    migrate(workspace, "clearer")
    found = {it.marker: it for it in workspace.rows(Verdict)}
    assert {name: it.outcome for name, it in found.items()} == {
        "named_attribution": "accepted",
        "institutional_attribution": "rejected",
    }
    assert found["named_attribution"].verdict_id == "v-1"
    read = [it for it in workspace.rows(Annotation) if not it.foreign]
    assert standing(found.values()).stale(clusters(read, workspace.taxonomy)) == ()


def test_verdicts_that_come_to_touch_keep_what_they_accepted(
    workspace: Workspace, taxonomy_2: Upgrade
) -> None:
    """Two markers became one: the later verdict rejected, and the other's span still stands."""
    early = verdict("v-1", LATE, "speculative_attribution", plain(LATE, "speculative_attribution"))
    later = verdict("v-2", "was late", "agentless_attribution", decided_at="2026-03-02T10:00:00Z")
    workspace.write(Verdict, [early, later])
    taxonomy_2()
    result = migrate(workspace, "clearer")
    (stands,) = standing(workspace.rows(Verdict)).verdicts
    assert stands.verdict_id == "v-2"
    assert [(it.start, it.end) for it in stands.spans] == [tuple(at(LATE).values())]
    assert result.counts["verdicts: joined"] == 1
    read = [it for it in workspace.rows(Annotation) if not it.foreign]
    found = clusters(read, workspace.taxonomy)
    assert standing(workspace.rows(Verdict)).stale(found) == ()


def test_a_referent_moves_with_its_mention(workspace: Workspace, taxonomy_2: Upgrade) -> None:
    """The re-mention points at the joined span."""
    again = on("again", "agentless_attribution", referent=Range(**at("was late")))
    workspace.write(Annotation, [ANA.replace(spans=(*ANA.spans, again))])
    taxonomy_2()
    migrate(workspace, "clearer")
    assert spans_of(workspace, "ana")["again"].referent == Range(**at(LATE))


def test_a_second_run_changes_nothing(workspace: Workspace, taxonomy_2: Upgrade) -> None:
    """With nothing of the old version left no file is written, and it says so."""
    taxonomy_2()
    migrate(workspace, "clearer")
    before = state(workspace)
    again = migrate(workspace, "clearer")
    assert (again.counts, again.trail) == ({}, None)
    assert state(workspace) == before


def test_a_dry_run_counts_and_writes_nothing(workspace: Workspace, taxonomy_2: Upgrade) -> None:
    """The counts and the first lines are those of the run itself."""
    taxonomy_2()
    before = state(workspace)
    dry = migrate(workspace, "clearer", dry_run=True)
    assert state(workspace) == before
    real = migrate(workspace, "clearer")
    assert (dry.counts, dry.sample) == (real.counts, real.sample)
    assert dry.trail is None


def outcome(workspace: Workspace) -> tuple[dict[str, bytes], list[Any], dict[str, int]]:
    """Give what a migration leaves: tables, the lines of its trail, its counts."""
    tables = {path: data for path, data in state(workspace).items() if "/tables/" in path}
    (trail,) = workspace.path("runs").glob("*.jsonl.gz")
    run = workspace.last_run("migrate")
    assert run is not None
    return tables, lines(str(trail)), run.counts


def test_a_killed_run_is_finished_by_the_next(
    workspace: Workspace, taxonomy_2: Upgrade, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut before any file that it writes, it ends with the same tables, trail and counts."""
    taxonomy_2()
    start = state(workspace)
    migrate(workspace, "clearer")
    whole, written = outcome(workspace), 6  # trail, verdicts, annotations, two parts, manifest
    for cut in range(written):
        for path in state(workspace):
            Path(path).unlink()
        for path, data in start.items():
            Path(path).write_bytes(data)
        killed_before(monkeypatch, cut, workspace)
        migrate(workspace, "clearer")
        assert outcome(workspace) == whole, f"cut before write {cut}"


def killed_before(patch: pytest.MonkeyPatch, number: int, workspace: Workspace) -> None:
    """Stop a migration before it writes the file of that number."""
    left = iter(range(number))
    real = files.replacing

    @contextmanager
    def replacing(path: Path) -> Iterator[BinaryIO]:
        if next(left, None) is None:
            raise KeyboardInterrupt
        with real(path) as file:
            yield file

    with patch.context() as context:
        context.setattr(files, "replacing", replacing)
        with pytest.raises(KeyboardInterrupt):
            migrate(workspace, "clearer")


def test_another_migration_waits_for_one_that_was_cut(
    workspace: Workspace, taxonomy_2: Upgrade, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of one and half of another would be neither."""
    taxonomy_2()
    killed_before(monkeypatch, 2, workspace)
    other = workspace.path("other.yaml")
    other.write_text("{name: other, since: '1', to: '2', why: x, steps: []}")
    with pytest.raises(DataError, match="migration clearer was cut before it ended"):
        migrate(workspace, other)


def test_a_marker_without_a_step_is_refused(workspace: Workspace, taxonomy_2: Upgrade) -> None:
    """A migration that leaves spans of no known marker changes nothing and names them."""
    taxonomy_2()
    course = workspace.path("half.yaml")
    course.write_text("{name: half, since: '1', to: '2', why: x, steps: [{retire: {marker: x}}]}")
    before = state(workspace)
    with pytest.raises(DataError, match=r"agentless_attribution \(1\), certainty_escalation"):
        migrate(workspace, course)
    assert state(workspace) == before


def test_what_is_no_migration_is_named(workspace: Workspace, tmp_path: Path) -> None:
    """An unknown name, a file that is not there, a wrong version: one line each."""
    with pytest.raises(UsageError, match='migration "clearr" is not known; none is shipped'):
        migrate(workspace, "clearr")
    with pytest.raises(UsageError, match="there is no such file"):
        migrate(workspace, tmp_path / "no.yaml")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("{name: wrong, since: '1', to: '2', why: x, steps: []}")
    with pytest.raises(InvalidFile, match='"2" is not the version of the taxonomy in use, 1'):
        migrate(workspace, wrong)
