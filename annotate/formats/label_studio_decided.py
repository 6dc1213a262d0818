"""What an adjudicator submitted in Label Studio becomes a `Decided`.

The server checks almost nothing, so everything is checked here: controls, labels, values,
bounds. The text of a region is never trusted; only its offsets are, which are code points
of the document's text, end-exclusive.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast, get_args

from annotate.docket import WAITING, Decided, Decision
from annotate.formats.label_studio_docket import (
    ACCEPT,
    ALL_REJECTED,
    AMBIGUOUS,
    NOTE,
    REASON,
    REJECT,
    SUPPORT,
    UNLESS,
    VERDICT,
    WHOLE,
    DocketIdentity,
    ShownCase,
)
from annotate.formats.label_studio_results import chosen, read_span, value_of
from annotate.model import Outcome, Range, Reason, Record, Reject, Span
from annotate.taxonomy import Taxonomy

DELETED = "the adjudicator deleted the span"
_LEGAL = {VERDICT: [ACCEPT], UNLESS: [REJECT, AMBIGUOUS], REASON: list(get_args(Reason))}
_NOTHING = (
    "it decides nothing: give each contested span a verdict, or choose that the whole document "
    "is rejected"
)

Item = Mapping[str, Any]


class ParsedDecided(Record, frozen=True, kw_only=True):
    """What was decided, None where it is nothing, and what of it was refused."""

    decided: Decided | None = None
    rejects: tuple[Reject, ...] = ()


class _Said(Record, frozen=True, kw_only=True):
    """What the adjudicator says of one region."""

    span: Span
    accepted: bool
    against: str | None
    reason: Reason | None
    note: str | None


@dataclass(kw_only=True)
class _Reading:
    """One submission while it is read; `refused` are regions that did not fit."""

    text: str
    taxonomy: Taxonomy
    place: str
    said: dict[str, _Said] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    answers: dict[str, str] = field(default_factory=dict)
    first_mention: dict[str, str] = field(default_factory=dict)
    whole: bool = False
    rejects: list[Reject] = field(default_factory=list)

    def refuse(self, region: str, reason: str) -> None:
        self.refused.add(region)
        self.rejects.append(Reject(place=f"{self.place} region {region}", reason=reason))


def parse_decided(
    annotation: Item, *, identity: DocketIdentity, text: str, taxonomy: Taxonomy, place: str
) -> ParsedDecided:
    """Give what was decided on the docket's cases; a region that does not fit is refused.

    A case stays out where nothing was decided on it: it was agreed or decided before and
    came back as it was, or it has no verdict. Skipping a task decides nothing.
    """
    if annotation.get("was_cancelled"):
        return ParsedDecided()
    reading = _Reading(text=text, taxonomy=taxonomy, place=place)
    _read(reading, annotation.get("result"))
    # Without a prediction behind it, a page on which no span ever showed was submitted.
    opened = bool(reading.said or reading.refused or annotation.get("parent_prediction"))
    decisions: list[Decision] = []
    if opened and not reading.whole:
        found = (_on_case(reading, case) for case in identity.cases)
        decisions = [*filter(None, found), *_added(reading, identity)]
    if not (decisions or reading.whole or reading.answers):
        if opened and not any(case.status in WAITING for case in identity.cases):
            return ParsedDecided(rejects=tuple(reading.rejects))
        return ParsedDecided(rejects=(*reading.rejects, Reject(place=place, reason=_NOTHING)))
    decided = Decided(
        doc_id=identity.doc_id,
        text_sha256=identity.text_sha256,
        ground=identity.ground,
        adjudicator=identity.adjudicator,
        decided_at=str(annotation["updated_at"]),
        guideline_version=identity.guideline_version,
        taxonomy_version=identity.taxonomy_version,
        whole="rejected" if reading.whole else None,
        decisions=tuple(decisions),
        document_attributes=reading.answers,
    )
    return ParsedDecided(decided=decided, rejects=tuple(reading.rejects))


def _read(reading: _Reading, result: Any) -> None:
    regions: dict[str, list[Item]] = defaultdict(list)
    links: list[Item] = []
    for number, item in enumerate(result if isinstance(result, list) else [result] * bool(result)):
        if not isinstance(item, Mapping):
            reading.refuse(f"number {number}", "it is no table")
        elif item.get("type") == "relation":
            links.append(item)
        elif "start" in value_of(item):
            regions[str(item.get("id"))].append(item)
        else:
            _read_answer(reading, item)
    for region, items in regions.items():
        try:
            reading.said[region] = _said(items, reading)
        except ValueError as error:
            reading.refuse(region, str(error))
    _link(reading, links)


def _read_answer(reading: _Reading, item: Item) -> None:
    name, region = str(item.get("from_name")), str(item.get("id"))
    legal = {
        each.name: [value.value for value in each.values]
        for each in reading.taxonomy.frame.document_attributes
    } | {WHOLE: [ALL_REJECTED]}
    if name not in legal:
        reading.refuse(region, f'"{name}" stands on no text and is no document attribute')
        return
    try:
        answer = chosen(item, name, legal[name])
    except ValueError as error:
        reading.refuse(region, str(error))
        return
    if name == WHOLE:
        reading.whole = True
    else:
        reading.answers[name] = answer


def _said(items: Sequence[Item], reading: _Reading) -> _Said:
    told: dict[str, str] = {}
    notes: list[str] = []
    rest: list[Item] = []
    for item in items:
        name = str(item.get("from_name"))
        if name in _LEGAL:
            told[name] = chosen(item, name, _LEGAL[name])
        elif name == NOTE:
            notes += _lines(item)
        elif name != SUPPORT:
            rest.append(item)
    return _Said(
        span=read_span(rest, text=reading.text, taxonomy=reading.taxonomy),
        accepted=VERDICT in told,
        against=told.get(UNLESS),
        reason=cast("Reason | None", told.get(REASON)),
        note=" ".join(notes) or None,
    )


def _lines(item: Item) -> list[str]:
    written = value_of(item).get("text")
    lines = written if isinstance(written, list) else [written]
    return [" ".join(line.split()) for line in lines if isinstance(line, str) and line.strip()]


def _link(reading: _Reading, links: Iterable[Item]) -> None:
    """Note for the later of two regions that a relation connects where the first one is."""
    for item in links:
        ends = [str(item.get("from_id")), str(item.get("to_id"))]
        there = [reading.said[end].span for end in ends if end in reading.said]
        if len(there) < len(ends) or there[0].marker != there[1].marker:
            reason = "a relation connects two regions of one marker that are there"
            reading.rejects.append(
                Reject(place=f"{reading.place} region {' to '.join(ends)}", reason=reason)
            )
            continue
        first, later = sorted(ends, key=lambda end: reading.said[end].span.start)
        reading.first_mention.setdefault(later, first)


def _on_case(reading: _Reading, case: ShownCase) -> Decision | None:
    regions = case.regions
    if not reading.refused.isdisjoint(regions):
        return None
    there = {name: reading.said[name] for name in regions if name in reading.said}
    kept = {name: said for name, said in there.items() if not said.against}
    if not all(said.accepted for said in kept.values()):
        return None
    spans = tuple(_span(reading, name, regions[name]) for name in kept)
    outcome = _outcome(case, spans, [said.against for said in there.values()])
    notes = [said.note for said in there.values() if said.note] or [DELETED] * (not there)
    decision = Decision(
        case_id=case.case_id,
        outcome=outcome,
        reason=next((said.reason for said in there.values() if said.reason), None),
        note=" ".join(notes) or None,
        spans=spans,
    )
    return None if _as_before(case, decision) else decision


def _outcome(case: ShownCase, spans: tuple[Span, ...], against: Sequence[str | None]) -> Outcome:
    if spans:
        return "accepted" if spans == case.spans else "modified"
    return "ambiguous" if AMBIGUOUS in against else "rejected"


def _as_before(case: ShownCase, decision: Decision) -> bool:
    """Say whether the adjudicator left what needed no verdict as it was."""
    if case.status in WAITING or decision.reason or decision.note not in (None, DELETED):
        return False
    if case.status == "agreed" or case.before in ("accepted", "modified"):
        return decision.outcome == "accepted"
    return decision.outcome == case.before


def _span(reading: _Reading, region: str, shown: Span | None) -> Span:
    """Give the region's span: as it was shown where nothing that can be seen has changed."""
    span = reading.said[region].span
    first = reading.first_mention.get(region)
    if first is not None:
        source = reading.said[first].span
        span = span.replace(referent=Range(start=source.start, end=source.end))
    elif shown is not None:
        same_marker = shown.marker == span.marker
        span = span.replace(referent=shown.referent if same_marker else None)
        if span == shown.replace(judgement=None):
            return shown
    return span.replace(judgement=reading.taxonomy.judge(span.marker, span.attributes))


def _added(reading: _Reading, identity: DocketIdentity) -> list[Decision]:
    """Give the regions that are no case's: the adjudicator's own, unless taken back."""
    known = {name for case in identity.cases for name in case.regions}
    return [
        Decision(
            outcome="accepted",
            reason=said.reason or "missed",
            note=said.note,
            spans=(_span(reading, name, None),),
        )
        for name, said in reading.said.items()
        if name not in known and not said.against
    ]
