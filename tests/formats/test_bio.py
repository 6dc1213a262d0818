"""CoNLL columns: what ours look like, and other people's tags."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.formats import bio, bio_read
from annotate.formats.foreign import Export
from annotate.formats.labelled import Labelled, LabelledSpan

TEXT = "Dock shut\n\nA clerk's aide 👩‍👧 spoke. "


def span(words: str, marker: str = "unnamed_source") -> LabelledSpan:
    start = TEXT.index(words)
    return LabelledSpan(start=start, end=start + len(words), marker=marker)


def read(text: str) -> Export:
    return bio_read.read({"t.conll": text.encode()}, person="x")


def marked(text: str) -> list[tuple[str, str]]:
    export = read(text)
    return [
        (it.label, task.data["text"][it.start : it.end])
        for task in export.tasks
        for it in task.submissions[0].regions
    ]


def test_a_file_has_tokens_offsets_and_tags(grown: Any) -> None:
    """A token is cut where a span ends inside it; a blank line stands for a line end."""
    item = Labelled(doc_id="d-1", text=TEXT, spans=(span("A cle"),))
    bio.write([item], name="train", markers=["loaded_language", "unnamed_source"], put=grown.put)
    files = grown.files
    assert list(files) == ["train/loaded_language.conll", "train/unnamed_source.conll"]
    assert files["train/unnamed_source.conll"].decode() == (
        f"-DOCSTART-\td-1\t{len(TEXT)}\tO\n\n"
        "Dock\t0\t4\tO\nshut\t5\t9\tO\n\n"
        "A\t11\t12\tB-unnamed_source\ncle\t13\t16\tI-unnamed_source\nrk\t16\t18\tO\n"
        "'\t18\t19\tO\ns\t19\t20\tO\naide\t21\t25\tO\n👩‍\t26\t28\tO\n👧\t28\t29\tO\n"
        "spoke\t30\t35\tO\n.\t35\t36\tO\n\n"
    )
    assert b"\tB-" not in files["train/loaded_language.conll"]


def test_files_of_one_folder_are_one_annotation(grown: Any) -> None:
    """One for each marker, of the same text."""
    item = Labelled(doc_id="d-1", text=TEXT, spans=(span("aide", "loaded_language"), span("A cle")))
    bio.write([item], name="train", markers=["loaded_language", "unnamed_source"], put=grown.put)
    (task,) = bio_read.read(grown.files, person="x").tasks
    assert {it.label for it in task.submissions[0].regions} == {"loaded_language", "unnamed_source"}


def test_a_span_of_another_marker_is_counted(grown: Any) -> None:
    """Files are of the markers that were asked for."""
    item = Labelled(doc_id="d-1", text=TEXT, spans=(span("A cle"),))
    losses = bio.write([item], name="train", markers=["loaded_language"], put=grown.put)
    assert [it.what for it in losses.report()] == [
        "span of unnamed_source, which has no file",
        "white space of the text",
    ]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("B-a I-a O", ["A clerk"]),
        ("I-a I-a O", ["A clerk"]),
        ("I-a B-a O", ["A", "clerk"]),
        ("B-a E-a S-a", ["A clerk", "spoke"]),
        ("B-a L-a U-a", ["A clerk", "spoke"]),
        ("I-a I-b I-b", ["A", "clerk spoke"]),
        ("O I-a I-a", ["clerk spoke"]),
    ],
)
def test_several_kinds_of_tags_are_understood(tags: str, expected: list[str]) -> None:
    """BIO, IOB, BIOES and BILOU."""
    rows = zip(["A", "clerk", "spoke"], tags.split(), strict=True)
    found = marked("".join(f"{token} X {tag}\n" for token, tag in rows))
    assert [words for _, words in found] == expected


def test_a_file_of_others_has_a_line_for_each_sentence() -> None:
    """Blanks between tokens, a document where one begins; no span goes on in another sentence."""
    export = read("-DOCSTART- -X- O\n\nA O\nclerk B-a\n\nspoke I-a\n\n-DOCSTART- O\n\nNo O\n")
    assert [task.data["text"] for task in export.tasks] == ["A clerk\nspoke", "No"]
    assert [it.start for it in export.tasks[0].submissions[0].regions] == [2, 8]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("clerk", "no token and tag"),
        ("clerk\t3\t9\tO", "does not fit its offsets"),
        ("clerk\t900\t905\tO", "does not fit its offsets"),
        ("clerk\t-1\t4\tO", "does not fit its offsets"),
        ("clerk\tO", "does not fit its offsets"),
        ("clerk\t2\t7\tPERSON", '"PERSON" is no tag such as B-LABEL or O'),
    ],
)
def test_a_line_that_does_not_fit_is_refused_with_its_number(row: str, reason: str) -> None:
    """The rest of the document is read."""
    export = read(f"-DOCSTART-\td-1\t20\tO\n\nA\t0\t1\tB-a\n{row}\nspoke\t8\t13\tB-a\n")
    (reject,) = export.rejects
    assert reject.place == "t.conll:4"
    assert reason in reject.reason
    assert len(export.tasks[0].submissions[0].regions) == 2
    assert export.tasks[0].submissions[0].refused == 1


@given(st.text(st.sampled_from("-DOCSTARTBIO x\t\n0123"), max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No line of any file raises."""
    read(text)
    read(f"-DOCSTART-\td\t9\tO\n{text}")
