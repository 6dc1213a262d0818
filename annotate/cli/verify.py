"""`annotate verify`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import Json, show


def verify(
    path: Annotated[Path, typer.Argument(help="A release's folder, such as releases/0.1.0.")],
    as_json: Json = False,
) -> None:
    """Check a release: sums, schemas, offsets, quotes, splits, counts, leakage."""
    from annotate import pipeline

    result = pipeline.verify(path)

    def render() -> Iterator[str]:
        for problem in result.problems:
            yield f"{problem.file}: {problem.reason}"
        if not result.problems:
            yield f"{path}: nothing is wrong"

    show(result, as_json=as_json, render=render)
    if result.problems:
        raise typer.Exit(1)
