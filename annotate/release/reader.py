"""Read a release: typed rows or pandas frames, each file checked against its hash."""

from collections.abc import Iterator
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from annotate.decode import decode, legal
from annotate.errors import InvalidFile, UsageError
from annotate.release import sums
from annotate.release.contents import (
    FORMAT,
    LEFT_OUT,
    ReleasedAnnotation,
    ReleasedDocument,
    ReleasedSpan,
    Summary,
)
from annotate.release.converters import bio_of, datasets_of, docbin_of
from annotate.release.layers import RECORDS, Layers, parquet_file
from annotate.release.sums import SUMS

if TYPE_CHECKING:
    import pandas as pd
    from datasets import DatasetDict
    from spacy.language import Language
    from spacy.tokens import DocBin

CARD = "README.md"
CHANGES = "CHANGES.md"
LEAKAGE = "leakage.json"
SUMMARY = "release.json"


class Release(Layers):
    """A release on disk; what it holds is read when it is asked for.

    A split of any method but `iter_…` is read whole; those give it some rows at a time, in
    memory that does not grow with the split.
    """

    def __init__(self, path: Path, summary: Summary, digests: dict[str, str]) -> None:
        """Take the folder, its release.json and its hashes by relative path."""
        super().__init__(path, summary.splits)
        self.summary = summary
        self.sums = digests
        self._right: set[str] = set()

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

    @cached_property
    def sha256(self) -> str:
        """The hash of its SHA256SUMS: two releases with the same one hold the same bytes."""
        return sums.sha256_of_file(self.path / SUMS)

    def documents(self, split: str) -> list[ReleasedDocument]:
        """Give the documents of a split, each with its gold spans; raises UsageError."""
        return list(chain.from_iterable(self.iter_documents(split)))

    def annotations(self, split: str) -> list[ReleasedAnnotation]:
        """Give what each annotator submitted for a split, or for `left_out` documents."""
        return list(chain.from_iterable(self.iter_annotations(split)))

    @cached_property
    def spans(self) -> list[ReleasedSpan]:
        """The gold spans of all splits."""
        batches = chain.from_iterable(map(self.iter_spans, self.splits))
        return list(chain.from_iterable(batches))

    def to_frame(self, split: str, layer: str = "gold") -> "pd.DataFrame":
        """Give a split of a layer (`gold`, `annotations`, `spans`) as a pandas frame.

        Raises UsageError for a split or layer that is not known.
        """
        import pandas as pd

        from annotate import tables

        record = RECORDS.get(layer)
        if record is None:
            raise UsageError("layer " + legal(layer, RECORDS), hint="Choose one of these")
        path = self.file(layer, split)
        if path is not None:
            return pd.read_parquet(path)
        empty: pd.DataFrame = tables.to_table([], record).to_pandas()
        return empty

    def to_hf(self, layer: str = "gold") -> "DatasetDict":
        """Give a layer as `datasets` has it: the splits that have rows, by name.

        Raises UsageError for a layer that is not known, MissingExtra without `datasets`.
        """
        return datasets_of(self, layer)

    def to_spacy(self, split: str, *, nlp: "Language | None" = None) -> "DocBin":
        """Give a split as a DocBin, gold spans in `doc.spans["sc"]` to the character.

        Tokens are those of `nlp`, or of the language's blank pipeline, cut where a span begins
        or ends inside one. Documents whose text is withheld stay out, and a warning counts
        them. Raises UsageError for a split that is not known, NothingToDo where all texts are
        withheld, MissingExtra without spaCy.
        """
        return docbin_of(self, split, nlp)

    def to_bio(self, split: str, marker: str) -> Iterator[str]:
        """Give the CoNLL lines of each document: token, start, end and BIO tag of one marker.

        The strings one after the other are the file that `annotate export bio` writes. Spans
        that tags cannot say, and documents whose text is withheld, stay out; a warning counts
        them. Raises UsageError for a split or marker that is not known, NothingToDo where all
        texts are withheld.
        """
        return bio_of(self, split, marker)

    def file(self, layer: str, split: str) -> Path | None:
        """Give the Parquet file of a split, checked against its hash once; None without rows.

        Raises UsageError for a split that it has not, InvalidFile for a file that changed.
        """
        if split != LEFT_OUT and split not in self.splits:
            raise UsageError("split " + legal(split, self.splits), hint="Choose one of these")
        name = parquet_file(layer, split)
        path = self.path / name
        if name not in self.sums:
            return None
        if name not in self._right:
            found = sums.sha256_of_file(path) if path.is_file() else None
            if found != self.sums[name]:
                raise _changed(path)
            self._right.add(name)
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
        digests = sums.read((folder / SUMS).read_text(encoding="utf-8"))
    except (msgspec.DecodeError, ValueError) as error:
        raise InvalidFile(
            f"{folder}: release.json or SHA256SUMS cannot be read: {error}",
            hint="Restore the release from a copy",
        ) from error
    if sums.sha256_of(said) != digests.get(SUMMARY):
        raise _changed(folder / SUMMARY)
    _refuse_newer(folder, content)
    return Release(folder, decode(content, Summary, place=f"{folder.name}/{SUMMARY}"), digests)


def _refuse_newer(folder: Path, content: object) -> None:
    found = content.get("format") if isinstance(content, dict) else None
    if isinstance(found, int) and found > FORMAT:
        raise InvalidFile(
            f"{folder}: release format {found} is newer than this program knows ({FORMAT})",
            hint="Upgrade with `pip install --upgrade annotate-markers`",
        )


def _changed(path: Path) -> InvalidFile:
    return InvalidFile(
        f"{path}: missing, or not what {SUMS} says",
        hint="Restore the release from a copy; a release is never edited",
    )
