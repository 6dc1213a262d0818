"""Score a model on documents that it never saw, beside the rules and the majority.

The scorer is the one for people (`annotate.scores`), and the same voices count by default:
the reporter's and the headline's. Intervals: percentile 95% over resampled groups of documents.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from annotate.learn.resample import Resample
from annotate.learn.sentence import SentenceModel, carriers
from annotate.learn.storage import Model, ModelCard
from annotate.learn.text import LabelledDocument, sentences
from annotate.model import Record, Span, Voice
from annotate.scores import VOICES, Score, Tally, tally, total

if TYPE_CHECKING:
    import numpy as np

ROUNDS = 2_000
MICRO = "micro"
Rules = Callable[[LabelledDocument], Sequence[Span]]
Level = Literal["span", "sentence"]
System = Literal["model", "rules", "majority"]
Measure = Literal["exact", "overlap", "sentence"]


class Row(Record, frozen=True, kw_only=True):
    """One system's score of one marker, 0 to 1; `micro` is over the markers of tier 1.

    `low` and `high` bound F1 (95%); `predicted` and `true` count spans or sentences.
    `reason` says why a value is null or zero.
    """

    level: Level
    measure: Measure
    marker: str
    system: System
    precision: float | None
    recall: float | None
    f1: float | None
    low: float | None
    high: float | None
    predicted: int
    true: int
    reason: str | None = None


class SplitReport(Record, frozen=True, kw_only=True):
    """One split's rows; `groups` were resampled whole, `left_out` were seen in training."""

    split: str
    documents: int
    sentences: int
    groups: int
    left_out: int
    rows: tuple[Row, ...]

    def row(self, *, system: System, measure: Measure, marker: str = MICRO) -> Row | None:
        """Give the row of that system, measure and marker, None when there is none."""
        for row in self.rows:
            if (row.system, row.measure, row.marker) == (system, measure, marker):
                return row
        return None


class Report(Record, frozen=True, kw_only=True):
    """What `report.json` says of a model."""

    model: str
    release: str
    headline: str
    splits: tuple[SplitReport, ...]
    not_learnt: dict[str, str]
    notes: tuple[str, ...]
    voices: tuple[Voice, ...] = VOICES
    rounds: int = ROUNDS
    seed: int


@dataclass(frozen=True, kw_only=True)
class _Column:
    """Of one level, system and marker, a tally for each document."""

    level: Level
    system: System
    marker: str
    tallies: list[Tally]


def evaluate_split(  # noqa: PLR0913 - what a score depends on
    split: str,
    documents: Sequence[LabelledDocument],
    *,
    model: Model,
    rules: Rules,
    micro: Iterable[str],
    seen: Collection[str],
    rng: "np.random.Generator",
    voices: Sequence[Voice] = VOICES,
) -> SplitReport:
    """Score the documents that are not among those `seen` in training.

    `micro` names the markers that the pooled rows are over; those that the release does
    not ask for are passed over. Spans of other voices than `voices` do not count; the
    sentence model has learnt the default ones.
    """
    unseen = [item for item in documents if item.doc_id not in seen]
    columns = _columns(unseen, model, rules, voices)
    pooled = [marker for marker in micro if marker in model.card.markers]
    columns += _pooled(columns, pooled) if pooled else []
    groups = [item.group or item.doc_id for item in unseen]
    resample = Resample(groups, rounds=ROUNDS, rng=rng)
    return SplitReport(
        split=split,
        documents=len(unseen),
        sentences=sum(len(sentences(item.text, item.zones)) for item in unseen),
        groups=len(set(groups)),
        left_out=len(documents) - len(unseen),
        rows=tuple(
            _row(column, measure, resample=resample, card=model.card)
            for column in columns
            for measure in _measures(column.level)
        ),
    )


def not_learnt(card: ModelCard) -> dict[str, str]:
    """Give of each marker that the model does not know the reason."""
    return {
        marker: reason
        for marker, item in card.markers.items()
        if (reason := item.span_not_learnt or item.sentence_not_learnt)
    }


def _measures(level: Level) -> tuple[Measure, ...]:
    return ("exact", "overlap") if level == "span" else ("sentence",)


