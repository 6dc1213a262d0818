"""`annotate train` and `annotate evaluate`, from a release of a real workspace."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from annotate.adjudicate.deciding import decide
from annotate.docket import Decided, Decision
from annotate.errors import InvalidFile, NothingToDo, NotWritable, UsageError
from annotate.model import (
    Annotation,
    Appearance,
    Document,
    Duplicate,
    Span,
    Zone,
    document_id,
    text_sha256,
)
from annotate.pipeline.adjudicate import queue
from annotate.pipeline.agreement import agreement
from annotate.pipeline.evaluate import HEADLINE, evaluate
from annotate.pipeline.forget import forget
from annotate.pipeline.gold import gold
from annotate.pipeline.release import release
from annotate.pipeline.train import train
from annotate.pipeline.verdicts import record_verdicts
from annotate.release import load
from annotate.scores import ALL_VOICES, VOICES
from annotate.workspace import Workspace

ReadBy = Callable[..., Annotation]
OUTLETS = ("Marlow Courier", "Velden Post", "Harbour Wire", "Tarn Echo")
SOURCE, VAGUE = "unnamed_source", "vague_collective_source"
COUNT = 40
KNOWN = {
    "identity_form": "role_only",
    "specificity": "2",
    "reason_for_anonymity": "none",
    "basis_of_knowledge": "unstated",
    "corroboration": "none",
}


def document(number: int) -> Document:
    whom = ("A clerk", "A guard", "An insider", "A pilot")[number % 4]
    text = (
        f"Case {number} was heard 🧾. {whom} at the mill said that it was late. "
        f"Critics say the tram number {number} is full 👩‍👩‍👧. It rained."
    )
    return Document(
        doc_id=document_id(text), text=text, text_sha256=text_sha256(text), canonicaliser="1"
    )


def marked(item: Document) -> tuple[Span, Span]:
    start, end = item.text.index(". ") + 2, item.text.index(" said")
    critics = item.text.index("Critics")
    return (
        Span(start=start, end=end, marker=SOURCE, attributes=KNOWN),
        Span(start=critics, end=critics + 7, marker=VAGUE),
    )


def filled(folder: Path, read_by: ReadBy, *, tests: int) -> Workspace:
    """Give a workspace of 40 documents of four outlets; every `tests`th is a test."""
    workspace = Workspace.create(folder, name="w", annotators=["ana", "ben"])
    documents = [document(number) for number in range(COUNT)]
    workspace.append(Document, documents)
    workspace.write(
        Appearance,
        [
            Appearance(
                doc_id=item.doc_id, publisher=OUTLETS[number // 3 % 4], licence="cc0", source="s"
            )
            for number, item in enumerate(documents)
        ],
    )
    workspace.write(
        Zone, [Zone(doc_id=it.doc_id, start=0, end=len(it.text), zone="body") for it in documents]
    )
    workspace.write(Duplicate, [Duplicate(doc_id=it.doc_id, cluster=it.doc_id) for it in documents])
    conditions = ["test" if tests and number % tests == 0 else "blind" for number in range(COUNT)]
    workspace.write(
        Annotation,
        [
            read_by(item, person, *marked(item), condition=condition)
            for item, condition in zip(documents, conditions, strict=True)
            for person in ("ana", "ben")
        ],
    )
    return workspace


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, read_by: ReadBy) -> Workspace:
    """Give a workspace with a release and a model of it."""
    workspace = filled(tmp_path_factory.mktemp("learn"), read_by, tests=3)
    release(workspace)
    train(workspace)
    return workspace


@pytest.fixture
def workspace(shared: Workspace, tmp_path: Path) -> Workspace:
    """Give a copy of it for one test."""
    shutil.copytree(shared.root, tmp_path / "w")
    return Workspace(tmp_path / "w")


def test_a_release_becomes_a_model(workspace: Workspace) -> None:
    """The model stands in models/, names its release, and a manifest records the run."""
    folder = workspace.path("models", "baseline-0.1.0")
    card = json.loads((folder / "model.json").read_bytes())
    assert card["release"]["version"] == "0.1.0"
    assert card["markers"][SOURCE]["spans"] == card["documents"] > 0
    assert card["markers"]["motive_imputation"]["span_not_learnt"] == "no spans in train"
    manifest = workspace.last_run("train")
    assert manifest is not None
    assert manifest.counts["documents"] == card["documents"]


def test_training_again_changes_nothing(workspace: Workspace) -> None:
    """The same release, level and seed: the model that is there is the answer."""
    before = {path: path.stat().st_mtime_ns for path in workspace.path("models").rglob("*")}
    again = train(workspace)
    assert not again.trained
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert train(workspace, name="other").trained


def test_a_name_of_another_model_is_refused_unless_forced(workspace: Workspace) -> None:
    """Another seed under the same name is a UsageError; --force replaces the model."""
    with pytest.raises(UsageError, match=r"baseline-0\.1\.0 is another model.*seed 1.*--force"):
        train(workspace, seed=9)
    heard: list[str] = []
    assert train(workspace, seed=9, force=True, progress=heard.append).trained
    assert heard == [SOURCE, VAGUE]
    card = json.loads(workspace.path("models", "baseline-0.1.0", "model.json").read_bytes())
    assert card["seed"] == 9


def test_a_model_trained_in_another_process_is_the_same(workspace: Workspace) -> None:
    """Bytes depend on release, seed and libraries, not on the process or its hash seed."""
    code = (
        "import sys; from annotate.workspace import Workspace; "
        "from annotate.pipeline.train import train; train(Workspace(sys.argv[1]), force=True)"
    )
    folder = workspace.path("models", "baseline-0.1.0")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    call = [sys.executable, "-c", code, str(workspace.root)]
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": str(root)}
    subprocess.run(call, check=True, env=environment)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_evaluation_leads_with_unseen_publishers(workspace: Workspace) -> None:
    """Each test split is scored, the headline is the one of unseen publishers."""
    result = evaluate(workspace)
    report = result.report
    assert report.headline == HEADLINE == report.splits[0].split
    assert {item.split for item in report.splits} > {HEADLINE}
    row = report.splits[0].row(system="model", measure="exact")
    assert row is not None
    assert row.f1 == 1.0
    assert all(item.left_out == 0 for item in report.splits)
    assert json.loads(Path(result.path).read_bytes())["headline"] == HEADLINE
    assert report.not_learnt["motive_imputation"] == "no spans in train"


def test_evaluating_again_gives_the_same_report(workspace: Workspace) -> None:
    """The report holds nothing of the hour; the model stays valid beside it."""
    first = Path(evaluate(workspace).path).read_bytes()
    assert Path(evaluate(workspace).path).read_bytes() == first


def test_one_split_may_be_named(workspace: Workspace) -> None:
    """A named split is the only one and the headline; others are refused with the names."""
    report = evaluate(workspace, split="test_random").report
    assert [item.split for item in report.splits] == ["test_random"] == [report.headline]
    assert "publishers may be known" in report.notes[0]
    with pytest.raises(UsageError, match=r'split "test" is not known.*test_random'):
        evaluate(workspace, split="test")
    left_out = evaluate(workspace, split="train").report.splits[0]
    assert left_out.documents == 0 < left_out.left_out


def test_all_voices_count_when_asked(workspace: Workspace) -> None:
    """By default quoted voices are left out of agreement and report, and both say which count."""
    assert evaluate(workspace).report.voices == agreement(workspace).voices == VOICES
    report = evaluate(workspace, all_voices=True).report
    assert report.voices == agreement(workspace, all_voices=True).voices == ALL_VOICES
    assert "reporter's and the headline's voice alone" in " ".join(report.notes)


def test_what_is_not_settled_is_neither_learnt_from_nor_hidden(workspace: Workspace) -> None:
    """Spans that one of two marked are open: they teach nothing, and the report counts them.

    In test documents, which wait outside the tests until they are decided, they are ambiguous.
    """
    rows = workspace.rows(Annotation)
    one_sided = [
        row.replace(spans=row.spans[:1]) if row.annotator == "ben" else row for row in rows
    ]
    workspace.write(Annotation, one_sided)
    found_ambiguous(workspace)
    made = release(workspace)
    card = train(workspace).markers
    assert card[SOURCE].span_not_learnt is None
    assert card[VAGUE].span_not_learnt == "no spans in train"
    report = evaluate(workspace).report
    tests = [item for item in load(made.path).splits if item.startswith("test")]
    left = sum(len(row.open) for split in tests for row in load(made.path).documents(split))
    assert left > 0
    assert (
        f"{left} spans of the scored splits are not settled: they count as absent" in report.notes
    )


def found_ambiguous(workspace: Workspace) -> None:
    """Decide of every span that waits in a test document that both readings hold."""
    found = gold(workspace)
    for docket in queue(found, workspace):
        if found.conditions[docket.doc_id] == "test":
            decided = Decided(
                doc_id=docket.doc_id,
                text_sha256=docket.text_sha256,
                ground=docket.ground,
                adjudicator="dana",
                decided_at="2026-03-01T10:00:00Z",
                guideline_version="1.0",
                taxonomy_version="1",
                decisions=tuple(
                    Decision(case_id=case.case_id, outcome="ambiguous") for case in docket.waiting
                ),
            )
            ruling = decide(found.dossiers[docket.doc_id], decided, workspace.taxonomy)
            record_verdicts(workspace, ruling.verdicts)


def test_without_a_test_split_validation_is_used_and_said(tmp_path: Path, read_by: ReadBy) -> None:
    """A release without tests falls back to validation; the note says what that means."""
    workspace = filled(tmp_path / "w", read_by, tests=0)
    release(workspace)
    train(workspace)
    report = evaluate(workspace).report
    assert [item.split for item in report.splits] == ["validation"]
    assert report.splits[0].documents > 0
    assert "no independent test" in report.notes[0]


def test_another_release_leaves_out_what_was_seen(workspace: Workspace) -> None:
    """Scored on a later release, documents of the model's training do not count."""
    release(workspace, version="0.2.0")
    report = evaluate(workspace, release="0.2.0").report
    assert report.release == "0.2.0"
    assert "trained on release 0.1.0" in " ".join(report.notes)


