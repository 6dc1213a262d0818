"""The import stage on a workspace: offsets, people, accounting, idempotence, bad input."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.errors import InvalidFile, NothingToDo, UsageError
from annotate.model import Annotation, Appearance, Assignment, Document, Duplicate, Zone
from annotate.pipeline.agreement import agreement
from annotate.pipeline.import_ import ImportResult, import_
from annotate.pipeline.ingest import ingest
from annotate.workspace import Workspace

STORY = (
    "Ferry late again\n\nA man who works on the quay 🛳️ said the engine had failed twice. "
    "Harbour master Zoe\u0308 Prask said it had not. Nobody asked the crew.\n"
)
MAN, MASTER = "A man who works on the quay", "Harbour master Zoe\u0308 Prask"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Give an empty workspace."""
    return Workspace.create(tmp_path / "w", name="test", annotators=["ana"])


def region(words: str, *labels: str, text: str = STORY) -> dict[str, Any]:
    start = text.index(words)
    value = {"start": start, "end": start + len(words), "text": words, "labels": list(labels)}
    name = f"{start}{labels}"
    return {"id": name, "from_name": "l", "to_name": "t", "type": "labels", "value": value}


def by(person: object, *result: Any, **more: Any) -> dict[str, Any]:
    fields = {"completed_by": person, "result": list(result), "updated_at": "2031-05-01T10:00:00Z"}
    return {"id": f"n{person}"} | fields | more


def task(*annotations: Any, text: object = STORY, **data: Any) -> dict[str, Any]:
    return {"id": 1, "data": {"text": text, **data}, "annotations": list(annotations)}


def exported(folder: Path, *tasks: Any) -> Path:
    path = folder / "export.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return path


def run(workspace: Workspace, *tasks: Any, **options: Any) -> ImportResult:
    return import_(workspace, "label-studio", exported(workspace.root.parent, *tasks), **options)


