"""What the workspace's tables say of each document that a release may hold."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from annotate.config import Assign
from annotate.model import (
    Annotation,
    Appearance,
    Assignment,
    Condition,
    Document,
    Duplicate,
    Record,
    Zone,
)
from annotate.release.dates import calendar_days

_Row = TypeVar("_Row", Appearance, Zone)


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


class Tables(Record, frozen=True, kw_only=True):
    """The rows behind the sources; all but `documents` are of the whole workspace."""

    documents: dict[str, Document]
    appearances: list[Appearance]
    zones: list[Zone]
    duplicates: list[Duplicate]
    annotations: list[Annotation]
    assignments: list[Assignment]


def sources(tables: Tables, *, shares: Assign) -> dict[str, Source]:
    """Give the source of each document; `shares` say how conditions were drawn."""
    appearances, zones = _by_document(tables.appearances), _by_document(tables.zones)
    clusters = {doc_id: doc_id for doc_id in tables.documents}
    clusters |= {item.doc_id: item.cluster for item in tables.duplicates}
    publishers = _by_cluster(clusters, tables.appearances)
    days = calendar_days(item.published for item in tables.appearances if item.published)
    drawn = conditions([*tables.annotations, *tables.assignments])
    tested = {clusters.get(doc_id, doc_id) for doc_id, it in drawn.items() if it == "test"}
    chances = inclusion_probabilities(shares)
    return {
        doc_id: Source(
            document=document,
            appearances=tuple(appearances[doc_id]),
            zones=tuple(zones[doc_id]),
            cluster=clusters[doc_id],
            cluster_publishers=tuple(sorted(publishers[clusters[doc_id]])),
            tested=clusters[doc_id] in tested,
            published=_earliest(appearances[doc_id], days),
            condition=drawn.get(doc_id, "blind"),
            inclusion_probability=chances[drawn.get(doc_id, "blind")],
        )
        for doc_id, document in tables.documents.items()
    }


def conditions(rows: Iterable[Annotation | Assignment]) -> dict[str, Condition]:
    """Give each document's condition; one that was ever a test is one, then assisted."""
    seen: defaultdict[str, set[Condition]] = defaultdict(set)
    for item in rows:
        seen[item.doc_id].add(item.condition)
    order: tuple[Condition, ...] = ("test", "assisted", "blind")
    return {doc_id: next(it for it in order if it in found) for doc_id, found in seen.items()}


def inclusion_probabilities(shares: Assign) -> dict[Condition, float]:
    """Give the chance with which a document is drawn into each condition."""
    rest = max(0.0, 1 - shares.test - shares.blind)
    return {"test": shares.test, "blind": shares.blind, "assisted": round(rest, 12)}


def _earliest(appearances: Iterable[Appearance], days: Mapping[str, str]) -> str | None:
    written = (item.published for item in appearances if item.published)
    return min((days[text] for text in written if text in days), default=None)


def _by_cluster(
    clusters: Mapping[str, str], appearances: Iterable[Appearance]
) -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for item in appearances:
        if item.publisher:
            found[clusters.get(item.doc_id, item.doc_id)].add(item.publisher)
    return found


def _by_document(rows: Iterable[_Row]) -> defaultdict[str, list[_Row]]:
    grouped: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        grouped[row.doc_id].append(row)
    return grouped
