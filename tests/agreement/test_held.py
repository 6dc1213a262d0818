"""One reading held against another: the scorer's values, weighted by rounds."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.agreement.held import (
    FIELDS,
    Draw,
    Row,
    exact_f1,
    merged,
    overlap_f1,
    row,
    tallied,
    turned,
)
from annotate.model import Span
from annotate.scores import VOICES, score, tally, total

MARKERS = ("unnamed_source", "agentless_attribution")
SPANS = st.lists(
    st.builds(
        lambda at, size, marker: Span(start=at, end=at + size, marker=marker),
        st.integers(0, 40),
        st.integers(1, 12),
        st.sampled_from(MARKERS),
    ),
    max_size=6,
)


@given(st.lists(st.tuples(SPANS, SPANS), min_size=1, max_size=4))
def test_scores_are_those_of_the_scorer(documents: list[tuple[list[Span], list[Span]]]) -> None:
    """Held readings count, and score, as `annotate.scores` does over the same documents."""
    rows = []
    for number, (one, two) in enumerate(documents):
        counted = tallied(merged(one, voices=VOICES), merged(two, voices=VOICES))
        expected = total(tally(one, two, marker=marker) for marker in MARKERS)
        assert [getattr(counted, name) for name in FIELDS] == pytest.approx(
            [getattr(expected, name) for name in FIELDS]
        )
        assert turned(turned(counted)) == counted
        rows.append(row(f"d{number}", counted))
    (sums,) = Draw((it.doc_id for it in rows), groups={}, rng=None).sums([rows], width=len(FIELDS))
    one_side = {f"d{number}": one for number, (one, _) in enumerate(documents)}
    other_side = {f"d{number}": two for number, (_, two) in enumerate(documents)}
    micro = score(one_side, other_side, markers=MARKERS).micro
    for series, expected_f1 in (
        (exact_f1(sums), micro.exact.f1),
        (overlap_f1(sums), micro.overlap.f1),
    ):
        assert math.isnan(series[0]) if expected_f1 is None else True
        assert expected_f1 is None or series[0] == pytest.approx(expected_f1)


def test_a_round_is_its_documents_repeated() -> None:
    """Sums of a round are those of its documents as often as it holds them, by group."""
    names = ("d1", "d2", "d3")
    draw = Draw(names, groups={"d1": "d1", "d2": "d1"}, rng=np.random.default_rng(2))
    one = [Row(doc_id="d1", numbers=(1, 10)), Row(doc_id="d3", numbers=(2, 20))]
    two = [Row(doc_id="d2", numbers=(4, 40)), Row(doc_id="d2", numbers=(4, 40))]
    sums = draw.sums([one, two, []], width=2)
    assert sums[:, 0].tolist() == [[3, 30], [8, 80], [0, 0]]
    often = draw.times
    assert (sums[0, :, 0] == often[:, 0] + 2 * often[:, 2]).all()
    assert (sums[1, :, 1] == 80 * often[:, 1]).all()
    assert (often[1:, 0] == often[1:, 1]).all()
