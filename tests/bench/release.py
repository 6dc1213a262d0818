"""How fast `annotate release` is beside writing the same Parquet bare, and in how much memory.

Run by name: `python tests/bench/release.py [DOCUMENTS] [PAIRS] [FOLDER]`. Documents of about
2,000 characters with five gold spans each, read by two or three of six annotators, of whom one
leaves something open in every tenth document; a tenth are tests. Each is a process of its own:

    release   `annotate release`, all of it, in as many processes as there are processors:
              reading, settling, splitting, Parquet, JSON lines, agreement, certificate
    rows      the same Parquet from the same rows as Python dictionaries, `Table.from_pylist`
    columns   the same Parquet from finished Arrow tables: compressing and writing, nothing else

The bare writers are timed without reading their input. Runs are interleaved, each figure is a
median with its spread; speeds are compared in processor time, which other work on the machine
disturbs least, and by the clock; memory is the peak of the largest process. FOLDER keeps the
workspace for the next time; without one it is made in a folder that is removed.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from annotate import tables
from annotate.model import (
    AnnotatedSpan,
    Annotation,
    Appearance,
    Document,
    Duplicate,
    Record,
    Zone,
    document_id,
    text_sha256,
)
from annotate.pipeline import Workspace

DOCUMENTS, PAIRS, PART, SPANS = 100_000, 3, 10_000, 5
RELEASE = "from annotate.cli import main; main()"
PEOPLE = ("ana", "ben", "cem", "dea", "eli", "fay")
MARKERS = ("vague_collective_source", "unnamed_source")
KNOWN = {
    "identity_form": "role_only",
    "specificity": "2",
    "reason_for_anonymity": "none",
    "basis_of_knowledge": "unstated",
    "corroboration": "none",
}
WORDS = 325
GROUP = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A document that was made, without its text."""

    doc_id: str
    sha256: str
    number: int
    length: int
    places: tuple[tuple[int, int], ...]


def fill(folder: Path, count: int) -> None:
    """Make the workspace in that folder."""
    workspace = Workspace.create(folder, name="bench", annotators=PEOPLE)
    made: list[Made] = []
    for number, batch in enumerate(_texts(count)):
        documents = [_document(text) for text, _ in batch]
        workspace.write_part(Document, number=number, rows=documents)
        made += [
            Made(
                doc_id=item.doc_id,
                sha256=item.text_sha256,
                number=len(made) + place,
                length=len(item.text),
                places=places,
            )
            for place, (item, (_, places)) in enumerate(zip(documents, batch, strict=True))
        ]
    _write(workspace, Appearance, map(_appearance, made))
    _write(workspace, Zone, (zone for item in made for zone in _zones(item)))
    _write(workspace, Duplicate, (Duplicate(doc_id=it.doc_id, cluster=it.doc_id) for it in made))
    made.sort(key=lambda item: item.doc_id)
    _write(workspace, Annotation, (row for item in made for row in _annotations(item)))


def _texts(count: int) -> Iterator[list[tuple[str, tuple[tuple[int, int], ...]]]]:
    """Give texts of words with the frequencies of a language, and five words of each."""
    rng = np.random.default_rng(5)
    letters = np.array(list("etaoinshrdlucmfwygpbvk"))
    words = ["".join(rng.choice(letters, size=rng.integers(2, 10))) for _ in range(20_000)]
    lexicon = np.array(words, dtype=object)
    weights = 1 / np.arange(1, len(words) + 1)
    weights /= weights.sum()
    for first in range(0, count, PART):
        size = min(PART, count - first)
        chosen = lexicon[rng.choice(len(words), size=(size, WORDS), p=weights)]
        yield [_text(first + at, list(row)) for at, row in enumerate(chosen)]


