"""What the document says about a suggestion, as values of its marker's attributes."""

from collections.abc import Iterable, Sequence

from annotate.spans import Ranged
from annotate.suggest.expression import Expression
from annotate.suggest.mention import Mention
from annotate.suggest.page import Page
from annotate.suggest.rules import CueRule, Rules

_CORROBORATION = "corroboration"
_FORM = "identity_form"


class Describer:
    """Fills attributes from cues; each cue is looked up once in a sentence."""

    def __init__(self, page: Page, rules: Rules) -> None:
        """Take the page and the rules."""
        self._page = page
        self._rules = rules
        self._held: dict[tuple[int, int], bool] = {}
        self._anywhere: dict[int, bool] = {}

    def describe(self, group: Sequence[Mention]) -> None:
        """Set the attributes of all mentions of one referent, the first mention leading.

        What the first mention's rule knows stands. Then the first cue that fits near any
        mention decides, then the attribute's default. Each mention keeps its own form.
        """
        first = group[0]
        known = {**first.rule.attributes, **first.attributes}
        for cue in self._rules.cues.get(first.marker, ()):
            if cue.attribute not in known and self._fits(cue, group):
                known[cue.attribute] = cue.value
        if len(group) > 1 and _CORROBORATION not in known and self._has(first, _CORROBORATION):
            known[_CORROBORATION] = "same_source_only"
        known = {**self._defaults(first.marker), **known}
        for mention in group:
            own = mention.attributes.get(_FORM)
            mention.attributes = {**known, _FORM: own} if own else dict(known)

    def _has(self, mention: Mention, attribute: str) -> bool:
        return self._rules.taxonomy.marker(mention.marker).attribute(attribute) is not None

    def _defaults(self, marker: str) -> dict[str, str]:
        attributes = self._rules.taxonomy.marker(marker).attributes
        return {item.name: item.default for item in attributes if item.default is not None}

    def _fits(self, cue: CueRule, group: Sequence[Mention]) -> bool:
        first = group[0]
        if cue.only and not self._inside(cue.only, first.match):
            return False
        if cue.where == "span":
            return self._inside(cue.expressions, first)
        if cue.where == "document":
            return self._is_anywhere(cue)
        return any(
            self._holds(cue, n) for mention in group for n in self._beside(cue.where, mention)
        )

    def _beside(self, where: str, mention: Mention) -> Iterable[int]:
        return [mention.sentence] if where == "sentence" else self._page.near(mention.sentence)

    def _inside(self, expressions: Iterable[Expression], place: Ranged) -> bool:
        text = self._page.tagged
        return any(
            any(True for _ in expression.find(text, place.start, place.end))
            for expression in expressions
            if not self._page.lacks(expression.needs, place.start, place.end)
        )

    def _is_anywhere(self, cue: CueRule) -> bool:
        if id(cue) not in self._anywhere:
            numbers = range(len(self._page.sentences))
            self._anywhere[id(cue)] = any(self._holds(cue, n) for n in numbers)
        return self._anywhere[id(cue)]

    def _holds(self, cue: CueRule, sentence: int) -> bool:
        """Tell whether a cue stands in the sentence."""
        key = (id(cue), sentence)
        if key not in self._held:
            held = self._page.held[sentence]
            self._held[key] = any(
                any(True for _ in expression.find_around(self._page, sentence))
                for expression in cue.expressions
                if held & expression.needs == expression.needs
            )
        return self._held[key]
