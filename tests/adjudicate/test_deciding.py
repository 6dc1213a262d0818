"""What an adjudicator submits: verdicts exactly so, or a reason why not."""

from typing import Any

import pytest

from annotate.adjudicate.consensus import Consensus, consensus
from annotate.adjudicate.deciding import Ruling, decide
from annotate.adjudicate.queue import Dossier, docket
from annotate.docket import Decision, Docket
from annotate.model import Outcome, Span


@pytest.fixture
def contested(desk: Any) -> Dossier:
    """Two clerks differ in a reason, one saw critics, both saw the mayor."""
    other = {**desk.KNOWN, "reason_for_anonymity": "formula_only"}
    mayor = desk.marked("Mayor Ilse Brandt", "named_attribution")
    dossier: Dossier = desk.dossier(
        desk.by("ana", desk.marked("Two clerks"), mayor),
        desk.by(
            "ben",
            desk.marked("Two clerks", attributes=other),
            desk.marked("Critics", "vague_collective_source"),
            mayor,
        ),
    )
    return dossier


def name_of(found: Docket, marker: str) -> str:
    return next(case.case_id for case in found.cases if case.marker == marker)


def ruled(desk: Any, dossier: Dossier, *decisions: Decision, **others: Any) -> Ruling:
    given = desk.submitted(docket(dossier, desk.MARKERS), *decisions, **others)
    return decide(dossier, given, desk.MARKERS)


def outcome_of(desk: Any, dossier: Dossier, ruling: Ruling) -> Consensus:
    return consensus(dossier.document, dossier.annotations, desk.MARKERS, ruling.verdicts)


def words(desk: Any, outcome: Consensus) -> dict[str, str]:
    return {desk.TEXT[span.start : span.end]: span.status for span in outcome.gold}


def test_accept_move_relabel_reject_and_add_come_back_exactly_so(
    desk: Any, contested: Dossier
) -> None:
    """Each decision is one verdict on its case; gold is what was said, and nothing waits."""
    found = docket(contested, desk.MARKERS)
    clerks, critics = (name_of(found, it) for it in ("unnamed_source", "vague_collective_source"))
    moved = desk.marked("Two clerks at the harbour office")
    relabelled = desk.marked("Critics claimed", "agentless_attribution")
    added = desk.marked("The clerks")
    ruling = ruled(
        desk,
        contested,
        Decision(case_id=clerks, outcome="accepted", reason="boundary", spans=(_plain(moved),)),
        Decision(case_id=critics, outcome="modified", spans=(_plain(relabelled),), note="a cue"),
        Decision(outcome="accepted", spans=(_plain(added),)),
    )
    assert (ruling.rejects, ruling.undecided) == ((), ())
    told = {item.marker: (item.outcome, item.reason, item.note) for item in ruling.verdicts[:1]}
    assert told == {"unnamed_source": ("modified", "boundary", None)}
    assert [item.reason for item in ruling.verdicts] == ["boundary", "missed", None]
    assert words(desk, outcome_of(desk, contested, ruling)) == {
        "Two clerks at the harbour office": "adjudicated",
        "Critics claimed": "adjudicated",
        "The clerks": "adjudicated",
        "Mayor Ilse Brandt": "consensus",
    }


def _plain(span: Span) -> Span:
    return Span(start=span.start, end=span.end, marker=span.marker, attributes=span.attributes)


def test_accepted_without_spans_is_accepted_as_proposed(desk: Any, contested: Dossier) -> None:
    """The short form of JSON lines; a tie has to be said."""
    found = docket(contested, desk.MARKERS)
    short = [
        Decision(case_id=name_of(found, it), outcome="accepted")
        for it in ("vague_collective_source", "unnamed_source")
    ]
    ruling = ruled(desk, contested, *short)
    assert [(it.marker, it.outcome) for it in ruling.verdicts] == [
        ("vague_collective_source", "accepted")
    ]
    (reject,) = ruling.rejects
    assert reject.reason.startswith("reason_for_anonymity is not known; legal: none, formula_only")
    (waits,) = ruling.undecided
    assert waits.endswith(
        "no verdict on unnamed_source “Two clerks” "
        "(attributes: reason_for_anonymity is formula_only or none)"
    )


def test_who_submits_nothing_is_told_what_waits(desk: Any, contested: Dossier) -> None:
    """No decisions are no verdicts; a sentence for each contested case says so."""
    ruling = ruled(desk, contested)
    assert (ruling.verdicts, ruling.rejects, len(ruling.undecided)) == ((), (), 2)
    assert all("no verdict on" in line for line in ruling.undecided)


@pytest.mark.parametrize("outcome", ["accepted", "rejected"])
def test_a_genuine_ambiguity_counts_against_nobody(
    desk: Any, contested: Dossier, outcome: Outcome
) -> None:
    """Whatever is decided there: the place is spared, and it is not open for that."""
    name = name_of(docket(contested, desk.MARKERS), "vague_collective_source")
    said = Decision(case_id=name, outcome=outcome, reason="genuine_ambiguity")
    left = outcome_of(desk, contested, ruled(desk, contested, said))
    assert [desk.TEXT[it.start : it.end] for it in left.spared] == ["Critics"]
    assert "Critics" not in [desk.TEXT[it.start : it.end] for it in left.open]
    plain = outcome_of(desk, contested, ruled(desk, contested, said.replace(reason="missed")))
    assert plain.spared == ()
    assert plain.gold == left.gold


