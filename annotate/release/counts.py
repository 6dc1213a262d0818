"""What a release's card and summary count, taken from its own data files."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from annotate.release.layers import Layers

UNKNOWN = "not known"  # the licence of a document that has none

if TYPE_CHECKING:
    import pyarrow as pa

_REASON = "open.list.element.reason"


@dataclass(kw_only=True)
class Counts:
    """Counts by split where the name says so; `markers` by marker and split.

    `dates` has how many annotations were submitted on each day, `reasons` what is open for.
    """

    documents_by_split: dict[str, int] = field(default_factory=dict)
    spans_by_split: dict[str, int] = field(default_factory=dict)
    open_by_split: dict[str, int] = field(default_factory=dict)
    markers: Counter[tuple[str, str]] = field(default_factory=Counter)
    judgements: Counter[str] = field(default_factory=Counter)
    status: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    licences: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    annotators: Counter[str] = field(default_factory=Counter)
    guidelines: Counter[str] = field(default_factory=Counter)
    dates: Counter[str] = field(default_factory=Counter)
    skipped: int = 0

    @property
    def documents(self) -> int:
        """Give the documents of all splits."""
        return sum(self.documents_by_split.values())

    @property
    def spans(self) -> int:
        """Give the gold spans of all splits."""
        return sum(self.spans_by_split.values())

    @property
    def open(self) -> int:
        """Give what is not settled, in all splits."""
        return sum(self.open_by_split.values())

    @property
    def annotations(self) -> int:
        """Give the annotations, those of left out documents too."""
        return sum(self.annotators.values())


def count(layers: Layers) -> Counts:
    """Count what the data files hold, some rows at a time."""
    counts = Counts()
    for split in layers.splits:
        _count_documents(counts, layers, split)
        _count_spans(counts, layers, split)
    for split in layers.offered("annotations"):
        _count_annotations(counts, layers, split)
    return counts


def _count_documents(counts: Counts, layers: Layers, split: str) -> None:
    import pyarrow as pa

    documents = still_open = 0
    for table in layers.columns("gold", split, ["language", "licence", _REASON]):
        documents += table.num_rows
        counts.languages.update(_values(table.column("language")))
        licences = table.column("licence").fill_null(UNKNOWN)
        counts.licences.update(_values(licences))
        listed = [chunk.flatten() for chunk in table.column("open").chunks]
        reasons = pa.chunked_array([each.flatten()[0] for each in listed], pa.string())
        still_open += len(reasons)
        for reason, number in _values(reasons).items():
            counts.reasons[reason.split(":")[0]] += number
    counts.documents_by_split[split] = documents
    counts.open_by_split[split] = still_open


def _count_spans(counts: Counts, layers: Layers, split: str) -> None:
    counts.spans_by_split[split] = 0
    for table in layers.columns("spans", split, ["marker", "judgement", "status"]):
        counts.spans_by_split[split] += table.num_rows
        markers = _values(table.column("marker"))
        counts.markers.update({(marker, split): number for marker, number in markers.items()})
        counts.judgements.update(_values(table.column("judgement")))
        counts.status.update(_values(table.column("status")))


def _count_annotations(counts: Counts, layers: Layers, split: str) -> None:
    names = ["annotator", "guideline_version", "submitted_at", "skipped"]
    for table in layers.columns("annotations", split, names):
        counts.annotators.update(_values(table.column("annotator")))
        counts.guidelines.update(_values(table.column("guideline_version")))
        for moment, number in _values(table.column("submitted_at")).items():
            counts.dates[moment[:10]] += number
        counts.skipped += int(table.column("skipped").to_numpy().sum())


def _values(column: "pa.ChunkedArray") -> Mapping[str, int]:
    """Count each value of a column; what is null does not count."""
    found = column.drop_null().value_counts().to_pylist()
    return {item["values"]: item["counts"] for item in found}
