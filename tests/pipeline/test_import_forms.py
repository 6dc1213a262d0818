"""Formats that other tools write, taken into a workspace: accounting, referents, bad input."""

import json
from collections.abc import Callable
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from annotate.errors import AnnotateError, InvalidFile, NothingToDo, UsageError
from annotate.model import Annotation, Document, Range
from annotate.pipeline.forget import forget
from annotate.pipeline.import_ import import_
from annotate.pipeline.import_sources import FORMATS
from annotate.workspace import Workspace

TEXT = "Pier shut 🛳️\n\nA clerk in the harbour office said so. The clerk left.\n"
CLERK = "A clerk in the harbour office"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Give an empty workspace."""
    return Workspace.create(tmp_path / "w", name="test")


def files(workspace: Workspace) -> dict[str, str]:
    return {
        str(path): sha256(path.read_bytes()).hexdigest()
        for path in sorted(workspace.root.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def span(words: str, **more: Any) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "label": "unnamed_source", **more}


def lines(folder: Path, *rows: Any, name: str = "ana.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def jsonl(folder: Path) -> Path:
    return lines(folder, {"text": TEXT, "spans": [span(CLERK)]})


def doccano(folder: Path) -> Path:
    place = span(CLERK)
    return lines(folder, {"text": TEXT, "label": [[place["start"], place["end"], place["label"]]]})


def brat(folder: Path) -> Path:
    made = folder / "ana"
    made.mkdir()
    place = span(CLERK)
    (made / "a.txt").write_text(TEXT, encoding="utf-8")
    standoff = f"T1\tunnamed_source {place['start']} {place['end']}\t{CLERK}\n"
    (made / "a.ann").write_text(standoff, encoding="utf-8")
    return made


def ptc(folder: Path) -> Path:
    made = folder / "ana"
    made.mkdir()
    place = span(CLERK)
    (made / "article7.txt").write_text(TEXT, encoding="utf-8")
    labels = f"7\tunnamed_source\t{place['start']}\t{place['end']}\n"
    (made / "tc.labels").write_text(labels, encoding="utf-8")
    return made


def w3c(folder: Path) -> Path:
    made = folder / "ana"
    made.mkdir()
    selector = {"type": "TextQuoteSelector", "exact": CLERK}
    item = {
        "motivation": "tagging",
        "body": "unnamed_source",
        "target": {"source": "a.txt", "selector": selector},
    }
    (made / "a.txt").write_text(TEXT, encoding="utf-8")
    (made / "a.jsonld").write_text(json.dumps([item]), encoding="utf-8")
    return made


def docbin(folder: Path) -> Path:
    if find_spec("spacy") is None:
        pytest.skip("needs spaCy: pip install -e '.[spacy]'")
    import spacy
    from spacy.tokens import DocBin

    doc = spacy.blank("en")(TEXT)
    place = span(CLERK)
    doc.spans["sc"] = [doc.char_span(place["start"], place["end"], label=place["label"])]
    DocBin(docs=[doc]).to_disk(folder / "ana.spacy")
    return folder / "ana.spacy"


def bio(folder: Path) -> Path:
    tags = ["B", *["I"] * (len(CLERK.split()) - 1)]
    pairs = [f"{word} {tag}-unnamed_source" for word, tag in zip(CLERK.split(), tags, strict=True)]
    path = folder / "ana.conll"
    path.write_text("\n".join(["Pier O", "", *pairs, "said O", ""]), encoding="utf-8")
    return path


def conll2010(folder: Path) -> Path:
    sentence = f"<sentence><ccue>{CLERK}</ccue> said so.</sentence>"
    part = f"<DocumentPart>{sentence}</DocumentPart>"
    path = folder / "ana.xml"
    path.write_text(f"<Annotation><Document>{part}</Document></Annotation>", encoding="utf-8")
    return path


MADE: dict[str, Callable[[Path], Path]] = {
    "jsonl": jsonl, "doccano": doccano, "brat": brat, "ptc": ptc, "w3c": w3c, "docbin": docbin,
    "bio": bio, "conll": bio, "conll2010": conll2010,
}  # fmt: skip
each_form = pytest.mark.parametrize("form", MADE)


def test_every_format_that_is_read_is_tried_here() -> None:
    """But for those with tests of their own."""
    assert set(FORMATS) - {"label-studio", "polnear"} == set(MADE)


@each_form
def test_an_annotation_of_a_text_comes_in(form: str, workspace: Workspace, tmp_path: Path) -> None:
    """By whom the file or folder is named after; twice changes nothing, nor does a dry run."""
    path = MADE[form](tmp_path)
    labels = {"ccue": "unnamed_source"} if form == "conll2010" else {}
    empty = files(workspace)
    dry = import_(workspace, form, path, labels=labels, dry_run=True)
    assert files(workspace) == empty
    assert import_(workspace, form, path, labels=labels) == dry
    (document,), (found,) = workspace.rows(Document), workspace.rows(Annotation)
    (marked,) = found.spans
    assert (found.annotator, found.foreign) == ("ana", False)
    assert document.text[marked.start : marked.end] == CLERK
    assert marked.marker == "unnamed_source"
    before = files(workspace)
    assert import_(workspace, form, path, labels=labels).changed == 0
    assert files(workspace) == before


@each_form
def test_a_place_without_such_files_is_refused(
    form: str, workspace: Workspace, tmp_path: Path
) -> None:
    """In one line, and nothing is written."""
    (tmp_path / "none").mkdir()
    before = files(workspace)
    with pytest.raises(InvalidFile, match=r"no such files \(\*\."):
        import_(workspace, form, tmp_path / "none")
    with pytest.raises(AnnotateError) as refused:
        import_(workspace, form, workspace.path("annotate.toml"))
    assert "\n" not in str(refused.value)
    assert files(workspace) == before


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"end": 4000}, "does not lie in the text's"),
        ({"start": -1}, "does not lie in the text's"),
        ({"text": "A skipper"}, "it quotes “A skipper”"),
    ],
)
def test_offsets_that_do_not_fit_their_text_are_named(
    changes: dict[str, Any], reason: str, workspace: Workspace, tmp_path: Path
) -> None:
    """Each by its line; what fits is taken, and without anything that does nothing is written."""
    wrong = {"text": TEXT, "spans": [span(CLERK) | changes]}
    before = files(workspace)
    with pytest.raises(InvalidFile, match=r"ana\.jsonl:1 span 1"):
        import_(workspace, "jsonl", lines(tmp_path, wrong))
    assert files(workspace) == before
    both = {"text": TEXT, "spans": [span(CLERK) | changes, span("The clerk")]}
    result = import_(workspace, "jsonl", lines(tmp_path, both))
    (reject,) = result.rejects
    assert reject.place == "ana.jsonl:1 span 1"
    assert reason in reject.reason
    assert result.spans == 1


def test_what_annotators_say_comes_in_with_the_span(workspace: Workspace, tmp_path: Path) -> None:
    """Voice, confidence, attributes, a referent, and an answer about the whole document."""
    first = span(CLERK, voice="quoted_source", confidence=1, attributes={"specificity": "2"})
    place = {"start": first["start"], "end": first["end"]}
    again = span("The clerk", attributes={"identity_form": "anaphor"}, referent=place)
    row = {"text": TEXT, "spans": [first, again], "document_attributes": {"response_sought": "no"}}
    import_(workspace, "jsonl", lines(tmp_path, row))
    (found,) = workspace.rows(Annotation)
    one, two = found.spans
    assert (one.voice, one.confidence, one.attributes) == ("quoted_source", 1, {"specificity": "2"})
    assert two.referent == Range(start=one.start, end=one.end)
    assert found.document_attributes == {"response_sought": "no"}


def test_a_referent_that_is_no_span_is_counted(workspace: Workspace, tmp_path: Path) -> None:
    """And so is an answer that is none of the taxonomy's."""
    spans = [
        span(CLERK, referent={"start": 0, "end": 4}),
        span("The clerk", referent={"start": 0, "end": 999}),
    ]
    row = {"text": TEXT, "spans": spans, "document_attributes": {"mood": "x"}}
    result = import_(workspace, "jsonl", lines(tmp_path, row))
    assert result.ignored == {"answers to mood": 1, "referents without a span": 2}


