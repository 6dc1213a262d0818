"""What each rule matches before it is decided which matches stand, and who contends with it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from annotate.model import Document, Range, Record, Zone
from annotate.spans import components, overlaps
from annotate.suggest import page as pages
from annotate.suggest.mention import mentions_of
from annotate.suggest.reading import Reading
from annotate.suggest.rules import Rules
from annotate.suggest.sights import Sights
from annotate.taxonomy import rule_name


class Match(Range, frozen=True, kw_only=True):
    """A stretch that a rule would mark, code points of the document's text."""

    marker: str
    rule: str


class Contest(Record, frozen=True, kw_only=True):
    """How many matches a rule has, and how many others contend for.

    `overlap` are matches that another rule of the marker overlaps. `conflict` are those that
    a rule of another marker overlaps, where one of the two markers yields to the other.
    """

    matches: int = 0
    overlap: int = 0
    conflict: int = 0


def matches(document: Document, zones: Sequence[Zone], rules: Rules) -> list[Match]:
    """Give all that the rules match in a document, each match once; without zones all is body."""
    page = pages.read([document.text], [zones], rules.automaton.vocabulary)
    sights = Sights(page, Reading(rules.automaton, page.places))
    found = {
        Match(start=item.start, end=item.end, marker=item.marker, rule=item.rule.name)
        for item in mentions_of(sights, rules)
    }
    return sorted(found)


def contests(
    documents: Iterable[Sequence[Match]], yields_to: Mapping[str, Sequence[str]]
) -> dict[str, Contest]:
    """Count matches, overlap and conflict over documents, by `marker/rule`."""
    counted: dict[str, Counter[str]] = {}
    for found in documents:
        for group in components(found):
            for match in group:
                beside = [other for other in group if overlaps(other, match)]
                tally = counted.setdefault(rule_name(match.marker, match.rule), Counter())
                tally["matches"] += 1
                tally["overlap"] += any(_is_rival(match, other) for other in beside)
                tally["conflict"] += any(_conflict(match, other, yields_to) for other in beside)
    return {name: Contest(**tally) for name, tally in counted.items()}


def _is_rival(match: Match, other: Match) -> bool:
    return match.marker == other.marker and match.rule != other.rule


def _conflict(match: Match, other: Match, yields_to: Mapping[str, Sequence[str]]) -> bool:
    return other.marker in yields_to.get(match.marker, ()) or match.marker in yields_to.get(
        other.marker, ()
    )
