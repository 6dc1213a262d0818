"""`annotate studio start`, `stop`, `status` and `logs`."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import Directory, Json, Row, listed, opened, say, show

if TYPE_CHECKING:
    from annotate.studio.server import StudioStatus

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="The embedded Label Studio of a workspace."
)


@app.command()
def start(
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="The port; a free one by default.")
    ] = None,
    directory: Directory = None,
    as_json: Json = False,
) -> None:
    """Start the server, or find it started; the first start takes up to a minute."""
    from annotate import pipeline

    said: list[str] = []

    def progress(stage: str, _share: float) -> None:
        if stage not in said:
            said.append(stage)
            say(stage)

    result = pipeline.studio_start(opened(directory), port=port, progress=progress)
    show(result, as_json=as_json, render=lambda: _lines(result))


@app.command()
def stop(directory: Directory = None) -> None:
    """Stop the server."""
    from annotate import pipeline

    was_running = pipeline.studio_stop(opened(directory))
    typer.echo("stopped" if was_running else "it was not running")


@app.command()
def status(directory: Directory = None, as_json: Json = False) -> None:
    """Say whether the server runs, where, and how to log in."""
    from annotate import pipeline

    result = pipeline.studio_status(opened(directory))
    show(result, as_json=as_json, render=lambda: _lines(result))


@app.command()
def logs(
    lines: Annotated[int, typer.Option("-n", min=1, help="How many lines.")] = 50,
    directory: Directory = None,
) -> None:
    """Print the last lines that the server wrote."""
    from annotate import pipeline

    for line in pipeline.studio_logs(opened(directory), lines=lines):
        typer.echo(line)


def _lines(result: "StudioStatus") -> Iterator[str]:
    rows: list[Row] = [("state", result.state)]
    if result.url:
        rows += [("address", result.url), ("login", result.login), ("log", result.log)]
        rows.append(("password", password(result.secrets)))
    yield from listed(rows)


def password(secrets: str | None) -> str:
    """Give the password on a terminal, otherwise the file that holds it."""
    if secrets is None or not (sys.stdout and sys.stdout.isatty()):
        return f"in {secrets}"
    import json
    from pathlib import Path

    return str(json.loads(Path(secrets).read_text(encoding="utf-8"))["password"])
