"""How `annotate suggest` goes on a large corpus beside a small one.

Run by name: `python tests/bench/suggest_scale.py [FILE.csv] [SMALL LARGE PAIRS JOBS]`; without
a file, FA-KES; without numbers, 10,000 and 200,000 documents, one pair, one job. Each document
is a few paragraphs' worth of sentences drawn from the file, with all rules of all markers.
Prints time per document and the peak memory of the largest process; each a median with its
spread.
"""

import csv
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotate import tables
from annotate.model import Document, Zone, document_id, text_sha256

_FAKES = Path(__file__).resolve().parents[3] / "shared/data/fakes/FA-KES-Dataset.csv"
_NUMBERS = (10_000, 200_000, 1, 1)
_PART = 500
_SENTENCES = 18
_TOML = '[project]\nname = "bench"\n\n[markers]\ntier = 2\n'


@dataclass(frozen=True)
class Run:
    """What one run took: seconds for each document, and MiB at most."""

    seconds: float
    peak: float


def _documents(sentences: Sequence[str], count: int, rng: random.Random) -> Iterator[Document]:
    for number in range(count):
        body = ". ".join(rng.choice(sentences) for _ in range(_SENTENCES))
        text = f"Article {number}.\n\n{body}."
        yield Document(
            doc_id=document_id(text),
            text=text,
            text_sha256=text_sha256(text),
            canonicaliser="bench",
        )


def _corpus(folder: Path, sentences: Sequence[str], count: int) -> Path:
    import pyarrow.parquet as pq

    home = folder / str(count)
    (home / "documents.parquet").mkdir(parents=True)
    (home / "annotate.toml").write_text(_TOML, encoding="utf-8")
    rng = random.Random(count)
    with pq.ParquetWriter(home / "zones.parquet", tables.arrow_schema(Zone)) as zones:
        part: list[Document] = []
        for number, document in enumerate(_documents(sentences, count, rng), 1):
            part.append(document)
            if len(part) == _PART or number == count:
                name = f"part-{number // _PART:05}.parquet"
                pq.write_table(tables.to_table(part, Document), home / "documents.parquet" / name)
                zones.write_table(tables.to_table(map(_body, part), Zone))
                part = []
    return home


def _body(document: Document) -> Zone:
    return Zone(doc_id=document.doc_id, start=0, end=len(document.text), zone="body")


def _run(home: Path, count: int, jobs: int) -> Run:
    with tempfile.TemporaryDirectory() as out:
        program = Path(sys.executable).with_name("annotate")
        command = [str(program), "suggest", "-C", str(home)]
        command += ["--documents", str(home / "documents.parquet"), "--out", f"{out}/s.parquet"]
        started = time.perf_counter()
        quiet = subprocess.DEVNULL
        process = subprocess.Popen([*command, "--jobs", str(jobs)], stdout=quiet, stderr=quiet)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"annotate suggest ended with {status}")
        return Run((time.perf_counter() - started) / count, usage.ru_maxrss / 1024)


def _line(name: str, values: Sequence[float], unit: str) -> None:
    median = statistics.median(values)
    sys.stdout.write(f"{name}: {median:.4g} {unit} ({min(values):.4g} to {max(values):.4g})\n")


def main(path: Path, small: int, large: int, pairs: int, jobs: int) -> None:
    """Print the figures of both sizes and their ratios."""
    if not path.exists():
        raise SystemExit(f"{path} is not there")
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        bodies = [row["article_content"] for row in csv.DictReader(file)]
    sentences = [each for body in bodies for each in body.split(". ") if each]
    with tempfile.TemporaryDirectory() as name:
        homes = {count: _corpus(Path(name), sentences, count) for count in (small, large)}
        runs = [{count: _run(homes[count], count, jobs) for count in homes} for _ in range(pairs)]
    for count in homes:
        _line(f"{count} documents", [1000 * each[count].seconds for each in runs], "ms each")
        _line(f"{count} documents", [each[count].peak for each in runs], "MiB at most")
    _line("time", [each[large].seconds / each[small].seconds for each in runs], "times")
    _line("memory", [each[large].peak / each[small].peak for each in runs], "times")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    csv_file = Path(arguments.pop(0)) if arguments and not arguments[0].isdigit() else _FAKES
    numbers = [int(each) for each in arguments]
    main(csv_file, *(*numbers, *_NUMBERS[len(numbers) :]))
