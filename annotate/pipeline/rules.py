"""`annotate rules`: what each rule finds, how often it is right, and what people do with it."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from heapq import nsmallest

from annotate import tables
from annotate.errors import NothingToDo
from annotate.marker import Marker, Pattern
from annotate.model import Document, Record, Suggestion, hashed_id
from annotate.pipeline.calibrate import Measured, measure, suggested, zones_of
from annotate.pipeline.gold import Gold, gold
from annotate.pipeline.rows import rows_of
from annotate.pipeline.suggest_rules import Chosen, Scores, as_written, chosen
from annotate.suggest.acceptance import Acceptance, Accepted, acceptance
from annotate.suggest.calibration import Interval, Judged, estimate
from annotate.suggest.matches import Contest, contests, matches
from annotate.suggest.rules import load_rules
from annotate.taxonomy import Taxonomy, rule_name
from annotate.workspace import Workspace

SAMPLE = 1_000
RETIRE_FROM = 10


class RuleReport(Record, frozen=True, kw_only=True):
    """One rule. A share without anything to take it of is null, and so is a count.

    `score` is what suggestions get now, `written` what the marker file says. `suggestions`
    stand in `documents` of the suggestions' table. Of its `matches` in the sample the share
    `overlap` is matched by another rule of the marker too, and `conflict` by one of a marker
    that this one yields to, or that yields to it. `precision` is the estimate from `judged`
    with its `interval`. `accepted` is the share of what was shown that annotators kept as
    it was, `acceptance` the same by month. `retire` advises to retire it.
    """

    marker: str
    rule: str
    candidate: bool
    retired: bool
    written: float
    score: float
    calibrated: bool
    stale: bool
    suggestions: int | None
    documents: int | None
    matches: int
    overlap: float | None
    conflict: float | None
    judged: Judged
    precision: float | None
    interval: Interval | None
    accepted: float | None
    acceptance: tuple[Acceptance, ...]
    retire: bool

    @property
    def name(self) -> str:
        """Give `marker/rule`."""
        return rule_name(self.marker, self.rule)


class MarkerReport(Record, frozen=True, kw_only=True):
    """A marker's agreed spans, and how many no suggestion touches; null without gold."""

    marker: str
    gold: int | None
    missed: int | None


class RulesResult(Record, frozen=True, kw_only=True):
    """All rules of the markers in use.

    `gold` is how many documents of each condition precision is measured on; `single` were
    read by one person and do not count. `sampled` documents were looked through for overlap
    and conflict. `unknown` suggestions were shown that no rule makes today. `advised` is what
    `retired` under [suggest] would hold with the rules whose interval ends below
    `retire_below`, after `retire_from` judged suggestions or more.
    """

    rules: tuple[RuleReport, ...]
    markers: tuple[MarkerReport, ...]
    gold: dict[str, int]
    single: int
    sampled: int
    unknown: int
    scores: Scores
    advised: tuple[str, ...]
    retire_below: float
    retire_from: int = RETIRE_FROM


def rules(
    workspace: Workspace, *, marker: str | None = None, adjudicator: str | None = None
) -> RulesResult:
    """Report on the rules of the markers in use, or of one; reads only.

    A retired rule is measured as if none were. `adjudicator` decides the documents that they
    annotated. Raises UsageError for a marker that is not in use.
    """
    in_use = workspace.taxonomy
    wanted = in_use.names if marker is None else (in_use.marker(marker).marker,)
    found = _Found(workspace, adjudicator=adjudicator)
    reports = [
        found.report(item, pattern)
        for item in found.known.markers
        if item.marker in wanted
        for pattern in item.patterns
        if found.known.counts(item, pattern)
    ]
    advised = {item.name for item in reports if item.retire}
    return RulesResult(
        rules=tuple(reports),
        markers=tuple(found.marker(name) for name in found.known.names if name in wanted),
        gold=found.gold.counts if found.gold else {},
        single=found.gold.single if found.gold else 0,
        sampled=found.sampled,
        unknown=found.accepted.unknown,
        scores=found.chosen.scores,
        advised=tuple(sorted(advised | set(found.chosen.taxonomy.retired))) if advised else (),
        retire_below=found.retire_below,
    )


@dataclass(frozen=True, kw_only=True)
class _Coverage:
    """The suggestions' table, counted by rule; `rules` gives the rule of each id asked for."""

    suggestions: Counter[str]
    documents: Counter[str]
    rules: Mapping[str, str]


