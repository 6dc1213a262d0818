"""The agreement report: one page with tables and plots, made from the result's JSON alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from annotate.model import Record
from annotate.pages import environment
from annotate.report.agreement_plots import KINDS, Values, forest, offsets, scales, stacked

METRICS = {
    "exact_f1": "exact F1",
    "overlap_f1": "overlap F1",
    "alpha": "alpha",
    "token_alpha": "token alpha",
    "alpha_u": "alpha_u",
    "u_alpha": "u_alpha",
    "cu_alpha": "cu_alpha",
    "gamma": "gamma",
}
PROFILES = {
    "rate": "spans per 1,000 words",
    "length": "median length",
    "speed": "words a minute",
    "agreement": "overlap F1 with others",
}
EFFECTS = {
    "rate": "spans per 1,000 words",
    "agreement": "overlap F1 with suggestions",
    "speed": "words a minute",
    "suggestions": "suggestions per 1,000 words",
}


class Piece(Record, frozen=True, kw_only=True):
    """A stretch of text inside the same spans throughout, with what is said of them."""

    words: str
    markers: tuple[str, ...]
    told: str


def render_agreement(result: Mapping[str, Any], *, project: str, colours: Mapping[str, str]) -> str:
    """Give the report on what `annotate agreement --json` prints; the same result, the same bytes.

    `colours` gives each marker's colour; other labels are grey.
    """
    pages = environment()
    pages.filters.update(
        number=number, interval=interval, pieces=pieces, most=most, measured=measured
    )
    page = pages.get_template("agreement.html.j2").render(
        result=result,
        project=project,
        colours=colours,
        metrics=METRICS,
        profiles=PROFILES,
        effects=EFFECTS,
        kinds=KINDS,
        least=_least(result["gates"]),
        plots={**_plots(result), **_explaining(result.get("explained"))},
    )
    return page.strip() + "\n"


def number(value: float | None, digits: int = 3) -> str:
    """Give a number with so many digits, or a dash."""
    return "–" if value is None else f"{value:.{digits}f}"  # noqa: RUF001 - a dash is meant


def interval(value: Mapping[str, Any], digits: int = 2) -> str:
    """Give `low to high`, or nothing where there is no interval."""
    if value.get("low") is None:
        return ""
    return f"{value['low']:.{digits}f} to {value['high']:.{digits}f}"


def most(confusion: Mapping[str, Mapping[str, int]]) -> int:
    """Give the highest count of a confusion table."""
    return max(count for row in confusion.values() for count in row.values())


def pieces(passage: Mapping[str, Any], spans: Sequence[Mapping[str, Any]]) -> Iterator[Piece]:
    """Cut a passage at every edge of the spans, in order and without gaps."""
    start, end = passage["start"], passage["end"]
    edges = {start, end} | {
        edge for span in spans for edge in (span["start"], span["end"]) if start < edge < end
    }
    for first, last in pairwise(sorted(edges)):
        over = [span for span in spans if span["start"] <= first and last <= span["end"]]
        yield Piece(
            words=passage["text"][first - start : last - start],
            markers=tuple(dict.fromkeys(span["marker"] for span in over)),
            told="; ".join(map(_told, over)),
        )


def measured(rows: Mapping[str, Values], metrics: Iterable[str]) -> list[str]:
    """Give the metrics that some row has a value of."""
    return [
        metric
        for metric in metrics
        if any(values.get(metric, {}).get("value") is not None for values in rows.values())
    ]


def _told(span: Mapping[str, Any]) -> str:
    said = ", ".join(f"{name} {value}" for name, value in span["attributes"].items())
    return f"{span['marker']} ({said})" if said else str(span["marker"])


def _least(gates: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    least: dict[str, dict[str, float]] = {}
    for gate in gates:
        least.setdefault(gate["marker"], {})[gate["metric"]] = gate["least"]
    return least


def _plots(result: Mapping[str, Any]) -> dict[str, str]:
    questions = {
        f"{marker}: {name}": {"alpha": found["alpha"]}
        for marker, attributes in result["attributes"].items()
        for name, found in attributes.items()
    } | {
        f"{marker}: judgement": {"alpha": found["alpha"]}
        for marker, found in result["judgements"].items()
    }
    markers: dict[str, Values] = {"overall": result["overall"], **result["markers"]}
    return {
        "markers": forest("markers", markers, METRICS, least=_least(result["gates"])),
        "pairs": forest("pairs", result["pairs"], METRICS),
        "questions": forest("questions", questions, {"alpha": "alpha"}),
    }


def _explaining(explained: Mapping[str, Any] | None) -> dict[str, str]:
    if explained is None:
        return {}
    differences, profiles = explained["differences"], explained["profiles"]
    apart = differences["offsets"]
    anchoring = {
        side: {name: explained["anchoring"][name][side] for name in EFFECTS}
        for side in ("blind", "assisted")
    }
    drifts = {
        f"{name}, {word} third": {field: third[field] for field in PROFILES if field in third}
        for name, profile in profiles.items()
        for word, third in zip(("first", "second", "last"), profile["drift"], strict=False)
    }
    return {
        "kinds": stacked(
            "kinds",
            _kinds({"all markers": differences["overall"]}) | _kinds(differences["markers"]),
        ),
        "kinds_of_pairs": stacked(
            "kinds-of-pairs",
            _kinds({name: found["overall"] for name, found in differences["pairs"].items()}),
        ),
        "offsets": offsets("offsets", apart["bins"], apart["starts"], apart["ends"]),
        "profiles": scales("profiles", profiles, PROFILES) if profiles else "",
        "drift": scales(
            "drift", drifts, {it: PROFILES[it] for it in ("rate", "speed", "agreement")}
        )
        if drifts
        else "",
        "anchoring": scales("anchoring", anchoring, EFFECTS),
    }


def _kinds(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    return {
        name: {kind: part["count"] for kind, part in found["kinds"].items()}
        for name, found in rows.items()
    }
