"""What annotators marked, written down shortly or drawn at random.

The bench of this stage makes its annotations with `annotation`, too.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from annotate.agreement.continuum import Continua, continua
from annotate.model import AnnotatedSpan, Annotation

Marked = tuple[str, int, int]
Document = Mapping[str, Sequence[Marked]]
Build = Callable[..., Continua]
MARKERS = ("c", "k", "x")


def annotation(
    person: str, doc_id: str, *marked: Marked, attributes: Mapping[str, str] | None = None
) -> Annotation:
    """Give what the person marked in a document, blind, in the reporter's voice."""
    return Annotation(
        annotation_id=f"{person}-{doc_id}",
        assignment_id=f"{person}-{doc_id}",
        doc_id=doc_id,
        text_sha256="0" * 64,
        annotator=person,
        round=1,
        condition="blind",
        guideline_version="1.0",
        taxonomy_version="1",
        submitted_at="2026-02-03T10:00:00Z",
        spans=tuple(
            AnnotatedSpan(
                start=start,
                end=end,
                marker=marker,
                attributes=dict(attributes or {}),
                span_id=f"{at}",
                origin="manual",
            )
            for at, (marker, start, end) in enumerate(marked)
        ),
    )


@pytest.fixture(scope="session")
def annotated() -> Callable[..., Annotation]:
    """Give what a person marked in a document: `("ana", "d", ("unnamed_source", 0, 5))`."""
    return annotation


@pytest.fixture(scope="session")
def build() -> Build:
    """Give continua from `{person: [(marker, start, end)]}` of each document."""

    def built(
        *documents: Document, length: int, markers: Sequence[str] = MARKERS, backwards: bool = False
    ) -> Continua:
        rows = [
            annotation(person, f"d{number:05}", *marked)
            for number, document in enumerate(documents)
            for person, marked in document.items()
        ]
        lengths = {row.doc_id: length for row in rows}
        return continua(rows[::-1] if backwards else rows, lengths, markers=markers)

    return built


@pytest.fixture(scope="session")
def random_documents() -> Callable[..., list[dict[str, list[Marked]]]]:
    """Give documents of 40 characters at random: up to four annotators, some missing."""

    def drawn(number: int, rng: np.random.Generator) -> list[dict[str, list[Marked]]]:
        documents: list[dict[str, list[Marked]]] = []
        for _ in range(number):
            people = rng.choice(list("abcd"), size=rng.integers(2, 5), replace=False).tolist()
            documents.append({})
            for person in people:
                starts = rng.integers(0, 40, size=rng.integers(0, 5))
                documents[-1][person] = [
                    (str(rng.choice(MARKERS)), int(at), int(min(40, at + rng.integers(1, 12))))
                    for at in starts
                ]
        return documents

    return drawn


@pytest.fixture(scope="session")
def repeated() -> Callable[..., list[Document]]:
    """Give each document as often as a round of the bootstrap holds it."""

    def copies(documents: Sequence[Document], times: Sequence[int]) -> list[Document]:
        return [one for one, often in zip(documents, times, strict=True) for _ in range(often)]

    return copies
