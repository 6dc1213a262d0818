"""The audit trail of a migration: `runs/<utc>-migrate.jsonl.gz`, a line a changed row.

It is written before anything changes. Beside a trail whose run ended stands its manifest; a
run that was cut left a trail alone, and the next one takes over what it had done.
"""

import gzip
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile

import msgspec

from annotate import files
from annotate.errors import DataError, InvalidFile
from annotate.migrated import Line
from annotate.migration import Migration
from annotate.model import Record
from annotate.workspace import Workspace

_SUFFIX = "-migrate.jsonl.gz"
_SAMPLE = 10
_MOMENT = "%Y%m%dT%H%M%S.%fZ"


class Head(Record, frozen=True, kw_only=True):
    """The first line of a trail."""

    migration: Migration


@dataclass(kw_only=True)
class Tally:
    """What lines come to: changed rows by table, and what happened to their spans."""

    counts: Counter[str] = field(default_factory=Counter)
    sample: list[Line] = field(default_factory=list)

    def through(self, lines: Iterable[Line]) -> Iterator[Line]:
        """Give the lines on, each counted."""
        for line in lines:
            self.counts[line.table] += 1
            self.counts.update(f"{line.table}: {effect.what}" for effect in line.steps)
            if len(self.sample) < _SAMPLE:
                self.sample.append(line)
            yield line


@dataclass(frozen=True, kw_only=True)
class Trail:
    """A trail on the disk; `started` is when its run began."""

    path: Path
    started: float

    def lines(self) -> Iterator[Line]:
        """Give its lines, without the head; raises InvalidFile when it is not whole."""
        with _opened(self.path) as file:
            next(file)
            for raw in file:
                yield msgspec.json.decode(raw, type=Line)


def at(workspace: Workspace, started: float) -> Trail:
    """Give the trail of a run that began then."""
    name = f"{datetime.fromtimestamp(started, UTC):{_MOMENT}}{_SUFFIX}"
    return Trail(path=workspace.path("runs", name), started=started)


def unfinished(workspace: Workspace, migration: Migration) -> Trail | None:
    """Give the trail that a run which was cut left.

    Raises DataError when that was another migration.
    """
    for path in sorted(workspace.path("runs").glob(f"*{_SUFFIX}")):
        if path.with_name(path.name.removesuffix(".jsonl.gz") + ".json").exists():
            continue
        with _opened(path) as file:
            head = _decoded(next(file, b""), path)
        if head.migration != migration:
            raise DataError(
                f"migration {head.migration.name} was cut before it ended, and this is another one",
                hint="Run `annotate migrate` with the same file again first",
            )
        moment = datetime.strptime(path.name.removesuffix(_SUFFIX), "%Y%m%dT%H%M%S.%f%z")
        return Trail(path=path, started=moment.timestamp())
    return None


def write(
    trail: Trail, migration: Migration, lines: Iterable[Line], *, wanted: Callable[[], bool]
) -> None:
    """Write a trail whole or not at all, line by line; an older one is replaced.

    When all lines are there `wanted` is asked whether the trail is.
    """
    with TemporaryFile() as whole:
        with gzip.GzipFile(fileobj=whole, mode="wb", filename="", mtime=0) as packed:
            packed.write(msgspec.json.encode(Head(migration=migration)) + b"\n")
            for line in lines:
                packed.write(msgspec.json.encode(line) + b"\n")
        if not wanted():
            return
        whole.seek(0)
        with files.explained(trail.path):
            trail.path.parent.mkdir(parents=True, exist_ok=True)
            with files.replacing(trail.path) as file:
                shutil.copyfileobj(whole, file)


def _opened(path: Path) -> gzip.GzipFile:
    return gzip.open(path, "rb")


def _decoded(raw: bytes, path: Path) -> Head:
    try:
        return msgspec.json.decode(raw, type=Head)
    except msgspec.DecodeError as error:
        raise InvalidFile(
            f"runs/{path.name}: no trail of a migration: {error}", hint="Restore it from a copy"
        ) from error
