"""`annotate guide`."""

from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import Directory, directory_or_here, opened


def guide(
    output: Annotated[
        Path | None, typer.Argument(help="The folder for guide.html and guide.md.")
    ] = None,
    directory: Directory = None,
) -> None:
    """Write the annotators' handbook, as HTML and Markdown."""
    from annotate import pipeline

    here = (directory_or_here(directory) / "annotate.toml").exists()
    workspace = opened(directory) if here else None
    for path in pipeline.guide(workspace, output=output).files:
        typer.echo(path)
