"""DocBins as spaCy loads them, and what others put in theirs."""

from typing import Any

import pytest

from annotate.errors import InvalidFile
from annotate.formats import docbin
from annotate.formats.labelled import Labelled, LabelledSpan

spacy = pytest.importorskip("spacy", reason="needs spaCy: pip install -e '.[spacy]'")

TEXT = "A clerk's aide 👩‍👧 of the café\n\nsaid so . "
WORDS = ("A cle", "rk's aide 👩‍👧", " of", "the café\n", "so . ")


def documents() -> list[Labelled]:
    spans = tuple(
        LabelledSpan(start=TEXT.index(it), end=TEXT.index(it) + len(it), marker="loaded_language")
        for it in WORDS
    )
    return [
        Labelled(doc_id="d-1", text=TEXT, language="en", title="Quay", spans=spans),
        Labelled(doc_id="d-2", text="", language="zz"),
    ]


def packed(given: list[Labelled]) -> bytes:
    files: dict[str, bytes] = {}
    docbin.write(given, name="train", put=files.__setitem__)
    return files["train.spacy"]


def loaded(data: bytes, **options: Any) -> list[Any]:
    return list(spacy.tokens.DocBin(**options).from_bytes(data).get_docs(spacy.blank("en").vocab))


def test_spacy_has_the_spans_to_the_character() -> None:
    """Wherever they begin and end: inside a word, in white space, at the end of the text."""
    data = packed(documents())
    first, empty = loaded(data)
    assert (first.text, empty.text) == (TEXT, "")
    assert [span.text for span in first.spans["sc"]] == [*WORDS]
    assert {span.label_ for span in first.spans["sc"]} == {"loaded_language"}
    assert len(empty.spans["sc"]) == 0


def test_many_documents_go_to_several_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is made in memory; none is empty but the only one."""
    monkeypatch.setattr(docbin, "_MOST", 2)
    (first, _) = documents()
    for number, names in {0: 1, 1: 1, 2: 1, 3: 2}.items():
        files: dict[str, bytes] = {}
        docbin.write([first] * number, name="train", put=files.__setitem__)
        assert list(files) == ["train.spacy", "train-2.spacy"][:names]
        assert sum(len(loaded(data)) for data in files.values()) == number


def test_the_tokens_are_those_of_the_language_but_at_the_edges_of_spans() -> None:
    """So that a pipeline that spaCy trains finds the words that it makes itself."""
    (item, _) = documents()
    data = packed([item.replace(spans=())])
    (doc,) = loaded(data)
    assert [token.text for token in doc] == [token.text for token in spacy.blank("en")(TEXT)]


def test_what_is_known_of_a_document_is_in_its_user_data() -> None:
    """For who asks spaCy to keep it."""
    data = packed(documents())
    first, _ = loaded(data, store_user_data=True)
    assert first.user_data["annotate"]["doc_id"] == "d-1"
    assert first.user_data["annotate"]["title"] == "Quay"


def test_a_span_categorizer_learns_from_it() -> None:
    """One step, with spaCy's own component on its own key."""
    data = packed(documents())
    nlp = spacy.blank("en")
    nlp.add_pipe("spancat").add_label("loaded_language")
    examples = [
        spacy.training.Example(nlp.make_doc(doc.text), doc) for doc in loaded(data) if doc.text
    ]
    nlp.initialize(lambda: examples)
    assert nlp.update(examples)["spancat"] > 0


def test_entities_are_read_where_there_are_no_spans() -> None:
    """Spans under other keys are counted."""
    doc = spacy.blank("en")("A clerk 🛳️ said so.")
    doc.ents = [doc.char_span(0, 7, label="Who")]
    doc.spans["other"] = [doc.char_span(0, 7, label="X")]
    data = spacy.tokens.DocBin(docs=[doc]).to_bytes()
    export = docbin.read({"a.spacy": data}, person="x")
    regions = export.tasks[0].submissions[0].regions
    assert [(it.start, it.end, it.label) for it in regions] == [(0, 7, "Who")]
    assert export.ignored == {"spans under other keys": 1}


def test_another_file_is_refused() -> None:
    """In one line, by its name."""
    with pytest.raises(InvalidFile, match=r"a\.spacy: no DocBin of spaCy"):
        docbin.read({"a.spacy": b"nothing"}, person="x")
