"""Who reads what: drawn by hash, balanced, and never redrawn."""

from collections import Counter
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.config import Assign
from annotate.errors import UsageError
from annotate.model import Assignment
from annotate.studio.assign import assign

PEOPLE = ("ana", "ben", "cem")
DOCS = [f"d-{number:016x}" for number in range(600)]
SETTINGS = Assign()


def made(
    docs: list[str] = DOCS,
    *,
    existing: tuple[Assignment, ...] = (),
    clusters: dict[str, str] | None = None,
    people: tuple[str, ...] = PEOPLE,
    rules: Assign = SETTINGS,
    seed: int = 1,
    limit: int | None = None,
) -> list[Assignment]:
    return assign(
        docs,
        clusters=clusters or {},
        existing=existing,
        settings=rules,
        people=people,
        seed=seed,
        limit=limit,
    )


def readers(assignments: list[Assignment]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for item in assignments:
        found.setdefault(item.doc_id, set()).add(item.annotator)
    return found


def test_shares_are_those_of_the_settings() -> None:
    """Conditions, overlap and load come out near what was asked for."""
    assignments = made()
    condition = {item.doc_id: item.condition for item in assignments}
    counts = Counter(condition.values())
    assert set(condition) == set(DOCS)
    assert counts["test"] / len(DOCS) == pytest.approx(0.2, abs=0.05)
    assert counts["blind"] / len(DOCS) == pytest.approx(0.15, abs=0.05)
    by_document = readers(assignments)
    assert all(len(by_document[doc]) == 2 for doc in DOCS if condition[doc] == "test")
    others = [len(by_document[doc]) for doc in DOCS if condition[doc] != "test"]
    assert set(others) == {1, 2}
    assert others.count(2) / len(others) == pytest.approx(0.3, abs=0.06)
    load = Counter(item.annotator for item in assignments)
    assert max(load.values()) - min(load.values()) <= 1


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(DOCS), unique=True, max_size=60), st.integers(0, 9))
def test_adding_documents_changes_nothing(first: list[str], seed: int) -> None:
    """What stands stays, and conditions are the same as if all had come at once."""
    before = made(first, seed=seed)
    added = made(DOCS[:80] + first, existing=tuple(before), seed=seed)
    assert {item.doc_id for item in before}.isdisjoint(item.doc_id for item in added)
    together = {item.doc_id: item.condition for item in made(DOCS[:80] + first, seed=seed)}
    assert {item.doc_id: item.condition for item in chain(before, added)} == together
    assert made(first, existing=tuple(before), seed=seed) == []


def test_the_same_input_gives_the_same_assignments_in_any_order() -> None:
    """The order of the documents does not matter, the seed does."""
    assert made(DOCS[::-1]) == made(DOCS)
    assert made(seed=2) != made()


def test_near_duplicates_share_a_condition() -> None:
    """No test document has a twin outside; members that came before decide."""
    clusters = {doc: DOCS[number // 3 * 3] for number, doc in enumerate(DOCS)}
    conditions: dict[str, set[str]] = {}
    for item in made(clusters=clusters):
        conditions.setdefault(clusters[item.doc_id], set()).add(item.condition)
    assert all(len(found) == 1 for found in conditions.values())
    (test,) = [item for item in made(DOCS[:40]) if item.condition == "test"][:1]
    merged = {test.doc_id: "d-new", "d-new": "d-new"}
    (twin,) = {item.condition for item in made(["d-new"], existing=(test,), clusters=merged)}
    assert twin == "test"


def test_a_limit_takes_a_sample_and_the_rest_follows() -> None:
    """The next call goes on where the limit stopped, with the same conditions."""
    first = made(limit=100)
    assert len(readers(first)) == 100
    assert sorted(readers(first)) != DOCS[:100]
    second = made(existing=tuple(first))
    assert set(readers(first)) | set(readers(second)) == set(DOCS)


def test_a_raised_overlap_adds_readers_only() -> None:
    """More overlap gives more readers to some documents and takes none away."""
    first = made(DOCS[:50], rules=Assign(overlap=0.0, test=0.0))
    added = made(DOCS[:50], existing=tuple(first), rules=Assign(overlap=1.0, test=0.0))
    assert len(added) == 50
    assert all(len(names) == 2 for names in readers([*first, *added]).values())


def test_a_new_round_takes_new_documents() -> None:
    """Documents of an earlier round stay with it."""
    first = made(DOCS[:50])
    second = made(DOCS[:60], existing=tuple(first), rules=Assign(round=2))
    assert {item.doc_id for item in second} == set(DOCS[50:60])
    assert {item.round for item in second} == {2}


@pytest.mark.parametrize(
    ("people", "rules", "reason"),
    [
        ((), SETTINGS, "no annotators"),
        (("ana",), SETTINGS, "test documents need 2 annotators, and the team has 1"),
        (("ana",), Assign(test=0.0), "overlap documents need 2 annotators"),
        (PEOPLE, Assign(test=0.7, blind=0.6), "are over 1 together"),
    ],
)
def test_a_team_too_small_is_a_clear_error(
    people: tuple[str, ...], rules: Assign, reason: str
) -> None:
    """The error says what is needed and where to change it."""
    with pytest.raises(UsageError, match=reason):
        made(people=people, rules=rules)


def test_one_person_can_work_alone() -> None:
    """Without tests and overlap a team of one is enough."""
    assignments = made(people=("ana",), rules=Assign(test=0.0, overlap=0.0))
    assert len(assignments) == len(DOCS)
