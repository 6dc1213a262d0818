"""One part of the corpus becomes one part of suggestions: the function that every engine runs.

A part carries in its own metadata what it was made from and what it holds, so that a run that
was killed goes on behind its last part, and a part that is kept is counted without being read.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec

from annotate import tables
from annotate.errors import AnnotateError, InvalidFile
from annotate.model import Document, Record, Suggestion, Zone, text_sha256
from annotate.pipeline import suggest_places as places
from annotate.pipeline.workers import Failed, Task, failed
from annotate.taxonomy import Taxonomy, rule_name

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    from annotate.suggest.rules import Rules

MOST_ROWS = 1_000
MOST_BYTES = 16_000_000
_INPUT = b"annotate.input"
_COUNTS = b"annotate.counts"
_GROUND = ("doc_id", "title", "text")


class Job(Record, frozen=True, kw_only=True):
    """What all parts of a run share.

    `out` is the folder's URL. `zones` are the files of the zones' table, None when zones are
    to be found in the text. `rules` is the fingerprint that a worker elsewhere must have too.
    `scores` stand in for the written ones, by `marker/rule`. They do not decide which matches
    stand: where two rules mark the same words, both are right or both are wrong.
    """

    taxonomy: Taxonomy
    scores: dict[str, float] = {}
    out: str
    zones: tuple[str, ...] | None
    rules: str | None = None
    dry_run: bool = False


class ZoneRows(Record, frozen=True, kw_only=True):
    """Rows `[first, end)` of one row group of a zones file."""

    file: str
    group: int
    first: int
    end: int


class Unit(Record, frozen=True, kw_only=True):
    """A part to make: its name, the file of its documents, and where their zones should be.

    `groups` are the file's row groups that count, None for all.
    """

    name: str
    documents: str
    groups: tuple[int, ...] | None = None
    zones: tuple[ZoneRows, ...] = ()


class Counts(Record, frozen=True, kw_only=True):
    """What a part holds."""

    documents: int = 0
    markers: dict[str, int] = {}
    judgements: dict[str, int] = {}


class Done(Record, frozen=True, kw_only=True, tag=True):
    """A part that is there; `written` unless it was before. `bare` documents have no zones."""

    unit: str
    counts: Counts
    fingerprint: str = ""
    written: bool = False
    bare: int = 0


Outcome = Done | Failed


def suggest_part(job: Job, rules: "Rules", unit: Unit) -> Outcome:
    """Make one part, unless it is there and its input is what it was."""
    import pyarrow as pa

    try:
        return _part(job, rules, unit)
    except AnnotateError as error:
        return failed(unit.name, error)
    finally:
        pa.default_memory_pool().release_unused()  # or memory grows over hundreds of parts


def _begin(job: Job) -> Callable[[Unit], Outcome]:
    from annotate.suggest.rules import load_rules

    return partial(suggest_part, job, load_rules(job.taxonomy))


TASK = Task(
    place="annotate.pipeline.suggest_parts:TASK",
    job=Job,
    unit=Unit,
    done=Done,
    begin=_begin,
    label=lambda unit: places.label(unit.documents),
)


def _part(job: Job, rules: "Rules", unit: Unit) -> Done:
    out = places.within(job.out, unit.name)
    ground = sha256(rules.fingerprint.encode() + str(tables.arrow_schema(Suggestion)).encode())
    ground.update(msgspec.json.encode(job.scores, order="sorted"))
    doc_ids: list[str] = []
    for batch in _batches(unit, _GROUND):
        ground.update(batch.serialize())
        doc_ids += batch.column("doc_id").to_pylist()
    zones = None if job.zones is None else _zones(job.zones, unit, doc_ids)
    if zones is not None:
        bare = sum(doc_id not in zones for doc_id in doc_ids)
        if bare:
            return Done(unit=unit.name, counts=Counts(), bare=bare)
        ground.update(msgspec.json.encode([zones[doc_id] for doc_id in doc_ids]))
    fingerprint = ground.hexdigest()
    kept = _kept(out, fingerprint)
    if kept is not None:
        return Done(unit=unit.name, counts=kept, fingerprint=fingerprint)
    rows = (_suggested(batch, zones, rules, job.scores) for batch in _documents(unit))
    if job.dry_run:
        counts = _counted(rows, len(doc_ids))
    else:
        counts = _written(out, fingerprint, rows, len(doc_ids))
    return Done(unit=unit.name, counts=counts, fingerprint=fingerprint, written=True)


def _batches(unit: Unit, columns: Sequence[str]) -> "Iterator[pa.RecordBatch]":
    """Give the unit's rows in batches that are small in rows and in bytes."""
    with (
        places.reading(unit.documents) as source,
        tables.whole(source, place=places.label(unit.documents)) as file,
    ):
        known = file.schema_arrow.names
        for name in ("doc_id", "text"):
            if name not in known:
                raise InvalidFile(
                    f"{places.label(unit.documents)}: no column {name}; it has {', '.join(known)}",
                    hint="Name a folder of documents with doc_id and text, as ingest writes them",
                )
        groups = list(range(file.num_row_groups) if unit.groups is None else unit.groups)
        wanted = [name for name in columns if name in known]
        size = _rows_at_once([file.metadata.row_group(group) for group in groups])
        yield from file.iter_batches(batch_size=size, row_groups=groups, columns=wanted)


