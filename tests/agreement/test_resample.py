"""Intervals: a weighted round is the documents repeated; clusters stay whole."""

from collections.abc import Callable

import numpy as np
import pytest

from annotate.agreement.alpha import Alpha, JointAlpha
from annotate.agreement.coding import CuAlpha
from annotate.agreement.continuum import Continua
from annotate.agreement.resample import corrected, drawn, value
from annotate.agreement.unitizing import AlphaU, UAlpha

Build = Callable[..., Continua]
Documents = list[dict[str, list[tuple[str, int, int]]]]


@pytest.mark.parametrize("metric", [Alpha, JointAlpha, UAlpha, AlphaU, CuAlpha])
def test_a_round_is_its_documents_repeated(
    metric: type[Alpha],
    build: Build,
    random_documents: Callable[..., Documents],
    repeated: Callable[..., Documents],
) -> None:
    """Sums weighted by a round give what the documents, written out as often, give."""
    rng = np.random.default_rng(11)
    documents = random_documents(6, rng)
    times = rng.multinomial(6, [1 / 6] * 6, size=8)
    quick = metric(build(*documents, length=40)).at(times.astype(float))
    for row, parts in zip(times, quick, strict=True):
        slow = metric(build(*repeated(documents, row), length=40))
        assert parts == pytest.approx(slow.at(np.ones((1, 6)))[0], rel=1e-9, abs=1e-12)


def test_clusters_are_drawn_whole() -> None:
    """Documents of one cluster are held equally often; each round draws as many clusters."""
    names = ("d1", "d2", "d3", "d4")
    groups = {"d2": "d1", "d1": "d1"}
    times = drawn(names, groups=groups, rng=np.random.default_rng(1), rounds=50)
    assert times is not None
    assert (times[:, 0] == times[:, 1]).all()
    assert (times[:, 1:].sum(axis=1) == 3).all()


def test_no_spread_no_rounds() -> None:
    """Without an rng, or with one cluster alone, there are no rounds."""
    assert drawn(("d1", "d2"), groups={}, rng=None) is None
    assert drawn(("d1",), groups={}, rng=np.random.default_rng(1)) is None
    assert drawn((), groups={}, rng=np.random.default_rng(1)) is None


def test_rounds_without_a_value_are_left_out() -> None:
    """The interval is over the rounds in which the metric is defined; with none there is none."""
    rounds = corrected(np.array([[1.0, 2.0], [1.0, 0.0], [0.0, 2.0]]))
    found = value(0.5, rounds, reason="")
    assert found.low == pytest.approx(0.5125)
    assert found.high == pytest.approx(0.9875)
    assert value(0.5, rounds[1:2], reason="").low is None
    assert value(float("nan"), rounds, reason="why").reason == "why"
