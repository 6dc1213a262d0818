"""How often each rule is right, estimated from what annotators settled; pure.

A suggestion is right when it overlaps a span of its marker that annotators agree is there.
One that overlaps only what is disputed is neither right nor wrong, and does not count. The
estimate begins
with the score that the rule's author wrote, which weighs as much as `PRIOR` suggestions
(the mean of a Beta posterior), and moves away from it as suggestions are judged. The
interval is Wilson's (1927) on the judged suggestions alone, and takes them as independent.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from math import sqrt

import msgspec

from annotate.marker import Pattern
from annotate.model import OpenSpan, Record, Span, Suggestion, Unit
from annotate.scores import ALL_VOICES, tally
from annotate.spans import overlaps
from annotate.suggest.lexicons import Phrases, UnknownLexicon
from annotate.suggest.rules import SUGGESTER
from annotate.taxonomy import Taxonomy, rule_name

FORMAT = 1
PRIOR = 4
_Z = 1.959963984540054
_DIGITS = 4
_LEXICON = re.compile(r"\{(\w+)\}")


class Judged(Record, frozen=True, kw_only=True):
    """A rule's suggestions on documents with gold.

    `right` of `suggestions` overlap an agreed span of their marker, `exact` have a gold
    span's range. `disputed` more touch only what is disputed. `elsewhere` counts the wrong
    ones where other markers are agreed on instead, by marker.
    """

    suggestions: int = 0
    right: int = 0
    exact: int = 0
    disputed: int = 0
    elsewhere: dict[str, int] = {}

    def __add__(self, other: "Judged") -> "Judged":
        """Give the sum of both, field by field."""
        markers = sorted({*self.elsewhere, *other.elsewhere})
        return Judged(
            suggestions=self.suggestions + other.suggestions,
            right=self.right + other.right,
            exact=self.exact + other.exact,
            disputed=self.disputed + other.disputed,
            elsewhere={
                name: self.elsewhere.get(name, 0) + other.elsewhere.get(name, 0) for name in markers
            },
        )

    @property
    def interval(self) -> "Interval | None":
        """Give the 95% interval of the precision; None when nothing was judged."""
        return wilson(self.right, self.suggestions) if self.suggestions else None


class Truth(Record, frozen=True, kw_only=True):
    """What annotators say of a document.

    `gold` is settled. Of `unsettled` spans they agree that the marker is there, not on its
    range or attributes. Of `disputed` ones not even that.
    """

    gold: tuple[Span, ...] = ()
    unsettled: tuple[Span, ...] = ()
    disputed: tuple[OpenSpan, ...] = ()

    @property
    def agreed(self) -> tuple[Span, ...]:
        """Give all spans whose marker is there."""
        return self.gold + self.unsettled


class Interval(Record, frozen=True, kw_only=True):
    """A 95% interval of a share."""

    low: Unit
    high: Unit


class RuleScore(Record, frozen=True, kw_only=True):
    """A rule's calibrated score, and what it was calibrated from.

    `fingerprint` names the rule's wording, with that of the lexicons in it, and its written
    score: the calibration holds while they are what they were.
    """

    marker: str
    rule: str
    fingerprint: str
    written: Unit
    score: Unit
    judged: Judged


class Calibration(Record, frozen=True, kw_only=True):
    """The scores of all rules that were judged; `documents` with gold by condition."""

    version: int = FORMAT
    documents: dict[str, int] = {}
    rules: tuple[RuleScore, ...] = ()


class Fit(Record, frozen=True, kw_only=True):
    """What of a calibration fits the rules as they are: scores by `marker/rule`.

    `stale` rules were changed since they were calibrated.
    """

    scores: dict[str, float] = {}
    stale: tuple[str, ...] = ()


def judge(suggestions: Iterable[Suggestion], truth: Truth) -> dict[str, Judged]:
    """Hold one document's suggestions against what annotators say, by `marker/rule`."""
    judged: dict[str, Judged] = {}
    for item in suggestions:
        name = rule_name(item.marker, item.rule)
        judged[name] = judged.get(name, Judged()) + _judged(item, truth)
    return judged


