"""Verdicts under a migration: what they decided holds for what its marker is called now.

A verdict rests on what annotators said, by a hash. What rested on its ground before rests on
the migrated ground afterwards; what was stale stays stale.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from annotate.adjudicate.clusters import Cluster, clusters
from annotate.adjudicate.verdicts import ground, moment, rests_on, standing
from annotate.migrated import JOINED, Effect, Moved, line, moved, traced
from annotate.migration import joined, whole
from annotate.model import Annotation, Span, Verdict, hashed_id
from annotate.pipeline.migrate_rows import Course, Rows, known_answers
from annotate.spans import components
from annotate.taxonomy import Taxonomy


@dataclass(frozen=True, kw_only=True)
class Read:
    """What people said of one document, before and after."""

    before: tuple[Annotation, ...] = ()
    after: tuple[Annotation, ...] = ()

    def clusters(self, course: Course, in_use: Taxonomy) -> "Grounds":
        """Give what verdicts rest on: of the markers in use, as a docket shows them."""
        names = set(in_use.names)
        old = [
            item.replace(spans=tuple(it for it in item.spans if _counted(it, course, names)))
            for item in self.before
        ]
        new = [
            item.replace(spans=tuple(it for it in item.spans if it.marker in names))
            for item in self.after
        ]
        return Grounds(old=clusters(old, in_use), new=clusters(new, in_use))


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """The clusters of one document, before and after."""

    old: list[Cluster]
    new: list[Cluster]

    def fresh(self, verdict: Verdict) -> bool:
        """Tell whether the verdict rests on what is there."""
        return verdict.ground == ground(_under(verdict, self.old))

    def rested(self, piece: "_Piece") -> Verdict:
        """Give the migrated verdict with its ground as it is now, unless it was stale."""
        if not piece.fresh:
            return piece.after
        return piece.after.replace(ground=ground(_under(piece.after, self.new)))


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """What a verdict came to; `source` is the verdict that it was."""

    source: Verdict
    after: Verdict
    fresh: bool
    effects: tuple[Effect, ...] = ()

    @property
    def start(self) -> int:
        """First code point of what it is on."""
        return self.after.start or 0

    @property
    def end(self) -> int:
        """The code point behind the last."""
        return self.after.end or 0


def _counted(span: Span, course: Course, names: set[str]) -> bool:
    """Tell whether the span's marker was in use: it went, or what it came to is in use."""
    after = traced(span, course.migration, course.taxonomy).after
    return after is None or after.marker in names


def _under(verdict: Verdict, found: Iterable[Cluster]) -> list[Cluster]:
    if verdict.extent is None:
        return list(found)
    return [item for item in found if rests_on(verdict, item)]


def verdicts(
    rows: Sequence[Verdict], read: Mapping[str, Read], course: Course, in_use: Taxonomy
) -> Rows[Verdict]:
    """Give the verdicts with markers, spans and grounds as they are now.

    A verdict on a marker that was split becomes one on each marker that it is now. Verdicts
    that stand and come to touch under one marker become one, at the time of the latest: all
    that they accepted stays accepted.
    """
    found = Rows[Verdict]()
    by_document: defaultdict[str, list[Verdict]] = defaultdict(list)
    for row in rows:
        by_document[row.doc_id].append(row)
    for doc_id, known in by_document.items():
        due = [item for item in known if item.taxonomy_version == course.migration.since]
        for item in known:
            if item.taxonomy_version not in (course.migration.since, course.migration.to):
                found.left[item.taxonomy_version] += 1
        found.rows += [item for item in known if item not in due]
        if not due:
            continue
        grounds = read.get(doc_id, Read()).clusters(course, in_use)
        pieces = [piece for item in due for piece in _pieces(item, grounds, course)]
        standing_ids = {item.verdict_id for item in standing(known).verdicts}
        _take(found, due, list(_together(pieces, standing_ids)), grounds)
    found.rows.sort(key=lambda item: (item.doc_id, item.decided_at, item.verdict_id))
    return found


