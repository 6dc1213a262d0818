"""What is settled: the outcome of each document that rules and models are held against."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from annotate.adjudicate.consensus import Consensus, adjudicated, consensus
from annotate.adjudicate.fitting import fitting
from annotate.decode import legal
from annotate.errors import NothingToDo, UsageError
from annotate.model import Annotation, Condition, Document, Reject, Span
from annotate.pipeline.agreement import independent, latest
from annotate.pipeline.rows import rows_of
from annotate.suggest.calibration import Truth
from annotate.workspace import Workspace

_ENOUGH = 2
_UNBIASED: tuple[Condition, ...] = ("blind", "test")


@dataclass(frozen=True, kw_only=True)
class Gold:
    """Documents with their outcomes, and the annotations behind them.

    `outcomes` are of documents that two or more annotators read, or that an adjudicator
    decided; `single` is how many others were read. `conditions` are those of `outcomes`.
    """

    annotations: tuple[Annotation, ...]
    documents: dict[str, Document]
    outcomes: dict[str, Consensus]
    conditions: dict[str, Condition]
    single: int
    rejects: tuple[Reject, ...]

    @property
    def evidence(self) -> dict[str, Truth]:
        """Give what precision is measured on: blind and test documents.

        What annotators see anchors them, so assisted documents count only where there are
        no others.
        """
        unbiased = [it for it in self.outcomes if self.conditions[it] in _UNBIASED]
        return {doc_id: _truth(self.outcomes[doc_id]) for doc_id in unbiased or self.outcomes}

    @property
    def counts(self) -> dict[str, int]:
        """Give how many documents of each condition the evidence has."""
        return dict(sorted(Counter(self.conditions[doc_id] for doc_id in self.evidence).items()))


def gold(
    workspace: Workspace, *, adjudicator: str | None = None, verdicts: Iterable[Annotation] = ()
) -> Gold:
    """Settle what can be settled, as a release does, with the workspace's markers.

    `verdicts`, and the annotations of `adjudicator`, decide the documents that they are of.
    Raises NothingToDo when nothing is annotated, UsageError when `adjudicator` is nobody.
    """
    read = independent(workspace, adjudicator=adjudicator)
    named = [it for it in workspace.rows(Annotation) if it.annotator == adjudicator]
    if adjudicator is not None and not named:
        people = sorted({item.annotator for item in read})
        raise UsageError("adjudicator " + legal(adjudicator, people), hint="Choose one of these")
    decided = [item for item in latest([*named, *verdicts]) if not item.skipped]
    doc_ids = {item.doc_id for item in [*read, *decided]}
    documents = {item.doc_id: item for item in rows_of(workspace, Document, doc_ids)}
    fit = fitting(read, documents, workspace.taxonomy)
    judged = fitting(decided, documents, workspace.taxonomy)
    outcomes = _outcomes(workspace, documents, fit.annotations, judged.annotations)
    sure = {item.doc_id for item in judged.annotations}
    settled = {
        doc_id: outcome
        for doc_id, outcome in outcomes.items()
        if outcome.annotators >= _ENOUGH or doc_id in sure
    }
    conditions = {it.doc_id: it.condition for it in [*judged.annotations, *fit.annotations]}
    return Gold(
        annotations=fit.annotations,
        documents=documents,
        outcomes=settled,
        conditions={doc_id: conditions[doc_id] for doc_id in settled},
        single=sum(outcomes[it].annotators > 0 for it in outcomes.keys() - settled.keys()),
        rejects=fit.rejects + judged.rejects,
    )


def refuse_none(found: Gold) -> None:
    """Raise NothingToDo where no document is settled."""
    if not found.outcomes:
        raise NothingToDo(
            f"no document was read by two people or decided by an adjudicator ({found.single} "
            "were read by one)",
            hint="Bring in more with `annotate pull`, or name who decides with --adjudicator",
        )


def _truth(outcome: Consensus) -> Truth:
    """Part what is open: enough marked it and differ on the rest, or too few did."""
    agreed = [3 * item.support >= 2 * item.annotators for item in outcome.open]
    parted = list(zip(outcome.open, agreed, strict=True))
    return Truth(
        gold=outcome.gold,
        unsettled=tuple(
            Span(start=item.start, end=item.end, marker=item.marker) for item, yes in parted if yes
        ),
        disputed=tuple(item for item, yes in parted if not yes),
    )


def _outcomes(
    workspace: Workspace,
    documents: dict[str, Document],
    read: Iterable[Annotation],
    decided: Iterable[Annotation],
) -> dict[str, Consensus]:
    grouped: defaultdict[str, list[Annotation]] = defaultdict(list)
    for item in read:
        grouped[item.doc_id].append(item)
    verdicts = {item.doc_id: item for item in decided}
    taxonomy = workspace.taxonomy
    return {
        doc_id: adjudicated(documents[doc_id], verdicts[doc_id], grouped[doc_id], taxonomy)
        if doc_id in verdicts
        else consensus(documents[doc_id], grouped[doc_id], taxonomy)
        for doc_id in sorted({*grouped, *verdicts})
    }