class _Found:
    """What the workspace knows of its rules, read once."""

    def __init__(self, workspace: Workspace, *, adjudicator: str | None) -> None:
        self.retire_below = workspace.config.suggest.retire_below
        self.chosen: Chosen = chosen(workspace, None)
        in_use = as_written(workspace, None)
        self.known: Taxonomy = in_use.replace(retired=())
        self.gold = _gold(workspace, adjudicator)
        annotations = self.gold.annotations if self.gold else ()
        read = list(self.gold.documents.values()) if self.gold else []
        made = suggested(workspace, read, in_use)
        before = suggested(workspace, read, self.known) if in_use.retired else made
        self.measured: Measured | None = None
        if self.gold and self.gold.settled:
            truths = self.gold.evidence
            self.measured = measure(made, truths, in_use)
            for name, judged in measure(before, truths, self.known).rules.items():
                if name in in_use.retired:
                    self.measured.rules[name] = judged
        shown = {each for item in annotations for each in item.shown}
        self.suggested = bool(workspace.parts(Suggestion))
        self.coverage = _coverage(workspace, shown)
        ids = {
            item.suggestion_id: rule_name(item.marker, item.rule)
            for rows in [*before.values(), *made.values()]
            for item in rows
        }
        self.accepted: Accepted = acceptance(annotations, {**ids, **self.coverage.rules})
        sample = _sample(workspace)
        self.sampled = len(sample)
        self.contests = _contests(workspace, sample, in_use)

    def report(self, marker: Marker, pattern: Pattern) -> RuleReport:
        """Give the report on one rule, `pattern` as it is written."""
        name = rule_name(marker.marker, pattern.name)
        contest = self.contests.get(name, Contest())
        judged = self.measured.rules.get(name, Judged()) if self.measured else Judged()
        fates = self.accepted.rules.get(name, ())
        retired = name in self.chosen.taxonomy.retired
        bad = judged.interval is not None and judged.interval.high < self.retire_below
        enough = judged.suggestions >= RETIRE_FROM
        return RuleReport(
            marker=marker.marker,
            rule=pattern.name,
            candidate=pattern.candidate,
            retired=retired,
            written=pattern.score,
            score=self.chosen.calibrated.get(name, pattern.score),
            calibrated=name in self.chosen.calibrated,
            stale=name in self.chosen.scores.stale,
            suggestions=self.coverage.suggestions[name] if self.suggested else None,
            documents=self.coverage.documents[name] if self.suggested else None,
            matches=contest.matches,
            overlap=_share(contest.overlap, contest.matches),
            conflict=_share(contest.conflict, contest.matches),
            judged=judged,
            precision=estimate(judged, written=pattern.score) if judged.suggestions else None,
            interval=judged.interval,
            accepted=_share(sum(it.kept for it in fates), sum(it.shown for it in fates)),
            acceptance=fates,
            retire=bad and enough and not retired and not pattern.candidate,
        )

    def marker(self, name: str) -> MarkerReport:
        """Give a marker's gold spans and the missed ones."""
        if self.measured is None:
            return MarkerReport(marker=name, gold=None, missed=None)
        counted = self.measured.markers[name]
        return MarkerReport(marker=name, gold=counted.true, missed=counted.true - counted.found)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _gold(workspace: Workspace, adjudicator: str | None) -> Gold | None:
    with suppress(NothingToDo):
        return gold(workspace, adjudicator=adjudicator)
    return None


def _coverage(workspace: Workspace, ids: Collection[str]) -> _Coverage:
    import pyarrow as pa
    from pyarrow.compute import field

    found = _Coverage(suggestions=Counter(), documents=Counter(), rules={})
    wanted, rules = pa.array(sorted(ids), pa.string()), dict[str, str]()
    for part in workspace.parts(Suggestion):
        with tables.whole(part, place=part.name) as file:
            table = file.read(columns=["suggestion_id", "doc_id", "marker", "rule"])
        counted = table.group_by(["marker", "rule"]).aggregate(
            [("suggestion_id", "count"), ("doc_id", "count_distinct")]
        )
        for row in counted.to_pylist():
            name = rule_name(row["marker"], row["rule"])
            found.suggestions[name] += row["suggestion_id_count"]
            found.documents[name] += row["doc_id_count_distinct"]
        shown = table.filter(field("suggestion_id").isin(wanted))
        for row in shown.to_pylist():
            rules[row["suggestion_id"]] = rule_name(row["marker"], row["rule"])
    return _Coverage(suggestions=found.suggestions, documents=found.documents, rules=rules)


def _sample(workspace: Workspace) -> list[Document]:
    """Give up to SAMPLE documents, drawn by hash: more documents change few of them."""
    seed = workspace.config.project.seed
    parts = workspace.parts(Document)
    ids: Iterator[str] = (each for part in parts for each in tables.column(part, "doc_id"))
    drawn = set(nsmallest(SAMPLE, ids, key=lambda doc_id: hashed_id("rules", seed, doc_id)))
    return list(rows_of(workspace, Document, drawn))


def _contests(
    workspace: Workspace, documents: list[Document], taxonomy: Taxonomy
) -> dict[str, Contest]:
    loaded = load_rules(taxonomy)
    zones = zones_of(workspace, documents)
    yields_to = {item.marker: item.yields_to for item in taxonomy.markers}
    return contests(
        (matches(item, there, loaded) for item, there in zip(documents, zones, strict=True)),
        yields_to,
    )
