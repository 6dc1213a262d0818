"""`annotate adjudicate`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import Directory, DryRun, Json, Row, Wait, listed, opened, show, some
from annotate.cli.push_dockets import push_dockets

if TYPE_CHECKING:
    from annotate.pipeline.adjudicate import AdjudicateResult

QUEUE = 10


def adjudicate(
    export: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write what waits to this file, as JSON lines."),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option("--import", metavar="FILE", help="Take in decisions from this file."),
    ] = None,
    adjudicator: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Who decided.", show_default="the one of annotate.toml"),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="Export only so many documents.", show_default="all that wait"),
    ] = None,
    push: Annotated[
        bool, typer.Option("--push", help="Bring what waits to Label Studio, for [adjudicate].")
    ] = False,
    directory: Directory = None,
    dry_run: DryRun = False,
    wait: Wait = False,
    as_json: Json = False,
) -> None:
    """Say what annotators differ on and a person has to decide; take in what was decided."""
    from annotate import pipeline
    from annotate.errors import UsageError

    workspace = opened(directory)
    if push:
        if export or decisions or adjudicator or limit:
            told = "--push with --export, --import, --adjudicator or --limit"
            raise UsageError(told, hint="One at a time; [adjudicate] names whom to push for")
        push_dockets(workspace, dry_run=dry_run, wait=wait, as_json=as_json)
        return
    result = pipeline.adjudicate(
        workspace,
        export=export,
        decisions=decisions,
        adjudicator=adjudicator,
        limit=limit,
        dry_run=dry_run,
        wait=wait,
    )
    show(result, as_json=as_json, render=lambda: _rendered(result, dry_run=dry_run))


def _rendered(result: "AdjudicateResult", *, dry_run: bool) -> Iterator[str]:
    rows: list[Row] = []
    if result.imported:
        rows += [
            ("lines", result.imported.lines),
            ("verdicts", result.imported.verdicts),
            ("  new", result.imported.added),
            ("  corrected", result.imported.changed),
        ]
    rows += [
        ("adjudicator", result.adjudicator or "nobody named"),
        ("documents read by two", result.documents),
        ("spans accepted without a person", result.accepted),
        ("spans an adjudicator decided", result.adjudicated),
        ("places found ambiguous", result.ambiguous),
        ("documents that wait", result.waiting),
        ("spans that wait", result.cases),
        *((f"  {why}", count) for why, count in result.by_why.items()),
        *((f"  {marker}", count) for marker, count in result.by_marker.items()),
    ]
    yield from listed(rows)
    for item in result.queue[:QUEUE]:
        told = f"  {item.doc_id}  {item.cases:>3}  worth {item.gain:.1f}  {item.title or ''}"
        yield told.rstrip()
    if len(result.queue) > QUEUE:
        yield f"  ... and {len(result.queue) - QUEUE} more; --json lists all"
    if result.imported:
        yield from some(result.imported.undecided)
    yield from some(tuple(f"rejected: {item.place}: {item.reason}" for item in result.rejects))
    if result.exported is not None:
        yield f"{result.exported} documents exported" + (" (a dry run: not written)" * dry_run)
    elif dry_run:
        yield "nothing written: a dry run"
