"""The nearest pair of two splits, against brute force, and what probes say."""

import re
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.model import GoldSpan
from annotate.release.contents import ReleasedDocument, ReleasedZone
from annotate.release.nearness import nearest
from annotate.release.probes import Marked, probes, publisher_from_spans, swapped, swapping

WORDS = ["river", "bridge", "council", "water", "road", "closed"]


def document(
    name: str,
    body: str,
    *,
    publisher: str = "The Dune",
    head: str = "",
    foot: str = "",
    marked: str = "",
) -> ReleasedDocument:
    pieces = [("boilerplate", head), ("body", body), ("boilerplate", foot)]
    text, zones = "", []
    for kind, piece in pieces:
        if piece:
            text += "\n\n" if text else ""
            zones.append(ReleasedZone(start=len(text), end=len(text) + len(piece), zone=kind))
            text += piece
    at = text.find(marked) if marked else -1
    span = GoldSpan(
        start=max(at, 0), end=max(at, 0) + max(len(marked), 1), marker="unnamed_source",
        span_id=name, support=2, annotators=2, status="consensus",
    )  # fmt: skip
    return ReleasedDocument(
        doc_id=name, text=text, text_sha256="0" * 64, publishers=(publisher,),
        cluster_publishers=(publisher,), cluster=name, condition="blind",
        inclusion_probability=0.5, annotators=2, zones=tuple(zones),
        spans=(span,) if at >= 0 else (),
    )  # fmt: skip


def _grams(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[at : at + 5]) for at in range(max(len(words) - 4, min(len(words), 1)))}


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"), st.lists(st.sampled_from(WORDS), min_size=1, max_size=12)
        ),
        min_size=2,
        max_size=12,
    )
)
@settings(max_examples=100, deadline=None)
def test_the_nearest_pair_is_that_of_brute_force(drawn: list[tuple[str, list[str]]]) -> None:
    """Every pair of splits is compared exactly, whichever split is the largest."""
    splits: dict[str, list[ReleasedDocument]] = {}
    for number, (split, words) in enumerate(drawn):
        splits.setdefault(split, []).append(document(f"d{number}", " ".join(words)))
    found = nearest(splits.__getitem__, {name: len(rows) for name, rows in splits.items()})
    assert [(item.first, item.second) for item in found] == list(combinations(splits, 2))
    for item in found:
        best = max(
            len(one & two) / len(one | two)
            for one in (_grams(row.text) for row in splits[item.first])
            for two in (_grams(row.text) for row in splits[item.second])
        )
        assert item.jaccard == best
        if best:
            (one,) = (r for r in splits[item.first] if r.doc_id == item.first_document)
            (two,) = (r for r in splits[item.second] if r.doc_id == item.second_document)
            grams = _grams(one.text), _grams(two.text)
            assert len(grams[0] & grams[1]) / len(grams[0] | grams[1]) == best


def test_boilerplate_says_nothing_of_nearness() -> None:
    """Two texts with one outlet's footer and nothing else in common are not near."""
    foot = "copyright of the dune all rights reserved do not copy"
    splits = {
        "train": [document("d1", "the river rose over the bridge", foot=foot)],
        "test": [document("d2", "a council closed the water road", foot=foot)],
    }
    (found,) = nearest(splits.__getitem__, {"train": 1, "test": 1})
    assert (found.jaccard, found.first_document) == (0.0, None)


def _corpus(publisher: str, first: int, word: str) -> list[ReleasedDocument]:
    return [
        document(
            f"d{first + number:03}",
            f"report {number} about the {WORDS[number % 6]} where a {word} source spoke",
            publisher=publisher,
            marked=f"a {word} source",
        )
        for number in range(12)
    ]


def test_an_outlet_that_marks_its_own_words_is_recognised() -> None:
    """Where each outlet has a word of its own in its spans, the publisher is always told."""
    telling = publisher_from_spans([*_corpus("Dune", 0, "senior"), *_corpus("Reef", 20, "local")])
    assert telling.value == 1.0
    assert telling.beside == {"most frequent publisher": 0.5}
    alike = publisher_from_spans([*_corpus("Dune", 0, "local"), *_corpus("Reef", 20, "local")])
    assert alike.value is not None
    assert alike.value <= 0.5


def test_every_question_is_answered_or_says_why_not() -> None:
    """No probe is silent: with next to nothing each gives its reason, and no number."""
    row = document("d1", "a source said so")
    for found in probes([row], [row], marks=None):
        assert found.value is None
        assert found.reason


def test_a_boilerplate_that_tells_the_label_is_caught() -> None:
    """Where the footer goes with the label, a model that sees it alone is as good as any."""
    rows = [
        document(
            f"d{number}",
            f"the {WORDS[number % 6]} case {number} a source spoke"
            if number % 2
            else f"case {number}",
            foot="anonymous desk" if number % 2 else "named desk",
            marked="a source" if number % 2 else "",
        )
        for number in range(40)
    ]
    found = {item.name: item for item in probes(rows[:30], rows[30:], marks=None)}
    assert found["boilerplate_only"].value == 1.0
    assert found["boilerplate_only"].beside["majority"] < 1.0


def _marks(text: str, zones: object) -> Marked:
    return frozenset(
        (found.start(), found.end(), "unnamed_source") for found in re.finditer("a source", text)
    )


def test_spans_that_hang_on_the_footer_do_not_survive_the_swap() -> None:
    """Marks in the body survive another outlet's head and foot; marks in the foot do not."""
    one = document("d1", "here a source spoke", publisher="Dune", head="Dune", foot="a source desk")
    two = document("d2", "nobody spoke", publisher="Reef", head="Reef", foot="all rights")
    text, zones = swapped(one, two)
    assert text == "Reef\n\nhere a source spoke\n\nall rights"
    assert [text[zone.start : zone.end] for zone in zones if zone.zone == "body"] == [
        "here a source spoke"
    ]
    assert swapping([one, two], _marks).value == 0.5
