"""A model on disk: a folder of files that model.json names by sha256."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotate.errors import InvalidFile, NothingToDo, NotWritable, UsageError
from annotate.learn.storage import (
    SENTENCES,
    SPANS,
    Level,
    TrainedOn,
    load_model,
    read_card,
    write_model,
)
from annotate.learn.text import LabelledDocument
from annotate.learn.training import Training, train
from annotate.model import OpenSpan, Span, Zone

SOURCE, VAGUE, RARE = "unnamed_source", "vague_collective_source", "motive_imputation"


def article(number: int) -> LabelledDocument:
    whom = ("a clerk", "a guard", "an insider")[number % 3]
    text = f"Case {number} was heard 🧾, {whom} at the mill said. Critics left the room early."
    start, critics = text.index(whom), text.index("Critics")
    return LabelledDocument(
        doc_id=f"d{number:02}",
        text=text,
        spans=(
            Span(start=start, end=text.index(" said"), marker=SOURCE),
            Span(start=critics, end=critics + 7, marker=VAGUE),
        ),
    )


DOCUMENTS = [article(number) for number in range(12)]


def trained(level: Level = "both", **changes: Any) -> Training:
    given: dict[str, Any] = {
        "documents": DOCUMENTS[:9],
        "validation": DOCUMENTS[9:],
        "markers": (SOURCE, VAGUE, RARE),
        "level": level,
        "name": "first",
        "release": TrainedOn(version="0.1.0", sha256="0" * 64),
        "taxonomy_version": "1",
        "seed": 1,
    }
    return train(**{**given, **changes})


@pytest.fixture(scope="module")
def training() -> Training:
    return trained()


@pytest.fixture
def folder(training: Training, tmp_path: Path) -> Path:
    write_model(tmp_path / "first", training.card, training.files)
    return tmp_path / "first"


def test_the_same_input_gives_the_same_bytes(training: Training) -> None:
    """Card and files of a second training are those of the first, bit by bit."""
    assert trained() == training


def test_the_card_says_what_was_learnt_from_what(folder: Path) -> None:
    """Counts by marker, thresholds, and why a marker was not learnt."""
    card = read_card(folder)
    assert (card.documents, card.validation_documents, card.sentences) == (9, 3, 18)
    assert card.tokens == 9 * 19
    source, rare = card.markers[SOURCE], card.markers[RARE]
    assert (source.spans, source.documents, source.sentences) == (9, 9, 9)
    assert source.span_not_learnt is None
    assert source.threshold is not None
    assert (rare.spans, rare.span_not_learnt, rare.sentence_not_learnt, rare.threshold) == (
        0,
        "no spans in train",
        "no spans in train",
        None,
    )
    assert set(card.versions) >= {"python", "numpy", "scikit-learn", "python-crfsuite", "skops"}
    assert sorted(card.files) == [
        f"native/{SOURCE}.crfsuite",
        f"native/{VAGUE}.crfsuite",
        SENTENCES,
        SPANS,
        "train.txt",
        "validation.txt",
    ]


def test_a_loaded_model_tags_and_classifies(folder: Path) -> None:
    """Both halves work after loading; what it was trained and tuned on is known."""
    model = load_model(folder)
    assert model.tagger is not None
    assert model.sentences is not None
    text = "Case 77 was heard 🧾🧾, an insider at the mill said. All was well."
    assert [text[span.start : span.end] for span in model.tagger.predict(text)] == [
        "an insider at the mill"
    ]
    assert model.sentences.predict(["Critics left the hall.", "Case 3 was heard."])[VAGUE] == [
        True,
        False,
    ]
    assert model.trained_on == {item.doc_id for item in DOCUMENTS[:9]}
    assert model.tuned_on == {item.doc_id for item in DOCUMENTS[9:]}


@pytest.mark.parametrize(("level", "missing"), [("span", SENTENCES), ("sentence", SPANS)])
def test_one_level_is_enough(tmp_path: Path, level: Level, missing: str) -> None:
    """A model of one level has the files of that level only, and loads."""
    only = trained(level)
    assert missing not in only.files
    write_model(tmp_path / "one", only.card, only.files)
    model = load_model(tmp_path / "one")
    assert (model.tagger is None) == (level == "sentence")
    assert (model.sentences is None) == (level == "span")


def test_tagging_needs_neither_scikit_learn_nor_crfsuite(tmp_path: Path) -> None:
    """A span model is loaded and used with numpy alone: quick to start, nothing foreign read."""
    only = trained("span")
    write_model(tmp_path / "one", only.card, only.files)
    code = (
        "import sys; from pathlib import Path; from annotate.learn.storage import load_model; "
        "load_model(Path(sys.argv[1])).tagger.predict('A clerk at the mill said.'); "
        "print({'sklearn', 'skops', 'pycrfsuite', 'pandas', 'pyarrow'} & set(sys.modules))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    call = [sys.executable, "-c", code, str(tmp_path / "one")]
    done = subprocess.run(call, check=True, env=environment, capture_output=True, text=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize("name", [SPANS, SENTENCES, f"native/{SOURCE}.crfsuite", "train.txt"])
def test_one_changed_byte_is_refused(folder: Path, name: str) -> None:
    """A file that is not what model.json says is InvalidFile, before anything reads it."""
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(data)
    with pytest.raises(InvalidFile, match=rf"first/{name}: missing, or not what model\.json says"):
        load_model(folder)


def test_a_missing_file_is_refused(folder: Path) -> None:
    """The message names the file that is gone."""
    (folder / SPANS).unlink()
    with pytest.raises(InvalidFile, match=r"first/spans\.npz: missing"):
        load_model(folder)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seed": "one"}, 'seed: expected a whole number, found "one"'),
        ({"colour": 1}, '"colour" is not known'),
        ({"format": 9}, "format 9 is newer than this program knows"),
        ({"files": {"../../secret": "0"}}, "names a file outside of the model: ../../secret"),
        ({"name": "../x"}, "regex"),
    ],
)
def test_a_wrong_card_is_one_line(folder: Path, changes: dict[str, object], message: str) -> None:
    """Types, keys, newer formats and paths that lead outside are named."""
    card = json.loads((folder / "model.json").read_bytes())
    (folder / "model.json").write_text(json.dumps({**card, **changes}))
    with pytest.raises(InvalidFile) as raised:
        load_model(folder)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"\xff"])
def test_what_is_no_model_is_said(tmp_path: Path, content: bytes | None) -> None:
    """A folder without model.json, or with a broken one, is InvalidFile."""
    if content is not None:
        (tmp_path / "model.json").write_bytes(content)
    with pytest.raises(InvalidFile, match=r"model\.json"):
        load_model(tmp_path)


def test_a_name_that_is_taken_is_refused(folder: Path, training: Training) -> None:
    """Without `replace` the model stays as it is; with it, it is another one, whole."""
    before = (folder / SPANS).read_bytes()
    (folder / "report.json").write_text("{}")
    other = trained("sentence")
    with pytest.raises(UsageError, match="there is a model of that name"):
        write_model(folder, other.card, other.files)
    assert (folder / SPANS).read_bytes() == before
    write_model(folder, other.card, other.files, replace=True)
    assert sorted(path.name for path in folder.iterdir()) == sorted([*other.files, "model.json"])
    assert [path.name for path in folder.parent.iterdir()] == ["first"]


def test_a_folder_that_takes_no_files_is_said(training: Training, tmp_path: Path) -> None:
    """Where models/ cannot be made, NotWritable names it, and nothing is left behind."""
    (tmp_path / "models").write_text("a file")
    with pytest.raises(NotWritable, match="cannot be written: not a directory"):
        write_model(tmp_path / "models" / "first", training.card, training.files)


def test_spans_in_boilerplate_are_not_learnt() -> None:
    """A marker whose spans all lie outside of title and body is named with that reason."""
    text = "A clerk said so. Share it."
    odd = LabelledDocument(
        doc_id="d99",
        text=text,
        zones=(
            Zone(doc_id="d99", start=0, end=16, zone="body"),
            Zone(doc_id="d99", start=17, end=26, zone="boilerplate"),
        ),
        spans=(Span(start=17, end=22, marker=RARE),),
    )
    card = trained(documents=[*DOCUMENTS, odd]).card
    assert card.markers[RARE].spans == 1
    assert card.markers[RARE].span_not_learnt == "its spans lie outside of title and body"


def unsettled(item: LabelledDocument) -> LabelledDocument:
    """Give the document with its first span open and not gold."""
    first, *others = item.spans
    left = OpenSpan(
        doc_id=item.doc_id,
        start=first.start,
        end=first.end,
        marker=first.marker,
        support=1,
        annotators=2,
        reason="missed",
    )
    return replace(item, spans=tuple(others), open=(left,))


def test_open_spans_are_no_counter_examples() -> None:
    """A sentence with an open span teaches nothing of that marker: as if it were not there."""
    alone = [
        replace(it, text=it.text[: it.text.index(" Critics")], spans=it.spans[:1])
        for it in map(article, range(20, 28))
    ]
    with_open = trained(documents=[*DOCUMENTS, *map(unsettled, alone)])
    without = trained(documents=DOCUMENTS)
    native = f"native/{SOURCE}.crfsuite"
    assert with_open.files[native] == without.files[native]
    only = trained(documents=[*map(unsettled, DOCUMENTS)]).card.markers[SOURCE]
    assert only.span_not_learnt == "no spans in train"


def test_a_marker_beside_open_spans_or_in_quotations_alone_is_said() -> None:
    """What no settled sentence shows is not learnt; what only others say, not by sentence."""
    first = DOCUMENTS[0]
    beside = replace(unsettled(first), spans=first.spans)
    quoted = replace(first, spans=tuple(it.replace(voice="quoted_source") for it in first.spans))
    card = trained(documents=[beside]).card.markers[SOURCE]
    assert card.span_not_learnt == "its spans stand in sentences where another is open"
    card = trained(documents=[quoted]).card.markers[SOURCE]
    assert card.span_not_learnt is None
    assert card.sentence_not_learnt == "others are quoted in all of its spans"


def test_nothing_to_learn_is_said() -> None:
    """A train split without any span is NothingToDo, not a crash and not an empty model."""
    with pytest.raises(NothingToDo, match=r"release 0\.1\.0 has no spans to learn from"):
        trained(markers=(RARE,))