def test_documents_without_a_text_are_counted(workspace: Workspace) -> None:
    """What a release withholds and the workspace has no more is left out, and the report says it.

    It does not count as scored, nor as seen in training.
    """
    rows = [row.replace(licence=None) for row in workspace.rows(Appearance)]
    workspace.write(Appearance, rows)
    made = load(release(workspace, version="0.2.0").path)
    tests = [item for item in made.splits if item.startswith("test")]
    gone = {made.documents(split)[0].doc_id for split in tests}
    for doc_id in gone:
        forget(workspace, doc_id, reason="its author asked")
    report = evaluate(workspace, release="0.2.0").report
    assert f"{len(gone)} documents have no text here and are left out" in report.notes
    for item in report.splits:
        lacking = sum(row.doc_id in gone for row in made.documents(item.split))
        assert item.documents + item.left_out == made.summary.splits[item.split] - lacking


def test_the_newest_model_is_taken(workspace: Workspace) -> None:
    """Without a name it is the model trained last; an unknown name lists the known."""
    train(workspace, level="span", name="tagger")
    os.utime(workspace.path("models", "baseline-0.1.0", "model.json"), (1, 1))
    report = evaluate(workspace).report
    assert report.model == "tagger"
    assert {row.level for row in report.splits[0].rows} == {"span"}
    with pytest.raises(UsageError, match=r'model "x" is not known.*baseline-0\.1\.0, tagger'):
        evaluate(workspace, model="x")


