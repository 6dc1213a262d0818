"""The span tagger: sentences and tokens with exact offsets, spans learnt from a cue."""

import io
import random
from itertools import cycle, islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.errors import InvalidFile
from annotate.learn.features import features
from annotate.learn.tagger import SpanTagger, labels_of, stretches_of, train_tagger
from annotate.learn.tagger_file import from_npz, to_npz
from annotate.learn.text import LabelledDocument, sentences
from annotate.model import Span, Zone

MARKER = "unnamed_source"
WHOM = ("a clerk", "a guard", "an insider", "a pilot")
WHERE = ("the harbour", "the mill", "the ferry office", "the town hall")


def zone(start: int, end: int, kind: str) -> Zone:
    return Zone(doc_id="d", start=start, end=end, zone=kind)  # type: ignore[arg-type]


def article(number: int) -> LabelledDocument:
    whom = next(islice(cycle(WHOM), number, None))
    where = next(islice(cycle(WHERE), number + number // 4, None))
    cue = f"{whom} at {where}"
    text = f"Rain fell over {where}. Accounts were checked 🧾, {cue} said. Nobody was hurt."
    start = text.index(cue)
    spans = (Span(start=start, end=start + len(cue), marker=MARKER),)
    return LabelledDocument(doc_id=f"d{number}", text=text, spans=spans)


@pytest.fixture(scope="module")
def tagger() -> SpanTagger:
    return train_tagger([article(number) for number in range(16)], markers=[MARKER]).tagger


@given(st.text(alphabet="ab 1.!?\"“”\n😀é👩‍👩‍👧'İ", max_size=80))
def test_tokens_are_slices_of_the_text(text: str) -> None:
    """Every token is what its offsets cut out, in order, and only blanks lie between."""
    read = sentences(text, [])
    cut = [(start, end) for item in read for start, end in zip(item.starts, item.ends, strict=True)]
    assert [text[start:end] for start, end in cut] == [w for item in read for w in item.words]
    left = list(text)
    for start, end in cut:
        left[start:end] = [" "] * (end - start)
    assert not "".join(left).strip()
    assert cut == sorted(cut)


def test_boilerplate_has_no_sentences() -> None:
    """Sentences come from title and body; what boilerplate covers is cut out of them."""
    text = "Mill burns\n\nShare this page. It burnt all night. Subscribe now."
    share, subscribe = text.index("Share"), text.index("Subscribe")
    zones = [
        zone(0, 10, "title"),
        zone(12, len(text), "body"),
        zone(share, share + 16, "boilerplate"),
        zone(subscribe, len(text), "boilerplate"),
    ]
    found = [(text[item.start : item.end], item.title) for item in sentences(text, zones)]
    assert found == [("Mill burns", True), ("It burnt all night.", False)]


def test_tokens_know_whether_they_are_quoted() -> None:
    """Quotation marks open and close, straight and curly, and end with the paragraph."""
    text = 'He said: "We left." She “stayed here\n\nNot quoted.'
    quoted = [
        word
        for item in sentences(text, [])
        for word, inside in zip(item.words, item.quoted, strict=True)
        if inside
    ]
    assert quoted == ["We", "left", ".", "stayed", "here"]


@given(st.lists(st.sampled_from("OBI"), max_size=20))
def test_labels_become_stretches(labels: list[str]) -> None:
    """A B begins a stretch, an I goes on or begins one, an O is in none."""
    found = stretches_of(labels)
    inside = [number for item in found for number in range(item.start, item.end)]
    assert inside == [number for number, label in enumerate(labels) if label != "O"]
    assert all(
        labels[number] != "B" for item in found for number in range(item.start + 1, item.end)
    )


def test_spans_come_back_from_their_labels() -> None:
    """Labelled and read back, spans keep their tokens; two side by side stay two."""
    text = "A clerk, a guard said so."
    (read,) = sentences(text, [])
    marked = [Span(start=0, end=8, marker=MARKER), Span(start=9, end=16, marker=MARKER)]
    labels = labels_of(read, marked)
    assert labels == ["B", "I", "I", "B", "I", "O", "O", "O"]
    assert [(item.start, item.end) for item in stretches_of(labels)] == [(0, 3), (3, 5)]


def test_it_learns_an_obvious_cue_behind_emoji(tagger: SpanTagger) -> None:
    """A person that train never named is tagged exactly, also behind emoji."""
    text = "Storm 🌊👩‍👩‍👧 warning. Boats came back 🚤, a sailor at the lighthouse said."
    found = [(text[span.start : span.end], span.marker) for span in tagger.predict(text)]
    assert found == [("a sailor at the lighthouse", MARKER)]


def test_spans_say_whose_voice_it_is(tagger: SpanTagger) -> None:
    """Inside quotation marks it is the quoted source's, in the title the headline's."""
    title = "Accounts were checked, a clerk at the mill said."
    text = f"{title}\n\n“Accounts were checked, a guard at the mill said.” Nobody was hurt."
    zones = [zone(0, len(title), "title"), zone(len(title) + 2, len(text), "body")]
    found = [(text[span.start : span.end], span.voice) for span in tagger.predict(text, zones)]
    assert found == [
        ("a clerk at the mill", "headline"),
        ("a guard at the mill", "quoted_source"),
    ]


@pytest.mark.parametrize("text", ["", " \n", "😀", "\u200b", "\ud800 said", "x" * 5000])
def test_odd_texts_are_tagged_too(tagger: SpanTagger, text: str) -> None:
    """Empty, blank, lone surrogates, one endless word: no error, no span outside."""
    assert all(0 <= item.start < item.end <= len(text) for item in tagger.predict(text))


def test_markers_do_not_disturb_each_other() -> None:
    """Two markers on overlapping words are both found; one never has more than one word."""
    documents = [
        LabelledDocument(
            doc_id=item.doc_id,
            text=item.text,
            spans=(
                *item.spans,
                Span(start=item.spans[0].start, end=item.spans[0].end - 4, marker="hedge"),
                Span(
                    start=item.text.index("said"),
                    end=item.text.index("said") + 4,
                    marker="agentless_attribution",
                ),
            ),
        )
        for item in map(article, range(16))
    ]
    markers = [MARKER, "hedge", "agentless_attribution"]
    tagger = train_tagger(documents, markers=markers).tagger
    found = {span.marker for span in tagger.predict(documents[0].text)}
    assert found == set(markers)
    alone = train_tagger(documents, markers=[MARKER]).tagger.predict(documents[3].text)
    together = tagger.predict(documents[3].text)
    assert alone == [span for span in together if span.marker == MARKER]


def test_the_file_gives_the_tagger_back(tagger: SpanTagger) -> None:
    """Written twice it is the same bytes; read back it tags the same."""
    data = to_npz(tagger)
    assert data == to_npz(tagger)
    again = from_npz(data, place="spans.npz")
    text = article(2).text
    assert again.predict(text) == tagger.predict(text)


def test_a_tagger_of_no_markers_finds_nothing() -> None:
    """Nothing learnt is a tagger that tags nothing, in memory and from its file."""
    empty = SpanTagger(
        markers=(), features=(), state=np.zeros((1, 0, 3)), transition=np.zeros((0, 3, 3))
    )
    assert from_npz(to_npz(empty), place="x").predict("A clerk said so.") == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"state": np.zeros((2, 1, 3))}, "state has the shape"),
        ({"transition": np.full((1, 3, 3), np.nan)}, "transition holds something else"),
        ({"transition": np.zeros((1, 3, 3), dtype=np.int64)}, "transition holds something else"),
        ({"state": np.array([object()])}, "not the arrays of a span tagger"),
    ],
)
def test_wrong_arrays_are_refused(
    tagger: SpanTagger, changed: dict[str, np.ndarray], message: str
) -> None:
    """Other shapes, other types, numbers that are none and objects are InvalidFile."""
    with np.load(io.BytesIO(to_npz(tagger))) as file:
        arrays = {**dict(file), **changed}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    with pytest.raises(InvalidFile, match=message):
        from_npz(buffer.getvalue(), place="spans.npz")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\x80\x04K\x01.", b"\x93NUMPY"])
