"""`annotate rehydrate`: a release with the texts that it withholds put back."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from annotate.config import Columns
from annotate.errors import DataError, NothingToDo
from annotate.files import as_json, building, publish
from annotate.ingest import sources
from annotate.ingest.article import Article
from annotate.ingest.canonical import canonicalise
from annotate.model import Document, Record, Reject, text_sha256
from annotate.pipeline.texts import texts_of, with_text
from annotate.release import load, sums
from annotate.release.contents import ReleasedDocument
from annotate.release.reader import SUMMARY, Release
from annotate.release.safety import is_keyed
from annotate.release.withholding import rewritten
from annotate.workspace import Workspace

_SHOWN = 5


class RehydrateResult(Record, frozen=True, kw_only=True):
    """What was put back: `documents` of those that were `withheld`.

    `masked` ones have no way back to their text. `rejects` names the others that are
    withheld still, with the reason.
    """

    path: str
    withheld: int
    documents: int
    masked: int
    rejects: tuple[Reject, ...]


def rehydrate(  # noqa: PLR0913 - keyword-only options of one command
    release: str | Path,
    out: str | Path,
    *,
    paths: Sequence[str | Path] = (),
    workspace: Workspace | None = None,
    columns: Columns | None = None,
    partial: bool = False,
) -> RehydrateResult:
    """Write the release once more as `out`, with its texts, each checked against its hash.

    Texts come from `paths`, articles as `annotate ingest` reads them, or from a workspace.
    Raises DataError naming the documents without a text or with another one, unless
    `partial`; NothingToDo where nothing is withheld.
    """
    source, folder = load(release), Path(out)
    wanted = _withheld(source)
    if not wanted:
        raise NothingToDo(f"{source.path}: no text is withheld", hint="Use the release as it is")
    if folder.exists():
        raise DataError(f"{folder} is there already", hint="Name a new folder with --out")
    masked = set(filter(is_keyed, wanted))
    texts = _from_articles(paths, wanted, columns or Columns()) if paths else {}
    if workspace is not None:
        texts |= texts_of(workspace, wanted.keys() - masked)
    rejects = tuple(_refused(wanted, texts, masked))
    if rejects and not partial:
        raise _incomplete(rejects)
    right = {doc_id: texts[doc_id] for doc_id in texts if _same(wanted.get(doc_id), texts[doc_id])}
    with building(folder) as room:
        rewritten(source, room, lambda document: with_text(document, right))
        said = source.summary.replace(withheld=len(wanted) - len(right))
        (room / SUMMARY).write_bytes(as_json(said))
        listed = sums.written(sums.sums(room))
        (room / sums.SUMS).write_text(listed, encoding="utf-8", newline="\n")
        publish(room, folder)
    return RehydrateResult(
        path=str(folder),
        withheld=len(wanted),
        documents=len(right),
        masked=len(masked),
        rejects=rejects,
    )


def _withheld(release: Release) -> dict[str, ReleasedDocument]:
    """Give the documents with something withheld, by id, without their spans."""
    rows = chain.from_iterable(chain.from_iterable(map(release.iter_documents, release.splits)))
    return {row.doc_id: row.replace(spans=(), open=()) for row in rows if row.withheld}


def _from_articles(
    paths: Sequence[str | Path], wanted: Mapping[str, ReleasedDocument], columns: Columns
) -> dict[str, Document]:
    """Give the documents that articles are, and by address those that have changed."""
    by_url = {row.url: doc_id for doc_id, row in wanted.items() if row.url}
    found: dict[str, Document] = {}
    for source in sources.listed(paths, form=None, own=frozenset(), stdin=None):
        if isinstance(source, Reject):
            raise DataError(f"{source.place}: {source.reason}", hint="Name articles that are there")
        for item in sources.read(source, columns):
            if not isinstance(item, Article):
                continue
            document = canonicalise(item)
            if document.doc_id in wanted:
                found[document.doc_id] = document
            elif item.url in by_url:
                found.setdefault(by_url[item.url], document)
    return found


def _same(row: ReleasedDocument | None, document: Document) -> bool:
    return row is not None and text_sha256(document.text) == row.text_sha256


def _refused(
    wanted: Mapping[str, ReleasedDocument], texts: Mapping[str, Document], masked: set[str]
) -> Iterator[Reject]:
    for doc_id, row in sorted(wanted.items()):
        where = f"document {doc_id}" + (f" ({row.url})" if row.url else "")
        if doc_id in masked:
            continue
        if doc_id not in texts:
            yield Reject(place=where, reason="no text with its hash was found")
        elif not _same(row, texts[doc_id]):
            yield Reject(place=where, reason="its text has changed: it has another sha256")


def _incomplete(rejects: Sequence[Reject]) -> DataError:
    shown = "; ".join(f"{item.place}: {item.reason}" for item in rejects[:_SHOWN])
    more = f"; and {len(rejects) - _SHOWN} more" if len(rejects) > _SHOWN else ""
    return DataError(
        f"{len(rejects)} texts cannot be put back: {shown}{more}",
        hint="Name where they are, or put back what is there with --partial",
    )