def _judged(item: Suggestion, truth: Truth) -> Judged:
    if tally([item], truth.agreed, marker=item.marker, voices=ALL_VOICES).hits:
        settled = tally([item], truth.gold, marker=item.marker, voices=ALL_VOICES)
        return Judged(suggestions=1, right=1, exact=settled.exact)
    if any(other.marker == item.marker and overlaps(other, item) for other in truth.disputed):
        return Judged(disputed=1)
    instead = {other.marker for other in truth.agreed if overlaps(other, item)}
    return Judged(suggestions=1, elsewhere=dict.fromkeys(sorted(instead), 1))


def estimate(judged: Judged, *, written: float) -> float:
    """Give the rule's precision: its written score, moved by what was judged."""
    return round((judged.right + PRIOR * written) / (judged.suggestions + PRIOR), _DIGITS)


def wilson(right: int, total: int) -> Interval:
    """Give Wilson's 95% score interval of the share `right` of `total`, which is not 0."""
    share, weight = right / total, _Z * _Z / total
    centre = (share + weight / 2) / (1 + weight)
    reach = _Z * sqrt((share * (1 - share) + weight / 4) / total) / (1 + weight)
    return Interval(
        low=max(0.0, round(centre - reach, _DIGITS)), high=min(1.0, round(centre + reach, _DIGITS))
    )


def calibrate(
    judged: Mapping[str, Judged],
    taxonomy: Taxonomy,
    *,
    documents: Mapping[str, int],
    phrases: Phrases,
) -> Calibration:
    """Score every rule of the taxonomy, as written, that was judged at least once."""
    return Calibration(
        documents=dict(documents),
        rules=tuple(
            RuleScore(
                marker=marker.marker,
                rule=item.name,
                fingerprint=fingerprint(item, phrases),
                written=item.score,
                score=estimate(found, written=item.score),
                judged=found,
            )
            for marker in taxonomy.markers
            for item in marker.patterns
            if (found := judged.get(rule_name(marker.marker, item.name))) and found.suggestions
        ),
    )


def fit(calibration: Calibration, taxonomy: Taxonomy, *, phrases: Phrases) -> Fit:
    """Give the scores of those rules in use, as written, that are what was calibrated."""
    known = {rule_name(item.marker, item.rule): item for item in calibration.rules}
    scores: dict[str, float] = {}
    stale: list[str] = []
    for marker in taxonomy.markers:
        for item in marker.patterns:
            name = rule_name(marker.marker, item.name)
            if name not in known or not taxonomy.counts(marker, item):
                continue
            if known[name].fingerprint == fingerprint(item, phrases):
                scores[name] = known[name].score
            else:
                stale.append(name)
    return Fit(scores=scores, stale=tuple(stale))


def fingerprint(pattern: Pattern, phrases: Phrases) -> str:
    """Give 16 hex digits that change with the rule as written and the lexicons it names.

    `phrases` gives the lines of a lexicon, which may name others.
    """
    ground = sha256(SUGGESTER.encode() + msgspec.json.encode(pattern))
    pieces = (pattern.unless, pattern.unless_sentence, pattern.unless_near, pattern.after)
    waiting = _named([pattern.pattern, *(line for piece in pieces for line in piece)])
    seen: set[str] = set()
    while waiting:
        name = min(waiting)
        lines: tuple[str, ...] = ()
        with suppress(UnknownLexicon):  # loading the rule says it with its place
            lines = phrases(name)
        ground.update(msgspec.json.encode([name, lines]))
        seen.add(name)
        waiting = (waiting | _named(lines)) - seen
    return ground.hexdigest()[:16]


def _named(lines: Iterable[str]) -> set[str]:
    return {name for line in lines for name in _LEXICON.findall(line)}
