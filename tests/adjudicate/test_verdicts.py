"""Verdicts over time: none is lost, a later one replaces, changed ground makes them stale."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from annotate.adjudicate.consensus import consensus
from annotate.adjudicate.deciding import decide
from annotate.adjudicate.queue import Dossier, docket, dockets
from annotate.adjudicate.verdicts import reviewed, standing
from annotate.docket import WAITING, Decided, Decision
from annotate.model import Outcome, Verdict

PEOPLE = ("ana", "ben", "cem")
OUTCOMES: tuple[Outcome | None, ...] = ("accepted", "rejected", "ambiguous", None)
SPANS = (
    ("Two clerks", "unnamed_source"),
    ("Two", "unnamed_source"),
    ("clerks at the harbour office", "unnamed_source"),
    ("Critics", "vague_collective_source"),
    ("Critics claimed", "agentless_attribution"),
    ("Mayor Ilse Brandt", "named_attribution"),
    ("Ilse Brandt", "named_attribution"),
)


@st.composite
def readings(draw: st.DrawFn, desk: Any, people: Sequence[str] = PEOPLE) -> Dossier:
    """Draw what some people marked in the text."""
    chosen = [sorted(draw(st.sets(st.sampled_from(SPANS)))) for _ in people]
    made: Dossier = desk.dossier(
        *(
            desk.by(name, *(desk.marked(*each) for each in marked))
            for name, marked in zip(people, chosen, strict=True)
        )
    )
    return made


def with_verdicts(desk: Any, dossier: Dossier, *given: Decided) -> Dossier:
    """Decide in that order, each on what is there then."""
    for each in given:
        made = decide(dossier, each, desk.MARKERS).verdicts
        known = {item.verdict_id: item for item in (*dossier.verdicts, *made)}
        dossier = dossier.replace(verdicts=tuple(known.values()))
    return dossier


def settled(desk: Any, dossier: Dossier, verdicts: Sequence[Verdict]) -> Any:
    return consensus(dossier.document, dossier.annotations, desk.MARKERS, verdicts)


@given(st.data())
def test_deciding_everything_as_proposed_leaves_nothing_to_decide(
    desk: Any, data: st.DataObject
) -> None:
    """Out, accepted, and in again: no case waits, every open span is gold, nothing is stale."""
    dossier = data.draw(readings(desk))
    before = docket(dossier, desk.MARKERS)
    ruling = decide(dossier, desk.as_proposed(before), desk.MARKERS)
    after = dossier.replace(verdicts=ruling.verdicts)
    assert (ruling.rejects, ruling.undecided) == ((), ())
    assert dockets([after], desk.MARKERS) == []
    outcome = settled(desk, dossier, ruling.verdicts)
    assert (outcome.open, outcome.stale) == ((), ())
    assert {(it.marker, it.start, it.end) for it in outcome.gold} == {
        (it.proposed.marker, it.proposed.start, it.proposed.end) for it in before.cases
    }


@given(st.data())
def test_deciding_again_what_was_decided_changes_nothing(desk: Any, data: st.DataObject) -> None:
    """The same submission gives the same verdicts, whatever else is known by then."""
    dossier = data.draw(readings(desk))
    given = desk.as_proposed(docket(dossier, desk.MARKERS))
    once = with_verdicts(desk, dossier, given)
    assert with_verdicts(desk, once, given) == once


@given(st.data())
def test_no_order_of_submissions_matters(desk: Any, data: st.DataObject) -> None:
    """The newest decision on a case stands, in whichever order they come in."""
    dossier = data.draw(readings(desk))
    cases = docket(dossier, desk.MARKERS).cases
    submissions = [
        desk.submitted(
            docket(dossier, desk.MARKERS),
            *(
                Decision(
                    case_id=case.case_id,
                    outcome=outcome,
                    spans=(desk.filled(case.proposed),) if outcome == "accepted" else (),
                )
                for case in cases
                if (outcome := data.draw(st.sampled_from(OUTCOMES)))
            ),
            whole=data.draw(st.sampled_from((None, None, "rejected", "accepted"))),
            at=f"2026-03-0{day}T10:00:00+0{day}:00",
            by=by,
        )
        for day, by in enumerate(("dana", "emil", "dana"), start=1)
    ]
    first = with_verdicts(desk, dossier, *submissions)
    shuffled = data.draw(st.permutations(submissions))
    second = with_verdicts(desk, dossier, *shuffled)
    assert standing(first.verdicts) == standing(second.verdicts)
    assert settled(desk, dossier, first.verdicts) == settled(desk, dossier, second.verdicts)


@given(st.data())
def test_a_verdict_outlives_whatever_annotators_change(desk: Any, data: st.DataObject) -> None:
    """After any change each verdict stands; its case is stale where the ground is another."""
    dossier = data.draw(readings(desk))
    ruled = with_verdicts(desk, dossier, desk.as_proposed(docket(dossier, desk.MARKERS)))
    people = data.draw(st.integers(0, 4))
    now = data.draw(readings(desk, (*PEOPLE, "dov")[:people]))
    changed = now.replace(verdicts=ruled.verdicts)
    assert standing(changed.verdicts).verdicts == standing(ruled.verdicts).verdicts
    outcome = settled(desk, changed, changed.verdicts)
    gold = [(it.marker, it.start, it.end) for it in outcome.gold]
    for item in standing(ruled.verdicts).verdicts:
        for span in item.spans:
            assert any(
                marker == span.marker and start <= span.start and span.end <= end
                for marker, start, end in gold
            )
    cases = docket(changed, desk.MARKERS).cases
    stale = [case for case in cases if case.status == "stale"]
    assert bool(stale) == bool(outcome.stale)
    grounds = {item.ground for item in standing(ruled.verdicts).verdicts}
    for case in cases:
        if case.status == "decided":
            assert case.ground in grounds
    again = with_verdicts(
        desk, changed, desk.as_proposed(docket(changed, desk.MARKERS), at=desk.LATE)
    )
    assert not any(case.status in WAITING for case in docket(again, desk.MARKERS).cases)
    assert {item.verdict_id for item in changed.verdicts} <= {
        item.verdict_id for item in again.verdicts
    }


@given(st.data())
def test_a_review_of_the_whole_document_is_all_that_stands(desk: Any, data: st.DataObject) -> None:
    """Every cluster is decided by it, and gold is what it marked."""
    dossier = data.draw(readings(desk))
    review = data.draw(readings(desk, ["dana"])).annotations[0]
    verdicts = reviewed(dossier.document, review, dossier.annotations, desk.MARKERS)
    outcome = settled(desk, dossier, verdicts)
    alone = settled(desk, desk.dossier(review), ())
    assert (outcome.open, outcome.reviewed, outcome.stale) == ((), True, ())
    assert [(it.marker, it.start, it.end) for it in outcome.gold] == [
        (it.marker, it.start, it.end) for it in alone.gold
    ]
    assert dockets([dossier.replace(verdicts=tuple(verdicts))], desk.MARKERS) == []


def test_a_time_with_a_fraction_is_later_than_one_without(desk: Any) -> None:
    """Times are compared as times: a letter Z sorts behind a full stop."""
    dossier = desk.dossier(desk.by("ana", desk.marked("Two clerks")), desk.by("ben"))
    review = [desk.by("dana"), desk.by("dana", desk.marked("Two clerks"))]
    times = ["2026-03-01T10:00:00Z", "2026-03-01T10:00:00.500000Z"]
    made = [
        item
        for each, at in zip(review, times, strict=True)
        for item in reviewed(
            dossier.document, each.replace(submitted_at=at), dossier.annotations, desk.MARKERS
        )
    ]
    assert len(settled(desk, dossier, made).gold) == 1
