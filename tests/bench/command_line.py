"""How long `annotate --help` takes beside an empty Typer program.

Run by name: `python tests/bench/command_line.py`. Prints the ratio of five interleaved
pairs, each a median of several starts, with the spread.
"""

import statistics
import subprocess
import sys
import time

EMPTY = """
import typer
app = typer.Typer()
@app.command()
def nothing() -> None:
    "Nothing."
app()
"""
OURS = "from annotate.cli import main; main()"


def seconds(code: str, *, starts: int = 5) -> float:
    """Give the median wall time of a Python program that is asked for its help."""
    taken = []
    for _ in range(starts):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", code, "--help"], check=True, capture_output=True)
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def main() -> None:
    """Print the ratios."""
    seconds(OURS), seconds(EMPTY)
    pairs = [(seconds(OURS), seconds(EMPTY)) for _ in range(5)]
    ratios = sorted(ours / empty for ours, empty in pairs)
    ours, empty = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"annotate --help {ours:.3f} s, empty Typer program {empty:.3f} s")
    print(f"ratio median {ratios[2]:.2f} (spread {ratios[0]:.2f} to {ratios[-1]:.2f}); asked: 3")


if __name__ == "__main__":
    main()