def files(workspace: Workspace) -> dict[str, str]:
    return {
        str(path): sha256(path.read_bytes()).hexdigest()
        for path in sorted(workspace.root.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def marked(workspace: Workspace) -> dict[str, list[tuple[str, str]]]:
    texts = {item.doc_id: item.text for item in workspace.rows(Document)}
    return {
        item.annotator: [
            (span.marker, texts[item.doc_id][span.start : span.end]) for span in item.spans
        ]
        for item in workspace.rows(Annotation)
    }


def test_an_export_becomes_documents_and_annotations(workspace: Workspace) -> None:
    """Texts stay verbatim, labels keep their names, everyone has an annotation."""
    result = run(
        workspace,
        task(by(3, region(MAN, "Source"), region(MASTER, "Source")), by(4, region(MAN, "Source"))),
    )
    assert [item.text for item in workspace.rows(Document)] == [STORY]
    assert marked(workspace) == {
        "user-3": [("Source", MAN), ("Source", MASTER)],
        "user-4": [("Source", MAN)],
    }
    assert (result.documents, result.annotations, result.added, result.spans) == (1, 2, 2, 3)
    assert (result.labels, result.foreign) == ({"Source": 3}, ("Source",))
    assert {item.zone for item in workspace.rows(Zone)} >= {"title", "body"}
    assert len(workspace.rows(Duplicate)) == 1


def test_what_is_imported_is_blind_and_nobodys_assignment(workspace: Workspace) -> None:
    """Nothing of it is pushed; foreign labels say nothing about our markers."""
    run(workspace, task(by(3, region(MAN, "Source"))))
    (found,) = workspace.rows(Annotation)
    assert (found.condition, found.round, found.skipped) == ("blind", 1, False)
    assert (found.guideline_version, found.taxonomy_version) == ("imported", "foreign")
    assert workspace.rows(Assignment) == []


def test_labels_of_ours_can_be_measured_at_once(workspace: Workspace) -> None:
    """By name or by the map; then the annotations are of our taxonomy."""
    both = [by(n, region(MAN, "Source"), region(MASTER, "named_attribution")) for n in (3, 4)]
    result = run(workspace, task(*both), labels={"Source": "unnamed_source"})
    assert result.foreign == ()
    (version,) = {item.taxonomy_version for item in workspace.rows(Annotation)}
    assert version == workspace.taxonomy.version
    measured = agreement(workspace)
    assert measured.markers["unnamed_source"]["exact_f1"].value == 1
    assert measured.markers["named_attribution"]["exact_f1"].value == 1


def test_importing_twice_changes_nothing(workspace: Workspace) -> None:
    """Not a file, not a byte."""
    given_tasks = [task(by(3, region(MAN, "Source")), by(4), url="https://holm.example/1")]
    run(workspace, *given_tasks)
    before = files(workspace)
    result = run(workspace, *given_tasks)
    assert (result.documents, result.known, result.added, result.changed) == (0, 1, 0, 0)
    assert files(workspace) == before


def test_a_newer_export_changes_what_changed(workspace: Workspace) -> None:
    """Each annotation is replaced as a whole; others stay."""
    run(workspace, task(by(3, region(MAN, "Source")), by(4)))
    result = run(workspace, task(by(3), by(4), by(5)))
    assert (result.added, result.changed) == (1, 1)
    assert marked(workspace) == {"user-3": [], "user-4": [], "user-5": []}


def test_another_name_for_somebody_makes_nobody_of_two(workspace: Workspace) -> None:
    """Their annotations take the new name: nobody agrees with themselves."""
    given_task = task(by(3, region(MAN, "Source")))
    run(workspace, given_task)
    result = run(workspace, given_task, people={"3": "cleo"})
    assert (result.added, result.changed) == (0, 1)
    assert marked(workspace) == {"cleo": [("Source", MAN)]}


def test_a_dry_run_writes_nothing(workspace: Workspace) -> None:
    """It says the same as the run would."""
    before = files(workspace)
    dry = run(workspace, task(by(3, region(MAN, "Source"))), dry_run=True)
    assert files(workspace) == before
    assert dry == run(workspace, task(by(3, region(MAN, "Source"))))


def test_a_cut_import_is_finished_by_the_next(workspace: Workspace) -> None:
    """Documents were there, what is derived from them and the annotations were not."""
    run(workspace, task(by(3, region(MAN, "Source"))))
    whole = {path: data for path, data in files(workspace).items() if "tables" in path}
    for record in (Annotation, Appearance, Zone, Duplicate):
        workspace.table(record).unlink()
    assert run(workspace, task(by(3, region(MAN, "Source")))).documents == 0
    assert {path: data for path, data in files(workspace).items() if "tables" in path} == whole


def test_skipped_and_empty_annotations_are_told_apart(workspace: Workspace) -> None:
    """No spans is a statement, skipping is none."""
    result = run(workspace, task(by(3, was_cancelled=True), by(4)))
    assert (result.skipped, result.empty) == (1, 1)


def test_the_last_of_several_by_one_person_counts(workspace: Workspace) -> None:
    """Also when the same text stood in two tasks; the others are named."""
    late = by(3, region(MASTER, "Source"), updated_at="2031-06-01T10:00:00Z", id="late")
    result = run(workspace, task(late), task(by(3, region(MAN, "Source"))))
    assert marked(workspace) == {"user-3": [("Source", MASTER)]}
    assert [item.place for item in result.rejects] == ["export.json task 1 annotation n3"]
    assert "annotation late" in result.rejects[0].reason


def test_a_document_that_was_ingested_is_known(workspace: Workspace) -> None:
    """The same text is the same document."""
    (workspace.root.parent / "story.txt").write_text(STORY, encoding="utf-8")
    ingest(workspace, [workspace.root.parent / "story.txt"])
    result = run(workspace, task(by(3)))
    assert (result.documents, result.known) == (0, 1)
    assert len(workspace.rows(Appearance)) == 2


def test_what_is_known_of_a_text_goes_into_its_appearance(workspace: Workspace) -> None:
    """Keys with usual names; a title of its own stays out of the text."""
    data = {"publisher": "Holm Gazette", "date": "3 May 2031", "title": "Other", "url": "u"}
    run(workspace, task(by(3), **data))
    (found,) = workspace.rows(Appearance)
    assert (found.publisher, found.published, found.url) == ("Holm Gazette", "2031-05-03", "u")
    assert found.source == "export.json task 1"
    assert workspace.rows(Document)[0].text == STORY


def test_offsets_move_with_the_text(workspace: Workspace) -> None:
    """Line ends of Windows and control characters go; each span keeps its words."""
    text = "\ufeffA man\x00 on\r\nthe quay 🛳️ spoke.\r\n\r\nNo one did.\r"
    words = "man\x00 on\r\nthe quay 🛳️"
    run(workspace, task(by(3, region(words, "Source", text=text)), text=text))
    assert marked(workspace) == {"user-3": [("Source", "man on\nthe quay 🛳️")]}


def test_every_misfit_is_named_and_the_rest_is_taken(workspace: Workspace) -> None:
    """Task, annotation, region and reason."""
    wrong = region(MAN, "Source")
    wrong["value"]["text"] = "A woman"
    page = task(by(3, region(MAN, "Source") | {"type": "hypertextlabels"}))
    lost = by(4, wrong)
    result = run(
        workspace,
        task(by(3, wrong, region(MASTER, "Source"), region(MASTER, "Source")), lost),
        page | {"id": 2},
        task(by(3), text="  ") | {"id": 3},
        task(by(3), text=["a", "b"]) | {"id": 4},
    )
    places = [item.place.removeprefix("export.json ") for item in result.rejects]
    of_region = f"task 1 annotation n3 region {wrong['id']}"
    assert places[:4] == ["task 2", "task 3", "task 4", of_region]
    assert places[-1] == "task 1 annotation n4"
    assert marked(workspace) == {"user-3": [("Source", MASTER)]}
    last = workspace.last_run("import")
    assert last is not None
    assert last.rejects[: len(result.rejects)] == result.rejects


def test_overlapping_spans_of_a_label_are_merged_and_counted(workspace: Workspace) -> None:
    """They go into the manifest too."""
    result = run(workspace, task(by(3, region(MAN, "Source"), region("man who", "Source"))))
    assert marked(workspace) == {"user-3": [("Source", MAN)]}
    assert len(result.merged) == 1


def test_people_are_called_after_what_the_export_says(workspace: Workspace) -> None:
    """Team members by their address, others by theirs, in full where two would be one."""
    addresses = ["Ana@annotate.invalid", "Bo.Lie@holm.example", "ida@a.example", "ida@b.example"]
    people = [{"email": address} for address in addresses]
    result = run(workspace, task(*map(by, people), by(12)), people={"12": "cleo"})
    assert result.people == {
        "12": "cleo",
        "Ana@annotate.invalid": "ana",
        "Bo.Lie@holm.example": "bo-lie",
        "ida@a.example": "ida-a-example",
        "ida@b.example": "ida-b-example",
    }


def test_predictions_that_people_started_from_are_told(workspace: Workspace) -> None:
    """They make people agree; the result says how many annotations it concerns."""
    started = region(MAN, "Source") | {"origin": "prediction"}
    result = run(workspace, task(by(3, started), by(4)) | {"predictions": [{}]})
    assert result.ignored == {"predictions": 1}
    assert any("came from predictions: 1;" in note for note in result.notes)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"labels": {"Source": "unnamed_sauce"}}, "did you mean unnamed_source"),
        ({"labels": {"Sauce": "unnamed_source"}}, 'label "Sauce" is not known'),
        ({"people": {"9": "cleo"}}, '"9" is not known; legal: 3'),
        ({"people": {"3": "Cleo B"}}, "no name of an annotator"),
    ],
)
def test_what_the_call_names_has_to_be_there(
    workspace: Workspace, options: dict[str, Any], words: str
) -> None:
    """A typo is an error with the legal values, before anything is written."""
    before = files(workspace)
    with pytest.raises(UsageError, match=words):
        run(workspace, task(by(3, region(MAN, "Source"))), **options)
    assert files(workspace) == before


