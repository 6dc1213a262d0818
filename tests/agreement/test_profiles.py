"""How each annotator works: rates, lengths, speed, drift and tendency."""

from collections.abc import Sequence

import numpy as np
import pytest

from annotate.agreement.contested import ReadDocument
from annotate.agreement.explain import Profile
from annotate.agreement.places import Place
from annotate.agreement.profiles import Reading, profiles
from annotate.model import Range, Span

SOURCE, CUE = "unnamed_source", "agentless_attribution"
MARKERS = (SOURCE, CUE)


def reading(
    person: str,
    doc_id: str,
    *ranges: tuple[int, int],
    day: int = 1,
    words: int = 500,
    lead_time_s: float | None = None,
    marker: str = SOURCE,
) -> Reading:
    found = [Range(start=start, end=end) for start, end in ranges]
    return Reading(
        doc_id=doc_id,
        annotator=person,
        condition="blind",
        submitted_at=f"2026-02-{day:02}T10:00:00Z",
        lead_time_s=lead_time_s,
        words=words,
        marked={marker: found} if found else {},
    )


def described(
    *readings: Reading, seed: int | None = None, documents: Sequence[ReadDocument] = ()
) -> dict[str, Profile]:
    rng = None if seed is None else np.random.default_rng(seed)
    return profiles(readings, documents, markers=MARKERS, groups={}, rng=rng)


def test_rates_lengths_and_speed() -> None:
    """Spans per 1,000 words over all documents; medians of lengths and of words a minute."""
    ana = described(
        reading("ana", "d1", (0, 10), (20, 50), lead_time_s=60),
        reading("ana", "d2", (0, 20), words=1_500, lead_time_s=300),
        reading("ana", "d3", words=500),
    )["ana"]
    assert (ana.documents, ana.words, ana.spans, ana.timed) == (3, 2_500, 3, 2)
    assert ana.rate.value == pytest.approx(1.2)
    assert ana.length.value == 20
    assert ana.speed.value == 400
    assert ana.rate.low is None


def test_what_is_not_known_says_why() -> None:
    """No times, no spans, no other reader and few documents: null with a reason each."""
    ana = described(reading("ana", "d1"))["ana"]
    assert ana.speed.reason == "no time was recorded"
    assert ana.length.reason == "no spans in these voices"
    assert ana.agreement.reason == "nobody else read these documents"
    assert ana.starts.value is None
    assert (ana.drift, ana.drift_reason) == ((), "fewer than three documents")
    assert ana.tendency[CUE].own.reason == "nobody else read these documents"
    assert described() == {}


def test_drift_is_told_by_thirds_in_order_of_submission() -> None:
    """Each third has its own rate and agreement; documents that do not part evenly come late."""
    rows = [
        item
        for at in range(7)
        for item in (
            reading("ana", f"d{at}", *[(0, 9)] * (at < 2), (20, 29), day=10 - at),
            reading("ben", f"d{at}", (20, 29), day=20),
        )
    ]
    ana = described(*rows)["ana"]
    assert [third.documents for third in ana.drift] == [2, 2, 3]
    assert [third.rate.value for third in ana.drift] == pytest.approx([2, 2, 1000 * 5 / 1500])
    assert ana.drift[0].first < ana.drift[0].last < ana.drift[1].first
    assert [third.agreement.value for third in ana.drift[:2]] == [1, 1]
    assert ana.drift[2].agreement.value == pytest.approx(2 * 3 / 5 / (3 / 5 + 1))


def test_tendency_is_against_others_on_the_same_documents() -> None:
    """What others did not read, and what only they read, does not count."""
    rows = [
        reading("ana", "d1", (0, 9), (20, 29), (40, 49)),
        reading("ben", "d1", (0, 9)),
        reading("cem", "d1", (0, 9), (20, 29)),
        reading("ana", "alone", (0, 9)),
    ]
    found = described(*rows)
    tendency = found["ana"].tendency[SOURCE]
    assert tendency.own.value == pytest.approx(6)
    assert tendency.others.value == pytest.approx(3)
    assert tendency.ratio.value == pytest.approx(2)
    assert found["ben"].tendency[SOURCE].ratio.value == pytest.approx(1 / 2.5)
    assert found["ana"].tendency[CUE].ratio.reason == "the others marked none"
    assert found["ana"].tendency[CUE].own.value == 0


def test_shifts_say_who_starts_later() -> None:
    """The median over pairs, negative for whoever starts earlier."""

    class Mark(Span, frozen=True, kw_only=True):
        annotator: str

    def place(one: tuple[int, int], two: tuple[int, int]) -> Place:
        marks = [
            Mark(start=start, end=end, marker=SOURCE, annotator=name)
            for name, (start, end) in zip(("ana", "ben"), (one, two), strict=True)
        ]
        return Place(kind="boundary", first=(marks[0],), second=(marks[1],))

    places = [place((5, 20), (0, 20)), place((33, 40), (30, 44)), place((60, 70), (60, 70))]
    document = ReadDocument(
        doc_id="d", condition="blind", words=9, readers=("ana", "ben"),
        places={("ana", "ben"): places},
    )  # fmt: skip
    found = described(reading("ana", "d"), reading("ben", "d"), documents=[document])
    assert (found["ana"].starts.value, found["ana"].ends.value) == (3, 0)
    assert (found["ben"].starts.value, found["ben"].ends.value) == (-3, 0)


def test_intervals_hold_the_value_and_repeat_with_the_seed() -> None:
    """The same seed gives the same profile; another order of readings changes nothing."""
    rows = [
        reading(who, f"d{at}", *[(10 * n, 10 * n + 5) for n in range(at % 4)], day=1 + at)
        for at in range(12)
        for who in ("ana", "ben")
    ]
    first, again = described(*rows, seed=3), described(*rows[::-1], seed=3)
    assert first == again
    rate = first["ana"].rate
    assert rate.low is not None
    assert rate.value is not None
    assert rate.high is not None
    assert rate.low < rate.value < rate.high
