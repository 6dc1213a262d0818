"""What annotators marked, as columns: one row a unit, the documents one below the other.

A unit is a span after overlapping spans of one annotator and marker are merged; touching
ones stay apart. An annotator who did not read a document is missing there, which is not
the same as having marked nothing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

from annotate.errors import DataError
from annotate.model import Annotation, Voice
from annotate.scores import VOICES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

_TOKEN = re.compile(r"(\w+|[^\w\s])")


@dataclass(frozen=True, kw_only=True)
class Continua:
    """Units of many documents; `document`, `annotator` and `marker` index the names.

    `start` and `end` count code points, or tokens after `tokens`, end-exclusive, within
    the document, whose size is in `lengths`. `readers` says who read what, documents by
    annotators. Units are sorted by marker, document, annotator and start.
    """

    documents: tuple[str, ...]
    annotators: tuple[str, ...]
    markers: tuple[str, ...]
    lengths: "Numbers"
    readers: "NDArray[np.bool_]"
    document: "Numbers"
    annotator: "Numbers"
    marker: "Numbers"
    start: "Numbers"
    end: "Numbers"

    @cached_property
    def count(self) -> "Numbers":
        """The number of annotators of each document."""
        counted: Numbers = self.readers.sum(axis=1)
        return counted

    @property
    def size(self) -> "Numbers":
        """The length of each unit."""
        return self.end - self.start

    @property
    def block(self) -> "Numbers":
        """The marker and document of each unit as one number, `marker * documents + document`."""
        return self.marker * len(self.documents) + self.document

    def units(self, chosen: "NDArray[np.bool_] | Numbers") -> Self:
        """Give only these units; documents and their readers stay."""
        names = ("document", "annotator", "marker", "start", "end")
        return replace(self, **{name: getattr(self, name)[chosen] for name in names})

    def comparable(self) -> Self:
        """Give the documents that two or more annotators read."""
        return self._rows(self.count > 1)

    def only(self, markers: Sequence[str]) -> Self:
        """Give the units of these markers, which then are the only ones."""
        import numpy as np

        kept = [number for number, name in enumerate(self.markers) if name in markers]
        place = np.full(len(self.markers), -1)
        place[kept] = np.arange(len(kept))
        units = self.units(place[self.marker] >= 0)
        names = tuple(self.markers[number] for number in kept)
        return replace(units, markers=names, marker=place[units.marker])

    def shared(self, *annotators: str) -> "NDArray[np.bool_]":
        """Say of each document whether two or more of these annotators read it."""
        both: NDArray[np.bool_] = self.readers[:, self._who(annotators)].sum(axis=1) > 1
        return both

    def of(self, *annotators: str) -> Self:
        """Give what these annotators marked in the documents that two or more of them read."""
        who = self._who(annotators)
        only = replace(self, readers=self.readers & who).units(who[self.annotator])
        return only.comparable()

    def merged(self) -> Self:
        """Sort the units and join those of one annotator and marker that overlap."""
        import numpy as np

        if not len(self.start):
            return self
        # Each annotator, document and marker has a stretch of one long axis for itself.
        stretch = int(max(self.lengths.max(), self.end.max())) + 1
        cell = self.block * len(self.annotators) + self.annotator
        order = np.lexsort((self.end, cell * stretch + self.start))
        start, end = ((cell * stretch + edge)[order] for edge in (self.start, self.end))
        reach = np.maximum.accumulate(end)
        first = np.flatnonzero(np.concatenate(([True], start[1:] >= reach[:-1])))
        last = np.concatenate((first[1:], [len(start)])) - 1
        kept = self.units(order[first])
        return replace(kept, end=reach[last] % stretch)

    def tokens(self, texts: Mapping[str, str]) -> Self:
        r"""Count in tokens `\w+|[^\w\s]`: a unit holds those that it shares a character with."""
        import numpy as np

        start, end = np.zeros_like(self.start), np.zeros_like(self.end)
        lengths = np.zeros_like(self.lengths)
        order = np.argsort(self.document, kind="stable")
        bounds = np.searchsorted(self.document[order], np.arange(len(self.documents) + 1))
        for number, name in enumerate(self.documents):
            rows = order[bounds[number] : bounds[number + 1]]
            # What lies between tokens and the tokens, in turn.
            pieces = _TOKEN.split(texts[name])
            edges = np.cumsum(np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces)))
            lengths[number] = len(pieces) // 2
            start[rows] = np.searchsorted(edges[1::2], self.start[rows], side="right")
            end[rows] = np.searchsorted(edges[:-1:2], self.end[rows], side="left")
        counted = replace(self, start=start, end=end, lengths=lengths)
        return counted.units(end > start).merged()

    def _who(self, annotators: Sequence[str]) -> "NDArray[np.bool_]":
        import numpy as np

        return np.array([name in annotators for name in self.annotators], dtype=bool)

    def _rows(self, keep: "NDArray[np.bool_]") -> Self:
        import numpy as np

        kept = self.units(keep[self.document])
        return replace(
            kept,
            documents=tuple(np.array(self.documents, dtype=object)[keep]),
            lengths=self.lengths[keep],
            readers=self.readers[keep],
            document=(np.cumsum(keep) - 1)[kept.document],
        )


def continua(
    annotations: Iterable[Annotation],
    lengths: Mapping[str, int],
    *,
    markers: Sequence[str],
    voices: Sequence[Voice] = VOICES,
) -> Continua:
    """Give the documents that two or more annotators submitted, with their units.

    `lengths` gives each document's size in code points. Takes one annotation per document
    and annotator; skipped ones are missing. Spans of other markers or voices do not count.
    Raises DataError for a document without a length and for a span that ends outside.
    """
    import numpy as np

    read = [item for item in annotations if not item.skipped]
    documents = sorted({item.doc_id for item in read})
    annotators = sorted({item.annotator for item in read})
    at_document = {name: number for number, name in enumerate(documents)}
    at_annotator = {name: number for number, name in enumerate(annotators)}
    at_marker = {name: number for number, name in enumerate(markers)}
    readers = np.zeros((len(documents), len(annotators)), dtype=bool)
    rows: list[tuple[int, ...]] = []
    for item in read:
        _fits(item, lengths.get(item.doc_id))
        place = at_document[item.doc_id], at_annotator[item.annotator]
        readers[place] = True
        rows += [
            (*place, at_marker[span.marker], span.start, span.end)
            for span in item.spans
            if span.marker in at_marker and span.voice in voices
        ]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    return (
        Continua(
            documents=tuple(documents),
            annotators=tuple(annotators),
            markers=tuple(markers),
            lengths=np.array([lengths[name] for name in documents], dtype=np.int64),
            readers=readers,
            **dict(zip(("document", "annotator", "marker", "start", "end"), columns, strict=True)),
        )
        .merged()
        .comparable()
    )


def _fits(item: Annotation, length: int | None) -> None:
    hint = "Leave out annotations of a text that changed, or bring its documents in again"
    if length is None:
        raise DataError(f"{item.annotation_id}: there is no document {item.doc_id}", hint=hint)
    reach = max((span.end for span in item.spans), default=0)
    if reach > length:
        where = f"{item.annotation_id}: a span ends at {reach}"
        raise DataError(f"{where}, document {item.doc_id} at {length}", hint=hint)
