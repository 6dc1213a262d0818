"""Check a release: sums, files, schemas, offsets, quotes, splits, counts, certificate.

The sums come first. Where one is wrong nothing else is asked: a file that somebody changed
need not be read. Everything is read some rows at a time; of all documents only ids are held.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from annotate import columns, tables
from annotate.errors import InvalidFile
from annotate.model import Range, Record, text_sha256
from annotate.release import sums
from annotate.release.certificate import Certificate, certificate
from annotate.release.contents import LEFT_OUT, ReleasedDocument, ReleasedSpan
from annotate.release.counts import count
from annotate.release.layers import RECORDS, jsonl_file, parquet_file
from annotate.release.leakage import leakage
from annotate.release.reader import LEAKAGE, SUMMARY, Release, load
from annotate.release.sums import SUMS

if TYPE_CHECKING:
    import pyarrow as pa


class Problem(Record, frozen=True, kw_only=True):
    """What is wrong, and with which file of the release."""

    file: str
    reason: str


def problems(folder: Path) -> Iterator[Problem]:
    """Give all that is wrong with the release in that folder.

    Raises InvalidFile when there is no release.
    """
    broken = list(_wrong_sums(folder))
    yield from broken
    if broken:
        return
    release = load(folder)
    wrong_schemas = list(_wrong_schemas(release))
    yield from wrong_schemas
    if not wrong_schemas:
        for check in CHECKS:
            yield from _readable(release, check)


def _wrong_sums(folder: Path) -> Iterator[Problem]:
    path = folder / SUMS
    if not path.is_file():
        raise InvalidFile(
            f"{folder}: not a release: {SUMS} is not there",
            hint="Name a folder such as releases/0.1.0",
        )
    try:
        text = path.read_bytes().decode("utf-8")
        listed = sums.read(text)
    except ValueError:
        yield Problem(file=SUMS, reason="has a line that is not a sum, two blanks and a file")
        return
    if sums.written(listed) != text:
        yield Problem(file=SUMS, reason="is not as it was written")
    found = sums.sums(folder)
    for name in sorted({*listed, *found}):
        if name not in found:
            yield Problem(file=name, reason=f"is missing, and {SUMS} lists it")
        elif name not in listed:
            yield Problem(
                file=name, reason=f"is not listed in {SUMS}: it is no part of the release"
            )
        elif listed[name] != found[name]:
            yield Problem(file=name, reason=f"is not what {SUMS} says: one of the two was changed")


def _wrong_schemas(release: Release) -> Iterator[Problem]:
    for layer, record in RECORDS.items():
        expected = tables.arrow_schema(record)
        for split in release.offered(layer):
            name = parquet_file(layer, split)
            with tables.whole(release.path / name, place=name) as file:
                found = file.schema_arrow
            if found.names != expected.names:
                yield Problem(file=name, reason=f"has the columns {', '.join(found.names)}")
                continue
            for field in expected:
                if not _alike(field.type, found.field(field.name).type, field.name):
                    yield Problem(
                        file=name,
                        reason=f"column {field.name} is {found.field(field.name).type}",
                    )


def _alike(expected: "pa.DataType", found: "pa.DataType", name: str) -> bool:
    """Compare types; which attributes there are is the release's taxonomy's own."""
    import pyarrow as pa

    if name in columns.ATTRIBUTES:
        return pa.types.is_struct(found) and all(pa.types.is_string(it.type) for it in found)
    if pa.types.is_list(expected) and pa.types.is_list(found):
        return _alike(expected.value_type, found.value_type, name)
    if pa.types.is_struct(expected) and pa.types.is_struct(found):
        own = [field.name for field in expected]
        return own == [field.name for field in found] and all(
            _alike(field.type, found.field(field.name).type, field.name) for field in expected
        )
    return bool(expected.equals(found))


def _readable(release: Release, check: Callable[[Release], Iterator[Problem]]) -> Iterator[Problem]:
    """Run a check; a row that cannot be read is a problem too."""
    try:
        yield from check(release)
    except InvalidFile as error:
        file, _, reason = error.message.partition(": ")
        yield Problem(file=file, reason=reason)


def _documents(release: Release) -> Iterator[Problem]:
    """Check what each document says of its text, and that no other has its id or its cluster."""
    clusters: dict[str, str] = {}
    for split in release.splits:
        name, last = parquet_file("gold", split), ""
        for document in chain.from_iterable(release.iter_documents(split)):
            yield from _in_document(document, name)
            if document.doc_id <= last:
                yield Problem(file=name, reason=f"{document.doc_id} stands behind {last}")
            other = clusters.setdefault(document.cluster, split)
            if other != split:
                reason = f"{document.doc_id}: cluster {document.cluster} is in {other} too"
                yield Problem(file=name, reason=reason)
            last = document.doc_id


def _in_document(document: ReleasedDocument, name: str) -> Iterator[Problem]:
    text = document.text
    if text is None:
        return
    if text_sha256(text) != document.text_sha256:
        yield Problem(file=name, reason=f"{document.doc_id}: text_sha256 is not the text's")
    ranges: Iterable[Range] = (
        *document.zones,
        *document.spans,
        *document.open,
        *(span.referent for span in document.spans if span.referent),
    )
    for at in ranges:
        if at.end > len(text):
            reason = f"{document.doc_id}: {at.start} to {at.end} is behind the text's end"
            yield Problem(file=name, reason=f"{reason} {len(text)}")


def _spans(release: Release) -> Iterator[Problem]:
    """Hold the spans layer against the spans and the words of the gold layer."""
    for split in release.splits:
        name = parquet_file("spans", split)
        gold = (
            pair
            for it in chain.from_iterable(release.iter_documents(split))
            for pair in _quoted(it)
        )
        for expected, found in zip_longest(gold, chain.from_iterable(release.iter_spans(split))):
            if expected != found:
                there = expected or found
                at = f"{there.doc_id}: span {there.span_id}" if there else ""
                yield Problem(file=name, reason=f"{at} is not as in the gold layer")
                break


def _quoted(document: ReleasedDocument) -> Iterator[ReleasedSpan]:
    for span in document.spans:
        values = {name: getattr(span, name) for name in span.__struct_fields__}
        quote = document.text and document.text[span.start : span.end]
        yield ReleasedSpan(**values, doc_id=document.doc_id, text=quote)


def _annotations(release: Release) -> Iterator[Problem]:
    """Check that annotations are in their document's split, and inside its text."""
    lengths: dict[str, int] = {}
    for split in (*release.splits, LEFT_OUT):
        name = parquet_file("annotations", split)
        own: dict[str, int] = {}
        if split != LEFT_OUT:
            documents = chain.from_iterable(release.iter_documents(split))
            own = {
                item.doc_id: sys.maxsize if item.text is None else len(item.text)
                for item in documents
            }
            lengths |= own
        for item in chain.from_iterable(release.iter_annotations(split)):
            if (item.doc_id in own) != (split != LEFT_OUT) or (
                split == LEFT_OUT and item.doc_id in lengths
            ):
                yield Problem(file=name, reason=f"{item.doc_id} is in another split")
            elif split != LEFT_OUT and any(it.end > own[item.doc_id] for it in item.spans):
                reason = f"{item.doc_id}: a span of {item.annotator} is behind the text's end"
                yield Problem(file=name, reason=reason)


