"""brat's standoff files: text-bound annotations, whole and in fragments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.formats.brat import Bound, read, write
from annotate.model import Range

NAMED = st.text("ABCabc-_", min_size=1, max_size=8)
QUOTES = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")) | st.sampled_from("🏮e\u0301\u200d"),
    max_size=12,
)


@st.composite
def bounds(draw: st.DrawFn) -> tuple[Bound, ...]:
    found = []
    for number in range(1, draw(st.integers(0, 4)) + 1):
        edges = sorted(draw(st.sets(st.integers(0, 99), min_size=2, max_size=6)))
        pairs = zip(edges[::2], edges[1::2], strict=False)
        fragments = tuple(Range(start=start, end=end) for start, end in pairs)
        found.append(
            Bound(name=f"T{number}", label=draw(NAMED), fragments=fragments, quote=draw(QUOTES))
        )
    return tuple(found)


@given(bounds())
def test_what_is_written_is_read_again(given_bounds: tuple[Bound, ...]) -> None:
    """Labels, fragments and quotes come back, whatever characters a quote has."""
    back = read(write(given_bounds), place="a.ann")
    assert back.bounds == given_bounds
    assert not back.rejects


def test_other_kinds_are_counted() -> None:
    """Events, relations, attributes and notes are no text-bound annotations."""
    text = (
        "T1\tWho 0 3\tThe\nE1\tSay:T1\nR1\tPart Arg1:T1 Arg2:T1\n#1\tNote T1\thm\n*\tEquiv T1 T1\n"
    )
    found = read(text, place="a.ann")
    assert [item.label for item in found.bounds] == ["Who"]
    assert found.others == 4


def test_a_quote_goes_on_in_the_next_line() -> None:
    """Some tools write a line end of the text as one."""
    found = read("T1\tWho 0 9\tThe\nlamp\nT2\tWho 4 9\tlamp\n", place="a.ann")
    assert [item.quote for item in found.bounds] == ["The\nlamp", "lamp"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The lamp went out.\n", "brat"),
        ("T1\tWho\tThe\n", "brat"),
        ("T1\tWho 0 x\tThe\n", '"0 x" is no start and end'),
        ("T1\tWho 3 3\t\n", "not after"),
        ("T1\tWho 0 3;\tThe\n", "no start and end"),
    ],
)
def test_a_line_that_does_not_fit_is_refused_with_its_number(text: str, words: str) -> None:
    """The rest of the file is read."""
    found = read("\n" + text + "T9\tWho 0 3\tThe\n", place="a.ann")
    (reject,) = found.rejects
    assert reject.place == "a.ann:2"
    assert words in reject.reason
    assert [item.name for item in found.bounds] == ["T9"]


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No line of any file raises."""
    read(text, place="a.ann")
