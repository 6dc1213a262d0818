"""A linear-chain CRF with the manners of a scikit-learn estimator.

python-crfsuite trains it (L-BFGS, elastic net); numpy decodes it. The manners are
written out, not inherited, so that loading and tagging need no scikit-learn.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from annotate.decode import legal
from annotate.errors import UsageError

Tokens = Sequence[Sequence[str]]


class ChainTagger:
    """Labels for sequences of tokens, each token a list of feature names.

    `c1` and `c2` weigh the L1 and L2 penalties; features seen less than
    `minimum_frequency` times are left out. After `fit`: `weights_`, and `native_`, the
    bytes of the `.crfsuite` file.
    """

    def __init__(
        self,
        *,
        c1: float = 0.1,
        c2: float = 0.01,
        max_iterations: int = 100,
        minimum_frequency: int = 1,
    ) -> None:
        """Take the settings; training starts with `fit`."""
        self.c1 = c1
        self.c2 = c2
        self.max_iterations = max_iterations
        self.minimum_frequency = minimum_frequency

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002, FBT001, FBT002 - scikit-learn's signature
        """Give the settings by name."""
        names = ("c1", "c2", "max_iterations", "minimum_frequency")
        return {name: getattr(self, name) for name in names}

    def set_params(self, **params: Any) -> Self:
        """Change settings; raises UsageError for a name that is none."""
        for name, value in params.items():
            if name not in self.get_params():
                raise UsageError("setting " + legal(name, self.get_params()), hint="Choose one")
            setattr(self, name, value)
        return self

    def fit(self, X: Sequence[Tokens], y: Sequence[Sequence[str]]) -> Self:  # noqa: N803 - scikit-learn's name
        """Learn from sequences and their labels; the same input gives the same model."""
        import pycrfsuite

        from annotate.learn.weights import from_native

        trainer = pycrfsuite.Trainer(verbose=False)
        trainer.set_params(
            {
                "c1": self.c1,
                "c2": self.c2,
                "max_iterations": self.max_iterations,
                "feature.minfreq": self.minimum_frequency,
            }
        )
        for tokens, labels in zip(X, y, strict=True):
            trainer.append(tokens, labels)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "model.crfsuite")
            trainer.train(str(file))
            self.native_ = file.read_bytes()
        self.weights_ = from_native(self.native_)
        return self

    def predict(self, X: Sequence[Tokens]) -> list[list[str]]:  # noqa: N803 - scikit-learn's name
        """Give the best labels of each sequence."""
        import numpy as np

        from annotate.learn.weights import state_scores, viterbi

        weights = self.weights_
        found: list[list[str]] = [[] for _ in X]
        filled = [number for number, tokens in enumerate(X) if tokens]
        if not filled:
            return found
        index = {name: row for row, name in enumerate(weights.features)}
        everywhere = np.zeros((1, len(weights.labels)))
        scores = state_scores(
            [token for tokens in X for token in tokens],
            index=index,
            state=np.concatenate([weights.state, everywhere]),
        )
        lengths = [len(X[number]) for number in filled]
        path = viterbi(scores[:, None], lengths=lengths, transition=weights.transition[None])
        pieces = np.split(path[:, 0], np.cumsum(lengths)[:-1])
        for number, piece in zip(filled, pieces, strict=True):
            found[number] = [weights.labels[label] for label in piece]
        return found

    def score(self, X: Sequence[Tokens], y: Sequence[Sequence[str]]) -> float:  # noqa: N803 - scikit-learn's name
        """Give the share of tokens with the right label."""
        pairs = [
            (label, truth)
            for labels, truths in zip(self.predict(X), y, strict=True)
            for label, truth in zip(labels, truths, strict=True)
        ]
        return sum(label == truth for label, truth in pairs) / len(pairs)

    def __sklearn_tags__(self) -> Any:
        """Tell scikit-learn what this estimator takes."""
        from sklearn.utils import Tags, TargetTags

        return Tags(estimator_type=None, target_tags=TargetTags(required=True))
