"""Annotators held against themselves, on repeats, and against what is settled, on checks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from annotate.agreement.explain import Checks
from annotate.agreement.held import Draw, Row, check, merged, row, tallied
from annotate.model import Annotation, OpenSpan, Record, Span, Voice
from annotate.spans import overlaps

if TYPE_CHECKING:
    import numpy as np

NO_REPEATS = "no document was given to the same annotator again"
NO_CHECKS = "no document with a settled outcome was given to an annotator as a check"


class Settled(Record, frozen=True, kw_only=True):
    """A document's outcome; what is `open` counts for nobody and against nobody."""

    gold: tuple[Span, ...] = ()
    open: tuple[OpenSpan, ...] = ()
    readers: frozenset[str] = frozenset()


def repeats(
    again: Iterable[Annotation],
    before: Iterable[Annotation],
    *,
    voices: Sequence[Voice],
    groups: Mapping[str, str],
    rng: "np.random.Generator | None",
) -> Checks:
    """Hold repeats against the same annotator's own annotation of the document.

    `before` has one annotation for each document and annotator. Repeats without one, and
    skipped ones of either, are left out and counted.
    """
    known = {(it.doc_id, it.annotator): it for it in before if not it.skipped}
    found: defaultdict[str, list[Row]] = defaultdict(list)
    left_out = 0
    for item in again:
        earlier = known.get((item.doc_id, item.annotator))
        if item.skipped or earlier is None:
            left_out += 1
            continue
        new, old = (merged(it.spans, voices=voices) for it in (item, earlier))
        found[item.annotator].append(row(item.doc_id, tallied(new, old)))
    return _checks(found, left_out, groups=groups, rng=rng, nothing=NO_REPEATS)


def checks(
    hidden: Iterable[Annotation],
    settled: Mapping[str, Settled],
    *,
    voices: Sequence[Voice],
    groups: Mapping[str, str],
    rng: "np.random.Generator | None",
) -> Checks:
    """Hold checks against the outcome of their documents.

    Left out and counted: skipped ones, documents that are not settled, and documents whose
    outcome the annotator had a part in. What touches an open cluster and no gold span of
    its marker does not count.
    """
    found: defaultdict[str, list[Row]] = defaultdict(list)
    left_out = 0
    for item in hidden:
        outcome = settled.get(item.doc_id)
        if item.skipped or outcome is None or item.annotator in outcome.readers:
            left_out += 1
            continue
        own = merged(_countable(item.spans, outcome), voices=voices)
        gold = merged(outcome.gold, voices=voices)
        found[item.annotator].append(row(item.doc_id, tallied(own, gold)))
    return _checks(found, left_out, groups=groups, rng=rng, nothing=NO_CHECKS)


def _countable(spans: Iterable[Span], outcome: Settled) -> list[Span]:
    return [
        span for span in spans if _touches(span, outcome.gold) or not _touches(span, outcome.open)
    ]


def _touches(span: Span, others: Collection[Span] | Collection[OpenSpan]) -> bool:
    return any(other.marker == span.marker and overlaps(other, span) for other in others)


def _checks(
    found: Mapping[str, Sequence[Row]],
    left_out: int,
    *,
    groups: Mapping[str, str],
    rng: "np.random.Generator | None",
    nothing: str,
) -> Checks:
    rows = [item for _, of_person in sorted(found.items()) for item in of_person]
    draw = Draw((item.doc_id for item in rows), groups=groups, rng=rng)
    return Checks(
        overall=check(rows, draw, nothing=nothing),
        annotators={
            name: check(of_person, draw, nothing=nothing)
            for name, of_person in sorted(found.items())
        },
        left_out=left_out,
    )
