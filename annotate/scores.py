"""The one scorer of spans, for people and for models.

Overlapping spans of one marker are merged first, so that no character counts twice.
Exact: the same marker, start and end. Overlap: Da San Martino et al., SemEval-2020
task 11: P = 1/|S| sum |s∩t|/|s|, R = 1/|T| sum |s∩t|/|t|, over pairs of the same marker.
Undefined values are null and say why; they are never 0, 1 or NaN.
"""

from collections.abc import Iterable, Mapping, Sequence

from annotate.model import Record, Span, Voice
from annotate.spans import merge, overlap

Spans = Mapping[str, Sequence[Span]]

VOICES: tuple[Voice, ...] = ("reporter", "headline")
ALL_VOICES: tuple[Voice, ...] = ("reporter", "headline", "quoted_source")


class Score(Record, frozen=True, kw_only=True):
    """Precision, recall and their harmonic mean, 0 to 1; `reason` says why one is null."""

    precision: float | None
    recall: float | None
    f1: float | None
    reason: str | None = None


class Tally(Record, frozen=True, kw_only=True):
    """What a score is made of; tallies of documents, pairs and markers add up.

    `predicted` and `true` count merged spans, `exact` those in both. `precision_sum` and
    `recall_sum` are the sums of the overlap formulas. `hits` counts predicted spans that
    touch a true one, `found` true spans that a predicted one touches.
    """

    predicted: int = 0
    true: int = 0
    exact: int = 0
    precision_sum: float = 0.0
    recall_sum: float = 0.0
    hits: int = 0
    found: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Give the sum of both, field by field."""
        return Tally(
            predicted=self.predicted + other.predicted,
            true=self.true + other.true,
            exact=self.exact + other.exact,
            precision_sum=self.precision_sum + other.precision_sum,
            recall_sum=self.recall_sum + other.recall_sum,
            hits=self.hits + other.hits,
            found=self.found + other.found,
        )

    @property
    def exact_score(self) -> Score:
        """The exact score; its F1 is 2a/(2a+b+c), positive specific agreement."""
        return self._score(self.exact, self.exact)

    @property
    def overlap_score(self) -> Score:
        """The overlap score of SemEval-2020 task 11."""
        return self._score(self.precision_sum, self.recall_sum)

    @property
    def fragmentation(self) -> float | None:
        """Predicted spans per true span among those that touch; null when none do.

        Overlap scores do not punish a true span for being found in pieces: 1 is whole, 2 is
        two pieces each, 0.5 is one span across two.
        """
        return self.hits / self.found if self.found else None

    def _score(self, precise: float, recalled: float) -> Score:
        if not self.predicted and not self.true:
            return Score(precision=None, recall=None, f1=None, reason="no spans on either side")
        if not self.predicted:
            return Score(precision=None, recall=0.0, f1=0.0, reason="nothing was predicted")
        if not self.true:
            return Score(precision=0.0, recall=None, f1=0.0, reason="there is no true span")
        precision, recall = precise / self.predicted, recalled / self.true
        both = precision + recall
        f1 = 2 * precision * recall / both if both else 0.0
        return Score(precision=precision, recall=recall, f1=f1)


class MarkerScores(Record, frozen=True, kw_only=True):
    """Both scores of one marker, or of several together."""

    exact: Score
    overlap: Score
    predicted: int
    true: int
    fragmentation: float | None


class Scores(Record, frozen=True, kw_only=True):
    """Scores by marker, and `micro` over all of them."""

    markers: dict[str, MarkerScores]
    micro: MarkerScores
    documents: int


def score(
    predicted: Spans, true: Spans, *, markers: Iterable[str], voices: Sequence[Voice] = VOICES
) -> Scores:
    """Score predicted spans against true ones, by document id.

    A document that only one side names has no spans on the other. Voices other than
    `voices` are left out on both sides.
    """
    documents = sorted({*predicted, *true})
    by_marker = {
        marker: total(
            tally(predicted.get(doc_id, ()), true.get(doc_id, ()), marker=marker, voices=voices)
            for doc_id in documents
        )
        for marker in markers
    }
    return Scores(
        markers={marker: _scores(item) for marker, item in by_marker.items()},
        micro=_scores(total(by_marker.values())),
        documents=len(documents),
    )


def tally(
    predicted: Iterable[Span],
    true: Iterable[Span],
    *,
    marker: str,
    voices: Sequence[Voice] = VOICES,
) -> Tally:
    """Count one document's spans of one marker; offsets of both sides are into its text."""
    found = merge(_of(predicted, marker, voices))
    gold = merge(_of(true, marker, voices))
    shared = [
        (mine, theirs, both) for mine in found for theirs in gold if (both := overlap(mine, theirs))
    ]
    return Tally(
        predicted=len(found),
        true=len(gold),
        exact=len(set(found) & set(gold)),
        precision_sum=sum(both / (mine.end - mine.start) for mine, _, both in shared),
        recall_sum=sum(both / (theirs.end - theirs.start) for _, theirs, both in shared),
        hits=len({mine for mine, _, _ in shared}),
        found=len({theirs for _, theirs, _ in shared}),
    )


def total(tallies: Iterable[Tally]) -> Tally:
    """Give the sum of tallies."""
    return sum(tallies, start=Tally())


def _of(spans: Iterable[Span], marker: str, voices: Sequence[Voice]) -> list[Span]:
    return [span for span in spans if span.marker == marker and span.voice in voices]


def _scores(counted: Tally) -> MarkerScores:
    return MarkerScores(
        exact=counted.exact_score,
        overlap=counted.overlap_score,
        predicted=counted.predicted,
        true=counted.true,
        fragmentation=counted.fragmentation,
    )
