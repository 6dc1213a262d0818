"""A folder for brat: what it holds, and what is read of others'."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from annotate.formats import brat_folder
from annotate.formats.foreign import Export
from annotate.formats.labelled import Labelled, LabelledSpan
from annotate.model import Range

TEXT = "A clerk 🛳️ said so.\nThe clerk left."


def read(standoff: str | None, text: str = TEXT) -> Export:
    files = {"a.txt": text.encode()}
    if standoff is not None:
        files["a.ann"] = standoff.encode()
    return brat_folder.read(files, person="x")


def test_a_folder_is_what_brat_opens(grown: Any) -> None:
    """Entities, attributes and a relation; the page's configuration names each of them."""
    first = LabelledSpan(start=0, end=7, marker="unnamed_source", attributes={"specificity": "1"})
    again = LabelledSpan(
        start=20, end=29, marker="unnamed_source", voice="headline", referent=Range(start=0, end=7)
    )
    item = Labelled(doc_id="d-1", text=TEXT, spans=(first, again))
    brat_folder.write([item], name="train", put=grown.put)
    files = grown.files
    assert files["train/d-1.txt"] == TEXT.encode()
    assert files["train/d-1.ann"].decode() == (
        "T1\tunnamed_source 0 7\tA clerk\nT2\tunnamed_source 20 29\tThe clerk\n"
        "A1\tspecificity T1 1\nA2\tvoice T2 headline\nR1\tsame_source Arg1:T2 Arg2:T1\n"
    )
    assert files["train/annotation.conf"].decode() == (
        "[entities]\nunnamed_source\n\n"
        "[relations]\nsame_source\tArg1:<ENTITY>, Arg2:<ENTITY>\n\n[events]\n\n"
        "[attributes]\nspecificity\tArg:<ENTITY>, Value:1\nvoice\tArg:<ENTITY>, Value:headline\n"
    )


def test_fragments_are_regions_and_answers_go_with_each() -> None:
    """An attribute without a value is true; what else a file says is counted."""
    standoff = (
        "T1\tWho 0 7;20 29\tA clerk The clerk\nA1\tNegated T1\nE1\tSays:T1\n"
        "R1\tother Arg1:T1 Arg2:T1\n#1\tNote T1\thm\n"
    )
    export = read(standoff)
    regions = export.tasks[0].submissions[0].regions
    assert [(it.start, it.end, it.answers) for it in regions] == [
        (0, 7, {"Negated": "true"}),
        (20, 29, {"Negated": "true"}),
    ]
    assert export.ignored == {"events, notes and other relations": 3}


def test_a_text_without_standoff_is_one_that_nobody_read() -> None:
    """An empty one says that there is nothing; one without its text is refused."""
    assert read(None).tasks[0].submissions == ()
    assert read("").tasks[0].submissions[0].regions == ()
    export = brat_folder.read({"b.ann": b""}, person="x")
    assert [(it.place, it.reason) for it in export.rejects] == [("b.ann", "its text is not there")]


def test_lines_that_do_not_fit_are_counted_with_the_submission() -> None:
    """Nobody knows what stood there."""
    export = read("T1\tWho 0 x\tA clerk\n")
    assert export.tasks[0].submissions[0].refused == 1
    assert [it.place for it in export.rejects] == ["a.ann:1"]


@given(st.text(st.sampled_from("TAR1#E \t\n:;0289Argsme_ouc"), max_size=60))
def test_any_standoff_is_read_or_refused(standoff: str) -> None:
    """No line of any file raises."""
    read(f"T1\tWho 0 7\tA clerk\n{standoff}")