@pytest.mark.parametrize("outcome", ["rejected", "ambiguous"])
def test_rejected_and_ambiguous_leave_no_gold(
    desk: Any, contested: Dossier, outcome: Outcome
) -> None:
    """Explicit rejection; what is ambiguous stays open, is decided, and blames nobody."""
    name = name_of(docket(contested, desk.MARKERS), "vague_collective_source")
    ruling = ruled(desk, contested, Decision(case_id=name, outcome=outcome))
    left = outcome_of(desk, contested, ruling)
    assert "Critics" not in words(desk, left)
    reasons = [item.reason.split(":")[0] for item in left.open]
    assert reasons == ["attributes"] + ["ambiguous"] * (outcome == "ambiguous")
    assert ruling.verdicts[0].blameless == (outcome == "ambiguous")


def test_a_whole_document_can_be_rejected(desk: Any, contested: Dossier) -> None:
    """Nothing of it stands, also not what agreed, and nothing of it waits."""
    name = name_of(docket(contested, desk.MARKERS), "vague_collective_source")
    beside = Decision(case_id=name, outcome="accepted")
    ruling = ruled(desk, contested, beside, whole="rejected")
    left = outcome_of(desk, contested, ruling)
    assert (left.gold, left.open, ruling.undecided) == ((), (), ())
    after = docket(contested.replace(verdicts=ruling.verdicts), desk.MARKERS)
    assert {case.before for case in after.cases} == {"rejected"}


def test_answers_about_the_document_count_as_read_to_its_end(desk: Any, contested: Dossier) -> None:
    """Document attributes make a verdict on the whole, of legal values only."""
    given = desk.submitted(docket(contested, desk.MARKERS))
    ruling = decide(
        contested, given.replace(document_attributes={"response_sought": "yes"}), desk.MARKERS
    )
    assert outcome_of(desk, contested, ruling).document_attributes == {"response_sought": "yes"}
    wrong = given.replace(document_attributes={"response_sought": "perhaps"})
    (reject,) = decide(contested, wrong, desk.MARKERS).rejects
    assert reject.reason.startswith('response_sought "perhaps" is not known')


def test_a_decision_on_changed_ground_is_kept_and_stale(desk: Any, contested: Dossier) -> None:
    """Somebody else's span came between: the verdict stands, and is asked about again."""
    before = docket(contested, desk.MARKERS)
    given = desk.submitted(
        before,
        Decision(case_id=name_of(before, "vague_collective_source"), outcome="rejected"),
    )
    late = desk.by("cem", desk.marked("Critics", "vague_collective_source"))
    now = contested.replace(annotations=(*contested.annotations, late))
    ruling = decide(now, given, desk.MARKERS)
    assert (len(ruling.verdicts), ruling.rejects) == (1, ())
    after = docket(now.replace(verdicts=ruling.verdicts), desk.MARKERS)
    status = {case.marker: (case.status, case.before) for case in after.cases}
    assert status["vague_collective_source"] == ("stale", "rejected")
    outcome = outcome_of(desk, now, ruling)
    assert "Critics" not in words(desk, outcome)
    assert outcome.stale == (ruling.verdicts[0].verdict_id,)


def test_spans_of_one_marker_that_overlap_are_joined_or_refused(
    desk: Any, contested: Dossier
) -> None:
    """What says the same becomes one span; what differs is refused with both places."""
    name = name_of(docket(contested, desk.MARKERS), "vague_collective_source")
    first = _plain(desk.marked("Critics claimed", "vague_collective_source"))
    second = _plain(desk.marked("Critics claimed a cover-up", "vague_collective_source"))

    def said(*spans: Span) -> Ruling:
        decision = Decision(case_id=name, outcome="modified", spans=spans)
        return ruled(desk, contested, decision)

    (made,) = said(first, second).verdicts
    assert [(it.start, it.end) for it in made.spans] == [(second.start, second.end)]
    (refused,) = said(first, second.replace(voice="quoted_source")).rejects
    places = f"{first.start}-{first.end} and {second.start}-{second.end}"
    assert refused.reason == (
        f"spans {places} of vague_collective_source overlap and differ; make them one"
    )


def test_an_added_span_on_a_case_of_its_marker_decides_it(desk: Any, contested: Dossier) -> None:
    """Who deletes a span and draws it anew has decided its case: one verdict, not two."""
    name = name_of(docket(contested, desk.MARKERS), "vague_collective_source")
    drawn = _plain(desk.marked("Critics claimed", "vague_collective_source"))
    for said in ([Decision(case_id=name, outcome="rejected")], []):
        ruling = ruled(desk, contested, *said, Decision(outcome="accepted", spans=(drawn,)))
        (made,) = ruling.verdicts
        assert desk.TEXT[made.start : made.end] == "Critics claimed"
        assert (len(made.spans), len(ruling.undecided)) == (1, 1)


