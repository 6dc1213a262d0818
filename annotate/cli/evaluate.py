"""`annotate evaluate`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import AllVoices, Directory, Json, Wait, opened, show

if TYPE_CHECKING:
    from annotate.learn.evaluation import Report, Row, SplitReport


def evaluate(
    model: Annotated[str | None, typer.Option(help="The model; the newest by default.")] = None,
    release: Annotated[
        str | None, typer.Option(help="The release; the model's own by default.")
    ] = None,
    split: Annotated[str | None, typer.Option(help="All test splits by default.")] = None,
    all_voices: AllVoices = False,
    directory: Directory = None,
    wait: Wait = False,
    as_json: Json = False,
) -> None:
    """Score a model beside the rules and the majority, by marker."""
    from annotate import pipeline

    result = pipeline.evaluate(
        opened(directory),
        model=model,
        release=release,
        split=split,
        all_voices=all_voices,
        wait=wait,
    )

    def render() -> Iterator[str]:
        yield from tables(result.report)
        yield f"report: {result.path}"

    show(result, as_json=as_json, render=render)


def tables(report: "Report") -> Iterator[str]:
    """Give a table of F1 per split: a line per level, measure and marker, a column per system."""
    yield f"voices that count: {', '.join(report.voices)}"
    for split in report.splits:
        headline = " (headline)" if split.split == report.headline else ""
        yield f"{split.split}{headline}: {split.documents} documents, {split.sentences} sentences"
        yield (
            f"  95% intervals from {split.groups} groups of documents"
            if split.groups > 1
            else "  no intervals: the documents are one group"
        )
        yield from _table(split)
        yield ""
    yield from (f"not learnt: {name}: {why}" for name, why in report.not_learnt.items())
    yield from (f"note: {note}" for note in report.notes)


def _table(split: "SplitReport") -> Iterator[str]:
    systems = list(dict.fromkeys(row.system for row in split.rows))
    lines: dict[tuple[str, str, str], dict[str, Row]] = {}
    for row in split.rows:
        lines.setdefault((row.level, row.measure, row.marker), {})[row.system] = row
    width = max((len(marker) for _, _, marker in lines), default=0)
    head = "".join(f"{name:>20}" for name in systems)
    yield f"  {'F1':<9}{'':<10}{'':<{width}}  {'true':>5}{head}"
    for (level, measure, marker), found in lines.items():
        told = "".join(f"{_told(found.get(name)):>20}" for name in systems)
        true = max(row.true for row in found.values())
        yield f"  {level:<9}{measure:<10}{marker:<{width}}  {true:>5}{told}"


def _told(row: "Row | None") -> str:
    if row is None or row.f1 is None:
        return "undefined"
    interval = "" if row.low is None else f" ({row.low:.2f}-{row.high:.2f})"
    return f"{row.f1:.3f}{interval}"
