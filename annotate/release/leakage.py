"""What splits share, computed from what the release holds."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from annotate.model import Record
from annotate.release.contents import ReleasedDocument

Split = Sequence[ReleasedDocument]


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


def leakage(gold: Mapping[str, Split]) -> Leakage:
    """Compare every pair of splits by document, cluster, publisher and date."""
    return Leakage(
        pairs=tuple(
            _shared(first, gold[first], second, gold[second])
            for first, second in combinations(gold, 2)
        ),
        unknown_publisher={
            name: sum(not item.publishers for item in rows) for name, rows in gold.items()
        },
        undated={name: sum(not item.published for item in rows) for name, rows in gold.items()},
    )


def _shared(first: str, left: Split, second: str, right: Split) -> Shared:
    earliest = min((item.published for item in right if item.published), default=None)
    return Shared(
        first=first,
        second=second,
        may_share=_allowed(first, second),
        documents=len({item.doc_id for item in left} & {item.doc_id for item in right}),
        clusters=len({item.cluster for item in left} & {item.cluster for item in right}),
        publishers=tuple(sorted(_publishers(left) & _publishers(right))),
        first_not_before_second=sum(
            bool(item.published and earliest and item.published >= earliest) for item in left
        ),
    )


def _publishers(rows: Split) -> set[str]:
    return {
        publisher for item in rows for publisher in (*item.publishers, *item.cluster_publishers)
    }


def _allowed(first: str, second: str) -> tuple[str, ...]:
    trains = {"train", "validation"}
    if first not in trains:
        return ("publishers", "time")
    if second == "test_unseen_publisher":
        return ("time",)
    return ("publishers",) if second == "test_later" else ("publishers", "time")
