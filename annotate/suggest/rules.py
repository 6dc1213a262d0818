"""The patterns of a taxonomy, compiled: what the engine runs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

import msgspec

from annotate import resources
from annotate.decode import Problem, invalid
from annotate.marker import Cue, Marker, Pattern
from annotate.model import Range
from annotate.suggest import lexicons
from annotate.suggest.expression import Expression, express
from annotate.suggest.page import Page
from annotate.suggest.pattern import PatternError, parse
from annotate.suggest.vocabulary import ANY_WORD, Vocabulary
from annotate.suggest.words import Words
from annotate.taxonomy import Taxonomy

SUGGESTER = "rules@1"
LOOK_BACK = 40
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

    def allows(self, sights: "Sights", sentence: int, match: Range) -> bool:
        """Tell whether the surroundings let a match of this rule stand."""
        if any(sights.overlap(veto, sentence, match) for veto in self.unless):
            return False
        if any(sights.of(veto, sentence) for veto in self.unless_sentence):
            return False
        near = sights.page.near(sentence) if self.unless_near else ()
        if any(sights.of(veto, number) for veto in self.unless_near for number in near):
            return False
        return not self.after or any(
            end <= match.start
            for needed in self.after
            for number in range(max(0, sentence - LOOK_BACK), sentence + 1)
            for _, end in sights.of(needed, number)
        )


class Sights:
    """What surrounding patterns match in the sentences of a page, each looked up once."""

    def __init__(self, page: Page) -> None:
        """Take the page."""
        self.page = page
        self._seen: dict[tuple[int, int], list[tuple[int, int]]] = {}

    def overlap(self, expression: Expression, sentence: int, match: Range) -> bool:
        """Tell whether a match of the expression in the sentence overlaps `match`."""
        if expression.at_start:
            seen = self.of(expression, sentence)
            return any(start < match.end and match.start < end for start, end in seen)
        if self.page.held[sentence] & expression.needs != expression.needs:
            return False
        here = self.page.sentences[sentence]
        first, last = self.page.numbers(match.start, match.end)
        first = max(first - expression.longest, self.page.edges[sentence][0])
        for number in self.page.among(expression.opens, first, last):
            start = self.page.words[number]
            found = expression.regex.match(self.page.tagged, start, here.end)
            if found and found.end() > match.start:
                return True
        return False

    def of(self, expression: Expression, sentence: int) -> list[tuple[int, int]]:
        """Give where the expression matches in the sentence."""
        key = (id(expression), sentence)
        if key not in self._seen:
            held = self.page.held[sentence] & expression.needs == expression.needs
            found = expression.find_around(self.page, sentence) if held else ()
            self._seen[key] = [match.span() for match in found]
        return self._seen[key]


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
class Rules:
    """All patterns and cues of a taxonomy, with the vocabulary that they are found by.

    `fingerprint` changes with the taxonomy, the lexicons and the version of the rules.
    """

    taxonomy: Taxonomy
    fingerprint: str
    rules: tuple[Rule, ...]
    cues: Mapping[str, tuple[CueRule, ...]]
    vocabulary: Vocabulary


def load_rules(taxonomy: Taxonomy) -> Rules:
    """Give the taxonomy's patterns, compiled once for each taxonomy.

    Raises InvalidFile naming the marker's file, the pattern and the position in it.
    """
    key = msgspec.msgpack.encode(taxonomy)
    if key not in _COMPILED:
        _COMPILED[key] = _compile(taxonomy)
    return _COMPILED[key]


def _compile(taxonomy: Taxonomy) -> Rules:
    problems: dict[str, list[Problem]] = defaultdict(list)
    rules: list[Rule] = []
    cues: dict[str, tuple[CueRule, ...]] = {}
    vocabulary = Vocabulary()
    for marker in taxonomy.markers:
        reader = _Reader(problems[marker.marker], vocabulary)
        rules += [
            reader.rule(marker, item, f"patterns[{i}]") for i, item in enumerate(marker.patterns)
        ]
        if marker.cues:
            cues[marker.marker] = tuple(
                reader.cue(marker, item, f"cues[{i}]") for i, item in enumerate(marker.cues)
            )
    for name, found in problems.items():
        if found:
            raise invalid(f"markers/{name}.yaml", found)
    return Rules(
        taxonomy=taxonomy,
        fingerprint=_fingerprint(taxonomy),
        rules=tuple(rules),
        cues=cues,
        vocabulary=vocabulary,
    )


def _fingerprint(taxonomy: Taxonomy) -> str:
    ground = sha256(SUGGESTER.encode() + msgspec.json.encode(taxonomy))
    for path in resources.listed("lexicons", ".txt"):
        ground.update(path.name.encode() + path.read_bytes())
    return ground.hexdigest()


@dataclass(frozen=True)
class _Reader:
    problems: list[Problem]
    vocabulary: Vocabulary

    def rule(self, marker: Marker, item: Pattern, path: str) -> Rule:
        return Rule(
            marker=marker.marker,
            name=item.name,
            score=item.score,
            attributes=item.attributes,
            expression=self.expression(item.pattern, f"{path}.pattern", anchored=True),
            unless=self.expressions(item.unless, f"{path}.unless"),
            unless_sentence=self.expressions(item.unless_sentence, f"{path}.unless_sentence"),
            unless_near=self.expressions(item.unless_near, f"{path}.unless_near"),
            after=self.expressions(item.after, f"{path}.after"),
        )

    def cue(self, marker: Marker, item: Cue, path: str) -> CueRule:
        anchored = item.where != "span"
        return CueRule(
            marker=marker.marker,
            attribute=item.attribute,
            value=item.value,
            where=item.where,
            expressions=self.expressions(item.patterns, f"{path}.patterns", anchored=anchored),
            only=self.expressions(item.only, f"{path}.only"),
        )

    def expressions(
        self, patterns: Iterable[str], path: str, *, anchored: bool = False
    ) -> tuple[Expression, ...]:
        return tuple(
            self.expression(pattern, f"{path}[{i}]", anchored=anchored)
            for i, pattern in enumerate(patterns)
        )

    def bits(self, words: Words | None) -> int:
        if words is None:
            return ANY_WORD
        return self.vocabulary.bits([words.words]) | self.vocabulary.shapes(words.shapes)

    def expression(self, pattern: str, path: str, *, anchored: bool) -> Expression:
        try:
            found = express(parse(pattern), lexicons.phrases)
            if not anchored or found.anchors:
                return replace(
                    found,
                    anchor=self.vocabulary.bits([found.anchors]) if found.anchors else ANY_WORD,
                    rank=self.vocabulary.bits([found.rarest]) if found.rarest else ANY_WORD,
                    needs=self.vocabulary.bits(found.needed),
                    opens=self.bits(found.openers),
                    leads=self.bits(found.lead),
                )
            message = "has no word or lexicon that every match must hold; add one to find it by"
        except (PatternError, lexicons.UnknownLexicon) as error:
            message = str(error)
        self.problems.append(Problem(path=path, message=message))
        return express(parse("nothing"), lexicons.phrases)
