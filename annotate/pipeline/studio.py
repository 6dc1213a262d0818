"""`annotate studio`: the embedded server of a workspace, and the way to either server."""

import os

from annotate.errors import UsageError, WrongToken
from annotate.studio import server
from annotate.studio.client import Client
from annotate.studio.server import Progress, StudioStatus
from annotate.workspace import Workspace


def studio_start(
    workspace: Workspace, *, port: int | None = None, progress: Progress | None = None
) -> StudioStatus:
    """Start the workspace's Label Studio, or find it started.

    `port` comes before that of annotate.toml; `progress` is told what goes on, and the
    fraction done. Raises UsageError when annotate.toml names a server of your own.
    """
    url = workspace.config.studio.url
    if url is not None:
        raise UsageError(
            f"annotate.toml names a server of your own, {url}",
            hint="Take [studio] url out of it to start one for this workspace",
        )
    chosen = workspace.config.studio.port if port is None else port
    return server.start(workspace.path("studio"), port=chosen, progress=progress)


def studio_stop(workspace: Workspace) -> bool:
    """Stop the workspace's Label Studio; say whether it was running."""
    return server.stop(workspace.path("studio"))


def studio_status(workspace: Workspace) -> StudioStatus:
    """Give where the workspace's Label Studio stands.

    For a server of your own raises ServerFault or WrongToken when it can not be used.
    """
    if workspace.config.studio.url is not None:
        with connect(workspace) as client:
            return StudioStatus(state="running", url=client.base_url, login=client.whoami().email)
    return server.status(workspace.path("studio"))


def studio_logs(workspace: Workspace, lines: int = 50) -> list[str]:
    """Give the last lines that the workspace's Label Studio wrote."""
    return server.logs(workspace.path("studio"), lines=lines)


def connect(workspace: Workspace) -> Client:
    """Give a client of the server that annotate.toml names, or of the embedded one.

    One request checks that it answers and knows the token; raises ServerFault, or
    WrongToken.
    """
    studio = workspace.config.studio
    if studio.url is None:
        client = server.client(workspace.path("studio"))
    else:
        client = Client(
            studio.url,
            _token(studio.token_env),
            when_refused=f"Put a token from its Account & Settings into {studio.token_env}",
        )
    client.whoami()
    return client


def _token(variable: str) -> str:
    token = os.environ.get(variable, "").strip()
    if not token:
        raise WrongToken(
            f"there is no token for [studio] url: {variable} is not set",
            hint="Copy a token from Account & Settings in Label Studio into that variable",
        )
    return token
