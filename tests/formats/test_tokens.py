"""Tokens that span edges cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.formats.tokens import tokens
from annotate.model import Range


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zoe\u0308's café-bar,", ["Zoe\u0308", "'", "s", "café", "-", "bar", ","]),
        ("🛳\ufe0f 12,5", ["🛳\ufe0f", "12", ",", "5"]),
        (" \u2028\t", []),
    ],
)
def test_words_and_single_characters_are_tokens(text: str, expected: list[str]) -> None:
    """An accent of its own belongs to its letter."""
    assert [text[start:end] for start, end in tokens(text)] == expected


@given(
    st.text(st.sampled_from("ab' \n\u00a0🛳\ufe0fe\u0301\x1c\x85"), min_size=1, max_size=20),
    st.lists(st.tuples(st.integers(0, 19), st.integers(1, 9)), max_size=5),
)
def test_tokens_are_the_text_but_for_white_space(text: str, places: list[tuple[int, int]]) -> None:
    """In order, without gaps in words, and never across an edge."""
    spans = [Range(start=start, end=start + length) for start, length in places]
    found = tokens(text, spans)
    assert [text[start:end] for start, end in found] == [
        part for start, end in found for part in text[start:end].split()
    ]
    assert "".join(text[start:end] for start, end in found) == "".join(text.split())
    edges = {edge for span in spans for edge in (span.start, span.end)}
    assert not any(start < edge < end for start, end in found for edge in edges)
