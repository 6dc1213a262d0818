"""The command line: one file per command, each a thin parse-call-render."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from annotate.cli import (
    agreement,
    assign,
    demo,
    evaluate,
    guide,
    ingest,
    init,
    options,
    pull,
    push,
    release,
    run,
    show,
    status,
    studio,
    suggest,
    train,
)

app = typer.Typer(
    name="annotate",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="From a pile of news articles to a labelled training set of rhetorical markers.",
)
app.command("init")(init.init)
app.command("ingest")(ingest.ingest)
app.command("suggest")(suggest.suggest)
app.command("assign")(assign.assign)
app.add_typer(studio.app, name="studio")
app.command("push")(push.push)
app.command("pull")(pull.pull)
app.command("agreement")(agreement.agreement)
app.command("release")(release.release)
app.command("train")(train.train)
app.command("evaluate")(evaluate.evaluate)
app.command("status")(status.status)
app.command("run")(run.run)
app.command("show")(show.show)
app.command("guide")(guide.guide)
app.command("demo")(demo.demo)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"annotate {version('annotate-markers')}")
        raise typer.Exit


@app.callback()
def _before_command(
    directory: Annotated[Path | None, typer.Option("-C", help="The workspace.")] = None,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print it."),
    ] = False,
) -> None:
    options.named_before_command.set(directory)


def main() -> None:
    """Run the command line; what a user can cause becomes one line and an exit code."""
    from annotate.errors import AnnotateError

    try:
        app()
    except AnnotateError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo("stopped; run the same command again to go on", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
