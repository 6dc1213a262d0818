"""What a decision is worth: which document an adjudicator should open first.

    gain of a case      rarity x condition x dispute
    rarity              1 + log2(clusters of the most frequent marker / clusters of this one)
    condition           2 for a test document, which waits outside the tests; 1 for others
    dispute             the share of pairs of its annotators who do not say the same of it
    gain of a document  the sum over the cases that wait: opening a document is what costs

Two say the same when both marked the cluster, with one range after B4 and equal values of
what a derivation reads, or when neither did.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import comb, log2

from annotate.adjudicate.acceptance import core
from annotate.adjudicate.clusters import Cluster
from annotate.model import Condition, Record

TESTED = 2.0


class Rarity(Record, frozen=True, kw_only=True):
    """How many clusters each marker has in all that was annotated."""

    clusters: dict[str, int]

    def of(self, marker: str) -> float:
        """Give 1 for the most frequent marker, 2 for one half as frequent, and so on."""
        most = max(self.clusters.values(), default=1)
        return 1 + log2(most / self.clusters.get(marker, 1))


def rarity(found: Iterable[Cluster]) -> Rarity:
    """Count clusters by marker."""
    return Rarity(clusters=dict(Counter(cluster.marker for cluster in found)))


def dispute(text: str, cluster: Cluster, *, annotators: int) -> float:
    """Give the share of pairs of annotators who differ on a cluster; 0 for one annotator."""
    if annotators < len("AB"):
        return 0.0
    said: dict[str, list[object]] = {}
    for vote in cluster.votes:
        values = tuple(vote.attributes.get(name) for name in cluster.inputs)
        said.setdefault(vote.annotator, []).append((core(text, vote), values))
    readings = Counter(str(each) for each in said.values())
    readings["nothing"] += annotators - cluster.support
    same = sum(comb(size, 2) for size in readings.values())
    return 1 - same / comb(annotators, 2)


def worth(condition: Condition) -> float:
    """Give the weight of a document's condition."""
    weights: Mapping[str, float] = {"test": TESTED}
    return weights.get(condition, 1.0)
