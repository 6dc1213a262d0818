"""Kinds of disagreement, and how far boundaries lie apart."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from annotate.agreement.explain import KINDS, Differences, Disagreement, Offsets, Part
from annotate.agreement.places import Pair, Place, by_marker
from annotate.agreement.resample import UNMARKED, UNREAD

BINS = (0, 1, 2, 4, 8, 16, 32, 64)
OVERALL = "overall"
NONE_BOTH = "no span of one annotator overlaps one of another"
ALL_AGREE = "there is no disagreement"


def differences(
    documents: Iterable[Mapping[Pair, Sequence[Place]]], *, markers: Sequence[str]
) -> Differences:
    """Count the kinds of disagreement over documents, each as its pairs' places.

    `markers` have an entry also where nobody used them. Documents that fewer than two read
    have no pairs and do not count.
    """
    read = [item for item in documents if item]
    pairs: defaultdict[Pair, list[Place]] = defaultdict(list)
    for item in read:
        for pair, found in item.items():
            pairs[pair] += found
    whole = [place for _, found in sorted(pairs.items()) for place in found]
    grouped = by_marker(whole)
    names = [*markers, *sorted(grouped.keys() - {*markers})]
    confused = Counter(", ".join(it.markers) for it in whole if it.kind == "other_marker")
    return Differences(
        documents=len(read),
        overall=disagreement(whole, read=bool(read)),
        markers={name: disagreement(grouped[name], read=bool(read)) for name in names},
        pairs={", ".join(pair): _of_pair(found, names) for pair, found in sorted(pairs.items())},
        confused=dict(sorted(confused.items(), key=lambda item: (-item[1], item[0]))),
        offsets=offsets(whole),
        offsets_by_marker={name: offsets(grouped[name]) for name in names},
    )


def _of_pair(found: Sequence[Place], markers: Iterable[str]) -> dict[str, Disagreement]:
    grouped = by_marker(found)
    return {
        OVERALL: disagreement(found),
        **{name: disagreement(grouped[name]) for name in markers},
    }


def disagreement(found: Collection[Place], *, read: bool = True) -> Disagreement:
    """Count places by kind; `read` says whether two annotators read any document at all."""
    counts = Counter(place.kind for place in found)
    unlike = len(found) - counts["agreed"]
    reason = None if unlike else ALL_AGREE if found else UNMARKED if read else UNREAD
    attributes = Counter(name for place in found for name in place.attributes)
    return Disagreement(
        agreed=counts["agreed"],
        disagreements=unlike,
        kinds={
            kind: Part(count=counts[kind], share=counts[kind] / unlike if unlike else None)
            for kind in KINDS
        },
        attributes=dict(sorted(attributes.items(), key=lambda item: (-item[1], item[0]))),
        reason=reason,
    )


def offsets(found: Iterable[Place]) -> Offsets:
    """Count how far starts and ends lie apart where both marked the same marker."""
    starts, ends = [0] * len(BINS), [0] * len(BINS)
    spans = pieces = 0
    for place in found:
        if not place.first or not place.second or place.kind == "other_marker":
            continue
        if len(place.marks) > 2:  # noqa: PLR2004 - one of each annotator
            pieces += 1
            continue
        one, two = place.marks
        spans += 1
        starts[_bin(one.start - two.start)] += 1
        ends[_bin(one.end - two.end)] += 1
    return Offsets(
        bins=BINS,
        starts=tuple(starts),
        ends=tuple(ends),
        spans=spans,
        pieces=pieces,
        reason=None if spans else NONE_BOTH,
    )


def _bin(distance: int) -> int:
    return bisect_right(BINS, abs(distance)) - 1
