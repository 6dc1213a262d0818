"""Splits: nothing leaks, small data still trains and tests, and chance is a hash."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.model import Condition
from annotate.release.splits import SPLITS, Candidate, Splits, split

OUTLETS = ("Marlow Courier", "Velden Post", "Harbour Wire", "Tarn Echo", "Oster Mail")


def candidate(
    number: int,
    *,
    condition: Condition = "assisted",
    annotators: int = 2,
    waiting: bool = False,
    publishers: tuple[str, ...] = (),
    cluster: str | None = None,
    cluster_publishers: tuple[str, ...] | None = None,
    published: str | None = None,
) -> Candidate:
    return Candidate(
        doc_id=f"d{number:03}",
        cluster=cluster or f"d{number:03}",
        condition=condition,
        annotators=annotators,
        waiting=waiting,
        publishers=publishers,
        cluster_publishers=publishers if cluster_publishers is None else cluster_publishers,
        published=published,
    )


def divided(items: list[Candidate], *, seed: int = 1) -> Splits:
    return split(items, seed=seed, unseen_publishers=0.2, validation=0.15)


@st.composite
def corpora(draw: st.DrawFn) -> list[Candidate]:
    """Documents in clusters over outlets, with any condition, date and number of readers."""
    drawn = [
        candidate(
            number,
            condition=draw(st.sampled_from(("assisted", "blind", "test"))),
            annotators=draw(st.integers(1, 3)),
            waiting=draw(st.booleans()),
            publishers=tuple(sorted(draw(st.sets(st.sampled_from(OUTLETS), max_size=2)))),
            cluster=f"c{draw(st.integers(0, 25))}",
            published=draw(st.none() | st.integers(1, 28).map(lambda day: f"2026-01-{day:02}")),
        )
        for number in range(draw(st.integers(0, 30)))
    ]
    reached: dict[str, set[str]] = {}
    for item in drawn:
        reached.setdefault(item.cluster, set()).update(item.publishers)
    return [it.replace(cluster_publishers=tuple(sorted(reached[it.cluster]))) for it in drawn]


@given(corpora(), st.integers(1, 5))
@settings(max_examples=150)
def test_nothing_leaks_between_splits(items: list[Candidate], seed: int) -> None:
    """Clusters are whole, unseen publishers do not train, later is later, tests were tests."""
    found, known = divided(items, seed=seed), {item.doc_id: item for item in items}
    placed = [doc_id for ids in found.documents.values() for doc_id in ids]
    out = [doc_id for ids in found.left_out.values() for doc_id in ids]
    assert sorted(placed + out) == sorted(known)
    home = {doc_id: name for name, ids in found.documents.items() for doc_id in ids}
    for cluster in {item.cluster for item in items}:
        members = (item.doc_id for item in items if item.cluster == cluster)
        assert len({home[doc_id] for doc_id in members if doc_id in home}) < 2
    trained = [known[i] for name in ("train", "validation") for i in found.documents.get(name, ())]
    taught = {publisher for item in trained for publisher in item.cluster_publishers}
    for doc_id in found.documents.get("test_unseen_publisher", ()):
        assert known[doc_id].cluster_publishers
        assert not taught & {*known[doc_id].cluster_publishers}
    for doc_id in found.documents.get("test_later", ()):
        published = known[doc_id].published
        assert published is not None
        assert all(item.published < published for item in trained if item.published)
    for name, ids in found.documents.items():
        for doc_id in ids:
            assert (known[doc_id].condition == "test") == name.startswith("test")
            ready = known[doc_id].annotators >= 2 and not known[doc_id].waiting
            assert ready or not name.startswith("test")


@given(corpora())
def test_each_split_is_there_or_says_why_not(items: list[Candidate]) -> None:
    """A split has documents or a reason; the same input in another order gives the same."""
    found = divided(items)
    assert {*found.documents} | {*found.not_written} == {*SPLITS}
    assert not {*found.documents} & {*found.not_written}
    assert all(found.documents.values())
    assert divided(items[::-1]) == found


def small_corpus(size: int = 30) -> list[Candidate]:
    return [
        candidate(
            number,
            condition="test" if number % 5 == 0 else "assisted",
            publishers=(OUTLETS[(number // 5 + number) % 5],),
            published=f"2026-01-{number % 28 + 1:02}",
        )
        for number in range(size)
    ]


def test_thirty_documents_have_a_train_and_an_unseen_publisher_split() -> None:
    """A demo's size is enough for both, whatever the seed."""
    for seed in range(50):
        found = divided(small_corpus(), seed=seed)
        assert len(found.documents["train"]) >= 8
        assert found.documents["test_unseen_publisher"]
        assert found.unseen_publishers


