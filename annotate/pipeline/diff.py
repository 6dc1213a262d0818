"""`annotate diff`: what differs between two releases."""

from collections.abc import Iterator
from pathlib import Path

from annotate.model import Record
from annotate.release import load
from annotate.release.diff import DocumentChange, changes
from annotate.release.differences import Differences, counted, meaning


class DiffResult(Record, frozen=True, kw_only=True):
    """What differs from release `before` to release `after`, counted and one by one."""

    before: str
    after: str
    counts: Differences
    documents: tuple[DocumentChange, ...]


def diff(before: str | Path, after: str | Path) -> DiffResult:
    """Compare the releases in two folders, document by document.

    Memory grows with what differs, not with the releases. Raises InvalidFile where there is
    no release.
    """
    first, second = load(before), load(after)
    documents: list[DocumentChange] = []

    def kept() -> Iterator[DocumentChange]:
        for change in changes(first, second):
            documents.append(change)
            yield change

    counts = counted(kept(), meaning=meaning(first.summary, second.summary))
    return DiffResult(
        before=first.version, after=second.version, counts=counts, documents=tuple(documents)
    )
