"""The server as a process of the operating system: launched, recognised, ended."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from annotate.errors import ServerFault

LOOPBACK = "127.0.0.1"
_POLITE_S = 10.0
_HARD_S = 5.0
_RELEASE_S = 2.0
_LAUNCH = Path(__file__).with_name("launch.py")
# What a program needs of its surroundings. All else stays out: Label Studio also reads
# plain names such as HOST, PORT, DEBUG and USERNAME.
_PASSED_ON = frozenset(
    {
        *("PATH", "HOME", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"),
        *("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
    }
)
# A child that has ended stays a zombie, which looks alive, until its parent asks for it.
_children: dict[int, subprocess.Popen[bytes]] = {}


def launch(
    folder: Path, *, port: int, settings: dict[str, str], written: Callable[[int], None]
) -> int:
    """Start the server in a session of its own and give its process id.

    `written` gets the id before the server does anything, so that a start which is
    killed at any moment leaves no server that nobody knows of.
    """
    passed_on = {name: value for name, value in os.environ.items() if name in _PASSED_ON}
    arguments = ["start", "--no-browser", "--internal-host", LOOPBACK, "--port", str(port)]
    wait_end, go_end = os.pipe()
    with os.fdopen(go_end, "wb", buffering=0) as go, os.fdopen(wait_end) as wait:
        with _new_log(folder) as log:
            child = subprocess.Popen(  # noqa: S603 - our own interpreter and file, no shell
                [sys.executable, "-P", str(_LAUNCH), *arguments],
                cwd=folder,
                env={**passed_on, **settings, "PYTHONUNBUFFERED": "1"},
                stdin=wait,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=0o077,
            )
        _children[child.pid] = child
        written(child.pid)
        with suppress(BrokenPipeError):
            go.write(b"\n")
    return child.pid


def _new_log(folder: Path) -> BinaryIO:
    path = folder / "server.log"
    if path.exists():
        path.replace(folder / "server.previous.log")
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb")


def birth(pid: int) -> str | None:
    """Give when the process of that id began, in the system's own terms; None when it is gone.

    Ids are used again; the id and its birth together name one process.
    """
    child = _children.get(pid)
    if child is not None and child.poll() is not None:
        return None
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None if Path("/proc/self/stat").exists() else _birth_by_ps(pid)
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in {"Z", "X"} else f"{fields[19]}@{_boot()}"


def _boot() -> str:
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text(encoding="ascii").strip() if path.exists() else ""


def _birth_by_ps(pid: int) -> str | None:
    answer = subprocess.run(  # noqa: S603 - fixed program, a number as argument, no shell
        ["/bin/ps", "-o", "state=,lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return None if not answer or answer.startswith("Z") else answer.partition(" ")[2].strip()


def end(pid: int) -> None:
    """End the server and everything it started: politely, then hard; give back when gone.

    Raises ServerFault when it can not be ended.
    """
    for signal_number, patience in ((signal.SIGTERM, _POLITE_S), (signal.SIGKILL, _HARD_S)):
        try:
            os.killpg(pid, signal_number)
        except ProcessLookupError:
            break
        except PermissionError:
            raise ServerFault(
                f"process {pid} belongs to another user", hint="Stop it as that user"
            ) from None
        if _gone(pid, patience):
            break
    else:
        raise ServerFault(f"process {pid} does not end", hint=f"End it with `kill -9 {pid}`")
    child = _children.pop(pid, None)
    if child is not None:
        child.wait()


def _gone(pid: int, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while birth(pid) is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def is_free(port: int) -> bool:
    """Say whether nothing listens on that port of this machine's loopback."""
    with socket.socket() as probe:
        # As the server does it, so that a port is free again right after a stop.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def await_free(port: int) -> None:
    """Wait for the port of a server that has just ended; its threads hold it a moment longer."""
    deadline = time.monotonic() + _RELEASE_S
    while not is_free(port) and time.monotonic() < deadline:
        time.sleep(0.02)


def free_port() -> int:
    """Give a port of the loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