def test_a_dominant_publisher_goes_on_training() -> None:
    """A publisher with most documents is kept out only when no other can be."""
    items = [
        candidate(n, publishers=("Big",) if n % 10 else ("Small",), condition=condition)
        for n, condition in enumerate(["assisted", "test"] * 40)
    ]
    items += [candidate(100 + n, publishers=("Small",), condition="test") for n in range(4)]
    for seed in range(20):
        assert divided(items, seed=seed).unseen_publishers == ("Small",)
    alone = [it for it in items if it.publishers == ("Big",)] + [
        candidate(200, publishers=("Small",))
    ]
    found = divided(alone)
    assert (found.unseen_publishers, found.documents["train"]) == (("Big",), ("d200",))


def test_one_publisher_cannot_be_unseen() -> None:
    """With one publisher everything else works, and the card can say what is missing."""
    items = [item.replace(publishers=("A",), cluster_publishers=("A",)) for item in small_corpus()]
    found = divided(items)
    assert "test_unseen_publisher" in found.not_written
    assert found.documents["train"]
    assert found.documents["test_random"]


def test_a_wire_copy_at_a_training_publisher_is_not_unseen() -> None:
    """A test document whose near-duplicate reaches a training publisher goes elsewhere."""
    items = small_corpus()
    reached = [
        it.replace(cluster_publishers=OUTLETS) if it.condition == "test" else it for it in items
    ]
    found = divided(reached)
    assert "test_unseen_publisher" in found.not_written
    assert not found.unseen_publishers


def test_a_publisher_of_a_copy_of_a_training_document_is_not_unseen() -> None:
    """A near-duplicate that nobody annotated brings its publisher's wording into training."""
    items = [
        candidate(number, publishers=("A",), cluster_publishers=("A", "B")) for number in range(9)
    ]
    items.append(candidate(90, condition="test", publishers=("B",)))
    found = divided(items)
    assert "test_unseen_publisher" in found.not_written
    kept = divided([*items, *(candidate(50 + number, publishers=("C",)) for number in range(9))])
    assert kept.documents["test_unseen_publisher"] == ("d090",)
    assert len(kept.left_out["publisher kept for test_unseen_publisher"]) == 9


def test_a_document_of_no_known_publisher_is_never_called_unseen() -> None:
    """What is not known cannot be shown to be apart."""
    items = [item.replace(publishers=(), cluster_publishers=()) for item in small_corpus()]
    assert "test_unseen_publisher" in divided(items).not_written


def test_tests_with_one_reader_and_their_near_duplicates_stay_out() -> None:
    """Neither trains, so that nothing a later release tests on was ever trained on."""
    items = [
        *small_corpus(),
        candidate(90, condition="test", annotators=1, cluster="c"),
        candidate(91, cluster="c"),
        candidate(92).replace(tested=True),
    ]
    found = divided(items)
    assert found.left_out["test document with fewer than two annotators"] == ("d090",)
    assert found.left_out["near-duplicate of a test document"] == ("d091", "d092")


@given(st.integers(1, 60))
def test_new_documents_move_no_old_ones(added: int) -> None:
    """More documents for training leave every other document of it where it was."""
    before = [it for it in small_corpus() if it.condition != "test"]
    more = [candidate(300 + n, publishers=("Marlow Courier",)) for n in range(added)]
    old, new = divided(before), divided(before + more)
    for name, ids in old.documents.items():
        assert {*ids} <= {*new.documents[name]}


def test_shares_are_near_what_is_asked() -> None:
    """On 800 documents of 15 publishers, validation and unseen publishers are near the shares."""
    items = [
        candidate(
            number,
            condition="test" if number % 5 == 0 else "assisted",
            publishers=(f"p{number % 15 if number % 2 else number % 7}",),
            published=f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}",
        )
        for number in range(800)
    ]
    found = divided(items)
    sizes = Counter({name: len(ids) for name, ids in found.documents.items()})
    tests = sum(count for name, count in sizes.items() if name.startswith("test"))
    assert 0.2 <= sizes["test_unseen_publisher"] / tests <= 0.45
    assert 0.08 <= sizes["validation"] / (sizes["validation"] + sizes["train"]) <= 0.22
    assert sizes["train"] >= 300
    assert sizes["test_later"]
