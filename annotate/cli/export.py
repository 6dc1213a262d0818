"""`annotate export`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import DryRun, Json, listed, show, some


def export(
    form: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT",
            help="jsonl, label-studio, docbin, bio, ptc, brat, doccano or w3c.",
        ),
    ],
    release: Annotated[Path, typer.Argument(help="A folder such as releases/0.1.0.")],
    out: Annotated[Path, typer.Option(help="The folder to make.")],
    split: Annotated[
        list[str] | None, typer.Option(help="This split only; repeatable.", show_default="all")
    ] = None,
    marker: Annotated[
        list[str] | None, typer.Option(help="This marker only; repeatable.", show_default="all")
    ] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Write a release in another tool's format, and say what that cannot hold."""
    from annotate import pipeline

    result = pipeline.export(
        form, release, out=out, splits=split or (), markers=marker or (), dry_run=dry_run
    )

    def render() -> Iterator[str]:
        report = result.report
        yield from listed(
            [
                ("export", result.path),
                ("files", result.files),
                *((f"split {name}", count) for name, count in report.splits.items()),
                ("spans", report.spans),
                ("lost", "nothing" if report.lossless else "see LOSS.json"),
            ]
        )
        for title, found in (("lost", report.lost), ("left out", report.left_out)):
            yield from some(
                tuple(f"{title}: {it.what}: {it.count} in {it.documents} documents" for it in found)
            )
        if not result.written:
            yield "nothing written: " + ("a dry run" if dry_run else "it is there already")

    show(result, as_json=as_json, render=render)
