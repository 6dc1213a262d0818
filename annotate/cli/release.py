"""`annotate release`."""

from collections.abc import Iterator
from typing import Annotated

import typer

from annotate.cli.options import Directory, DryRun, Json, Row, Wait, listed, opened, show, some


def release(
    version: Annotated[
        str | None, typer.Option(help="Such as 1.2.0; the next minor one by default.")
    ] = None,
    adjudicator: Annotated[
        str | None, typer.Option(help="The person whose annotations decide.")
    ] = None,
    directory: Directory = None,
    dry_run: DryRun = False,
    wait: Wait = False,
    as_json: Json = False,
) -> None:
    """Write what annotators agree on as an immutable dataset."""
    from annotate import pipeline

    result = pipeline.release(
        opened(directory), version=version, adjudicator=adjudicator, dry_run=dry_run, wait=wait
    )

    def render() -> Iterator[str]:
        rows: list[Row] = [
            ("release", result.path),
            ("documents", result.documents),
            ("gold spans", result.spans),
            ("open", result.open),
            *((f"split {name}", count) for name, count in result.splits.items()),
            *((f"no split {name}", reason) for name, reason in result.not_written.items()),
            *((f"left out, {why}", count) for why, count in result.left_out.items()),
        ]
        yield from listed(rows)
        yield from some(tuple(f"{item.place}: {item.reason}" for item in result.rejects))
        if not result.written:
            yield "nothing written: " + ("a dry run" if dry_run else "nothing is new")

    show(result, as_json=as_json, render=render)
