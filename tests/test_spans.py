"""The algebra on ranges: laws that hold for every text and every range."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate import spans
from annotate.model import Range

EDGES = st.integers(0, 60)
RANGES = st.builds(
    lambda start, length: Range(start=start, end=start + length), EDGES, st.integers(1, 20)
)
LETTERS = st.text(alphabet="ab \n.,“”()'\"*é👩\u200d\u0301_", min_size=1, max_size=40)


@st.composite
def texts_with_a_range(draw: st.DrawFn) -> tuple[str, Range]:
    text = draw(LETTERS)
    start = draw(st.integers(0, len(text) - 1))
    return text, Range(start=start, end=draw(st.integers(start + 1, len(text))))


def characters(*ranges: Range) -> set[int]:
    return {at for item in ranges for at in range(item.start, item.end)}


@given(RANGES, RANGES)
def test_overlap_counts_the_shared_characters(first: Range, second: Range) -> None:
    """Overlap is the size of the intersection, IoU its share of the union; both symmetric."""
    both = characters(first) & characters(second)
    assert spans.overlap(first, second) == spans.overlap(second, first) == len(both)
    assert spans.overlaps(first, second) == bool(both)
    assert spans.iou(first, second) == len(both) / len(characters(first, second))


@given(RANGES, RANGES)
def test_within_is_the_subset_relation(first: Range, second: Range) -> None:
    """A range lies within another when all of its characters do; it then covers nothing less."""
    assert spans.within(first, second) == (characters(first) <= characters(second))
    assert spans.covers(second, first, share=1.0) == spans.within(first, second)


@given(st.lists(RANGES, max_size=8))
def test_merging_keeps_the_characters_and_leaves_no_overlap(ranges: list[Range]) -> None:
    """Merged ranges hold the same characters, never overlap, and merge to themselves."""
    merged = spans.merge(ranges)
    assert characters(*merged) == characters(*ranges)
    assert sum(item.end - item.start for item in merged) == len(characters(*ranges))
    assert spans.merge(merged) == merged
    assert spans.merge(ranges + ranges) == merged


def test_touching_ranges_stay_apart() -> None:
    """Ranges that share an edge and no character are not merged."""
    touching = [Range(start=0, end=5), Range(start=5, end=9)]
    assert spans.merge(touching) == touching


@given(st.lists(RANGES, max_size=8))
def test_components_are_apart_and_connected(ranges: list[Range]) -> None:
    """Every range is in one group; no two groups share a character."""
    groups = spans.components(ranges)
    assert sorted(item for group in groups for item in group) == sorted(ranges)
    for number, group in enumerate(groups):
        for other in groups[number + 1 :]:
            assert not characters(*group) & characters(*other)
        assert len(spans.merge(group)) == 1


@given(st.lists(RANGES, min_size=1, max_size=6))
def test_the_majority_is_marked_by_more_than_half(ranges: list[Range]) -> None:
    """Each character of the majority has more than half of the votes, and none beside it does."""

    def wins(at: int) -> bool:
        return 2 * sum(item.start <= at < item.end for item in ranges) > len(ranges)

    found = spans.majority(ranges)
    if found is None:
        assert not any(wins(at) for at in characters(*ranges))
        return
    assert all(wins(at) for at in characters(found))
    assert not wins(found.start - 1)
    assert not wins(found.end)


def test_the_longest_of_several_majorities_is_given() -> None:
    """Two stretches can have a majority: the longer one is given, of equals the first."""
    ranges = [Range(start=0, end=20), Range(start=0, end=4), Range(start=10, end=20)]
    assert spans.majority(ranges) == Range(start=10, end=20)
    ranges = [Range(start=0, end=20), Range(start=0, end=4), Range(start=16, end=20)]
    assert spans.majority(ranges) == Range(start=0, end=4)


@given(texts_with_a_range())
def test_trimming_is_stable_and_leaves_no_blank_edge(drawn: tuple[str, Range]) -> None:
    """A trimmed range lies in the old one, has no blank at an edge, and trims to itself."""
    text, span = drawn
    trimmed = spans.trim(text, span)
    if trimmed is None:
        assert not any(text[at].isalnum() for at in characters(span))
        return
    assert spans.within(trimmed, span)
    words = text[trimmed.start : trimmed.end]
    assert words == words.strip()
    assert spans.trim(text, trimmed) == trimmed


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (" the clerk, ", "the clerk"),
        ("“the clerk”", "“the clerk”"),
        ("“the clerk", "the clerk"),
        ("(a clerk) said", "(a clerk) said"),
        ("a clerk)", "a clerk"),
        (") said (", "said"),
        ("**a clerk**", "a clerk"),
        ("the workers'", "the workers"),
        ("\ufeffa clerk\u200b", "a clerk"),
        ("…", None),
        ("the U.N.,", "the U.N."),
        ("a clerk of class B.", "a clerk of class B"),
    ],
)
def test_edge_punctuation_goes_and_pairs_stay(words: str, left: str | None) -> None:
    """Boundary rule B4: edge punctuation and blanks out, quotation marks only as a pair."""
    trimmed = spans.trim(words, Range(start=0, end=len(words)))
    assert (words[trimmed.start : trimmed.end] if trimmed else None) == left


@pytest.mark.parametrize(
    ("words", "behind", "whole"),
    [
        ("the U.N", ". Nobody", "the U.N."),
        ("a clerk", ". Nobody", "a clerk"),
        ("the Harbour Union", " (HU) said", "the Harbour Union (HU)"),
        ("Ada Kranz", " (@kranz) said", "Ada Kranz (@kranz)"),
        ("Ada Kranz", " (L-Tarn), mayor", "Ada Kranz (L-Tarn)"),
        ("the clerk", " (HU) said", "the clerk"),
        ("the Union [HU", "] said", "the Union [HU]"),
        ("the Union", " (which left) said", "the Union"),
    ],
)
def test_completing_takes_in_what_belongs_to_the_last_word(
    words: str, behind: str, whole: str
) -> None:
    """The stop of initials, a bracket that is open inside, an abbreviation in brackets."""
    text = words + behind
    span = spans.complete(text, Range(start=0, end=len(words)))
    assert text[span.start : span.end] == whole


@given(texts_with_a_range())
def test_snapping_only_widens_and_cuts_no_word(drawn: tuple[str, Range]) -> None:
    """A snapped range holds the old one, snaps to itself, and stands between words."""
    text, span = drawn
    snapped = spans.snap(text, span)
    assert spans.within(span, snapped)
    assert spans.snap(text, snapped) == snapped
    for edge in (snapped.start, snapped.end):
        before, after = text[edge - 1 : edge], text[edge : edge + 1]
        assert not (before.isalnum() and after.isalnum()) or edge in (0, len(text))


def test_snapping_keeps_an_accent_with_its_letter() -> None:
    """A combining accent is part of the word, so no range ends between letter and accent."""
    text = "Rene\u0301 spoke"
    assert spans.snap(text, Range(start=0, end=4)) == Range(start=0, end=5)
