"""Train a model on a release's documents: what can be learnt of which marker, and how."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import compress

from annotate.errors import NothingToDo
from annotate.learn.sentence import SentenceModel, carriers, train_sentences
from annotate.learn.storage import (
    SENTENCES,
    SPANS,
    TRAINED_ON,
    TUNED_ON,
    Level,
    MarkerCard,
    ModelCard,
    TrainedOn,
)
from annotate.learn.text import LabelledDocument, Sentence, sentences, settled
from annotate.model import Voice
from annotate.scores import ALL_VOICES, VOICES

LIBRARIES = ("annotate-markers", "numpy", "nupunkt", "python-crfsuite", "scikit-learn", "skops")
_OUTSIDE = "its spans lie outside of title and body"
_BESIDE = "its spans stand in sentences where another is open"
SETTINGS = {"c1": 0.1, "c2": 0.01, "max_iterations": 100, "minimum_frequency": 1}


@dataclass(frozen=True, kw_only=True)
class Training:
    """A trained model before it is stored: its card without hashes, and its files."""

    card: ModelCard
    files: dict[str, bytes]


def train(  # noqa: PLR0913 - what a model is made from
    documents: Sequence[LabelledDocument],
    *,
    validation: Sequence[LabelledDocument],
    markers: Sequence[str],
    level: Level,
    name: str,
    release: TrainedOn,
    taxonomy_version: str,
    seed: int,
    progress: Callable[[str], None] | None = None,
) -> Training:
    """Learn the markers; the same documents, seed and libraries give the same bytes.

    A marker without spans in `documents` is not learnt, and the card says so. Sentences in
    which something of a marker is open do not teach it. Raises
    NothingToDo when that leaves none.
    """
    cards = {marker: _card(documents, marker) for marker in markers}
    spans = tuple(marker for marker, card in cards.items() if card.span_not_learnt is None)
    carried = tuple(marker for marker, card in cards.items() if card.sentence_not_learnt is None)
    if not spans:
        raise NothingToDo(
            f"release {release.version} has no spans to learn from in its train split",
            hint="Annotate more documents, then run `annotate release` again",
        )
    files = {TRAINED_ON: _lines(documents), TUNED_ON: _lines(validation)}
    if level != "sentence":
        files |= _tagger_files(documents, spans, progress)
    if level != "span" and carried:
        from annotate.learn.sentence_file import to_skops

        model = train_sentences(documents, validation=validation, markers=carried, seed=seed)
        files[SENTENCES] = to_skops(model)
        cards = _with_thresholds(cards, model)
    read = [item for document in documents for item in sentences(document.text, document.zones)]
    return Training(
        card=ModelCard(
            name=name,
            level=level,
            release=release,
            taxonomy_version=taxonomy_version,
            seed=seed,
            documents=len(documents),
            validation_documents=len(validation),
            sentences=len(read),
            tokens=sum(len(item.words) for item in read),
            markers=cards,
            settings=SETTINGS,
            versions={"python": sys.version.split()[0]}
            | {name: version(name) for name in LIBRARIES},
        ),
        files=files,
    )


def _card(documents: Sequence[LabelledDocument], marker: str) -> MarkerCard:
    marked = [[span for span in item.spans if span.marker == marker] for item in documents]
    everything = [sentences(item.text, item.zones) for item in documents]
    known = [
        list(compress(read, settled(read, item.open, marker=marker)))
        for item, read in zip(documents, everything, strict=True)
    ]

    def carried(read: Sequence[Sequence[Sentence]], voices: Sequence[Voice]) -> list[bool]:
        found = zip(documents, read, strict=True)
        return [
            answer
            for item, of_item in found
            for answer in carriers(of_item, item.spans, marker=marker, voices=voices)
        ]

    carries = carried(known, VOICES)
    nothing = None if any(marked) else "no spans in train"
    outside = None if any(carried(everything, ALL_VOICES)) else _OUTSIDE
    beside = None if any(carried(known, ALL_VOICES)) else _BESIDE
    quoted = None if any(carries) else "others are quoted in all of its spans"
    everywhere = "every sentence in train carries it" if all(carries) else None
    return MarkerCard(
        spans=sum(map(len, marked)),
        documents=sum(map(bool, marked)),
        sentences=sum(carries),
        span_not_learnt=nothing or outside or beside,
        sentence_not_learnt=nothing or outside or beside or quoted or everywhere,
    )


def _with_thresholds(
    cards: Mapping[str, MarkerCard], model: SentenceModel
) -> dict[str, MarkerCard]:
    return {
        marker: card.replace(threshold=model.thresholds.get(marker))
        for marker, card in cards.items()
    }


def _tagger_files(
    documents: Sequence[LabelledDocument],
    markers: Sequence[str],
    progress: Callable[[str], None] | None,
) -> dict[str, bytes]:
    from annotate.learn.tagger import train_tagger
    from annotate.learn.tagger_file import to_npz

    trained = train_tagger(documents, markers=markers, progress=progress, **SETTINGS)
    native = {f"native/{marker}.crfsuite": data for marker, data in trained.native.items()}
    return {SPANS: to_npz(trained.tagger), **native}


def _lines(documents: Sequence[LabelledDocument]) -> bytes:
    return "".join(f"{doc_id}\n" for doc_id in sorted(item.doc_id for item in documents)).encode()
