"""How fast the rules suggest, from documents.parquet to suggestions.parquet, beside spaCy.

Run by name: `python tests/bench/suggest.py [FILE.csv] [PAIRS]`; without a file, FA-KES. All
rules of all markers. Prints the first call, documents/s, MB/s and peak memory on one core; the
command with two processes beside the command with one, by the clock, starts included; and,
where spaCy can be imported, the ratio to its pipeline, which is given the same patterns
(beside/spacy_pipeline.py) and reads and writes Parquet too, on every tenth document. Pairs are
measured one after the other, and each figure is a median with its spread.
"""

import csv
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from annotate import pipeline, tables, taxonomy
from annotate.model import Document, Suggestion

if TYPE_CHECKING:
    from spacy_pipeline import SpacyPipeline

_FAKES = Path(__file__).resolve().parents[3] / "shared/data/fakes/FA-KES-Dataset.csv"
_PAIRS = 5
_SHARE = 10
_COPIES = 13
_BATCH = 1000
_MB = 1e6
_TOML = '[project]\nname = "bench"\n\n[markers]\ntier = 2\n'


def _workspace(folder: Path, texts: Sequence[str]) -> pipeline.Workspace:
    source = folder / "articles"
    source.mkdir(parents=True)
    for number, text in enumerate(texts):
        (source / f"{number:06}.txt").write_text(text, encoding="utf-8")
    home = folder / "home"
    home.mkdir()
    (home / "annotate.toml").write_text(_TOML, encoding="utf-8")
    workspace = pipeline.Workspace(home)
    pipeline.ingest(workspace, [str(source)])
    return workspace


def _suggest(workspace: pipeline.Workspace) -> None:
    _forget(workspace)
    pipeline.suggest(workspace, jobs=1)


def _forget(workspace: pipeline.Workspace) -> None:
    for part in workspace.parts(Suggestion):
        part.unlink()


def _documents(workspace: pipeline.Workspace) -> Iterator[Document]:
    for part in workspace.parts(Document):
        for batch in tables.scan(part, Document, size=_BATCH):
            yield from batch


def _pipeline() -> "SpacyPipeline | None":
    # Not this folder itself: its weasel.py would stand in for a package that spaCy imports.
    sys.path[0] = str(Path(__file__).parent / "beside")
    try:
        from spacy_pipeline import SpacyPipeline

        return SpacyPipeline(taxonomy.load())
    except ImportError:
        return None


def _spacy(workspace: pipeline.Workspace, out: Path, other: "SpacyPipeline") -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    documents = list(islice(_documents(workspace), 0, None, _SHARE))
    found = [list(map(list, spans)) for spans in other.found([item.text for item in documents])]
    pq.write_table(pa.table({"doc_id": [item.doc_id for item in documents], "spans": found}), out)


def _seconds(run: Callable[[], None]) -> float:
    """Give the processor time of a run in this process."""
    started = time.process_time()
    run()
    return time.process_time() - started


def _line(name: str, values: Sequence[float], unit: str) -> None:
    low, high = min(values), max(values)
    median = statistics.median(values)
    sys.stdout.write(f"{name}: {median:.4g} {unit} ({low:.4g} to {high:.4g})\n")


def _beside_spacy(workspace: pipeline.Workspace, folder: Path, pairs: int) -> None:
    documents = list(_documents(workspace))
    count, size = len(documents), sum(len(item.text.encode()) for item in documents) / _MB
    first = _seconds(lambda: _suggest(workspace))
    sys.stdout.write(f"{count} documents, {size:.2f} MB; first run: {first:.2f} s\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    other = _pipeline()
    ours, theirs = [], []
    for _ in range(pairs):
        ours.append(_seconds(lambda: _suggest(workspace)) / count)
        if other:
            share = len(range(0, count, _SHARE))
            theirs.append(_seconds(lambda: _spacy(workspace, folder / "x.parquet", other)) / share)
    _line("rules", [1 / each for each in ours], "documents/s")
    _line("rules", [size / count / each for each in ours], "MB/s")
    sys.stdout.write(f"peak memory: {peak:.0f} MiB\n")
    if other is None:
        sys.stdout.write("spaCy cannot be imported, so there is no ratio\n")
        return
    sys.stdout.write(f"spaCy's Matcher: {other.count} patterns\n")
    _line("spaCy", [1 / each for each in theirs], "documents/s")
    _line("ratio", [b / a for a, b in zip(ours, theirs, strict=True)], "times spaCy")


def _beside_itself(workspace: pipeline.Workspace, pairs: int) -> None:
    ratios = []
    for _ in range(pairs):
        alone, two = (_command_seconds(workspace, jobs) for jobs in (1, 2))
        ratios.append(alone / two)
    _line("two processes", ratios, "times one")


def _command_seconds(workspace: pipeline.Workspace, jobs: int) -> float:
    """Give the time of `annotate suggest` by the clock, its start included."""
    _forget(workspace)
    code = "from annotate.cli import main; main()"
    command = ["suggest", "-C", str(workspace.root), "--jobs", str(jobs)]
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, *command], check=True, capture_output=True)
    return time.perf_counter() - started


def main(path: Path = _FAKES, pairs: int = _PAIRS) -> None:
    """Print the figures."""
    if not path.exists():
        raise SystemExit(f"{path} is not there")
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        rows = [(row["article_title"], row["article_content"]) for row in csv.DictReader(file)]
    texts = [f"{title}\n\n{body}" for title, body in rows]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _beside_spacy(_workspace(folder / "once", texts), folder, pairs)
        many = [f"Copy {n}.\n\n{text}" for n in range(_COPIES) for text in texts]
        _beside_itself(_workspace(folder / "many", many), pairs)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments and not arguments[0].isdigit():
        main(Path(arguments[0]), *map(int, arguments[1:]))
    else:
        main(_FAKES, *map(int, arguments))
