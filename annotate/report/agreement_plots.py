"""Plots of the agreement report as inline SVG: the same values give the same bytes."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Values = Mapping[str, Mapping[str, Any]]
"""Metrics with `value`, `low` and `high`, null where undefined."""

INK, SOFT, BLUE, RED = "#1c1917", "#78716c", "#1d4ed8", "#c81e1e"
KINDS = {
    "missed": "#c81e1e",
    "boundary": "#d97706",
    "other_marker": "#7c3aed",
    "attribute": "#0f766e",
}
_LONGEST = 48
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9.0,
    "axes.edgecolor": "#d6d3d1",
    "axes.labelcolor": SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9.5,
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": SOFT,
    "ytick.color": INK,
    "ytick.major.size": 0.0,
}
_OUTSIDE = re.compile(r'<metadata>.*?</metadata>|\sxmlns(?::xlink)?="[^"]*"', re.DOTALL)
_NAMED = re.compile(r'(\sid="|url\(#|xlink:href="#)')


def forest(
    name: str,
    rows: Mapping[str, Values],
    columns: Mapping[str, str],
    *,
    least: Mapping[str, Mapping[str, float]] | None = None,
) -> str:
    """Give a panel for each column, a dot with its 95% interval for each row.

    `columns` maps metrics to their titles; rows and columns without a value are left out.
    `least` is what a gate asks for by row and metric, drawn in red.
    """
    shown = {row: values for row, values in rows.items() if any(_known(values, columns))}
    used = {
        metric: title
        for metric, title in columns.items()
        if any(values.get(metric, {}).get("value") is not None for values in shown.values())
    }
    if not used:
        return ""
    lows = [
        found["low"] if found.get("low") is not None else found["value"]
        for values in shown.values()
        for found in _known(values, used)
    ]

    def draw(figure: "Figure") -> None:
        panels = figure.subplots(1, len(used), sharey=True, squeeze=False)[0]
        for axes, (metric, title) in zip(panels, used.items(), strict=True):
            axes.set_title(title)
            axes.set_xlim(min(0, *lows) - 0.03, 1.03)
            _dots(axes, [values.get(metric, {}) for values in shown.values()])
            for at, row in enumerate(shown):
                gate = (least or {}).get(row, {}).get(metric)
                if gate is not None:
                    axes.plot([gate, gate], [at - 0.4, at + 0.4], color=RED, linewidth=1.6)
        panels[0].set_yticks(range(len(shown)), _labels(shown))
        panels[0].set_ylim(len(shown) - 0.4, -0.6)

    size = (2.4 + 1.35 * len(used), 0.7 + 0.26 * len(shown))
    return drawing(name, f"Values with 95% intervals: {', '.join(shown)}", draw, size=size)


def stacked(name: str, rows: Mapping[str, Mapping[str, int]]) -> str:
    """Give a bar for each row, parted by kind of disagreement, in counts."""
    shown = {row: counts for row, counts in rows.items() if any(counts.values())}
    if not shown:
        return ""

    def draw(figure: "Figure") -> None:
        axes = figure.subplots()
        left = [0] * len(shown)
        for kind, colour in KINDS.items():
            width = [counts.get(kind, 0) for counts in shown.values()]
            label = kind.replace("_", " ")
            axes.barh(range(len(shown)), width, left=left, color=colour, height=0.62, label=label)
            left = [before + more for before, more in zip(left, width, strict=True)]
        axes.set_yticks(range(len(shown)), _labels(shown))
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.set_xlabel("disagreements, over pairs of annotators")
        axes.legend(frameon=False, ncols=4, loc="lower left", bbox_to_anchor=(0, 1), fontsize=8.5)

    size = (8.2, 1.1 + 0.26 * len(shown))
    return drawing(name, f"Kinds of disagreement: {', '.join(shown)}", draw, size=size)


def offsets(name: str, bins: Sequence[int], starts: Sequence[int], ends: Sequence[int]) -> str:
    """Give how far starts, and ends, of what two annotators marked lie apart, side by side."""
    if not any((*starts, *ends)):
        return ""
    labels = [f"{low}" if low + 1 == high else f"{low}-{high - 1}" for low, high in pairwise(bins)]
    labels.append(f"{bins[-1]}+")

    def draw(figure: "Figure") -> None:
        panels = figure.subplots(1, 2, sharey=True)
        for axes, title, counts in zip(panels, ("starts", "ends"), (starts, ends), strict=True):
            axes.bar(range(len(counts)), counts, color=BLUE, width=0.72)
            axes.set_xticks(range(len(counts)), labels, fontsize=8)
            axes.set_title(title)
            axes.set_xlabel("characters apart")
        panels[0].set_ylabel("spans")

    return drawing(name, "Distances between boundaries", draw, size=(8.2, 2.3))


def scales(name: str, rows: Mapping[str, Values], columns: Mapping[str, str]) -> str:
    """Give a panel for each column, each with a scale of its own, a dot for each row."""
    used = {
        metric: title
        for metric, title in columns.items()
        if any(values[metric]["value"] is not None for values in rows.values())
    }
    if not used:
        return ""

    def draw(figure: "Figure") -> None:
        panels = figure.subplots(1, len(used), sharey=True, squeeze=False)[0]
        for axes, (metric, title) in zip(panels, used.items(), strict=True):
            axes.set_title(title)
            _dots(axes, [values[metric] for values in rows.values()])
            axes.locator_params(axis="x", nbins=4)
        panels[0].set_yticks(range(len(rows)), _labels(rows))
        panels[0].set_ylim(len(rows) - 0.4, -0.6)

    size = (1.8 + 1.9 * len(used), 0.75 + 0.26 * len(rows))
    return drawing(name, f"Values with 95% intervals: {', '.join(rows)}", draw, size=size)


def drawing(
    name: str, told: str, draw: "Callable[[Figure], None]", *, size: tuple[float, float]
) -> str:
    """Give what `draw` puts on a figure of `size` inches as SVG that needs nothing else.

    `name` keeps the ids of several drawings on one page apart; `told` says what is to be seen.
    """
    import warnings
    from io import StringIO

    from matplotlib import rc_context
    from matplotlib.figure import Figure

    file = StringIO()
    with rc_context({**_STYLE, "svg.hashsalt": name}), warnings.catch_warnings():
        # The browser draws the letters, so that it does not matter which ones are missing here.
        warnings.simplefilter("ignore", UserWarning)
        figure = Figure(figsize=size, layout="constrained")
        draw(figure)
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    svg = _OUTSIDE.sub("", file.getvalue())
    svg = _NAMED.sub(rf"\g<1>{name}-", svg[svg.index("<svg") :])
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(told)}"', 1).strip()


def _labels(names: Iterable[str]) -> list[str]:
    whole = (" ".join(name.split()) for name in names)
    return [name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…" for name in whole]


def _known(values: Values, columns: Mapping[str, str]) -> list[Mapping[str, Any]]:
    found = (values.get(metric, {}) for metric in columns)
    return [each for each in found if each.get("value") is not None]


def _dots(axes: "Axes", values: Sequence[Mapping[str, Any]]) -> None:
    axes.grid(axis="x", color="#e7e5e4", linewidth=0.7)
    axes.set_axisbelow(True)
    for at, found in enumerate(values):
        if found.get("value") is None:
            continue
        if found.get("low") is not None:
            axes.plot([found["low"], found["high"]], [at, at], color=BLUE, linewidth=1.3)
        axes.plot([found["value"]], [at], "o", color=BLUE, markersize=4.2)
