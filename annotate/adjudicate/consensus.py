"""What becomes of a document's spans without a person: agreed, single, or open.

Two or more annotators: a cluster is accepted when at least ceil(2n/3) of them marked it,
all pairs of their spans have IoU >= 0.5, what a derivation reads is known and equal, and
more than half of the supporters marked the same range once boundary rule B4 has dropped
edge punctuation and blanks. That range is then the characters that strictly more than
half marked, snapped to word edges. Everything else is open, with the reason.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations

from annotate.adjudicate.clusters import Cluster, Vote, clusters
from annotate.adjudicate.values import agreed_referent, agreed_voice, given_by_most, point_at
from annotate.model import Annotation, Document, GoldSpan, OpenSpan, Range, Record, hashed_id
from annotate.spans import Ranged, iou, majority, overlaps, snap, trim
from annotate.taxonomy import Taxonomy

SAME = 0.5


class Consensus(Record, frozen=True, kw_only=True):
    """The outcome for one document; `annotators` is how many submitted it.

    `document_attributes` are the answers that more than half of them gave.
    """

    doc_id: str
    annotators: int
    gold: tuple[GoldSpan, ...] = ()
    open: tuple[OpenSpan, ...] = ()
    document_attributes: dict[str, str] = {}


def consensus(
    document: Document, annotations: Iterable[Annotation], taxonomy: Taxonomy
) -> Consensus:
    """Settle what needs no person, from one annotation per annotator.

    Skipped annotations do not count as annotators. With one annotator every span is gold
    with status `single`.
    """
    read = [item for item in annotations if not item.skipped]
    if not read:
        return Consensus(doc_id=document.doc_id, annotators=0)
    found = clusters(read, taxonomy)
    gold: list[GoldSpan] = []
    still_open: list[OpenSpan] = []
    for cluster in found:
        reason = None if len(read) == 1 else _reason(document.text, cluster, found, len(read))
        if reason is None:
            gold.append(_gold(document, cluster, taxonomy, annotators=len(read)))
        else:
            still_open.append(_open(document, cluster, reason, annotators=len(read)))
    return Consensus(
        doc_id=document.doc_id,
        annotators=len(read),
        gold=tuple(point_at(gold)),
        open=tuple(still_open),
        document_attributes=given_by_most([item.document_attributes for item in read]),
    )


def adjudicated(
    document: Document,
    verdict: Annotation,
    annotations: Iterable[Annotation],
    taxonomy: Taxonomy,
) -> Consensus:
    """Take an adjudicator's annotation as the outcome; nothing stays open.

    The support of each span is the number of annotators with a span of its marker that
    overlaps it.
    """
    read = [item for item in annotations if not item.skipped]
    cast = [vote for cluster in clusters(read, taxonomy) for vote in cluster.votes]
    gold = []
    for cluster in clusters([verdict], taxonomy):
        mine = _gold(document, cluster, taxonomy, annotators=len(read))
        behind = [vote for vote in cast if vote.marker == mine.marker and overlaps(vote, mine)]
        gold.append(
            mine.replace(
                status="adjudicated",
                support=len({vote.annotator for vote in behind}),
                members=_members(behind),
            )
        )
    return Consensus(
        doc_id=document.doc_id,
        annotators=len(read),
        gold=tuple(point_at(gold)),
        document_attributes=verdict.document_attributes,
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
    return OpenSpan(
        doc_id=document.doc_id,
        start=min(vote.start for vote in cluster.votes),
        end=max(vote.end for vote in cluster.votes),
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
