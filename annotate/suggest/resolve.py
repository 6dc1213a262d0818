"""Which of the overlapping matches stand."""

from collections.abc import Iterable, Mapping, Sequence

from annotate.suggest.mention import Mention


def longest(mentions: Iterable[Mention]) -> list[Mention]:
    """Give the matches that stand among those of their own marker, by start.

    Of overlapping matches the longest stands, then the one with the higher score, then the
    first in the file.
    """
    kept = [mention for found in _by_marker(mentions).values() for mention in _longest(found)]
    return sorted(kept, key=lambda m: (m.start, m.end, m.marker))


def apart(
    mentions: Sequence[Mention],
    yields_to: Mapping[str, Sequence[str]],
    gone: Iterable[Mention] = (),
) -> list[Mention]:
    """Leave out, by start, what overlaps a match of a marker that its own yields to.

    What is `gone` is not given and still makes others yield.
    """
    strong = _by_marker([*mentions, *gone])
    standing: list[Mention] = []
    for marker, found in _by_marker(mentions).items():
        stronger = [m for other in yields_to.get(marker, ()) for m in strong.get(other, ())]
        standing += _apart(found, sorted(stronger, key=lambda m: m.start))
    return sorted(standing, key=lambda m: (m.start, m.end, m.marker))


def _by_marker(mentions: Iterable[Mention]) -> dict[str, list[Mention]]:
    found: dict[str, list[Mention]] = {}
    for mention in mentions:
        found.setdefault(mention.marker, []).append(mention)
    return found


def _longest(mentions: list[Mention]) -> list[Mention]:
    ordered = sorted(mentions, key=lambda m: m.start)
    kept: list[Mention] = []
    for group in _chains(ordered):
        for mention in sorted(group, key=lambda m: (m.start - m.end, -m.rule.score, m.start)):
            if all(
                mention.end <= other.start or other.end <= mention.start
                for other in kept[-len(group) :]
            ):
                kept.append(mention)
    return sorted(kept, key=lambda m: m.start)


def _chains(ordered: Iterable[Mention]) -> list[list[Mention]]:
    chains: list[list[Mention]] = []
    reach = -1
    for mention in ordered:
        if chains and mention.start < reach:
            chains[-1].append(mention)
        else:
            chains.append([mention])
        reach = max(reach, mention.end)
    return chains


def _apart(mentions: Iterable[Mention], stronger: Sequence[Mention]) -> list[Mention]:
    """Both sorted by start; matches of several stronger markers may overlap each other."""
    kept: list[Mention] = []
    first = 0
    for mention in mentions:
        while first < len(stronger) and stronger[first].end <= mention.start:
            first += 1
        blockers = stronger[first : first + 8]
        if not any(m.start < mention.end and mention.start < m.end for m in blockers):
            kept.append(mention)
    return kept
