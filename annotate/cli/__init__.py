"""The command line: one file per command, each a thin parse-call-render."""

import signal
import sys
from io import TextIOWrapper
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from annotate.cli import (
    adjudicate,
    agreement,
    assign,
    demo,
    diff,
    evaluate,
    export,
    forget,
    guide,
    import_,
    ingest,
    init,
    migrate,
    options,
    pull,
    push,
    rehydrate,
    release,
    rules,
    run,
    show,
    status,
    studio,
    suggest,
    trace,
    train,
    verify,
)

_STOPPED = (128 + signal.SIGINT, 128 + signal.SIGTERM)


class _InOrder(TyperGroup):
    """Commands in the order of the work; groups would come last."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Give the names as `--help` lists them."""
        names = [name for name in super().list_commands(ctx) if name != "studio"]
        place = names.index("push")
        return [*names[:place], "studio", *names[place:]]


app = typer.Typer(
    name="annotate",
    cls=_InOrder,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="From a pile of news articles to a labelled training set of rhetorical markers.",
)
app.command("init")(init.init)
app.command("ingest")(ingest.ingest)
app.command("suggest")(suggest.suggest)
app.command("rules")(rules.rules)
app.command("assign")(assign.assign)
app.add_typer(studio.app, name="studio")
app.command("push")(push.push)
app.command("pull")(pull.pull)
app.command("import")(import_.import_)
app.command("agreement")(agreement.agreement)
app.command("adjudicate")(adjudicate.adjudicate)
app.command("release")(release.release)
app.command("diff")(diff.diff)
app.command("verify")(verify.verify)
app.command("trace")(trace.trace)
app.command("rehydrate")(rehydrate.rehydrate)
app.command("export")(export.export)
app.command("train")(train.train)
app.command("evaluate")(evaluate.evaluate)
app.command("status")(status.status)
app.command("run")(run.run)
app.command("show")(show.show)
app.command("guide")(guide.guide)
app.command("forget")(forget.forget)
app.command("migrate")(migrate.migrate)
app.command("demo")(demo.demo)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"annotate {version('annotate-markers')}")
        raise typer.Exit


@app.callback()
def _before_command(
    directory: options.Directory = None,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print it."),
    ] = False,
) -> None:
    options.named_before_command.set(directory)


def main() -> None:
    """Run the command line; what a user can cause becomes one line and an exit code."""
    from annotate.errors import AnnotateError

    _prepare()
    try:
        app()
    except AnnotateError as error:
        options.say(f"error: {error}")
        sys.exit(error.exit_code)
    except OSError as error:  # where no stage says it better, and a full disk behind stdout
        place = f"{error.filename}: " if error.filename else ""
        reason = (error.strerror or str(error)).lower()
        options.say(f"error: {place}{reason}. Give permission or make room, and run it again")
        sys.stdout = None
        sys.exit(3)
    except SystemExit as end:
        if end.code in _STOPPED:
            options.say("stopped; run the same command again to go on")
        raise


def _prepare() -> None:
    """Let signals end the program tidily, and print whatever a terminal cannot show escaped."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    if isinstance(sys.stdout, TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def _stop(number: int, _frame: object) -> None:
    sys.exit(128 + number)
