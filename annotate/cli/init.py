"""`annotate init`."""

from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import Directory, directory_or_here, say


def init(
    folder: Annotated[Path | None, typer.Argument(help="The folder of the new workspace.")] = None,
    annotator: Annotated[
        list[str] | None, typer.Option(help="A person who will annotate; repeatable.")
    ] = None,
    directory: Directory = None,
) -> None:
    """Make a workspace: a folder with a commented annotate.toml."""
    from annotate.pipeline import Workspace

    root = folder or directory_or_here(directory)
    there = (root / "annotate.toml").exists()
    workspace = Workspace.create(root, name=root.resolve().name[:30], annotators=annotator or ())
    _ = workspace.config
    typer.echo(root / "annotate.toml")
    say("was there already" if there else "next: annotate ingest FOLDER_OR_FILES")
