"""The span tagger: for each marker a chain of outside, begin and inside.

Markers may overlap, so each has a model of its own; all are decoded at once from one
set of arrays, which a `.npz` file holds.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from annotate import spans
from annotate.learn.features import features
from annotate.learn.text import LabelledDocument, Sentence, sentences, settled
from annotate.model import Range, Span, Voice, Zone

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from annotate.learn.weights import ChainWeights

LABELS = ("O", "B", "I")
_NEVER = -1e9


@dataclass(frozen=True, kw_only=True)
class SpanTagger:
    """Tags spans of the markers that it learnt.

    `state` is (features and one row for every token, markers, labels), `transition`
    (markers, from, to).
    """

    markers: tuple[str, ...]
    features: tuple[str, ...]
    state: "NDArray[np.float64]"
    transition: "NDArray[np.float64]"

    def predict(self, text: str, zones: Sequence[Zone] = ()) -> list[Span]:
        """Give the spans found in title and body, sorted; offsets into `text`."""
        import numpy as np

        from annotate.learn.weights import state_scores, viterbi

        read = sentences(text, zones)
        if not read or not self.markers:
            return []
        tokens = [token for sentence in read for token in features(sentence)]
        scores = state_scores(
            tokens, index=self._index, state=self.state.reshape(len(self.state), -1)
        ).reshape(len(tokens), *self.state.shape[1:])
        lengths = [len(sentence.words) for sentence in read]
        path = viterbi(scores, lengths=lengths, transition=self.transition)
        found = []
        first = 0
        for sentence in read:
            labels = path[first : first + len(sentence.words)]
            first += len(sentence.words)
            for number in np.flatnonzero(labels.any(axis=0)):
                stretches = stretches_of([LABELS[label] for label in labels[:, number]])
                found += _spans(text, sentence, stretches, marker=self.markers[number])
        return sorted(found, key=lambda span: (span.start, span.end, span.marker))

    @cached_property
    def _index(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.features)}


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A tagger, and of each marker the bytes of its `.crfsuite` file."""

    tagger: SpanTagger
    native: dict[str, bytes]


def train_tagger(
    documents: Iterable[LabelledDocument],
    *,
    markers: Sequence[str],
    progress: Callable[[str], None] | None = None,
    **settings: Any,
) -> Trained:
    """Learn the markers from the spans of `documents`; each must have at least one.

    Sentences in which something of a marker is open do not teach it. `settings` are those
    of `ChainTagger`; `progress` hears each marker as its turn comes.
    """
    from annotate.learn.crf import ChainTagger

    read: list[list[list[str]]] = []
    labels: dict[str, dict[int, list[str]]] = {marker: {} for marker in markers}
    for document in documents:
        found = sentences(document.text, document.zones)
        for marker in markers:
            marked = [span for span in document.spans if span.marker == marker]
            known = settled(found, document.open, marker=marker)
            for number, sentence in enumerate(found):
                if known[number]:
                    labels[marker][len(read) + number] = labels_of(sentence, marked)
        read += (features(sentence) for sentence in found)
    fitted: dict[str, ChainTagger] = {}
    for marker in markers:
        if progress:
            progress(marker)
        chosen = [read[number] for number in labels[marker]]
        fitted[marker] = ChainTagger(**settings).fit(chosen, list(labels[marker].values()))
    return Trained(
        tagger=_stacked({marker: model.weights_ for marker, model in fitted.items()}),
        native={marker: model.native_ for marker, model in fitted.items()},
    )


def labels_of(sentence: Sentence, marked: Iterable[Span]) -> list[str]:
    """Give each token's label: a token that a span touches is in it."""
    labels = ["O"] * len(sentence.words)
    for span in spans.merge(item for item in marked if spans.overlaps(item, sentence)):
        label = "B"
        for number, (start, end) in enumerate(zip(sentence.starts, sentence.ends, strict=True)):
            if start < span.end and span.start < end:
                labels[number] = label
                label = "I"
    return labels


def stretches_of(labels: Sequence[str]) -> list[Range]:
    """Give the runs of B and I as ranges of token numbers; an I after O begins one."""
    found: list[Range] = []
    start: int | None = None
    for number, label in enumerate([*labels, "O"]):
        if start is not None and label != "I":
            found.append(Range(start=start, end=number))
            start = None
        if start is None and label != "O":
            start = number
    return found


def _spans(text: str, sentence: Sentence, stretches: Iterable[Range], *, marker: str) -> list[Span]:
    found = []
    for stretch in stretches:
        start, end = sentence.starts[stretch.start], sentence.ends[stretch.end - 1]
        trimmed = spans.trim(text, Range(start=start, end=end))
        if trimmed is not None:
            voice = _voice(sentence, stretch)
            found.append(Span(start=trimmed.start, end=trimmed.end, marker=marker, voice=voice))
    return found


def _voice(sentence: Sentence, stretch: Range) -> Voice:
    if all(sentence.quoted[stretch.start : stretch.end]):
        return "quoted_source"
    return "headline" if sentence.title else "reporter"


def _stacked(models: "dict[str, ChainWeights]") -> SpanTagger:
    """Put the models side by side; a label that a marker never had is never given."""
    import numpy as np

    names = tuple(sorted({name for model in models.values() for name in model.features}))
    row = {name: number for number, name in enumerate(names)}
    state = np.zeros((len(names) + 1, len(models), len(LABELS)))
    transition = np.zeros((len(models), len(LABELS), len(LABELS)))
    for number, model in enumerate(models.values()):
        rows = [row[name] for name in model.features]
        columns = [LABELS.index(label) for label in model.labels]
        state[np.ix_(rows, [number], columns)] = model.state[:, None, :]
        transition[np.ix_([number], columns, columns)] = model.transition
        absent = [column for column in range(len(LABELS)) if column not in columns]
        state[-1, number, absent] = _NEVER
    return SpanTagger(markers=tuple(models), features=names, state=state, transition=transition)
