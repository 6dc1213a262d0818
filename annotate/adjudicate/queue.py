"""The queue: which documents wait for an adjudicator, and what is to be decided in each."""

from collections.abc import Iterable, Iterator, Sequence

from annotate.adjudicate.acceptance import agreed_range, why_open
from annotate.adjudicate.clusters import Cluster, clusters
from annotate.adjudicate.gain import Rarity, dispute, rarity, worth
from annotate.adjudicate.precedents import Precedents
from annotate.adjudicate.support import letters, support
from annotate.adjudicate.values import agreed_referent, agreed_voice, given_by_most, given_most
from annotate.adjudicate.verdicts import Standing, extent, ground, plain, rests_on, standing
from annotate.docket import WAITING, Case, CaseStatus, CaseVote, Docket
from annotate.model import Annotation, Condition, Document, Outcome, Range, Record, Span, Verdict
from annotate.spans import overlaps
from annotate.taxonomy import Taxonomy


class Dossier(Record, frozen=True, kw_only=True):
    """All that is known of one document: one annotation per annotator, and every verdict."""

    document: Document
    annotations: tuple[Annotation, ...]
    verdicts: tuple[Verdict, ...] = ()
    condition: Condition = "blind"

    def clusters(self, taxonomy: Taxonomy) -> list[Cluster]:
        """Give the clusters of those who read it; who skipped it did not."""
        return clusters([it for it in self.annotations if not it.skipped], taxonomy)


def dockets(dossiers: Iterable[Dossier], taxonomy: Taxonomy) -> list[Docket]:
    """Give the documents that wait, the one whose verdicts are worth most first.

    What one annotator alone read waits only where a verdict on it went stale.
    """
    known = list(dossiers)
    earlier = Precedents(known)
    counted = rarity(cluster for item in known for cluster in item.clusters(taxonomy))
    made = (docket(item, taxonomy, counted=counted, earlier=earlier) for item in known)
    return sorted(
        (item for item in made if item.waiting), key=lambda item: (-item.gain, item.doc_id)
    )


def docket(
    dossier: Dossier,
    taxonomy: Taxonomy,
    *,
    counted: Rarity | None = None,
    earlier: Precedents | None = None,
) -> Docket:
    """Give one document's cases, those that wait first, then in order of the text.

    Without `counted` all markers are equally rare, without `earlier` no case has precedents.
    """
    work = _Work(dossier, taxonomy)
    cases = sorted([*work.of_clusters(), *work.of_verdicts()], key=_urgency)
    if earlier:
        cases = [_with_precedents(dossier, case, earlier) for case in cases]
    return Docket(
        doc_id=dossier.document.doc_id,
        text_sha256=dossier.document.text_sha256,
        text=dossier.document.text,
        title=dossier.document.title,
        gain=work.gain(cases, counted or Rarity(clusters={})),
        annotators=work.annotators,
        ground=ground(work.found),
        cases=tuple(cases),
    )


def case_id(at: Range, *, marker: str, stands_on: str) -> str:
    """Give an id that tells where a case stood and on what, so that decisions outlive it."""
    return f"{marker}-{at.start}-{at.end}-{stands_on.removeprefix('c-')}"


