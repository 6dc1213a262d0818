"""`annotate init`."""

import re
from collections.abc import Sequence
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

    people = annotator or []
    _check(people)
    root = directory_or_here(directory) / (folder or "")
    there = (root / "annotate.toml").exists()
    name = root.resolve().name[:30] or "markers"
    workspace = Workspace.create(root, name=name, annotators=people)
    config = workspace.config
    typer.echo(root / "annotate.toml")
    say("was there already" if there else "next: annotate ingest FOLDER_OR_FILES")
    left_out = sorted({*people} - {*config.team.annotators})
    if left_out:
        say(f"not in it: {', '.join(left_out)}; name them under [team] there")


def _check(people: Sequence[str]) -> None:
    from annotate.config import PERSON
    from annotate.errors import UsageError

    for name in people:
        if not re.fullmatch(PERSON, name):
            raise UsageError(
                f'--annotator "{name}" is no name here',
                hint="Use 1 to 31 small letters, digits, dashes and underscores, a letter first",
            )
