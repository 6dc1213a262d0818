"""Calibration and the report on rules, over whole workspaces."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from annotate import resources, taxonomy
from annotate.errors import InvalidFile, NothingToDo, UsageError
from annotate.model import (
    AnnotatedSpan,
    Annotation,
    Appearance,
    Assignment,
    Condition,
    Document,
    Suggestion,
    Zone,
    document_id,
    text_sha256,
)
from annotate.pipeline import sample
from annotate.pipeline.assign import assign
from annotate.pipeline.calibrate import calibrate
from annotate.pipeline.ingest import ingest
from annotate.pipeline.rules import RETIRE_FROM, RuleReport, rules
from annotate.pipeline.suggest import suggest
from annotate.suggest.acceptance import Acceptance
from annotate.suggest.calibration import PRIOR, Judged, wilson
from annotate.workspace import Workspace

TEXT = (
    "A source in the ministry said that bridge {number} was unsafe. Critics say it was paid twice."
)
SOURCE, VAGUE = "unnamed_source/source_speaks", "vague_collective_source/group_speaks"
COUNT = 12
BLIND: list[Condition] = ["blind" for _ in range(COUNT)]
STORED = "tables/calibration.json"


def document(number: int) -> Document:
    text = TEXT.format(number=number)
    return Document(
        doc_id=document_id(text), text=text, text_sha256=text_sha256(text), canonicaliser="test@1"
    )


def annotation(
    item: Document,
    person: str,
    condition: Condition,
    *,
    shown: Sequence[Suggestion] = (),
    month: str = "2026-02",
) -> Annotation:
    """Say that the critics are vague, if there are any, and nothing of the source."""
    start = max(0, item.text.find("Critics"))
    taken = next((each for each in shown if each.start == start), None)
    span = AnnotatedSpan(
        start=start,
        end=start + len("Critics"),
        marker="vague_collective_source",
        span_id=f"{person}-{item.doc_id}",
        origin="prediction" if taken else "manual",
        suggestion_id=taken.suggestion_id if taken else None,
    )
    return Annotation(
        annotation_id=f"n-{person}-{item.doc_id}",
        assignment_id=f"a-{person}-{item.doc_id}",
        doc_id=item.doc_id,
        text_sha256=item.text_sha256,
        annotator=person,
        round=1,
        condition=condition,
        guideline_version="1.0",
        taxonomy_version="1",
        submitted_at=f"{month}-03T10:00:00Z",
        spans=(span,),
        shown=tuple(each.suggestion_id for each in shown),
    )


def annotate(
    workspace: Workspace, *conditions: Condition, people: Sequence[str] = ("ana", "ben")
) -> None:
    """Annotate a document in each condition; assisted ones are shown all suggestions."""
    rows = []
    suggestions = workspace.rows(Suggestion)
    documents = workspace.rows(Document)
    for item, condition in zip(documents, conditions, strict=False):
        shown = [each for each in suggestions if each.doc_id == item.doc_id]
        if condition != "assisted":
            shown = []
        rows += [annotation(item, person, condition, shown=shown) for person in people]
    workspace.write(Annotation, rows)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Give a workspace of twelve documents with suggestions in two parts."""
    workspace = Workspace.create(tmp_path / "w", name="w", annotators=["ana", "ben"])
    documents = [document(number) for number in range(COUNT)]
    workspace.append(Document, documents[:5])
    workspace.append(Document, documents[5:])
    workspace.write(
        Zone, [Zone(doc_id=it.doc_id, start=0, end=len(it.text), zone="body") for it in documents]
    )
    suggest(workspace)
    return workspace


def files(workspace: Workspace) -> dict[str, bytes]:
    found = workspace.root.rglob("*")
    return {str(path): path.read_bytes() for path in found if path.is_file()}


def scores(workspace: Workspace) -> dict[str, set[float]]:
    found: dict[str, set[float]] = {}
    for row in workspace.rows(Suggestion):
        found.setdefault(f"{row.marker}/{row.rule}", set()).add(row.score)
    return found


def reported(workspace: Workspace, name: str) -> RuleReport:
    (found,) = [item for item in rules(workspace).rules if item.name == name]
    return found


def configure(workspace: Workspace, line: str) -> Workspace:
    path = workspace.path("annotate.toml")
    path.write_text(path.read_text().replace("[suggest]", f"[suggest]\n{line}"))
    return Workspace(workspace.root)


