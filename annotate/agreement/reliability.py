"""Annotators' reliability by Dawid and Skene: a diagnosis from their marks alone."""

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from annotate.agreement.contested import ReadDocument
from annotate.agreement.dawid_skene import Fitted, fit
from annotate.agreement.explain import Observer, Reliability
from annotate.agreement.places import Cluster
from annotate.agreement.resample import UNMARKED, UNREAD, Value
from annotate.model import Voice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CAUTION = (
    "Clusters never include what everybody left unmarked, so sensitivity is biased upward, "
    "and specificity is over places that somebody marked: a diagnosis, not a judge"
)
TOO_FEW = "marks alone show who is right only where three annotators read with one another"
ABSENT, PRESENT = 0, 1
_CERTAIN = 0.999


def reliability(documents: Sequence[ReadDocument], *, voices: Sequence[Voice]) -> Reliability:
    """Estimate how surely each annotator marks what is there, and leaves what is not.

    Each cluster of a document that two or more read is an item, with each reader's answer:
    marked or not. Two annotators leave more unknowns than their answers can settle, so an
    annotator counts who shared documents with two others that shared some too. Where the
    best fit is that one annotator is always right, nothing is defined.
    """
    known = _settling(documents)
    items = [
        (cluster, [name for name in document.readers if name in known])
        for document in documents
        for cluster in document.clusters
        if any(vote.voice in voices for vote in cluster.votes)
    ]
    items = [(cluster, readers) for cluster, readers in items if len(readers) > 1]
    people = sorted({name for document in documents for name in document.readers})
    answers = _answers(items, people)
    fitted = fit(answers) if items else None
    if fitted is None:
        alone = all(len(document.readers) < 2 for document in documents)  # noqa: PLR2004
        return _undefined(people, UNREAD if alone else UNMARKED if known else TOO_FEW)
    truth = _taken_for_truth(fitted, people)
    if truth is not None:
        return _undefined(people, f"the model takes {truth} for the truth, which proves nothing")
    return _estimated(answers, people, fitted)


def _taken_for_truth(fitted: Fitted, people: Sequence[str]) -> str | None:
    """Name an annotator whom the model finds never wrong, as happens with few annotators."""
    for number, name in enumerate(people):
        rates = fitted.errors[number]
        if rates[PRESENT, PRESENT] > _CERTAIN and rates[ABSENT, ABSENT] > _CERTAIN:
            return name
    return None


def _settling(documents: Sequence[ReadDocument]) -> set[str]:
    """Give who shared documents with two others that shared documents too."""
    shared = {pair for item in documents for pair in combinations(sorted(item.readers), 2)}
    people = sorted({name for pair in shared for name in pair})
    return {
        name
        for three in combinations(people, 3)
        if shared.issuperset(combinations(three, 2))
        for name in three
    }


def _answers(items: Sequence[tuple[Cluster, list[str]]], people: Sequence[str]) -> "Floats":
    import numpy as np

    place = {name: number for number, name in enumerate(people)}
    answers = np.zeros((len(items), len(people), 2))
    for number, (cluster, readers) in enumerate(items):
        marked = {vote.annotator for vote in cluster.votes}
        for name in readers:
            answers[number, place[name], PRESENT if name in marked else ABSENT] = 1
    return answers


def _estimated(answers: "Floats", people: Sequence[str], fitted: Fitted) -> Reliability:
    votes = answers.sum(axis=1)
    leaning = votes[:, PRESENT] - votes[:, ABSENT]
    believed = fitted.posterior[:, PRESENT] - fitted.posterior[:, ABSENT]
    judged = answers.sum(axis=(0, 2))
    return Reliability(
        clusters=len(answers),
        annotators={
            name: Observer(
                clusters=int(judged[number]),
                sensitivity=_chance(fitted.errors[number, PRESENT, PRESENT], judged[number]),
                specificity=_chance(fitted.errors[number, ABSENT, ABSENT], judged[number]),
            )
            for number, name in enumerate(people)
        },
        prevalence=Value(value=float(fitted.marginals[PRESENT])),
        overruled=int((leaning * believed < 0).sum()),
        caution=CAUTION,
    )


def _chance(estimate: float, judged: float) -> Value:
    if estimate != estimate:  # noqa: PLR0124 - NaN
        reason = "the model finds no such cluster" if judged else TOO_FEW
        return Value(value=None, reason=reason)
    return Value(value=float(estimate))


def _undefined(people: Sequence[str], reason: str) -> Reliability:
    nothing = Value(value=None, reason=reason)
    return Reliability(
        clusters=0,
        annotators={
            name: Observer(clusters=0, sensitivity=nothing, specificity=nothing) for name in people
        },
        prevalence=nothing,
        overruled=None,
        caution=CAUTION,
        reason=reason,
    )
