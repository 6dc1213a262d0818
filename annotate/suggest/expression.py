"""A pattern as an automaton's node: what the engine looks for."""

from dataclasses import dataclass

from annotate.suggest.automaton import Automaton, longest
from annotate.suggest.pattern import Pattern


@dataclass(frozen=True, kw_only=True)
class Expression:
    """A pattern that was added to an automaton; a match has at most `longest` words."""

    node: int
    longest: int


def express(pattern: Pattern, automaton: Automaton) -> Expression:
    """Add a pattern; raises UnknownLexicon for a lexicon that is not there."""
    return Expression(
        node=automaton.add(pattern),
        longest=longest(pattern.body, automaton.phrases),
    )
