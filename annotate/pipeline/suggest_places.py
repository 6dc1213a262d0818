"""Where tables of parts are read and written: a folder here, or any URL that fsspec opens.

Every place is held as a URL, also a path of this machine: `file:///...` is plain ASCII
whatever the path, so that it goes to other processes as it is.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote

from annotate import files
from annotate.errors import EnvironmentFault, InvalidFile, MissingExtra, UsageError

_LOCAL = "file://"
_HIDDEN = ("_", ".")


def place(named: str | Path) -> str:
    """Give the URL of what a user names: a path, `file://` and a path, or another URL."""
    text = str(named)
    if "://" in text and not text.startswith(_LOCAL):
        return text.rstrip("/")
    return Path(text.removeprefix(_LOCAL)).absolute().as_uri()


def local(url: str) -> Path | None:
    """Give the path behind a URL of this machine's files, else None."""
    if not url.startswith(_LOCAL):
        return None
    return Path(unquote(url.removeprefix(_LOCAL), errors="surrogateescape"))


def shown(url: str) -> str:
    """Give a place as a user would name it."""
    return str(local(url) or url)


def label(url: str) -> str:
    """Name a part with its table, as messages do: every part has its number only."""
    return "/".join(shown(url).split("/")[-2:])


def within(url: str, name: str) -> str:
    """Give the URL of a part inside a folder."""
    path = local(url)
    return (path / name).as_uri() if path else f"{url}/{name}"


def parquet_files(url: str) -> list[str]:
    """Give the URLs of the Parquet files in a folder and below, sorted, or of the one file.

    Raises UsageError when there is nothing of that name, MissingExtra, EnvironmentFault.
    """
    found = _local_files(url) if local(url) else _remote_files(url)
    if found is None:
        raise UsageError(
            f"{shown(url)}: no such file or folder", hint="Name a folder of Parquet parts"
        )
    return sorted(found)


def _local_files(url: str) -> list[str] | None:
    root = local(url) or Path()
    if root.is_file():
        return [url]
    if not root.is_dir():
        return None
    return [
        path.as_uri()
        for path in root.rglob("*.parquet")
        if path.is_file() and not _is_hidden(str(path.relative_to(root)))
    ]


def _remote_files(url: str) -> list[str] | None:
    system, root = _system(url)
    with _answering(url):
        if not system.exists(root):
            return None
        if system.isfile(root):
            return [url]
        paths = [str(path) for path in system.find(root)]
        return [
            str(system.unstrip_protocol(path))
            for path in paths
            if path.endswith(".parquet") and not _is_hidden(path.removeprefix(root).strip("/"))
        ]


def _is_hidden(relative: str) -> bool:
    """Tell whether Spark or an unfinished write keeps something of its own there."""
    return any(piece.startswith(_HIDDEN) for piece in relative.split("/"))


@contextmanager
def reading(url: str) -> "Iterator[Path | BinaryIO]":
    """Give what Parquet is read from; raises InvalidFile when it is not there."""
    path = local(url)
    if path is not None:
        yield path
        return
    system, name = _system(url)
    try:
        with _answering(url):
            file = system.open(name, "rb")
    except FileNotFoundError as error:
        raise InvalidFile(f"{label(url)}: no such file", hint="Restore it from a copy") from error
    with file:
        yield file


@contextmanager
def replacing(url: str) -> "Iterator[BinaryIO]":
    """Give a file to write that takes the place of the one at `url` when all is written.

    Raises NotWritable when a disk of this machine does not take it.
    """
    path = local(url)
    if path is not None:
        with files.explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with files.replacing(path) as file:
                yield file
        return
    held = io.BytesIO()
    yield held
    system, name = _system(url)
    folder, _, last = name.rpartition("/")
    temporary = f"{folder}/.{last}.part"
    with _answering(url):
        system.makedirs(folder, exist_ok=True)
        system.pipe_file(temporary, held.getvalue())
        system.mv(temporary, name)


def exists(url: str) -> bool:
    """Tell whether there is something at the URL."""
    path = local(url)
    if path is not None:
        return path.exists()
    system, name = _system(url)
    with _answering(url):
        return bool(system.exists(name))


def _system(url: str) -> tuple[Any, str]:
    """Give fsspec's file system for a URL, and the path in it."""
    protocol = url.partition("://")[0]
    try:
        from fsspec.core import url_to_fs

        system, name = url_to_fs(url)
    except ImportError as error:
        raise MissingExtra(
            f"{url}: {protocol} needs a package that is not installed: {error}",
            hint="Run `pip install 'annotate-markers[scale]'` and what the line names",
        ) from error
    except ValueError as error:
        raise UsageError(
            f"{url}: {error}", hint="Write a path, or a URL such as s3://bucket/folder"
        ) from error
    return system, str(name)


@contextmanager
def _answering(url: str) -> Iterator[None]:
    """Turn whatever a remote file system raises into one line; each has errors of its own."""
    try:
        yield
    except FileNotFoundError:
        raise
    except Exception as error:
        raise EnvironmentFault(
            f"{url}: {str(error) or type(error).__name__}",
            hint="See that the address is right, and that this machine may read and write there",
        ) from error
