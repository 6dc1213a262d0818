"""`annotate guide`: the taxonomy becomes the annotators' handbook."""

from pathlib import Path

from annotate import taxonomy
from annotate.errors import NotWritable
from annotate.model import Record
from annotate.workspace import Workspace


class GuideResult(Record, frozen=True, kw_only=True):
    """The files that were written."""

    files: tuple[str, ...]


def guide(workspace: Workspace | None, *, output: Path | None = None) -> GuideResult:
    """Write guide.html and guide.md, into the workspace's reports/ unless `output` is given.

    Without a workspace the guide is of all markers, in the current folder.
    """
    from annotate.report.guide import render_guide

    markers = workspace.taxonomy if workspace else taxonomy.load()
    folder = output or (workspace.path("reports") if workspace else Path())
    rendered = render_guide(markers)
    files = {folder / "guide.html": rendered.html, folder / "guide.md": rendered.markdown}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in files.items():
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise NotWritable(
            f"{folder}: cannot be written: {(error.strerror or str(error)).lower()}",
            hint="Name another folder",
        ) from error
    return GuideResult(files=tuple(str(path) for path in files))
