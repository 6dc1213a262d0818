"""When a cluster is accepted without a person, and at which range.

Of n >= 2 annotators at least ceil(2n/3) marked it, each with one span; all pairs of their
spans have IoU >= 0.5; their ranges are the same once boundary rule B4 has dropped edge
punctuation and blanks; and what a derivation reads is known and equal. The range is then
the characters that strictly more than half of the supporters marked, snapped to word edges:
it decides about quotation marks and brackets, of which B4 leaves pairs. A word more or less
is nothing that B4 settles, so it goes to a person, also where two of three agree on it.
"""

from collections.abc import Sequence
from itertools import combinations

from annotate.adjudicate.clusters import Cluster, Vote
from annotate.model import Range
from annotate.spans import Ranged, iou, majority, snap, trim

SAME = 0.5


def why_open(
    text: str, cluster: Cluster, others: Sequence[Cluster], *, annotators: int
) -> str | None:
    """Say why a cluster needs a person; None where it does not, as with one annotator."""
    if annotators == 1:
        return None
    votes = cluster.votes
    if 3 * cluster.support < 2 * annotators:
        return _disputed(cluster, others) or _missed(cluster, annotators)
    if len(votes) > cluster.support:
        return "boundary: one annotator has several spans where another has one"
    ranges = {(vote.start, vote.end): vote for vote in votes}.values()
    if any(iou(first, second) < SAME for first, second in combinations(ranges, 2)):
        return "boundary: the ranges share less than half"
    if len(ranges) > 1 and len({core(text, each) for each in ranges}) > 1:
        return "boundary: the ranges differ by more than punctuation and blanks"
    return _unequal(cluster)


def agreed_range(text: str, votes: Sequence[Vote]) -> Range:
    """Give what more than half marked; the first vote's range where no character is."""
    return tidy(text, majority(votes) or votes[0])


def tidy(text: str, stretch: Ranged) -> Range:
    """Snap to word edges and trim by B4; a range of nothing but punctuation stays."""
    snapped = snap(text, stretch)
    return trim(text, snapped) or snapped


def core(text: str, stretch: Ranged) -> Range:
    """Give the range without any edge punctuation, also paired: what B4 does not settle."""
    snapped = snap(text, stretch)
    places = range(snapped.start, snapped.end)
    first = next((at for at in places if text[at].isalnum()), None)
    if first is None:
        return snapped
    return Range(start=first, end=next(at for at in reversed(places) if text[at].isalnum()) + 1)


def _missed(cluster: Cluster, annotators: int) -> str:
    return f"missed: {cluster.support} of {annotators} annotators marked it"


def _disputed(cluster: Cluster, others: Sequence[Cluster]) -> str | None:
    """Name the markers that people who did not mark this one gave its words instead."""
    instead = {
        vote.marker
        for other in others
        if other.marker != cluster.marker
        for vote in other.votes
        if vote.annotator not in cluster.annotators
        if any(iou(vote, mine) >= SAME for mine in cluster.votes)
    }
    return f"marker: others chose {', '.join(sorted(instead))}" if instead else None


def _unequal(cluster: Cluster) -> str | None:
    for name in cluster.inputs:
        given = {vote.attributes.get(name) for vote in cluster.votes}
        if None in given:
            return f"attributes: {name} is not known"
        if len(given) > 1:
            return f"attributes: {name} is {' or '.join(sorted(map(str, given)))}"
    return None