@pytest.mark.parametrize(
    ("tasks", "options", "error", "words"),
    [
        ([], {}, NothingToDo, "no annotations, tasks: 0"),
        ([task()], {}, NothingToDo, "no annotations, tasks: 1"),
        ([task(by(None))], {}, NothingToDo, "completed_by"),
        ([{"id": 1, "data": {"story": 1, "note": 2}, "annotations": [by(3)]}], {}, InvalidFile,
         "story"),
        ([task(by(3))], {"text": "story"}, InvalidFile, 'no key "story" for text.*text'),
        ([task(by(3), text="<html><p>x</p></html>")], {}, InvalidFile, "HTML page"),
        ([task(by(3, region(MAN, "Source")))], {"markers_only": True}, InvalidFile, "no marker"),
    ],
)  # fmt: skip
def test_an_export_of_which_nothing_can_be_taken(
    workspace: Workspace, tasks: list[Any], options: Any, error: type[Exception], words: str
) -> None:
    """One line that says why, and nothing is written."""
    before = files(workspace)
    with pytest.raises(error, match=words):
        run(workspace, *tasks, **options)
    assert files(workspace) == before


CHANGED = "\n\r\x00\x85"
TEXTS = st.text(st.sampled_from(f"ab. 🛳\ufe0fe\u0301\u200d\u2028{CHANGED}"), max_size=20)


def kept(text: str) -> str:
    return "".join(character for character in text if character not in CHANGED)


@settings(deadline=None, max_examples=25)
@given(before=TEXTS, words=TEXTS, after=TEXTS)
def test_words_survive_any_text(
    tmp_path_factory: pytest.TempPathFactory, before: str, words: str, after: str
) -> None:
    """What is marked in the document is what was marked in the task, but for line ends."""
    text, words = f"A{before}z{words}{after}", f"z{words}"
    start = len(f"A{before}")
    value = {"start": start, "end": start + len(words), "labels": ["X"], "text": words}
    workspace = Workspace.create(tmp_path_factory.mktemp("any") / "w", name="any")
    run(workspace, task(by(3, {"id": "r", "type": "labels", "value": value}), text=text))
    ((marker, found),) = marked(workspace)["user-3"]
    assert (marker, kept(found)) == ("X", kept(words))
