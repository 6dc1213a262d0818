"""A small workspace that can be released, made of invented sentences."""

from collections.abc import Callable
from pathlib import Path

import pytest

from annotate.model import (
    AnnotatedSpan,
    Annotation,
    Appearance,
    Condition,
    Document,
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


def _annotation(item: Document, person: str, condition: Condition) -> Annotation:
    places = [(item.text.index(quote), quote) for quote in QUOTES]
    return Annotation(
        annotation_id=f"n-{person}-{item.doc_id}",
        assignment_id=f"a-{person}-{item.doc_id}",
        doc_id=item.doc_id,
        text_sha256=item.text_sha256,
        annotator=person,
        round=1,
        condition=condition,
        guideline_version="1.0",
        taxonomy_version="1",
        submitted_at="2026-02-03T10:00:00Z",
        spans=tuple(
            AnnotatedSpan(
                start=at,
                end=at + len(quote),
                marker="vague_collective_source",
                span_id=f"{person}-{item.doc_id}-{at}",
                origin="manual",
            )
            for at, quote in places
        ),
    )


@pytest.fixture
def make(tmp_path: Path) -> Make:
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
                _annotation(item, person, "test" if number % 4 == 0 else "blind")
                for number, item in enumerate(documents)
                for person in people
            ],
        )
        return workspace

    return made
