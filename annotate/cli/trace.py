"""`annotate trace`."""

from collections.abc import Iterator
from typing import Annotated

import typer

from annotate.cli.options import Directory, Json, opened, show


def trace(
    span: Annotated[str, typer.Argument(help="The id of a gold span, g-0123456789abcdef.")],
    release: Annotated[
        str | None, typer.Option(help="A version, or the folder of a release.")
    ] = None,
    directory: Directory = None,
    as_json: Json = False,
) -> None:
    """Tell where a gold span comes from: suggestions, annotators, verdict, versions."""
    from pathlib import Path

    from annotate import pipeline

    if release is not None and Path(release).is_dir():
        result = pipeline.traced(release, span)
    else:
        result = pipeline.trace(opened(directory), span, release=release)

    def render() -> Iterator[str]:
        yield f"release {result.release}"
        yield from result.lines

    show(result, as_json=as_json, render=render)
