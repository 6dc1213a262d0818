"""Which rules a run of `suggest` uses, and with which scores: the one place that says so."""

from collections.abc import Sequence

import msgspec

from annotate import taxonomy as taxonomies
from annotate.decode import Problem, decode, invalid
from annotate.errors import InvalidFile, UsageError
from annotate.model import Record
from annotate.pipeline.suggest_parts import Job
from annotate.suggest.calibration import FORMAT, Calibration, fit
from annotate.suggest.lexicons import phrases
from annotate.taxonomy import Taxonomy
from annotate.workspace import Workspace

STORED = ("tables", "calibration.json")


class Scores(Record, frozen=True, kw_only=True):
    """Where the rules' scores come from: calibrated, or as written in the marker files.

    `documents` is what the calibration in use was made from, by condition. `stale` rules
    were changed since, and have their written score.
    """

    calibrated: int = 0
    written: int = 0
    stale: tuple[str, ...] = ()
    documents: dict[str, int] = {}


class Chosen(Record, frozen=True, kw_only=True):
    """The rules of a run, the calibrated scores by `marker/rule`, and what is to be said."""

    taxonomy: Taxonomy
    calibrated: dict[str, float]
    scores: Scores

    def job(self, *, zones: tuple[str, ...] | None, out: str, dry_run: bool) -> Job:
        """Give the job that uses them."""
        return Job(
            taxonomy=self.taxonomy, scores=self.calibrated, zones=zones, out=out, dry_run=dry_run
        )


def chosen(
    workspace: Workspace, candidates: Sequence[str] | None, calibration: Calibration | None = None
) -> Chosen:
    """Choose the markers, rules and scores of a run.

    `candidates` stand in for those of annotate.toml, and `calibration` for the stored one.
    Raises InvalidFile for a name in annotate.toml that is not legal, UsageError for one in
    `candidates`, and InvalidFile for a calibration that cannot be read.
    """
    known = as_written(workspace, candidates)
    used = stored(workspace) if calibration is None else calibration
    found = fit(used, known, phrases=phrases)
    rules = sum(known.counts(marker, item) for marker in known.markers for item in marker.patterns)
    scores = Scores(
        calibrated=len(found.scores),
        written=rules - len(found.scores),
        stale=found.stale,
        documents=used.documents if found.scores else {},
    )
    return Chosen(taxonomy=known, calibrated=found.scores, scores=scores)


def as_written(workspace: Workspace, candidates: Sequence[str] | None) -> Taxonomy:
    """Give the markers and rules of a run with their written scores."""
    said = workspace.config.suggest
    try:
        retired = taxonomies.load().retire(said.retired).retired
    except UsageError as error:
        raise _illegal("suggest.retired", error) from error
    known = workspace.taxonomy.replace(retired=retired)
    if candidates is not None:
        return known.with_candidates(candidates)
    try:
        return known.with_candidates(said.candidates)
    except UsageError as error:
        raise _illegal("suggest.candidates", error) from error


def stored(workspace: Workspace) -> Calibration:
    """Give the calibration that the workspace holds, an empty one where there is none.

    Raises InvalidFile when it is broken, or of another version.
    """
    path, place = workspace.path(*STORED), "/".join(STORED)
    if not path.exists():
        return Calibration()
    try:
        found = decode(msgspec.json.decode(path.read_bytes()), Calibration, place=place)
    except (msgspec.DecodeError, UnicodeDecodeError, InvalidFile) as error:
        raise _unreadable(f"{place}: not a whole calibration") from error
    if found.version != FORMAT:
        raise _unreadable(f"{place}: version {found.version} is not the one in use ({FORMAT})")
    return found


def _unreadable(message: str) -> InvalidFile:
    return InvalidFile(message, hint="Make it again with `annotate suggest --calibrate`")


def _illegal(path: str, error: UsageError) -> InvalidFile:
    return invalid("annotate.toml", [Problem(path=path, message=error.message)])
