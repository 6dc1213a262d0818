"""`annotate migrate`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

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
    from annotate.migrated import Line


def migrate(
    migration: Annotated[
        str, typer.Argument(metavar="NAME_OR_FILE", help="One that is shipped, or a YAML file.")
    ],
    no_server: Annotated[
        bool, typer.Option("--no-server", help="Leave Label Studio as it is.")
    ] = False,
    directory: Directory = None,
    dry_run: DryRun = False,
    wait: Wait = False,
    as_json: Json = False,
) -> None:
    """Bring labels of an older taxonomy version to the one in use, here and in Label Studio."""
    from annotate import pipeline

    with progress("Migrating tasks") as step:
        result = pipeline.migrate(
            opened(directory),
            migration,
            server=not no_server,
            dry_run=dry_run,
            wait=wait,
            progress=step,
        )

    def render() -> Iterator[str]:
        rows: list[Row] = [
            ("migration", result.name),
            ("taxonomy version", f"{result.since} to {result.to}"),
            *result.counts.items(),
        ]
        if result.trail:
            rows.append(("audit trail", result.trail))
        yield from listed(rows)
        if dry_run:
            yield from some(tuple(map(_told, result.sample)))
        yield from some(tuple(f"{item.place}: {item.reason}" for item in result.rejects))
        yield from result.notes
        if not result.counts:
            yield f"nothing is of taxonomy version {result.since}"
        elif dry_run:
            yield "nothing changed: a dry run"

    show(result, as_json=as_json, render=render)


def _told(line: "Line") -> str:
    what = ", ".join(dict.fromkeys(step.what for step in line.steps))
    return f"{line.table} {line.id}: {what or 'its version'}"
