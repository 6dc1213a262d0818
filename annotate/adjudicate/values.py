"""What the supporters of a cluster agree on beside its range."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from annotate.adjudicate.clusters import Vote
from annotate.model import GoldSpan, Range, Voice
from annotate.spans import majority, overlap

_VOICES: tuple[Voice, ...] = ("reporter", "headline", "quoted_source")


def given_by_most(answers: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Give each attribute's value that more than half of the answers have; others are absent."""
    if answers and all(answer == answers[0] for answer in answers):
        return dict(sorted(answers[0].items()))
    given = Counter(pair for answer in answers for pair in answer.items())
    most = len(answers) / 2
    return {name: value for (name, value), count in sorted(given.items()) if count > most}


def given_most(answers: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Give each attribute's most frequent known value; where two are, it is left unsaid."""
    by_name: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, value in (pair for answer in answers for pair in answer.items()):
        by_name[name][value] += 1
    ranked = {name: counted.most_common(2) for name, counted in sorted(by_name.items())}
    return {
        name: best[0][0]
        for name, best in ranked.items()
        if len(best) == 1 or best[0][1] > best[1][1]
    }


def agreed_voice(votes: Sequence[Vote]) -> Voice:
    """Give the most frequent voice; of equals the one that scores count, reporter first."""
    if all(vote.voice == votes[0].voice for vote in votes):
        return votes[0].voice
    given = Counter(vote.voice for vote in votes)
    return max(_VOICES, key=lambda voice: (given[voice], -_VOICES.index(voice)))


def agreed_referent(votes: Sequence[Vote]) -> Range | None:
    """Give the characters that more than half of the votes point at, if they do."""
    pointed = [vote.referent for vote in votes if vote.referent is not None]
    return majority(pointed) if 2 * len(pointed) > len(votes) else None


def point_at(gold: Sequence[GoldSpan]) -> list[GoldSpan]:
    """Move each referent to the gold span that it overlaps most; without one it stays."""
    return [
        span.replace(referent=_target(span, span.referent, gold)) if span.referent else span
        for span in gold
    ]


def _target(span: GoldSpan, referent: Range, gold: Sequence[GoldSpan]) -> Range:
    others = (other for other in gold if other is not span and overlap(other, referent))
    nearest = max(others, key=lambda other: overlap(other, referent), default=None)
    return Range(start=nearest.start, end=nearest.end) if nearest else referent
