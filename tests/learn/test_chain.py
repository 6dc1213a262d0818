"""The chain model: numpy decodes what python-crfsuite learnt."""

from itertools import pairwise

import numpy as np
import pycrfsuite
import pytest
from sklearn.base import clone
from sklearn.model_selection import cross_val_score

from annotate.errors import UsageError
from annotate.learn.crf import ChainTagger
from annotate.learn.weights import viterbi

LABELS = ("O", "B", "I")
Sequences = list[list[list[str]]]


def random_tokens(rng: np.random.Generator, *, count: int, names: int) -> Sequences:
    return [
        [
            [f"f{number}" for number in rng.integers(0, names, 4)] + ["é😀:x"]
            for _ in range(rng.integers(1, 12))
        ]
        for _ in range(count)
    ]


def random_labels(rng: np.random.Generator, tokens: Sequences) -> list[list[str]]:
    return [[LABELS[number] for number in rng.integers(0, 3, len(item))] for item in tokens]


@pytest.fixture(scope="module")
def fitted() -> ChainTagger:
    rng = np.random.default_rng(4)
    tokens = random_tokens(rng, count=120, names=40)
    return ChainTagger(max_iterations=40).fit(tokens, random_labels(rng, tokens))


def test_numpy_decodes_as_crfsuite_tags(fitted: ChainTagger) -> None:
    """Of 2,000 random sequences, unknown features among them, every label is the same."""
    tokens = random_tokens(np.random.default_rng(5), count=2000, names=60)
    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(fitted.native_)
    assert fitted.predict(tokens) == [tagger.tag(item) for item in tokens]


def test_weights_are_those_that_crfsuite_prints(fitted: ChainTagger) -> None:
    """Oracle: python-crfsuite's own listing of the model, which has six digits."""
    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(fitted.native_)
    info, weights = tagger.info(), fitted.weights_
    row = {name: number for number, name in enumerate(weights.features)}
    column = {name: number for number, name in enumerate(weights.labels)}
    assert len(info.state_features) == np.count_nonzero(weights.state)
    for (name, label), value in info.state_features.items():
        assert weights.state[row[name], column[label]] == pytest.approx(value, abs=1e-6)
    for (before, after), value in info.transitions.items():
        found = weights.transition[column[before], column[after]]
        assert found == pytest.approx(value, abs=1e-6)


def test_empty_sequences_have_no_labels(fitted: ChainTagger) -> None:
    """No sequences, and sequences without tokens, give as many empty answers."""
    assert fitted.predict([]) == []
    some = [["f1"]]
    assert fitted.predict([[], some, []]) == [[], fitted.predict([some])[0], []]


def test_the_best_path_beats_every_other() -> None:
    """Viterbi finds the highest sum that trying all paths finds, for two models at once."""
    rng = np.random.default_rng(1)
    scores, transition = rng.normal(size=(7, 2, 3)), rng.normal(size=(2, 3, 3))
    path = viterbi(scores, lengths=[4, 3], transition=transition)
    for model in range(2):
        for first, size in ((0, 4), (4, 3)):
            worth = {
                labels: sum(scores[first + at, model, label] for at, label in enumerate(labels))
                + sum(transition[model, a, b] for a, b in pairwise(labels))
                for labels in np.ndindex(*[3] * size)
            }
            found = tuple(path[first : first + size, model].tolist())
            assert found == max(worth, key=worth.__getitem__)


def test_it_is_a_scikit_learn_estimator() -> None:
    """It is cloned with its settings, takes new ones, and scikit-learn cross-validates it."""
    tagger = clone(ChainTagger(c1=0.5)).set_params(max_iterations=5)
    assert tagger.get_params() == {
        "c1": 0.5, "c2": 0.01, "max_iterations": 5, "minimum_frequency": 1
    }  # fmt: skip
    tokens = [[[word]] for word in ("so", "said", "they") * 6]
    labels = [["B" if item[0][0] == "they" else "O"] for item in tokens]
    assert cross_val_score(tagger, tokens, labels, cv=3).tolist() == [1.0, 1.0, 1.0]


def test_an_unknown_setting_is_named_with_the_legal_ones() -> None:
    """A misspelt setting is a UsageError that lists what there is."""
    with pytest.raises(UsageError, match=r'"c3" is not known.*legal: c1, c2, max_iterations'):
        ChainTagger().set_params(c3=1)


def test_training_twice_gives_the_same_bytes(fitted: ChainTagger) -> None:
    """The same sequences give the same file, bit by bit."""
    rng = np.random.default_rng(4)
    tokens = random_tokens(rng, count=120, names=40)
    again = ChainTagger(max_iterations=40).fit(tokens, random_labels(rng, tokens))
    assert again.native_ == fitted.native_
