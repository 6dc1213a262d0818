"""The sentence model: which markers a sentence carries."""

import io
import json
import re
import zipfile

import numpy as np
import pytest

from annotate.errors import InvalidFile
from annotate.learn.sentence import (
    SentenceModel,
    Threshold,
    best_threshold,
    carriers,
    train_sentences,
)
from annotate.learn.sentence_file import from_skops, to_skops
from annotate.learn.text import LabelledDocument, sentences
from annotate.model import Span
from annotate.scores import ALL_VOICES

MARKER = "vague_collective_source"
WHAT = ("bridge", "quarry", "orchard", "tram line")


def article(number: int) -> LabelledDocument:
    what = WHAT[number % 4]
    claim = f"Critics say the {what} number {number} is late 🧱." if number % 2 else ""
    text = f"The {what} opened on day {number}. {claim} The mayor cut a ribbon."
    start = text.find("Critics")
    spans = (Span(start=start, end=start + 7, marker=MARKER),) if claim else ()
    return LabelledDocument(doc_id=f"d{number}", text=text, spans=spans)


DOCUMENTS = [article(number) for number in range(24)]


@pytest.fixture(scope="module")
def model() -> SentenceModel:
    return train_sentences(DOCUMENTS[:16], validation=DOCUMENTS[16:], markers=[MARKER], seed=3)


def test_it_learns_an_obvious_word(model: SentenceModel) -> None:
    """Sentences with the word carry the marker, others do not; scores say so too."""
    texts = ["Critics say the ferry is late.", "The ferry opened."]
    assert model.predict(texts) == {MARKER: [True, False]}
    high, low = model.scores(texts)[MARKER]
    assert 0 <= low < model.thresholds[MARKER].value < high <= 1


def test_no_sentences_have_no_scores(model: SentenceModel) -> None:
    """An empty text asks nothing and is answered with nothing."""
    assert model.predict([]) == {MARKER: []}


def test_a_sentence_carries_what_touches_it() -> None:
    """A span across two sentences is in both; other markers do not count."""
    text = "It was late. Critics left."
    marked = [Span(start=7, end=20, marker=MARKER), Span(start=0, end=2, marker="other")]
    assert carriers(sentences(text, []), marked, marker=MARKER) == [True, True]
    assert carriers(sentences(text, []), marked, marker="other") == [True, False]


def test_a_quoted_voice_is_not_the_sentences() -> None:
    """A sentence carries what the reporter or the headline says, others only when asked."""
    marked = [Span(start=0, end=2, marker=MARKER, voice="quoted_source")]
    read = sentences("It was late.", [])
    assert carriers(read, marked, marker=MARKER) == [False]
    assert carriers(read, marked, marker=MARKER, voices=ALL_VOICES) == [True]


@pytest.mark.parametrize(
    ("validation", "train", "tuned_on"),
    [
        (DOCUMENTS[10:], DOCUMENTS[:10], "validation"),
        ([], DOCUMENTS, "cross-validation"),
        (DOCUMENTS[20:], DOCUMENTS[:20], "cross-validation"),
        ([], DOCUMENTS[:2], "nothing"),
    ],
    ids=["enough", "none", "too few", "one document"],
)
def test_thresholds_say_what_they_were_tuned_on(
    validation: list[LabelledDocument], train: list[LabelledDocument], tuned_on: str
) -> None:
    """Validation with five or more carriers, otherwise cross-validation, otherwise nothing."""
    found = train_sentences(train, validation=validation, markers=[MARKER], seed=3)
    assert found.thresholds[MARKER].tuned_on == tuned_on
    assert 0 < found.thresholds[MARKER].value < 1


def test_the_best_threshold_is_the_best_of_all() -> None:
    """No other threshold has a higher F1, with ties among the scores."""
    rng = np.random.default_rng(2)
    for _ in range(50):
        scores = rng.integers(1, 9, 20) / 10
        truth = rng.random(20) < scores
        truth[0] = True

        def f1(value: float, scores: np.ndarray = scores, truth: np.ndarray = truth) -> float:
            chosen = scores >= value
            return float(2 * (chosen & truth).sum() / (chosen.sum() + truth.sum()))

        found = f1(best_threshold(scores, truth))
        assert found == pytest.approx(max(f1(value) for value in np.unique(scores)))


def test_the_file_gives_the_model_back(model: SentenceModel) -> None:
    """Read back it scores the same; trained and written again it is the same bytes."""
    data = to_skops(model)
    again = from_skops(data, thresholds=model.thresholds, place="sentences.skops")
    texts = ["Critics left.", "The mayor left 🧱."]
    assert again.scores(texts)[MARKER].tolist() == model.scores(texts)[MARKER].tolist()
    other = train_sentences(DOCUMENTS[:16], validation=DOCUMENTS[16:], markers=[MARKER], seed=3)
    other.scores(texts)
    assert to_skops(other) == data


def test_the_file_names_no_place_in_memory(model: SentenceModel) -> None:
    """What skops writes names parts by their address; ours are numbered, so that bytes repeat."""
    with zipfile.ZipFile(io.BytesIO(to_skops(model))) as file:
        assert {item.date_time for item in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not re.search(r"\d{9}", file.read("schema.json").decode())


def rewritten(data: bytes, old: str, new: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "schema.json":
                content = content.decode().replace(old, new).encode()
            target.writestr(name, content)
    return buffer.getvalue()


def test_types_that_are_not_held_safe_are_never_built(model: SentenceModel) -> None:
    """A file that names another class, such as one that runs a command, is refused."""
    changed = rewritten(
        to_skops(model),
        '"__class__": "LogisticRegression", "__module__": "sklearn.linear_model._logistic"',
        '"__class__": "Popen", "__module__": "subprocess"',
    )
    assert changed != to_skops(model)
    with pytest.raises(InvalidFile, match="not a skops file of known types"):
        from_skops(changed, thresholds=model.thresholds, place="sentences.skops")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\x80\x04K\x01."])
def test_what_is_no_skops_file_is_refused(data: bytes) -> None:
    """Empty, cut and pickled bytes are InvalidFile."""
    with pytest.raises(InvalidFile, match=r"sentences\.skops: not a skops file"):
        from_skops(data, thresholds={}, place="sentences.skops")


def test_classifiers_are_those_that_the_card_names(model: SentenceModel) -> None:
    """A file whose markers are others than model.json's is refused."""
    thresholds = {"other": Threshold(value=0.5, tuned_on="nothing")}
    with pytest.raises(InvalidFile, match=r"classifiers that model\.json names"):
        from_skops(to_skops(model), thresholds=thresholds, place="sentences.skops")


def test_the_schema_stays_json(model: SentenceModel) -> None:
    """What is rewritten is still a skops schema."""
    with zipfile.ZipFile(io.BytesIO(to_skops(model))) as file:
        assert json.loads(file.read("schema.json"))["__class__"] == "dict"
