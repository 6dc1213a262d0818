"""Migrations as data: steps in order, spans that stay where they are, problems that are named."""

from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from annotate import taxonomy
from annotate.errors import InvalidFile
from annotate.migrated import moved, traced
from annotate.migration import Migration, joined, load, whole
from annotate.model import Range, Span
from annotate.spans import overlaps

KNOWN = taxonomy.load()
NAMES = KNOWN.names
ENDS = st.tuples(st.integers(0, 40), st.integers(1, 12))


def migration(*steps: dict[str, Any], since: str = "0", to: str = KNOWN.version) -> Migration:
    told = {"name": "try", "since": since, "to": to, "why": "it was asked for", "steps": steps}
    return msgspec.convert(told, Migration)


def span(start: int = 0, end: int = 5, marker: str = "unnamed_source", **more: Any) -> Span:
    return Span(start=start, end=end, marker=marker, **more)


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    names = st.sampled_from(["old", "unnamed_source", "named_attribution", "motive_imputation"])
    return [
        span(start, start + length, draw(names), attributes=draw(st.sampled_from([{}, FULL])))
        for start, length in draw(st.lists(ENDS, max_size=8))
    ]


FULL = {"form": "full"}
STEPS: list[dict[str, Any]] = [
    {"rename": {"marker": "old", "to": "unnamed_source"}},
    {"merge": {"markers": ["old", "motive_imputation"], "to": "named_attribution"}},
    {"retire": {"marker": "motive_imputation"}},
    {"values": {"marker": "named_attribution", "attribute": "form", "to": {"full": "short"}}},
    {
        "split": {
            "marker": "named_attribution",
            "by": "form",
            "into": {"full": "unnamed_source"},
            "otherwise": "vague_collective_source",
        }
    },
]
LISTS = st.lists(st.sampled_from(STEPS), max_size=5)


@given(spans(), LISTS)
def test_steps_apply_in_their_order(given: list[Span], steps: list[dict[str, Any]]) -> None:
    """A migration of several steps is each of them after the other."""
    together = migration(*steps)
    for item in given:
        one: Span | None = item
        for step in steps:
            one = migration(step).span(one) if one else None
        assert together.span(item) == one


@given(spans(), LISTS)
def test_a_span_stays_where_it_is(given: list[Span], steps: list[dict[str, Any]]) -> None:
    """Steps change markers and attributes; range, voice and confidence are what they were."""
    for item in given:
        after = migration(*steps).span(item)
        assert after is None or after == item.replace(
            marker=after.marker, attributes=after.attributes
        )


@given(spans(), LISTS)
def test_only_overlaps_of_one_marker_are_joined(
    given: list[Span], steps: list[dict[str, Any]]
) -> None:
    """After a migration no two spans of a marker overlap, and each character keeps its markers."""
    course = migration(*steps)
    changes = moved(given, course, KNOWN)
    after = [item.after for item in changes if item.after]
    for number, one in enumerate(after):
        assert not any(
            one.marker == other.marker and overlaps(one, other) for other in after[number + 1 :]
        )
    each = [stepped for item in given if (stepped := course.span(item))]
    assert {(it.marker, at) for it in each for at in range(it.start, it.end)} == {
        (it.marker, at) for it in after for at in range(it.start, it.end)
    }
    assert sorted(map(repr, chain.from_iterable(it.before for it in changes))) == sorted(
        map(repr, given)
    )
    alone = [item for item in changes if len(item.before) == 1 and item.after]
    for item in alone:
        assert item.after is not None
        assert (item.after.start, item.after.end) == (item.before[0].start, item.before[0].end)


@given(spans())
def test_joining_leaves_what_stands_alone(given: list[Span]) -> None:
    """Groups hold every span once; the whole of one span is that span."""
    groups = joined(given)
    assert sorted(map(repr, chain.from_iterable(groups))) == sorted(map(repr, given))
    assert all(whole(group) == group[0] for group in groups if len(group) == 1)


def test_the_longest_of_joined_spans_keeps_its_answers() -> None:
    """It becomes as wide as all of them."""
    short, long = span(0, 4, attributes={"specificity": "1"}), span(2, 9, attributes={})
    assert whole([short, long]) == span(0, 9)


def test_a_retired_marker_goes_with_its_spans() -> None:
    """Only its spans go, and what is renamed to it before goes along."""
    course = migration(STEPS[2], {"retire": {"marker": "unnamed_source"}})
    assert course.span(span(marker="motive_imputation")) is None
    assert course.marker("unnamed_source") is None
    assert course.marker("named_attribution") == "named_attribution"


def test_a_split_asks_the_attribute() -> None:
    """A value that is not named, and none at all, come to the marker for all others."""
    course = migration(STEPS[4])
    assert [
        found.marker
        for told in (FULL, {"form": "short"}, {})
        if (found := course.span(span(marker="named_attribution", attributes=told)))
    ] == ["unnamed_source", "vague_collective_source", "vague_collective_source"]


