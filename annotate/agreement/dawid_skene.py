"""How reliable observers are when nobody knows the truth: Dawid and Skene 1979.

Each item is of one true class, each observer has chances of their own to answer each class
for each true one, and answers are independent given the truth. Expectation maximisation
begins with the share of each answer (their equation 3.1) and stays in log space, so that
many answers to one item do not vanish.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ITERATIONS, TOLERANCE = 1_000, 1e-10


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """The estimates: maximum likelihood from where the iteration began.

    `marginals` are the shares of the classes; `errors[k, j, l]` is the chance that observer
    k answers l where the truth is j, NaN where k answered nothing that may be of class j;
    `posterior[i, j]` is the chance that item i is of class j.
    """

    marginals: "Floats"
    errors: "Floats"
    posterior: "Floats"
    log_likelihood: float
    iterations: int


def fit(
    answers: "Floats", *, iterations: int = ITERATIONS, tolerance: float = TOLERANCE
) -> Fitted | None:
    """Fit the model to counts of answers, items x observers x classes.

    Stops when the log-likelihood gains less than `tolerance` of itself. None where no item
    has an answer; items without any are left out of the estimates and have NaN as posterior.
    """
    import numpy as np

    answered = answers.sum(axis=(1, 2)) > 0
    if not answered.any():
        return None
    # Items with the same answers have the same posterior: they are reckoned once.
    counts, same, times = np.unique(
        answers[answered], axis=0, return_inverse=True, return_counts=True
    )
    posterior = counts.sum(axis=1) / counts.sum(axis=(1, 2))[:, None]
    before, likelihood, done = -np.inf, -np.inf, 0
    while done < iterations:
        done += 1
        marginals, errors = _maximised(counts, posterior, times)
        posterior, each = _expected(counts, marginals, errors)
        likelihood = float(each @ times)
        if likelihood - before <= tolerance * abs(likelihood):
            break
        before = likelihood
    marginals, errors = _maximised(counts, posterior, times)
    posterior, each = _expected(counts, marginals, errors)
    everywhere = np.full((len(answers), answers.shape[2]), np.nan)
    everywhere[answered] = posterior[same.ravel()]
    return Fitted(
        marginals=marginals,
        errors=errors,
        posterior=everywhere,
        log_likelihood=float(each @ times),
        iterations=done,
    )


def _maximised(counts: "Floats", posterior: "Floats", times: "Floats") -> "tuple[Floats, Floats]":
    import numpy as np

    weighted = posterior * times[:, None]
    given = np.einsum("ij,ikl->kjl", weighted, counts)
    each = given.sum(axis=2, keepdims=True)
    return weighted.sum(axis=0) / times.sum(), given / np.where(each > 0, each, np.nan)


def _expected(counts: "Floats", marginals: "Floats", errors: "Floats") -> "tuple[Floats, Floats]":
    """Give the posterior and the log-likelihood of each row of answers."""
    import numpy as np

    with np.errstate(divide="ignore"):
        chances, prior = np.log(np.nan_to_num(errors)), np.log(marginals)
    # An answer that was not given says nothing, also where its chance is 0.
    floor = np.where(np.isneginf(chances), -1e300, chances)
    joint = np.einsum("ikl,kjl->ij", counts, floor) + prior
    top = joint.max(axis=1, keepdims=True)
    weights = np.exp(joint - top)
    whole = weights.sum(axis=1, keepdims=True)
    return weights / whole, (top + np.log(whole))[:, 0]
