"""What is settled without a person, and why the rest is not."""

import math
import re
from collections.abc import Mapping, Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate import taxonomy
from annotate.adjudicate.consensus import Consensus, consensus
from annotate.adjudicate.verdicts import reviewed
from annotate.model import (
    AnnotatedSpan,
    Annotation,
    Confidence,
    Document,
    Range,
    Voice,
    document_id,
    text_sha256,
)
from annotate.spans import merge

TEXT = 'Two clerks at the harbour office 👩‍👩‍👧 said so, "the source" added. Critics claimed it.'
KNOWN = {
    "identity_form": "role_only",
    "specificity": "2",
    "reason_for_anonymity": "none",
    "basis_of_knowledge": "unstated",
    "corroboration": "none",
}
MARKERS = taxonomy.load().tier(1)
DOCUMENT = Document(
    doc_id=document_id(TEXT), text=TEXT, text_sha256=text_sha256(TEXT), canonicaliser="1"
)


def span(
    words: str,
    *,
    marker: str = "unnamed_source",
    attributes: Mapping[str, str] = KNOWN,
    voice: Voice = "reporter",
    confidence: Confidence = 3,
    referent: str | None = None,
) -> AnnotatedSpan:
    start, first = TEXT.index(words), TEXT.index(referent) if referent else 0
    return AnnotatedSpan(
        start=start,
        end=start + len(words),
        marker=marker,
        voice=voice,
        confidence=confidence,
        attributes=dict(attributes) if marker == "unnamed_source" else {},
        referent=Range(start=first, end=first + len(referent)) if referent else None,
        span_id=f"{start}-{len(words)}-{marker}",
        origin="manual",
    )


def by(person: str, *spans: AnnotatedSpan, skipped: bool = False) -> Annotation:
    return Annotation(
        annotation_id=person,
        assignment_id=person,
        doc_id=DOCUMENT.doc_id,
        text_sha256=DOCUMENT.text_sha256,
        annotator=person,
        round=1,
        condition="blind",
        guideline_version="1.0",
        taxonomy_version="1",
        submitted_at="2026-02-03T10:00:00Z",
        skipped=skipped,
        spans=spans,
    )


def settled(*annotations: Annotation) -> Consensus:
    return consensus(DOCUMENT, annotations, MARKERS)


def words_of(outcome: Consensus) -> list[str]:
    return [TEXT[item.start : item.end] for item in outcome.gold]


def test_two_who_agree_settle_a_span() -> None:
    """Equal ranges and inputs are gold with their support, members and judgement."""
    outcome = settled(by("ana", span("Two clerks")), by("ben", span("Two clerks")))
    (gold,) = outcome.gold
    assert words_of(outcome) == ["Two clerks"]
    assert (gold.status, gold.support, gold.annotators, len(gold.members)) == ("consensus", 2, 2, 2)
    assert gold.judgement == "unverifiable_anonymous_source"
    assert not outcome.open


@pytest.mark.parametrize("other", ["the source", '"the source"', 'the source" ', "the sourc"])
def test_punctuation_blanks_and_cut_words_settle_themselves(other: str) -> None:
    """Boundary rule B4 and word edges settle what is no real difference."""
    outcome = settled(by("ana", span("the source")), by("ben", span(other)))
    assert words_of(outcome) == ["the source"]


def test_another_word_in_the_range_goes_to_a_person() -> None:
    """With two annotators neither range has a majority."""
    outcome = settled(
        by("ana", span("Two clerks at the harbour office")), by("ben", span("Two clerks at the"))
    )
    assert not outcome.gold
    (left,) = outcome.open
    assert left.reason == "boundary: the ranges differ by more than punctuation and blanks"
    assert TEXT[left.start : left.end] == "Two clerks at the harbour office"


def test_a_word_more_goes_to_a_person_also_against_two() -> None:
    """B4 settles no word, so of three supporters two that agree do not outvote the third."""
    outcome = settled(
        by("ana", span("Two clerks at the harbour")),
        by("ben", span("Two clerks at the harbour")),
        by("cem", span("Two clerks at the harbour office")),
    )
    assert not outcome.gold
    (left,) = outcome.open
    assert left.reason == "boundary: the ranges differ by more than punctuation and blanks"


@pytest.mark.parametrize(("quoted", "expected"), [(2, '"the source"'), (1, "the source")])
def test_more_than_half_of_the_supporters_settle_what_b4_leaves(quoted: int, expected: str) -> None:
    """Paired quotation marks may stay or go by B4: the characters of most supporters count."""
    people = ("ana", "ben", "cem")
    outcome = settled(
        *(
            by(name, span('"the source"' if at < quoted else "the source"))
            for at, name in enumerate(people)
        )
    )
    assert words_of(outcome) == [expected]
    assert outcome.gold[0].support == 3


