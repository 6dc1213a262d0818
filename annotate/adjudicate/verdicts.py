"""Verdicts: which stand, what they rest on, and how a whole review becomes verdicts.

A later verdict replaces an earlier one on a range of the same marker that it overlaps. A
verdict whose ground changed still stands until somebody decides anew: it is stale.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from annotate.adjudicate.clusters import Cluster, clusters
from annotate.model import (
    Annotation,
    Document,
    Outcome,
    Range,
    Reason,
    Record,
    Span,
    Verdict,
    hashed_id,
)
from annotate.spans import Ranged, merge, overlaps
from annotate.taxonomy import Taxonomy


class Standing(Record, frozen=True, kw_only=True):
    """The verdicts of one document that stand, and the one on the document as a whole."""

    verdicts: tuple[Verdict, ...] = ()
    whole: Verdict | None = None

    @property
    def rejected(self) -> bool:
        """Tell whether nothing of the document stands, but for later verdicts."""
        return self.whole is not None and self.whole.outcome == "rejected"

    def on(self, cluster: Cluster) -> Verdict | None:
        """Give the verdict that decides the cluster, if there is one."""
        own = next((item for item in self.verdicts if rests_on(item, cluster)), None)
        return own or (self.whole if self.rejected else None)

    def decides(self, cluster: Cluster) -> bool:
        """Tell whether the cluster's outcome is a verdict's."""
        return self.on(cluster) is not None

    def stale(self, found: Sequence[Cluster]) -> tuple[str, ...]:
        """Give the ids of verdicts that rest on something else than is there now."""
        changed = [
            item.verdict_id
            for item in self.verdicts
            if item.ground != ground(one for one in found if rests_on(item, one))
        ]
        if self.whole and self.whole.ground != ground(found):
            changed.append(self.whole.verdict_id)
        return tuple(sorted(changed))


class Signature(Record, frozen=True, kw_only=True):
    """Who decides, when, and by which guideline."""

    adjudicator: str
    guideline_version: str
    taxonomy_version: str
    decided_at: str


def extent(cluster: Cluster) -> Range:
    """Give the range from the first to the last character that anybody marked."""
    return Range(
        start=min(vote.start for vote in cluster.votes), end=max(vote.end for vote in cluster.votes)
    )


def rests_on(verdict: Verdict, cluster: Cluster) -> bool:
    """Tell whether the verdict is on this cluster: of its marker, and overlapping it."""
    at = verdict.extent
    return verdict.marker == cluster.marker and at is not None and overlaps(at, extent(cluster))


def ground(found: Iterable[Cluster]) -> str:
    """Give the hash of everything that annotators said in these clusters."""
    said = sorted(
        (
            vote.annotator,
            vote.marker,
            vote.start,
            vote.end,
            vote.voice,
            str(sorted(vote.attributes.items())),
            str(vote.referent),
        )
        for cluster in found
        for vote in cluster.votes
    )
    return hashed_id("c", *said)


def standing(verdicts: Iterable[Verdict]) -> Standing:
    """Give the verdicts of one document that no later one replaces, in order of the text."""
    newest_first = sorted(verdicts, key=_age, reverse=True)
    whole = next((item for item in newest_first if item.extent is None), None)
    kept: list[Verdict] = []
    for item in newest_first:
        at = item.extent
        if at is None or (whole and whole.outcome == "rejected" and _age(item) <= _age(whole)):
            continue
        if not any(other.marker == item.marker and _touch(other, at) for other in kept):
            kept.append(item)
    return Standing(verdicts=tuple(sorted(kept, key=_place)), whole=whole)


def verdict(  # noqa: PLR0913 - the fields of what is decided
    document: Document,
    *,
    by: Signature,
    stands_on: str,
    at: Ranged | None = None,
    marker: str | None = None,
    outcome: Outcome,
    reason: Reason | None = None,
    note: str | None = None,
    spans: Sequence[Span] = (),
    document_attributes: Mapping[str, str] | None = None,
) -> Verdict:
    """Give a verdict on the ground `stands_on`; `at` and `marker` are null for the whole.

    Deciding the same thing again at another time is another verdict.
    """
    start, end = (at.start, at.end) if at else (None, None)
    told = (document.doc_id, marker, start, end, stands_on, by.adjudicator, by.decided_at)
    return Verdict(
        verdict_id=hashed_id("v", *told),
        doc_id=document.doc_id,
        text_sha256=document.text_sha256,
        marker=marker,
        start=start,
        end=end,
        ground=stands_on,
        outcome=outcome,
        reason=reason,
        note=note,
        spans=tuple(map(plain, spans)),
        document_attributes=dict(document_attributes or {}),
        adjudicator=by.adjudicator,
        guideline_version=by.guideline_version,
        taxonomy_version=by.taxonomy_version,
        decided_at=by.decided_at,
    )


def reviewed(
    document: Document, review: Annotation, annotations: Iterable[Annotation], taxonomy: Taxonomy
) -> list[Verdict]:
    """Give the verdicts of somebody who marked the whole document: what is not in it is rejected.

    Of the `annotations` those that are not skipped are decided on.
    """
    found = clusters([item for item in annotations if not item.skipped], taxonomy)
    mine = [_one(cluster) for cluster in clusters([review], taxonomy)]
    by = Signature(
        adjudicator=review.annotator,
        guideline_version=review.guideline_version,
        taxonomy_version=review.taxonomy_version,
        decided_at=review.submitted_at,
    )
    made = [
        verdict(
            document,
            by=by,
            stands_on=ground(found),
            outcome="accepted",
            document_attributes=review.document_attributes,
        )
    ]
    for marker in sorted({item.marker for item in found} | {item.marker for item in mine}):
        theirs = [item for item in found if item.marker == marker]
        kept = [item for item in mine if item.marker == marker]
        for stretch in merge([*map(extent, theirs), *kept]):
            under = [item for item in theirs if overlaps(extent(item), stretch)]
            spans = [item for item in kept if overlaps(item, stretch)]
            made.append(
                verdict(
                    document,
                    by=by,
                    stands_on=ground(under),
                    at=stretch,
                    marker=marker,
                    outcome=_outcome(under, spans),
                    reason=None if under else "missed",
                    spans=spans,
                )
            )
    return made


def plain(span: Span) -> Span:
    """Give what is observed of a span, without whose it is."""
    return Span(**{name: getattr(span, name) for name in Span.__struct_fields__})


def _one(cluster: Cluster) -> Span:
    """Give the span of a cluster that one person marked."""
    (vote,) = cluster.votes
    return plain(vote)


def _outcome(under: Sequence[Cluster], spans: Sequence[Span]) -> Outcome:
    if not spans:
        return "rejected"
    ranges = {(vote.start, vote.end) for cluster in under for vote in cluster.votes}
    known = all((span.start, span.end) in ranges for span in spans)
    return "accepted" if known or not under else "modified"


def _touch(verdict: Verdict, at: Range) -> bool:
    other = verdict.extent
    return other is not None and overlaps(other, at)


def moment(text: str) -> str | None:
    """Give the time in UTC, written so that later ones sort behind; without a zone it is UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    return f"{found:%Y-%m-%dT%H:%M:%S.%f}Z"


def _age(verdict: Verdict) -> tuple[str, str]:
    return (moment(verdict.decided_at) or verdict.decided_at, verdict.verdict_id)


def _place(verdict: Verdict) -> tuple[int, str]:
    return (verdict.start or 0, verdict.marker or "")
