"""Files that are written whole or not at all, and the lock that keeps writers apart."""

import os
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from annotate.errors import NotWritable, WorkspaceLocked


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write: a temporary one in the same folder, at the end flushed and renamed.

    When the block fails, the file at `path` stays as it was and the temporary one is gone.
    """
    temporary = path.with_name(f".{path.name}.{socket.gethostname()}-{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _flush(path.parent)


def as_json(value: object) -> bytes:
    """Give a value as JSON that people can read, too: indented, and ended by a line end."""
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def write_atomically(path: Path, data: bytes | BinaryIO) -> None:
    """Write under a temporary name in the same folder, flush to disk, rename."""
    with replacing(path) as file:
        _copy(data, file)


def write_folder(folder: Path, content: Mapping[str, bytes]) -> None:
    """Write files as one folder, whole or not at all; a folder that is there is replaced.

    Raises NotWritable when the disk does not take it.
    """
    with building(folder) as temporary:
        for name, data in content.items():
            (temporary / name).parent.mkdir(parents=True, exist_ok=True)
            (temporary / name).write_bytes(data)
        publish(temporary, folder)


@contextmanager
def building(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside `folder`, under a temporary name, to build content in.

    It is gone at the end: what shall stay is moved out by `publish`. A crash leaves it for
    `remove_unfinished`. Raises NotWritable when the disk does not take what the block writes.
    """
    temporary = folder.with_name(f".{folder.name}.part")
    with explained(folder):
        _restore(folder)
        try:
            shutil.rmtree(temporary, ignore_errors=True)
            temporary.mkdir(parents=True)
            yield temporary
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def publish(built: Path, folder: Path) -> None:
    """Flush a built folder to disk and rename it to `folder`; one that is there is replaced.

    Where a crash came between the two renames, the old folder stands aside as `.NAME.old`,
    and the next write begins by putting it back.
    """
    try:
        for path in built.rglob("*"):
            _flush(path)
        _flush(built)
        if folder.exists():
            folder.rename(_aside(folder))
        built.rename(folder)
        _flush(folder.parent)
    finally:
        _restore(folder)


def _aside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


def _restore(folder: Path) -> None:
    """Put the old folder back where the new one never came; otherwise it is done with."""
    aside = _aside(folder)
    if aside.exists() and not folder.exists():
        aside.rename(folder)
    shutil.rmtree(aside, ignore_errors=True)


def _copy(data: bytes | BinaryIO, file: BinaryIO) -> None:
    if isinstance(data, bytes):
        file.write(data)
    else:
        shutil.copyfileobj(data, file)


def _flush(path: Path) -> None:
    """Flush a file, or a folder's list of names, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
