"""What a release's converters leave out, and what they refuse."""

import shutil
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.errors import InvalidFile, MissingExtra, NothingToDo, UsageError
from annotate.formats import docbin
from annotate.formats.labelled import Labelled, LabelledSpan
from annotate.model import Annotation, Appearance
from annotate.pipeline.release import release
from annotate.release import Release, converters, load
from annotate.workspace import Workspace

Make = Callable[..., Workspace]
MARKER = "vague_collective_source"


@pytest.fixture
def made(make: Make) -> Release:
    """Release 20 documents that two people agree on."""
    return load(release(make()).path)


@pytest.fixture
def partly_withheld(make: Make) -> Release:
    """Release 20 documents, the text of each second one withheld."""
    workspace = make()
    rows = workspace.rows(Appearance)
    workspace.write(
        Appearance,
        [row.replace(licence=row.licence if at % 2 else None) for at, row in enumerate(rows)],
    )
    return load(release(workspace).path)


def test_withheld_texts_stay_out_and_are_counted(partly_withheld: Release) -> None:
    """One warning says how many and what to do; frames keep the rows, without words."""
    made = partly_withheld
    gone = sum(item.text is None for item in made.documents("train"))
    total = made.summary.splits["train"]
    assert 0 < gone < total
    said = rf"train: {gone} of {total} documents stay out.*annotate rehydrate"
    with pytest.warns(UserWarning, match=said):
        assert len([*made.to_bio("train", MARKER)]) == total - gone
    assert made.to_frame("train")["text"].isna().sum() == gone


def test_a_split_without_any_text_is_refused(make: Make) -> None:
    """Where all texts are withheld there is nothing to convert."""
    workspace = make()
    made = load(release(workspace, texts="none").path)
    with pytest.raises(NothingToDo, match=r"all texts of train are withheld.*rehydrate"):
        made.to_bio("train", MARKER)


def test_spans_that_tags_cannot_say_are_counted(make: Make) -> None:
    """A blank that an adjudicator marked is no token, and a warning says how many there are."""
    workspace = make()
    decided = [
        row.replace(
            annotator="judge",
            assignment_id=f"j-{row.doc_id}",
            annotation_id=f"j-{row.doc_id}",
            spans=(row.spans[0].replace(start=9, end=10), row.spans[1]),
        )
        for row in workspace.rows(Annotation)
        if row.annotator == "ana"
    ]
    made = load(release(workspace, reviews=decided).path)
    count = made.summary.splits["train"]
    said = f"train: {count} spans of {MARKER} stay out"
    with pytest.warns(UserWarning, match=said):
        found = "".join(made.to_bio("train", MARKER))
    assert found.count(f"B-{MARKER}") == count


@pytest.mark.parametrize(
    ("call", "legal"),
    [
        (lambda made: made.to_frame("trian"), "did you mean train.*legal: train"),
        (lambda made: made.to_frame("train", "golden"), "did you mean gold.*legal: gold, ann"),
        (lambda made: made.to_hf("golden"), "did you mean gold.*legal: gold, annotations"),
        (lambda made: made.to_bio("train", "vague"), "legal: .*vague_collective_source"),
        (lambda made: made.to_bio("trian", MARKER), "did you mean train"),
    ],
)
def test_what_is_not_known_is_named_with_what_is(
    call: Callable[[Release], Any], legal: str, made: Release
) -> None:
    """A split, layer or marker that is misspelt is one line with the legal values."""
    with pytest.raises(UsageError, match=legal):
        call(made)


def test_a_file_that_changed_is_not_converted(made: Release) -> None:
    """Each converter checks what it reads against SHA256SUMS first."""
    path = made.path / "data" / "gold" / "train-00000-of-00001.parquet"
    path.write_bytes(path.read_bytes() + b" ")
    for call in (
        lambda: made.to_frame("train"),
        made.to_hf,
        lambda: made.to_bio("train", MARKER),
    ):
        with pytest.raises(InvalidFile, match="not what SHA256SUMS says"):
            call()


@pytest.mark.parametrize(
    ("name", "said"),
    [("spacy", r"annotate-markers\[spacy\]"), ("datasets", "pip install datasets")],
)
def test_a_library_that_is_missing_is_named(
    name: str, said: str, made: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line says what to install."""
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtra, match=said):
        made.to_spacy("train") if name == "spacy" else made.to_hf()


def test_a_folder_may_have_any_name(
    made: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Brackets, blanks and stars are no pattern."""
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    folder = tmp_path / "a [1] * \u00e9"
    shutil.copytree(made.path, folder)
    found = {split: len(rows) for split, rows in load(folder).to_hf().items()}
    assert found == made.summary.splits


@st.composite
def labelled(draw: st.DrawFn) -> Labelled:
    """Give a text with blanks, line ends and joined characters, and spans wherever they fall."""
    text = draw(st.text(st.sampled_from("ab.'\n 👩\u200d\u0301"), min_size=1, max_size=30))
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    spans = {(min(it), max(it)) for it in draw(st.lists(places, max_size=5)) if it[0] != it[1]}
    found = (LabelledSpan(start=start, end=end, marker=MARKER) for start, end in sorted(spans))
    return Labelled(doc_id="d", text=text, language="en", spans=tuple(found))


@cache
def english() -> Any:
    spacy = pytest.importorskip("spacy", reason="needs spaCy: pip install -e '.[spacy]'")
    return spacy.blank("en")


@settings(deadline=None)
@given(item=labelled())
def test_the_tokens_of_a_pipeline_are_cut_as_those_of_the_language(item: Labelled) -> None:
    """With the language's own pipeline nothing changes, and no span is lost."""
    nlp = english()
    from spacy.tokens import DocBin

    files: dict[str, bytes] = {}
    docbin.write([item], name="train", put=files.__setitem__)
    (doc,) = DocBin().from_bytes(files["train.spacy"]).get_docs(nlp.vocab)
    made = converters._tokenised(doc, nlp)
    assert [(it.idx, it.text_with_ws) for it in made] == [(it.idx, it.text_with_ws) for it in doc]
    assert [(it.start_char, it.end_char) for it in made.spans["sc"]] == [
        (it.start, it.end) for it in item.spans
    ]
