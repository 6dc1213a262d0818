"""Clusters: spans of one marker that overlap across the annotators of a document."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from annotate.model import AnnotatedSpan, Annotation, Record, Span
from annotate.spans import components, overlap
from annotate.taxonomy import Taxonomy

S = TypeVar("S", bound=Span)


class Vote(Span, frozen=True, kw_only=True):
    """One annotator's span in a cluster; `members` are the submitted spans behind it."""

    annotator: str
    members: tuple[str, ...]


class Cluster(Record, frozen=True, kw_only=True):
    """Overlapping spans of one marker; `inputs` are the attributes that its rule reads."""

    marker: str
    votes: tuple[Vote, ...]
    inputs: tuple[str, ...] = ()

    @property
    def annotators(self) -> frozenset[str]:
        """Who marked it."""
        return frozenset(vote.annotator for vote in self.votes)

    @property
    def support(self) -> int:
        """How many annotators marked it."""
        return len(self.annotators)


def clusters(annotations: Iterable[Annotation], taxonomy: Taxonomy) -> list[Cluster]:
    """Give the connected components of a document's spans, in order of the text."""
    votes = by_marker(vote for item in annotations for vote in _votes(item))
    inputs = {item.marker: item.inputs for item in taxonomy.derivations}
    found = [
        Cluster(
            marker=marker,
            votes=tuple(sorted(group, key=lambda vote: (vote.annotator, vote.start, vote.end))),
            inputs=inputs.get(marker, ()),
        )
        for marker, given in votes.items()
        for group in components(given)
    ]
    return sorted(found, key=lambda item: (min(vote.start for vote in item.votes), item.marker))


def by_marker(spans: Iterable[S]) -> dict[str, list[S]]:
    """Group spans by marker, in order of the markers' names."""
    found: defaultdict[str, list[S]] = defaultdict(list)
    for span in spans:
        found[span.marker].append(span)
    return dict(sorted(found.items()))


def _votes(annotation: Annotation) -> list[Vote]:
    """Give an annotator's spans, those of one marker that overlap joined into one.

    The longest of joined spans says voice, confidence and attributes.
    """
    spans = (_with_inherited(span, annotation.spans) for span in annotation.spans)
    return [
        _join(group, annotation.annotator)
        for own in by_marker(spans).values()
        for group in components(own)
    ]


def _join(group: Sequence[AnnotatedSpan], annotator: str) -> Vote:
    longest = max(group, key=lambda span: (span.end - span.start, -span.start))
    return Vote(
        start=group[0].start,
        end=max(span.end for span in group),
        marker=longest.marker,
        voice=longest.voice,
        confidence=longest.confidence,
        attributes=longest.attributes,
        referent=longest.referent,
        annotator=annotator,
        members=tuple(span.span_id for span in group),
    )


def _with_inherited(span: AnnotatedSpan, others: Sequence[AnnotatedSpan]) -> AnnotatedSpan:
    """Fill what a re-mention leaves unsaid from the first mention that it refers to."""
    referent = span.referent
    if referent is None:
        return span
    first = max(
        (other for other in others if other is not span and other.marker == span.marker),
        key=lambda other: overlap(other, referent),
        default=None,
    )
    if first is None or not overlap(first, referent):
        return span
    return span.replace(attributes={**first.attributes, **span.attributes})
