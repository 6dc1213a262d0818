"""`annotate release`: what is settled becomes an immutable data set."""

from collections.abc import Iterable
from time import time

from annotate.errors import DataError
from annotate.files import write_folder
from annotate.model import (
    Annotation,
    Appearance,
    Assignment,
    Duplicate,
    Record,
    Reject,
    Zone,
)
from annotate.pipeline.gold import gold
from annotate.release import load, versions
from annotate.release.assemble import assemble, candidate
from annotate.release.build import Build, files, same_as, summarise
from annotate.release.sources import Source, Tables, sources
from annotate.release.splits import Splits, split
from annotate.workspace import Workspace


class ReleaseResult(Record, frozen=True, kw_only=True):
    """What was released; `written` is false for a dry run, and where nothing is new."""

    path: str
    version: str
    written: bool
    documents: int
    spans: int
    open: int
    splits: dict[str, int]
    left_out: dict[str, int]
    not_written: dict[str, str]
    rejects: tuple[Reject, ...] = ()


def release(  # noqa: PLR0913 - keyword-only options of one command
    workspace: Workspace,
    *,
    version: str | None = None,
    adjudicator: str | None = None,
    reviews: Iterable[Annotation] = (),
    dry_run: bool = False,
    wait: bool = False,
) -> ReleaseResult:
    """Write what annotators agree on as releases/VERSION, the next minor one by default.

    `reviews`, and the annotations of `adjudicator`, decide the documents that they are
    of. Without a `version`, a release that would hold what the last one holds is not
    written again. Raises NothingToDo when nothing is annotated, DataError when the
    version exists or no document can go into a split.
    """
    started, folder = time(), workspace.path("releases")
    with workspace.writing("release", wait=wait, dry_run=dry_run):
        gathered = _Gathered(workspace, adjudicator=adjudicator, reviews=reviews)
        build = gathered.build()
        last = versions.latest(folder)
        before = load(folder / last) if last else None
        if before and version is None and same_as(build, before):
            return gathered.result(build, before.version, written=False)
        chosen = versions.free(folder, version)
        content = files(build, version=chosen, before=before)
        result = gathered.result(build, chosen, written=not dry_run)
        if not dry_run:
            write_folder(folder / chosen, content)
            counts = {"documents": result.documents, "spans": result.spans, "open": result.open}
            workspace.record_run("release", started=started, counts=counts, rejects=result.rejects)
    return result


class _Gathered:
    """What the workspace knows, read once."""

    def __init__(
        self, workspace: Workspace, *, adjudicator: str | None, reviews: Iterable[Annotation]
    ) -> None:
        self.workspace = workspace
        self.gold = gold(workspace, adjudicator=adjudicator, reviews=reviews)

    def build(self) -> Build:
        """Split and assemble."""
        config = self.workspace.config
        outcomes = self.gold.outcomes
        known = self._sources(outcomes)
        splits = split(
            [candidate(known[doc_id], annotators=outcomes[doc_id].annotators) for doc_id in known],
            seed=config.project.seed,
            unseen_publishers=config.release.unseen_publishers,
            validation=config.release.validation,
        )
        _refuse_empty(splits)
        annotations = self.gold.annotations
        return Build(
            name=config.project.name,
            said=config.release,
            taxonomy=self.workspace.taxonomy,
            layers=assemble(known, outcomes, annotations, splits, seed=config.project.seed),
            splits=splits,
        )

    def _sources(self, doc_ids: Iterable[str]) -> dict[str, Source]:
        rows = self.workspace.rows
        tables = Tables(
            documents={doc_id: self.gold.documents[doc_id] for doc_id in doc_ids},
            appearances=rows(Appearance),
            zones=rows(Zone),
            duplicates=rows(Duplicate),
            annotations=list(self.gold.annotations),
            assignments=rows(Assignment),
        )
        return sources(tables, shares=self.workspace.config.assign)

    def result(self, build: Build, version: str, *, written: bool) -> ReleaseResult:
        """Give the counts of what is, or would be, in that version."""
        summary = summarise(build, version=version)
        return ReleaseResult(
            path=str(self.workspace.path("releases", version)),
            version=version,
            written=written,
            documents=sum(summary.splits.values()),
            spans=sum(summary.spans.values()),
            open=summary.open,
            splits=summary.splits,
            left_out=summary.left_out,
            not_written=summary.not_written,
            rejects=self.gold.rejects,
        )


def _refuse_empty(splits: Splits) -> None:
    if not splits.documents:
        reasons = "; ".join(f"{len(ids)} {why}" for why, ids in splits.left_out.items())
        raise DataError(
            f"no annotated document can go into a split: {reasons}",
            hint="Let more people annotate, bring it in with `annotate pull`, and try again",
        )
