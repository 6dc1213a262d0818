"""The patterns of a taxonomy, compiled: what the engine runs."""

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from annotate import resources
from annotate.decode import Problem, invalid
from annotate.marker import Cue, Marker, Naming, Pattern
from annotate.suggest import lexicons
from annotate.suggest.automaton import Automaton
from annotate.suggest.expression import Expression, express
from annotate.suggest.pattern import PatternError, parse
from annotate.suggest.sights import Sights
from annotate.suggest.walk import Match
from annotate.taxonomy import Taxonomy

SUGGESTER = "rules@1"
LOOK_BACK = 40
SPEECH = "{speech}"
_COMPILED: dict[bytes, "Rules"] = {}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A marker's pattern with its vetoes, compiled."""

    marker: str
    name: str
    score: float
    attributes: Mapping[str, str]
    expression: Expression
    unless: tuple[Expression, ...]
    unless_sentence: tuple[Expression, ...]
    unless_near: tuple[Expression, ...]
    after: tuple[Expression, ...]

    def allows(self, sights: Sights, sentence: int, match: Match) -> bool:
        """Tell whether the surroundings let a match of this rule stand."""
        if self.unless and sights.overlap(self.unless, sentence, match):
            return False
        if self.unless_sentence and sentence in sights.hold(self.unless_sentence):
            return False
        if self.unless_near and not sights.hold(self.unless_near).isdisjoint(
            sights.page.near(sentence)
        ):
            return False
        return not self.after or any(
            last < match.first
            for needed in self.after
            for number in sights.page.back(sentence, LOOK_BACK)
            for _, last in sights.of(needed, number)
        )


@dataclass(frozen=True, kw_only=True)
class CueRule:
    """A cue for an attribute, compiled."""

    marker: str
    attribute: str
    value: str
    where: str
    expressions: tuple[Expression, ...]
    only: tuple[Expression, ...]


@dataclass(frozen=True, kw_only=True)
class NamingRule:
    """What shows that a mention's source is named beside it, compiled."""

    mentions: tuple[Expression, ...]
    by: tuple[Expression, ...]
    where: str
    new: bool
    unless_near: tuple[Expression, ...]
    to_others: bool


@dataclass(frozen=True, kw_only=True)
class Rules:
    """All patterns and cues of a taxonomy, with the words that were met with them.

    `fingerprint` changes with the taxonomy, the lexicons and the version of the rules.
    """

    taxonomy: Taxonomy
    fingerprint: str
    rules: tuple[Rule, ...]
    cues: Mapping[str, tuple[CueRule, ...]]
    namings: Mapping[str, tuple[NamingRule, ...]]
    automaton: Automaton
    speech: Expression


def load_rules(taxonomy: Taxonomy) -> Rules:
    """Give the taxonomy's patterns, compiled once for each taxonomy.

    Raises InvalidFile naming the marker's file, the pattern and the position in it.
    """
    key = msgspec.msgpack.encode(taxonomy)
    if key not in _COMPILED:
        with _uncollected():
            _COMPILED[key] = _compile(taxonomy)
    return _COMPILED[key]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Leave garbage where it is: a third of the time goes into looking for it, and there is none.

    Rules are trees and tables without cycles, which live as long as the process.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _compile(taxonomy: Taxonomy) -> Rules:
    problems: dict[str, list[Problem]] = defaultdict(list)
    rules: list[Rule] = []
    cues: dict[str, tuple[CueRule, ...]] = {}
    namings: dict[str, tuple[NamingRule, ...]] = {}
    automaton = Automaton(lexicons.phrases)
    for marker in taxonomy.markers:
        reader = _Reader(problems[marker.marker], automaton)
        rules += [
            reader.rule(marker, item, f"patterns[{i}]")
            for i, item in enumerate(marker.patterns)
            if taxonomy.counts(marker, item)
        ]
        if marker.cues:
            cues[marker.marker] = tuple(
                reader.cue(marker, item, f"cues[{i}]") for i, item in enumerate(marker.cues)
            )
        namings[marker.marker] = tuple(
            reader.naming(item, f"named_by[{i}]") for i, item in enumerate(marker.named_by)
        )
    for name, found in problems.items():
        if found:
            raise invalid(f"markers/{name}.yaml", found)
    return Rules(
        taxonomy=taxonomy,
        fingerprint=_fingerprint(taxonomy),
        rules=tuple(rules),
        cues=cues,
        namings=namings,
        automaton=automaton,
        speech=express(parse(SPEECH), automaton),
    )


def _fingerprint(taxonomy: Taxonomy) -> str:
    ground = sha256(SUGGESTER.encode() + msgspec.json.encode(taxonomy))
    for path in resources.listed("lexicons", ".txt"):
        ground.update(path.name.encode() + path.read_bytes())
    return ground.hexdigest()


@dataclass(frozen=True)
class _Reader:
    problems: list[Problem]
    automaton: Automaton

    def rule(self, marker: Marker, item: Pattern, path: str) -> Rule:
        return Rule(
            marker=marker.marker,
            name=item.name,
            score=item.score,
            attributes=item.attributes,
            expression=self.expression(item.pattern, f"{path}.pattern"),
            unless=self.expressions(item.unless, f"{path}.unless"),
            unless_sentence=self.expressions(item.unless_sentence, f"{path}.unless_sentence"),
            unless_near=self.expressions(item.unless_near, f"{path}.unless_near"),
            after=self.expressions(item.after, f"{path}.after"),
        )

    def cue(self, marker: Marker, item: Cue, path: str) -> CueRule:
        return CueRule(
            marker=marker.marker,
            attribute=item.attribute,
            value=item.value,
            where=item.where,
            expressions=self.expressions(item.patterns, f"{path}.patterns"),
            only=self.expressions(item.only, f"{path}.only"),
        )

    def naming(self, item: Naming, path: str) -> NamingRule:
        return NamingRule(
            mentions=self.expressions(item.mentions, f"{path}.mentions"),
            by=self.expressions(item.by, f"{path}.by"),
            where=item.where,
            new=item.new,
            unless_near=self.expressions(item.unless_near, f"{path}.unless_near"),
            to_others=item.to_others,
        )

    def expressions(self, patterns: Iterable[str], path: str) -> tuple[Expression, ...]:
        return tuple(self.expression(pattern, f"{path}[{i}]") for i, pattern in enumerate(patterns))

    def expression(self, pattern: str, path: str) -> Expression:
        try:
            return express(parse(pattern), self.automaton)
        except (PatternError, lexicons.UnknownLexicon) as error:
            self.problems.append(Problem(path=path, message=str(error)))
        return express(parse("nothing"), self.automaton)
