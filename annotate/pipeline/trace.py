"""`annotate trace`: the story of one gold span, from the rule to the release."""

from pathlib import Path

from annotate import tables
from annotate.errors import DataError
from annotate.model import Record
from annotate.pipeline.train import open_release
from annotate.release.layers import LINEAGE
from annotate.release.lineage import Lineage, told
from annotate.release.reader import Release, load
from annotate.workspace import Workspace


class TraceResult(Record, frozen=True, kw_only=True):
    """A span's lineage in a release; `words` are null where the text is withheld."""

    release: str
    words: str | None
    lineage: Lineage
    lines: tuple[str, ...]


def trace(workspace: Workspace, span_id: str, *, release: str | None = None) -> TraceResult:
    """Give the story of a gold span in a release of the workspace, by default the latest."""
    return traced(open_release(workspace, release).path, span_id)


def traced(path: str | Path, span_id: str) -> TraceResult:
    """Give the story of a gold span in the release of that folder.

    Raises DataError when the release has no such span.
    """
    found = load(path)
    story = _story(found, span_id)
    words = next(
        (
            span.text
            for split in found.splits
            for batch in found.iter_spans(split)
            for span in batch
            if span.span_id == span_id
        ),
        None,
    )
    lines = told(story, words or "text withheld")
    return TraceResult(release=found.version, words=words, lineage=story, lines=tuple(lines))


def _story(found: Release, span_id: str) -> Lineage:
    path = found.path / LINEAGE
    for batch in tables.scan(path, Lineage, size=2_000) if path.is_file() else ():
        for story in batch:
            if story.span_id == span_id:
                return story
    raise DataError(
        f'release {found.version} has no gold span "{span_id}"',
        hint="Ids stand in data/spans/*.parquet, as g-0123456789abcdef",
    )
