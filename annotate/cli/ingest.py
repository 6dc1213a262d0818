"""`annotate ingest`."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import (
    Directory,
    DryRun,
    Json,
    Wait,
    listed,
    opened,
    progress,
    show,
    some,
)

if TYPE_CHECKING:
    from annotate.config import Columns


def ingest(
    sources: Annotated[
        list[str], typer.Argument(help="Files or folders, or - for standard input.")
    ],
    column: Annotated[
        list[str] | None,
        typer.Option(help="FIELD=NAME: where a table has it, e.g. text=story; repeatable."),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", help="The format of the sources, when their names do not say."),
    ] = None,
    directory: Directory = None,
    dry_run: DryRun = False,
    wait: Wait = False,
    as_json: Json = False,
) -> None:
    """Bring articles in: text, Markdown, HTML, CSV, TSV, JSONL, Parquet, folders."""
    from annotate import pipeline

    workspace = opened(directory)
    columns = _named(workspace.config.ingest.columns, column or [])
    with progress("Ingesting") as step:
        result = pipeline.ingest(
            workspace,
            sources,
            columns=columns,
            form=form,
            stdin=getattr(sys.stdin, "buffer", None),
            dry_run=dry_run,
            wait=wait,
            progress=step,
        )

    def render() -> Iterator[str]:
        rows = [
            ("articles found", result.found),
            ("new documents", result.documents),
            ("exact duplicates", result.exact_duplicates),
            ("known before", result.known),
            ("rejected", len(result.rejects)),
        ]
        if result.near_duplicate_clusters is not None:
            rows.append(("near-duplicate clusters", result.near_duplicate_clusters))
        yield from listed(rows)
        yield from some(tuple(f"{item.place}: {item.reason}" for item in result.rejects))
        yield from some(tuple(f"note: {line}" for line in result.notes))

    show(result, as_json=as_json, render=render)


def _named(columns: "Columns", given: list[str]) -> "Columns":
    from annotate.decode import legal
    from annotate.errors import UsageError

    for item in given:
        field, _, name = item.partition("=")
        if field not in columns.__struct_fields__ or not name:
            known = field in columns.__struct_fields__
            problem = legal(field, columns.__struct_fields__)
            raise UsageError(
                f"--column {item}: " + ("no name of a column" if known else f"field {problem}"),
                hint="Write it as --column text=NAME_OF_THE_COLUMN",
            )
        columns = columns.replace(**{field: name})
    return columns
