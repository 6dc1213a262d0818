"""The weights of linear-chain models, and their decoding in numpy.

A `.crfsuite` file that was changed can crash the process that opens it, so what is
loaded are plain arrays. Only a file that was written a moment ago is read here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_HEADER = 32
_STATE = 0


@dataclass(frozen=True, kw_only=True)
class ChainWeights:
    """One model: `state[feature, label]` and `transition[from, to]`, unknown ones are 0."""

    labels: tuple[str, ...]
    features: tuple[str, ...]
    state: "NDArray[np.float64]"
    transition: "NDArray[np.float64]"


def from_native(model: bytes) -> ChainWeights:
    """Give the weights of a model as python-crfsuite wrote it, to the last bit.

    python-crfsuite names features but prints weights with six digits: the names come
    from it, the weights from the file (header, then `FEAT`, size, number of features,
    and for each type, source, target as uint32 and the weight as float64).
    """
    import numpy as np
    import pycrfsuite

    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(model)
    info = tagger.info()
    labels = tuple(sorted(info.labels, key=lambda label: int(info.labels[label])))
    names = tuple(sorted(info.attributes, key=lambda name: int(info.attributes[name])))
    at = int.from_bytes(model[_HEADER - 4 : _HEADER], "little")
    row = np.dtype([("type", "<u4"), ("source", "<u4"), ("target", "<u4"), ("weight", "<f8")])
    count = int.from_bytes(model[at + 8 : at + 12], "little")
    rows = np.frombuffer(model, dtype=row, count=count, offset=at + 12)
    state = np.zeros((len(names), len(labels)))
    transition = np.zeros((len(labels), len(labels)))
    for table, chosen in (
        (state, rows[rows["type"] == _STATE]),
        (transition, rows[rows["type"] != _STATE]),
    ):
        table[chosen["source"], chosen["target"]] = chosen["weight"]
    return ChainWeights(labels=labels, features=names, state=state, transition=transition)


def state_scores(
    tokens: Sequence[Sequence[str]],
    *,
    index: Mapping[str, int],
    state: "NDArray[np.float64]",
) -> "NDArray[np.float64]":
    """Give for each token the sum of its features' rows of `state`.

    `index` names the rows; the last row of `state`, which no name has, goes to every
    token.
    """
    import numpy as np

    everywhere = len(state) - 1
    rows: list[int] = []
    firsts: list[int] = []
    known = index.get
    for token in tokens:
        firsts.append(len(rows))
        rows.append(everywhere)
        rows += [row for row in map(known, token) if row is not None]
    summed: NDArray[np.float64] = np.add.reduceat(state[rows], firsts, axis=0)
    return summed


def viterbi(
    scores: "NDArray[np.float64]",
    *,
    lengths: Sequence[int],
    transition: "NDArray[np.float64]",
) -> "NDArray[np.intp]":
    """Give the best label of each token for several models at once.

    `scores` is (tokens, models, labels) of sentences one behind the other, `lengths`
    their numbers of tokens, all positive; `transition` is (models, from, to). Of equals
    the first label wins. The result is (tokens, models). Viterbi 1967, all sentences
    advancing together.
    """
    import numpy as np

    sizes = np.asarray(lengths)
    firsts = np.cumsum(sizes) - sizes
    best = scores.copy()
    back = np.zeros(scores.shape, dtype=np.intp)
    steps = [firsts[sizes > step] + step for step in range(1, int(sizes.max(initial=0)))]
    for rows in steps:
        through = best[rows - 1][..., None] + transition
        back[rows] = through.argmax(axis=-2)
        best[rows] += through.max(axis=-2)
    path: NDArray[np.intp] = best.argmax(axis=-1)
    for rows in reversed(steps):
        chosen = path[rows][..., None]
        path[rows - 1] = np.take_along_axis(back[rows], chosen, axis=-1)[..., 0]
    return path
