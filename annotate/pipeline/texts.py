"""Texts that a release withholds, put back from where they are."""

from collections.abc import Collection, Iterable, Mapping

from annotate.model import Document
from annotate.pipeline.rows import rows_of
from annotate.release.contents import ReleasedDocument
from annotate.workspace import Workspace


def texts_of(workspace: Workspace, doc_ids: Collection[str]) -> dict[str, Document]:
    """Give the workspace's documents of these ids."""
    return {item.doc_id: item for item in rows_of(workspace, Document, doc_ids)}


def with_text(document: ReleasedDocument, texts: Mapping[str, Document]) -> ReleasedDocument:
    """Give the row with what is withheld of it, where the text with its hash is there."""
    found = texts.get(document.doc_id)
    if not document.withheld or found is None or found.text_sha256 != document.text_sha256:
        return document
    title = found.title if "title" in document.withheld else document.title
    return document.replace(text=found.text, title=title, withheld=())


def filled(workspace: Workspace, documents: Iterable[ReleasedDocument]) -> list[ReleasedDocument]:
    """Give the rows of a release of this workspace with their texts, as far as they are here."""
    rows = list(documents)
    wanted = {row.doc_id for row in rows if row.withheld}
    texts = texts_of(workspace, wanted) if wanted else {}
    return [with_text(row, texts) for row in rows]
