"""Write a release: every file, or nothing; a version that exists is never touched."""

import os
import shutil
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from annotate.errors import NotWritable

SUMS = "SHA256SUMS"


def with_sums(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give the files in order of their paths, and SHA256SUMS over them."""
    ordered = dict(sorted(files.items()))
    lines = [f"{sha256(content).hexdigest()}  {name}\n" for name, content in ordered.items()]
    return {**ordered, SUMS: "".join(lines).encode()}


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files as the release `folder`.

    They are written beside it under a temporary name and renamed together: a reader or a
    crash sees the whole release or none. Raises NotWritable when the disk does not take it.
    """
    temporary = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(temporary, ignore_errors=True)
        for name, content in files.items():
            _write_file(temporary / name, content)
        temporary.rename(folder)
        _flush_folder(folder.parent)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise NotWritable(
            f"{folder}: cannot be written: {(error.strerror or str(error)).lower()}",
            hint="Give the folder write permission or space",
        ) from error


def _write_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