def _rows_at_once(groups: Sequence[Any]) -> int:
    rows: int = sum(group.num_rows for group in groups)
    volume: int = sum(group.total_byte_size for group in groups)
    return max(1, min(MOST_ROWS, MOST_BYTES * rows // max(volume, 1)))


def _documents(unit: Unit) -> Iterator[list[Document]]:
    """Give the documents in batches; what a folder from elsewhere lacks is filled in."""
    import pyarrow as pa

    for batch in _batches(unit, Document.__struct_fields__):
        table = pa.Table.from_batches([batch])
        if "text_sha256" not in table.column_names:
            sums = [text_sha256(text or "") for text in table.column("text").to_pylist()]
            table = table.append_column("text_sha256", [sums])
        if "canonicaliser" not in table.column_names:
            table = table.append_column("canonicaliser", [[""] * len(table)])
        yield tables.from_table(table, Document, place=places.label(unit.documents))


def _zones(files: tuple[str, ...], unit: Unit, doc_ids: Sequence[str]) -> dict[str, list[Zone]]:
    """Give each document's zones: from the rows where they should be, or else from all rows."""
    found = _by_document(_at(unit.zones))
    if found.keys() != set(doc_ids):
        found = _by_document(_among(files, doc_ids))
    return found


def _by_document(rows: Iterable[Zone]) -> dict[str, list[Zone]]:
    grouped: dict[str, list[Zone]] = {}
    for zone in rows:
        grouped.setdefault(zone.doc_id, []).append(zone)
    return {doc_id: sorted(zones) for doc_id, zones in grouped.items()}


def _at(ranges: Iterable[ZoneRows]) -> Iterator[Zone]:
    for rows in ranges:
        with opened(rows.file) as file:
            table = file.read_row_group(rows.group).slice(rows.first, rows.end - rows.first)
        yield from tables.from_table(table, Zone, place=places.label(rows.file))


def _among(files: Iterable[str], doc_ids: Sequence[str]) -> Iterator[Zone]:
    import pyarrow as pa
    from pyarrow.compute import field

    wanted = field("doc_id").isin(pa.array(doc_ids, pa.string()))
    for name in files:
        with opened(name) as file:
            for batch in file.iter_batches():
                table = pa.Table.from_batches([batch]).filter(wanted)
                yield from tables.from_table(table, Zone, place=places.label(name))


@contextmanager
def opened(url: str) -> "Iterator[ParquetFile]":
    """Open the Parquet file at a URL; raises InvalidFile naming it when it is cut or is none."""
    place = places.label(url)
    with places.reading(url) as source, tables.whole(source, place=place) as file:
        yield file


def _suggested(
    documents: Sequence[Document],
    zones: dict[str, list[Zone]] | None,
    rules: "Rules",
    scores: Mapping[str, float],
) -> list[Suggestion]:
    """Give the suggestions for a batch, in the order of its documents."""
    from annotate.ingest.zones import find_zones
    from annotate.suggest.engine import suggest_documents

    found = [
        find_zones(document) if zones is None else zones[document.doc_id] for document in documents
    ]
    made = (row for rows in suggest_documents(documents, found, rules) for row in rows)
    return [
        row.replace(score=scores[name])
        if (name := rule_name(row.marker, row.rule)) in scores
        else row
        for row in made
    ]


def _kept(out: str, fingerprint: str) -> Counts | None:
    """Give what the part holds when it is there, whole, and made from the same input."""
    if not places.exists(out):
        return None
    with suppress(InvalidFile, msgspec.DecodeError), opened(out) as file:
        stored = file.metadata.metadata or {}
        counts = msgspec.json.decode(stored.get(_COUNTS, b""), type=Counts)
        whole = sum(counts.markers.values()) == file.metadata.num_rows
        if whole and stored.get(_INPUT) == fingerprint.encode():
            return counts
    return None


def _counted(batches: Iterable[list[Suggestion]], documents: int) -> Counts:
    markers: Counter[str] = Counter()
    judgements: Counter[str] = Counter()
    for rows in batches:
        markers.update(row.marker for row in rows)
        judgements.update(row.judgement for row in rows if row.judgement)
    return Counts(
        documents=documents,
        markers=dict(sorted(markers.items())),
        judgements=dict(sorted(judgements.items())),
    )


def _written(
    out: str, fingerprint: str, batches: Iterable[list[Suggestion]], documents: int
) -> Counts:
    """Write the part, a row group for each batch, and give what it holds."""
    import pyarrow.parquet as pq

    schema = tables.arrow_schema(Suggestion)
    with places.replacing(out) as sink, pq.ParquetWriter(sink, schema, compression="zstd") as file:

        def through() -> Iterator[list[Suggestion]]:
            for rows in batches:
                if rows:
                    file.write_table(tables.to_table(rows, Suggestion))
                yield rows

        counts = _counted(through(), documents)
        file.add_key_value_metadata({_INPUT: fingerprint, _COUNTS: msgspec.json.encode(counts)})
    return counts
