"""The table of verdicts: decisions go in, whatever way they came; none ever goes out."""

from collections.abc import Iterable, Mapping

from annotate.adjudicate.deciding import Ruling, decide
from annotate.adjudicate.queue import Dossier
from annotate.adjudicate.verdicts import reviewed
from annotate.docket import Decided
from annotate.model import Annotation, Record, Reject, Verdict
from annotate.pipeline.agreement import latest
from annotate.pipeline.gold import gold
from annotate.taxonomy import Taxonomy
from annotate.workspace import Workspace


class Recorded(Record, frozen=True, kw_only=True):
    """How many verdicts were new, and how many were corrected at the time they name."""

    added: int
    changed: int


def record_verdicts(
    workspace: Workspace, verdicts: Iterable[Verdict], *, dry_run: bool = False, wait: bool = False
) -> Recorded:
    """Put verdicts into the workspace's table; known ones change nothing.

    Every verdict stays: on one place the latest stands. Only where the same person decides
    the same thing at the same time, the one that comes in last replaces the other.
    """
    with workspace.writing("adjudicate", wait=wait, dry_run=dry_run):
        before = {item.verdict_id: item for item in workspace.rows(Verdict)}
        given = {item.verdict_id: item for item in verdicts}
        touched = {key: item for key, item in given.items() if before.get(key) != item}
        if touched and not dry_run:
            rows = (before | touched).values()
            workspace.write(Verdict, sorted(rows, key=_place))
        return Recorded(
            added=len(touched.keys() - before.keys()), changed=len(touched.keys() & before.keys())
        )


def _place(item: Verdict) -> tuple[str, str, str]:
    return (item.doc_id, item.decided_at, item.verdict_id)


def verdicts_of(workspace: Workspace, reviews: Iterable[Annotation]) -> list[Verdict]:
    """Give the verdicts of people who marked whole documents anew: all else is rejected."""
    decided = list(reviews)
    found = gold(workspace, reviews=decided)
    return [
        made
        for review in latest(decided)
        if (dossier := found.dossiers.get(review.doc_id)) and not review.skipped
        for made in reviewed(dossier.document, review, dossier.annotations, workspace.taxonomy)
    ]


def rule(
    submissions: Iterable[tuple[str, Decided]],
    dossiers: Mapping[str, Dossier],
    taxonomy: Taxonomy,
    *,
    also_annotates: bool = False,
) -> Ruling:
    """Give the verdicts of all submissions, each with its place in a file or on a server.

    Whoever annotated a document is refused as its adjudicator, unless `also_annotates`.
    """
    verdicts: list[Verdict] = []
    rejects: list[Reject] = []
    waits: dict[str, tuple[str, ...]] = {}
    for place, decided in submissions:
        dossier = dossiers.get(decided.doc_id)
        reason = _refused(dossier, decided, also_annotates=also_annotates)
        if dossier is None or reason is not None:
            rejects.append(Reject(place=place, reason=reason or "no such document"))
            continue
        made = [item for item in verdicts if item.doc_id == decided.doc_id]
        known = dossier.replace(verdicts=(*dossier.verdicts, *made))
        ruling = decide(known, decided, taxonomy)
        verdicts += ruling.verdicts
        rejects += [Reject(place=f"{place}, {it.place}", reason=it.reason) for it in ruling.rejects]
        waits[decided.doc_id] = ruling.undecided
    return Ruling(
        verdicts=tuple(verdicts),
        rejects=tuple(rejects),
        undecided=tuple(line for lines in waits.values() for line in lines),
    )


def _refused(dossier: Dossier | None, decided: Decided, *, also_annotates: bool) -> str | None:
    if dossier is None:
        return f"document {decided.doc_id} is not here, or nobody has annotated it"
    readers = {item.annotator for item in dossier.annotations}
    if decided.adjudicator in readers and not also_annotates:
        return (
            f"{decided.adjudicator} annotated document {decided.doc_id}: let somebody else "
            "decide, or set also_annotates = true under [adjudicate]"
        )
    return None
