"""From a workspace to either server, and the faults on the way."""

from pathlib import Path
from typing import Any

import pytest

from annotate.errors import ServerFault, UsageError, WrongToken
from annotate.pipeline.studio import connect, studio_logs, studio_start, studio_status, studio_stop
from annotate.workspace import Workspace

VARIABLE = "ANNOTATE_STUDIO_TOKEN"


def workspace_of(path: Path, url: str | None) -> Workspace:
    workspace = Workspace.create(path / "project", name="try")
    if url:
        (workspace.root / "annotate.toml").write_text(f'[studio]\nurl = "{url}"\n')
    return Workspace(workspace.root)


def test_a_workspace_without_server_says_how_to_start_one(tmp_path: Path) -> None:
    """Nothing was started: connecting names the command, status and logs are empty."""
    workspace = workspace_of(tmp_path, None)
    with pytest.raises(ServerFault, match=r"is not running. Start it with `annotate studio start`"):
        connect(workspace)
    assert studio_status(workspace).state == "stopped"
    assert studio_logs(workspace) == []
    assert studio_stop(workspace) is False


def test_a_server_of_your_own_needs_a_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the environment variable the error names it."""
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(WrongToken, match=f"{VARIABLE} is not set"):
        connect(workspace_of(tmp_path, "http://127.0.0.1:1"))


def test_a_server_of_your_own_that_is_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the address and where it is set, and never the token."""
    monkeypatch.setenv(VARIABLE, "a-token-nobody-sees")
    with pytest.raises(ServerFault, match=r"http://127.0.0.1:1 does not answer") as caught:
        connect(workspace_of(tmp_path, "http://127.0.0.1:1"))
    assert "[studio] url" in str(caught.value)
    assert caught.value.exit_code == 3
    assert "nobody-sees" not in str(caught.value)


def test_no_server_is_started_beside_your_own(tmp_path: Path) -> None:
    """Start refuses when annotate.toml names another server."""
    with pytest.raises(UsageError, match="names a server of your own"):
        studio_start(workspace_of(tmp_path, "http://127.0.0.1:1"))


@pytest.mark.studio
def test_a_server_of_your_own_with_its_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, label_studio: Any
) -> None:
    """The address from annotate.toml and the token from the environment are enough."""
    workspace = workspace_of(tmp_path, label_studio.base_url + "/")
    monkeypatch.setenv(VARIABLE, f" {label_studio.token}\n")
    with connect(workspace) as client:
        assert client.whoami().email == label_studio.login
    assert studio_status(workspace).url == label_studio.base_url


@pytest.mark.studio
def test_a_wrong_token_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, label_studio: Any
) -> None:
    """The error says that the token is wrong and which variable holds it, not the token."""
    monkeypatch.setenv(VARIABLE, "0" * 40)
    with pytest.raises(WrongToken) as caught:
        connect(workspace_of(tmp_path, label_studio.base_url))
    assert str(caught.value) == (
        f"Label Studio at {label_studio.base_url} does not accept the token: Invalid token. "
        f"Put a token from its Account & Settings into {VARIABLE}"
    )


@pytest.mark.studio
def test_a_workspace_finds_its_embedded_server(studio_workspace: Workspace) -> None:
    """Connecting needs no settings; the admin is the workspace's own."""
    with connect(studio_workspace) as client:
        assert client.whoami().email == studio_status(studio_workspace).login
        assert client.version() == "1.23.2"
