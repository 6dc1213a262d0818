"""All metrics beyond chance together: by marker, pair and overall, with reasons."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from annotate.agreement.chance import METRICS, Beyond, beyond_chance
from annotate.agreement.continuum import Continua
from annotate.agreement.resample import ROUNDS

Build = Callable[..., Continua]
Spans = list[tuple[str, int, int]]
TEXT = "One two three four five six seven eight."
UNREAD = "no document was read by two annotators"
UNMARKED = "no spans in these voices"


def measured(
    found: Continua, *, seed: int | None = None, groups: Mapping[str, str] | None = None
) -> Beyond:
    texts = dict.fromkeys(found.documents, TEXT)
    rng = None if seed is None else np.random.default_rng(seed)
    return beyond_chance(found, texts, tier_1=("c", "k"), groups=groups, rng=rng)


def test_every_metric_is_there(build: Build) -> None:
    """By marker the four metrics, by pair and overall cu_alpha too, over tier 1."""
    document = {"ana": [("c", 0, 7)], "ben": [("c", 0, 3), ("x", 8, 13)]}
    found = measured(build(document, length=len(TEXT)))
    assert set(found.markers) == {"c", "k", "x"}
    assert set(found.markers["x"]) == set(METRICS)
    assert set(found.overall) == {*METRICS, "cu_alpha"}
    assert found.pairs == {"ana, ben": found.overall}
    for metric in METRICS:
        assert found.overall[metric].value == pytest.approx(found.markers["c"][metric].value)
    assert found.overall["token_alpha"].value == pytest.approx(1 - 17 * 2 / (2 * 3 * 15))


@pytest.mark.parametrize(
    ("documents", "reason"),
    [
        ([], UNREAD),
        ([{"ana": [("c", 0, 3)]}], UNREAD),
        ([{"ana": [("c", 0, 3)]}, {"ben": [("c", 0, 3)]}], UNREAD),
        ([{"ana": [], "ben": []}], UNMARKED),
        ([{"ana": [("x", 0, 3)], "ben": [("x", 0, 3)]}], UNMARKED),
    ],
)
def test_undefined_values_say_why(
    build: Build, documents: list[dict[str, Spans]], reason: str
) -> None:
    """No annotator, one, disjoint documents, no spans: null with the reason, never NaN."""
    found = measured(build(*documents, length=len(TEXT)), seed=1)
    for value in (*found.overall.values(), *found.markers["c"].values()):
        assert (value.value, value.low, value.high, value.reason) == (None, None, None, reason)


def test_everything_marked_leaves_nothing_to_expect(build: Build) -> None:
    """When all characters are marked by all, chance cannot disagree on them."""
    spans = [("c", 0, len(TEXT))]
    found = measured(build({"ana": spans, "ben": spans}, length=len(TEXT)), seed=1)
    for metric in ("alpha", "token_alpha", "u_alpha"):
        assert found.overall[metric].value is None
        assert found.overall[metric].reason == "no disagreement was to be expected"
    assert found.overall["alpha_u"].value == 1


def test_cu_alpha_is_not_defined_where_markers_overlap(build: Build) -> None:
    """Overlapping markers, nothing in common, or one marker only: null with the reason."""
    crossing = {"ana": [("c", 0, 9), ("k", 5, 12)], "ben": [("c", 0, 9)]}
    found = measured(build(crossing, length=len(TEXT))).overall["cu_alpha"]
    assert found.value is None
    assert found.reason == "one annotator's markers overlap in 1 of 1 documents"
    one = {"ana": [("c", 0, 9)], "ben": [("c", 0, 9)]}
    found = measured(build(one, length=len(TEXT))).overall["cu_alpha"]
    assert found.value is None
    assert found.reason == "what two annotators marked is all of one marker"
    apart = {"ana": [("c", 0, 9)], "ben": [("c", 9, 12)]}
    found = measured(build(apart, length=len(TEXT))).overall["cu_alpha"]
    assert found.reason == "no two annotators marked the same characters"
    both = {"ana": [("c", 0, 9), ("k", 12, 15)], "ben": [("c", 0, 9), ("k", 12, 15)]}
    assert measured(build(both, length=len(TEXT))).overall["cu_alpha"].value == 1


def documents(number: int) -> list[dict[str, Spans]]:
    return [
        {
            "ana": [("c", 0, 7), ("k", 20, 23)],
            "ben": [("c", 0, 7 if at % 4 else 3), ("k", 20, 23)],
            **({"cem": [("c", 1, 7), ("k", 20, 23)]} if at % 2 else {}),
        }
        for at in range(number)
    ]


def test_intervals_hold_the_value_and_repeat(build: Build) -> None:
    """With an rng every value has its interval, the same for the same seed."""
    found = build(*documents(12), length=len(TEXT))
    first = measured(found, seed=7)
    assert first == measured(found, seed=7)
    assert set(first.pairs) == {"ana, ben", "ana, cem", "ben, cem"}
    for values in (first.overall, first.markers["c"], *first.pairs.values()):
        for value in values.values():
            assert value.value is not None
            assert value.low is not None
            assert value.high is not None
            assert value.low <= value.value + 1e-12
            assert value.value <= value.high + 1e-12
    assert measured(found).overall["alpha"].low is None


def test_a_pair_is_measured_on_the_documents_of_both(build: Build) -> None:
    """A pair's values are those of the two alone on the documents that both read."""
    rows = documents(8)
    found = measured(build(*rows, length=len(TEXT)))
    alone = [{who: row[who] for who in ("ana", "cem")} for row in rows if "cem" in row]
    only = measured(build(*alone, length=len(TEXT)))
    assert found.pairs["ana, cem"] == only.overall == only.pairs["ana, cem"]


def test_near_duplicates_bring_no_certainty(build: Build) -> None:
    """Clusters are resampled whole: wider intervals, and none from a single cluster."""
    found = build(*documents(20), length=len(TEXT))
    groups = {name: f"c{at % 4}" for at, name in enumerate(found.documents)}
    apart, together = measured(found, seed=7), measured(found, seed=7, groups=groups)
    low, lower = apart.overall["alpha"].low, together.overall["alpha"].low
    assert low is not None
    assert lower is not None
    assert lower < low
    one = measured(found, seed=7, groups=dict.fromkeys(found.documents, "c"))
    assert one.overall["alpha"].value == apart.overall["alpha"].value
    assert one.overall["alpha"].low is None


def test_there_are_as_many_rounds_as_for_f1() -> None:
    """The bootstrap has the 2,000 rounds of the pairwise scores."""
    assert ROUNDS == 2_000


def test_more_markers_than_can_be_compared_at_once(build: Build) -> None:
    """With more than 62 markers the joint alpha is undefined and says so; each one's is not."""
    names = [f"m{at}" for at in range(63)]
    document = {"ana": [(name, 0, 3) for name in names], "ben": [(names[0], 0, 3)]}
    found = build(document, length=len(TEXT), markers=names)
    result = beyond_chance(found, dict.fromkeys(found.documents, TEXT), tier_1=names)
    assert result.overall["alpha"].value is None
    assert result.overall["alpha"].reason == "more than 62 markers at once"
    assert result.markers["m0"]["alpha"].value == 1