def test_calibration_moves_the_scores_and_nothing_else(workspace: Workspace) -> None:
    """A rule that is never right sinks, one that always is rises; ids and spans stay."""
    annotate(workspace, *BLIND)
    written = scores(workspace)
    before = workspace.rows(Suggestion)
    result = suggest(workspace, calibrate=True)
    assert (result.scores.calibrated, result.scores.documents) == (2, {"blind": COUNT})
    assert result.written_parts == 2
    weight = COUNT + PRIOR
    assert scores(workspace) == {
        SOURCE: {round(PRIOR * written[SOURCE].pop() / weight, 4)},
        VAGUE: {round((COUNT + PRIOR * written[VAGUE].pop()) / weight, 4)},
    }
    after = [row.replace(score=0) for row in workspace.rows(Suggestion)]
    assert after == [row.replace(score=0) for row in before]


def test_calibrating_again_changes_nothing(workspace: Workspace) -> None:
    """What is measured does not depend on the last calibration; later runs use it as it is."""
    annotate(workspace, *BLIND)
    first = suggest(workspace, calibrate=True)
    before = files(workspace)
    assert suggest(workspace, calibrate=True) == first.replace(written_parts=0)
    assert suggest(workspace) == first.replace(written_parts=0)
    assert files(workspace) == before


def test_many_processes_write_the_same_calibrated_scores(workspace: Workspace) -> None:
    """The scores go to every worker."""
    annotate(workspace, *BLIND)
    suggest(workspace, calibrate=True)
    before = [path.read_bytes() for path in workspace.parts(Suggestion)]
    shutil.rmtree(workspace.table(Suggestion))
    suggest(configure(workspace, "jobs = 2"))
    assert [path.read_bytes() for path in workspace.parts(Suggestion)] == before


def test_blind_and_test_documents_count_and_assisted_ones_only_without_them(
    workspace: Workspace,
) -> None:
    """Suggestions anchor people, so assisted documents are the last resort."""
    annotate(workspace, "assisted", "blind", "test", "assisted")
    assert calibrate(workspace).documents == {"blind": 1, "test": 1}
    annotate(workspace, "assisted", "assisted")
    assert calibrate(workspace).documents == {"assisted": 2}


def test_without_gold_nothing_is_calibrated_and_nothing_changes(workspace: Workspace) -> None:
    """Nobody, or one person alone, settles nothing."""
    before = files(workspace)
    with pytest.raises(NothingToDo, match="nothing is annotated"):
        suggest(workspace, calibrate=True)
    annotate(workspace, "blind", "blind", people=["ana"])
    with pytest.raises(NothingToDo, match=r"2 were read by one"):
        suggest(workspace, calibrate=True)
    now = {name: data for name, data in files(workspace).items() if "annotations" not in name}
    assert {name for name in now if now[name] != before.get(name)} == set()


def test_an_adjudicator_settles_alone(workspace: Workspace) -> None:
    """Their annotations decide, and a name that nobody has is one line."""
    annotate(workspace, "blind", people=["ana"])
    made = calibrate(workspace, adjudicator="ana")
    assert made.documents == {"blind": 1}
    assert [item.judged.right for item in made.rules] == [0, 1]
    with pytest.raises(UsageError, match=r"adjudicator \"anna\" .*did you mean ana"):
        calibrate(workspace, adjudicator="anna")


def test_a_dry_run_calibrates_without_writing(workspace: Workspace) -> None:
    """It says what the run would find."""
    annotate(workspace, *BLIND)
    before = files(workspace)
    dry = suggest(workspace, calibrate=True, dry_run=True)
    assert files(workspace) == before
    assert suggest(workspace, calibrate=True) == dry


def test_a_rule_changed_since_has_its_written_score_and_is_named(workspace: Workspace) -> None:
    """A stale calibration is never used in silence."""
    annotate(workspace, *BLIND)
    suggest(workspace, calibrate=True)
    path = workspace.path(STORED)
    stored = json.loads(path.read_bytes())
    stored["rules"][0]["fingerprint"] = "of another wording"
    path.write_text(json.dumps(stored))
    result = suggest(workspace)
    assert (result.scores.stale, result.scores.calibrated) == ((SOURCE,), 1)
    report = reported(workspace, SOURCE)
    assert report.stale
    assert scores(workspace)[SOURCE] == {report.written} == {report.score}


