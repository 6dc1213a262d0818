"""The queue: what waits for an adjudicator, in which order, and what is said of it."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.adjudicate.deciding import decide
from annotate.adjudicate.queue import Dossier, docket, dockets
from annotate.docket import Case, Decision

PEOPLE = ("ana", "ben", "cem")


def case_of(desk: Any, dossier: Dossier, marker: str = "unnamed_source") -> Case:
    found = docket(dossier, desk.MARKERS)
    (case,) = (each for each in found.cases if each.marker == marker)
    return case


def test_the_support_names_letters_and_what_they_differ_in(desk: Any) -> None:
    """`2 of 3; reason: A none, B formula_only`: titles as on the page, and no names."""
    other = {**desk.KNOWN, "reason_for_anonymity": "formula_only"}
    case = case_of(
        desk,
        desk.dossier(
            desk.by("ana", desk.marked("Two clerks")),
            desk.by("ben", desk.marked("Two clerks", attributes=other)),
            desk.by("cem"),
        ),
    )
    first, second = sorted(vote.annotator for vote in case.votes)
    told = {vote.annotator: vote.attributes["reason_for_anonymity"] for vote in case.votes}
    assert case.support == f"2 of 3; reason: {first} {told[first]}, {second} {told[second]}"
    assert {first, second} < {"A", "B", "C"}
    assert case.status == "contested"
    assert case.why == "attributes: reason_for_anonymity is formula_only or none"


def test_differing_words_stand_in_the_support(desk: Any) -> None:
    """Who marked which words, shortened where they are many."""
    whole = "the harbour office said the ledger was gone. Critics claimed"
    case = case_of(
        desk,
        desk.dossier(
            desk.by("ana", desk.marked("office", "named_attribution")),
            desk.by("ben", desk.marked(whole, "named_attribution")),
        ),
        "named_attribution",
    )
    assert "“office”" in case.support
    assert "“the harbour office …" in case.support


def test_letters_hold_within_a_document_and_differ_between_documents(desk: Any) -> None:
    """A is one person in all of a document's cases, whoever marked which, and no fixed one."""
    texts = [f"{desk.TEXT} Page {number}." for number in range(12)]
    orders = set()
    for text in texts:
        words = ("Two clerks", "The clerks")
        spans = [desk.marked(each, text=text) for each in words]
        found = docket(
            desk.dossier(
                desk.by("ana", *spans, text=text),
                desk.by("ben", spans[0], text=text),
                desk.by("cem", spans[1], text=text),
                text=text,
            ),
            desk.MARKERS,
        )
        marked = [{vote.annotator for vote in case.votes} for case in found.cases]
        (ana,) = marked[0] & marked[1]
        orders.add(ana)
    assert len(orders) > 1
    assert b"ana" not in msgspec.json.encode(found)


def test_contested_cases_come_first_and_the_rest_stands_beside(desk: Any) -> None:
    """What agrees is shown too, behind what waits, with what it is accepted as."""
    found = docket(
        desk.dossier(
            desk.by("ana", desk.marked("Two clerks"), desk.marked("The clerks")),
            desk.by("ben", desk.marked("Two clerks")),
        ),
        desk.MARKERS,
    )
    assert [case.status for case in found.cases] == ["contested", "agreed"]
    first, second = found.cases
    assert (first.why, second.why) == ("missed: 1 of 2 annotators marked it", None)
    assert desk.TEXT[second.proposed.start : second.proposed.end] == "Two clerks"
    assert second.proposed.attributes == desk.KNOWN


def test_a_tie_is_not_proposed_and_a_majority_is(desk: Any) -> None:
    """Who decides has to say what two say differently; what one left unsaid is proposed."""
    tied = {**desk.KNOWN, "basis_of_knowledge": "hearsay"}
    unsaid = {name: value for name, value in desk.KNOWN.items() if name != "corroboration"}
    case = case_of(
        desk,
        desk.dossier(
            desk.by("ana", desk.marked("Two clerks", attributes=tied)),
            desk.by("ben", desk.marked("Two clerks", attributes=unsaid)),
        ),
    )
    assert "basis_of_knowledge" not in case.proposed.attributes
    assert case.proposed.attributes["corroboration"] == "none"
    assert case.proposed.judgement is None


def test_one_reader_and_those_who_skipped_leave_nothing_to_decide(desk: Any) -> None:
    """Neither a single annotator's document nor a skipped one is queued."""
    alone = desk.dossier(desk.by("ana", desk.marked("Two clerks")), desk.by("ben", skipped=True))
    none = desk.dossier(desk.by("ana", skipped=True), desk.by("ben", skipped=True))
    assert dockets([alone, none], desk.MARKERS) == []


