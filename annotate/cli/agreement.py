"""`annotate agreement`."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from annotate.cli.options import AllVoices, Directory, Json, opened, show

if TYPE_CHECKING:
    from annotate.agreement.pairwise import Measured, Value


def agreement(
    directory: Directory = None, all_voices: AllVoices = False, as_json: Json = False
) -> None:
    """Measure how far independent annotators mark the same."""
    from annotate import pipeline

    result = pipeline.agreement(opened(directory), all_voices=all_voices)

    def render() -> Iterator[str]:
        yield f"voices that count: {', '.join(result.voices)}"
        yield f"blind and test documents: {result.documents}, annotators: {result.annotators}"
        yield from table(result)
        yield ""
        yield f"assisted documents: {result.assisted.documents} (suggestions make people agree)"
        yield from table(result.assisted)

    show(result, as_json=as_json, render=render)


def table(measured: "Measured") -> Iterator[str]:
    """Give a line per marker and pair, and one overall, with 95% intervals."""
    rows: dict[str, Mapping[str, Value]] = {
        **measured.markers,
        **measured.pairs,
        "overall": measured.overall,
    }
    width = max(len(name) for name in rows)
    yield f"  {'':<{width}}  {'exact F1':<20}  overlap F1"
    for name, values in rows.items():
        exact, overlap = (_told(values.get(metric)) for metric in ("exact_f1", "overlap_f1"))
        yield f"  {name:<{width}}  {exact:<20}  {overlap}"


def _told(value: "Value | None") -> str:
    if value is None or value.value is None:
        return f"undefined: {value.reason}" if value else "undefined"
    interval = "" if value.low is None else f" ({value.low:.2f} to {value.high:.2f})"
    return f"{value.value:.3f}{interval}"
