"""`annotate release`: what is settled becomes an immutable data set.

Documents are settled and their rows made some at a time (`release_rows`), split by what is
known of them without their text, written split by split, and everything else is computed
from these files. All of it happens in one temporary folder in releases/, which is renamed
when it is whole. Memory does not grow with the texts or the spans of the corpus.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from time import time

from annotate.config import Texts
from annotate.errors import DataError
from annotate.files import as_json, building, publish
from annotate.model import (
    Annotation,
    Document,
    Record,
    Reject,
    Zone,
    document_id,
    text_sha256,
)
from annotate.pipeline.release_added import AGREEMENT, CROISSANT, described
from annotate.pipeline.release_gate import Hidden, hide, refuse_left
from annotate.pipeline.release_rows import Drafted
from annotate.pipeline.release_score import baseline, effect
from annotate.pipeline.release_stretches import drafted
from annotate.pipeline.release_survey import survey
from annotate.pipeline.workers import refuse_jobs
from annotate.release import load, versions
from annotate.release.build import Draft, same_as
from annotate.release.contents import ReleasedZone
from annotate.release.diff import changes
from annotate.release.differences import Differences, Kind, counted, meaning, render
from annotate.release.layers import Layers
from annotate.release.probes import Marked, Marks
from annotate.release.reader import Release
from annotate.release.splits import Splits, split
from annotate.release.withholding import forbids, may_pass_on
from annotate.suggest.engine import suggest_document
from annotate.suggest.rules import Rules, load_rules
from annotate.workspace import Workspace


class ReleaseResult(Record, frozen=True, kw_only=True):
    """What was released; `written` is false for a dry run, and where nothing is new.

    `kind` says which number of the version the content asks for: `major`, `minor`, `patch`,
    and null for a first release or where nothing is new. `masked` documents hide names of
    protected sources, `withheld` ones have no text; `emails` and `phones` count what looks
    like one, in all texts.
    """

    path: str
    version: str
    written: bool
    kind: Kind | None = None
    documents: int
    spans: int
    open: int
    splits: dict[str, int]
    left_out: dict[str, int]
    not_written: dict[str, str]
    masked: int = 0
    withheld: int = 0
    emails: int = 0
    phones: int = 0
    rejects: tuple[Reject, ...] = ()


def release(  # noqa: PLR0913 - keyword-only options of one command
    workspace: Workspace,
    *,
    version: str | None = None,
    adjudicator: str | None = None,
    reviews: Iterable[Annotation] = (),
    force: bool = False,
    private: bool = False,
    texts: Texts | None = None,
    jobs: int | None = None,
    dry_run: bool = False,
    wait: bool = False,
    progress: Callable[[int], None] | None = None,
) -> ReleaseResult:
    """Write what annotators agree on as releases/VERSION.

    The version is by default the one that follows the last: major where labels mean
    something else, minor where documents came, went or moved, patch for corrections.
    `reviews`, and the annotations of `adjudicator`, decide the documents that they are
    of. Without a `version`, a release that would hold what the last one holds is not
    written again. Names and places of protected sources are masked, and texts whose licence
    is not known to allow it are withheld (`texts` says otherwise), unless it is `private`.
    Splits that leak are released only with `force`, and the card says so in
    its first lines. `jobs` processes work side by side, by default one for each processor;
    what is written does not depend on it. `progress` is told how many documents are settled.
    Raises NothingToDo when nothing is annotated,
    DataError when the version exists, no document can go into a split, or splits leak.
    """
    started, folder = time(), workspace.path("releases")
    if jobs is not None:
        refuse_jobs(jobs)
    with workspace.writing("release", wait=wait, dry_run=dry_run):
        known = survey(workspace, adjudicator=adjudicator, reviews=reviews)
        if version is not None:
            versions.refuse_taken(folder, version)
        last = versions.latest(folder)
        before = load(folder / last) if last else None
        with _room(folder, dry_run=dry_run) as room:
            rows = drafted(workspace, known, _made(room / "rows"), jobs=jobs, progress=progress)
            hidden = Hidden() if private else hide(workspace, rows, dry_run=dry_run)
            draft = _draft(workspace, rows, room / "content", masked=hidden.masked)
            if not force:
                _refuse_leaks(draft)
            if not private:
                draft = _shown(draft, room / "shown", texts or workspace.config.release.texts)
            if before and version is None and same_as(draft, before):
                return _result(workspace, draft, rows, hidden, before.version)
            found = _since(before, draft)
            chosen = version or versions.free(folder, found.kind)
            draft.finish(chosen, changes=_changes(workspace, draft, before, found, chosen))
            refuse_left(draft.layers.path, hidden.words)
            result = _result(workspace, draft, rows, hidden, chosen)
            result = result.replace(kind=found.kind if before else None, written=not dry_run)
            if not dry_run:
                publish(draft.layers.path, folder / chosen)
                _record(workspace, result, hidden, started=started)
    return result


@contextmanager
def _room(folder: Path, *, dry_run: bool) -> Iterator[Path]:
    """Give a folder to build in, beside the releases; a dry run leaves the workspace alone."""
    from tempfile import TemporaryDirectory

    if dry_run:
        with TemporaryDirectory(prefix="annotate-release-") as name:
            yield Path(name)
    else:
        with building(folder / "next") as room:
            yield room


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _draft(workspace: Workspace, rows: Drafted, folder: Path, *, masked: int) -> Draft:
    """Split, and write everything that does not depend on the version."""
    config = workspace.config
    splits = split(
        rows.candidates,
        seed=config.project.seed,
        unseen_publishers=config.release.unseen_publishers,
        validation=config.release.validation,
    )
    _refuse_empty(splits)
    draft = Draft(
        name=config.project.name,
        said=config.release,
        taxonomy=workspace.taxonomy,
        splits=splits,
        layers=rows.lay_out(splits, _made(folder)),
        added={AGREEMENT: partial(_measured, rows.folder)},
        marks=_marks(workspace),
        described={CROISSANT: partial(described, said=config)},
        masked=masked,
    )
    draft.write_added()
    return draft


def _measured(folder: Path, _: Layers, path: Path) -> None:
    """Put the agreement that was measured beside the rows into the release."""
    path.write_bytes((folder / AGREEMENT).read_bytes())


def _since(before: Release | None, draft: Draft) -> Differences:
    """Count what differs from the previous release."""
    if before is None:
        return Differences()
    return counted(
        changes(before, draft.layers), meaning=meaning(before.summary, draft.summary("0.0.0"))
    )


def _changes(
    workspace: Workspace, draft: Draft, before: Release | None, found: Differences, version: str
) -> str:
    """Give CHANGES.md, with what the changes mean for the baseline's score."""
    since = before.version if before else None
    told = render(version, since=since, differences=found)
    if before is None:
        return told
    was, now = (baseline(workspace, layers, draft.marks) for layers in (before, draft.layers))
    return told + effect(was, now)


