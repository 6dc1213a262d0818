"""A small workspace that can be released, made of invented sentences."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotate.model import (
    Annotation,
    Appearance,
    Document,
    Span,
    Zone,
    document_id,
    text_sha256,
)
from annotate.workspace import Workspace

Make = Callable[..., Workspace]
QUOTES = ("Observers", "Critics")


def _document(number: int) -> Document:
    text = (
        f"Observers 👩‍👩‍👧 doubt plan {number}. Critics say that it came late, in round {number}."
    )
    return Document(
        doc_id=document_id(text),
        text=text,
        text_sha256=text_sha256(text),
        language="en",
        canonicaliser="1",
    )


def _spans(item: Document) -> Iterator[Span]:
    for quote in QUOTES:
        at = item.text.index(quote)
        yield Span(start=at, end=at + len(quote), marker="vague_collective_source")


@pytest.fixture
def make(tmp_path: Path, read_by: Callable[..., Annotation]) -> Make:
    """Give a maker of workspaces: so many documents, each read by these people, who agree."""

    def made(
        name: str = "w", *, count: int = 20, people: tuple[str, ...] = ("ana", "ben")
    ) -> Workspace:
        workspace = Workspace.create(tmp_path / name, name="plans", annotators=people)
        documents = [_document(number) for number in range(count)]
        workspace.append(Document, documents)
        workspace.write(
            Appearance,
            [
                Appearance(
                    doc_id=item.doc_id,
                    publisher=f"Gazette {number % 5}",
                    published=f"2025-03-{number % 28 + 1:02}",
                    licence="cc-by-4.0",
                    source="pile",
                )
                for number, item in enumerate(documents)
            ],
        )
        zones = [Zone(doc_id=it.doc_id, start=0, end=len(it.text), zone="body") for it in documents]
        workspace.write(Zone, zones)
        workspace.write(
            Annotation,
            [
                read_by(
                    item, person, *_spans(item), condition="test" if number % 4 == 0 else "blind"
                )
                for number, item in enumerate(documents)
                for person in people
            ],
        )
        return workspace

    return made
