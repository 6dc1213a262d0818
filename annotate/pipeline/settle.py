"""Settle documents from what people submitted: some at a time, or all at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from annotate.adjudicate.consensus import Consensus, consensus
from annotate.adjudicate.fitting import fitting, fitting_verdicts
from annotate.adjudicate.verdicts import reviewed
from annotate.model import Annotation, Appearance, Document, Reject, Suggestion, Verdict, Zone
from annotate.taxonomy import Taxonomy

_Row = TypeVar("_Row", Annotation, Appearance, Suggestion, Verdict, Zone)


@dataclass(frozen=True, kw_only=True)
class Settled:
    """The outcomes of documents that somebody read or decided, and what is behind them.

    `annotations` are the independent ones, and `decided` those that decide, without what
    does not fit; that stands in `rejects`.
    """

    annotations: tuple[Annotation, ...]
    decided: tuple[Annotation, ...]
    verdicts: dict[str, tuple[Verdict, ...]]
    outcomes: dict[str, Consensus]
    rejects: tuple[Reject, ...]


def settle(
    documents: Mapping[str, Document],
    taxonomy: Taxonomy,
    *,
    read: Iterable[Annotation],
    decided: Iterable[Annotation] = (),
    verdicts: Iterable[Verdict] = (),
) -> Settled:
    """Give the outcome of each document; every argument has all that there is of each.

    `read` has one annotation per document and annotator, `decided` are annotations that
    decide about a whole document.
    """
    fit = fitting(read, documents, taxonomy)
    judged = fitting(decided, documents, taxonomy)
    ruled = fitting_verdicts(verdicts, documents, taxonomy)
    grouped = by_document(fit.annotations)
    standing = by_document(ruled.verdicts)
    for item in judged.annotations:
        document, found = documents[item.doc_id], grouped[item.doc_id]
        standing[item.doc_id] += reviewed(document, item, found, taxonomy)
    outcomes = {
        doc_id: consensus(documents[doc_id], grouped[doc_id], taxonomy, standing[doc_id])
        for doc_id in sorted({*grouped, *standing})
    }
    return Settled(
        annotations=fit.annotations,
        decided=judged.annotations,
        verdicts={doc_id: tuple(found) for doc_id, found in standing.items()},
        outcomes={it: found for it, found in outcomes.items() if found.annotators or standing[it]},
        rejects=fit.rejects + judged.rejects + ruled.rejects,
    )


def by_document(rows: Iterable[_Row]) -> defaultdict[str, list[_Row]]:
    """Group rows by their document, in the order that they come in."""
    grouped: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        grouped[row.doc_id].append(row)
    return grouped
