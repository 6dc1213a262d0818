"""`annotate suggest`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotate.cli.options import (
    Directory,
    DryRun,
    Json,
    Wait,
    listed,
    opened,
    progress,
    say,
    show,
    some,
)
from annotate.cli.rules import Adjudicator, documents_of

if TYPE_CHECKING:
    from annotate.pipeline.suggest import SuggestResult
    from annotate.pipeline.suggest_rules import Scores

Jobs = Annotated[
    int | None,
    typer.Option(help="Processes on this machine.", show_default="[suggest] jobs, or 1"),
]
EngineName = Annotated[str, typer.Option(help="local, or dask for many machines (extra `scale`).")]
Scheduler = Annotated[
    str | None,
    typer.Option(help="Dask's, tcp://HOST:PORT; without it, --jobs workers are started here."),
]
Documents = Annotated[
    str | None, typer.Option(help="A folder of Parquet elsewhere: a path or URL, with --out.")
]
Zones = Annotated[
    str | None,
    typer.Option(help="Their zones.", show_default="zones.parquet beside, or from the text"),
]
Out = Annotated[str | None, typer.Option(help="Where their suggestions go.")]
Candidates = Annotated[
    str | None,
    typer.Option(help="MARKER[,MARKER]: candidate rules count too, which are often wrong."),
]
Calibrate = Annotated[
    bool,
    typer.Option("--calibrate", help="Estimate the rules' scores from what is settled, first."),
]


def suggest(
    jobs: Jobs = None,
    engine: EngineName = "local",
    scheduler: Scheduler = None,
    documents: Documents = None,
    zones: Zones = None,
    out: Out = None,
    candidates: Candidates = None,
    calibrate: Calibrate = False,
    adjudicator: Adjudicator = None,
    directory: Directory = None,
    dry_run: DryRun = False,
    wait: Wait = False,
    as_json: Json = False,
) -> None:
    """Suggest spans for every document by the rules of the marker files."""
    from annotate.errors import UsageError
    from annotate.pipeline.suggest import suggest as suggest_here
    from annotate.pipeline.suggest import suggest_folder

    if bool(documents) != bool(out) or (zones and not documents):
        raise UsageError(
            "--documents, --zones and --out are for a folder elsewhere",
            hint="Give --documents and --out together, or none of them",
        )
    if adjudicator and not calibrate:
        raise UsageError("--adjudicator is for --calibrate", hint="Give both, or none of them")
    how: dict[str, Any] = {
        "jobs": jobs,
        "engine": engine,
        "scheduler": scheduler,
        "candidates": None if candidates is None else [it.strip() for it in candidates.split(",")],
        "calibrate": calibrate,
        "adjudicator": adjudicator,
        "dry_run": dry_run,
    }
    workspace = opened(directory)
    with progress("Suggesting") as step:
        if documents and out:
            result = suggest_folder(
                workspace, documents=documents, zones=zones, out=out, progress=step, **how
            )
        else:
            result = suggest_here(workspace, wait=wait, progress=step, **how)
    show(result, as_json=as_json, render=lambda: _lines(result))
    if result.scores.stale:
        say(
            f"{len(result.scores.stale)} rules were changed since they were calibrated and have "
            "their written score; `annotate suggest --calibrate` measures them again"
        )
    if result.rejects:
        raise _not_all(result)


def _lines(result: "SuggestResult") -> Iterator[str]:
    yield from listed([("documents", result.documents), ("suggestions", result.suggestions)])
    yield from (f"  {line}" for line in listed(list(result.markers.items())))
    if result.judgements:
        yield "judgements"
        yield from (f"  {line}" for line in listed(list(result.judgements.items())))
    yield from listed([("scores", _scores(result.scores))])
    if result.rejects:
        yield f"parts not done: {len(result.rejects)}"
        yield from some(tuple(f"{item.place}: {item.reason}" for item in result.rejects))


def _scores(scores: "Scores") -> str:
    if not scores.calibrated:
        return f"as written, of all {scores.written} rules"
    rest = f"{scores.written} as written"
    return f"{scores.calibrated} rules calibrated on {documents_of(scores.documents)}; {rest}"


def _not_all(result: "SuggestResult") -> Exception:
    from annotate.errors import InvalidFile

    first, more = result.rejects[0], len(result.rejects) - 1
    others = f"{more} more parts are not done; the others are" if more else "All others are done"
    return InvalidFile(f"{first.place}: {first.reason}", hint=others)
