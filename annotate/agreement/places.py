"""Places of a document where annotators agree or not, two annotators at a time.

What each annotator marked comes in as clusters: spans of one marker that overlap across
annotators, those of one annotator joined where they overlap.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, Protocol

from annotate.agreement.explain import Kind
from annotate.model import Voice
from annotate.spans import Ranged, components, iou, overlaps

SAME = 0.5
VOICE = "voice"
Pair = tuple[str, str]


class Mark(Ranged, Protocol):
    """An annotator's span in a cluster; offsets are code points, end-exclusive."""

    @property
    def marker(self) -> str:
        """What it is marked as."""

    @property
    def voice(self) -> Voice:
        """Whose voice it is in."""

    @property
    def attributes(self) -> Mapping[str, str]:
        """What is observed of it; what is not known is absent."""

    @property
    def annotator(self) -> str:
        """Who marked it."""


class Cluster(Protocol):
    """Spans of one marker that overlap across annotators."""

    @property
    def marker(self) -> str:
        """What they are marked as."""

    @property
    def inputs(self) -> Sequence[str]:
        """The attributes that matter."""

    @property
    def votes(self) -> Sequence[Mark]:
        """The spans, which do not overlap where one annotator has several."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """What two annotators marked in one place, and how they agree or differ there.

    One of `first` and `second` is empty where one missed it. `attributes` are those that
    differ where nothing else does.
    """

    kind: Kind | Literal["agreed"]
    first: tuple[Mark, ...]
    second: tuple[Mark, ...]
    attributes: tuple[str, ...] = ()

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Give the marks of both."""
        return self.first + self.second

    @property
    def markers(self) -> tuple[str, ...]:
        """Give the markers, sorted: one, or two where others chose another."""
        return tuple(sorted({mark.marker for mark in self.marks}))


def places(
    clusters: Sequence[Cluster], readers: Iterable[str], *, voices: Sequence[Voice]
) -> dict[Pair, list[Place]]:
    """Compare each pair of readers, in alphabetical order, place by place.

    A place counts where at least one of its spans is in one of the voices.
    """
    return {
        pair: _compared(clusters, pair, frozenset(voices))
        for pair in combinations(sorted(readers), 2)
    }


def _compared(clusters: Sequence[Cluster], pair: Pair, voices: frozenset[Voice]) -> list[Place]:
    found: list[Place] = []
    alone: tuple[list[Mark], list[Mark]] = ([], [])
    for cluster in clusters:
        for first, second in _met(cluster, pair):
            if first and second:
                if any(mark.voice in voices for mark in first + second):
                    found.append(_matched(first, second, cluster.inputs, voices))
            else:
                alone[0].extend(first)
                alone[1].extend(second)
    return found + list(_unmatched(*alone, voices))


def _met(cluster: Cluster, pair: Pair) -> Iterator[tuple[tuple[Mark, ...], tuple[Mark, ...]]]:
    """Give the two annotators' marks that overlap: a third may be all that joined others."""
    marks = [mark for mark in cluster.votes if mark.annotator in pair]
    # Nearly always one each, or one alone: no need to look for components.
    whole = len(marks) < 2 or (len(marks) == 2 and overlaps(*marks))  # noqa: PLR2004
    for group in [marks] if whole else components(marks):
        if group:
            yield (
                tuple(mark for mark in group if mark.annotator == pair[0]),
                tuple(mark for mark in group if mark.annotator == pair[1]),
            )


def _matched(
    first: tuple[Mark, ...],
    second: tuple[Mark, ...],
    inputs: Sequence[str],
    voices: frozenset[Voice],
) -> Place:
    one, two = first[0], second[0]
    if len(first) + len(second) > 2 or (one.start, one.end) != (two.start, two.end):  # noqa: PLR2004
        return Place(kind="boundary", first=first, second=second)
    unlike = [name for name in inputs if one.attributes.get(name) != two.attributes.get(name)]
    if (one.voice in voices) != (two.voice in voices):
        unlike.append(VOICE)
    kind: Kind | Literal["agreed"] = "attribute" if unlike else "agreed"
    return Place(kind=kind, first=first, second=second, attributes=tuple(unlike))


def _unmatched(
    first: Sequence[Mark], second: Sequence[Mark], voices: frozenset[Voice]
) -> Iterator[Place]:
    """Match what is left with other markers on the same words, the closest first."""
    left = [list(first), list(second)]
    candidates = [
        (one, two)
        for one in first
        for two in second
        if overlaps(one, two)
        if (one.voice in voices or two.voice in voices) and iou(one, two) >= SAME
    ]
    for one, two in sorted(candidates, key=_closest):
        if one in left[0] and two in left[1]:
            left[0].remove(one)
            left[1].remove(two)
            yield Place(kind="other_marker", first=(one,), second=(two,))
    yield from (
        Place(kind="missed", first=(mark,), second=()) for mark in left[0] if mark.voice in voices
    )
    yield from (
        Place(kind="missed", first=(), second=(mark,)) for mark in left[1] if mark.voice in voices
    )


def _closest(pair: tuple[Mark, Mark]) -> tuple[object, ...]:
    # By what was marked and never by who did, so that nothing depends on names.
    return -iou(*pair), sorted((mark.start, mark.end, mark.marker) for mark in pair)


def by_marker(found: Iterable[Place]) -> defaultdict[str, list[Place]]:
    """Group places by marker; one with two markers stands under both."""
    grouped: defaultdict[str, list[Place]] = defaultdict(list)
    for place in found:
        for marker in place.markers:
            grouped[marker].append(place)
    return grouped
