"""What the guideline can learn: what adjudicators found missing in it, and where people part."""

from collections.abc import Iterable, Iterator
from typing import Literal

from annotate.adjudicate.acceptance import why_open
from annotate.adjudicate.clusters import Cluster
from annotate.adjudicate.precedents import decided_as
from annotate.adjudicate.queue import Dossier
from annotate.adjudicate.support import letters, support
from annotate.adjudicate.verdicts import extent, rests_on, standing
from annotate.model import Range, Verdict
from annotate.taxonomy import Taxonomy

LessonKind = Literal["guideline_gap", "genuine_ambiguity", "disagreement"]


class Lesson(Range, frozen=True, kw_only=True):
    """A place in a document that says something about the guideline.

    `what` names the disagreement, null where annotators agree. `votes` is who marked what,
    `decision` what became of it, null while nobody has decided. `guidelines` are the
    versions by which the document was annotated, and the verdict's.
    """

    kind: LessonKind
    doc_id: str
    marker: str
    what: str | None = None
    votes: tuple[str, ...] = ()
    decision: str | None = None
    note: str | None = None
    guidelines: tuple[str, ...] = ()


def lessons(dossiers: Iterable[Dossier], taxonomy: Taxonomy) -> list[Lesson]:
    """Give a lesson for each verdict that blames the guideline, and for each disagreement.

    A disagreement that was decided is one still: the guideline did not spare it.
    """
    found = [each for item in dossiers for each in _of_document(item, taxonomy)]
    return sorted(found, key=lambda item: (item.marker, item.kind, item.doc_id, item.start))


def _of_document(dossier: Dossier, taxonomy: Taxonomy) -> Iterator[Lesson]:
    work = _Work(dossier, taxonomy)
    for item in work.stand.verdicts:
        at, kind = item.extent, _kind(item)
        if at is not None and item.marker is not None and kind is not None:
            under = [cluster for cluster in work.found if rests_on(item, cluster)]
            yield work.lesson(kind, at, item.marker, under, item)
    for cluster in work.found:
        what = work.why(cluster)
        decided = work.stand.on(cluster)
        if what is not None and (decided is None or _kind(decided) is None):
            yield work.lesson("disagreement", extent(cluster), cluster.marker, [cluster], decided)


def _kind(item: Verdict) -> LessonKind | None:
    if item.reason == "guideline_gap":
        return "guideline_gap"
    return "genuine_ambiguity" if item.blameless else None


class _Work:
    """One document's readings."""

    def __init__(self, dossier: Dossier, taxonomy: Taxonomy) -> None:
        self.document, self.taxonomy = dossier.document, taxonomy
        self.found = dossier.clusters(taxonomy)
        self.stand = standing(dossier.verdicts)
        self.read = [item for item in dossier.annotations if not item.skipped]
        readers = [item.annotator for item in self.read]
        self.called = letters(self.document.doc_id, readers)

    def why(self, cluster: Cluster) -> str | None:
        """Name the disagreement alike for all places where it is the same."""
        why = why_open(self.document.text, cluster, self.found, annotators=len(self.read))
        return "missed: only some annotators marked it" if why and why[:6] == "missed" else why

    def lesson(
        self,
        kind: LessonKind,
        at: Range,
        marker: str,
        under: list[Cluster],
        decided: Verdict | None,
    ) -> Lesson:
        versions = {item.guideline_version for item in self.read}
        return Lesson(
            start=at.start,
            end=at.end,
            kind=kind,
            doc_id=self.document.doc_id,
            marker=marker,
            what=next(filter(None, map(self.why, under)), None),
            votes=tuple(self._support(cluster) for cluster in under),
            decision=decided_as(decided, self.document.text) if decided else None,
            note=decided.note if decided else None,
            guidelines=tuple(
                sorted(versions | ({decided.guideline_version} if decided else set()))
            ),
        )

    def _support(self, cluster: Cluster) -> str:
        return support(
            self.document.text,
            cluster,
            self.taxonomy.marker(cluster.marker),
            called=self.called,
            annotators=len(self.read),
        )
