"""`annotate demo`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import Json, Row, listed, say, show
from annotate.cli.studio import password

if TYPE_CHECKING:
    from annotate.pipeline.demo import DemoResult


def demo(
    folder: Annotated[Path, typer.Argument(help="The workspace to make.")] = Path("annotate-demo"),
    as_json: Json = False,
) -> None:
    """Walk a bundled sample through the whole loop, on a real Label Studio."""
    from annotate import pipeline

    result = pipeline.demo(folder, progress=say)
    show(result, as_json=as_json, render=lambda: _lines(result))


def _lines(result: "DemoResult") -> Iterator[str]:
    rows: list[Row] = [(step.name, step.outcome) for step in result.steps]
    rows += [("release", result.release), ("model", result.model)]
    yield from listed(rows)
    yield ""
    yield from listed(
        [
            ("Label Studio", result.url),
            ("login", result.login),
            ("password", password(result.credentials)),
            ("guide", result.guide),
            ("stop it", result.stop.replace("annotate", sys.argv[0], 1)),
        ]
    )
