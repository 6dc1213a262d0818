"""What an adjudicator submitted becomes verdicts; what does not hold is refused with a reason.

A decision names its case by an id that says where the case stood and on what. So one that
was made before annotators changed something is kept: its verdict rests on the old ground,
stands, and is stale from the start.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from annotate.adjudicate.checks import clashing, complete, joined, problem
from annotate.adjudicate.clusters import Cluster
from annotate.adjudicate.queue import Dossier, docket
from annotate.adjudicate.support import shortened
from annotate.adjudicate.verdicts import Signature, extent, ground, moment, verdict
from annotate.decode import legal
from annotate.docket import Case, Decided, Decision, Docket
from annotate.model import Document, Outcome, Range, Record, Reject, Span, Verdict
from annotate.spans import components, overlaps
from annotate.taxonomy import Taxonomy

_CASE = re.compile(r"([a-z][a-z0-9_]*)-(\d+)-(\d+)-([0-9a-f]{16})")
_OF_ALL: tuple[Outcome, ...] = ("accepted", "rejected")
_WITH_SPANS: tuple[Outcome, ...] = ("accepted", "modified")


class Ruling(Record, frozen=True, kw_only=True):
    """What a submission gave: verdicts, what was refused, and what is still to be decided.

    `undecided` has a sentence for each case of the document that waits after it.
    """

    verdicts: tuple[Verdict, ...] = ()
    rejects: tuple[Reject, ...] = ()
    undecided: tuple[str, ...] = ()


class _Opinion(Range, frozen=True, kw_only=True):
    """A decision that holds; the range and the marker are its case's, or its own span's.

    `old` is the ground of a case that has changed since.
    """

    marker: str
    decision: Decision
    case: Case | None = None
    old: str | None = None
    spans: tuple[Span, ...] = ()


def decide(dossier: Dossier, decided: Decided, taxonomy: Taxonomy) -> Ruling:
    """Give the verdicts of a submission on the document as it is now."""
    open_cases = docket(dossier, taxonomy)
    reason = _misfit(dossier.document, decided, taxonomy)
    if reason is not None:
        reject = Reject(place=f"document {decided.doc_id}", reason=reason)
        return Ruling(rejects=(reject,), undecided=_undecided(open_cases, ()))
    work = _Work(dossier, decided, taxonomy, open_cases)
    verdicts = work.verdicts()
    return Ruling(
        verdicts=verdicts,
        rejects=tuple(work.rejects),
        undecided=_undecided(open_cases, verdicts),
    )


def _misfit(document: Document, decided: Decided, taxonomy: Taxonomy) -> str | None:
    if decided.text_sha256 != document.text_sha256:
        return "its text is another than the one that was decided on"
    if moment(decided.decided_at) is None:
        return f'decided_at "{decided.decided_at}" is no time like 2026-03-01T09:30:00Z'
    if decided.whole is not None and decided.whole not in _OF_ALL:
        return "whole " + legal(decided.whole, _OF_ALL)
    known = {it.name: [v.value for v in it.values] for it in taxonomy.frame.document_attributes}
    for name, value in decided.document_attributes.items():
        if name not in known:
            return "document attribute " + legal(name, known)
        if value not in known[name]:
            return f"{name} {legal(value, known[name])}"
    return None


class _Work:
    """One submission, decision by decision."""

    def __init__(
        self, dossier: Dossier, decided: Decided, taxonomy: Taxonomy, open_cases: Docket
    ) -> None:
        self.document, self.decided, self.taxonomy = dossier.document, decided, taxonomy
        self.cases = {case.case_id: case for case in open_cases.cases}
        self.found = dossier.clusters(taxonomy)
        self.rejects: list[Reject] = []
        self.by = Signature(
            adjudicator=decided.adjudicator,
            guideline_version=decided.guideline_version,
            taxonomy_version=decided.taxonomy_version,
            decided_at=moment(decided.decided_at) or decided.decided_at,
        )

    def verdicts(self) -> tuple[Verdict, ...]:
        """Give the verdict on the whole document, if there is one, and those on its cases."""
        whole, answers = self.decided.whole, self.decided.document_attributes
        made: list[Verdict] = []
        if whole or answers:
            made.append(
                verdict(
                    self.document,
                    by=self.by,
                    stands_on=self.decided.ground,
                    outcome=whole or "accepted",
                    document_attributes=answers,
                )
            )
        if whole == "rejected":
            return tuple(made)
        opinions = list(self._opinions())
        for marker in sorted({item.marker for item in opinions}):
            same = (item for item in opinions if item.marker == marker)
            made += [self._verdict(group) for group in components(same)]
        return tuple(made)

    def _opinions(self) -> Iterator[_Opinion]:
        kept: list[Span] = []
        seen: set[str] = set()
        for decision in self.decided.decisions:
            opinion = self._opinion(decision)
            if isinstance(opinion, _Opinion) and decision.case_id in seen:
                opinion = "decided twice; the first decision counts"
            if isinstance(opinion, _Opinion):
                opinion = clashing(opinion.spans, [*kept, *opinion.spans]) or opinion
            if isinstance(opinion, str):
                self.rejects.append(Reject(place=self._place(decision), reason=opinion))
                continue
            seen |= {decision.case_id} if decision.case_id else set()
            kept += opinion.spans
            yield opinion

    def _place(self, decision: Decision) -> str:
        spans = ", ".join(f"{span.marker} {span.start}-{span.end}" for span in decision.spans)
        which = f"case {decision.case_id}" if decision.case_id else f"added {spans or 'nothing'}"
        return f"document {self.document.doc_id}, {which}"

    def _opinion(self, decision: Decision) -> _Opinion | str:
        """Give the decision with its place and checked spans, or why it is refused."""
        case = self.cases.get(decision.case_id or "")
        at = self._where(decision, case)
        if isinstance(at, str):
            return at
        spans = self._accepted(decision, case)
        if isinstance(spans, str):
            return spans
        wrong = (problem(span, self.document, self.taxonomy, case=case) for span in spans)
        reason = next(filter(None, wrong), None)
        if reason:
            return reason
        whole = joined(spans)
        if any(not overlaps(span, at) for span in whole):
            return "a span stands away from the case; add it as a decision without case_id"
        return at.replace(case=case, spans=tuple(whole))

    def _where(self, decision: Decision, case: Case | None) -> _Opinion | str:
        if case:
            return _Opinion(start=case.start, end=case.end, marker=case.marker, decision=decision)
        if decision.case_id is not None:
            return self._gone(decision, decision.case_id)
        if not decision.spans:
            return "names no case and adds no span"
        if len({span.marker for span in decision.spans}) > 1:
            return "adds spans of several markers; make each a decision of its own"
        start = min(span.start for span in decision.spans)
        end = max(span.end for span in decision.spans)
        marker = decision.spans[0].marker
        own = _Opinion(start=start, end=end, marker=marker, decision=decision)
        near = [extent(it) for it in self._under(own, marker)]
        return own.replace(
            start=min([start, *(it.start for it in near)]),
            end=max([end, *(it.end for it in near)]),
        )

    def _gone(self, decision: Decision, name: str) -> _Opinion | str:
        """Place a decision on a case that is not there any more, by what its id says."""
        told = _CASE.fullmatch(name)
        if told is None:
            return "case " + legal(name, self.cases or ["none: nothing is marked here"])
        marker, start, end, stood_on = told.groups()
        if marker not in self.taxonomy.names:
            return "marker " + legal(marker, self.taxonomy.names)
        if not int(start) < int(end) <= len(self.document.text):
            return f"case {name} is outside the text"
        return _Opinion(
            start=int(start), end=int(end), marker=marker, decision=decision, old=f"c-{stood_on}"
        )

    def _accepted(self, decision: Decision, case: Case | None) -> list[Span] | str:
        """Give the spans that are gold by the decision, or why they cannot be."""
        if decision.outcome not in _WITH_SPANS:
            return f"{decision.outcome} and yet it has spans" if decision.spans else []
        spans: Sequence[Span] = decision.spans
        if not spans and case is None:
            return "its case has changed since; say which spans are accepted"
        if not spans and case:
            spans = (case.proposed, *case.also)
        others = [span for each in self.decided.decisions for span in each.spans]
        others += [each.proposed for each in self.cases.values()]
        return [complete(span, others, self.taxonomy) for span in spans]

    def _under(self, at: Range, marker: str) -> list[Cluster]:
        return [it for it in self.found if it.marker == marker and overlaps(extent(it), at)]

    def _verdict(self, group: Sequence[_Opinion]) -> Verdict:
        """Give one verdict for decisions on one marker that touch: each is of one place."""
        at = Range(start=group[0].start, end=max(item.end for item in group))
        under = self._under(at, group[0].marker)
        spans = joined([span for item in group for span in item.spans])
        reasons = [item.decision.reason for item in group if item.decision.reason]
        notes = [item.decision.note for item in group if item.decision.note]
        return verdict(
            self.document,
            by=self.by,
            stands_on=next((item.old for item in group if item.old), None) or ground(under),
            at=at,
            marker=group[0].marker,
            outcome=_outcome(group, spans),
            reason=next(iter(reasons), None if under else "missed"),
            note="; ".join(dict.fromkeys(notes)) or None,
            spans=spans,
        )


def _outcome(group: Sequence[_Opinion], spans: Sequence[Span]) -> Outcome:
    """Give what the decisions come to: `accepted` is only what somebody had marked so."""
    if spans:
        return "modified" if len(group) > 1 or _changed(group[0]) else "accepted"
    said = {item.decision.outcome for item in group}
    return "ambiguous" if "ambiguous" in said else "rejected"


def _changed(opinion: _Opinion) -> bool:
    case = opinion.case
    if case is None:
        return opinion.decision.outcome == "modified"
    shown = {(it.start, it.end) for it in (case.proposed, *case.also, *case.votes)}
    moved = any(
        span.marker != case.marker or (span.start, span.end) not in shown for span in opinion.spans
    )
    return moved or opinion.decision.outcome == "modified"


def _undecided(open_cases: Docket, verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    made = list(verdicts)
    if any(item.extent is None and item.outcome == "rejected" for item in made):
        return ()
    return tuple(
        f"document {open_cases.doc_id}, case {case.case_id}: no verdict on {case.marker} "
        f"“{shortened(open_cases.text, case)}” ({case.why})"
        for case in open_cases.waiting
        if not any(
            item.marker == case.marker and at is not None and overlaps(at, case)
            for item in made
            for at in [item.extent]
        )
    )
