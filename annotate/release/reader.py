"""Read a release: typed rows or pandas frames, each file checked against its hash."""

from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from annotate.decode import decode, legal
from annotate.errors import InvalidFile, UsageError
from annotate.model import Record
from annotate.release.contents import (
    LEFT_OUT,
    ReleasedAnnotation,
    ReleasedDocument,
    ReleasedSpan,
    Summary,
)
from annotate.release.sums import SUMS

if TYPE_CHECKING:
    import pandas as pd

R = TypeVar("R", bound=Record)

SUMMARY = "release.json"


class Release:
    """A release on disk; what it holds is read when it is asked for."""

    def __init__(self, path: Path, summary: Summary, sums: dict[str, str]) -> None:
        """Take the folder, its release.json and its hashes by relative path."""
        self.path = path
        self.summary = summary
        self._sums = sums

    @property
    def version(self) -> str:
        """The release's version, such as 0.1.0."""
        return self.summary.version

    @property
    def taxonomy_version(self) -> str:
        """The version of the taxonomy that its spans follow."""
        return self.summary.taxonomy_version

    @property
    def markers(self) -> tuple[str, ...]:
        """The markers that annotators were asked for."""
        return self.summary.markers

    @property
    def splits(self) -> tuple[str, ...]:
        """The splits that it has."""
        return tuple(self.summary.splits)

    @cached_property
    def sha256(self) -> str:
        """The hash of its SHA256SUMS: two releases with the same one hold the same bytes."""
        return sha256((self.path / SUMS).read_bytes()).hexdigest()

    def documents(self, split: str) -> list[ReleasedDocument]:
        """Give the documents of a split, each with its gold spans; raises UsageError."""
        return self._rows("gold", split, ReleasedDocument)

    def annotations(self, split: str) -> list[ReleasedAnnotation]:
        """Give what each annotator submitted for a split, or for `left_out` documents."""
        return self._rows("annotations", split, ReleasedAnnotation)

    @cached_property
    def spans(self) -> list[ReleasedSpan]:
        """The gold spans of all splits."""
        return [span for split in self.splits for span in self._rows("spans", split, ReleasedSpan)]

    def to_frame(self, split: str) -> "pd.DataFrame":
        """Give the documents of a split as a pandas frame."""
        import pandas as pd

        return pd.read_parquet(self._checked("gold", self._known(split)))

    def _rows(self, layer: str, split: str, record: type[R]) -> list[R]:
        from annotate import tables

        name = self._known(split)
        if _file(layer, name) not in self._sums:
            return []
        return tables.read(self._checked(layer, name), record)

    def _known(self, split: str) -> str:
        if split != LEFT_OUT and split not in self.splits:
            raise UsageError("split " + legal(split, self.splits), hint="Choose one of these")
        return split

    def _checked(self, layer: str, split: str) -> Path:
        name = _file(layer, split)
        path = self.path / name
        found = sha256(path.read_bytes()).hexdigest() if path.is_file() else None
        if found != self._sums.get(name):
            raise _changed(path)
        return path


def load(path: str | Path) -> Release:
    """Give the release in that folder; raises InvalidFile when it is none."""
    folder = Path(path)
    if not (folder / SUMMARY).is_file() or not (folder / SUMS).is_file():
        raise InvalidFile(
            f"{folder}: not a release: release.json or SHA256SUMS is not there",
            hint="Name a folder such as releases/0.1.0",
        )
    try:
        said = (folder / SUMMARY).read_bytes()
        content = msgspec.json.decode(said)
        sums = _sums((folder / SUMS).read_text(encoding="utf-8"))
    except (msgspec.DecodeError, ValueError) as error:
        raise InvalidFile(
            f"{folder}: release.json or SHA256SUMS cannot be read: {error}",
            hint="Restore the release from a copy",
        ) from error
    if sha256(said).hexdigest() != sums.get(SUMMARY):
        raise _changed(folder / SUMMARY)
    return Release(folder, decode(content, Summary, place=f"{folder.name}/{SUMMARY}"), sums)


def _changed(path: Path) -> InvalidFile:
    return InvalidFile(
        f"{path}: missing, or not what {SUMS} says",
        hint="Restore the release from a copy; a release is never edited",
    )


def _sums(text: str) -> dict[str, str]:
    pairs = (line.split("  ", 1) for line in text.splitlines())
    return {name: digest for digest, name in pairs}


def _file(layer: str, split: str) -> str:
    return f"data/{layer}/{split}-00000-of-00001.parquet"
