"""Where each gold span comes from: suggestions, what annotators did with them, the verdict."""

from collections.abc import Iterable, Sequence
from typing import Literal

from annotate.model import GoldSpan, Outcome, Range, Reason, Record, Suggestion, Unit, Verdict
from annotate.release.contents import ReleasedAnnotation, ReleasedDocument
from annotate.spans import overlaps
from annotate.taxonomy import Taxonomy

Action = Literal["kept", "changed", "added", "left"]
_ACTIONS: dict[str, Action] = {
    "prediction": "kept",
    "prediction-changed": "changed",
    "manual": "added",
}


class Proposal(Range, frozen=True, kw_only=True):
    """A suggestion of the span's marker that overlaps it."""

    suggester: str
    rule: str
    score: Unit


class Deed(Record, frozen=True, kw_only=True):
    """What one annotator did about a gold span.

    They `kept` a suggestion as it was, `changed` one, `added` a span of their own or `left`
    the place without one of its marker. `shown` says that they saw a suggestion there.
    """

    annotator: str
    action: Action
    shown: bool
    start: int | None = None
    end: int | None = None
    guideline_version: str


class Lineage(Range, frozen=True, kw_only=True):
    """The story of one gold span; the verdict's fields are null where nobody had to decide.

    `derivation` names the rule behind `judgement` and its version, `sourcing@1`.
    """

    span_id: str
    doc_id: str
    marker: str
    status: Literal["consensus", "single", "adjudicated"]
    support: int
    annotators: int
    judgement: str | None = None
    derivation: str | None = None
    proposals: tuple[Proposal, ...] = ()
    deeds: tuple[Deed, ...] = ()
    outcome: Outcome | None = None
    reason: Reason | None = None
    decided_at: str | None = None
    guideline_versions: tuple[str, ...] = ()
    taxonomy_version: str


class Ground(Record, frozen=True, kw_only=True):
    """What is known of one document beside its released rows, in the same offsets."""

    suggestions: tuple[Suggestion, ...] = ()
    verdicts: tuple[Verdict, ...] = ()


def lineage(
    document: ReleasedDocument,
    annotations: Sequence[ReleasedAnnotation],
    ground: Ground,
    taxonomy: Taxonomy,
) -> tuple[Lineage, ...]:
    """Give the story of each gold span of a document, in the order of its spans."""
    read = [item for item in annotations if not item.skipped]
    return tuple(_story(span, document.doc_id, read, ground, taxonomy) for span in document.spans)


def _story(
    span: GoldSpan,
    doc_id: str,
    read: Sequence[ReleasedAnnotation],
    ground: Ground,
    taxonomy: Taxonomy,
) -> Lineage:
    near = [it for it in ground.suggestions if it.marker == span.marker and overlaps(it, span)]
    deeds = tuple(_deed(item, span, {it.suggestion_id for it in near}) for item in read)
    decided = _behind(span, ground.verdicts)
    derivation = taxonomy.derivation(span.marker)
    return Lineage(
        span_id=span.span_id,
        doc_id=doc_id,
        start=span.start,
        end=span.end,
        marker=span.marker,
        status=span.status,
        support=span.support,
        annotators=span.annotators,
        judgement=span.judgement,
        derivation=f"{derivation.name}@{derivation.version}" if derivation else None,
        proposals=tuple(_proposal(item) for item in sorted(near)),
        deeds=deeds,
        outcome=decided.outcome if decided else None,
        reason=decided.reason if decided else None,
        decided_at=decided.decided_at if decided else None,
        guideline_versions=tuple(sorted({item.guideline_version for item in read})),
        taxonomy_version=taxonomy.version,
    )


def _proposal(item: Suggestion) -> Proposal:
    return Proposal(
        start=item.start, end=item.end, suggester=item.suggester, rule=item.rule, score=item.score
    )


def _deed(item: ReleasedAnnotation, span: GoldSpan, near: set[str]) -> Deed:
    mine = next((it for it in item.spans if it.marker == span.marker and overlaps(it, span)), None)
    return Deed(
        annotator=item.annotator,
        action="left" if mine is None else _ACTIONS[mine.origin],
        shown=not near.isdisjoint(item.shown),
        start=mine.start if mine else None,
        end=mine.end if mine else None,
        guideline_version=item.guideline_version,
    )


def _behind(span: GoldSpan, verdicts: Iterable[Verdict]) -> Verdict | None:
    """Give the latest verdict that has this span."""
    if span.status != "adjudicated":
        return None
    having = (
        item
        for item in verdicts
        if any(it.marker == span.marker and overlaps(it, span) for it in item.spans)
    )
    return max(having, key=lambda item: (item.decided_at, item.verdict_id), default=None)


def told(story: Lineage, words: str) -> list[str]:
    """Give the story in sentences, a line each."""
    place = f"at {story.start} to {story.end} of {story.doc_id}"
    lines = [
        f"{story.span_id}: {story.marker} “{words}” {place}",
        *(
            f"{item.suggester} suggested {item.start} to {item.end} by {item.rule}, "
            f"score {item.score:.2f}"
            for item in story.proposals
        ),
        *(_said(item) for item in story.deeds),
    ]
    if not story.proposals:
        lines.insert(1, "no rule or model suggested it")
    if story.outcome:
        why = f", because {story.reason}" if story.reason else ""
        lines.append(f"the adjudicator {story.outcome} it on {story.decided_at}{why}")
    elif story.status == "consensus":
        lines.append(f"{story.support} of {story.annotators} annotators agree: consensus")
    elif story.status == "single":
        lines.append("one annotator read the document: single")
    if story.judgement:
        lines.append(f"judged {story.judgement} by {story.derivation}")
    versions = ", ".join(story.guideline_versions) or "none"
    lines.append(f"guideline {versions}; taxonomy {story.taxonomy_version}")
    return lines


def _said(item: Deed) -> str:
    if item.action == "left":
        seen = "although it was suggested" if item.shown else "and saw no suggestion"
        return f"{item.annotator} did not mark it, {seen}"
    what = {"kept": "kept the suggestion", "changed": "changed the suggestion to"}
    action = what.get(item.action, "marked")
    return f"{item.annotator} {action} {item.start} to {item.end}"
