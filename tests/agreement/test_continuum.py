"""Columns of units: merged, of those who read, and within their documents."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.agreement.continuum import Continua, continua
from annotate.errors import DataError
from annotate.model import Range
from annotate.spans import merge

Build = Callable[..., Continua]
Spans = list[tuple[str, int, int]]


def rows(found: Continua) -> list[tuple[str, str, int, int]]:
    return [
        (found.annotators[person], found.markers[marker], int(start), int(end))
        for person, marker, start, end in zip(
            found.annotator, found.marker, found.start, found.end, strict=True
        )
    ]


def test_overlapping_spans_of_one_marker_are_one_unit(build: Build) -> None:
    """Overlapping ones join, touching ones and those of other markers or people do not."""
    ana = [("c", 0, 5), ("c", 3, 9), ("c", 9, 12), ("k", 4, 6), ("c", 4, 5)]
    found = build({"ana": ana, "ben": [("c", 4, 6)]}, length=20)
    assert rows(found) == [
        ("ana", "c", 0, 9),
        ("ana", "c", 9, 12),
        ("ben", "c", 4, 6),
        ("ana", "k", 4, 6),
    ]


SPANS = st.lists(
    st.builds(
        lambda marker, at, size: (marker, at, at + size),
        st.sampled_from("ckx"),
        st.integers(0, 30),
        st.integers(1, 9),
    ),
    max_size=6,
)


@given(SPANS, SPANS)
def test_units_are_those_of_the_span_algebra(build: Build, one: Spans, two: Spans) -> None:
    """The columns hold what merging the spans of each person and marker gives."""
    people = {"ana": one, "ben": two}
    expected = [
        (person, marker, unit.start, unit.end)
        for marker in "ckx"
        for person, spans in people.items()
        for unit in merge(Range(start=s, end=e) for name, s, e in spans if name == marker)
    ]
    assert rows(build(people, length=40)) == expected


def test_documents_of_a_single_reader_are_left_out(build: Build) -> None:
    """Only documents that two or more read remain, and an empty reading is a reading."""
    found = build({"ana": [("c", 0, 2)]}, {"ana": [("c", 1, 3)], "ben": []}, {"cem": []}, length=9)
    assert found.documents == ("d00001",)
    assert rows(found) == [("ana", "c", 1, 3)]
    assert found.count.tolist() == [2]
    assert found.of("ana", "cem").documents == ()


def test_only_some_markers_or_annotators(build: Build) -> None:
    """Parts keep their names and places."""
    document = {"ana": [("c", 0, 2), ("x", 4, 6)], "ben": [("k", 1, 3)], "cem": [("x", 5, 6)]}
    found = build(document, document, length=9)
    assert rows(found.only(["x", "k"]))[:2] == [("ben", "k", 1, 3), ("ben", "k", 1, 3)]
    assert found.only(["x", "k"]).markers == ("k", "x")
    assert {person for person, *_ in rows(found.of("ana", "cem"))} == {"ana", "cem"}
    assert found.shared("ana", "cem").all()


def test_spans_outside_their_document_are_refused(build: Build) -> None:
    """A text that changed, or is not there: one line that says which and what to do."""
    with pytest.raises(DataError, match=r"ana-d00000: a span ends at 12, document d00000 at 9"):
        build({"ana": [("c", 0, 12)], "ben": []}, length=9)


def test_nothing_is_nothing(build: Build) -> None:
    """Without annotations there are no documents and no units."""
    found = continua([], {}, markers=["c"])
    assert (found.documents, found.annotators, len(found.start)) == ((), (), 0)
    assert found.tokens({}).documents == ()