def test_values_change_and_null_is_unknown() -> None:
    """One value becomes another; null takes the attribute away."""
    told = {"marker": "unnamed_source", "attribute": "interest", "to": {"rival": None, "no": "yes"}}
    course = migration({"values": told})
    known = {"interest": "rival", "specificity": "1"}
    assert course.span(span(attributes=known)) == span(attributes={"specificity": "1"})
    assert course.span(span(attributes={"interest": "no"})) == span(attributes={"interest": "yes"})


def test_what_has_no_place_is_said() -> None:
    """An attribute that the new marker does not have goes and is an effect of its own."""
    course = migration({"rename": {"marker": "old", "to": "motive_imputation"}})
    found = traced(span(marker="old", attributes=FULL), course, KNOWN)
    assert found.after == span(marker="motive_imputation")
    assert [item.what for item in found.effects] == ["renamed", "values dropped"]
    assert [item.step for item in found.effects] == [0, None]


def test_the_judgement_is_derived_anew() -> None:
    """Where an input of the rule becomes unknown, so does the judgement."""
    inputs = {
        "specificity": "2", "reason_for_anonymity": "none", "basis_of_knowledge": "unstated",
        "corroboration": "none",
    }  # fmt: skip
    judged = span(attributes=inputs, judgement="unverifiable_anonymous_source")
    told = {"marker": "unnamed_source", "attribute": "corroboration", "to": {"none": None}}
    found = traced(judged, migration({"values": told}), KNOWN)
    assert found.after is not None
    assert found.after.judgement is None
    assert "judged anew" in {item.what for item in found.effects}


def test_a_referent_follows_its_first_mention() -> None:
    """It moves where the mention was joined, and goes where the mention went."""
    first, wide = span(0, 5, "old"), span(3, 9, "unnamed_source")
    again = span(20, 24, "old", referent=Range(start=0, end=5))
    found = moved([first, wide, again], migration(STEPS[0]), KNOWN)
    assert [item.after and item.after.referent for item in found] == [None, Range(start=0, end=9)]
    other = span(30, 34, "named_attribution", referent=Range(start=0, end=5))
    gone = span(0, 5, "named_attribution", attributes=FULL)
    (_, apart) = moved([gone, other], migration(STEPS[4]), KNOWN)
    assert apart.after is not None
    assert apart.after.referent is None
    assert [item.what for item in apart.effects] == [
        "split to vague_collective_source",
        "referents dropped",
    ]


AWAY = {"rename": {"marker": "old", "to": "x"}}
NOWHERE: list[tuple[list[dict[str, Any]], str]] = [
    (
        [{"rename": {"marker": "old", "to": "unnamed_sorce"}}],
        'steps[0].to: "unnamed_sorce" is not known (did you mean unnamed_source?); legal: ',
    ),
    ([{"merge": {"markers": ["old"], "to": "x"}}], 'steps[0].to: "x" is not known; legal: '),
    (
        [{"split": {"marker": "old", "by": "form", "into": {"full": "x"}, "otherwise": "y"}}],
        'steps[0].into.full: "x" is not known',
    ),
    (
        [STEPS[3] | {"values": STEPS[3]["values"] | {"to": {"full": "hole"}}}],
        'steps[0].to: "hole" is not known; legal: full, short',
    ),
    ([{}], "steps[0]: expected one of rename, merge, split, retire, values"),
    ([AWAY | {"retire": {"marker": "a"}}, AWAY], "steps[0]: expected one of"),
    ([{"renam": {"marker": "old", "to": "x"}}], "did you mean rename?"),
]


@pytest.mark.parametrize(("steps", "problem"), NOWHERE)
def test_problems_name_the_legal_values(
    steps: list[dict[str, Any]], problem: str, tmp_path: Path
) -> None:
    """A step that leads nowhere is refused in one line with its place."""
    path = tmp_path / "wrong.yaml"
    told = {"name": "try", "since": "0", "to": KNOWN.version, "why": "x", "steps": steps}
    path.write_text(yaml.safe_dump(told))
    with pytest.raises(InvalidFile) as caught:
        load(path, KNOWN)
    assert problem in str(caught.value)
    assert str(caught.value).startswith("wrong.yaml: ")
    assert "\n" not in str(caught.value)


def test_it_leads_to_the_version_in_use(tmp_path: Path) -> None:
    """Another version, and a way from a version to itself, are refused."""
    path = tmp_path / "wrong.yaml"
    path.write_text("{name: try, since: '9', to: '9', why: x, steps: []}")
    with pytest.raises(InvalidFile, match=r'"9" is not the version .* in use, 1; since: leads'):
        load(path, KNOWN)


def test_what_is_named_only_on_the_way_is_no_problem(tmp_path: Path) -> None:
    """A marker that a later step renames again need not be in the taxonomy."""
    path = tmp_path / "right.yaml"
    steps = [
        {"rename": {"marker": "old", "to": "between"}},
        {"rename": {"marker": "between", "to": "unnamed_source"}},
    ]
    told = {"name": "try", "since": "0", "to": KNOWN.version, "why": "x", "steps": steps}
    path.write_text(yaml.safe_dump(told))
    assert load(path, KNOWN).marker("old") == "unnamed_source"
