"""Agreement on attributes and judgements of the same spans."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate import taxonomy
from annotate.agreement.alpha import alpha
from annotate.agreement.attributes import Answers, Mark, answers, same_spans
from annotate.model import AnnotatedSpan, Annotation

MARKERS = taxonomy.load().tier(1)
SOURCE, NAME = "unnamed_source", "specificity"
INPUTS = {
    "reason_for_anonymity": "none",
    "basis_of_knowledge": "unstated",
    "corroboration": "none",
    "specificity": "2",
    "identity_form": "role_only",
}
Said = Callable[..., Annotation]


@pytest.fixture(scope="session")
def said(annotated: Callable[..., Annotation]) -> Said:
    """Give what a person answered about spans, each with its own answers."""

    def made(person: str, doc_id: str, *spans: tuple[int, int, Mapping[str, str]]) -> Annotation:
        row = annotated(person, doc_id, *((SOURCE, start, end) for start, end, _ in spans))
        given_ = zip(row.spans, spans, strict=True)
        return row.replace(spans=tuple(it.replace(attributes=dict(a)) for it, (*_, a) in given_))

    return made


def of(found: Answers) -> tuple[float | None, int]:
    compared = found.attributes[SOURCE][NAME]
    return compared.alpha.value, compared.spans


def test_alpha_is_that_of_the_values_of_the_same_spans(said: Said) -> None:
    """As the matrix of annotators by spans gives it, with those who said nothing missing."""
    rng = np.random.default_rng(3)
    none = float("nan")
    matrix = rng.integers(0, 4, size=(3, 12)).astype(float)
    matrix[0, 3], matrix[1, 4:6], matrix[2, 7] = none, none, none
    rows = [
        said(
            person,
            f"d{at // 3}",
            *(
                (30 * place + number, 30 * place + 20, {NAME: str(int(value))})
                for place, value in enumerate(matrix[number, at : at + 3])
                if not np.isnan(value)
            ),
        )
        for number, person in enumerate(("ana", "ben", "cem"))
        for at in range(0, 12, 3)
    ]
    value, spans = of(answers(rows, MARKERS))
    assert value == pytest.approx(alpha(matrix).value, abs=1e-12)
    assert spans == 12


def test_the_confusion_counts_pairs_both_ways_round(said: Said) -> None:
    """In the order of the taxonomy, with the values that occur."""
    rows = [
        said("ana", "d", (0, 9, {NAME: "3"}), (20, 29, {NAME: "1"})),
        said("ben", "d", (0, 9, {NAME: "1"}), (20, 29, {NAME: "1"})),
        said("cem", "d", (0, 9, {NAME: "1"})),
    ]
    found = answers(rows, MARKERS).attributes[SOURCE][NAME]
    assert found.confusion == {"1": {"1": 2, "3": 2}, "3": {"1": 2, "3": 0}}
    assert list(found.confusion) == ["1", "3"]


def test_a_judgement_is_derived_for_each_annotator(said: Said) -> None:
    """By the taxonomy's rule, from what each said; missing while an input is."""
    named = {**INPUTS, "corroboration": "independent_named"}
    open_ = {name: value for name, value in INPUTS.items() if name != "corroboration"}
    rows = [
        said("ana", "d", (0, 9, INPUTS), (20, 29, INPUTS), (40, 49, open_)),
        said("ben", "d", (0, 9, INPUTS), (20, 29, named), (40, 49, INPUTS)),
    ]
    found = answers(rows, MARKERS)
    one, two = (MARKERS.judge(SOURCE, each) for each in (INPUTS, named))
    assert one != two
    assert set(found.judgements) == {SOURCE}
    judged = found.judgements[SOURCE]
    assert judged.spans == 2
    assert judged.confusion[str(one)] == {str(one): 1, str(two): 1}
    assert judged.alpha.value == pytest.approx(alpha([[0, 0], [0, 1]]).value)


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([], [], "no two annotators said anything of the same span"),
        ([(0, 9, {NAME: "1"})], [(9, 12, {NAME: "1"})], "no two annotators said anything"),
        ([(0, 9, {NAME: "1"})], [(0, 9, {})], "no two annotators said anything"),
        ([(0, 9, {NAME: "1"})], [(0, 9, {NAME: "1"})], "no disagreement was to be expected"),
    ],
)
def test_undefined_says_why(
    said: Said,
    first: list[tuple[int, int, dict[str, str]]],
    second: list[tuple[int, int, dict[str, str]]],
    reason: str,
) -> None:
    """Nothing in common, nothing said, or one value only: null with the reason."""
    rows = [said("ana", "d", *first), said("ben", "d", *second)]
    found = answers(rows, MARKERS, rng=np.random.default_rng(1)).attributes[SOURCE][NAME].alpha
    assert found.value is None
    assert found.reason is not None
    assert found.reason.startswith(reason)
    alone = answers(rows[:1], MARKERS).attributes[SOURCE][NAME].alpha
    assert alone.reason == "no document was read by two annotators"


