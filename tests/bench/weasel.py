"""How well markers find the weasel sentences of the CoNLL-2010 shared task.

Run by name: `python tests/bench/weasel.py FILE.tsv [--markers a,b,c]`. Each line of the file is
1 for an uncertain sentence or 0, a tab, and the sentence, tokenised. A sentence counts as
uncertain when one of the markers is suggested in it, candidate rules included. Prints
precision, recall and F1 of the uncertain sentences, beside all sentences called uncertain and
a plain word list.
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotate import taxonomy
from annotate.errors import AnnotateError
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import Rules, load_rules

MARKERS = (
    "unattributed_claim",
    "agentless_attribution",
    "vague_collective_source",
    "opaque_evidence",
    "acknowledged_uncertainty",
)
_LISTED = re.compile(
    r"\b(?:some|many|most|several|various|numerous|certain|critics|experts|scholars|others"
    r"|generally|commonly|widely|probably|possibly|perhaps|likely|apparently|reportedly"
    r"|allegedly|supposedly|presumably|arguably|seemingly|considered|regarded|believed|thought"
    r"|said to|claimed|suggested|rumou?red|alleged|argued|speculated)\b",
    re.IGNORECASE,
)
_TIGHT = (
    (re.compile(r" ?\\ n ?"), "\n"),
    (re.compile(r" (?=[,.;:?!)\]%])"), ""),
    (re.compile(r"(?<=[(\[$]) "), ""),
    (re.compile(r"(?<=\w) (?='(?:s|re|ve|ll|d|m)\b|n't\b)"), ""),
    (re.compile(r"` ?"), "'"),
)
_QUOTED = re.compile(r'" ([^"]+?) ?"')


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence as running text, and whether it is uncertain."""

    text: str
    uncertain: bool


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Precision, recall and F1; None where nothing was found or nothing was there."""

    precision: float | None
    recall: float | None
    f1: float | None


def detokenise(text: str) -> str:
    """Give tokenised text as running text: no blanks inside marks, quotes and contractions."""
    for pattern, replacement in _TIGHT:
        text = pattern.sub(replacement, text)
    return _QUOTED.sub(r'"\1"', text)


def read(path: Path) -> list[Sentence]:
    """Give the file's sentences; raises SystemExit with the line that is not of its form."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(f"{path}: {error}") from error
    return [_sentence(line, f"{path}:{n}") for n, line in enumerate(lines, 1) if line.strip()]


def _sentence(line: str, place: str) -> Sentence:
    label, tab, text = line.rstrip("\r").partition("\t")
    if label not in ("0", "1") or not tab:
        raise SystemExit(f"{place}: expected 0 or 1, a tab and a sentence")
    return Sentence(text=detokenise(text), uncertain=label == "1")


def figures(sentences: Iterable[Sentence], marked: Callable[[str], bool]) -> Figures:
    """Give how well `marked` tells the uncertain sentences."""
    pairs = [(marked(item.text), item.uncertain) for item in sentences]
    right = sum(found and true for found, true in pairs)
    found, true = sum(found for found, _ in pairs), sum(true for _, true in pairs)
    return Figures(
        precision=right / found if found else None,
        recall=right / true if true else None,
        f1=2 * right / (found + true) if found + true else None,
    )


def rules_for(names: Sequence[str]) -> Rules:
    """Give the rules of the named markers, with their candidates."""
    chosen = taxonomy.load().select(tuple(names))
    return load_rules(chosen.with_candidates(chosen.candidates))


def _line(name: str, found: Figures) -> str:
    values = (found.precision, found.recall, found.f1)
    shown = ["undefined" if value is None else f"{100 * value:.1f}" for value in values]
    return f"{name:<12}" + "".join(f"{value:>11}" for value in shown) + "\n"


def main(arguments: Sequence[str]) -> None:
    """Print the figures of the markers, of all sentences and of the word list."""
    parser = argparse.ArgumentParser(description="Weasel sentences found by markers")
    parser.add_argument("file", type=Path)
    parser.add_argument("--markers", default=",".join(MARKERS), help="names with commas between")
    chosen = parser.parse_args(arguments)
    try:
        rules = rules_for(chosen.markers.split(","))
    except AnnotateError as error:
        raise SystemExit(str(error)) from error
    sentences = read(chosen.file)
    write = sys.stdout.write
    write(f"{len(sentences)} sentences, {sum(item.uncertain for item in sentences)} uncertain\n")
    write(f"markers: {', '.join(rules.taxonomy.names)}\n")
    write(f"{'':<12}" + "".join(f"{name:>11}" for name in ("precision", "recall", "F1")) + "\n")
    write(_line("markers", figures(sentences, lambda text: bool(suggest_text(text, rules=rules)))))
    write(_line("all", figures(sentences, lambda _: True)))
    write(_line("word list", figures(sentences, lambda text: bool(_LISTED.search(text)))))


if __name__ == "__main__":
    main(sys.argv[1:])