def test_the_queue_begins_with_what_is_worth_most(desk: Any) -> None:
    """Tests before others, rare markers before frequent ones, two of three behind one of two."""
    texts = [f"{desk.TEXT} Page {number}." for number in range(4)]

    def contested(text: str, marker: str, *, condition: str = "blind") -> Dossier:
        span = desk.marked("Critics", marker, text=text)
        readers = (desk.by("ana", span, text=text), desk.by("ben", text=text))
        made: Dossier = desk.dossier(*readers, condition=condition, text=text)
        return made

    frequent = contested(texts[0], "vague_collective_source")
    rare = contested(texts[1], "motive_imputation")
    tested = contested(texts[2], "vague_collective_source", condition="test")
    again = contested(texts[3], "vague_collective_source")
    third = again.replace(annotations=(*again.annotations, desk.by("cem", text=texts[3])))
    found = dockets([frequent, third, rare, tested], desk.MARKERS)
    assert [each.doc_id for each in found[-2:]] == [
        frequent.document.doc_id,
        third.document.doc_id,
    ]
    gains = {each.doc_id: each.gain for each in found}
    assert gains[frequent.document.doc_id] == pytest.approx(1.0)
    assert gains[third.document.doc_id] == pytest.approx(2 / 3, abs=1e-6)
    assert gains[tested.document.doc_id] == pytest.approx(2.0)
    assert gains[rare.document.doc_id] == pytest.approx(1 + 1.584963, abs=1e-6)


def test_what_was_found_ambiguous_is_decided(desk: Any) -> None:
    """An ambiguous case waits no more, and says what was found."""
    dossier = desk.dossier(desk.by("ana", desk.marked("Two clerks")), desk.by("ben"))
    found = docket(dossier, desk.MARKERS)
    said = Decision(case_id=found.cases[0].case_id, outcome="ambiguous")
    ruling = decide(dossier, desk.submitted(found, said), desk.MARKERS)
    after = docket(dossier.replace(verdicts=ruling.verdicts), desk.MARKERS)
    assert (after.waiting, after.cases[0].status, after.cases[0].before) == (
        (),
        "decided",
        "ambiguous",
    )


def test_what_nobody_marks_any_more_waits_again(desk: Any) -> None:
    """A verdict on spans that were withdrawn stands, is stale, and is asked about."""
    marked = desk.dossier(desk.by("ana", desk.marked("Two clerks")), desk.by("ben"))
    found = docket(marked, desk.MARKERS)
    verdicts = decide(marked, desk.as_proposed(found), desk.MARKERS).verdicts
    withdrawn = desk.dossier(desk.by("ana"), desk.by("ben"), verdicts=verdicts)
    (case,) = docket(withdrawn, desk.MARKERS).cases
    assert (case.status, case.before, case.support) == ("stale", "accepted", "0 of 2")
    assert desk.TEXT[case.proposed.start : case.proposed.end] == "Two clerks"


def test_earlier_verdicts_on_like_spans_are_shown(desk: Any) -> None:
    """The likest three of the same marker, never the case's own, with what was decided."""
    texts = [f"{word} clerks at the harbour office said so. The ferry sailed." for word in (
        "Two", "Three", "Four", "Five", "Six")]  # fmt: skip
    decided = []
    for number, text in enumerate(texts[:4]):
        words = "clerks at the harbour office" if number else "clerks"
        span = desk.marked(words, text=text)
        dossier = desk.dossier(
            desk.by("ana", span, text=text), desk.by("ben", text=text), text=text
        )
        case = docket(dossier, desk.MARKERS).cases[0]
        said = Decision(
            case_id=case.case_id,
            outcome="rejected" if number == 1 else "ambiguous",
            reason="guideline_gap",
            note="why",
        )
        given = desk.submitted(docket(dossier, desk.MARKERS), said)
        decided.append(dossier.replace(verdicts=decide(dossier, given, desk.MARKERS).verdicts))
    span = desk.marked("clerks at the harbour office", text=texts[4])
    new = desk.dossier(
        desk.by("ana", span, text=texts[4]), desk.by("ben", text=texts[4]), text=texts[4]
    )
    (waiting,) = dockets([*decided, new], desk.MARKERS)
    precedents = waiting.cases[0].precedents
    assert {each.quote for each in precedents} == {"clerks at the harbour office"}
    assert len(precedents) == 3
    assert {(each.outcome, each.decided_as) for each in precedents} == {
        ("rejected", "not marked"),
        ("ambiguous", "ambiguous: both readings hold"),
    }
    assert {(each.reason, each.note) for each in precedents} == {("guideline_gap", "why")}
    assert dockets([new, *decided[::-1]], desk.MARKERS)[0].cases == waiting.cases


@given(st.permutations(PEOPLE), st.data())
def test_the_queue_depends_on_no_order(desk: Any, order: list[str], data: st.DataObject) -> None:
    """Shuffled annotations and documents give the same dockets, byte for byte."""
    words = ("Two clerks", "Two", "clerks at the harbour", "Critics", "The clerks")
    texts = [desk.TEXT, f"{desk.TEXT} Again."]
    drawn = {
        (text, name): desk.by(
            name,
            *(desk.marked(each, text=text) for each in data.draw(st.sets(st.sampled_from(words)))),
            text=text,
        )
        for text in texts
        for name in PEOPLE
    }

    def made(people: tuple[str, ...], of: list[str]) -> bytes:
        dossiers = [desk.dossier(*(drawn[text, name] for name in people), text=text) for text in of]
        return msgspec.json.encode(dockets(dossiers, desk.MARKERS))

    assert made(tuple(order), texts[::-1]) == made(PEOPLE, texts)
