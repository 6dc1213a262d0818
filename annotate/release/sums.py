"""The sums over a release's files."""

from collections.abc import Mapping
from hashlib import file_digest, sha256
from pathlib import Path

SUMS = "SHA256SUMS"


def sums(folder: Path) -> dict[str, str]:
    """Give the sha256 of every file of a folder but SHA256SUMS, in order of their paths.

    What is no file, such as a link to nowhere, has an empty sum.
    """
    names = sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()
    )
    return {name: _sum(folder / name) for name in names if name != SUMS}


def _sum(path: Path) -> str:
    return sha256_of_file(path) if path.is_file() else ""


def sha256_of_file(path: Path) -> str:
    """Give the sha256 of a file, read block by block."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def sha256_of(content: bytes) -> str:
    """Give the sha256 of bytes."""
    return sha256(content).hexdigest()


def written(digests: Mapping[str, str]) -> str:
    """Give the text of SHA256SUMS, as `sha256sum` writes it."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))


def read(text: str) -> dict[str, str]:
    """Give the sums that a SHA256SUMS lists by name; raises ValueError for other lines."""
    pairs = (line.split("  ", 1) for line in text.splitlines())
    return {name: digest for digest, name in pairs}
