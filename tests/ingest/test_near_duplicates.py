"""Near-duplicate clusters against a brute-force oracle."""

import random
import re
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.ingest import near_duplicates
from annotate.shingles import shingles

_WORDS = ["river", "bridge", "council", "water", "road", "closed", "mayor", "tuesday"]


def _grams(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[at : at + 5]) for at in range(max(len(words) - 4, min(len(words), 1)))}


def _brute_force(texts: list[str]) -> set[frozenset[int]]:
    """Jaccard of 5-gram sets for every pair, then connected components."""
    sets = [_grams(text) for text in texts]
    group = list(range(len(texts)))
    for second, other in enumerate(sets):
        for first in range(second):
            both = len(sets[first] & other)
            if both and both >= 0.5 * len(sets[first] | other):
                old, new = group[second], group[first]
                group = [new if each == old else each for each in group]
    members = defaultdict(set)
    for number, each in enumerate(group):
        members[each].add(number)
    return {frozenset(each) for each in members.values()}


def _clusters(texts: list[str]) -> set[frozenset[int]]:
    names = [f"d-{number:04d}" for number in range(len(texts))]
    found = near_duplicates.clusters(names, [shingles(text) for text in texts])
    members = defaultdict(set)
    for number, name in enumerate(names):
        members[found[name]].add(number)
    return {frozenset(each) for each in members.values()}


@given(st.lists(st.lists(st.sampled_from(_WORDS), max_size=14).map(" ".join), max_size=8))
@settings(max_examples=150)
def test_clusters_are_those_of_brute_force(texts: list[str]) -> None:
    """On short texts of few words, where many pairs are close, nothing is missed or added."""
    assert _clusters(texts) == _brute_force(texts)


@pytest.mark.parametrize("seed", range(3))
def test_edited_copies_cluster_as_brute_force_says(seed: int) -> None:
    """Copies with words changed at random land around the threshold, and are decided exactly."""
    rng = random.Random(seed)
    texts = []
    for _ in range(15):
        original = [f"w{rng.randrange(60)}" for _ in range(80)]
        for edits in (0, 3, 6, 9, 12):
            copy = list(original)
            for at in rng.sample(range(80), edits):
                copy[at] = "other"
            texts.append(" ".join(copy))
    found = _clusters(texts)
    assert found == _brute_force(texts)
    assert 15 < len(found) < 75


def test_cluster_is_named_by_its_least_document() -> None:
    """Every document has a cluster, its own when alone; order does not matter."""
    text = " ".join(f"word{number}" for number in range(30))
    sets = [shingles(each) for each in (text, "Something else", text + " more")]
    assert near_duplicates.clusters(["d-c", "d-b", "d-a"], sets) == {
        "d-c": "d-a",
        "d-b": "d-b",
        "d-a": "d-a",
    }
    turned = near_duplicates.clusters(["d-a", "d-b", "d-c"], sets[::-1])
    assert turned == {"d-a": "d-a", "d-b": "d-b", "d-c": "d-a"}


def test_shingles_ignore_case_and_punctuation() -> None:
    """Two settings of the same words have the same shingles; order of words counts."""
    one = shingles("The river, on Tuesday, ROSE again.")
    assert np.array_equal(one, shingles("the river on tuesday rose again"))
    assert not np.array_equal(one, shingles("again rose tuesday on river the"))
    assert len(shingles("")) == 0
    assert len(shingles("two words")) == 1


def test_no_documents_have_no_clusters() -> None:
    """An empty corpus, and one of empty texts, are no special case."""
    assert near_duplicates.clusters([], []) == {}
    empty = shingles("")
    assert near_duplicates.clusters(["d-a", "d-b"], [empty, empty]) == {"d-a": "d-a", "d-b": "d-b"}
