"""What becomes of a document's spans without a person: agreed, single, or open.

Two or more annotators: a cluster is accepted when at least ceil(2n/3) of them marked it,
all pairs of their spans have IoU >= 0.5, what a derivation reads is known and equal, and
more than half of the supporters marked the same range once boundary rule B4 has dropped
edge punctuation and blanks. That range is then the characters that strictly more than
half marked, snapped to word edges. Everything else is open, with the reason.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from annotate.adjudicate.clusters import Cluster, Vote, clusters
from annotate.adjudicate.values import agreed_referent, agreed_voice, given_by_most, point_at
from annotate.adjudicate.verdicts import Standing, extent, rests_on, standing
from annotate.model import (
    Annotation,
    Document,
    GoldSpan,
    OpenSpan,
    Range,
    Record,
    Verdict,
    hashed_id,
)
from annotate.spans import Ranged, components, iou, majority, overlaps, snap, trim
from annotate.taxonomy import Taxonomy

SAME = 0.5
AMBIGUOUS = "ambiguous"


class Consensus(Record, frozen=True, kw_only=True):
    """The outcome for one document; `annotators` is how many submitted it.

    `document_attributes` are the answers that more than half of them gave, or the
    adjudicator's. `reviewed` says that somebody decided on the document as a whole. `stale`
    are the verdicts whose ground has changed; they stand until they are decided anew.
    """

    doc_id: str
    annotators: int
    gold: tuple[GoldSpan, ...] = ()
    open: tuple[OpenSpan, ...] = ()
    document_attributes: dict[str, str] = {}
    reviewed: bool = False
    stale: tuple[str, ...] = ()


def consensus(
    document: Document,
    annotations: Iterable[Annotation],
    taxonomy: Taxonomy,
    verdicts: Iterable[Verdict] = (),
) -> Consensus:
    """Settle what needs no person, from one annotation per annotator, and what was decided.

    Skipped annotations do not count as annotators. With one annotator every span is gold
    with status `single`. What a verdict decides is as it says, whoever marked it.
    """
    read = [item for item in annotations if not item.skipped]
    found, stand = clusters(read, taxonomy), standing(verdicts)
    gold: list[GoldSpan] = list(_decided(document, stand, found, taxonomy, annotators=len(read)))
    still_open: list[OpenSpan] = list(_ambiguous(stand, found, annotators=len(read)))
    for cluster in found:
        if stand.decides(cluster):
            continue
        reason = None if len(read) == 1 else _reason(document.text, cluster, found, len(read))
        if reason is None:
            gold.append(_gold(document, cluster, taxonomy, annotators=len(read)))
        else:
            still_open.append(_open(document, cluster, reason, annotators=len(read)))
    answers = given_by_most([item.document_attributes for item in read])
    return Consensus(
        doc_id=document.doc_id,
        annotators=len(read),
        gold=tuple(point_at(list(_apart(gold)))),
        open=tuple(sorted(still_open, key=lambda item: (item.start, item.end, item.marker))),
        document_attributes=answers | (stand.whole.document_attributes if stand.whole else {}),
        reviewed=stand.whole is not None,
        stale=stand.stale(found),
    )


def _decided(
    document: Document,
    stand: Standing,
    found: Sequence[Cluster],
    taxonomy: Taxonomy,
    *,
    annotators: int,
) -> Iterator[GoldSpan]:
    """Give the spans of the verdicts; support is who has an overlapping span of the marker."""
    cast = [vote for cluster in found for vote in cluster.votes]
    for span in (span for item in stand.verdicts for span in item.spans):
        stretch = _tidy(document.text, span)
        behind = [it for it in cast if it.marker == span.marker and overlaps(it, stretch)]
        yield GoldSpan(
            start=stretch.start,
            end=stretch.end,
            marker=span.marker,
            voice=span.voice,
            confidence=span.confidence,
            attributes=span.attributes,
            judgement=taxonomy.judge(span.marker, span.attributes),
            referent=span.referent,
            span_id=hashed_id("g", document.doc_id, stretch.start, stretch.end, span.marker),
            support=len({vote.annotator for vote in behind}),
            annotators=annotators,
            status="adjudicated",
            members=_members(behind),
        )


def _ambiguous(
    stand: Standing, found: Sequence[Cluster], *, annotators: int
) -> Iterator[OpenSpan]:
    for item in stand.verdicts:
        at = item.extent
        if item.outcome != "ambiguous" or at is None or item.marker is None:
            continue
        votes = [vote for one in found if rests_on(item, one) for vote in one.votes]
        yield OpenSpan(
            doc_id=item.doc_id,
            start=at.start,
            end=at.end,
            marker=item.marker,
            support=len({vote.annotator for vote in votes}),
            annotators=annotators,
            reason=f"{AMBIGUOUS}: the adjudicator found that both readings hold",
            members=_members(votes),
        )


def _apart(gold: Iterable[GoldSpan]) -> Iterator[GoldSpan]:
    """Join gold spans of one marker that overlap; what was adjudicated says what it is."""
    by_marker: defaultdict[str, list[GoldSpan]] = defaultdict(list)
    for span in gold:
        by_marker[span.marker].append(span)
    joined = (_joined(group) for spans in by_marker.values() for group in components(spans))
    yield from sorted(joined, key=lambda span: (span.start, span.end, span.marker))


def _joined(group: Sequence[GoldSpan]) -> GoldSpan:
    if len(group) == 1:
        return group[0]
    first = min(group, key=lambda span: (span.status != "adjudicated", span.start))
    return first.replace(
        start=group[0].start,
        end=max(span.end for span in group),
        support=max(span.support for span in group),
        members=tuple(sorted({member for span in group for member in span.members})),
    )


def _reason(text: str, cluster: Cluster, others: Sequence[Cluster], annotators: int) -> str | None:
    """Say why a cluster needs a person; None when it does not."""
    votes = cluster.votes
    if 3 * cluster.support < 2 * annotators:
        return _disputed(cluster, others) or _missed(cluster, annotators)
    if len(votes) > cluster.support:
        return "boundary: one annotator has several spans where another has one"
    if any(iou(first, second) < SAME for first, second in combinations(votes, 2)):
        return "boundary: the ranges share less than half"
    agreed = _core(text, _agreed_range(text, votes))
    if 2 * sum(_core(text, vote) == agreed for vote in votes) <= len(votes):
        return "boundary: the ranges differ by more than punctuation and blanks"
    return _unequal(cluster)


def _missed(cluster: Cluster, annotators: int) -> str:
    return f"missed: {cluster.support} of {annotators} annotators marked it"


def _disputed(cluster: Cluster, others: Sequence[Cluster]) -> str | None:
    """Name the markers that people who did not mark this one gave its words instead."""
    instead = {
        vote.marker
        for other in others
        if other.marker != cluster.marker
        for vote in other.votes
        if vote.annotator not in cluster.annotators
        if any(iou(vote, mine) >= SAME for mine in cluster.votes)
    }
    return f"marker: others chose {', '.join(sorted(instead))}" if instead else None


def _unequal(cluster: Cluster) -> str | None:
    for name in cluster.inputs:
        given = {vote.attributes.get(name) for vote in cluster.votes}
        if None in given:
            return f"attributes: {name} is not known"
        if len(given) > 1:
            return f"attributes: {name} is {' or '.join(sorted(map(str, given)))}"
    return None


def _gold(document: Document, cluster: Cluster, taxonomy: Taxonomy, *, annotators: int) -> GoldSpan:
    stretch = _agreed_range(document.text, cluster.votes)
    attributes = given_by_most([vote.attributes for vote in cluster.votes])
    return GoldSpan(
        start=stretch.start,
        end=stretch.end,
        marker=cluster.marker,
        voice=agreed_voice(cluster.votes),
        confidence=min(vote.confidence for vote in cluster.votes),
        attributes=attributes,
        judgement=taxonomy.judge(cluster.marker, attributes),
        referent=agreed_referent(cluster.votes),
        span_id=hashed_id("g", document.doc_id, stretch.start, stretch.end, cluster.marker),
        support=cluster.support,
        annotators=annotators,
        status="single" if annotators == 1 else "consensus",
        members=_members(cluster.votes),
    )


def _open(document: Document, cluster: Cluster, reason: str, *, annotators: int) -> OpenSpan:
    at = extent(cluster)
    return OpenSpan(
        doc_id=document.doc_id,
        start=at.start,
        end=at.end,
        marker=cluster.marker,
        support=cluster.support,
        annotators=annotators,
        reason=reason,
        members=_members(cluster.votes),
    )


def _agreed_range(text: str, votes: Sequence[Vote]) -> Range:
    """Give what more than half marked; the first vote's range where no character is."""
    return _tidy(text, majority(votes) or votes[0])


def _tidy(text: str, stretch: Ranged) -> Range:
    """Snap to word edges and trim by B4; a range of nothing but punctuation stays."""
    snapped = snap(text, stretch)
    return trim(text, snapped) or snapped


def _core(text: str, stretch: Ranged) -> tuple[int, int]:
    """Give the range without any edge punctuation, also paired: what B4 does not settle."""
    snapped = snap(text, stretch)
    letters = [at for at in range(snapped.start, snapped.end) if text[at].isalnum()]
    return (letters[0], letters[-1]) if letters else (snapped.start, snapped.end)


def _members(votes: Iterable[Vote]) -> tuple[str, ...]:
    return tuple(sorted(member for vote in votes for member in vote.members))
