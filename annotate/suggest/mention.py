"""A stretch that a rule matched, on its way to a suggestion."""

from dataclasses import dataclass, field

from annotate.model import Range
from annotate.suggest.rules import Rule


@dataclass(kw_only=True)
class Mention:
    """A trimmed match: code points, the rule, its sentence, and what is known of it.

    `match` is all that the rule matched, the marked stretch and what led to it. `around`
    are the sentences that may speak of it, where that is known.
    """

    start: int
    end: int
    rule: Rule
    sentence: int
    match: Range
    attributes: dict[str, str] = field(default_factory=dict)
    referent: Range | None = None
    around: tuple[int, ...] = ()

    @property
    def marker(self) -> str:
        """Give the name of the rule's marker."""
        return self.rule.marker

    def overlaps(self, other: "Mention") -> bool:
        """Tell whether two matches share a character."""
        return self.start < other.end and other.start < self.end
