"""Regions of an export as spans of the document: checked, named, merged."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate import taxonomy
from annotate.formats.foreign import Region, Submission, says
from annotate.formats.foreign_spans import Fitted, Legend, fit
from annotate.spans import overlaps

TEXT = "A pilot 🛥️ and Zoe\u0308 Prask spoke;\nthe harbour office did not."
LEGEND = Legend(taxonomy=taxonomy.load())


def region(words: str, label: str = "Who", **more: Any) -> Region:
    start = TEXT.index(words)
    fields: dict[str, Any] = {"start": start, "end": start + len(words), "quote": words}
    return Region(**{"place": words, "label": label, **fields, **more})


def fitted(*regions: Region, legend: Legend = LEGEND, text: str = TEXT, refused: int = 0) -> Fitted:
    submission = Submission(place="s", person="7", regions=regions, refused=refused)
    return fit(submission, text=text, offset=int, legend=legend, assignment_id="a-1")


def test_a_label_that_is_no_marker_keeps_its_name() -> None:
    """A team can measure agreement on labels of its own."""
    (span,) = fitted(region("Zoe\u0308 Prask", "Who spoke")).spans
    assert TEXT[span.start : span.end] == "Zoe\u0308 Prask"
    assert span.marker == "Who spoke"
    assert span.span_id


def test_a_label_is_a_marker_by_its_name_or_by_the_map() -> None:
    """What is mapped counts as ours, with what its rule concludes."""
    legend = Legend(taxonomy=LEGEND.taxonomy, labels={"Who": "named_attribution"})
    found = fitted(region("A pilot", "unnamed_source"), region("Zoe\u0308 Prask"), legend=legend)
    assert [span.marker for span in found.spans] == ["unnamed_source", "named_attribution"]


def test_markers_only_refuses_other_labels() -> None:
    """By name, each; a submission without anything else is one without spans."""
    legend = Legend(taxonomy=LEGEND.taxonomy, markers_only=True)
    found = fitted(region("A pilot"), legend=legend)
    assert [item.reason for item in found.rejects] == [
        'label "Who" is no marker and mapped to none'
    ]
    assert not found.lost


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"end": 400}, "does not lie in the text's"),
        ({"start": -1}, "does not lie"),
        ({"start": 7, "end": 7}, "does not lie"),
        ({"quote": "A skipper"}, "it quotes “A skipper”, and the text has “A pilot” there"),
    ],
)
def test_a_region_that_does_not_fit_is_refused(changes: dict[str, Any], reason: str) -> None:
    """Then nobody knows what was submitted, unless something else of it fits."""
    found = fitted(region("A pilot", **changes))
    assert reason in found.rejects[0].reason
    assert found.lost
    assert not fitted(region("A pilot", **changes), region("spoke")).lost


def test_a_refused_region_makes_nothing_of_a_submission_without_others() -> None:
    """A submission without spans says that there is nothing; this one does not."""
    assert fitted(refused=1).lost
    assert not fitted().lost


def test_offsets_in_utf_16_are_named_as_such() -> None:
    """Other tools count so: two units for an emoji."""
    start, words = TEXT.index("Prask") + 1, "Prask"
    wrong = region("Prask", start=start, end=start + len(words))
    assert fitted(wrong).rejects[0].reason.endswith("its offsets count UTF-16 units")


@pytest.mark.parametrize(
    ("quote", "passage"),
    [("spoke;\\nthe", "spoke;\nthe"), ("a\u00a0b", "a b"), (" a ", "a"), ("a\\nb", "a\\nb")],
)
def test_a_quote_may_write_blanks_otherwise(quote: str, passage: str) -> None:
    """Label Studio writes a line end as a backslash and an n."""
    assert says(quote, passage)


def test_overlapping_spans_of_one_label_become_one_and_are_counted() -> None:
    """Scores would count their characters twice; the longest keeps its answers."""
    voice = {"voice": "quoted_source"}
    found = fitted(
        region("A pilot", "unnamed_source"),
        region("pilot 🛥️ and", "unnamed_source", answers=voice),
        region("pilot", "Who"),
    )
    assert [(span.marker, TEXT[span.start : span.end]) for span in found.spans] == [
        ("unnamed_source", "A pilot 🛥️ and"),
        ("Who", "pilot"),
    ]
    assert found.spans[0].voice == "quoted_source"
    assert [item.place for item in found.merged] == ["A pilot"]


def test_answers_that_fit_the_marker_are_kept_and_others_counted() -> None:
    """Tables know the attributes of the taxonomy and no others."""
    answers = {
        "confidence": "1",
        "specificity": "1",
        "basis_of_knowledge": "a feeling",
        "mood": "x",
    }
    found = fitted(
        region("A pilot", "unnamed_source", answers=answers), region("spoke", answers=answers)
    )
    ours, theirs = found.spans
    assert (ours.attributes, ours.confidence) == ({"specificity": "1"}, 1)
    assert theirs.attributes == {}
    assert found.ignored["answers to mood"] == 2
    assert found.ignored["answers to basis_of_knowledge"] == 2


PLACES = st.tuples(st.integers(-2, 40), st.integers(-2, 40), st.sampled_from("AB"))


@given(
    st.text(st.sampled_from("ab \n🛥\ufe0fe\u0301\u200d"), max_size=30), st.lists(PLACES, max_size=8)
)
def test_spans_lie_in_the_text_and_never_overlap_their_like(
    text: str, places: list[tuple[int, int, str]]
) -> None:
    """Every region is a span, is merged into one, or is refused."""
    regions = [
        Region(place=str(number), label=label, start=start, end=end, quote=text[start:end])
        for number, (start, end, label) in enumerate(places)
    ]
    found = fitted(*regions, text=text)
    assert len(found.spans) + len(found.merged) + len(found.rejects) == len(regions)
    for number, span in enumerate(found.spans):
        assert 0 <= span.start < span.end <= len(text)
        for other in found.spans[:number]:
            assert span.marker != other.marker or not overlaps(span, other)
