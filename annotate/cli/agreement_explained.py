"""What `annotate agreement` says of why people disagree, in lines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from textwrap import fill, shorten
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotate.agreement.explain import (
        Anchoring,
        Checks,
        Contested,
        Differences,
        Disagreement,
        Effect,
        Explained,
        Offsets,
        Passage,
        Profile,
        Reliability,
        Third,
    )
    from annotate.agreement.resample import Value

_KINDS = {
    "missed": "missed",
    "boundary": "boundary",
    "other_marker": "other marker",
    "attribute": "attribute",
}
_WIDTH, _SHOWN, _WORDS, _NAMED = 100, 3, 60, 5
Row = Sequence[str]


def lines(explained: "Explained") -> Iterator[str]:
    """Give what explains the disagreement, shortly; the report and --json have all of it."""
    yield f"why they disagree, on {explained.differences.documents} blind and test documents"
    yield from _differences(explained.differences)
    if explained.assisted.documents:
        yield ""
        yield f"the same on {explained.assisted.documents} assisted documents"
        yield from _aligned([_HEAD, _kinds("overall", explained.assisted.overall)])
    if explained.contested:
        yield ""
        yield from _contested(explained.contested)
    yield ""
    yield from _profiles(explained.profiles)
    yield ""
    yield from _checks("against their own earlier reading", explained.repeats)
    yield from _checks("against what is settled", explained.checks)
    yield ""
    yield from _anchoring(explained.anchoring)
    yield ""
    yield from _reliability(explained.reliability)


_HEAD = ("", "agree", "disagree", *_KINDS.values())


def _differences(found: "Differences") -> Iterator[str]:
    if found.overall.reason:
        yield f"  undefined: {found.overall.reason}"
        return
    used = {name: it for name, it in found.markers.items() if it.agreed or it.disagreements}
    pairs = {name: of_markers["overall"] for name, of_markers in found.pairs.items()}
    rows = [_kinds(name, it) for name, it in {**used, **pairs}.items()]
    yield from _aligned([_HEAD, *rows, _kinds("overall", found.overall)])
    if found.overall.attributes:
        yield _listed("attributes that differ", found.overall.attributes)
    if found.confused:
        yield _listed("taken for one another", found.confused)
    yield from _offsets(found.offsets)


def _kinds(name: str, found: "Disagreement") -> Row:
    parts = [found.kinds[kind] for kind in found.kinds]
    shares = ["-" if it.share is None else f"{it.count} ({it.share:.0%})" for it in parts]
    return (name, str(found.agreed), str(found.disagreements), *shares)


def _listed(title: str, counts: "Mapping[str, int]") -> str:
    most = [f"{name} {count}" for name, count in counts.items()][:_NAMED]
    return _wrapped(f"{title}: {'; '.join(most)}")


def _offsets(found: "Offsets") -> Iterator[str]:
    if found.reason:
        yield f"  boundaries: undefined: {found.reason}"
        return
    yield f"  how far the edges of {found.spans} spans that two marked lie apart, in characters"
    highest = [f"-{after - 1}" if after - at > 1 else "" for at, after in pairwise(found.bins)]
    head = [f"{at}{to}" for at, to in zip(found.bins, [*highest, "+"], strict=True)]
    rows = [("starts", *map(str, found.starts)), ("ends", *map(str, found.ends))]
    yield from _aligned([("", *head), *rows])
    if found.pieces:
        yield f"  {found.pieces} more are in pieces: several spans of one, one of the other"


def _contested(found: "Sequence[Contested]") -> Iterator[str]:
    yield "most contested documents (the report shows them side by side)"
    for number, item in enumerate(found):
        title = f" {shorten(item.title, _WORDS)}" if item.title else ""
        yield (
            f"  {item.doc_id}{title}: {item.per_pair:.1f} disagreements a pair, "
            f"{item.disagreements} of {item.disagreements + item.agreed} places "
            f"({', '.join(item.annotators)}; {item.condition})"
        )
        if number < _SHOWN and item.passages:
            yield from _passage(max(item.passages, key=lambda it: sum(it.kinds.values())))


def _passage(found: "Passage") -> Iterator[str]:
    kinds = ", ".join(_KINDS[kind] for kind in found.kinds)
    yield f"    {found.start}-{found.end}, {kinds}"
    width = max(map(len, found.annotators))
    for name, spans in found.annotators.items():
        said = [f"{it.marker} “{shorten(it.words, _WORDS, placeholder=' …')}”" for it in spans]
        yield f"      {name:<{width}}  {'; '.join(said) or '-'}"


def _profiles(found: "Mapping[str, Profile]") -> Iterator[str]:
    head = (
        "annotators",
        "documents",
        "spans per 1,000 words",
        "length",
        "words a minute",
        "pooled F1 with others",
        "starts",
        "ends",
    )
    yield from _aligned([head, *(_profile(name, item) for name, item in found.items())])
    yield from _why(
        value
        for it in found.values()
        for value in (it.rate, it.length, it.speed, it.agreement, it.starts)
    )
    for name, item in found.items():
        yield from _drift(name, item.drift)
        yield from _tendency(name, item)


def _profile(name: str, found: "Profile") -> Row:
    return (
        name,
        str(found.documents),
        _told(found.rate, 2),
        _told(found.length, 0),
        _told(found.speed, 0),
        _told(found.agreement, 2),
        _told(found.starts, 0, signed=True),
        _told(found.ends, 0, signed=True),
    )


def _drift(name: str, thirds: "Sequence[Third]") -> Iterator[str]:
    if thirds:
        rates = ", ".join(_short(it.rate, 2) for it in thirds)
        scores = ", ".join(_short(it.agreement, 2) for it in thirds)
        yield f"  {name} over time, by thirds: {rates} spans per 1,000 words; overlap F1 {scores}"


def _tendency(name: str, found: "Profile") -> Iterator[str]:
    """Name the markers of which somebody marks more or fewer than others beyond doubt."""
    for marker, item in found.tendency.items():
        times = item.ratio
        if times.low is None or times.high is None or times.low <= 1 <= times.high:
            continue
        yield f"  {name} marks {marker} {_told(times, 2)} times as often as the others"


def _checks(title: str, found: "Checks") -> Iterator[str]:
    left = f"; {found.left_out} could not be compared" if found.left_out else ""
    if not found.annotators:
        yield f"{title}: undefined: {found.overall.overlap_f1.reason}{left}"
        return
    yield f"{title}{left}"
    rows = [
        (name, str(item.documents), _told(item.exact_f1, 2), _told(item.overlap_f1, 2))
        for name, item in {**found.annotators, "overall": found.overall}.items()
    ]
    yield from _aligned([("", "documents", "exact F1", "overlap F1"), *rows])


def _anchoring(found: "Anchoring") -> Iterator[str]:
    yield (
        f"what seeing suggestions does: {found.blind.documents} documents without, "
        f"{found.assisted.documents} with; {found.annotators_on_both} annotators did both"
    )
    head = ("", "without", "with", "difference", "within annotators")
    effects = {
        "spans per 1,000 words": found.rate,
        "overlap F1 with suggestions": found.agreement,
        "words a minute": found.speed,
        "suggestions per 1,000 words": found.suggestions,
    }
    if any(it.blind.value is not None or it.assisted.value is not None for it in effects.values()):
        yield from _aligned([head, *(_effect(name, item) for name, item in effects.items())])
    yield from _why(it for of in effects.values() for it in (of.difference, of.within))


def _effect(name: str, found: "Effect") -> Row:
    return (
        name,
        _short(found.blind, 2),
        _short(found.assisted, 2),
        _told(found.difference, 2, signed=True),
        _told(found.within, 2, signed=True),
    )


def _reliability(found: "Reliability") -> Iterator[str]:
    if found.reason:
        yield f"reliability (Dawid-Skene): undefined: {found.reason}"
        return
    yield f"reliability (Dawid-Skene) on {found.clusters} clusters, {found.overruled} overruled"
    rows = [
        (name, _short(item.sensitivity, 2), _short(item.specificity, 2))
        for name, item in found.annotators.items()
    ]
    yield from _aligned([("", "sensitivity", "specificity"), *rows])
    both = ((item.sensitivity, item.specificity) for item in found.annotators.values())
    yield from _why(value for each in both for value in each)
    yield _wrapped(found.caution)


def _wrapped(text: str) -> str:
    return fill(text, _WIDTH, initial_indent="  ", subsequent_indent="    ")


def _why(values: "Iterable[Value]") -> Iterator[str]:
    """Say why values stand as a dash."""
    for reason in sorted({it.reason for it in values if it.reason}):
        yield f"  - undefined: {reason}"


def _told(found: "Value", digits: int, *, signed: bool = False) -> str:
    """Give a value with its interval; a dash where it is undefined."""
    sign = "+" if signed else ""
    if found.value is None:
        return "-"
    told = f"{found.value:{sign}.{digits}f}"
    if found.low is None or found.high is None:
        return told
    return f"{told} ({found.low:{sign}.{digits}f} to {found.high:{sign}.{digits}f})"


def _short(found: "Value", digits: int) -> str:
    return "-" if found.value is None else f"{found.value:.{digits}f}"


def _aligned(rows: Sequence[Row]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = (f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True))
        yield "  " + "  ".join([f"{first:<{widths[0]}}", *cells])
