"""What becomes of a document's spans: gold by consensus or verdict, single, or open.

What annotators agree on needs no person (see `acceptance`), and what a verdict decides is as
the verdict says. Everything else is open, with the reason.
"""

from collections.abc import Iterable, Iterator, Sequence

from annotate.adjudicate.acceptance import agreed_range, tidy, why_open
from annotate.adjudicate.clusters import Cluster, Vote, by_marker, clusters
from annotate.adjudicate.values import agreed_referent, agreed_voice, given_by_most, point_at
from annotate.adjudicate.verdicts import Standing, extent, rests_on, standing
from annotate.model import (
    Annotation,
    Document,
    GoldSpan,
    OpenSpan,
    Outcome,
    Record,
    Verdict,
    hashed_id,
)
from annotate.spans import components, overlaps
from annotate.taxonomy import Taxonomy

AMBIGUOUS = "ambiguous"


class Consensus(Record, frozen=True, kw_only=True):
    """The outcome for one document; `annotators` is how many submitted it.

    `document_attributes` are the answers that more than half of them gave, or the
    adjudicator's. `reviewed` says that somebody decided on the document as a whole. `stale`
    are the verdicts whose ground has changed; they stand until they are decided anew.
    `spared` are places where both readings hold, whatever was decided: what people marked
    or did not mark there counts against nobody.
    """

    doc_id: str
    annotators: int
    gold: tuple[GoldSpan, ...] = ()
    open: tuple[OpenSpan, ...] = ()
    document_attributes: dict[str, str] = {}
    reviewed: bool = False
    stale: tuple[str, ...] = ()
    spared: tuple[OpenSpan, ...] = ()

    @property
    def undecided(self) -> tuple[OpenSpan, ...]:
        """Give what is open and waits for a person: what was found ambiguous does not."""
        return tuple(item for item in self.open if not item.reason.startswith(AMBIGUOUS))


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
    spared = _spared(stand, found, annotators=len(read))
    still_open = [place for place, outcome in spared if outcome == AMBIGUOUS]
    for cluster in found:
        if stand.decides(cluster):
            continue
        reason = why_open(document.text, cluster, found, annotators=len(read))
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
        spared=tuple(place for place, _ in spared),
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
        stretch = tidy(document.text, span)
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


def _spared(
    stand: Standing, found: Sequence[Cluster], *, annotators: int
) -> list[tuple[OpenSpan, Outcome]]:
    """Give the places where both readings hold, with what was decided there."""
    places: list[tuple[OpenSpan, Outcome]] = []
    for item in stand.verdicts:
        at = item.extent
        if not item.blameless or at is None or item.marker is None:
            continue
        votes = [vote for one in found if rests_on(item, one) for vote in one.votes]
        place = OpenSpan(
            doc_id=item.doc_id,
            start=at.start,
            end=at.end,
            marker=item.marker,
            support=len({vote.annotator for vote in votes}),
            annotators=annotators,
            reason=f"{AMBIGUOUS}: the adjudicator found that both readings hold",
            members=_members(votes),
        )
        places.append((place, item.outcome))
    return places


def _apart(gold: Iterable[GoldSpan]) -> Iterator[GoldSpan]:
    """Join gold spans of one marker that overlap; what was adjudicated says what it is."""
    joined = (_joined(group) for own in by_marker(gold).values() for group in components(own))
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


def _gold(document: Document, cluster: Cluster, taxonomy: Taxonomy, *, annotators: int) -> GoldSpan:
    stretch = agreed_range(document.text, cluster.votes)
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


def _members(votes: Iterable[Vote]) -> tuple[str, ...]:
    return tuple(sorted(member for vote in votes for member in vote.members))
