"""`annotate diff`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import Directory, Json, directory_or_here, show, some

if TYPE_CHECKING:
    from annotate.release.diff import DocumentChange


def diff(
    before: Annotated[str, typer.Argument(help="A release's version or folder.")],
    after: Annotated[str, typer.Argument(help="The later one.")],
    directory: Directory = None,
    as_json: Json = False,
) -> None:
    """Say what differs between two releases: documents, spans, labels, by whom and why."""
    from annotate import pipeline
    from annotate.release.differences import lines

    folder = directory_or_here(directory) / "releases"
    result = pipeline.diff(_found(before, folder), _found(after, folder))

    def render() -> Iterator[str]:
        yield f"{result.before} to {result.after}"
        yield from lines(result.counts)
        yield from some(tuple(_line(change) for change in result.documents))

    def _line(change: "DocumentChange") -> str:
        where = f"{change.was or 'not there'} to {change.now or 'not there'}"
        spans = ", ".join(f"{it.what} {it.marker} {it.start}-{it.end}" for it in change.spans)
        said = ", ".join(change.fields)
        moved = where if change.was != change.now else change.now or ""
        return "; ".join(part for part in (f"{change.doc_id}: {moved}", spans, said) if part)

    show(result, as_json=as_json, render=render)


def _found(named: str, releases: Path) -> Path:
    """Give the folder of a version of the workspace, or the folder that is named."""
    return releases / named if (releases / named).is_dir() else Path(named)