def test_ranges_that_share_less_than_half_go_to_a_person() -> None:
    """A third whose range has IoU under 0.5 with the others leaves the cluster open."""
    outcome = settled(
        by("ana", span("Two clerks at the harbour office")),
        by("ben", span("Two clerks at the harbour office")),
        by("cem", span("Two")),
    )
    assert [item.reason for item in outcome.open] == ["boundary: the ranges share less than half"]


@pytest.mark.parametrize(("marked", "annotators", "accepted"), [
    (2, 2, True), (1, 2, False), (2, 3, True), (1, 3, False), (3, 4, True), (2, 4, False),
    (4, 5, True), (3, 5, False),
])  # fmt: skip
def test_two_thirds_rounded_up_must_have_marked_it(
    marked: int, annotators: int, *, accepted: bool
) -> None:
    """Support of ceil(2n/3) is accepted, less is open and says how many."""
    outcome = settled(
        *(by(f"p{at}", *([span("Two clerks")] if at < marked else [])) for at in range(annotators))
    )
    assert bool(outcome.gold) == accepted
    if not accepted:
        reason = f"missed: {marked} of {annotators} annotators marked it"
        assert [item.reason for item in outcome.open] == [reason]


def test_another_marker_on_the_same_words_is_a_conflict() -> None:
    """Where two give the same words different markers both are open and name the other."""
    outcome = settled(
        by("ana", span("Critics", marker="unnamed_source")),
        by("ben", span("Critics", marker="vague_collective_source")),
    )
    assert sorted(item.reason for item in outcome.open) == [
        "marker: others chose unnamed_source",
        "marker: others chose vague_collective_source",
    ]


def test_two_markers_that_both_gave_are_no_conflict() -> None:
    """Spans of different markers may overlap."""
    pair = (
        span("claimed it", marker="agentless_attribution"),
        span("claimed it", marker="speculative_attribution"),
    )
    assert len(settled(by("ana", *pair), by("ben", *pair)).gold) == 2


@pytest.mark.parametrize("name", ["reason_for_anonymity", "basis_of_knowledge", "corroboration"])
def test_what_a_rule_reads_must_be_known_and_equal(name: str) -> None:
    """Disagreement or null on an input of a derivation goes to a person."""
    unknown = {key: value for key, value in KNOWN.items() if key != name}
    other = {**KNOWN, name: "documents" if name == "basis_of_knowledge" else "independent_named"}
    for attributes in (unknown, other):
        outcome = settled(
            by("ana", span("Two clerks")), by("ben", span("Two clerks", attributes=attributes))
        )
        assert not outcome.gold
        assert outcome.open[0].reason.startswith(f"attributes: {name} is ")


def test_what_no_rule_reads_is_decided_by_most() -> None:
    """Other attributes take the value of more than half and are absent without one."""
    people = ("pseudonym", "role_only", "role_only"), ("low", "wrongdoing", "violence_or_crime")
    outcome = settled(
        *(
            by(
                f"p{number}",
                span("Two clerks", attributes={**KNOWN, "identity_form": form, "claim_stakes": at}),
            )
            for number, (form, at) in enumerate(zip(*people, strict=True))
        )
    )
    assert outcome.gold[0].attributes["identity_form"] == "role_only"
    assert "claim_stakes" not in outcome.gold[0].attributes


def test_voice_goes_by_most_and_confidence_by_the_least_sure() -> None:
    """A tied voice is the reporter's; a gold span is as sure as its least sure supporter."""
    outcome = settled(
        by("ana", span("Two clerks", voice="quoted_source", confidence=3)),
        by("ben", span("Two clerks", voice="reporter", confidence=1)),
    )
    assert (outcome.gold[0].voice, outcome.gold[0].confidence) == ("reporter", 1)


def test_a_later_mention_inherits_and_points_at_the_gold_span() -> None:
    """A re-mention takes unsaid attributes from its referent, and refers to gold."""
    later = span("the source", attributes={"identity_form": "anaphor"}, referent="Two")
    people = [by(name, span("Two clerks"), later) for name in ("ana", "ben")]
    first, second = settled(*people).gold
    assert second.attributes == {**KNOWN, "identity_form": "anaphor"}
    assert second.judgement == "unverifiable_anonymous_source"
    assert second.referent == Range(start=first.start, end=first.end)


