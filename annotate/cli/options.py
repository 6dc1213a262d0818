"""What the commands share: options, opening the workspace, showing results."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from annotate.model import Record
    from annotate.pipeline import Workspace

Directory = Annotated[
    Path | None,
    typer.Option("-C", "--directory", help="The workspace.", show_default="here", readable=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")]
AllVoices = Annotated[
    bool,
    typer.Option("--all-voices", help="Count what others are quoted as saying, too."),
]
Wait = Annotated[bool, typer.Option("--wait", help="Wait for another writer to end.")]

named_before_command: ContextVar[Path | None] = ContextVar("directory", default=None)

Row = tuple[str, object]


def directory_or_here(directory: Path | None) -> Path:
    """Give the workspace's folder: after the command, before it, or the current one."""
    return directory or named_before_command.get() or Path()


def opened(directory: Path | None) -> "Workspace":
    """Open the workspace that the call names."""
    from annotate.pipeline import Workspace

    return Workspace(directory_or_here(directory))


def show(result: "Record", *, as_json: bool, render: Callable[[], Iterator[str]]) -> None:
    """Print a result on stdout: as JSON, or as the lines that `render` gives."""
    if as_json:
        typer.echo(_json(result))
        return
    for line in render():
        typer.echo(line)


def _json(result: "Record") -> str:
    import msgspec

    try:
        text = msgspec.json.format(msgspec.json.encode(result), indent=1).decode()
        text.encode((sys.stdout and sys.stdout.encoding) or "utf-8")
    except UnicodeEncodeError:  # a path with bytes that are no text, or a terminal of few letters
        import json

        return json.dumps(msgspec.to_builtins(result), indent=1)
    return text


def listed(rows: Sequence[Row]) -> Iterator[str]:
    """Give `name  value` lines with the values in one column."""
    width = max((len(name) for name, _ in rows), default=0)
    for name, value in rows:
        yield f"{name:<{width}}  {value}"


def some(items: "tuple[object, ...]", *, most: int = 20) -> Iterator[str]:
    """Give a line per item, and how many more there are beyond `most`."""
    for item in items[:most]:
        yield f"  {item}"
    if len(items) > most:
        yield f"  ... and {len(items) - most} more; --json lists all"


def say(message: str) -> None:
    """Print a message for people, on stderr."""
    typer.echo(message, err=True)


@contextmanager
def progress(title: str, *, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show a progress bar on a terminal's stderr; the yielded function takes steps done."""
    if not (sys.stderr and sys.stderr.isatty()):
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda done: bar.update(task, completed=done)
