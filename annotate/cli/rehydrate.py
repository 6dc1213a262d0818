"""`annotate rehydrate`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import Directory, Json, Row, listed, opened, show, some


def rehydrate(
    release: Annotated[Path, typer.Argument(help="The folder of a release.")],
    out: Annotated[Path, typer.Option(help="The folder to write; it must not be there.")],
    texts: Annotated[
        list[Path] | None,
        typer.Option(help="Articles, as `annotate ingest` reads them; else the workspace."),
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Put back what is there; leave the rest withheld.")
    ] = False,
    directory: Directory = None,
    as_json: Json = False,
) -> None:
    """Put withheld texts back into a release, each checked against its hash."""
    from annotate import pipeline

    result = pipeline.rehydrate(
        release,
        out,
        paths=texts or (),
        workspace=None if texts else opened(directory),
        partial=partial,
    )

    def render() -> Iterator[str]:
        rows: list[Row] = [
            ("release", result.path),
            ("texts withheld", result.withheld),
            ("put back", result.documents),
            ("masked, without a way back", result.masked),
            ("withheld still", len(result.rejects)),
        ]
        yield from listed(rows)
        yield from some(tuple(f"{item.place}: {item.reason}" for item in result.rejects))

    show(result, as_json=as_json, render=render)