def _lines(release: Release) -> Iterator[Problem]:
    """Hold the JSON lines against the Parquet rows."""
    for layer, record in RECORDS.items():
        for split in release.offered(layer):
            name = jsonl_file(layer, split)
            path = release.path / name
            if not path.is_file():
                yield Problem(file=name, reason="is missing: the same rows are there as Parquet")
                continue
            rows = chain.from_iterable(
                tables.scan(release.path / parquet_file(layer, split), record, size=500)
            )
            with path.open("rb") as file:
                pairs = enumerate(zip_longest(rows, file), start=1)
                wrong = next((at for at, (row, line) in pairs if not _same(row, line)), None)
            if wrong is not None:
                yield Problem(file=name, reason=f"line {wrong} is not the row of the Parquet file")


def _same(row: Record | None, line: bytes | None) -> bool:
    if row is None or line is None:
        return False
    try:
        return bool(msgspec.json.decode(line, type=type(row)) == row)
    except msgspec.DecodeError:
        return False


def _certificate(release: Release) -> Iterator[Problem]:
    """Compute again what splits share; the probes need the rules that the workspace had."""
    path = release.path / LEAKAGE
    if not path.is_file():
        yield Problem(file=LEAKAGE, reason="is missing")
        return
    try:
        said = msgspec.json.decode(path.read_bytes(), type=Certificate)
    except msgspec.DecodeError as error:
        yield Problem(file=LEAKAGE, reason=f"is no certificate: {error}")
        return
    if release.summary.withheld:
        said, found = _without_texts(said), _without_texts(_known(release))
    else:
        said, found = said.replace(probes=(), asked=()), certificate(release)
    if said != found:
        yield Problem(file=LEAKAGE, reason="is not what the data files give when computed again")


def _known(release: Release) -> Certificate:
    """Give what can be computed where texts are withheld."""
    found = leakage(release)
    return Certificate(**{name: getattr(found, name) for name in found.__struct_fields__})


def _without_texts(said: Certificate) -> Certificate:
    return said.replace(nearest=(), titles=(), leaks=(), probes=(), asked=())


def _summary(release: Release) -> Iterator[Problem]:
    counts, said = count(release), release.summary
    found = {
        "splits": (said.splits, counts.documents_by_split),
        "spans": (said.spans, counts.spans_by_split),
        "open": (said.open, counts.open),
        "annotations": (said.annotations, counts.annotations),
        "annotators": (said.annotators, len(counts.annotators)),
    }
    for name, (written, counted) in found.items():
        if written != counted:
            yield Problem(file=SUMMARY, reason=f"{name} is {written}, and the files have {counted}")


CHECKS = (_documents, _spans, _annotations, _lines, _certificate, _summary)
