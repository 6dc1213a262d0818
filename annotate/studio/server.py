"""The embedded Label Studio of one workspace: start, stop, status, logs.

SQLite in the workspace's `studio/` folder, on loopback, without telemetry. The server
outlives the command that starts it.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from annotate.errors import MissingExtra, ServerFault, WrongToken
from annotate.model import Record
from annotate.studio import process, state
from annotate.studio.client import Client
from annotate.studio.state import Credentials, State

Progress = Callable[[str, float], None]

_PATIENCE_S = 300.0
_USUAL_START_S = 12.0
_FULL_DATABASE = 1_392_640  # bytes of a new one when its migrations are through
_SETTINGS = {
    "ENABLE_LEGACY_API_TOKEN": "true",
    "DISABLE_SIGNUP_WITHOUT_LINK": "true",
    "COLLECT_ANALYTICS": "false",
    "LATEST_VERSION_CHECK": "false",
    "CONVERTER_DOWNLOAD_RESOURCES": "false",
    "SENTRY_DSN": "",  # left out it is a live address
    "FRONTEND_SENTRY_DSN": "",
    "SSRF_PROTECTION_ENABLED": "false",  # our own ML backend and webhooks are on loopback
    "ML_BLOCK_LOCAL_IP": "false",
    "WEBHOOK_TIMEOUT": "5",
    "LOG_LEVEL": "WARNING",
    "ALLOWED_HOSTS": f"{process.LOOPBACK},localhost",
}


class StudioStatus(Record, frozen=True, kw_only=True):
    """Where the embedded server stands; `login` is the e-mail, `secrets` the file with the rest.

    `starting` is a process that is there and does not answer yet.
    """

    state: Literal["running", "starting", "stopped"]
    url: str | None = None
    pid: int | None = None
    started: str | None = None
    login: str | None = None
    secrets: str | None = None
    log: str | None = None


def start(
    folder: Path,
    *,
    port: int = 0,
    progress: Progress | None = None,
    patience_s: float = _PATIENCE_S,
) -> StudioStatus:
    """Start the server of that folder, or find it started, and give its status.

    `port` 0 takes the last one again when it is free, else any. Raises MissingExtra,
    NotWritable, and ServerFault when the port is taken or the server ends or stays silent.
    """
    if find_spec("label_studio") is None:
        raise MissingExtra(
            "Label Studio is not installed",
            hint="Install it with `pip install 'annotate-markers[server]'`, "
            "or name a server of your own as [studio] url in annotate.toml",
        )
    state.make(folder)
    with state.one_at_a_time(folder):
        running = _alive(folder)
        if running is None:
            running = _launch(folder, port=_port(folder, port))
        _await(folder, running, progress=progress or _silent, patience_s=patience_s)
    return status(folder)


def stop(folder: Path) -> bool:
    """Stop the server and everything it started; say whether one was running."""
    if not folder.is_dir():
        return False
    with state.one_at_a_time(folder):
        running = _alive(folder)
        if running is None or running.pid is None:
            return False
        process.end(running.pid)
        process.await_free(running.port)
        stopped = running.replace(pid=None, birth=None, started=None)
        state.write(folder / "server.json", stopped)
        return True


def status(folder: Path) -> StudioStatus:
    """Give where the server stands; a dead process or a copied folder is `stopped`."""
    running = _alive(folder)
    if running is None:
        return StudioStatus(state="stopped")
    return StudioStatus(
        state="running" if _answers(folder, running) else "starting",
        url=_url(running),
        pid=running.pid,
        started=running.started,
        login=state.credentials(folder).email,
        secrets=str(folder / "credentials.json"),
        log=str(folder / "server.log"),
    )


def logs(folder: Path, *, lines: int = 50) -> list[str]:
    """Give the last lines that the server wrote; nothing when it never ran."""
    try:
        text = (folder / "server.log").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    return text.splitlines()[-lines:] if lines > 0 else []


def client(folder: Path, *, patience: int = 3) -> Client:
    """Give the admin's client of the running server; raises ServerFault when it is stopped."""
    running = _alive(folder)
    if running is None:
        raise ServerFault(
            "the Label Studio of this workspace is not running",
            hint="Start it with `annotate studio start`",
        )
    return _client(folder, running, patience=patience)


def _client(folder: Path, running: State, *, patience: int) -> Client:
    return Client(
        _url(running),
        state.credentials(folder).token,
        patience=patience,
        when_down="Look into `annotate studio logs`; "
        "`annotate studio stop` and `annotate studio start` begin anew",
        when_refused="Run `annotate studio stop` and `annotate studio start`",
    )


def _url(running: State) -> str:
    return f"http://{process.LOOPBACK}:{running.port}"