def _columns(
    documents: Sequence[LabelledDocument], model: Model, rules: Rules, voices: Sequence[Voice]
) -> list[_Column]:
    suggested = [rules(item) for item in documents]
    columns: list[_Column] = []
    if model.tagger is not None:
        tagged = [model.tagger.predict(item.text, item.zones) for item in documents]
        none: list[list[Span]] = [[] for _ in documents]
        systems: dict[System, Sequence[Sequence[Span]]] = {
            "model": tagged,
            "rules": suggested,
            "majority": none,
        }
        for system, found in systems.items():
            columns += _span_columns(
                documents, found, system=system, markers=model.card.markers, voices=voices
            )
    if model.sentences is not None:
        columns += _sentence_columns(
            documents, suggested, model.sentences, card=model.card, voices=voices
        )
    return columns


def _span_columns(
    documents: Sequence[LabelledDocument],
    found: Sequence[Sequence[Span]],
    *,
    system: System,
    markers: Iterable[str],
    voices: Sequence[Voice],
) -> list[_Column]:
    return [
        _Column(
            level="span",
            system=system,
            marker=marker,
            tallies=[
                tally(spans, document.spans, marker=marker, voices=voices)
                for document, spans in zip(documents, found, strict=True)
            ],
        )
        for marker in markers
    ]


def _sentence_columns(
    documents: Sequence[LabelledDocument],
    suggested: Sequence[Sequence[Span]],
    classifier: SentenceModel,
    *,
    card: ModelCard,
    voices: Sequence[Voice],
) -> list[_Column]:
    tallies: defaultdict[tuple[str, System], list[Tally]] = defaultdict(list)
    for document, rules in zip(documents, suggested, strict=True):
        read = sentences(document.text, document.zones)
        carried = classifier.predict([document.text[item.start : item.end] for item in read])
        nowhere = [False] * len(read)
        for marker, item in card.markers.items():
            truth = carriers(read, document.spans, marker=marker, voices=voices)
            usual = 2 * item.sentences > card.sentences
            answers: dict[System, Sequence[bool]] = {
                "model": carried.get(marker, nowhere),
                "rules": carriers(read, rules, marker=marker, voices=voices),
                "majority": [usual] * len(read),
            }
            for system, answer in answers.items():
                tallies[marker, system].append(_agreeing(answer, truth))
    return [
        _Column(level="sentence", system=system, marker=marker, tallies=found)
        for (marker, system), found in tallies.items()
    ]


def _agreeing(predicted: Sequence[bool], truth: Sequence[bool]) -> Tally:
    both = sum(mine and theirs for mine, theirs in zip(predicted, truth, strict=True))
    return Tally(predicted=sum(predicted), true=sum(truth), exact=both)


def _pooled(columns: Sequence[_Column], markers: Sequence[str]) -> list[_Column]:
    kinds = list(dict.fromkeys((column.level, column.system) for column in columns))
    return [
        _Column(
            level=level,
            system=system,
            marker=MICRO,
            tallies=[
                total(tallies)
                for tallies in zip(
                    *(
                        column.tallies
                        for column in columns
                        if (column.level, column.system) == (level, system)
                        and column.marker in markers
                    ),
                    strict=True,
                )
            ],
        )
        for level, system in kinds
    ]


def _row(column: _Column, measure: Measure, *, resample: Resample, card: ModelCard) -> Row:
    counted = total(column.tallies)
    score = counted.overlap_score if measure == "overlap" else counted.exact_score
    interval = resample.f1(column.tallies, overlap=measure == "overlap")
    return Row(
        level=column.level,
        measure=measure,
        marker=column.marker,
        system=column.system,
        precision=score.precision,
        recall=score.recall,
        f1=score.f1,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        predicted=counted.predicted,
        true=counted.true,
        reason=_reason(column, score, card),
    )


def _reason(column: _Column, score: Score, card: ModelCard) -> str | None:
    item = card.markers.get(column.marker)
    if column.system == "model" and item is not None:
        missing = item.span_not_learnt if column.level == "span" else item.sentence_not_learnt
        if missing:
            return f"not learnt: {missing}"
    return score.reason