def _take(
    found: Rows[Verdict], due: Sequence[Verdict], pieces: Sequence[_Piece], grounds: Grounds
) -> None:
    found.stamped = True
    for piece in pieces:
        after = grounds.rested(piece)
        found.rows.append(after)
        before = piece.source if piece.source.verdict_id == after.verdict_id else None
        found.lines.append(line("verdicts", after.verdict_id, before, after, piece.effects))
    kept = {piece.after.verdict_id for piece in pieces}
    for item in due:
        if item.verdict_id not in kept:
            gone = (Effect(what="retired"),)
            found.lines.append(line("verdicts", item.verdict_id, item, None, gone))


def _pieces(verdict: Verdict, grounds: Grounds, course: Course) -> Iterator[_Piece]:
    """Give the verdict for each marker that it is on now, the first of them with its id."""
    changes = moved(verdict.spans, course.migration, course.taxonomy)
    answers = known_answers(verdict, course.taxonomy)
    effects = [*chain.from_iterable(item.effects for item in changes)]
    effects += [Effect(what="answers dropped")] * (len(verdict.document_attributes) - len(answers))
    now = verdict.replace(taxonomy_version=course.migration.to, document_attributes=answers)
    spans = [item.after for item in changes if item.after is not None]
    markers = _markers(verdict, changes, grounds, course)
    for number, marker in enumerate(markers):
        first = number == 0
        mine = [it for it in spans if it.marker == marker or (first and it.marker not in markers)]
        name = verdict.verdict_id if first else hashed_id("v", verdict.verdict_id, marker)
        # Where it accepted something of another marker, it rejects what is of this one.
        outcome = "rejected" if verdict.spans and not mine else verdict.outcome
        yield _Piece(
            source=verdict,
            after=now.replace(verdict_id=name, marker=marker, spans=tuple(mine), outcome=outcome),
            fresh=grounds.fresh(verdict),
            effects=(
                *(effects if first else ()),
                *(() if mine else _of_marker(verdict, marker, course)),
            ),
        )


def _of_marker(verdict: Verdict, marker: str | None, course: Course) -> tuple[Effect, ...]:
    """Give what happened to the marker of a verdict that accepts no span."""
    at = verdict.extent
    if at is None or verdict.marker is None or marker == verdict.marker:
        return ()
    span = Span(start=at.start, end=at.end, marker=verdict.marker)
    alone = traced(span, course.migration, course.taxonomy)
    if alone.after and alone.after.marker == marker:
        return alone.effects
    return (Effect(what=f"split to {marker}"),)


def _markers(
    verdict: Verdict, changes: Sequence[Moved[Span]], grounds: Grounds, course: Course
) -> list[str | None]:
    """Give the markers that what a verdict was on has now, the one of what it accepted first."""
    if verdict.marker is None:
        return [None]
    votes = [vote for item in _under(verdict, grounds.old) for vote in item.votes]
    now: list[Span | None] = [
        change.after for change in changes if change.before[0].marker == verdict.marker
    ]
    now += [traced(vote, course.migration, course.taxonomy).after for vote in votes]
    found = [span.marker for span in now if span]
    if not now:
        found = [name for name in [course.migration.marker(verdict.marker)] if name]
    if not found:
        found = [change.after.marker for change in changes if change.after][:1]
    return [*dict.fromkeys(found)]


def _together(pieces: Iterable[_Piece], standing_ids: set[str]) -> Iterator[_Piece]:
    """Give the pieces; of standing ones that touch now, the latest takes in the others."""
    stand: defaultdict[str, list[_Piece]] = defaultdict(list)
    for piece in pieces:
        if piece.source.verdict_id in standing_ids and piece.after.marker is not None:
            stand[piece.after.marker].append(piece)
        else:
            yield piece
    for same in stand.values():
        for group in components(same):
            yield from _one(group) if len(group) > 1 else group


def _one(group: Sequence[_Piece]) -> Iterator[_Piece]:
    latest = max(group, key=lambda it: (moment(it.after.decided_at) or "", it.after.verdict_id))
    yield from (piece for piece in group if piece is not latest)
    spans = tuple(whole(each) for each in joined(span for it in group for span in it.after.spans))
    stale = next((piece.after for piece in group if not piece.fresh), None)
    yield _Piece(
        source=latest.source,
        after=latest.after.replace(
            start=min(piece.start for piece in group),
            end=max(piece.end for piece in group),
            spans=spans,
            outcome="modified" if spans else latest.after.outcome,
            ground=(stale or latest.after).ground,
        ),
        fresh=stale is None,
        effects=(*latest.effects, Effect(what=JOINED)),
    )
