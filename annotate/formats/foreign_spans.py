"""Regions of an export, checked against the text and put in the words of the taxonomy.

A label that is a marker's name, or that is mapped to one, becomes that marker; any other
keeps its own name, so that agreement on it can be measured.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from annotate.formats.foreign import Region, Submission, says
from annotate.formats.label_studio import CONFIDENCE, VOICE
from annotate.model import AnnotatedSpan, Confidence, Range, Reject, hashed_id
from annotate.spans import components, within
from annotate.taxonomy import Taxonomy

_SHOWN = 60
_NO_REFERENT = "referents without a span"


@dataclass(frozen=True, kw_only=True)
class Legend:
    """What labels stand for: `labels` maps theirs to markers of the taxonomy.

    With `markers_only`, a label that is no marker and not mapped is refused.
    """

    taxonomy: Taxonomy
    labels: Mapping[str, str] = field(default_factory=dict)
    markers_only: bool = False

    def marker(self, label: str) -> str | None:
        """Give the marker, or the label itself; None for one that is refused."""
        name = self.labels.get(label, label)
        return None if self.markers_only and name not in self.taxonomy.names else name


@dataclass(kw_only=True)
class Fitted:
    """The spans of one submission, what was refused or merged, and answers without a place.

    `lost` says that regions did not fit the text and nothing else is left: what was
    submitted is not known, which is different from a submission without spans.
    """

    spans: list[AnnotatedSpan] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    merged: list[Reject] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)
    lost: bool = False


def fit(
    submission: Submission,
    *,
    text: str,
    offset: Callable[[int], int],
    legend: Legend,
    assignment_id: str,
) -> Fitted:
    """Give a submission's regions as spans of the document, sorted.

    `text` is the task's own, `offset` turns a place in it into one in the document. What
    does not fit is refused with its reason; overlapping spans of one marker become one,
    with the answers of the longest.
    """
    fitted = Fitted()
    by_marker: defaultdict[str, list[tuple[AnnotatedSpan, str]]] = defaultdict(list)
    unfit = submission.refused
    for region in submission.regions:
        reason = _misfit(region, text, offset)
        unfit += reason is not None
        marker = legend.marker(region.label)
        if reason is None and marker is None:
            reason = f'label "{region.label}" is no marker and mapped to none'
        if reason is not None or marker is None:
            fitted.rejects.append(Reject(place=region.place, reason=str(reason)))
            continue
        answers = _answers(region, marker, legend.taxonomy, fitted.ignored)
        referent = _referent(region, text, offset)
        if region.referent and referent is None:
            fitted.ignored[_NO_REFERENT] += 1
        span = AnnotatedSpan(
            start=offset(region.start),
            end=offset(region.end),
            marker=marker,
            origin=region.origin,
            span_id="",
            referent=referent,
            **answers,
        )
        by_marker[marker].append((span, region.place))
    for found in by_marker.values():
        _merge(found, fitted)
    fitted.lost = bool(unfit and not fitted.spans)
    _refer(fitted)
    fitted.spans = [
        span.replace(span_id=hashed_id("p", assignment_id, span.start, span.end, span.marker))
        for span in sorted(fitted.spans, key=lambda it: (it.start, it.end, it.marker))
    ]
    return fitted


def _misfit(region: Region, text: str, offset: Callable[[int], int]) -> str | None:
    """Say why a region does not fit the text that it is of; None when it does."""
    start, end = region.start, region.end
    if not 0 <= start < end <= len(text):
        return f"[{start}, {end}) does not lie in the text's {len(text)} characters"
    there = text[start:end]
    if region.quote is not None and not says(region.quote, there):
        units = text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le", "replace")
        why = "; its offsets count UTF-16 units" if says(region.quote, units) else ""
        quotes = f"it quotes “{region.quote[:_SHOWN]}”"
        return f"{quotes}, and the text has “{there[:_SHOWN]}” there{why}"
    if offset(start) >= offset(end):
        return f"[{start}, {end}) holds nothing but control characters"
    return None


def _referent(region: Region, text: str, offset: Callable[[int], int]) -> Range | None:
    """Give where a region's referent stands in the document, if it is a place of the text."""
    first = region.referent
    if first is None or not 0 <= first.start < first.end <= len(text):
        return None
    start, end = offset(first.start), offset(first.end)
    return Range(start=start, end=end) if start < end else None


def _refer(fitted: Fitted) -> None:
    """Let referents be the spans that hold them: of the same marker, or else any; or none."""
    spans = fitted.spans
    for number, span in enumerate(spans):
        first = span.referent
        if first is None:
            continue
        holding = [it for it in spans if it is not span and within(first, it)]
        nearest = min(holding, key=lambda it: it.marker != span.marker, default=None)
        if nearest is None:
            fitted.ignored[_NO_REFERENT] += 1
        place = Range(start=nearest.start, end=nearest.end) if nearest else None
        spans[number] = span.replace(referent=place)


def _answers(
    region: Region, marker: str, taxonomy: Taxonomy, ignored: Counter[str]
) -> dict[str, Any]:
    """Give the fields that a region's answers fill; others, and unknown values, are counted."""
    fields: dict[str, Any] = {}
    attributes: dict[str, str] = {}
    frame, ours = taxonomy.frame, marker in taxonomy.names
    for name, value in sorted(region.answers.items()):
        attribute = taxonomy.marker(marker).attribute(name) if ours else None
        if attribute and value in [item.value for item in attribute.values]:
            attributes[name] = value
        elif ours and name == VOICE and value in [item.value for item in frame.voices]:
            fields[VOICE] = value
        elif ours and name == CONFIDENCE and value in [item.value for item in frame.confidences]:
            fields[CONFIDENCE] = cast("Confidence", int(value))
        else:
            ignored[f"answers to {name}"] += 1
    judgement = taxonomy.judge(marker, attributes)
    return {**fields, "attributes": attributes, "judgement": judgement}


def _merge(found: list[tuple[AnnotatedSpan, str]], fitted: Fitted) -> None:
    places = {id(span): place for span, place in found}
    for group in components(span for span, _ in found):
        longest = max(group, key=lambda span: (span.end - span.start, -span.start))
        start, end = group[0].start, max(span.end for span in group)
        fitted.spans.append(longest.replace(start=start, end=end))
        fitted.merged += [
            Reject(
                place=places[id(span)],
                reason=f"overlaps another {span.marker} and became one span with it",
            )
            for span in group
            if span is not longest
        ]
