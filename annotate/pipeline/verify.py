"""`annotate verify`: whether a release is whole and says what its own files say."""

from pathlib import Path

from annotate.model import Record
from annotate.release.verify import Problem, problems


class VerifyResult(Record, frozen=True, kw_only=True):
    """What is wrong with the release in a folder; nothing where `problems` is empty."""

    path: str
    problems: tuple[Problem, ...]


def verify(path: str | Path) -> VerifyResult:
    """Check sums, schemas, offsets, quotes, splits, counts and the leakage certificate.

    Raises InvalidFile when there is no release in that folder.
    """
    return VerifyResult(path=str(path), problems=tuple(problems(Path(path))))