def test_intervals_are_of_documents_and_need_an_rng(said: Said) -> None:
    """They hold the value and repeat with the seed."""
    rows = [
        said(person, f"d{at}", (0, 9, {NAME: str(at % 3 if person == "ana" or at % 4 else 3)}))
        for at in range(20)
        for person in ("ana", "ben")
    ]
    first, again = (answers(rows, MARKERS, rng=np.random.default_rng(7)) for _ in range(2))
    assert first == again
    found = first.attributes[SOURCE][NAME].alpha
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high <= 1
    assert answers(rows, MARKERS).attributes[SOURCE][NAME].alpha.low is None
    one = answers(rows, MARKERS, groups={f"d{at}": "c" for at in range(20)})
    assert one.attributes[SOURCE][NAME].alpha.low is None


def mark(person: str, start: int, end: int) -> Mark:
    span = AnnotatedSpan(start=start, end=end, marker=SOURCE, span_id="1", origin="manual")
    return Mark(annotator=person, span=span)


def test_the_nearest_spans_are_the_same() -> None:
    """By falling intersection over union, each annotator with one span at most."""
    wide, near, far = mark("ana", 0, 30), mark("ben", 2, 28), mark("ben", 28, 40)
    third = mark("cem", 1, 29)
    assert same_spans([wide, far, near, third]) == [[wide, near, third], [far]]
    assert same_spans([wide, wide]) == [[wide], [wide]]
    assert same_spans([]) == []


ANSWERS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 12), st.sampled_from("0123")), max_size=5
)


@given(ANSWERS, ANSWERS, ANSWERS)
@settings(deadline=None)
def test_nothing_depends_on_names_or_order(
    said: Said,
    one: list[tuple[int, int, str]],
    two: list[tuple[int, int, str]],
    three: list[tuple[int, int, str]],
) -> None:
    """Renamed annotators, turned spans and annotations: the same values, never above 1."""

    def rows(**people: list[tuple[int, int, str]]) -> list[Annotation]:
        return [
            said(name, "d", *((at, at + size, {NAME: value}) for at, size, value in spans))
            for name, spans in people.items()
        ]

    there = answers(rows(ana=one, ben=two, cem=three), MARKERS).attributes[SOURCE][NAME]
    back = answers(rows(cem=one[::-1], ben=three[::-1], ana=two[::-1])[::-1], MARKERS).attributes[
        SOURCE
    ][NAME]
    assert there == back
    assert there.alpha.value is None or there.alpha.value <= 1


@given(ANSWERS)
@settings(deadline=None)
def test_perfect_agreement_is_one(said: Said, spans: list[tuple[int, int, str]]) -> None:
    """The same answers by everybody: 1 where the metric is defined."""
    rows = [
        said(
            name, "d", *((40 * n, 40 * n + size, {NAME: v}) for n, (_, size, v) in enumerate(spans))
        )
        for name in ("ana", "ben", "cem")
    ]
    value, _ = of(answers(rows, MARKERS))
    assert value is None or value == pytest.approx(1)
