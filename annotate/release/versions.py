"""Versions of releases: which there are, and which one comes next."""

import re
from pathlib import Path

from annotate.errors import DataError, UsageError
from annotate.release.differences import Kind

_VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")
FIRST = "0.1.0"


def numbers(version: str) -> tuple[int, ...]:
    """Give the three numbers of a version; raises UsageError for anything else."""
    match = _VERSION.fullmatch(version)
    if match is None:
        raise UsageError(f'version "{version}" is not like 1.2.0', hint="Give three numbers")
    return tuple(int(part) for part in match.groups())


def latest(releases: Path) -> str | None:
    """Give the highest version in the folder of releases, or None."""
    names = [path.name for path in releases.glob("*") if _VERSION.fullmatch(path.name)]
    return max(names, key=numbers, default=None)


def following(last: str, kind: Kind) -> str:
    """Give the version that follows: the number of that kind rises, those behind it fall to 0."""
    major, minor, patch = numbers(last)
    if kind == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if kind == "minor" else f"{major}.{minor}.{patch + 1}"


def free(releases: Path, kind: Kind) -> str:
    """Give the version that follows the latest one of the folder; the first is 0.1.0."""
    last = latest(releases)
    return following(last, kind) if last else FIRST


def refuse_taken(releases: Path, version: str) -> None:
    """Raise UsageError for what is no version, DataError for one that exists."""
    numbers(version)
    if (releases / version).exists():
        raise DataError(
            f"release {version} exists already and is immutable",
            hint="Name a new version with --version, or leave it out for the next one",
        )
