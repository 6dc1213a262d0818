"""Reliability from marks alone: defined only where marks can show it, with its caution."""

import numpy as np
import pytest

from annotate.agreement.contested import ReadDocument
from annotate.agreement.explain import Reliability
from annotate.agreement.reliability import CAUTION, TOO_FEW, reliability
from annotate.model import Record, Span, Voice
from annotate.scores import ALL_VOICES, VOICES


class Vote(Span, frozen=True, kw_only=True):
    annotator: str


class Found(Record, frozen=True, kw_only=True):
    marker: str = "unnamed_source"
    inputs: tuple[str, ...] = ()
    votes: tuple[Vote, ...]


def document(readers: str, *clusters: str, voice: Voice = "reporter") -> ReadDocument:
    """Give a document of readers with one letter each, and who marked each cluster."""
    return ReadDocument(
        doc_id="d",
        condition="blind",
        words=100,
        readers=tuple(readers),
        clusters=[
            Found(
                votes=tuple(
                    Vote(start=0, end=5, marker="unnamed_source", annotator=name, voice=voice)
                    for name in marked
                )
            )
            for marked in clusters
        ],
    )


def estimated(*documents: ReadDocument) -> Reliability:
    return reliability(documents, voices=VOICES)


def test_the_one_who_marks_too_little_and_the_one_who_marks_too_much() -> None:
    """Of many clusters, who misses half is less sensitive, who adds others less specific."""
    rng = np.random.default_rng(8)
    chances = {"a": (0.95, 0.05), "b": (0.5, 0.05), "c": (0.95, 0.05), "d": (0.95, 0.6)}
    marked = [
        "".join(name for name, (hit, slip) in chances.items() if rng.random() < (hit, slip)[at % 2])
        for at in range(3_000)
    ]
    found = estimated(*(document("abcd", each) for each in marked if each))
    people = found.annotators
    assert people["b"].sensitivity.value == pytest.approx(0.5, abs=0.05)
    assert people["a"].sensitivity.value == pytest.approx(0.95, abs=0.03)
    worst = min(people, key=lambda name: people[name].specificity.value or 0)
    assert worst == "d"
    assert found.caution == CAUTION
    assert "biased upward" in CAUTION


@pytest.mark.parametrize(
    ("documents", "reason"),
    [
        ([], "no document was read by two annotators"),
        ([document("a", "a"), document("b", "b")], "no document was read by two annotators"),
        ([document("ab", "a", "ab", "b")], TOO_FEW),
        ([document("ab", "ab"), document("bc", "bc")], TOO_FEW),
        ([document("abc")], "no spans in these voices"),
        ([document("abc", "ab", voice="quoted_source")], "no spans in these voices"),
    ],
)
def test_undefined_reliability_says_why(documents: list[ReadDocument], reason: str) -> None:
    """Two people's marks alone cannot show who is right: null, with the reason."""
    found = estimated(*documents)
    assert (found.reason, found.prevalence.value, found.overruled) == (reason, None, None)
    assert all(it.sensitivity.reason == reason for it in found.annotators.values())


def test_an_annotator_who_is_never_wrong_proves_nothing() -> None:
    """Where the best fit is that one annotator is the truth, that is said, and no value given."""
    found = estimated(document("abc", *["abc"] * 30, *["ab"] * 8, *["bc"] * 4, *["a"] * 3))
    assert found.reason == "the model takes c for the truth, which proves nothing"
    assert found.annotators["b"].sensitivity.value is None
    agreed = estimated(document("abc", *["abc"] * 30))
    assert agreed.annotators["b"].sensitivity.value == 1
    assert agreed.annotators["b"].specificity.reason == "the model finds no such cluster"


def test_three_pairs_are_enough() -> None:
    """Three people who read with one another, two at a time, can be told apart."""
    found = estimated(
        *[document("ab", "ab", "a"), document("bc", "bc", "c"), document("ac", "ac")] * 4,
        document("ad", "ad", "a"),
    )
    assert found.reason is None
    assert found.annotators["b"].sensitivity.value is not None
    assert found.annotators["d"].sensitivity.reason == TOO_FEW
    assert found.clusters == 20


def test_the_order_of_documents_and_other_voices_change_nothing() -> None:
    """Clusters are items without order; those in voices that do not count are none."""
    documents = [document("abc", "abc", "ab", "c"), document("abc", "a", "bc")]
    quoted = document("abc", "a", voice="quoted_source")
    assert estimated(*documents) == estimated(*documents[::-1], quoted)
    assert reliability([quoted], voices=ALL_VOICES).reason is None
