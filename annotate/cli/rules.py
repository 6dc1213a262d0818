"""`annotate rules`."""

from collections.abc import Iterator, Mapping
from textwrap import fill, indent
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import Directory, Json, opened, show

if TYPE_CHECKING:
    from annotate.pipeline.rules import MarkerReport, RuleReport, RulesResult

Adjudicator = Annotated[
    str | None, typer.Option(help="The person whose annotations decide what is gold.")
]
_NONE = "no data"
_WIDTH = 98
_HEAD = ("rule", "score", "found", "documents", "overlap", "conflict", "precision", "kept", "")


def rules(
    marker: Annotated[
        str | None, typer.Option(help="One marker's rules, with more detail.")
    ] = None,
    adjudicator: Adjudicator = None,
    directory: Directory = None,
    as_json: Json = False,
) -> None:
    """Say what each rule finds, how often it is right and what annotators do with it.

    found: its suggestions now. overlap: matches that another rule of the marker has too.
    conflict: matches that another marker overlaps, where one of the two gives way. precision:
    the estimate from gold, with what was right and a 95% interval. kept: shown suggestions
    that annotators left as they were.
    """
    from annotate import pipeline

    result = pipeline.rules(opened(directory), marker=marker, adjudicator=adjudicator)
    show(result, as_json=as_json, render=lambda: _lines(result, details=marker is not None))


def documents_of(conditions: Mapping[str, int]) -> str:
    """Give `20 documents (12 blind, 8 test)`."""
    each = ", ".join(f"{count} {condition}" for condition, count in conditions.items())
    return f"{sum(conditions.values())} documents ({each})"


def _lines(result: "RulesResult", *, details: bool) -> Iterator[str]:
    yield from _ground(result)
    rows = {item.name: _row(item) for item in result.rules}
    widths = [max(map(len, column)) for column in zip(_HEAD, *rows.values(), strict=True)]
    for marker in result.markers:
        yield ""
        yield _missed(marker)
        mine = [item for item in result.rules if item.marker == marker.marker]
        told = [item for item in mine if details or _fired(item)]
        if told:
            yield _aligned(_HEAD, widths)
        for item in told:
            yield _aligned(rows[item.name], widths)
            if details:
                yield from _details(item)
        if len(told) < len(mine):
            silent = ", ".join(item.rule for item in mine if item not in told)
            yield indent(fill(f"nothing found by {silent}", _WIDTH), "  ")
    if result.advised:
        names = ", ".join(f'"{name}"' for name in result.advised)
        yield ""
        yield (
            f"retire: {result.retire_from} suggestions or more are judged, and the precision is "
            f"below {result.retire_below:.2f} with 95% confidence. In annotate.toml:"
        )
        yield "[suggest]"
        yield f"retired = [{names}]"


def _fired(item: "RuleReport") -> bool:
    """Say whether the rule found anything, now or when annotators were shown it."""
    return bool(item.suggestions or item.matches or item.acceptance or item.retired)


def _ground(result: "RulesResult") -> Iterator[str]:
    """Say what the figures rest on."""
    if result.gold:
        yield f"precision is measured on {documents_of(result.gold)} with gold"
        if set(result.gold) == {"assisted"}:
            yield "  all of them showed suggestions, which makes people agree with the rules"
    else:
        yield "precision: no document was read by two people or decided by an adjudicator yet"
    if result.single:
        yield f"  left out: {result.single} documents that one person read"
    yield f"overlap and conflict are measured on {result.sampled} documents"
    if result.unknown:
        yield f"{result.unknown} suggestions were shown that no rule makes today"
    if result.scores.stale:
        yield (
            f"{len(result.scores.stale)} rules were changed since they were calibrated; "
            "`annotate suggest --calibrate` measures them again"
        )


def _missed(item: "MarkerReport") -> str:
    if item.gold is None:
        return f"{item.marker}"
    if not item.gold:
        return f"{item.marker}: no gold spans"
    return f"{item.marker}: {item.gold} gold spans, {item.missed} without a suggestion"


def _row(item: "RuleReport") -> tuple[str, ...]:
    return (
        item.rule,
        f"{item.score:.2f}{' calibrated' if item.calibrated else ' stale' if item.stale else ''}",
        _NONE if item.suggestions is None else str(item.suggestions),
        _NONE if item.documents is None else str(item.documents),
        _percent(item.overlap),
        _percent(item.conflict),
        _precision(item),
        _kept(item),
        "retired" if item.retired else "retire?" if item.retire else "",
    )


def _precision(item: "RuleReport") -> str:
    if item.precision is None or item.interval is None:
        return _NONE
    low, high = item.interval.low, item.interval.high
    judged = f"{item.judged.right} of {item.judged.suggestions}"
    return f"{item.precision:.2f} ({judged}: {low:.2f} to {high:.2f})"


def _kept(item: "RuleReport") -> str:
    kept = sum(each.kept for each in item.acceptance)
    shown = sum(each.shown for each in item.acceptance)
    return f"{kept} of {shown}" if shown else _NONE


def _details(item: "RuleReport") -> Iterator[str]:
    judged = item.judged
    if judged.suggestions or judged.disputed:
        yield f"      exact {judged.exact}, disputed and not counted {judged.disputed}"
    for marker, count in judged.elsewhere.items():
        yield f"      gold says {marker} instead: {count}"
    for each in item.acceptance:
        yield (
            f"      {each.month}, guideline {each.guideline_version}: {each.kept} kept, "
            f"{each.changed} changed, {each.deleted} deleted"
        )


def _percent(share: float | None) -> str:
    return _NONE if share is None else f"{share:.0%}"


def _aligned(cells: tuple[str, ...], widths: list[int]) -> str:
    pairs = zip(cells, widths, strict=True)
    return ("  " + "  ".join(f"{cell:<{width}}" for cell, width in pairs)).rstrip()
