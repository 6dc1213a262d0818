"""`annotate assign`."""

from collections.abc import Iterator
from typing import Annotated

import typer

from annotate.cli.options import Directory, DryRun, Json, Wait, listed, opened, show


def assign(
    limit: Annotated[
        int | None, typer.Option(min=1, help="The most documents to assign now.")
    ] = None,
    directory: Directory = None,
    dry_run: DryRun = False,
    wait: Wait = False,
    as_json: Json = False,
) -> None:
    """Give documents to annotators, by the shares and the seed in annotate.toml."""
    from annotate import pipeline

    result = pipeline.assign(opened(directory), limit=limit, dry_run=dry_run, wait=wait)

    def render() -> Iterator[str]:
        rows = [
            ("new assignments", result.added),
            ("assignments", result.assignments),
            ("documents assigned", result.documents),
            ("documents left", result.unassigned),
        ]
        yield from listed([*rows, *result.conditions.items(), *result.annotators.items()])

    show(result, as_json=as_json, render=render)
