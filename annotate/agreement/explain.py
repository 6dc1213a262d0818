"""Why annotators disagree: what the explanation of an agreement holds.

Offsets and lengths are in code points. What is undefined is null and says why.
"""

from typing import Literal

from annotate.agreement.resample import Value
from annotate.model import Condition, Range, Record, Voice

Kind = Literal["missed", "boundary", "other_marker", "attribute"]
KINDS: tuple[Kind, ...] = ("missed", "boundary", "other_marker", "attribute")


class Part(Record, frozen=True, kw_only=True):
    """How many of something there are, and their share, 0 to 1; null of nothing."""

    count: int
    share: float | None


class Disagreement(Record, frozen=True, kw_only=True):
    """How often two annotators agree about a span, and how they disagree where they do not.

    Each place where at least one of the two marked something counts once, as the first of
    these that fits. `agreed`: the same marker, range and attributes that matter. `attribute`:
    the same marker and range, another attribute that matters. `boundary`: the same marker
    on overlapping ranges, whole or in pieces. `other_marker`: a span of another marker, which
    has no span of its own marker to match, shares at least half of the characters of both
    together (IoU). `missed`: the other marked nothing of the kind.

    `kinds` holds all four with their share of `disagreements`; `reason` says why the shares
    are null. `attributes` counts what differs where only attributes do; `voice` is among
    them where one of the two voices counts and the other does not.
    """

    agreed: int
    disagreements: int
    kinds: dict[Kind, Part]
    attributes: dict[str, int] = {}
    reason: str | None = None


class Offsets(Record, frozen=True, kw_only=True):
    """How far two annotators' starts, and ends, of what both marked lie apart, in code points.

    `bins` are the lowest distances of the bins; `starts` and `ends` count spans by bin, over
    `spans` overlapping spans of one marker, one of each annotator. In `pieces` more places
    one has several spans where the other has one: they have no single distance.
    """

    bins: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    spans: int
    pieces: int
    reason: str | None = None


class Differences(Record, frozen=True, kw_only=True):
    """The kinds of disagreement over `documents` that two or more read, and the boundaries.

    `pairs` holds each pair (`ana, ben`) by marker, and over all markers as `overall`. With
    another marker chosen, the disagreement stands under both markers, and once overall;
    `confused` counts it by `marker, marker`.
    """

    documents: int
    overall: Disagreement
    markers: dict[str, Disagreement]
    pairs: dict[str, dict[str, Disagreement]]
    confused: dict[str, int]
    offsets: Offsets
    offsets_by_marker: dict[str, Offsets]


class Marked(Range, frozen=True, kw_only=True):
    """A span as one annotator marked it, and the words on it."""

    marker: str
    attributes: dict[str, str] = {}
    words: str


class Passage(Range, frozen=True, kw_only=True):
    """A contested stretch with text around it, and each reader's spans in the stretch.

    `text` is all of `[start, end)`, which holds every span whole. A reader who marked nothing
    there has no spans. The text around may hold spans that are shown elsewhere or agreed.
    """

    text: str
    kinds: dict[Kind, int]
    annotators: dict[str, tuple[Marked, ...]]


class Contested(Record, frozen=True, kw_only=True):
    """A document with much disagreement, counted over its pairs of readers.

    `per_pair` is `disagreements` for each pair of its readers. `left_out` passages are not
    shown, to keep it readable.
    """

    doc_id: str
    title: str | None
    condition: Condition
    annotators: tuple[str, ...]
    words: int
    agreed: int
    disagreements: int
    per_pair: float
    passages: tuple[Passage, ...]
    left_out: int = 0


class Third(Record, frozen=True, kw_only=True):
    """A third of an annotator's documents, in the order of submission.

    `rate` in spans per 1,000 words, `agreement` the overlap F1 with the other readers,
    `speed` in words per minute, the median.
    """

    documents: int
    first: str
    last: str
    rate: Value
    agreement: Value
    speed: Value


class Tendency(Record, frozen=True, kw_only=True):
    """How often an annotator marks something, and the others in the same documents.

    `own` and `others` are spans per 1,000 words; `ratio` is own to others.
    """

    own: Value
    others: Value
    ratio: Value


class Profile(Record, frozen=True, kw_only=True):
    """How one annotator works, over all the documents that they read.

    `rate` in spans per 1,000 words; `length` the median span in code points; `speed` the
    median words per minute over `timed` documents; `agreement` the overlap F1 with the
    other readers. `starts` and `ends` say by how many code points they begin and end later
    than others on what both marked, the median; negative is earlier. `drift` holds
    chronological thirds, none with `drift_reason`.
    """

    documents: int
    words: int
    spans: int
    timed: int
    rate: Value
    length: Value
    speed: Value
    agreement: Value
    starts: Value
    ends: Value
    tendency: dict[str, Tendency]
    drift: tuple[Third, ...] = ()
    drift_reason: str | None = None


class Check(Record, frozen=True, kw_only=True):
    """Two readings of `documents` held against each other, with 95% intervals."""

    documents: int
    exact_f1: Value
    overlap_f1: Value


class Checks(Record, frozen=True, kw_only=True):
    """Checks of all annotators together and of each; `left_out` could not be compared."""

    overall: Check
    annotators: dict[str, Check]
    left_out: int = 0


class Effect(Record, frozen=True, kw_only=True):
    """What is measured without and with suggestions shown, and assisted minus blind.

    `difference` compares all annotations of both sides. `within` compares each annotator
    with themselves and averages by how much they did of both, so that who did which
    documents cannot make the difference.
    """

    blind: Value
    assisted: Value
    difference: Value
    within: Value


class Side(Record, frozen=True, kw_only=True):
    """What one side of the comparison is made of."""

    documents: int
    annotations: int
    words: int
    timed: int


class Anchoring(Record, frozen=True, kw_only=True):
    """What seeing suggestions does: blind and test against assisted assignments.

    `rate` in spans per 1,000 words; `agreement` the overlap F1 with the rules' suggestions,
    which blind documents have too, not shown; `speed` in words per minute, the median.
    `suggestions` per 1,000 words is a check, not an effect: about the same on both sides
    where the documents are comparable.
    """

    blind: Side
    assisted: Side
    annotators_on_both: int
    rate: Effect
    agreement: Effect
    speed: Effect
    suggestions: Effect


class Observer(Record, frozen=True, kw_only=True):
    """One annotator as Dawid-Skene sees them, over `clusters` in documents that they read.

    `sensitivity` is the chance of marking what is there, `specificity` of leaving what is not.
    """

    clusters: int
    sensitivity: Value
    specificity: Value


class Reliability(Record, frozen=True, kw_only=True):
    """Dawid-Skene on `clusters` that two or more read: a diagnosis, not a judge.

    `prevalence` is the share of clusters taken to be there; `overruled` counts those where
    the model is against most of the readers. `caution` belongs beside every value.
    """

    clusters: int
    annotators: dict[str, Observer]
    prevalence: Value
    overruled: int | None
    caution: str
    reason: str | None = None


class Explained(Record, frozen=True, kw_only=True):
    """Why annotators disagree.

    `differences` are on blind and test documents, `assisted` ones apart, since suggestions
    make people agree. `contested` are the documents with most disagreement first, of any
    condition. `repeats` hold annotators against their own earlier reading, `checks` against
    what is settled.
    """

    voices: tuple[Voice, ...]
    differences: Differences
    assisted: Differences
    contested: tuple[Contested, ...]
    profiles: dict[str, Profile]
    repeats: Checks
    checks: Checks
    anchoring: Anchoring
    reliability: Reliability
