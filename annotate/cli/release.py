"""`annotate release`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, cast

import typer

from annotate.cli.options import (
    Directory,
    DryRun,
    Json,
    Row,
    Wait,
    listed,
    opened,
    progress,
    show,
    some,
)

if TYPE_CHECKING:
    from annotate.config import Texts
    from annotate.pipeline.release import ReleaseResult


def release(
    version: Annotated[
        str | None, typer.Option(help="Such as 1.2.0; the next minor one by default.")
    ] = None,
    adjudicator: Annotated[
        str | None, typer.Option(help="The person whose annotations decide.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Release splits that leak; the card says so.")
    ] = False,
    private: Annotated[
        bool, typer.Option("--private", help="Mask no protected source; not to be published.")
    ] = False,
    texts: Annotated[
        str | None,
        typer.Option(help="Which texts go along: licensed, all or none; see annotate.toml."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(help="Processes on this machine.", show_default="one for each processor"),
    ] = None,
    directory: Directory = None,
    dry_run: DryRun = False,
    wait: Wait = False,
    as_json: Json = False,
) -> None:
    """Write what annotators agree on as an immutable dataset."""
    from annotate import pipeline

    with progress("Settling") as step:
        result = pipeline.release(
            opened(directory),
            version=version,
            adjudicator=adjudicator,
            force=force,
            private=private,
            texts=_texts(texts),
            jobs=jobs,
            dry_run=dry_run,
            wait=wait,
            progress=step,
        )

    show(result, as_json=as_json, render=lambda: _lines(result, dry_run=dry_run))


def _lines(result: "ReleaseResult", *, dry_run: bool) -> Iterator[str]:
    rows: list[Row] = [
        ("release", result.path),
        ("documents", result.documents),
        ("gold spans", result.spans),
        ("open", result.open),
        *((f"split {name}", count) for name, count in result.splits.items()),
        *((f"no split {name}", reason) for name, reason in result.not_written.items()),
        ("texts withheld", result.withheld),
        ("masked documents", result.masked),
        ("e-mail addresses, flagged", result.emails),
        ("telephone numbers, flagged", result.phones),
        *((f"left out, {why}", count) for why, count in result.left_out.items()),
    ]
    yield from listed(rows)
    yield from some(tuple(f"{item.place}: {item.reason}" for item in result.rejects))
    if not result.written:
        yield "nothing written: " + ("a dry run" if dry_run else "nothing is new")


def _texts(name: str | None) -> "Texts | None":
    from typing import get_args

    from annotate.config import Texts
    from annotate.decode import legal
    from annotate.errors import UsageError

    known = get_args(Texts)
    if name is not None and name not in known:
        raise UsageError("--texts " + legal(name, known), hint="Choose one of these")
    return cast("Texts | None", name)
