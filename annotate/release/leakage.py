"""What splits share, computed from what the release holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, combinations

from annotate.model import Record
from annotate.release.layers import Layers

_COLUMNS = ("doc_id", "cluster", "publishers", "cluster_publishers", "published")


class Shared(Record, frozen=True, kw_only=True):
    """What a pair of splits has in common; `may_share` is what their names allow.

    `publishers` are those that have a document of both, or a near-duplicate of one.
    `first_not_before_second` counts dated documents of the first split that are not
    earlier than the earliest of the second.
    """

    first: str
    second: str
    may_share: tuple[str, ...]
    documents: int
    clusters: int
    publishers: tuple[str, ...]
    first_not_before_second: int


class Leakage(Record, frozen=True, kw_only=True):
    """The pairs, and the documents of each split without a known publisher or date.

    What is unknown cannot be shown to be apart.
    """

    pairs: tuple[Shared, ...]
    unknown_publisher: dict[str, int]
    undated: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class _Split:
    """Of each document of a split, what another split may hold too; no text."""

    name: str
    documents: frozenset[str]
    clusters: frozenset[str]
    publishers: frozenset[str]
    unknown_publisher: int
    published: tuple[str, ...]

    @property
    def undated(self) -> int:
        return len(self.documents) - len(self.published)


def leakage(layers: Layers) -> Leakage:
    """Compare every pair of splits by document, cluster, publisher and date."""
    splits = [_split(layers, name) for name in layers.splits]
    return Leakage(
        pairs=tuple(_shared(first, second) for first, second in combinations(splits, 2)),
        unknown_publisher={item.name: item.unknown_publisher for item in splits},
        undated={item.name: item.undated for item in splits},
    )


def _split(layers: Layers, name: str) -> _Split:
    documents: set[str] = set()
    clusters: set[str] = set()
    publishers: set[str] = set()
    published: list[str] = []
    unknown = 0
    for table in layers.columns("gold", name, _COLUMNS):
        documents.update(table.column("doc_id").to_pylist())
        clusters.update(table.column("cluster").to_pylist())
        own = table.column("publishers").to_pylist()
        unknown += sum(not names for names in own)
        publishers.update(_flat(own), _flat(table.column("cluster_publishers").to_pylist()))
        published += table.column("published").drop_null().to_pylist()
    return _Split(
        name=name,
        documents=frozenset(documents),
        clusters=frozenset(clusters),
        publishers=frozenset(publishers),
        unknown_publisher=unknown,
        published=tuple(published),
    )


def _flat(names: Iterable[Iterable[str]]) -> Iterable[str]:
    return chain.from_iterable(names)


def _shared(first: _Split, second: _Split) -> Shared:
    earliest = min(second.published, default=None)
    return Shared(
        first=first.name,
        second=second.name,
        may_share=_allowed(first.name, second.name),
        documents=len(first.documents & second.documents),
        clusters=len(first.clusters & second.clusters),
        publishers=tuple(sorted(first.publishers & second.publishers)),
        first_not_before_second=(
            sum(day >= earliest for day in first.published) if earliest else 0
        ),
    )


def _allowed(first: str, second: str) -> tuple[str, ...]:
    trains = {"train", "validation"}
    if first not in trains:
        return ("publishers", "time")
    if second == "test_unseen_publisher":
        return ("time",)
    return ("publishers",) if second == "test_later" else ("publishers", "time")
