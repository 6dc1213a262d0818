"""The sentence model: which markers a sentence carries, from hashed words and word pairs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from annotate import spans
from annotate.learn.text import LabelledDocument, Sentence, sentences, settled
from annotate.model import Record, Span, Voice
from annotate.scores import VOICES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COLUMNS = 2**18
_FOLDS = 3
_ENOUGH = 5


class Threshold(Record, frozen=True, kw_only=True):
    """From which score on a sentence carries the marker, and what that was tuned on."""

    value: float
    tuned_on: Literal["validation", "cross-validation", "nothing"]


@dataclass(frozen=True, kw_only=True)
class SentenceModel:
    """Scores sentences, 0 to 1 for each marker that it learnt, and decides by threshold."""

    vectoriser: Any
    classifiers: Mapping[str, Any]
    thresholds: Mapping[str, Threshold]

    def scores(self, texts: Sequence[str]) -> "dict[str, NDArray[np.float64]]":
        """Give each marker's scores of the sentences, in their order."""
        import numpy as np

        if not texts:
            return {marker: np.zeros(0) for marker in self.classifiers}
        matrix = self.vectoriser.transform(texts)
        return {
            marker: classifier.predict_proba(matrix)[:, 1]
            for marker, classifier in self.classifiers.items()
        }

    def predict(self, texts: Sequence[str]) -> dict[str, list[bool]]:
        """Say of each marker which of the sentences carry it."""
        return {
            marker: [score >= self.thresholds[marker].value for score in scores.tolist()]
            for marker, scores in self.scores(texts).items()
        }


@dataclass(frozen=True, kw_only=True)
class _Sample:
    texts: list[str]
    documents: "NDArray[np.intp]"
    carries: "dict[str, NDArray[np.bool_]]"
    settled: "dict[str, NDArray[np.bool_]]"


def train_sentences(
    documents: Sequence[LabelledDocument],
    *,
    validation: Sequence[LabelledDocument],
    markers: Sequence[str],
    seed: int,
) -> SentenceModel:
    """Learn the markers; each must be in at least one settled sentence and absent from one.

    What counts is the reporter's voice and the headline's, as in scores. A threshold is the
    one of the best F1 on `validation`, or, where that has less than five sentences with the
    marker, on scores cross-validated over the documents; 0.5 where there are less than five
    in train, too.
    """
    sample = _sample(documents, markers)
    held_out = _sample(validation, markers)
    vectoriser = _vectoriser().fit(sample.texts)
    matrix = vectoriser.transform(sample.texts)
    classifiers = {
        marker: _classifier(seed).fit(matrix[known], sample.carries[marker][known])
        for marker in markers
        for known in [sample.settled[marker]]
    }
    model = SentenceModel(vectoriser=vectoriser, classifiers=classifiers, thresholds={})
    scored = model.scores(held_out.texts)
    thresholds = {}
    for marker in markers:
        known = held_out.settled[marker]
        truth = held_out.carries[marker][known]
        if truth.sum() >= _ENOUGH:
            value = best_threshold(scored[marker][known], truth)
            thresholds[marker] = Threshold(value=value, tuned_on="validation")
        else:
            thresholds[marker] = _cross_validated(matrix, sample, marker=marker, seed=seed)
    return SentenceModel(vectoriser=vectoriser, classifiers=classifiers, thresholds=thresholds)


def carriers(
    read: Sequence[Sentence],
    marked: Iterable[Span],
    *,
    marker: str,
    voices: Sequence[Voice] = VOICES,
) -> list[bool]:
    """Say of each sentence whether a span of the marker in one of the voices touches it."""
    chosen = [span for span in marked if span.marker == marker and span.voice in voices]
    return [any(spans.overlaps(span, sentence) for span in chosen) for sentence in read]


def best_threshold(scores: "NDArray[np.float64]", truth: "NDArray[np.bool_]") -> float:
    """Give the threshold of the best F1, halfway to the next lower score.

    `truth` holds at least one True. Of equals the highest threshold wins.
    """
    import numpy as np

    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    lower = np.append(ranked[1:], 0.0)
    found = np.cumsum(truth[order])
    f1 = 2 * found / (np.arange(1, len(ranked) + 1) + found[-1])
    f1[ranked == lower] = -1.0
    best = int(f1.argmax())
    return float((ranked[best] + lower[best]) / 2)


def _cross_validated(matrix: Any, sample: _Sample, *, marker: str, seed: int) -> Threshold:
    import numpy as np

    truth, known = sample.carries[marker], sample.settled[marker]
    scores = np.full(len(truth), np.nan)
    order = np.random.default_rng(seed).permutation(sample.documents.max() + 1)
    for fold in range(_FOLDS):
        inside = order[sample.documents] % _FOLDS == fold
        outside = ~inside & known
        inside &= known
        learnt = truth[outside]
        if inside.any() and learnt.any() and not learnt.all():
            classifier = _classifier(seed).fit(matrix[outside], learnt)
            scores[inside] = classifier.predict_proba(matrix[inside])[:, 1]
    scored = ~np.isnan(scores)
    if truth[scored].sum() < _ENOUGH:
        return Threshold(value=0.5, tuned_on="nothing")
    value = best_threshold(scores[scored], truth[scored])
    return Threshold(value=value, tuned_on="cross-validation")


def _sample(documents: Iterable[LabelledDocument], markers: Sequence[str]) -> _Sample:
    import numpy as np

    texts: list[str] = []
    numbers: list[int] = []
    carries: dict[str, list[bool]] = {marker: [] for marker in markers}
    known: dict[str, list[bool]] = {marker: [] for marker in markers}
    for number, document in enumerate(documents):
        read = sentences(document.text, document.zones)
        texts += (document.text[sentence.start : sentence.end] for sentence in read)
        numbers += [number] * len(read)
        for marker in markers:
            carries[marker] += carriers(read, document.spans, marker=marker)
            known[marker] += settled(read, document.open, marker=marker)
    return _Sample(
        texts=texts,
        documents=np.array(numbers, dtype=np.intp),
        carries={marker: np.array(found, dtype=bool) for marker, found in carries.items()},
        settled={marker: np.array(found, dtype=bool) for marker, found in known.items()},
    )


def _vectoriser() -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
    from sklearn.pipeline import make_pipeline

    hashing = HashingVectorizer(
        n_features=COLUMNS,
        ngram_range=(1, 2),
        alternate_sign=False,
        norm=None,
        token_pattern=r"(?u)\w+|[^\w\s]",  # noqa: S106 - no password
    )
    return make_pipeline(hashing, TfidfTransformer(sublinear_tf=True))


def _classifier(seed: int) -> Any:
    from sklearn.linear_model import LogisticRegression

    # The dual solver costs what the words cost; the primal one, every column each round.
    return LogisticRegression(
        solver="liblinear", dual=True, max_iter=1000, class_weight="balanced", random_state=seed
    )