def test_places_in_texts_with_other_line_ends_are_moved(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Documents have one kind of line end; referents move along."""
    text = TEXT.replace("\n", "\r\n")
    start, again = text.index(CLERK), text.index("The clerk")
    first = {"start": start, "end": start + len(CLERK)}
    spans = [
        {**first, "label": "unnamed_source"},
        {"start": again, "end": again + 9, "label": "unnamed_source", "referent": first},
    ]
    import_(workspace, "jsonl", lines(tmp_path, {"text": text, "spans": spans}))
    (document,), (found,) = workspace.rows(Document), workspace.rows(Annotation)
    assert document.text == TEXT
    one, two = found.spans
    assert TEXT[one.start : one.end] == CLERK
    assert two.referent == Range(start=one.start, end=one.end)


def test_a_document_that_was_forgotten_stays_out(workspace: Workspace, tmp_path: Path) -> None:
    """With the reason; others of the file come in."""
    path = jsonl(tmp_path)
    import_(workspace, "jsonl", path)
    (document,) = workspace.rows(Document)
    forget(workspace, document.doc_id, reason="the clerk asked")
    assert workspace.rows(Annotation) == []
    with pytest.raises(InvalidFile, match="it was forgotten: the clerk asked"):
        import_(workspace, "jsonl", path)
    other = {"text": "A clerk spoke.", "spans": [[0, 7, "unnamed_source"]]}
    result = import_(workspace, "jsonl", lines(tmp_path, json.loads(path.read_text()), other))
    assert [item.place for item in result.rejects] == ["ana.jsonl:1"]
    assert [item.text for item in workspace.rows(Document)] == ["A clerk spoke."]


def test_articles_alone_are_no_annotations(workspace: Workspace, tmp_path: Path) -> None:
    """`annotate ingest` is for them."""
    with pytest.raises(NothingToDo, match="no annotations"):
        import_(workspace, "jsonl", lines(tmp_path, {"text": TEXT}))


def test_an_unknown_format_is_refused_with_the_legal_ones(workspace: Workspace) -> None:
    """Before anything is read."""
    with pytest.raises(UsageError, match=r"did you mean docbin\?\); legal: label-studio, polnear"):
        import_(workspace, "docbins", workspace.root)