class _Work:
    """One document on its way to a docket."""

    def __init__(self, dossier: Dossier, taxonomy: Taxonomy) -> None:
        self.document, self.condition = dossier.document, dossier.condition
        self.taxonomy = taxonomy
        self.found = dossier.clusters(taxonomy)
        self.stand: Standing = standing(dossier.verdicts)
        self.stale = self.stand.stale(self.found)
        readers = [item.annotator for item in dossier.annotations if not item.skipped]
        self.annotators = len(readers)
        self.called = letters(self.document.doc_id, readers)

    def of_clusters(self) -> Iterator[Case]:
        for cluster in self.found:
            stands_on, at = ground([cluster]), extent(cluster)
            decided = self.stand.on(cluster)
            why = self._why(cluster, decided)
            gold = self._decided_here(cluster, decided)
            proposed, *also = gold or [self._proposed(cluster, contested=why is not None)]
            yield Case(
                case_id=case_id(at, marker=cluster.marker, stands_on=stands_on),
                start=at.start,
                end=at.end,
                marker=cluster.marker,
                status=self._status(decided, why),
                proposed=proposed,
                why=why,
                support=support(
                    self.document.text,
                    cluster,
                    self.taxonomy.marker(cluster.marker),
                    called=self.called,
                    annotators=self.annotators,
                ),
                ground=stands_on,
                votes=tuple(sorted(self._votes(cluster), key=_letter)),
                before=_before(decided, gold),
                also=tuple(also),
            )

    def of_verdicts(self) -> Iterator[Case]:
        """Give cases of verdicts on what nobody marks, or nobody marks any more."""
        for item in self.stand.verdicts:
            at = item.extent
            if at is None or item.marker is None or any(rests_on(item, it) for it in self.found):
                continue
            stands_on, again = ground(()), item.verdict_id in self.stale
            proposed, *also = item.spans or (Span(start=at.start, end=at.end, marker=item.marker),)
            yield Case(
                case_id=case_id(at, marker=item.marker, stands_on=stands_on),
                start=at.start,
                end=at.end,
                marker=item.marker,
                status="stale" if again else "decided",
                proposed=proposed,
                why="stale: nobody marks it any more" if again else None,
                support=f"0 of {self.annotators}",
                ground=stands_on,
                before=item.outcome,
                also=tuple(also),
            )

    def _why(self, cluster: Cluster, decided: Verdict | None) -> str | None:
        if decided and decided.verdict_id in self.stale:
            return "stale: what annotators marked here changed since it was decided"
        if decided:
            return None
        return why_open(self.document.text, cluster, self.found, annotators=self.annotators)

    @staticmethod
    def _status(decided: Verdict | None, why: str | None) -> CaseStatus:
        if decided:
            return "stale" if why else "decided"
        return "contested" if why else "agreed"

    @staticmethod
    def _decided_here(cluster: Cluster, decided: Verdict | None) -> list[Span]:
        """Give the spans of the verdict that touch the cluster: it may be on several clusters."""
        spans = decided.spans if decided else ()
        return [span for span in spans if overlaps(span, extent(cluster))]

    def _proposed(self, cluster: Cluster, *, contested: bool) -> Span:
        """Give what most gave; where it is contested, what was given most."""
        votes = cluster.votes
        at = agreed_range(self.document.text, votes)
        answers = [vote.attributes for vote in votes]
        attributes = given_most(answers) if contested else given_by_most(answers)
        return Span(
            start=at.start,
            end=at.end,
            marker=cluster.marker,
            voice=agreed_voice(votes),
            confidence=min(vote.confidence for vote in votes),
            attributes=attributes,
            judgement=self.taxonomy.judge(cluster.marker, attributes),
            referent=agreed_referent(votes),
        )

    def _votes(self, cluster: Cluster) -> Iterator[CaseVote]:
        for vote in cluster.votes:
            shown = plain(vote)
            told = {name: getattr(shown, name) for name in shown.__struct_fields__}
            yield CaseVote(**told, annotator=self.called[vote.annotator])

    def gain(self, cases: Sequence[Case], counted: Rarity) -> float:
        """Sum the gains of the cases that wait; see `annotate.adjudicate.gain`."""
        waiting = {(case.marker, case.start) for case in cases if case.status in WAITING}
        each = (
            counted.of(cluster.marker)
            * dispute(self.document.text, cluster, annotators=self.annotators)
            for cluster in self.found
            if (cluster.marker, extent(cluster).start) in waiting
        )
        return round(worth(self.condition) * sum(each), 6)


def _with_precedents(dossier: Dossier, case: Case, earlier: Precedents) -> Case:
    if case.status not in WAITING:
        return case
    return case.replace(precedents=earlier.alike(dossier.document, case, marker=case.marker))


def _before(decided: Verdict | None, gold: Sequence[Span]) -> Outcome | None:
    """Give the verdict's outcome for one of its clusters: of which nothing is left is rejected."""
    if decided is None:
        return None
    return "rejected" if decided.spans and not gold else decided.outcome


def _urgency(case: Case) -> tuple[bool, int, int, str]:
    return (case.status not in WAITING, case.start, case.end, case.marker)


def _letter(vote: CaseVote) -> tuple[str, int]:
    return (vote.annotator, vote.start)
