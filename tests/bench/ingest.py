"""How long it takes to ingest FA-KES and the seeds, start-up included.

Run by name: `python tests/bench/ingest.py [RUNS]`. Prints the median of the runs with the
spread, and the share of start-up measured in the same runs, interleaved.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMIT_S = 10.0
_ROOT = Path(__file__).resolve().parents[2]
_SHARED = _ROOT.parent / "shared/data"
_SOURCES = [_SHARED / "fakes/FA-KES-Dataset.csv", *sorted((_SHARED / "seeds").glob("*.txt"))]
_CALL = """
import sys
from annotate.pipeline.ingest import ingest
from annotate.workspace import Workspace
workspace = Workspace.create(sys.argv[1], name="bench")
if len(sys.argv) > 2:
    print(ingest(workspace, sys.argv[2:]).found)
"""


def _seconds(*sources: Path) -> float:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        command = [sys.executable, "-c", _CALL, folder, *map(str, sources)]
        done = subprocess.run(command, cwd=_ROOT, check=True, capture_output=True, text=True)
        seconds = time.perf_counter() - started
    if sources and done.stdout.strip() != "806":
        raise SystemExit(f"806 articles expected, {done.stdout.strip()} found")
    return seconds


def main(runs: int = 5) -> None:
    """Print the times, and end with 1 when the median is over the limit."""
    if not _SOURCES[0].exists():
        raise SystemExit(f"{_SOURCES[0]} is not there")
    pairs = [(_seconds(), _seconds(*_SOURCES)) for _ in range(runs)]
    whole = sorted(each for _, each in pairs)
    ratios = sorted(each / empty for empty, each in pairs)
    median = statistics.median(whole)
    sys.stdout.write(
        f"ingest of 806 articles: {median:.2f} s ({whole[0]:.2f} to {whole[-1]:.2f}), "
        f"{806 / median:.0f} articles/s, limit {LIMIT_S:.0f} s; "
        f"{statistics.median(ratios):.1f} times an empty start "
        f"({ratios[0]:.1f} to {ratios[-1]:.1f})\n"
    )
    raise SystemExit(median > LIMIT_S)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
