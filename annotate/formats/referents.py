"""Who a re-mention of a source refers to (boundary rule B5).

`same_source` relations group mentions; the group's first mention is the referent of the
others. An anaphor outside all groups belongs to the nearest unnamed source before it.
A re-mention of an unnamed source takes the answers given for its referent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from annotate.model import AnnotatedSpan, Range
from annotate.taxonomy import Taxonomy

UNNAMED = "unnamed_source"
FORM, ANAPHOR = "identity_form", "anaphor"


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A span and the region that it was read from."""

    region: str
    span: AnnotatedSpan

    @property
    def anaphor(self) -> bool:
        """Say whether the span points at a source that stands elsewhere."""
        return self.span.marker == UNNAMED and self.span.attributes.get(FORM) == ANAPHOR

    def judged(self, taxonomy: Taxonomy) -> "Mention":
        """Give the mention with the judgement that its attributes lead to."""
        judgement = taxonomy.judge(self.span.marker, self.span.attributes)
        return replace(self, span=self.span.replace(judgement=judgement))


def refer(mentions: Sequence[Mention], links: Iterable[frozenset[str]]) -> list[Mention]:
    """Give the mentions, in order, with the referents that links of regions make."""
    ordered = sorted(mentions, key=lambda item: (item.span.start, item.span.end))
    group_of = _groups([item.region for item in ordered], links)
    first: dict[str, Mention] = {}
    for item in [each for each in ordered if not each.anaphor] + ordered:
        first.setdefault(group_of[item.region], item)
    resolved: list[Mention] = []
    for item in ordered:
        group = group_of[item.region]
        if first[group] is item and item.anaphor:
            nearest = _nearest_before(item, ordered)
            first[group] = first[group_of[nearest.region]] if nearest else item
        referent = first[group]
        resolved.append(item if referent is item else _referring(item, referent))
    return resolved


def _groups(regions: Sequence[str], links: Iterable[frozenset[str]]) -> dict[str, str]:
    group = {region: region for region in regions}
    for link in links:
        names = {group[region] for region in link}
        chosen = min(names)
        group = {region: chosen if name in names else name for region, name in group.items()}
    return group


def _nearest_before(anaphor: Mention, ordered: Sequence[Mention]) -> Mention | None:
    before = [
        item
        for item in ordered
        if item.span.marker == UNNAMED and item.span.end <= anaphor.span.start
    ]
    return max(before, key=lambda item: item.span.end, default=None)


def _referring(item: Mention, referent: Mention) -> Mention:
    span, source = item.span, referent.span
    attributes = dict(span.attributes)
    if span.marker == UNNAMED:
        attributes |= {name: value for name, value in source.attributes.items() if name != FORM}
    place = Range(start=source.start, end=source.end)
    return replace(item, span=span.replace(referent=place, attributes=attributes))
