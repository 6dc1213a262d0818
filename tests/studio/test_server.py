"""The embedded server: started, recognised, stopped, and what can go wrong with it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annotate.errors import MissingExtra, NotWritable, ServerFault
from annotate.studio import process, server, state
from annotate.studio.state import State

SLEEPER = "import time\nprint('here', flush=True)\ntime.sleep(60)\n"


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tests that launch scripts of their own run without the extra too."""
    monkeypatch.setattr(server, "find_spec", lambda _: True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "studio"
    state.make(path)
    return path


@pytest.fixture
def copied(studio_template: Path, folder: Path) -> Iterator[Path]:
    """Give a folder with a finished database; its server is stopped at the end."""
    for name in (state.DATABASE, ".env", "credentials.json"):
        shutil.copy2(studio_template / name, folder / name)
    try:
        yield folder
    finally:
        server.stop(folder)


def written(place: Path, **changes: object) -> None:
    """Write a state that names this very process, with the changes."""
    known = State(
        port=process.free_port(),
        pid=os.getpid(),
        birth=process.birth(os.getpid()),
        host=state.here(),
        folder=str(place.resolve()),
    )
    state.write(place / "server.json", known.replace(**changes))


def instead(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Let a script of ours stand where Label Studio would be launched."""
    path = folder / "launch.py"
    path.write_text(script)
    monkeypatch.setattr(process, "_LAUNCH", path)


def test_a_folder_that_never_was_is_stopped(tmp_path: Path) -> None:
    """Status and logs of nothing are empty, and make no folder."""
    assert server.status(tmp_path / "studio").state == "stopped"
    assert server.logs(tmp_path / "studio") == []
    assert server.stop(tmp_path / "studio") is False
    assert not (tmp_path / "studio").exists()


@pytest.mark.parametrize(
    "changes",
    [{"birth": "another"}, {"pid": 2**22 - 1}, {"host": "elsewhere"}, {"folder": "/copied/from"}],
    ids=["recycled-id", "dead", "another-machine", "copied-folder"],
)
def test_a_state_that_means_no_server_of_ours(folder: Path, changes: dict[str, Any]) -> None:
    """A dead or recycled process id and a copied workspace are stopped, and nobody is ended."""
    written(folder)
    assert server.status(folder).state == "starting"
    written(folder, **changes)
    assert server.status(folder).state == "stopped"
    assert server.stop(folder) is False


def test_a_damaged_state_is_no_state(folder: Path) -> None:
    """A server.json of half a line counts as stopped."""
    (folder / "server.json").write_text('{"port": 80')
    assert server.status(folder).state == "stopped"


def test_a_missing_extra_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without label-studio installed the hint is the pip command; no folder is made."""
    monkeypatch.setattr(server, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match=r"pip install 'annotate-markers\[server\]'"):
        server.start(tmp_path / "studio")
    assert not (tmp_path / "studio").exists()


def test_a_busy_port_is_refused(folder: Path) -> None:
    """A port that was asked for and is taken is an error that names the way out."""
    with socket.create_server((process.LOOPBACK, 0)) as busy:
        port = busy.getsockname()[1]
        with pytest.raises(ServerFault, match=rf"port {port} .* --port N") as caught:
            server.start(folder, port=port)
    assert caught.value.exit_code == 3


def test_the_last_port_is_taken_again_while_it_is_free(folder: Path) -> None:
    """Addresses stay the same over restarts, and a foreign program on them is not disturbed."""
    with socket.create_server((process.LOOPBACK, 0)) as busy:
        port = busy.getsockname()[1]
        written(folder, port=port, pid=None)
        assert server._port(folder, 0) != port
    assert server._port(folder, 0) == port


def test_a_place_that_takes_no_files(tmp_path: Path) -> None:
    """A folder that cannot be made is NotWritable with its path."""
    (tmp_path / "project").write_text("a file")
    with pytest.raises(NotWritable, match="project/studio"):
        server.start(tmp_path / "project" / "studio")


def test_a_server_that_ends_while_starting(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error gives its last line and the command that shows the rest."""
    instead(monkeypatch, folder, "print('fine')\nraise SystemExit('the database is broken')\n")
    with pytest.raises(ServerFault, match=r"the database is broken. .*`annotate studio logs`"):
        server.start(folder)
    assert server.logs(folder, lines=1) == ["the database is broken"]
    assert server.status(folder).state == "stopped"


def test_a_server_that_stays_silent(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its patience start gives up and says so; stop ends what is there."""
    instead(monkeypatch, folder, SLEEPER)
    told: list[tuple[str, float]] = []
    with pytest.raises(ServerFault, match="does not answer after 1 s"):
        server.start(folder, patience_s=1, progress=lambda *stage: told.append(stage))
    assert told
    assert all(0 <= fraction <= 1 for _, fraction in told)
    assert server.status(folder).state == "starting"
    assert server.stop(folder) is True


def test_a_port_lost_to_another_program_in_between(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Label Studio would go on under the next port; it is ended and start says so."""
    instead(
        monkeypatch,
        folder,
        "import sys\nprint('* Port', sys.argv[-1], 'is in use.', flush=True)\n" + SLEEPER,
    )
    with pytest.raises(ServerFault, match="another program took port"):
        server.start(folder)
    assert server.status(folder).state == "stopped"


def test_a_server_that_ignores_the_polite_word(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stop ends the whole process group hard when asking does not help."""
    monkeypatch.setattr(process, "_POLITE_S", 0.2)
    instead(
        monkeypatch,
        folder,
        "import os, signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = os.fork()\nprint(child, flush=True)\n" + SLEEPER,
    )
    with pytest.raises(ServerFault):
        server.start(folder, patience_s=1)
    child = max(int(line) for line in server.logs(folder) if line.isdigit())
    assert server.stop(folder) is True
    assert server.status(folder).state == "stopped"
    assert process.birth(child) is None


def test_nothing_of_the_surroundings_reaches_the_server(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings of other programs stay out, telemetry is off, secrets are no arguments."""
    for name in (
        "HOST",
        "DEBUG",
        "LABEL_STUDIO_HOST",
        "COLLECT_ANALYTICS",
        "ANNOTATE_STUDIO_TOKEN",
    ):
        monkeypatch.setenv(name, "true")
    instead(monkeypatch, folder, "import os, sys\nprint(sys.argv, dict(os.environ))\n")
    with pytest.raises(ServerFault):
        server.start(folder)
    text = "\n".join(server.logs(folder))
    arguments, _, environment = text.partition("] {")
    assert "'HOST'" not in environment
    assert "'DEBUG'" not in environment
    assert "LABEL_STUDIO_HOST" not in environment
    assert "ANNOTATE_STUDIO_TOKEN" not in environment
    assert "'LABEL_STUDIO_COLLECT_ANALYTICS': 'false'" in environment
    assert "'LABEL_STUDIO_SENTRY_DSN': ''" in environment
    admin = state.credentials(folder)
    assert admin.token in environment
    assert admin.token not in arguments
    assert admin.password not in arguments
    assert "'--internal-host', '127.0.0.1'" in arguments


def test_a_start_that_is_killed_leaves_no_unknown_server(folder: Path) -> None:
    """The process serves only after its id is written down; else it ends by itself."""
    ended = subprocess.run(
        [sys.executable, "-P", str(process._LAUNCH), "start"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "was ended" in ended.stderr


def test_credentials_are_random_and_for_the_owner_only(folder: Path, tmp_path: Path) -> None:
    """Made once, kept in a 0600 file in a 0700 folder, and absent from representations."""
    first = state.credentials(folder)
    assert state.credentials(folder) == first
    state.make(tmp_path / "other")
    assert state.credentials(tmp_path / "other").token != first.token
    assert (folder / "credentials.json").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert first.token not in repr(first)
    assert first.password not in repr(first)
    assert 6 <= len(first.token) <= 40


def test_a_damaged_file_of_secrets_is_one_clear_line(folder: Path) -> None:
    """It is never replaced silently, and nothing of it is shown."""
    (folder / "credentials.json").write_text('{"password": "open sesame"')
    with pytest.raises(Exception, match=r"credentials.json is damaged") as caught:
        state.credentials(folder)
    assert "sesame" not in str(caught.value)


@pytest.mark.studio
def test_a_server_from_start_to_stop(copied: Path) -> None:
    """It answers on loopback as ours, a second start finds it, stop leaves nothing behind."""
    first = server.start(copied)
    assert first.state == "running"
    assert (first.url or "").startswith("http://127.0.0.1:")
    assert server.start(copied) == first
    modes = {path.name: path.stat().st_mode & 0o077 for path in copied.iterdir()}
    assert not any(modes.values()), modes
    with server.client(copied) as client:
        assert client.whoami().email == first.login
    admin = state.credentials(copied)
    text = "\n".join(server.logs(copied, lines=10_000))
    assert admin.token not in text
    assert admin.password not in text
    assert "GET /" not in text
    assert server.stop(copied) is True
    assert process.birth(first.pid or 0) is None
    assert process.is_free(int((first.url or "").rsplit(":", 1)[1]))
    assert server.stop(copied) is False


@pytest.mark.studio
def test_a_server_that_is_killed_starts_again_where_it_was(copied: Path) -> None:
    """After kill -9 status says stopped; a new start has the same address and the same data."""
    first = server.start(copied)
    with server.client(copied) as client:
        made = client.create_project("kept", '<View><Text name="text" value="$text"/></View>')
        os.killpg(first.pid or 0, signal.SIGKILL)
        deadline = time.monotonic() + 5
        while server.status(copied).state != "stopped" and time.monotonic() < deadline:
            time.sleep(0.05)
        with pytest.raises(ServerFault, match=r"does not answer. .*`annotate studio start`"):
            client.whoami()
    with pytest.raises(ServerFault, match="not running"):
        server.client(copied)
    second = server.start(copied)
    assert second.url == first.url
    assert second.pid != first.pid
    with server.client(copied) as client:
        assert client.find_project("kept") == made


@pytest.mark.studio
def test_a_copied_workspace_has_a_server_of_its_own(copied: Path, tmp_path: Path) -> None:
    """The copy does not take the original's server for its own, and both run side by side."""
    first = server.start(copied)
    twin = tmp_path / "copy" / "studio"
    shutil.copytree(copied, twin)
    try:
        assert server.status(twin).state == "stopped"
        assert server.start(twin).url != first.url
        assert server.status(copied) == first
    finally:
        server.stop(twin)


@pytest.mark.studio
def test_two_starts_at_once_make_one_server(copied: Path) -> None:
    """The second start waits for the first and finds its server."""
    found: list[server.StudioStatus] = []
    starts = [threading.Thread(target=lambda: found.append(server.start(copied))) for _ in range(2)]
    for thread in starts:
        thread.start()
    for thread in starts:
        thread.join()
    assert len(found) == 2
    assert found[0] == found[1]


@pytest.mark.studio
def test_lost_or_half_made_credentials_are_made_whole(copied: Path) -> None:
    """A first start killed before it set the token, or a lost file, ends in a working admin."""
    admin = state.credentials(copied)
    state.write(copied / "credentials.json", admin.replace(token="0" * 40))
    server.start(copied)
    assert state.credentials(copied) == admin
    server.stop(copied)
    (copied / "credentials.json").unlink()
    status = server.start(copied)
    with server.client(copied) as client:
        assert client.whoami().email == status.login != admin.email
