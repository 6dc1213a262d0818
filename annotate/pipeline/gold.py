"""What is settled: the outcome of each document that rules and models are held against."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from annotate.adjudicate.consensus import Consensus
from annotate.adjudicate.queue import Dossier
from annotate.decode import legal
from annotate.errors import NothingToDo, UsageError
from annotate.model import (
    Annotation,
    Assignment,
    Condition,
    Document,
    Reject,
    Span,
    Verdict,
)
from annotate.pipeline.agreement import independent, latest
from annotate.pipeline.rows import rows_of
from annotate.pipeline.settle import by_document, settle
from annotate.release.sources import conditions
from annotate.suggest.calibration import Truth
from annotate.workspace import Workspace

_ENOUGH = 2
_UNBIASED: tuple[Condition, ...] = ("blind", "test")


@dataclass(frozen=True, kw_only=True)
class Gold:
    """Documents with their outcomes, and the annotations and verdicts behind them.

    `outcomes` are of all documents that anybody read or decided, `conditions` theirs.
    """

    annotations: tuple[Annotation, ...]
    documents: dict[str, Document]
    verdicts: dict[str, tuple[Verdict, ...]]
    outcomes: dict[str, Consensus]
    conditions: dict[str, Condition]
    rejects: tuple[Reject, ...]

    @cached_property
    def dossiers(self) -> dict[str, Dossier]:
        """Give all that is known of each document, for the queue and for deciding."""
        grouped = by_document(self.annotations)
        return {
            doc_id: Dossier(
                document=self.documents[doc_id],
                annotations=tuple(grouped[doc_id]),
                verdicts=self.verdicts.get(doc_id, ()),
                condition=self.conditions[doc_id],
            )
            for doc_id in self.outcomes
        }

    @property
    def settled(self) -> dict[str, Consensus]:
        """Give what two or more annotators read, or an adjudicator decided as a whole."""
        return {
            doc_id: outcome
            for doc_id, outcome in self.outcomes.items()
            if outcome.annotators >= _ENOUGH or outcome.reviewed
        }

    @property
    def single(self) -> int:
        """Give how many documents one annotator alone read."""
        return len(self.outcomes) - len(self.settled)

    @property
    def evidence(self) -> dict[str, Truth]:
        """Give what precision is measured on: settled blind and test documents.

        What annotators see anchors them, so assisted documents count only where there are
        no others.
        """
        settled = self.settled
        unbiased = [it for it in settled if self.conditions[it] in _UNBIASED]
        return {doc_id: _truth(settled[doc_id]) for doc_id in unbiased or settled}

    @property
    def counts(self) -> dict[str, int]:
        """Give how many documents of each condition the evidence has."""
        return dict(sorted(Counter(self.conditions[doc_id] for doc_id in self.evidence).items()))


def gold(
    workspace: Workspace, *, adjudicator: str | None = None, reviews: Iterable[Annotation] = ()
) -> Gold:
    """Settle what can be settled, as a release does, with the workspace's markers.

    The verdicts of the workspace decide, and so do the annotations of `adjudicator` and
    `reviews`, on the whole documents that they are of. Raises NothingToDo when nothing is
    annotated, UsageError when `adjudicator` is nobody.
    """
    taxonomy = workspace.taxonomy
    read = independent(workspace, adjudicator=adjudicator)
    decided = [*_named(workspace, adjudicator, read), *reviews]
    decided = [item for item in latest(decided) if not item.skipped]
    stored = workspace.rows(Verdict)
    doc_ids = {it.doc_id for it in [*read, *decided]} | {it.doc_id for it in stored}
    documents = {item.doc_id: item for item in rows_of(workspace, Document, doc_ids)}
    settled = settle(documents, taxonomy, read=read, decided=decided, verdicts=stored)
    behind: list[Annotation | Assignment] = [
        *settled.decided,
        *settled.annotations,
        *workspace.rows(Assignment),
    ]
    drawn = conditions((item.doc_id, item.condition) for item in behind)
    return Gold(
        annotations=settled.annotations,
        documents=documents,
        verdicts=settled.verdicts,
        outcomes=settled.outcomes,
        conditions={doc_id: drawn.get(doc_id, "blind") for doc_id in settled.outcomes},
        rejects=settled.rejects,
    )


def _named(
    workspace: Workspace, adjudicator: str | None, read: Iterable[Annotation]
) -> list[Annotation]:
    named = [it for it in workspace.rows(Annotation) if it.annotator == adjudicator]
    if adjudicator is not None and not named:
        people = sorted({item.annotator for item in read})
        raise UsageError("adjudicator " + legal(adjudicator, people), hint="Choose one of these")
    return named


def refuse_none(found: Gold) -> None:
    """Raise NothingToDo where no document is settled."""
    if not found.settled:
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
