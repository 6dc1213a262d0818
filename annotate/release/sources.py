"""What the workspace's tables say of each document that a release may hold."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from annotate.config import Assign
from annotate.model import Appearance, Condition, Document, Record, Zone
from annotate.release.dates import calendar_days

Named = tuple[str, str]


class Source(Record, frozen=True, kw_only=True):
    """A document with everything that the workspace's other tables say of it.

    `cluster_publishers` are those of all its near-duplicates and of itself; `tested` says
    that one of these is a test document, annotated yet or not. `published` is the earliest
    date of its appearances that could be read, as YYYY-MM-DD.
    """

    document: Document
    appearances: tuple[Appearance, ...] = ()
    zones: tuple[Zone, ...] = ()
    cluster: str
    cluster_publishers: tuple[str, ...] = ()
    tested: bool
    published: str | None = None
    condition: Condition
    inclusion_probability: float

    @property
    def publishers(self) -> tuple[str, ...]:
        """Its publishers, sorted."""
        return tuple(sorted({item.publisher for item in self.appearances if item.publisher}))


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What sources need to know of other documents than their own: ids and names, no text.

    `clusters` has the documents that are not alone in theirs, `publishers` those of each
    cluster, `tested` the clusters with a test document, `days` the dates that could be read.
    """

    clusters: Mapping[str, str]
    publishers: Mapping[str, tuple[str, ...]]
    tested: frozenset[str]
    days: Mapping[str, str]
    drawn: Mapping[str, Condition]
    chances: Mapping[Condition, float]

    def source(
        self, document: Document, *, appearances: Iterable[Appearance], zones: Iterable[Zone]
    ) -> Source:
        """Give the source of a document, with its own appearances and zones."""
        cluster = self.clusters.get(document.doc_id, document.doc_id)
        condition = self.drawn.get(document.doc_id, "blind")
        appearances = tuple(appearances)
        return Source(
            document=document,
            appearances=appearances,
            zones=tuple(zones),
            cluster=cluster,
            cluster_publishers=self.publishers.get(cluster, ()),
            tested=cluster in self.tested,
            published=_earliest(appearances, self.days),
            condition=condition,
            inclusion_probability=self.chances[condition],
        )


def facts(
    *,
    duplicates: Iterable[Named],
    publishers: Iterable[Named],
    dates: Iterable[str],
    drawn: Mapping[str, Condition],
    shares: Assign,
) -> Facts:
    """Gather what sources need, from pairs of `doc_id` and a cluster or a publisher.

    All are of the whole workspace; `shares` say how conditions were drawn.
    """
    clusters = {doc_id: cluster for doc_id, cluster in duplicates if doc_id != cluster}
    by_cluster: defaultdict[str, set[str]] = defaultdict(set)
    for doc_id, publisher in publishers:
        by_cluster[clusters.get(doc_id, doc_id)].add(publisher)
    shared: dict[tuple[str, ...], tuple[str, ...]] = {}
    ordered = ((cluster, tuple(sorted(names))) for cluster, names in by_cluster.items())
    tests = (doc_id for doc_id, condition in drawn.items() if condition == "test")
    return Facts(
        clusters=clusters,
        publishers={cluster: shared.setdefault(names, names) for cluster, names in ordered},
        tested=frozenset(clusters.get(doc_id, doc_id) for doc_id in tests),
        days=calendar_days(dates),
        drawn=drawn,
        chances=inclusion_probabilities(shares),
    )


def conditions(seen: Iterable[tuple[str, Condition]]) -> dict[str, Condition]:
    """Give each document's condition; one that was ever a test is one, then assisted."""
    order: tuple[Condition, ...] = ("test", "assisted", "blind")
    rank = {condition: number for number, condition in enumerate(order)}
    found: dict[str, Condition] = {}
    for doc_id, condition in seen:
        known = found.get(doc_id)
        if known is None or rank[condition] < rank[known]:
            found[doc_id] = condition
    return found


def inclusion_probabilities(shares: Assign) -> dict[Condition, float]:
    """Give the chance with which a document is drawn into each condition."""
    rest = max(0.0, 1 - shares.test - shares.blind)
    return {"test": shares.test, "blind": shares.blind, "assisted": round(rest, 12)}


def _earliest(appearances: Iterable[Appearance], days: Mapping[str, str]) -> str | None:
    written = (item.published for item in appearances if item.published)
    return min((days[text] for text in written if text in days), default=None)
