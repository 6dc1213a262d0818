"""Versions of releases, and what changed between two of them."""

import re
from collections.abc import Mapping
from pathlib import Path

from annotate.errors import DataError, UsageError
from annotate.model import GoldSpan
from annotate.release.contents import ReleasedDocument
from annotate.release.reader import Release

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")
Gold = Mapping[str, tuple[ReleasedDocument, ...]]


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


def free(releases: Path, version: str | None) -> str:
    """Give the version to write: the one asked for, or the one that follows the last.

    The first is 0.1.0, then the minor number rises. Raises UsageError for what is no
    version, DataError for one that exists.
    """
    if version is None:
        last = latest(releases)
        major, minor, _ = numbers(last) if last else (0, 0, 0)
        return f"{major}.{minor + 1}.0"
    numbers(version)
    if (releases / version).exists():
        raise DataError(
            f"release {version} exists already and is immutable",
            hint="Name a new version with --version, or leave it out for the next one",
        )
    return version


def changes(version: str, gold: Gold, before: Release | None) -> str:
    """Give CHANGES.md: what came, went and moved since the previous release."""
    if before is None:
        return f"# {version}\n\nThe first release.\n"
    old = {
        item.doc_id: (split, item) for split in before.splits for item in before.documents(split)
    }
    new = {item.doc_id: (split, item) for split, rows in gold.items() for item in rows}
    both = old.keys() & new.keys()
    was, now = _spans(old), _spans(new)
    rows = {
        "documents added": len(new.keys() - old.keys()),
        "documents removed": len(old.keys() - new.keys()),
        "documents in another split": sum(old[key][0] != new[key][0] for key in both),
        "gold spans added": len(now.keys() - was.keys()),
        "gold spans removed": len(was.keys() - now.keys()),
        "gold spans with other values": sum(
            was[key] != now[key] for key in was.keys() & now.keys()
        ),
    }
    lines = [f"- {name}: {count}" for name, count in rows.items()]
    return f"# {version}\n\nSince {before.version}:\n\n" + "\n".join(lines) + "\n"


def _spans(documents: Mapping[str, tuple[str, ReleasedDocument]]) -> dict[str, GoldSpan]:
    return {span.span_id: span for _, item in documents.values() for span in item.spans}
