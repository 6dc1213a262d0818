"""How fast the rules suggest on one core, beside a spaCy pipeline given the same phrases.

Run by name: `python tests/bench/suggest.py [FILE.csv] [PAIRS]`; without a file, FA-KES. Prints
the first call, documents/s, MB/s and peak memory, and, where spaCy can be imported, the ratio
of the pairs, measured one after the other. Its pipeline is a blank English, a sentencizer, a
PhraseMatcher with every lexicon's phrases, and a Matcher with one token pattern for each rule,
its lexicon in the middle.
"""

import csv
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from annotate import resources, taxonomy
from annotate.model import Document, Zone, document_id, text_sha256
from annotate.suggest import lexicons
from annotate.suggest.engine import suggest_document
from annotate.suggest.rules import Rules, load_rules

_FAKES = Path(__file__).resolve().parents[3] / "shared/data/fakes/FA-KES-Dataset.csv"
_PAIRS = 5
_MB = 1e6

Item = tuple[Document, list[Zone]]


def _read(path: Path) -> list[Item]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return [_item(row["article_title"], row["article_content"]) for row in csv.DictReader(file)]


def _item(title: str, body: str) -> Item:
    text = f"{title}\n\n{body}"
    name = document_id(text)
    document = Document(
        doc_id=name, text=text, text_sha256=text_sha256(text), title=title, canonicaliser="bench"
    )
    edges = ((0, len(title), "title"), (len(title) + 2, len(text), "body"))
    zones = [Zone(doc_id=name, start=a, end=b, zone=kind) for a, b, kind in edges if a < b]
    return document, zones


def _spacy(rules: Rules) -> Callable[[Sequence[Item]], None] | None:
    try:
        import spacy
        from spacy.matcher import Matcher, PhraseMatcher
    except ImportError:
        return None
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    plain = PhraseMatcher(pipeline.vocab, attr="LOWER")
    for path in resources.listed("lexicons", ".txt"):
        phrases = lexicons.parted(path.stem, lexicons.phrases)[0]
        if phrases:
            plain.add(path.stem, [pipeline.make_doc(phrase) for phrase in phrases])
    matcher = Matcher(pipeline.vocab)
    for rule in rules.rules:
        sets = [
            {"LOWER": {"IN": sorted(words)}} for words in sorted(rule.expression.needed, key=min)
        ]
        gap = {"IS_ALPHA": True, "OP": "{0,4}"}
        matcher.add(rule.name, [[part for each in sets for part in (each, gap)][:-1]])

    def run(items: Sequence[Item]) -> None:
        for found in pipeline.pipe(document.text for document, _ in items):
            plain(found)
            matcher(found)

    return run


def _seconds(run: Callable[[Sequence[Item]], None], items: Sequence[Item]) -> float:
    started = time.process_time()
    run(items)
    return time.process_time() - started


def _line(name: str, values: Sequence[float], unit: str) -> str:
    ordered = sorted(values)
    median = statistics.median(ordered)
    return f"{name}: {median:.4g} {unit} ({ordered[0]:.4g} to {ordered[-1]:.4g})\n"


def main(path: Path = _FAKES, pairs: int = _PAIRS) -> None:
    """Print the figures, each a median with its spread, in seconds of CPU."""
    if not path.exists():
        raise SystemExit(f"{path} is not there")
    items = _read(path)
    size = sum(len(document.text.encode()) for document, _ in items) / _MB
    started = time.process_time()
    rules = load_rules(taxonomy.load().tier(1))
    suggest_document(*items[0], rules)
    first = time.process_time() - started

    def run(items: Sequence[Item]) -> None:
        for document, zones in items:
            suggest_document(document, zones, rules)

    cold = _seconds(run, items)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    other = _spacy(rules)
    times = [(_seconds(run, items), _seconds(other, items) if other else 0) for _ in range(pairs)]
    write = sys.stdout.write
    write(f"{len(items)} documents, {size:.2f} MB, {len(rules.rules)} rules\n")
    write(f"load and first document: {first:.2f} s; first pass: {cold:.2f} s\n")
    write(_line("rules", [len(items) / each for each, _ in times], "documents/s"))
    write(_line("rules", [size / each for each, _ in times], "MB/s"))
    write(f"peak memory: {peak:.0f} MiB\n")
    if other is None:
        write("spaCy cannot be imported, so there is no ratio\n")
        return
    write(_line("spaCy", [len(items) / each for _, each in times], "documents/s"))
    write(_line("ratio", [each / ours for ours, each in times], "times spaCy"))


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments and not arguments[0].isdigit():
        main(Path(arguments[0]), *map(int, arguments[1:]))
    else:
        main(_FAKES, *map(int, arguments))
