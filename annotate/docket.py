"""What goes to an adjudicator and comes back: dockets of cases, and decisions on them.

A docket is one document; its cases are the clusters of spans that annotators left there,
the contested ones first. Annotators are letters here: who decides is not to know whose
span it is.
"""

from typing import Literal

from annotate.model import Outcome, Range, Reason, Record, Span

CaseStatus = Literal["contested", "stale", "agreed", "decided"]
WAITING: tuple[CaseStatus, ...] = ("contested", "stale")


class CaseVote(Span, frozen=True, kw_only=True):
    """What one annotator, `A`, `B` …, marked."""

    annotator: str


class Precedent(Record, frozen=True, kw_only=True):
    """An earlier verdict on a span alike; `likeness` is 0 to 1."""

    marker: str
    quote: str
    outcome: Outcome
    decided_as: str
    reason: Reason | None = None
    note: str | None = None
    likeness: float


class Case(Range, frozen=True, kw_only=True):
    """A cluster to decide on, or to see beside it; the range is all that anybody marked.

    `proposed` is what it would be if it were accepted as it stands; an attribute on which
    annotators are divided evenly is not in it. `why` says what is contested, `support` who
    marked what in one line, `ground` what a verdict will rest on. `before` is the outcome of
    the verdict that stands, for cases stale or decided, and `also` what it accepted beside
    `proposed`.
    """

    case_id: str
    marker: str
    status: CaseStatus
    proposed: Span
    why: str | None = None
    support: str
    ground: str
    votes: tuple[CaseVote, ...] = ()
    before: Outcome | None = None
    also: tuple[Span, ...] = ()
    precedents: tuple[Precedent, ...] = ()


class Docket(Record, frozen=True, kw_only=True):
    """One document's adjudication; `gain` orders the queue, highest first.

    `annotators` is how many people read it, `ground` the hash of all they said.
    """

    doc_id: str
    text_sha256: str
    text: str
    title: str | None = None
    gain: float
    annotators: int
    ground: str
    cases: tuple[Case, ...]

    @property
    def waiting(self) -> tuple[Case, ...]:
        """Give the cases that wait for a verdict."""
        return tuple(case for case in self.cases if case.status in WAITING)


class Decision(Record, frozen=True, kw_only=True):
    """What an adjudicator said of one case; of a span of their own where `case_id` is null.

    `spans` are what is accepted, moved, relabelled or added; none for `rejected` and
    `ambiguous`. A case `accepted` without spans is accepted as proposed.
    """

    case_id: str | None = None
    outcome: Outcome
    reason: Reason | None = None
    note: str | None = None
    spans: tuple[Span, ...] = ()


class Decided(Record, frozen=True, kw_only=True):
    """What an adjudicator submitted for one document.

    `whole` rejects or accepts the document as a whole: `rejected` leaves nothing of it.
    """

    doc_id: str
    text_sha256: str
    ground: str
    adjudicator: str
    decided_at: str
    guideline_version: str
    taxonomy_version: str
    whole: Outcome | None = None
    decisions: tuple[Decision, ...] = ()
    document_attributes: dict[str, str] = {}
