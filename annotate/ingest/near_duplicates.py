"""Clusters of documents that are nearly the same, found exactly.

Two documents are near-duplicates when the Jaccard index of their sets of word 5-grams is
at least 0.5; clusters are single-link. Candidates come from prefix filtering (Bayardo,
Ma and Srikant, 2007, "Scaling up all pairs similarity search"): with the 5-grams in one
order for all, sets of Jaccard >= t share one among their first n - ceil(t * n) + 1. Rare
ones first, most documents have no candidate at all. Nothing is missed, unlike MinHash.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

JACCARD = 0.5
_CHUNK = 1 << 14


def clusters(doc_ids: Sequence[str], sets: "Sequence[Hashes]") -> dict[str, str]:
    """Give doc_id -> cluster, named by the cluster's least `doc_id`, for every document.

    `sets` holds each document's shingles in the same order.
    """
    groups = _Groups(len(doc_ids))
    index = _Index(sets)
    for number in range(len(doc_ids)):
        for chunk in index.sharing(number):
            others = index.similar(number, chunk[groups.of[chunk] != groups.of[number]])
            for other in others.tolist():
                groups.join(number, other)
    least = {
        group: min(doc_ids[member] for member in members)
        for group, members in groups.members.items()
    }
    return {doc_id: least[int(groups.of[number])] for number, doc_id in enumerate(doc_ids)}


class _Groups:
    """Disjoint groups of the numbers below `size`; `of` tells a number's group."""

    def __init__(self, size: int) -> None:
        import numpy as np

        self.of = np.arange(size)
        self.members = {number: [number] for number in range(size)}

    def join(self, first: int, second: int) -> None:
        one, other = int(self.of[first]), int(self.of[second])
        if one == other:
            return
        if len(self.members[one]) < len(self.members[other]):
            one, other = other, one
        moved = self.members.pop(other)
        self.of[moved] = one
        self.members[one] += moved


class _Index:
    """Shingles as small numbers, and for those in prefixes the documents that have them."""

    def __init__(self, sets: "Sequence[Hashes]") -> None:
        import numpy as np

        self.sizes = np.array([len(each) for each in sets], dtype=np.int64)
        self.starts = np.concatenate([[0], np.cumsum(self.sizes)])
        every = np.concatenate([np.empty(0, dtype=np.uint64), *sets])
        owners = np.repeat(np.arange(len(sets)), self.sizes)
        _, self.shingles, counts = np.unique(every, return_inverse=True, return_counts=True)
        self.marked = np.zeros(len(counts), dtype=bool)
        frequency = counts[self.shingles]
        kept = self._in_prefix(frequency, owners) & (frequency > 1)
        shingles, owners = self.shingles[kept], owners[kept]
        order = np.lexsort((owners, shingles))
        self.posted = owners[order]
        # Each entry's shingle is shared with the entries before it from `first` on.
        first = np.searchsorted(shingles[order], shingles[order], side="left")
        by_owner = np.argsort(self.posted, kind="stable")
        self.ranges = np.stack([first[by_owner], by_owner], axis=1)
        self.edges = np.searchsorted(self.posted[by_owner], np.arange(len(sets) + 1))

    def sharing(self, number: int) -> "Iterator[NDArray[np.int64]]":
        """Give earlier documents that share a shingle of the prefixes, in chunks, with repeats."""
        import numpy as np

        parts, size = [], 0
        for start, end in self.ranges[self.edges[number] : self.edges[number + 1]].tolist():
            if start < end:
                parts.append(self.posted[start:end])
                size += end - start
            if size >= _CHUNK:
                yield np.concatenate(parts)
                parts, size = [], 0
        if parts:
            yield np.concatenate(parts)

    def similar(self, number: int, others: "NDArray[np.int64]") -> "NDArray[np.int64]":
        """Give those of the other documents whose Jaccard index with this one is enough."""
        import numpy as np

        others = np.unique(others)
        sizes = self.sizes[others]
        small, large = np.minimum(sizes, self.sizes[number]), np.maximum(sizes, self.sizes[number])
        others = others[small >= JACCARD * large]
        if not len(others):
            return others
        own = self.shingles[self.starts[number] : self.starts[number + 1]]
        self.marked[own] = True
        theirs = [self.shingles[self.starts[each] : self.starts[each + 1]] for each in others]
        edges = np.concatenate([[0], np.cumsum(self.sizes[others])[:-1]])
        both = np.add.reduceat(self.marked[np.concatenate(theirs)], edges, dtype=np.int64)
        self.marked[own] = False
        either = self.sizes[number] + self.sizes[others] - both
        enough: NDArray[np.int64] = others[both >= JACCARD * either]
        return enough

    def _in_prefix(
        self, frequency: "NDArray[np.int64]", owners: "NDArray[np.int64]"
    ) -> "NDArray[np.bool_]":
        import numpy as np

        order = np.lexsort((self.shingles, frequency, owners))
        rank = np.arange(len(order)) - np.repeat(self.starts[:-1], self.sizes)
        lengths = self.sizes - np.ceil(JACCARD * self.sizes).astype(np.int64) + 1
        kept = np.zeros(len(order), dtype=bool)
        kept[order] = rank < np.repeat(lengths, self.sizes)
        return kept
