"""The workspace: files that anyone can open, written whole or not at all.

One writer at a time holds the lock; readers take none. Every file is written under a
temporary name in its folder, flushed to disk and renamed, so that a reader or a crash
sees the old state or the new one.
"""

import json
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

import msgspec

from annotate import files, taxonomy
from annotate.config import TEMPLATE, VERSION, Config
from annotate.decode import Problem, decode, invalid, read_toml
from annotate.errors import (
    EnvironmentFault,
    InvalidFile,
    NewerWorkspace,
    NothingToDo,
    UsageError,
)
from annotate.model import Record, Reject
from annotate.stored import TABLES

if TYPE_CHECKING:
    import pandas as pd

R = TypeVar("R", bound=Record)

BATCH, ROW_GROUP = 500, 10_000
_LOCKED = ("tables", "raw", "runs", "pulls", "releases", "models")


class Manifest(Record, frozen=True, kw_only=True):
    """What one run of a stage did: `runs/<utc>-<stage>.json`."""

    stage: str
    started: str
    seconds: float
    versions: dict[str, str]
    config_sha256: str
    inputs: dict[str, str] = {}
    counts: dict[str, int] = {}
    rejects: tuple[Reject, ...] = ()


class Workspace:
    """The storage of one workspace; stages read and write through it."""

    def __init__(self, path: str | Path = ".") -> None:
        """Open the workspace at `path`; raises when there is none or it is newer."""
        self.root = Path(path)
        if not _is_there(self.root / "annotate.toml"):
            raise NothingToDo(
                f"no workspace at {self.root}: annotate.toml is not there",
                hint="Make one with `annotate init`, or name one with -C DIR",
            )
        _refuse_newer(self.root / "annotate.toml")
        self._held = False

    @classmethod
    def create(cls, path: str | Path, *, name: str, annotators: Iterable[str] = ()) -> Self:
        """Make a workspace with a commented annotate.toml; an existing one is left alone."""
        root = Path(path)
        quoted = ", ".join(map(_quoted, annotators))
        text = TEMPLATE.format(name=_quoted(name), annotators=quoted)
        decode(tomllib.loads(text), Config, place="annotate.toml")
        with files.explained(root):
            root.mkdir(parents=True, exist_ok=True)
            if not (root / "annotate.toml").exists():
                files.write_atomically(root / "annotate.toml", text.encode())
        return cls(root)

    @cached_property
    def config(self) -> Config:
        """What annotate.toml says; raises InvalidFile with every problem in one line."""
        return read_toml(self.root / "annotate.toml", Config)

    @cached_property
    def taxonomy(self) -> taxonomy.Taxonomy:
        """The markers that annotate.toml turns on."""
        chosen = self.config.markers
        known = taxonomy.load()
        try:
            return known.select(chosen.names) if chosen.names else known.tier(chosen.tier)
        except UsageError as error:
            raise invalid(
                "annotate.toml", [Problem(path="markers.names", message=error.message)]
            ) from error

    def path(self, *parts: str) -> Path:
        """Give a path inside the workspace."""
        return self.root.joinpath(*parts)

    def table(self, record: type[Record]) -> Path:
        """Give the path of a record type's table: a file, or a folder of parts."""
        return self.path("tables", f"{TABLES[record]}.parquet")

    def parts(self, record: type[Record]) -> list[Path]:
        """Give the Parquet files of a table in order; empty when it was never written."""
        table = self.table(record)
        if table.is_dir():
            return sorted(table.glob("part-*.parquet"))
        return [table] if table.is_file() else []

    def rows(self, record: type[R]) -> list[R]:
        """Give every row of a table; an empty list when it was never written."""
        return [row for batch in self.batches(record) for row in batch]

    def batches(self, record: type[R], *, size: int = BATCH) -> Iterator[list[R]]:
        """Give the rows of a table in batches of at most `size`, in stored order."""
        from annotate import tables

        for part in self.parts(record):
            yield from tables.scan(part, record, size=size)

    def frame(self, record: type[Record]) -> "pd.DataFrame":
        """Give a table as a pandas frame; empty with its columns when never written."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        from annotate import tables

        read = [pq.read_table(part) for part in self.parts(record)]
        frame: pd.DataFrame = pa.concat_tables(
            [tables.arrow_schema(record).empty_table(), *read]
        ).to_pandas()
        return frame

    def write(self, record: type[R], rows: Iterable[R]) -> None:
        """Replace a single-file table by `rows`."""
        self._write_parquet(self.table(record), record, rows)

    def append(self, record: type[R], rows: Iterable[R]) -> Path:
        """Add a part with `rows` to a table that is a folder of parts."""
        last = max((int(part.stem[5:]) for part in self.parts(record)), default=-1)
        return self.write_part(record, number=last + 1, rows=rows)

    def write_part(self, record: type[R], *, number: int, rows: Iterable[R]) -> Path:
        """Write, or replace, the part of that number."""
        part = self.table(record) / f"part-{number:05d}.parquet"
        self._write_parquet(part, record, rows)
        return part

    def _write_parquet(self, path: Path, record: type[R], rows: Iterable[R]) -> None:
        import io

        import pyarrow.parquet as pq

        from annotate import tables

        buffer = io.BytesIO()
        table = tables.to_table(rows, record)
        pq.write_table(table, buffer, compression="zstd", row_group_size=ROW_GROUP)
        self.write_bytes(path, buffer.getvalue())

    def write_bytes(self, path: Path, data: bytes) -> None:
        """Write a file of the workspace whole or not at all; raises NotWritable."""
        with files.explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write_atomically(path, data)

    def keep_raw(self, data: bytes, *, suffix: str) -> Path:
        """Keep input as received in raw/ under its content hash; kept once."""
        path = self.path("raw", sha256(data).hexdigest() + suffix)
        if not path.exists():
            self.write_bytes(path, data)
        return path

    def keep_raw_file(self, source: Path) -> Path:
        """Keep a file as `keep_raw` does, block by block, so that its size does not matter."""
        with source.open("rb") as file:
            path = self.path("raw", file_digest(file, "sha256").hexdigest() + source.suffix.lower())
            if path.exists():
                return path
            file.seek(0)
            with files.explained(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                files.write_atomically(path, file)
        return path

    def record_run(
        self,
        stage: str,
        *,
        started: float,
        counts: dict[str, int],
        rejects: Iterable[Reject] = (),
        inputs: dict[str, str] | None = None,
    ) -> Path:
        """Write the manifest of a run that began at `started` (`time.time()`)."""
        from importlib.metadata import version

        moment = datetime.fromtimestamp(started, UTC)
        manifest = Manifest(
            stage=stage,
            started=moment.isoformat(timespec="seconds"),
            seconds=round(time.time() - started, 3),
            versions={"annotate": version("annotate-markers"), "python": sys.version.split()[0]},
            config_sha256=sha256((self.root / "annotate.toml").read_bytes()).hexdigest(),
            inputs=inputs or {},
            counts=counts,
            rejects=tuple(rejects),
        )
        path = self.path("runs", f"{moment:%Y%m%dT%H%M%S.%fZ}-{stage}.json")
        self.write_bytes(path, msgspec.json.format(msgspec.json.encode(manifest), indent=1))
        return path

    def last_run(self, stage: str) -> Manifest | None:
        """Give the newest manifest of a stage, or None; raises InvalidFile when it is broken."""
        runs = sorted(self.path("runs").glob(f"*-{stage}.json"))
        if not runs:
            return None
        try:
            return msgspec.json.decode(runs[-1].read_bytes(), type=Manifest)
        except msgspec.DecodeError as error:
            place = f"runs/{runs[-1].name}"
            raise InvalidFile(
                f"{place}: not a whole manifest: {error}", hint="Restore it from a copy"
            ) from error

    @contextmanager
    def writing(self, stage: str, *, wait: bool = False, dry_run: bool = False) -> Iterator[None]:
        """Hold the workspace's lock; a stage called inside another one shares it.

        What a killed run left unfinished is removed first. A dry run only reads, so it takes
        no lock. Raises WorkspaceLocked naming who holds it, unless `wait` is set.
        """
        if self._held or dry_run:
            yield
            return
        with files.locked(self.path(".lock"), holder=f"`annotate {stage}`", wait=wait):
            self._held = True
            for name in _LOCKED:
                files.remove_unfinished(self.path(name))
            try:
                yield
            finally:
                self._held = False


def _quoted(text: str) -> str:
    """Give a TOML string: JSON's, but TOML has no escape for half of a surrogate pair."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")


def _is_there(path: Path) -> bool:
    try:
        with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError), path.open("rb"):
            return True
    except OSError as error:
        raise EnvironmentFault(
            f"{path}: cannot be read: {(error.strerror or str(error)).lower()}",
            hint="Give yourself the right to read it, or name another folder with -C DIR",
        ) from error
    return False


def _refuse_newer(path: Path) -> None:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("version", VERSION)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidFile(
            f"annotate.toml: not valid TOML: {error}", hint="Correct the file and run again"
        ) from error
    if isinstance(found, int) and found > VERSION:
        raise NewerWorkspace(
            f"annotate.toml: version {found} is newer than this program knows ({VERSION})",
            hint="Upgrade with `pip install --upgrade annotate-markers`",
        )
