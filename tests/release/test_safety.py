"""A public release gives no protected source away: not by name, not by hash."""

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from annotate.errors import DataError
from annotate.model import (
    Annotation,
    Appearance,
    Document,
    Span,
    Zone,
    document_id,
    hashed_id,
    text_sha256,
)
from annotate.pipeline.forget import forget
from annotate.pipeline.release import release
from annotate.release import load
from annotate.release.masking import MASK
from annotate.release.verify import problems
from annotate.workspace import Workspace

PROTECTED = {
    "identity_form": "pseudonym",
    "specificity": "2",
    "reason_for_anonymity": "explicit_specific",
    "basis_of_knowledge": "first_hand",
    "corroboration": "none",
}
SECRET = "Umm Salwa"
STORIES = (
    "👩‍👩‍👧 Umm Salwa, a baker from Tel Varin, fears arrest; she saw trucks. Critics disagreed.",
    "The mayor of Tel Varin spoke on Monday of bread prices. Critics disagreed again.",
    "Write to desk@harbour.example or call +44 20 7946 0958 about the weir. Critics came.",
    "Nothing happened at the lighthouse this week. Critics were not surprised by it.",
)


def _document(text: str) -> Document:
    return Document(
        doc_id=document_id(text), text=text, text_sha256=text_sha256(text), title=text[:9],
        language="en", canonicaliser="1",
    )  # fmt: skip


def _spans(item: Document) -> Iterator[Span]:
    marked = [("Critics", "vague_collective_source", {})]
    if SECRET in item.text:
        marked.append(("Umm Salwa, a baker from Tel Varin", "unnamed_source", PROTECTED))
    for words, marker, attributes in marked:
        at = item.text.index(words)
        yield Span(
            start=at, end=at + len(words), marker=marker, attributes=attributes,
            judgement="protected_source" if attributes else None,
        )  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path, read_by: Callable[..., Annotation]) -> Workspace:
    """Give a workspace with one protected source, and her village in another article."""
    workspace = Workspace.create(tmp_path / "w", name="bread", annotators=("ana", "ben"))
    documents = [_document(text) for text in STORIES]
    workspace.append(Document, documents)
    workspace.write(
        Appearance,
        [
            Appearance(
                doc_id=item.doc_id, publisher="Tel Varin Post" if number == 3 else "The Reef",
                url=f"https://news.example/{number}", source="pile", licence="CC0-1.0",
            )
            for number, item in enumerate(documents)
        ],
    )  # fmt: skip
    workspace.write(
        Zone, [Zone(doc_id=it.doc_id, start=0, end=len(it.text), zone="body") for it in documents]
    )
    workspace.write(
        Annotation,
        [read_by(item, person, *_spans(item)) for item in documents for person in ("ana", "ben")],
    )
    return workspace


def _everything(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Give every file as bytes, and what the compressed ones hold as text."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes()
            if path.suffix == ".parquet":
                yield path.name, str(pq.read_table(path).to_pylist()).encode()


def test_no_file_holds_a_name_or_place_of_a_protected_source(workspace: Workspace) -> None:
    """Not in texts, not in an outlet's name, not in other articles; spans fit the masked text."""
    made = release(workspace)
    folder = Path(made.path)
    for name, content in _everything(folder):
        for word in ("Salwa", "Tel Varin", "Umm"):
            assert word.encode() not in content, f"{word} in {name}"
    assert made.masked == 2
    assert (made.emails, made.phones) == (1, 1)
    spans = {it.marker: it.text for it in load(folder).spans if it.marker == "unnamed_source"}
    assert spans == {"unnamed_source": f"{MASK}, a baker from {MASK}"}
    assert list(problems(folder)) == []
    kept = workspace.path("reports", f"safety-{made.version}.json")
    assert "Umm Salwa" in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o077 == 0


def test_who_guesses_the_name_finds_no_hash_of_it(workspace: Workspace) -> None:
    """With the true text in hand, none of the ids or hashes of the release is its."""
    folder = Path(release(workspace).path)
    whole = b"".join(content for _, content in _everything(folder))
    text = STORIES[0]
    doc_id = document_id(text)
    guesses = {
        text_sha256(text),
        text_sha256(text)[:16],
        doc_id,
        sha256(doc_id.encode()).hexdigest(),
    }
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            guesses.add(hashed_id("g", doc_id, start, end, "unnamed_source")[2:])
    for number in range(4):
        guesses |= {hashed_id("p", doc_id, name, 1, number)[2:] for name in ("a1", "a2")}
    hashes = {found.decode() for found in re.findall(rb"[0-9a-f]{15,64}", whole)}
    assert hashes
    assert not {guess.removeprefix("d-") for guess in guesses} & hashes
    (masked,) = (
        it
        for name in load(folder).splits
        for it in load(folder).documents(name)
        if "baker" in it.text
    )
    assert masked.text_sha256 == text_sha256(masked.text)
    assert (masked.url, masked.title) == (None, None)
    assert masked.doc_id.startswith("d-k")


def test_the_same_key_gives_the_same_bytes_and_another_key_other_ids(workspace: Workspace) -> None:
    """Ids are keyed by the workspace's secret, which no release holds."""
    first = Path(release(workspace, version="1.0.0").path)
    key = workspace.path("keys", "release.key")
    assert key.stat().st_mode & 0o077 == 0
    secret = key.read_bytes()
    assert all(secret not in content for _, content in _everything(first))
    again = Path(release(workspace, version="1.0.1").path)
    assert _ids(first) == _ids(again)
    key.write_bytes(b"another")
    assert _ids(Path(release(workspace, version="1.0.2").path)) != _ids(first)


def _ids(folder: Path) -> list[str]:
    found = load(folder)
    return [item.doc_id for name in found.splits for item in found.documents(name)]


def test_forget_names_the_release_in_which_a_document_is_masked(workspace: Workspace) -> None:
    """The masked document has another id there; the workspace's key leads to it."""
    made = release(workspace)
    source = document_id(STORIES[0])
    assert source not in _ids(Path(made.path))
    assert forget(workspace, source, reason="asked to").still_in == (f"releases/{made.version}",)


def test_a_private_release_masks_nothing(workspace: Workspace) -> None:
    """Who asks for it gets the texts as they are."""
    made = release(workspace, private=True)
    spans = [it.text for it in load(Path(made.path)).spans if it.marker == "unnamed_source"]
    assert (made.masked, spans) == (0, ["Umm Salwa, a baker from Tel Varin"])


def test_a_name_that_is_left_stops_the_release(workspace: Workspace) -> None:
    """Where the lead's own words hold the name, nothing is written and the file is named."""
    path = workspace.root / "annotate.toml"
    toml = path.read_text(encoding="utf-8").replace(
        "[release]", '[release]\ntitle = "Bread of Tel Varin"'
    )
    path.write_text(toml, encoding="utf-8")
    with pytest.raises(DataError, match=r"names of protected sources are left in .*README\.md"):
        release(Workspace(workspace.root))
    assert not list(workspace.path("releases").glob("[!.]*"))