@pytest.mark.parametrize("content", ["{", "[]", '{"version": 9}', '{"rules": [{}]}', "\xff"])
def test_a_broken_calibration_is_one_line(workspace: Workspace, content: str) -> None:
    """It names the file and how to make it again, which then works."""
    workspace.path(STORED).write_bytes(content.encode("latin-1"))
    with pytest.raises(InvalidFile, match=rf"{STORED}: .*--calibrate"):
        suggest(workspace)
    annotate(workspace, "blind")
    assert suggest(workspace, calibrate=True).scores.calibrated == 2


def test_a_retired_rule_suggests_no_longer(workspace: Workspace) -> None:
    """What it hid comes up, others keep their scores, and it is measured on in the report."""
    annotate(workspace, *BLIND)
    suggest(workspace, calibrate=True)
    before = scores(workspace)
    changed = configure(workspace, f'retired = ["{SOURCE}"]')
    assert suggest(changed).scores.stale == ()
    after = scores(changed)
    assert SOURCE not in after
    assert after[VAGUE] == before[VAGUE]
    report = reported(changed, SOURCE)
    assert (report.retired, report.retire, report.suggestions) == (True, False, 0)
    assert report.judged == Judged(suggestions=COUNT)
    calibrated = calibrate(changed).rules
    assert {f"{item.marker}/{item.rule}" for item in calibrated} == set(after)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("unnamed_source/source_speak", "suggest.retired: .*did you mean source_speaks"),
        ("unnamed_sources/source_speaks", "suggest.retired: .*did you mean unnamed_source"),
        ("source_speaks", "suggest.retired: marker"),
    ],
)
def test_a_retired_rule_that_is_not_there_is_one_line(
    workspace: Workspace, name: str, words: str
) -> None:
    """The line names the key and the nearest legal name."""
    with pytest.raises(InvalidFile, match=words):
        suggest(configure(workspace, f'retired = ["{name}"]'))


def test_a_retired_rule_of_a_marker_that_is_off_is_no_mistake(workspace: Workspace) -> None:
    """Tier 2 can be turned off and on again."""
    rule = taxonomy.load().marker("loaded_language").patterns[0].name
    assert suggest(configure(workspace, f'retired = ["loaded_language/{rule}"]')).suggestions


def test_the_report_says_what_a_rule_finds_and_how_often_it_is_right(workspace: Workspace) -> None:
    """Coverage is of the table, precision of the gold, with Wilson's interval."""
    annotate(workspace, *BLIND)
    found = rules(workspace)
    assert (found.gold, found.sampled, found.unknown) == ({"blind": COUNT}, COUNT, 0)
    report = reported(workspace, VAGUE)
    assert (report.suggestions, report.documents, report.matches) == (COUNT, COUNT, COUNT)
    assert report.judged == Judged(suggestions=COUNT, right=COUNT, exact=COUNT)
    assert report.interval == wilson(COUNT, COUNT)
    assert report.conflict == 0
    silent = reported(workspace, "unnamed_source/pseudonym")
    assert (silent.suggestions, silent.matches) == (0, 0)
    undefined = (silent.overlap, silent.conflict, silent.precision, silent.interval)
    assert undefined == (None, None, None, None)
    assert silent.accepted is None
    markers = {item.marker: (item.gold, item.missed) for item in found.markers}
    assert markers["vague_collective_source"] == (COUNT, 0)
    assert markers["unnamed_source"] == (0, 0)


def test_a_bad_rule_is_seen_once_there_is_enough(workspace: Workspace) -> None:
    """Nothing right is no reason to retire a rule until enough suggestions were judged."""
    annotate(workspace, *BLIND[: RETIRE_FROM - 1])
    assert rules(workspace).advised == ()
    annotate(workspace, *BLIND[:RETIRE_FROM])
    assert rules(workspace).advised == (SOURCE,)
    assert [item.name for item in rules(workspace).rules if item.retire] == [SOURCE]
    other = configure(workspace, 'retired = ["unnamed_source/pseudonym"]')
    assert rules(other).advised == ("unnamed_source/pseudonym", SOURCE)
    assert rules(configure(workspace, "retire_below = 0.1")).advised == ()


