"""`annotate forget`."""

from collections.abc import Iterator
from typing import Annotated

import typer

from annotate.cli.options import Directory, DryRun, Json, Row, Wait, listed, opened, show, some


def forget(
    document: Annotated[str, typer.Argument(help="Its id, d-0123456789abcdef.")],
    reason: Annotated[str, typer.Option(help="Why; it stays in tables/tombstones.parquet.")],
    no_server: Annotated[
        bool, typer.Option("--no-server", help="Leave its tasks on the server.")
    ] = False,
    directory: Directory = None,
    dry_run: DryRun = False,
    wait: Wait = False,
    as_json: Json = False,
) -> None:
    """Take a document out of tables, server, raw input and pulled payloads for good."""
    from annotate import pipeline

    result = pipeline.forget(
        opened(directory),
        document,
        reason=reason,
        server=not no_server,
        dry_run=dry_run,
        wait=wait,
    )

    def render() -> Iterator[str]:
        rows: list[Row] = [
            ("document", result.doc_id),
            ("reason", result.reason),
            *((f"rows of {name}", count) for name, count in result.rows.items() if count),
            ("tasks on the server", result.tasks),
            ("pulled payloads", result.payloads),
            ("raw files", len(result.raw)),
        ]
        yield from listed(rows)
        if result.still_in:
            yield "it is still in these; releases are immutable, so publish a new version:"
            yield from some(result.still_in)
        if dry_run:
            yield "nothing changed: a dry run"

    show(result, as_json=as_json, render=render)