def test_one_annotator_is_single_and_leaves_nothing_open() -> None:
    """What one person read is gold with status single; an unknown input has no judgement."""
    outcome = settled(by("ana", span("Two clerks"), span("the source", attributes={})))
    assert {item.status for item in outcome.gold} == {"single"}
    assert [item.judgement for item in outcome.gold] == ["unverifiable_anonymous_source", None]
    assert not outcome.open


def test_a_skipped_document_was_not_read() -> None:
    """Who skips is no annotator of the document; who submits no spans is one."""
    skipped = settled(by("ana", span("Two clerks")), by("ben", skipped=True))
    assert (skipped.annotators, skipped.gold[0].status) == (1, "single")
    empty = settled(by("ana", span("Two clerks")), by("ben"))
    assert (empty.annotators, empty.open[0].support) == (2, 1)
    assert settled(by("ana", skipped=True)).annotators == 0


def test_overlapping_spans_of_one_person_count_once() -> None:
    """Spans of one marker by one person are merged before anybody counts support."""
    doubled = by("ana", span("Two clerks"), span("clerks"))
    outcome = settled(doubled, by("ben", span("Two clerks")))
    assert words_of(outcome) == ["Two clerks"]
    assert (outcome.gold[0].support, len(outcome.gold[0].members)) == (2, 3)


def test_pieces_of_what_another_marked_whole_go_to_a_person() -> None:
    """Two spans of one person against one of another are a matter of boundaries."""
    outcome = settled(
        by("ana", span("Two clerks"), span("the harbour office")),
        by("ben", span("Two clerks at the harbour office")),
    )
    assert len(outcome.open) == 1
    assert outcome.open[0].reason.startswith("boundary: one annotator has several spans")


def test_an_adjudicator_decides_the_whole_document() -> None:
    """Adjudicated spans are gold with the support that they have; nothing stays open."""
    people = [by("ana", span("Two clerks"), span("Critics")), by("ben", span("Two clerks at"))]
    review = by("judge", span("Two clerks"), span("the source"))
    verdicts = reviewed(DOCUMENT, review, people, MARKERS)
    outcome = consensus(DOCUMENT, people, MARKERS, verdicts)
    assert words_of(outcome) == ["Two clerks", "the source"]
    assert [item.support for item in outcome.gold] == [2, 0]
    assert {item.status for item in outcome.gold} == {"adjudicated"}
    assert (outcome.annotators, outcome.open) == (2, ())


@given(st.permutations(["ana", "ben", "cem"]), st.data())
def test_the_outcome_depends_on_no_order_of_annotators(
    order: list[str], data: st.DataObject
) -> None:
    """Shuffled annotations settle the same spans, and gold spans of a marker never overlap."""
    words = ["Two clerks", "Two", "clerks at the harbour", "the source", "Critics"]
    people = {
        name: by(name, *(span(item) for item in sorted(data.draw(st.sets(st.sampled_from(words))))))
        for name in ("ana", "ben", "cem")
    }
    outcome = settled(*(people[name] for name in order))
    assert outcome == settled(*people.values())
    for first in outcome.gold:
        for second in outcome.gold:
            assert first is second or first.end <= second.start or second.end <= first.start


WORDS = [found.span() for found in re.finditer(r"\w+", TEXT)]
RANGES = st.tuples(st.integers(0, len(WORDS) - 4), st.integers(0, 3)).map(
    lambda drawn: (WORDS[drawn[0]][0], WORDS[drawn[0] + drawn[1]][1])
)


def _iou(first: Sequence[int], second: Sequence[int]) -> float:
    mine, theirs = set(range(*first)), set(range(*second))
    return len(mine & theirs) / len(mine | theirs)


@given(st.lists(st.none() | RANGES, min_size=2, max_size=5))
def test_acceptance_is_what_the_conditions_say(drawn: list[tuple[int, int] | None]) -> None:
    """One range each: accepted as two thirds, IoU and equal words say, counted naively."""
    marker = "named_attribution"
    people = [
        by(f"p{number}", *(span(TEXT[first:last], marker=marker).replace(start=first, end=last)
        for first, last in ([it] if it else [])))
        for number, it in enumerate(drawn)
    ]  # fmt: skip
    marked = [it for it in drawn if it]
    connected = len(merge(Range(start=first, end=last) for first, last in marked)) == 1
    outcome = settled(*people)
    if not connected:
        return
    enough = len(marked) >= math.ceil(2 * len(drawn) / 3)
    near = all(_iou(*pair) >= 0.5 for pair in combinations(marked, 2))
    if enough and near and len(set(marked)) == 1:
        assert [(item.start, item.end) for item in outcome.gold] == marked[:1]
    else:
        assert not outcome.gold
        assert len(outcome.open) == 1
