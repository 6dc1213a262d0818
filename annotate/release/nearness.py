"""How near the texts of two splits come: the highest Jaccard index of their word 5-grams.

Nothing that ingest found is believed here: the texts themselves are compared, all pairs
exactly. The documents of every split but the largest are put in an inverted index, which
is what memory holds; each document is then looked up once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Protocol

from annotate.model import Record
from annotate.release.contents import ReleasedZone
from annotate.shingles import readable, shingles

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Numbers = NDArray[np.int64]


class Readable(Protocol):
    """A document with its text and its zones."""

    @property
    def doc_id(self) -> str:
        """Its id."""

    @property
    def full_text(self) -> str:
        """Its text."""

    @property
    def zones(self) -> tuple[ReleasedZone, ...]:
        """Title, body and boilerplate."""


Read = Callable[[str], Iterable[Readable]]


class Nearest(Record, frozen=True, kw_only=True):
    """The pair of documents of two splits that is nearest; `jaccard` is 0 to 1.

    The documents are null where no two share a 5-gram.
    """

    first: str
    second: str
    jaccard: float
    first_document: str | None = None
    second_document: str | None = None


def nearest(documents: Read, sizes: dict[str, int]) -> tuple[Nearest, ...]:
    """Compare every pair of splits; `documents` reads one again and again, `sizes` counts."""
    largest = max(sizes, key=lambda name: sizes[name], default=None)
    index = _Index(documents, [name for name in sizes if name != largest])
    best: dict[tuple[str, str], Nearest] = {}
    for name in sizes:
        for document in documents(name):
            for found in index.near(document, name):
                pair = (found.first, found.second)
                if pair not in best or found.jaccard > best[pair].jaccard:
                    best[pair] = found
    order = {name: number for number, name in enumerate(sizes)}
    return tuple(
        _turned(best, first, second)
        for first, second in combinations(sorted(sizes, key=order.__getitem__), 2)
    )


def words(document: Readable) -> str:
    """Give the text of a document's title and body; all of it where it has no zones."""
    text = document.full_text
    return readable(text, document.zones) if document.zones else text


def _turned(best: dict[tuple[str, str], Nearest], first: str, second: str) -> Nearest:
    """Give the better of what was found from either side."""
    there, back = best.get((first, second)), best.get((second, first))
    if back and (there is None or back.jaccard > there.jaccard):
        return Nearest(
            first=first,
            second=second,
            jaccard=back.jaccard,
            first_document=back.second_document,
            second_document=back.first_document,
        )
    return there or Nearest(first=first, second=second, jaccard=0.0)


class _Index:
    """The 5-grams of some splits, sorted, each with the document that has it."""

    def __init__(self, documents: Read, splits: Sequence[str]) -> None:
        import numpy as np

        self.names: list[str] = []
        self.splits = list(splits)
        found: list[Hashes] = []
        owners: list[int] = []
        for number, split in enumerate(splits):
            for document in documents(split):
                self.names.append(document.doc_id)
                owners.append(number)
                found.append(shingles(words(document)))
        self.sizes = np.array([len(each) for each in found], dtype=np.int64)
        self.split_of = np.array(owners, dtype=np.int64)
        every = np.concatenate([np.empty(0, dtype=np.uint64), *found])
        order = np.argsort(every, kind="stable")
        self.grams = every[order]
        self.owner = np.repeat(np.arange(len(found)), self.sizes)[order]
        # Few 5-grams are in two splits: a look at the first bits of each spares the search.
        bits = max(10, int(np.ceil(np.log2(8 * len(every) + 1))))
        self._rest = np.uint64(64 - bits)
        self._begun = np.zeros(1 << bits, dtype=bool)
        self._begun[self.grams >> self._rest] = True

    def near(self, document: Readable, split: str) -> Iterator[Nearest]:
        """Give the nearest document of each other split that shares a 5-gram with this one."""
        import numpy as np

        own = shingles(words(document))
        maybe = own[self._begun[own >> self._rest]]
        place = np.searchsorted(self.grams, maybe, side="left")
        there = self.grams.take(place, mode="clip") == maybe
        first, last = place[there], np.searchsorted(self.grams, maybe[there], side="right")
        owners, both = np.unique(self._owners(first, last), return_counts=True)
        if not len(owners):
            return
        alike = both / (len(own) + self.sizes[owners] - both)
        for number, name in enumerate(self.splits):
            inside = np.flatnonzero(self.split_of[owners] == number)
            if name == split or not len(inside):
                continue
            at = inside[int(np.argmax(alike[inside]))]
            yield Nearest(
                first=split,
                second=name,
                jaccard=float(alike[at]),
                first_document=document.doc_id,
                second_document=self.names[int(owners[at])],
            )

    def _owners(self, first: "Numbers", last: "Numbers") -> "Numbers":
        """Give the owners of all entries in the ranges [first, last), one range a 5-gram."""
        import numpy as np

        counts = last - first
        starts = np.repeat(first - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
        chosen: Numbers = self.owner[starts + np.arange(int(counts.sum()))]
        return chosen