def test_a_later_mention_takes_what_is_unsaid_from_the_first(desk: Any, contested: Dossier) -> None:
    """An anaphor has the attributes of its referent, and then its judgement."""
    found = docket(contested, desk.MARKERS)
    first = _plain(desk.marked("Two clerks"))
    later = Span(
        start=desk.TEXT.index("The clerks"),
        end=desk.TEXT.index("The clerks") + 10,
        marker="unnamed_source",
        attributes={"identity_form": "anaphor"},
        referent=Span(start=first.start, end=first.end, marker="unnamed_source"),
    )
    ruling = ruled(
        desk,
        contested,
        Decision(case_id=name_of(found, "unnamed_source"), outcome="accepted", spans=(first,)),
        Decision(outcome="accepted", spans=(later,)),
    )
    assert ruling.rejects == ()
    (span,) = ruling.verdicts[1].spans
    assert span.attributes == {**desk.KNOWN, "identity_form": "anaphor"}
    assert span.judgement == "unverifiable_anonymous_source"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"end": 9_999}, "end 9999 is behind the text's end"),
        ({"marker": "vague_collective_sourc"}, "did you mean vague_collective_source?"),
        ({"attributes": {"form": "full"}}, 'attribute "form" is not known; legal:'),
        ({"start": 57, "end": 59}, "57-59 holds no word"),
        ({"start": 0, "end": 3}, "a span stands away from the case"),
        ({"marker": "unnamed_source"}, "identity_form is not known; legal: no_name, pseudonym"),
        (
            {"marker": "named_attribution", "attributes": {"form": "fully"}},
            'form "fully" is not known (did you mean full?); legal: full, short',
        ),
    ],
)
def test_a_span_that_does_not_hold_is_refused_with_the_legal_values(
    desk: Any, contested: Dossier, change: dict[str, Any], reason: str
) -> None:
    """Bounds, marker, attributes and values; the case then waits as before."""
    name = name_of(docket(contested, desk.MARKERS), "vague_collective_source")
    span = _plain(desk.marked("Critics", "vague_collective_source")).replace(**change)
    ruling = ruled(desk, contested, Decision(case_id=name, outcome="modified", spans=(span,)))
    assert (ruling.verdicts, len(ruling.undecided)) == ((), 2)
    (reject,) = ruling.rejects
    assert reason in reject.reason
    assert reject.place == f"document {contested.document.doc_id}, case {name}"


def test_decisions_that_cannot_be_placed_are_refused(desk: Any, contested: Dossier) -> None:
    """An unknown case, a case twice, a rejection with spans, and an addition of nothing."""
    name = name_of(docket(contested, desk.MARKERS), "vague_collective_source")
    span = _plain(desk.marked("Critics", "vague_collective_source"))
    ruling = ruled(
        desk,
        contested,
        Decision(case_id="case-1", outcome="rejected"),
        Decision(case_id=name, outcome="rejected", spans=(span,)),
        Decision(outcome="rejected"),
        Decision(case_id=name, outcome="rejected"),
        Decision(case_id=name, outcome="ambiguous"),
    )
    assert [item.outcome for item in ruling.verdicts] == ["rejected"]
    unknown, spans, nothing, twice = (item.reason for item in ruling.rejects)
    assert unknown.startswith('case "case-1" is not known; legal: ')
    assert spans == "rejected and yet it has spans"
    assert nothing == "names no case and adds no span"
    assert twice == "decided twice; the first decision counts"


def test_another_text_a_broken_time_and_an_illegal_whole_are_refused(
    desk: Any, contested: Dossier
) -> None:
    """A submission that cannot be held against the document gives no verdict."""
    given = desk.submitted(docket(contested, desk.MARKERS), whole="rejected")
    for wrong, reason in (
        (given.replace(text_sha256="0" * 64), "its text is another than the one"),
        (given.replace(decided_at="yesterday"), 'decided_at "yesterday" is no time like'),
        (given.replace(whole="modified"), 'whole "modified" is not known; legal: accepted'),
    ):
        ruling = decide(contested, wrong, desk.MARKERS)
        assert (ruling.verdicts, len(ruling.undecided)) == ((), 2)
        assert reason in ruling.rejects[0].reason


def test_what_annotators_left_unsettled_and_no_rule_reads_may_stay_unknown(desk: Any) -> None:
    """Divided on the stakes, which are optional, they agree on the rest: no extra question."""
    other = {**desk.KNOWN, "claim_stakes": "wrongdoing"}
    dossier = desk.dossier(
        desk.by("ana", desk.marked("Two clerks")),
        desk.by("ben", desk.marked("Two clerks at the harbour", attributes=other)),
    )
    found = docket(dossier, desk.MARKERS)
    ruling = ruled(desk, dossier, Decision(case_id=found.cases[0].case_id, outcome="accepted"))
    assert (len(ruling.verdicts), ruling.rejects) == (1, ())
