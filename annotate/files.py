"""Files that are written whole or not at all, and the lock that keeps writers apart."""

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from annotate.errors import NotWritable, WorkspaceLocked


def write_atomically(path: Path, data: bytes | BinaryIO) -> None:
    """Write under a temporary name in the same folder, flush to disk, rename."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            if isinstance(data, bytes):
                file.write(data)
            else:
                shutil.copyfileobj(data, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def remove_unfinished(folder: Path) -> None:
    """Remove what a killed writer left in a folder and in those below it, under its lock."""
    for left in (*folder.glob(".*.part"), *folder.glob("*/.*.part")):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            with suppress(OSError):
                left.unlink()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the system's refusal to write at `path` into NotWritable."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise NotWritable(
            f"{path}: cannot be written: {reason}",
            hint="Give the folder write permission or space, or name another with -C DIR",
        ) from error


@contextmanager
def locked(path: Path, *, holder: str, wait: bool) -> Iterator[None]:
    """Hold the lock file at `path` as `holder`.

    Raises WorkspaceLocked naming who holds it, unless `wait` is set; NotWritable.
    """
    import fcntl

    with explained(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            other = os.pread(descriptor, 500, 0).decode(errors="replace").strip()
            raise WorkspaceLocked(
                f"{path.parent} is being written by {other or 'another process'}",
                hint="Wait for it to end, or run the command with --wait",
            ) from error
        named = f"{holder} (process {os.getpid()} on {socket.gethostname()})"
        with explained(path):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, named.encode(), 0)
        yield
    finally:
        os.close(descriptor)