def _text(number: int, words: list[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    words[0] = f"Case {number}"
    ends = np.cumsum([len(word) + 1 for word in words]) - 1
    step = len(words) // (SPANS + 1)
    at = [step * (place + 1) for place in range(SPANS)]
    return " ".join(words), tuple((int(ends[it]) - len(words[it]), int(ends[it])) for it in at)


def _document(text: str) -> Document:
    sha256 = text_sha256(text)
    return Document(
        doc_id=document_id(text), text=text, text_sha256=sha256, language="en", canonicaliser="1"
    )


def _appearance(item: Made) -> Appearance:
    """Give tests publishers and a time of their own, so that nothing else is left out."""
    test = item.number % 10 == 0
    outlet = f"{'New ' if test else ''}Outlet {item.number % 97}"
    return Appearance(
        doc_id=item.doc_id,
        publisher=outlet,
        published=f"{2020 if test else 2010}-0{item.number % 9 + 1}-1{item.number % 7}",
        url=f"https://outlets.example/{item.number}",
        licence="cc-by-4.0",
        source="bench",
    )


def _zones(item: Made) -> Iterator[Zone]:
    yield Zone(doc_id=item.doc_id, start=0, end=10, zone="title")
    yield Zone(doc_id=item.doc_id, start=10, end=item.length, zone="body")


def _annotations(item: Made) -> Iterator[Annotation]:
    readers = 2 + item.number % 2
    for reader in range(readers):
        person = PEOPLE[(item.number + reader) % len(PEOPLE)]
        places = [*item.places]
        if reader == 0 and item.number % 10 == 5:
            places.append((0, 4))
        yield Annotation(
            annotation_id=f"n-{person}-{item.number}",
            assignment_id=f"a-{person}-{item.number}",
            doc_id=item.doc_id,
            text_sha256=item.sha256,
            annotator=person,
            round=1,
            condition="test" if item.number % 10 == 0 else "blind",
            guideline_version="1.0",
            taxonomy_version="1",
            submitted_at="2026-02-03T10:00:00Z",
            lead_time_s=60.0,
            spans=tuple(_span(item, person, place) for place in places),
        )


def _span(item: Made, person: str, place: tuple[int, int]) -> AnnotatedSpan:
    marker = MARKERS[(item.number + place[0]) % len(MARKERS)]
    return AnnotatedSpan(
        start=place[0],
        end=place[1],
        marker=marker,
        attributes=KNOWN if marker == "unnamed_source" else {},
        span_id=f"m-{person}-{item.number}-{place[0]}",
        origin="manual",
    )


def _write(workspace: Workspace, record: type[Record], rows: Iterable[Record]) -> None:
    batch: list[Record] = []
    with pq.ParquetWriter(
        workspace.table(record), tables.arrow_schema(record), compression="zstd"
    ) as writer:
        for row in rows:
            batch.append(row)
            if len(batch) == PART:
                writer.write_table(tables.to_table(batch, record))
                batch = []
        if batch:
            writer.write_table(tables.to_table(batch, record))


def measure(folder: Path, pairs: int) -> None:
    """Print the figures for the workspace in that folder."""
    runs: dict[str, list[Run]] = {"release": [], "rows": [], "columns": []}
    for _ in range(pairs):
        rmtree(folder / "releases", ignore_errors=True)
        runs["release"].append(_run(RELEASE, "release", "-C", str(folder)))
        for way in ("rows", "columns"):
            runs[way].append(_run(str(Path(__file__)), f"--{way}", str(folder / "releases/0.1.0")))
    written = folder / "releases/0.1.0/data"
    for layer in ("gold", "annotations", "spans"):
        files = sorted((written / layer).glob("*.parquet"))
        print(f"{layer}: {sum(pq.read_metadata(file).num_rows for file in files)} rows")
    for way, of_way in runs.items():
        _line(way, [run.cpu for run in of_way], "s of processor time")
        _line(way, [run.clock for run in of_way], "s by the clock")
        print(f"{way}: peak memory {max(run.peak for run in of_way):.0f} MiB")
    for way in ("rows", "columns"):
        both = list(zip(runs[way], runs["release"], strict=True))
        _line(f"speed beside {way}, processor time", [it.cpu / run.cpu for it, run in both], "")
        _line(f"speed beside {way}, by the clock", [it.clock / run.clock for it, run in both], "")


@dataclass(frozen=True, kw_only=True)
class Run:
    """One process: processor seconds, by the clock, and its peak in MiB."""

    cpu: float
    clock: float
    peak: float


def _run(*call: str) -> Run:
    program = ["-c", *call] if call[0] == RELEASE else [*call]
    started = time.perf_counter()
    with subprocess.Popen([sys.executable, *program], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        said = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(child.returncode)
    clock, peak = time.perf_counter() - started, usage.ru_maxrss / 1024
    if call[0] == RELEASE:
        return Run(cpu=usage.ru_utime + usage.ru_stime, clock=clock, peak=peak)
    cpu, clock = map(float, said.split())
    return Run(cpu=cpu, clock=clock, peak=peak)


def write_bare(release: Path, *, rows: bool) -> tuple[float, float]:
    """Write a release's Parquet once more; give processor seconds, and those by the clock."""
    spent = [0.0, 0.0]
    with tempfile.TemporaryDirectory(dir=release.parent) as name:
        for path in sorted((release / "data").rglob("*.parquet")):
            target = Path(name, f"{path.parent.name}-{path.name}")
            with pq.ParquetFile(path) as file:
                schema = file.schema_arrow
                writer = pq.ParquetWriter(target, schema, compression="zstd")
                for batch in file.iter_batches(batch_size=GROUP):
                    table = pa.Table.from_batches([batch])
                    content = table.to_pylist() if rows else []
                    started = _clocks()
                    if rows:
                        table = pa.Table.from_pylist(content, schema=schema)
                    writer.write_table(table)
                    spent = _since(started, spent)
                started = _clocks()
                writer.close()
                spent = _since(started, spent)
    return spent[0], spent[1]


def _clocks() -> list[float]:
    return [time.process_time(), time.perf_counter()]


def _since(started: list[float], spent: list[float]) -> list[float]:
    now = zip(_clocks(), started, spent, strict=True)
    return [total + end - start for end, start, total in now]


def _line(name: str, values: Sequence[float], unit: str) -> None:
    low, high = min(values), max(values)
    print(f"{name}: {statistics.median(values):.3g} {unit} ({low:.3g} to {high:.3g})")


def main(count: int = DOCUMENTS, pairs: int = PAIRS, folder: Path | None = None) -> None:
    """Make the workspace where it is not there, and measure."""
    if folder is None:
        with tempfile.TemporaryDirectory() as name:
            main(count, pairs, Path(name))
        return
    if not (folder / "annotate.toml").exists():
        fill(folder, count)
    measure(folder, pairs)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments and arguments[0].startswith("--"):
        print(*write_bare(Path(arguments[1]), rows=arguments[0] == "--rows"))
    else:
        count, pairs = [*map(int, arguments[:2]), *(DOCUMENTS, PAIRS)[len(arguments[:2]) :]]
        main(count, pairs, Path(arguments[2]) if arguments[2:] else None)
