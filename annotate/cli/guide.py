"""`annotate guide`."""

from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import Directory, directory_or_here, opened


def guide(
    output: Annotated[
        Path | None, typer.Argument(help="The folder for guide.html and guide.md.")
    ] = None,
    worksheet: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write what the guideline left open instead, to this .md or .html file.",
        ),
    ] = None,
    directory: Directory = None,
) -> None:
    """Write the annotators' handbook, as HTML and Markdown."""
    from annotate import pipeline

    if worksheet is not None:
        told = pipeline.worksheet(opened(directory), worksheet)
        typer.echo(told.path)
        typer.echo(
            f"{told.markers} markers: {told.gaps} gaps, {told.ambiguities} ambiguities, "
            f"{told.disagreements} disagreements"
        )
        return
    here = (directory_or_here(directory) / "annotate.toml").exists()
    workspace = opened(directory) if here else None
    for path in pipeline.guide(workspace, output=output).files:
        typer.echo(path)
