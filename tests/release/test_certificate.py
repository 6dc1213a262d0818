"""The certificate catches what was planted, and a release that leaks does not come about."""

import random
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest

from annotate.errors import DataError
from annotate.model import (
    Annotation,
    Appearance,
    Document,
    Duplicate,
    Zone,
    document_id,
    text_sha256,
)
from annotate.pipeline.release import release
from annotate.release.certificate import Certificate, certificate
from annotate.release.contents import ReleasedDocument, ReleasedZone
from annotate.release.layers import Layers
from annotate.release.verify import problems
from annotate.release.writing import with_lines, writing
from annotate.workspace import Workspace

WORDS = [
    "river", "bridge", "council", "water", "road", "closed", "mayor", "ferry", "harbour",
    "baker", "clerk", "tower", "market", "garden", "school", "letter", "window", "morning",
    "village", "winter", "orchard", "engine", "lamp", "paper", "bottle",
]  # fmt: skip


def article(
    number: int, *, title: str = "", publisher: str = "Reef", like: int | None = None
) -> ReleasedDocument:
    rng = random.Random(number if like is None else like)
    head = title or f"Headline number {number}"
    text = f"{head}\n\n{' '.join(rng.choices(WORDS, k=60))}."
    return ReleasedDocument(
        doc_id=f"d-{number:016x}", text=text, text_sha256="0" * 64, title=head,
        publishers=(publisher,), cluster_publishers=(publisher,), cluster=f"d-{number:016x}",
        condition="blind", inclusion_probability=0.5, annotators=2,
        zones=(ReleasedZone(start=0, end=len(head), zone="title"),
               ReleasedZone(start=len(head) + 2, end=len(text), zone="body")),
    )  # fmt: skip


def judged(folder: Path, splits: Mapping[str, Iterable[ReleasedDocument]]) -> Certificate:
    with writing(folder) as writer:
        for split, documents in splits.items():
            rows = sorted(documents, key=lambda row: row.doc_id)
            home = dict.fromkeys((row.doc_id for row in rows), split)
            writer.add("gold", with_lines(rows, ReleasedDocument), home)
    return certificate(Layers(folder, splits))


def test_splits_that_share_nothing_do_not_leak(tmp_path: Path) -> None:
    """Other texts, other publishers: the certificate has nothing to say."""
    found = judged(
        tmp_path,
        {
            "train": [article(number) for number in range(12)],
            "test_unseen_publisher": [article(n, publisher="Dune") for n in range(20, 24)],
        },
    )
    assert found.leaks == ()
    assert found.nearest[0].jaccard < 0.1


def test_a_wire_copy_under_another_headline_is_caught(tmp_path: Path) -> None:
    """The body is the same, nobody found it a duplicate: the texts themselves tell."""
    copy = article(30, title="Something else altogether", publisher="Dune", like=3)
    found = judged(
        tmp_path,
        {"train": [article(number) for number in range(12)], "test_unseen_publisher": [copy]},
    )
    (leak,) = found.leaks
    assert leak.startswith("train and test_unseen_publisher have near-duplicates: ")
    assert article(3).doc_id in leak
    assert copy.doc_id in leak
    assert found.titles[0].shared == 0


def test_a_training_publisher_among_the_unseen_is_caught(tmp_path: Path) -> None:
    """One document of a publisher that trains is enough, and its name is said."""
    found = judged(
        tmp_path,
        {
            "train": [article(number) for number in range(12)],
            "test_unseen_publisher": [article(20, publisher="Dune"), article(21, publisher="Reef")],
        },
    )
    assert found.leaks == ("train and test_unseen_publisher share publishers: Reef",)


def test_splits_shuffled_by_document_fail(tmp_path: Path) -> None:
    """Whoever shuffles documents cuts clusters and mixes publishers."""
    rows = [
        article(number, publisher=f"Post {number % 4}", like=number // 2).replace(
            cluster=f"d-{number // 2 * 2:016x}"
        )
        for number in range(40)
    ]
    random.Random(1).shuffle(rows)
    found = judged(tmp_path, {"train": rows[:30], "test_unseen_publisher": rows[30:]})
    told = " ".join(found.leaks)
    assert "near-duplicate clusters" in told
    assert "share publishers: Post 0, Post 1" in told
    assert "have near-duplicates" in told


@pytest.fixture
def leaking(make: Callable[..., Workspace]) -> Workspace:
    """Give a workspace in which a test document is a copy that ingest did not find."""
    workspace = make("leak", count=20)
    first = workspace.rows(Document)[1]
    text = "Another head.\n\n" + first.text + " " + first.text.replace("plan", "scheme")
    long = first.text + " " + first.text.replace("plan", "scheme")
    copies = [
        Document(doc_id=document_id(it), text=it, text_sha256=text_sha256(it), canonicaliser="1")
        for it in (text, long)
    ]
    workspace.append(Document, copies)
    workspace.write(
        Appearance,
        [
            *workspace.rows(Appearance),
            *(Appearance(doc_id=it.doc_id, publisher="Gazette 1", source="pile") for it in copies),
        ],
    )
    zones = [Zone(doc_id=it.doc_id, start=0, end=len(it.text), zone="body") for it in copies]
    workspace.write(Zone, [*workspace.rows(Zone), *zones])
    rows = workspace.rows(Annotation)
    pattern = [row for row in rows if row.doc_id == first.doc_id]
    more = [
        row.replace(
            doc_id=it.doc_id, text_sha256=it.text_sha256, condition=condition, spans=(),
            annotation_id=f"{row.annotator}-{it.doc_id}",
            assignment_id=f"{row.annotator}-{it.doc_id}",
        )
        for it, condition in zip(copies, ("test", "blind"), strict=True)
        for row in pattern
    ]  # fmt: skip
    workspace.write(Annotation, sorted([*rows, *more], key=lambda row: row.doc_id))
    ids = [it.doc_id for it in workspace.rows(Document)]
    workspace.write(Duplicate, [Duplicate(doc_id=it, cluster=it) for it in ids])
    return workspace


def test_a_release_that_leaks_is_refused_and_a_forced_one_says_so(leaking: Workspace) -> None:
    """Nothing is written; with force, the card's first lines and release.json tell."""
    with pytest.raises(DataError, match=r"the splits leak: .*have near-duplicates"):
        release(leaking)
    assert not list(leaking.path("releases").glob("[!.]*"))
    made = release(leaking, force=True)
    card = Path(made.path, "README.md").read_text(encoding="utf-8").split("---\n", 2)[2]
    assert "These splits leak" in "\n".join(card.splitlines()[:5])
    assert list(problems(Path(made.path))) == []
