"""The agreement report: plots and tables of what was measured, and nothing that runs."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.report.agreement import METRICS, pieces, render_agreement
from annotate.report.agreement_plots import forest, offsets, scales, stacked

SOURCE = "unnamed_source"
HOSTILE = "<script>alert('€ $x$ & \"')</script>"


def value(number: float | None, reason: str | None = None) -> dict[str, Any]:
    low, high = (None, None) if number is None else (number - 0.1, number + 0.05)
    return {"value": number, "low": low, "high": high, "reason": reason}


def part(**more: Any) -> dict[str, Any]:
    measured = {name: value(0.5 + at / 20) for at, name in enumerate(METRICS) if name != "gamma"}
    undefined = {name: value(None, "no spans & none") for name in METRICS}
    compared = {
        "alpha": value(0.4),
        "spans": 3,
        "confusion": {"yes": {"yes": 2, "no": 1}, "no": {"yes": 1, "no": 0}},
    }
    return {
        "voices": ["reporter"],
        "documents": 2,
        "annotators": 2,
        "markers": {SOURCE: measured, HOSTILE: undefined},
        "pairs": {"ana, ben": measured},
        "overall": measured,
        "pooled": {
            "markers": {SOURCE: {"exact_f1": value(0.314)}},
            "overall": {"exact_f1": value(0.271)},
        },
        "attributes": {SOURCE: {"specificity": compared}},
        "judgements": {SOURCE: compared},
        "note": None,
        **more,
    }


def result(**more: Any) -> dict[str, Any]:
    gate = {"marker": SOURCE, "metric": "alpha", "least": 0.9, "value": 0.6, "reason": None}
    return part(
        assisted=part(note="nobody submitted one"),
        gates=[gate | {"passed": False}],
        rejects=[{"place": HOSTILE, "reason": "another text"}],
        explained=None,
        **more,
    )


def page(**more: Any) -> str:
    return render_agreement(result(**more), project=HOSTILE, colours={SOURCE: "#c81e1e"})


def test_the_page_shows_what_was_measured() -> None:
    """Values with intervals, gates, confusions, what is undefined and what was left out."""
    shown = page()
    for words in ("0.600", "0.50 to 0.65", "Failed: unnamed_source, alpha", "no spans &amp; none"):
        assert words in shown
    assert "nobody submitted one" in shown
    assert 'class="under"' in shown
    assert shown.count("0.314") == shown.count("0.271") == 1
    assert shown == page()


def test_nothing_of_the_data_runs_or_comes_from_outside() -> None:
    """Names are text, also in the plots; no script, font or picture is fetched."""
    shown = page()
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert "http" not in shown
    assert "url(" not in re.sub(r"url\(#[\w-]+\)", "", shown)


def test_ids_on_a_page_are_unique() -> None:
    """Several drawings on one page do not share clip paths or groups."""
    found = re.findall(r'\sid="([^"]+)"', page())
    assert len(found) == len(set(found))


def test_without_a_value_there_is_no_drawing() -> None:
    """Plots of nothing are left out."""
    nothing = {"a": {"alpha": value(None, "why"), "rate": value(None, "why")}}
    assert forest("f", nothing, {"alpha": "alpha"}) == ""
    assert scales("s", nothing, {"rate": "rate"}) == ""
    assert stacked("k", {"a": {"missed": 0}}) == ""
    assert offsets("o", (0, 1), (0, 0), (0, 0)) == ""


@pytest.mark.parametrize("label", ["$x$", "a\nb", "\N{CROSS MARK}", '<&">', "x" * 200])
def test_any_label_can_be_drawn(label: str) -> None:
    """Formulas, signs that the font lacks, markup, long ones: drawn as text, without a word."""
    drawn = forest("f", {label: {"alpha": value(0.5)}}, {"alpha": "alpha"})
    assert drawn.startswith("<svg")
    assert drawn.endswith("</svg>")


SPANS = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), max_size=5)


@given(SPANS)
def test_a_passage_is_cut_without_loss(ranges: list[tuple[int, int]]) -> None:
    """Every character once, with the markers on it, also where spans begin before it."""
    text = "The lock 🚪 jammed, said nobody."
    passage = {"start": 20, "end": 20 + len(text), "text": text}
    spans = [
        {"start": start, "end": start + size, "marker": f"m{at}", "attributes": {"basis": "x"}}
        for at, (start, size) in enumerate(ranges)
    ]
    cut = list(pieces(passage, spans))
    assert "".join(piece.words for piece in cut) == text
    at = 20
    for piece in cut:
        over = [it["marker"] for it in spans if it["start"] <= at < it["end"]]
        assert list(piece.markers) == over
        at += len(piece.words)
