"""A stretch that a rule matched, on its way to a suggestion."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from annotate.model import Range
from annotate.spans import complete, trim
from annotate.suggest.rules import Rule, Rules
from annotate.suggest.sights import Sights


@dataclass(kw_only=True)
class Mention:
    """A trimmed match: code points, the rule, its sentence, and what is known of it.

    `match` is all that the rule matched, the marked stretch and what led to it. `around`
    are the sentences that may speak of it, where that is known, and `about` those of them
    that do so by a pronoun or by its name, `again` those beside it that do so by its name;
    `elsewhere` are sentences near it that speak of somebody else.
    """

    start: int
    end: int
    rule: Rule
    sentence: int
    match: Range
    attributes: dict[str, str] = field(default_factory=dict)
    referent: Range | None = None
    around: tuple[int, ...] = ()
    about: tuple[int, ...] = ()
    again: tuple[int, ...] = ()
    elsewhere: tuple[int, ...] = ()

    @property
    def marker(self) -> str:
        """Give the name of the rule's marker."""
        return self.rule.marker

    def overlaps(self, other: "Mention") -> bool:
        """Tell whether two matches share a character."""
        return self.start < other.end and other.start < self.end


def mentions_of(sights: Sights, rules: Rules) -> Iterator[Mention]:
    """Give all that the rules match on a page, in code points of the page, rule by rule."""
    page = sights.page
    for rule in rules.rules:
        for sentence, found in sights.everywhere(rule.expression):
            span = trim(page.text, page.stretch(found.mark_first, found.mark_last))
            if span is not None and rule.allows(sights, sentence, found):
                span = complete(page.text, span)
                yield Mention(
                    start=span.start,
                    end=span.end,
                    rule=rule,
                    sentence=sentence,
                    match=page.stretch(found.first, found.last),
                    attributes=dict(rule.attributes),
                )
