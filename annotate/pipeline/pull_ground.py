"""What a pull rests on: who and what work is held against, and the files of what came."""

import gzip
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from annotate.model import Document, hashed_id
from annotate.workspace import Workspace

if TYPE_CHECKING:
    from annotate.studio.client import Client
    from annotate.studio.pull import Ground


def ground_name(workspace: Workspace) -> str:
    """Name what decides on refusals, cheaply: markers and addresses, and this program."""
    from importlib.metadata import version

    settings = workspace.path("annotate.toml").read_text(encoding="utf-8")
    return hashed_id("g", settings, version("annotate-markers"))


def ground_of(client: "Client", workspace: Workspace, names: Iterable[str]) -> "Ground":
    """Give our documents and markers, and who the people of these names are on the server."""
    import pyarrow.parquet as pq

    from annotate.pipeline.people import emails
    from annotate.studio.pull import Ground

    documents: dict[str, str] = {}
    for part in workspace.parts(Document):
        columns = pq.read_table(part, columns=["doc_id", "text_sha256"]).to_pydict()
        documents |= dict(zip(columns["doc_id"], columns["text_sha256"], strict=True))
    ids = {user.email.lower(): user.id for user in client.users()}
    addresses = emails(workspace.config.team, names)
    return Ground(
        documents=documents,
        assignees={
            name: ids[email.lower()] for name, email in addresses.items() if email.lower() in ids
        },
        taxonomy=workspace.taxonomy,
        lead=client.whoami().id,
    )


def log_name(started: float, *, of: str = "") -> str:
    """Give the name of the file of what a pull that began at `started` brought."""
    return f"{datetime.fromtimestamp(started, UTC):%Y%m%dT%H%M%S.%fZ}{of}.jsonl.gz"


def packed(payloads: Iterable[dict[str, Any]]) -> bytes:
    """Give JSON lines, compressed; the same payloads give the same bytes."""
    return gzip.compress(msgspec.json.Encoder().encode_lines(payloads), mtime=0)