def _result(
    workspace: Workspace, draft: Draft, rows: Drafted, hidden: Hidden, version: str
) -> ReleaseResult:
    """Give the counts of what is, or would be, in that version; it is not written yet."""
    summary = draft.summary(version)
    return ReleaseResult(
        path=str(workspace.path("releases", version)),
        version=version,
        written=False,
        documents=sum(summary.splits.values()),
        spans=sum(summary.spans.values()),
        open=summary.open,
        splits=summary.splits,
        left_out=summary.left_out,
        not_written=summary.not_written,
        masked=hidden.masked,
        withheld=summary.withheld,
        emails=hidden.emails,
        phones=hidden.phones,
        rejects=tuple(rows.rejects),
    )


def _record(workspace: Workspace, result: ReleaseResult, hidden: Hidden, *, started: float) -> None:
    counts = {"documents": result.documents, "spans": result.spans, "open": result.open}
    if hidden.words or hidden.common:
        report = workspace.path("reports", f"safety-{result.version}.json")
        workspace.write_bytes(report, as_json(hidden))
        report.chmod(0o600)
    workspace.record_run("release", started=started, counts=counts, rejects=result.rejects)


def _shown(draft: Draft, folder: Path, texts: Texts) -> Draft:
    """Withhold the texts that may not go along."""
    if texts == "all":
        _refuse_forbidden(draft)
        return draft
    return draft.without_texts(
        folder, withhold=lambda licence: texts == "none" or not may_pass_on(licence)
    )


def _refuse_forbidden(draft: Draft) -> None:
    said = {licence: count for licence, count in draft.counts.licences.items() if forbids(licence)}
    if said:
        counted = ", ".join(f'"{licence}" of {count}' for licence, count in sorted(said.items()))
        raise DataError(
            f"the licence of documents forbids to pass on their text: {counted}",
            hint="Release with --texts licensed, which withholds them, or with --private",
        )


def _refuse_leaks(draft: Draft) -> None:
    leaks = draft.certificate.leaks
    if leaks:
        raise DataError(
            f"the splits leak: {'; '.join(leaks)}",
            hint="Run `annotate ingest` again so that near-duplicates are found, or release "
            "with --force: the card then says so in its first lines",
        )


def _marks(workspace: Workspace) -> Marks:
    """Give what the rules mark in a text with its zones; they are read when first asked."""

    @cache
    def rules() -> Rules:
        return load_rules(workspace.taxonomy)

    def marks(text: str, zones: Sequence[ReleasedZone]) -> Marked:
        doc_id = document_id(text)
        document = Document(
            doc_id=doc_id, text=text, text_sha256=text_sha256(text), canonicaliser="probe"
        )
        own = [Zone(doc_id=doc_id, start=it.start, end=it.end, zone=it.zone) for it in zones]
        found = suggest_document(document, own, rules())
        return frozenset((item.start, item.end, item.marker) for item in found)

    return marks


def _refuse_empty(splits: Splits) -> None:
    if not splits.documents:
        reasons = "; ".join(f"{len(ids)} {why}" for why, ids in splits.left_out.items())
        raise DataError(
            f"no annotated document can go into a split: {reasons}",
            hint="Let more people annotate, bring it in with `annotate pull`, and try again",
        )
