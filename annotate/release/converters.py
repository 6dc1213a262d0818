"""Gold spans as other libraries take them: a DocBin of spaCy, BIO lines, a DatasetDict.

Documents whose text is withheld stay out where a text is needed, and a warning counts them.
Offsets are code points, end-exclusive.
"""

import warnings
from collections.abc import Iterator
from glob import escape
from typing import TYPE_CHECKING

import msgspec

from annotate.decode import legal
from annotate.errors import MissingExtra, NothingToDo, UsageError
from annotate.formats import bio, docbin
from annotate.formats.labelled import Labelled, LabelledSpan
from annotate.release.contents import ReleasedDocument
from annotate.release.layers import RECORDS

if TYPE_CHECKING:
    from datasets import DatasetDict
    from spacy.language import Language
    from spacy.tokens import Doc, DocBin

    from annotate.release.reader import Release

_HINT = "Put texts back with `annotate rehydrate`"


def labelled(document: ReleasedDocument) -> Labelled:
    """Give a document, whose text must be there, with its gold spans as every format takes it."""
    return msgspec.convert(document, Labelled, from_attributes=True)


def docbin_of(release: "Release", split: str, nlp: "Language | None") -> "DocBin":
    """Give the documents of a split as docs, with the tokens of `nlp` or of their language."""
    docbin.refuse_without_spacy()
    from spacy.tokens import DocBin

    files: dict[str, bytes] = {}
    docbin.write(_readable(release, split), name=split, put=files.__setitem__)
    packed = DocBin(attrs=["ORTH", "SPACY"], store_user_data=True)
    for data in files.values():
        part = DocBin(store_user_data=True).from_bytes(data)
        if nlp is None:
            packed.merge(part)
        else:
            for doc in part.get_docs(nlp.vocab):
                packed.add(_tokenised(doc, nlp))
    return packed


def _tokenised(doc: "Doc", nlp: "Language") -> "Doc":
    """Give the doc with the tokens of a pipeline, cut where a span begins or ends inside one."""
    spans = [
        LabelledSpan(start=it.start_char, end=it.end_char, marker=it.label_)
        for it in doc.spans[docbin.SPANS]
    ]
    made = docbin.marked(nlp.make_doc(doc.text), spans)
    made.user_data.update(doc.user_data)
    return made


def bio_of(release: "Release", split: str, marker: str) -> Iterator[str]:
    """Give the lines of each document of a split, tagged with one marker."""
    if marker not in release.markers:
        raise UsageError("marker " + legal(marker, release.markers), hint="Choose one of these")
    return _tagged(_readable(release, split), split, marker)


def _tagged(documents: Iterator[Labelled], split: str, marker: str) -> Iterator[str]:
    lost = 0
    for item in documents:
        written: dict[str, bytes] = {}
        bio.write([item], name=split, markers=[marker], put=written.__setitem__)
        lines = b"".join(written.values()).decode()
        given = sum(span.marker == marker for span in item.spans)
        lost += given - lines.count(f"\tB-{marker}\n")
        yield lines
    if lost:
        warnings.warn(
            f"{split}: {lost} spans of {marker} stay out: tags cannot say white space alone, or a "
            "span that overlaps one of its marker",
            stacklevel=2,
        )


def datasets_of(release: "Release", layer: str) -> "DatasetDict":
    """Give the splits of a layer that have rows, as `datasets.load_dataset` does."""
    if layer not in RECORDS:
        raise UsageError("layer " + legal(layer, RECORDS), hint="Choose one of these")
    try:
        import datasets
    except ImportError as error:
        raise MissingExtra(
            "datasets is not installed", hint="Install it with pip install datasets"
        ) from error
    # A path is a pattern to `datasets`.
    files = {split: escape(str(release.file(layer, split))) for split in release.offered(layer)}
    if not files:
        return datasets.DatasetDict()
    return datasets.load_dataset("parquet", data_files=files)


def _readable(release: "Release", split: str) -> Iterator[Labelled]:
    """Give the documents of a split whose text is there; others are counted in a warning."""
    tables = release.columns("gold", split, ["withheld"])
    gone = ["text" in row for it in tables for row in it.column("withheld").to_pylist()]
    if gone and all(gone):
        raise NothingToDo(f"{release.path}: all texts of {split} are withheld", hint=_HINT)
    if any(gone):
        warnings.warn(
            f"{split}: {sum(gone)} of {len(gone)} documents stay out: their texts are withheld. "
            f"{_HINT}",
            stacklevel=4,
        )
    return (
        labelled(document)
        for batch in release.iter_documents(split)
        for document in batch
        if document.text is not None
    )