def test_what_is_missing_is_named_with_the_command(tmp_path: Path) -> None:
    """No release, no model, an unknown release: one line with what to run."""
    workspace = Workspace.create(tmp_path / "w", name="w")
    with pytest.raises(NothingToDo, match=r"no release yet.*annotate release"):
        train(workspace)
    with pytest.raises(NothingToDo, match=r"no model yet.*annotate train"):
        evaluate(workspace)
    with pytest.raises(UsageError, match=r"no release 9\.0\.0; there are: none"):
        train(workspace, release="9.0.0")


def test_a_tampered_model_is_refused(workspace: Workspace) -> None:
    """One changed byte of one file stops the evaluation before anything reads it."""
    file = workspace.path("models", "baseline-0.1.0", "spans.npz")
    data = bytearray(file.read_bytes())
    data[100] ^= 1
    file.write_bytes(data)
    with pytest.raises(InvalidFile, match=r"spans\.npz: missing, or not what model\.json says"):
        evaluate(workspace)


@pytest.mark.parametrize("name", ["../x", "a/b", ".hidden", ""])
def test_a_name_that_is_no_folder_name_is_refused(workspace: Workspace, name: str) -> None:
    """A model's name is letters, digits, dots and dashes; nothing is written elsewhere."""
    before = sorted(workspace.root.rglob("*"))
    with pytest.raises(UsageError, match="is no name for a model"):
        train(workspace, name=name)
    assert sorted(workspace.root.rglob("*")) == before


def test_models_that_cannot_be_written_are_said(workspace: Workspace) -> None:
    """A file where models/ should be is NotWritable with its path."""
    shutil.rmtree(workspace.path("models"))
    workspace.path("models").write_text("")
    with pytest.raises(NotWritable, match=r"models.*cannot be written"):
        train(workspace)