def _alive(folder: Path) -> State | None:
    """Give the state when its process is there, and was started here."""
    last = state.read_state(folder)
    if last is None or last.pid is None or not _is_ours(last, folder):
        return None
    return last if process.birth(last.pid) == last.birth is not None else None


def _is_ours(last: State, folder: Path) -> bool:
    return last.host == state.here() and last.folder == str(folder.resolve())


def _port(folder: Path, wanted: int) -> int:
    if wanted:
        if not process.is_free(wanted):
            raise ServerFault(
                f"port {wanted} of {process.LOOPBACK} is taken by another program",
                hint="Take another with `annotate studio start --port N`, "
                "or leave [studio] port out of annotate.toml to have one chosen",
            )
        return wanted
    last = state.read_state(folder)
    return last.port if last and process.is_free(last.port) else process.free_port()


def _launch(folder: Path, *, port: int) -> State:
    launched: list[State] = []

    def write_down(pid: int) -> None:
        launched.append(
            State(
                port=port,
                pid=pid,
                birth=process.birth(pid),
                started=datetime.now(UTC).isoformat(timespec="seconds"),
                host=state.here(),
                folder=str(folder.resolve()),
            )
        )
        state.write(folder / "server.json", launched[0])

    settings = _settings(folder, state.credentials(folder), port=port)
    process.launch(folder, port=port, settings=settings, written=write_down)
    return launched[0]


def _settings(folder: Path, admin: Credentials, *, port: int) -> dict[str, str]:
    """Give the environment that Label Studio reads; nothing secret goes into arguments."""
    chosen = {
        **_SETTINGS,
        "BASE_DATA_DIR": str(folder.resolve()),
        "USERNAME": admin.email,
        "PASSWORD": admin.password,
        "USER_TOKEN": admin.token,
        "CORS_ALLOWED_ORIGINS": f"http://{process.LOOPBACK}:{port}",
    }
    return {f"LABEL_STUDIO_{name}": value for name, value in chosen.items()}


def _await(folder: Path, running: State, *, progress: Progress, patience_s: float) -> None:
    """Wait until the server answers to our token; raises ServerFault when it never will."""
    begun = time.monotonic()
    while not _answers(folder, running):
        waited = time.monotonic() - begun
        _refuse_hopeless(folder, running, waited=waited, patience_s=patience_s)
        progress(*_stage(folder, waited))
        time.sleep(0.25)
    progress("Label Studio answers", 1.0)


def _refuse_hopeless(folder: Path, running: State, *, waited: float, patience_s: float) -> None:
    written = logs(folder)
    if _alive(folder) is None:
        last = next((line.strip() for line in reversed(written) if line.strip()), "not a word")
        raise ServerFault(
            f"Label Studio ended while starting, its last line: {last}",
            hint="Read more with `annotate studio logs`",
        )
    if any(f"Port {running.port} is in use" in line for line in written):
        # It would go on under the next port, unknown to us.
        process.end(running.pid or 0)
        raise ServerFault(
            f"another program took port {running.port} in this moment",
            hint="Run `annotate studio start` again",
        )
    if waited > patience_s:
        raise ServerFault(
            f"Label Studio does not answer after {patience_s:.0f} s",
            hint="Look into `annotate studio logs`, then run `annotate studio stop`",
        )


def _answers(folder: Path, running: State) -> bool:
    try:
        with _client(folder, running, patience=1) as client:
            client.whoami()
    except WrongToken:
        return _adopt_token(folder, running)
    except ServerFault:
        return False
    return True


def _adopt_token(folder: Path, running: State) -> bool:
    """Take the token that the server gave the admin: a first start that was killed set none."""
    admin = state.credentials(folder)
    with _client(folder, running, patience=1) as client:
        token = client.log_in(email=admin.email, password=admin.password)
    if token is None:
        raise WrongToken(
            f"Label Studio at {_url(running)} does not know this workspace's admin",
            hint=f"Move {folder / 'credentials.json'} away, then run `annotate studio stop` "
            "and `annotate studio start`: a new one is made",
        )
    state.write(folder / "credentials.json", admin.replace(token=token))
    return True


def _stage(folder: Path, waited: float) -> tuple[str, float]:
    """Give what goes on and how much of it is done, between 0 and 1."""
    database = folder / state.DATABASE
    size = database.stat().st_size if database.exists() else 0
    if size < _FULL_DATABASE:
        return "Making the database, which a first start does", 0.9 * size / _FULL_DATABASE
    return "Starting Label Studio", min(0.9, waited / _USUAL_START_S)


def _silent(_stage: str, _fraction: float) -> None:
    return
