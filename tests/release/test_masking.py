"""Masks hide words wherever they stand, and every range keeps what it holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.model import Range, Span
from annotate.release.forms import forms
from annotate.release.masking import MASK, Masks

_PIECES = st.sampled_from(
    ["Marta", "Tel Orrin", "tel", " ", ", ", "said", "👩‍👧", "e\u0301", "Martas", "x", "\n"]
)


@given(st.lists(_PIECES, min_size=1, max_size=25), st.data())
def test_a_range_holds_the_same_after_masking(pieces: list[str], data: st.DataObject) -> None:
    """What a range holds, masked, is what the moved range holds, but for words that it cut."""
    text = "".join(pieces)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    hidden = Masks(["Marta", "Tel Orrin"]).hide(text)
    moved = hidden.moved(Range(start=start, end=end))
    for cut in hidden.cuts:
        start = cut.start if cut.start < start < cut.end else start
        end = cut.end if cut.start < end < cut.end else end
    assert hidden.text[moved.start : moved.end] == Masks(["Marta", "Tel Orrin"]).hide(
        text[start:end]
    ).text or _joined(text, start, end)
    assert "Marta" not in hidden.text
    assert "Tel Orrin" not in hidden.text


def _joined(text: str, start: int, end: int) -> bool:
    """Tell whether the range's edge stands inside a word, which alone reads otherwise."""
    before, behind = text[max(0, start - 1) : start + 1], text[end - 1 : end + 1]
    return (len(before) > 1 and before.replace("_", "a").isalnum()) or (
        len(behind) > 1 and behind.replace("_", "a").isalnum()
    )


def test_masks_have_one_length_and_take_the_whole_word() -> None:
    """The length of a name shows nowhere, nor does a word made from it."""
    hidden = Masks(["Al", "Marta"]).hide("Al met Marta's sister. Alan wrote MARTA. Martas too.")
    assert hidden.text == f"{MASK} met {MASK}'s sister. Alan wrote {MASK}. {MASK} too."


def test_what_stood_inside_a_mask_becomes_the_mask() -> None:
    """A span on one word of a hidden name still fits, and so does one that begins in it."""
    hidden = Masks(["Tel Orrin"]).hide("A baker in Tel Orrin said so")
    inside, into = hidden.moved(Range(start=15, end=20)), hidden.moved(Range(start=15, end=25))
    assert hidden.text[inside.start : inside.end] == MASK
    assert hidden.text[into.start : into.end] == f"{MASK} said"


def _span(text: str, words: str, **attributes: str) -> Span:
    start = text.index(words)
    return Span(
        start=start,
        end=start + len(words),
        marker="unnamed_source",
        attributes=attributes,
        judgement="protected_source",
    )


@pytest.mark.parametrize(
    ("text", "words", "form", "found"),
    [
        ("A baker in Tel Orrin said so.", "A baker in Tel Orrin", "role_only", {"Tel Orrin"}),
        ("“Marta”, a guard at Orrin prison, left.", "“Marta”, a guard at Orrin prison", "pseudonym",
         {"Marta", "Orrin"}),
        ("Umm Salim of Velm spoke.", "Umm Salim of Velm", "pseudonym",
         {"Umm Salim", "Umm", "Salim", "Velm"}),
        ("Guards at the gate spoke.", "Guards at the gate", "role_only", set()),
        ("A guard on C wing spoke.", "A guard on C wing", "role_only", set()),
        ("It rained. Velm bakers spoke. In Velm it rained.", "Velm bakers", "role_only", {"Velm"}),
    ],
)  # fmt: skip
def test_names_and_places_of_a_protected_source_are_found(
    text: str, words: str, form: str, found: set[str]
) -> None:
    """Names inside sentences count, and at their beginning where they surely are names."""
    assert forms(text, [_span(text, words, identity_form=form)]) == found


def test_other_sources_keep_their_names() -> None:
    """Only what is judged to be protected is hidden."""
    text = "A baker in Tel Orrin said so."
    span = _span(text, "A baker in Tel Orrin").replace(judgement="unverifiable_anonymous_source")
    assert forms(text, [span]) == frozenset()
