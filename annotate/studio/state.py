"""The files of an embedded server: owner-only, written whole or not at all."""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from annotate.errors import InvalidFile, NotWritable
from annotate.files import as_json
from annotate.model import Record

R = TypeVar("R", bound=Record)

ADMIN = "lead@annotate.invalid"
DATABASE = "label_studio.sqlite3"


class Credentials(Record, frozen=True, kw_only=True):
    """The embedded server's admin: `studio/credentials.json`."""

    email: str
    password: str
    token: str

    def __repr__(self) -> str:
        """Name the account and keep its secrets out of logs."""
        return f"Credentials({self.email!r})"


class State(Record, frozen=True, kw_only=True):
    """Which server was started last: `studio/server.json`.

    `pid` is None after a stop; `birth` tells the process from a later one of the same id;
    `host` and `folder` tell a copied or moved workspace from the one that was started.
    """

    port: int
    pid: int | None = None
    birth: str | None = None
    started: str | None = None
    host: str
    folder: str


def here() -> str:
    """Give the name of this machine."""
    return socket.gethostname()


def read_state(folder: Path) -> State | None:
    """Give the state, or None when no server was started or the file says nothing."""
    try:
        return read(folder / "server.json", State)
    except InvalidFile:
        return None  # it holds nothing that a start does not find out again


def credentials(folder: Path) -> Credentials:
    """Give the admin's credentials; random ones are made and kept the first time.

    When the file was lost they are a second admin's: the database keeps the first one's.
    """
    path = folder / "credentials.json"
    known = read(path, Credentials)
    if known is None:
        lost = (folder / DATABASE).exists()
        email = f"lead-{secrets.token_hex(3)}@annotate.invalid" if lost else ADMIN
        password, token = secrets.token_urlsafe(18), secrets.token_hex(20)
        known = Credentials(email=email, password=password, token=token)
        write(path, known)
    return known


def read(path: Path, kind: type[R]) -> R | None:
    """Give a file as a record, or None when there is none; raises InvalidFile."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError:
        raise InvalidFile(
            f"{path} is damaged", hint="Restore it from a copy of the workspace"
        ) from None
    except OSError as error:
        raise _not_allowed(path, error) from error


def write(path: Path, record: Record) -> None:
    """Write a record for the owner's eyes only, whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    with writing(path):
        temporary.unlink(missing_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(as_json(record))
            file.flush()
            os.fsync(descriptor)
        temporary.replace(path)


def make(folder: Path) -> None:
    """Make the folder if need be, and close it to everyone but the owner, and to Git."""
    with writing(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        ignored = folder / ".gitignore"
        if not ignored.exists():
            ignored.touch(mode=0o600)
            ignored.write_text("*\n", encoding="ascii")


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Let one start, stop or making of accounts after the other go on in a folder."""
    import fcntl

    with writing(folder):
        descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what a full disk or a read-only folder says into NotWritable."""
    try:
        yield
    except OSError as error:
        raise _not_allowed(path, error) from error


def _not_allowed(path: Path, error: OSError) -> NotWritable:
    reason = (error.strerror or str(error)).lower()
    return NotWritable(
        f"{path}: {reason}", hint="Give yourself the right to read and write the studio folder"
    )