def test_what_is_no_array_file_is_refused(data: bytes) -> None:
    """Empty, cut and pickled bytes are InvalidFile, and nothing is executed."""
    with pytest.raises(InvalidFile, match=r"spans\.npz: not the arrays"):
        from_npz(data, place="spans.npz")


def test_features_tell_form_neighbours_and_place() -> None:
    """Each token knows its word, its shape, two neighbours to each side and its place."""
    text = 'Seen: "NATO-led boats in 2024'
    (read,) = sentences(text, [zone(0, len(text), "title")])
    told = dict(zip(read.words, features(read), strict=True))
    assert {"bias", "title", "quoted", "0:nato", "0:shape=XX", '-1:"', "+1:-"} <= set(told["NATO"])
    assert {"0:shape=0", "-2:boats", "+1:<end>", "-1,0:in 2024"} <= set(told["2024"])


def test_any_changed_byte_is_an_invalid_file_or_a_tagger(tagger: SpanTagger) -> None:
    """Whatever a broken zip, deflate stream or array header raises is said in one line."""
    data, chance = to_npz(tagger), random.Random(2)
    refused = 0
    for _ in range(300):
        broken = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            broken[chance.randrange(len(data))] = chance.randrange(256)
        try:
            from_npz(bytes(broken), place="m").predict("A clerk said so.")
        except InvalidFile:
            refused += 1
    assert refused > 200
