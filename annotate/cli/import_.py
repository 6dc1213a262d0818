"""`annotate import`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import Directory, DryRun, Json, Wait, listed, opened, show, some

if TYPE_CHECKING:
    from annotate.pipeline.import_ import ImportResult


def import_(
    form: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT",
            help="label-studio, polnear, jsonl, doccano, brat, ptc, w3c, docbin, bio or conll2010.",
        ),
    ],
    path: Annotated[Path, typer.Argument(help="The exported file or folder.", readable=False)],
    text: Annotated[
        str | None,
        typer.Option(
            metavar="KEY", help="The key of the text in a task's data.", show_default="a usual one"
        ),
    ] = None,
    label: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="THEIRS=OURS", help="A label and its marker; repeatable."),
    ] = None,
    person: Annotated[
        list[str] | None,
        typer.Option(
            metavar="THEIRS=OURS",
            help="A user's number or e-mail address, and the annotator's name; repeatable.",
        ),
    ] = None,
    markers_only: Annotated[
        bool, typer.Option("--markers-only", help="Refuse labels that are no markers.")
    ] = False,
    directory: Directory = None,
    dry_run: DryRun = False,
    wait: Wait = False,
    as_json: Json = False,
) -> None:
    """Take in what others annotated, to measure it or to go on with it."""
    from annotate.pipeline.import_ import import_ as stage

    result = stage(
        opened(directory),
        form,
        path,
        text=text,
        labels=_pairs("--map", label),
        people=_pairs("--person", person),
        markers_only=markers_only,
        dry_run=dry_run,
        wait=wait,
    )

    show(result, as_json=as_json, render=lambda: _rendered(result))


def _rendered(result: "ImportResult") -> Iterator[str]:
    yield from listed(
        [
            ("new documents", result.documents),
            ("known before", result.known),
            ("annotations", result.annotations),
            ("  added", result.added),
            ("  changed", result.changed),
            ("  skipped", result.skipped),
            ("  without a span", result.empty),
            ("spans", result.spans),
            *((f"  {name}", count) for name, count in result.labels.items()),
            ("merged", len(result.merged)),
            ("rejected", len(result.rejects)),
        ]
    )
    yield from some(tuple(f"{item.place}: {item.reason}" for item in result.rejects))
    yield from some(tuple(f"left aside: {count} {kind}" for kind, count in result.ignored.items()))
    yield from some(tuple(f"{theirs} is {name}" for theirs, name in result.people.items()))
    yield from some(tuple(f"note: {line}" for line in result.notes))


def _pairs(option: str, given: list[str] | None) -> dict[str, str]:
    from annotate.errors import UsageError

    pairs = {}
    for item in given or []:
        theirs, _, ours = item.rpartition("=")
        if not theirs or not ours:
            raise UsageError(f"{option} {item}: no pair", hint=f"Write it as {option} THEIRS=OURS")
        pairs[theirs] = ours
    return pairs
