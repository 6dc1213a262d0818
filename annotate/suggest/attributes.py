"""What the document says about a suggestion, as values of its marker's attributes."""

from collections.abc import Iterable, Sequence

from annotate.suggest.expression import Expression
from annotate.suggest.mention import Mention
from annotate.suggest.rules import CueRule, Rules
from annotate.suggest.sights import Sights

_BASIS = "basis_of_knowledge"
_CORROBORATION = "corroboration"
_FORM = "identity_form"
_INFERABLE = "inferable"


class Describer:
    """Fills attributes from cues, which are looked up once for all sentences of a page."""

    def __init__(self, sights: Sights, rules: Rules) -> None:
        """Take what patterns match on a page, and the rules."""
        self._sights = sights
        self._page = sights.page
        self._rules = rules

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
        if cue.where == "near":
            near = self._near(cue, group)
            if cue.only and not self._stands(cue.only, near):
                return False
            return self._stands(cue.expressions, near | self._shown(cue, group))
        if cue.only and not any(self._sights.inside(cue.only, mention.match) for mention in group):
            return False
        if cue.where == "span":
            return any(self._sights.inside(cue.expressions, mention) for mention in group)
        return self._stands(cue.expressions, self._places(cue, group))

    def _places(self, cue: CueRule, group: Sequence[Mention]) -> Iterable[int]:
        if cue.where == "again":
            return {number for mention in group for number in mention.again}
        if cue.where == "document":
            return self._page.document(group[0].sentence)
        return {mention.sentence for mention in group}

    def _near(self, cue: CueRule, group: Sequence[Mention]) -> set[int]:
        """Give the sentences to look in for a cue, over all mentions."""
        return {number for mention in group for number in self._beside(cue, mention)}

    def _beside(self, cue: CueRule, mention: Mention) -> Sequence[int]:
        """Give them for a mention: what others say corroborates, what they do is no basis."""
        if cue.attribute == _CORROBORATION or not mention.around:
            return self._page.near(mention.sentence)
        return mention.about if cue.attribute == _BASIS else mention.around

    def _shown(self, cue: CueRule, group: Sequence[Mention]) -> set[int]:
        """Give where a danger may be shown besides: it does not matter who tells of it."""
        if cue.value != _INFERABLE:
            return set()
        return {
            number
            for mention in group
            for number in self._page.near(mention.sentence)
            if number not in mention.elsewhere
        }

    def _stands(self, expressions: tuple[Expression, ...], sentences: Iterable[int]) -> bool:
        return not self._sights.hold(expressions).isdisjoint(sentences)
