"""`annotate forget`: take a document out of everything that is not a release already."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from time import time
from typing import TYPE_CHECKING

from annotate import tables
from annotate.errors import DataError
from annotate.model import Appearance, Document, Record, Tombstone
from annotate.pipeline.pull_ground import packed
from annotate.pipeline.release_gate import KEY
from annotate.pipeline.rows import rows_of
from annotate.release.safety import keyed
from annotate.stored import TABLES
from annotate.workspace import Workspace

if TYPE_CHECKING:
    from annotate.studio.client import Client

_TABLES = tuple(record for record in reversed(TABLES) if record is not Tombstone)


class ForgetResult(Record, frozen=True, kw_only=True):
    """What went: rows by table, tasks on the server, pulled payloads, files of raw/.

    `still_in` names what holds the document yet and is not changed: releases, which are
    immutable, and input files with other articles.
    """

    doc_id: str
    reason: str
    rows: dict[str, int]
    tasks: int
    payloads: int
    raw: tuple[str, ...]
    still_in: tuple[str, ...]
    dry_run: bool = False


def forget(  # noqa: PLR0913 - keyword-only options of one command
    workspace: Workspace,
    doc_id: str,
    *,
    reason: str,
    server: bool = True,
    dry_run: bool = False,
    wait: bool = False,
) -> ForgetResult:
    """Take a document out of the tables, the server, raw/ and pulls/; a tombstone stays.

    It does not come in again: ingest refuses it with the reason. Without `server` nobody is
    asked, and the next pull refuses what is there. A run that was cut goes on. Raises
    DataError for a document that never was, ServerFault.
    """
    started = time()
    with workspace.writing("forget", wait=wait, dry_run=dry_run):
        stone = _tombstone(workspace, doc_id, reason)
        pushed = workspace.last_run("push") is not None
        tasks = _off_server(workspace, doc_id, dry_run=dry_run) if server and pushed else 0
        if not dry_run:
            others = [it for it in workspace.rows(Tombstone) if it.doc_id != doc_id]
            workspace.write(Tombstone, sorted([*others, stone], key=lambda item: item.doc_id))
        raw, shared = _raw(workspace, doc_id, dry_run=dry_run)
        result = ForgetResult(
            doc_id=doc_id,
            reason=stone.reason,
            tasks=tasks,
            payloads=sum(_pulled(workspace, doc_id, dry_run=dry_run)),
            raw=raw,
            rows={
                workspace.table(record).stem: _out(workspace, record, doc_id, dry_run=dry_run)
                for record in _TABLES
            },
            still_in=(*_released(workspace, doc_id), *shared),
            dry_run=dry_run,
        )
        if not dry_run:
            counts = {**result.rows, "tasks": tasks, "payloads": result.payloads}
            workspace.record_run("forget", started=started, counts=counts)
    return result


def _tombstone(workspace: Workspace, doc_id: str, reason: str) -> Tombstone:
    known = next(iter(rows_of(workspace, Document, {doc_id})), None)
    before = next((it for it in workspace.rows(Tombstone) if it.doc_id == doc_id), None)
    if before is not None:
        return before
    if known is None:
        raise DataError(
            f'there is no document "{doc_id}"',
            hint="Its id is `d-` and 16 hexadecimal digits, as in tables/documents.parquet",
        )
    return Tombstone(
        doc_id=doc_id,
        text_sha256=known.text_sha256,
        reason=reason,
        forgotten_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _off_server(workspace: Workspace, doc_id: str, *, dry_run: bool) -> int:
    """Delete the document's tasks from this workspace's projects; give how many."""
    from annotate.pipeline.studio import connect

    name, deleted = workspace.config.project.name, 0
    with connect(workspace) as client:
        # All projects: a task that somebody moved or a project renamed is to be forgotten too.
        for project in client.projects():
            ids = list(_tasks(client, project.id, name=name, doc_id=doc_id))
            deleted += len(ids)
            if ids and not dry_run:
                client.delete_tasks(project.id, ids)
    return deleted


def _tasks(client: "Client", project_id: int, *, name: str, doc_id: str) -> Iterator[int]:
    for task in client.list_tasks(project_id, fields=("id", "data", "meta")):
        data, meta = task.get("data") or {}, task.get("meta") or {}
        if data.get("doc_id") == doc_id and meta.get("project") == name:
            yield task["id"]


def _out(workspace: Workspace, record: type[Record], doc_id: str, *, dry_run: bool) -> int:
    """Write the parts of a table that hold the document without it; give how many rows went."""
    import io

    import pyarrow.parquet as pq
    from pyarrow.compute import field

    gone = 0
    for part in workspace.parts(record):
        if doc_id not in tables.column(part, "doc_id"):
            continue
        table = pq.read_table(part)
        kept = table.filter(field("doc_id") != doc_id)
        gone += table.num_rows - kept.num_rows
        if not dry_run:
            buffer = io.BytesIO()
            pq.write_table(kept, buffer, compression="zstd")
            workspace.write_bytes(part, buffer.getvalue())
    return gone


def _pulled(workspace: Workspace, doc_id: str, *, dry_run: bool) -> Iterator[int]:
    """Take the document's tasks out of everything that was ever pulled."""
    for path in sorted(workspace.path("pulls").glob("*.jsonl.gz")):
        lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
        kept = [line for line in lines if _of_task(line) != doc_id]
        if len(kept) < len(lines):
            if not dry_run:
                workspace.write_bytes(path, packed(kept))
            yield len(lines) - len(kept)


def _of_task(line: dict[str, dict[str, dict[str, str]]]) -> str | None:
    return ((line.get("task") or {}).get("data") or {}).get("doc_id")


def _raw(
    workspace: Workspace, doc_id: str, *, dry_run: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Remove input files that hold nothing else; name those that do."""
    sources = {item.source for item in rows_of(workspace, Appearance, {doc_id})}
    removed, shared = [], []
    for place, digest in sorted(_inputs(workspace).items()):
        if not any(
            source == place or source.startswith((f"{place}:", f"{place} ")) for source in sources
        ):
            continue
        for path in sorted(workspace.path("raw").glob(f"{digest}*")):
            name = f"raw/{path.name}"
            if place in sources:
                removed.append(name)
                if not dry_run:
                    path.unlink()
            else:
                shared.append(f"{name} ({place})")
    return tuple(removed), tuple(shared)


def _inputs(workspace: Workspace) -> dict[str, str]:
    """Give the hash of every file that was ever ingested, by its place."""
    found: dict[str, str] = {}
    for path in sorted(workspace.path("runs").glob("*-i*.json")):  # ingest and import
        found |= json.loads(path.read_bytes()).get("inputs", {})
    return found


def _released(workspace: Workspace, doc_id: str) -> Iterator[str]:
    """Name the releases that hold the document, under its id or masked under a keyed one."""
    names, secret = {doc_id}, workspace.path(*KEY)
    if secret.is_file():
        names.add(keyed(doc_id, key=secret.read_bytes()))
    for folder in sorted(workspace.path("releases").glob("[!.]*")):
        parts = sorted(folder.glob("data/gold/*.parquet"))
        if any(not names.isdisjoint(tables.column(part, "doc_id")) for part in parts):
            yield f"releases/{folder.name}"
