"""Dawid-Skene: the published example, and what the model must do on any answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from annotate.agreement.dawid_skene import fit

# Dawid and Skene 1979, table 1: 45 patients; the first observer saw each three times, the
# other four once. Values as in dallascard/dawid_skene, dawid_skene.py, generate_sample_data.
TABLE_1 = """
1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444 2223343
1111111 2223212 1211111 1112111 1111111 1111111 2222221 2221322 2222222 2222221 2223222 2212222
1111111 1111111 2322222 1111111 1111111 1121121 1111111 3333233 1111111 2222222 2223232 4334343
2212232 2323233 3333432 1111111 1111111 1212111 2322222 1211111 2222222
"""
PATIENTS = TABLE_1.split()


def published() -> NDArray[np.float64]:
    """Give the counts of table 1, patients x observers x classes."""
    counts = np.zeros((45, 5, 4))
    for patient, row in enumerate(PATIENTS):
        for place, answer in enumerate(row):
            counts[patient, max(0, place - 2), int(answer) - 1] += 1
    return counts


def test_the_published_example() -> None:
    """Marginals, log-likelihood and the patients against the majority are as published."""
    found = fit(published())
    assert found is not None
    assert found.marginals == pytest.approx([0.3996, 0.4220, 0.1118, 0.0667], abs=5e-5)
    assert found.log_likelihood == pytest.approx(-192.8909, abs=5e-5)
    # Patient 12 has as many votes for 2 as for 3: the majority is then the lower class.
    majority = published().sum(axis=1).argmax(axis=1)
    against = found.posterior.argmax(axis=1) != majority
    assert (np.flatnonzero(against) + 1).tolist() == [2, 12, 36]


@given(
    st.lists(st.lists(st.integers(0, 2), min_size=4, max_size=4), min_size=1, max_size=12),
    st.permutations(range(4)),
)
def test_estimates_are_chances_and_depend_on_no_order(
    rows: list[list[int]], order: list[int]
) -> None:
    """Chances add up to 1; another order of observers or items gives the same estimates."""
    counts = np.eye(3)[np.array(rows)]
    found, turned = fit(counts), fit(counts[::-1][:, order])
    assert found is not None
    assert turned is not None
    assert found.posterior.sum(axis=1) == pytest.approx(np.ones(len(rows)))
    assert found.marginals.sum() == pytest.approx(1)
    known = ~np.isnan(found.errors).any(axis=2)
    assert found.errors[known].sum(axis=1) == pytest.approx(np.ones(known.sum()))
    assert turned.log_likelihood == pytest.approx(found.log_likelihood, rel=1e-6, abs=1e-6)


def test_likelihood_only_rises() -> None:
    """Each further iteration fits no worse."""
    runs = [fit(published(), iterations=number) for number in range(1, 12)]
    values = [found.log_likelihood for found in runs if found is not None]
    assert values == sorted(values)


def test_many_answers_do_not_vanish() -> None:
    """Two thousand answers to an item, whose chance is no number any more, still count."""
    counts = np.tile([[300.0, 100.0], [100.0, 300.0]], (5, 5, 1)).reshape(10, 5, 2)
    found = fit(counts)
    assert found is not None
    assert np.isfinite(found.log_likelihood)
    assert not np.isnan(found.posterior).any()


def test_items_nobody_answered_say_nothing() -> None:
    """They change no estimate, and without any answer there is no fit."""
    counts = np.concatenate([published(), np.zeros((3, 5, 4))])
    found, alone = fit(counts), fit(published())
    assert found is not None
    assert alone is not None
    assert found.log_likelihood == alone.log_likelihood
    assert np.isnan(found.posterior[45:]).all()
    assert fit(np.zeros((3, 5, 4))) is None
