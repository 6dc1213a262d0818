"""Calibration: a rule's precision from what annotators agree on."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binomtest

from annotate import taxonomy
from annotate.marker import Pattern
from annotate.model import GoldSpan, OpenSpan, Span, Suggestion
from annotate.suggest.calibration import (
    PRIOR,
    Calibration,
    Judged,
    Truth,
    calibrate,
    estimate,
    fingerprint,
    fit,
    judge,
    wilson,
)
from annotate.suggest.lexicons import phrases
from annotate.taxonomy import Taxonomy, rule_name

SOURCE, VAGUE = "unnamed_source", "vague_collective_source"
RULE = f"{SOURCE}/source_speaks"


def suggestion(start: int, end: int, marker: str = SOURCE) -> Suggestion:
    return Suggestion(
        start=start,
        end=end,
        marker=marker,
        suggestion_id=f"s-{start}",
        doc_id="d-1",
        score=0.9,
        suggester="rules@1",
        rule="source_speaks",
    )


def settled(start: int, end: int, marker: str = SOURCE) -> GoldSpan:
    return GoldSpan(
        start=start,
        end=end,
        marker=marker,
        voice="quoted_source",
        span_id="g",
        support=2,
        annotators=2,
        status="consensus",
    )


def disputed(start: int, end: int) -> OpenSpan:
    return OpenSpan(
        doc_id="d-1", start=start, end=end, marker=SOURCE, support=1, annotators=2, reason="missed"
    )


@pytest.mark.parametrize(
    ("truth", "expected"),
    [
        (Truth(gold=(settled(10, 20),)), Judged(suggestions=1, right=1, exact=1)),
        (Truth(gold=(settled(19, 40),)), Judged(suggestions=1, right=1)),
        (Truth(gold=(settled(20, 40),)), Judged(suggestions=1)),
        (Truth(), Judged(suggestions=1)),
        (
            Truth(unsettled=(Span(start=10, end=20, marker=SOURCE),)),
            Judged(suggestions=1, right=1),
        ),
        (Truth(disputed=(disputed(5, 11),)), Judged(disputed=1)),
        (Truth(gold=(settled(5, 11, VAGUE),)), Judged(suggestions=1, elsewhere={VAGUE: 1})),
        (
            Truth(gold=(settled(5, 11, VAGUE),), disputed=(disputed(5, 11),)),
            Judged(disputed=1),
        ),
    ],
    ids=["exact", "overlap", "touching", "nothing", "unsettled", "disputed", "elsewhere", "both"],
)
def test_a_suggestion_is_right_wrong_or_not_judged(truth: Truth, expected: Judged) -> None:
    """Overlap with the same marker is right in any voice; what is disputed does not count."""
    assert judge([suggestion(10, 20)], truth) == {RULE: expected}


def test_suggestions_of_a_rule_add_up() -> None:
    """Counts are summed by rule, those of elsewhere by marker."""
    truth = Truth(gold=(settled(10, 20), settled(30, 40, VAGUE)))
    found = [suggestion(10, 20), suggestion(30, 35), suggestion(36, 38), suggestion(30, 40, VAGUE)]
    assert judge(found, truth) == {
        RULE: Judged(suggestions=3, right=1, exact=1, elsewhere={VAGUE: 2}),
        f"{VAGUE}/source_speaks": Judged(suggestions=1, right=1, exact=1),
    }


@given(st.integers(0, 300), st.integers(0, 300), st.floats(0.01, 0.99))
def test_the_estimate_is_the_mean_of_a_beta_posterior(
    right: int, wrong: int, written: float
) -> None:
    """Oracle: scipy's Beta, its prior's mean the written score and its weight PRIOR."""
    judged = Judged(suggestions=right + wrong, right=right)
    expected = beta(PRIOR * written + right, PRIOR * (1 - written) + wrong).mean()
    assert estimate(judged, written=written) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_intervals(right: int, total: int, low: float, high: float) -> None:
    """Newcombe 1998, Statistics in Medicine 17:857, table I, method 3."""
    found = wilson(right, total)
    assert (found.low, found.high) == (low, high)


@given(st.integers(1, 2_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_intervals_are_scipys(case: tuple[int, int]) -> None:
    """Oracle: scipy.stats.binomtest, method wilson."""
    right, total = case
    expected = binomtest(right, total).proportion_ci(method="wilson")
    found = wilson(right, total)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-4)


def test_nothing_judged_has_no_interval() -> None:
    """Undefined is None."""
    assert Judged(disputed=3).interval is None


def known() -> Taxonomy:
    return taxonomy.load().select((SOURCE, VAGUE))


def test_only_judged_rules_are_scored() -> None:
    """A rule whose suggestions were all disputed keeps its written score."""
    judged = {RULE: Judged(suggestions=4, right=1), f"{SOURCE}/person_speaks": Judged(disputed=2)}
    made = calibrate(judged, known(), documents={"blind": 3}, phrases=phrases)
    (rule,) = made.rules
    assert rule_name(rule.marker, rule.rule) == RULE
    assert rule.score == round((1 + PRIOR * rule.written) / (4 + PRIOR), 4)
    assert fit(made, known(), phrases=phrases).scores == {RULE: rule.score}


def test_a_changed_rule_is_stale_and_other_markers_make_none_stale() -> None:
    """What is in use does not matter to a calibration; the wording of the rule does."""
    made = calibrate({RULE: Judged(suggestions=4, right=1)}, known(), documents={}, phrases=phrases)
    (rule,) = made.rules
    whole = taxonomy.load()
    assert fit(made, whole, phrases=phrases).stale == ()
    retired = fit(made, whole.retire([RULE]), phrases=phrases)
    assert (retired.scores, retired.stale) == ({}, ())
    other = Calibration(rules=(rule.replace(fingerprint="of before"),))
    found = fit(other, whole, phrases=phrases)
    assert (found.scores, found.stale) == ({}, (RULE,))


def test_a_fingerprint_reads_the_lexicons_that_a_rule_names(tmp_path: Path) -> None:
    """Directly or through a lexicon's own lines; the others do not matter, nor a missing one."""
    lines = {"speech": ("said", "{plain} said"), "plain": ("so",), "other": ("x",)}

    def digest(pattern: Pattern, **changed: tuple[str, ...]) -> str:
        return fingerprint(pattern, {**lines, **changed}.__getitem__)

    rule = Pattern(name="r", pattern="[someone] {speech}", score=0.5)
    before = digest(rule)
    assert digest(rule, other=("y",)) == before
    assert digest(rule, speech=("said",)) != before
    assert digest(rule, plain=("thus",)) != before
    assert digest(rule.replace(score=0.6)) != before
    assert digest(rule.replace(unless=("{other}",))) != before
    missing = rule.replace(pattern="[x] {no_such_lexicon}")
    assert fingerprint(missing, phrases) == fingerprint(missing, phrases)