def test_acceptance_is_by_month_of_what_was_shown(workspace: Workspace) -> None:
    """Kept and deleted are counted for each rule; what no rule makes today is counted apart."""
    suggestions = workspace.rows(Suggestion)
    first, second = workspace.rows(Document)[:2]
    shown = [[each for each in suggestions if each.doc_id == it.doc_id] for it in (first, second)]
    gone = [each.replace(suggestion_id="s-of-a-rule-that-was") for each in shown[1][:1]]
    workspace.write(
        Annotation,
        [
            annotation(first, "ana", "assisted", shown=shown[0]),
            annotation(second, "ana", "assisted", shown=shown[1] + gone, month="2026-03"),
        ],
    )
    version = "1.0"
    assert reported(workspace, VAGUE).acceptance == (
        Acceptance(month="2026-02", guideline_version=version, kept=1),
        Acceptance(month="2026-03", guideline_version=version, kept=1),
    )
    assert reported(workspace, VAGUE).accepted == 1
    assert reported(workspace, SOURCE).acceptance[0].deleted == 1
    assert rules(workspace).unknown == 1
    shutil.rmtree(workspace.table(Suggestion))
    assert reported(workspace, VAGUE).accepted == 1
    assert reported(workspace, VAGUE).suggestions is None


def test_an_empty_workspace_has_rules_and_no_data(tmp_path: Path) -> None:
    """Every figure is undefined and the command does not fail."""
    found = rules(Workspace.create(tmp_path / "w", name="w"))
    assert found.rules
    assert {item.suggestions for item in found.rules} == {None}
    assert {item.precision for item in found.rules} == {None}
    assert {item.missed for item in found.markers} == {None}
    with pytest.raises(UsageError, match="did you mean unnamed_source"):
        rules(Workspace(tmp_path / "w"), marker="unnamed_sourc")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Give the bundled sample as ana and ben would have annotated it."""
    workspace = Workspace.create(tmp_path_factory.mktemp("demo"), name="demo")
    workspace.write_bytes(
        workspace.path("annotate.toml"), (resources.sample() / "annotate.toml").read_bytes()
    )
    workspace = Workspace(workspace.root)
    ingest(workspace, [resources.sample() / "articles"])
    suggest(workspace)
    assign(workspace)
    documents = workspace.rows(Document)
    by_id = {item.doc_id: item for item in documents}
    suggestions = workspace.rows(Suggestion)
    said = {
        person: sample.by_document(
            sample.read_annotations(person), documents, workspace.rows(Appearance)
        )
        for person in ("ana", "ben")
    }
    workspace.write(
        Annotation,
        [
            _submitted(workspace, row, by_id[row.doc_id], wrote, suggestions)
            for row in workspace.rows(Assignment)
            if (wrote := said[row.annotator].get(row.doc_id))
        ],
    )
    return workspace


def _submitted(
    workspace: Workspace,
    row: Assignment,
    item: Document,
    wrote: sample.SampleAnnotation,
    suggestions: Sequence[Suggestion],
) -> Annotation:
    shown = [each for each in suggestions if each.doc_id == item.doc_id]
    if row.condition != "assisted":
        shown = []
    return annotation(item, row.annotator, row.condition, shown=shown).replace(
        assignment_id=row.assignment_id,
        skipped=wrote.skipped,
        spans=tuple(sample.spans_of(wrote, item, workspace.taxonomy, shown)),
    )


def test_the_sample_calibrates_most_of_what_fires_in_it(demo: Workspace) -> None:
    """On real articles of the sample the figures hold together."""
    made = calibrate(demo)
    assert set(made.documents) == {"blind", "test"}
    assert len(made.rules) >= 20
    for item in made.rules:
        assert 0 <= item.judged.exact <= item.judged.right <= item.judged.suggestions
        share = item.judged.right / item.judged.suggestions
        low, high = sorted((item.written, share))
        assert low - 1e-4 <= item.score <= high + 1e-4
    found = rules(demo)
    fired = [item for item in found.rules if item.suggestions]
    assert sum(item.suggestions or 0 for item in fired) == len(demo.rows(Suggestion))
    assert found.unknown == 0
    assert all(item.matches for item in fired)
    shown = sum(len(item.shown) for item in demo.rows(Annotation) if not item.skipped)
    assert sum(each.shown for item in found.rules for each in item.acceptance) == shown
