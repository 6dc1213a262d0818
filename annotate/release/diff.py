"""What differs between two releases: documents, spans, labels, who decided them, and why.

Both are read in order of `doc_id`, so that memory grows with what differs alone.
"""

from collections.abc import Iterator, Mapping
from heapq import merge
from itertools import groupby
from typing import Literal, NamedTuple

from annotate.model import GoldSpan, Reason, Record, Span
from annotate.release.contents import ReleasedDocument
from annotate.release.layers import Layers
from annotate.spans import overlap, overlaps

What = Literal["added", "removed", "changed"]
Status = Literal["consensus", "single", "adjudicated"]
_ASIDE = {"span_id", "members"}  # names of things, and no statement on the text
_LABELS = {"spans", "open", "document_attributes"}


class SpanChange(Record, frozen=True, kw_only=True):
    """A gold span of a document that both releases have, and that is not the same in both.

    `fields` names what of it changed. `by` says who decided it as it is now, or as it was
    where it is gone, and `reason` is the adjudicator's. `why` is the reason for which it is
    open in the other release.
    """

    span_id: str
    marker: str
    start: int
    end: int
    what: What
    fields: tuple[str, ...] = ()
    by: Status
    why: str | None = None
    reason: Reason | None = None


class DocumentChange(Record, frozen=True, kw_only=True):
    """A document that is not the same in both: its splits, null where it is not there.

    `spans` are the changes of a document that both have, `fields` what else of it changed;
    of one that came or went `count` says how many gold spans it has.
    """

    doc_id: str
    was: str | None
    now: str | None
    count: int = 0
    spans: tuple[SpanChange, ...] = ()
    fields: tuple[str, ...] = ()


class Placed(NamedTuple):
    """A document and the split that it is in."""

    doc_id: str
    split: str
    document: ReleasedDocument


def changes(before: Layers, after: Layers) -> Iterator[DocumentChange]:
    """Give each document that differs, in order of `doc_id`."""
    given = _reasons(after)
    sides = merge(
        ((item.doc_id, 0, item) for item in placed(before)),
        ((item.doc_id, 1, item) for item in placed(after)),
        key=lambda each: each[:2],
    )
    for doc_id, found in groupby(sides, key=lambda each: each[0]):
        both = {side: item for _, side, item in found}
        was, now = both.get(0), both.get(1)
        change = _compared(was, now, given) if was and now else _one_sided(doc_id, was, now)
        if change is not None:
            yield change


def placed(layers: Layers) -> Iterator[Placed]:
    """Give the documents of all splits in order of `doc_id`."""
    return merge(*(_of_split(layers, split) for split in layers.splits), key=lambda it: it.doc_id)


def _reasons(layers: Layers) -> dict[str, Reason]:
    """Give the adjudicator's reason for each span that one was given for, out of the lineage."""
    found: dict[str, Reason] = {}
    for table in layers.lineage(["span_id", "reason"]):
        given = table.filter(table.column("reason").is_valid())
        found.update(
            zip(
                given.column("span_id").to_pylist(), given.column("reason").to_pylist(), strict=True
            )
        )
    return found


def _of_split(layers: Layers, split: str) -> Iterator[Placed]:
    for batch in layers.iter_documents(split):
        for item in batch:
            yield Placed(doc_id=item.doc_id, split=split, document=item)


def _one_sided(doc_id: str, was: Placed | None, now: Placed | None) -> DocumentChange:
    there = was or now
    return DocumentChange(
        doc_id=doc_id,
        was=was.split if was else None,
        now=now.split if now else None,
        count=len(there.document.spans) if there else 0,
    )


def _compared(was: Placed, now: Placed, given: Mapping[str, Reason]) -> DocumentChange | None:
    found = _span_changes(was.document, now.document)
    spans = tuple(
        it if it.what == "removed" else it.replace(reason=given.get(it.span_id)) for it in found
    )
    names = (name for name in now.document.__struct_fields__ if name not in _LABELS - {"open"})
    fields = tuple(name for name in names if _said(was.document, name) != _said(now.document, name))
    if was.document.document_attributes != now.document.document_attributes:
        fields += ("document_attributes",)
    if was.split == now.split and not spans and not fields:
        return None
    return DocumentChange(
        doc_id=was.doc_id, was=was.split, now=now.split, spans=spans, fields=fields
    )


def _said(document: ReleasedDocument, name: str) -> object:
    value = getattr(document, name)
    return tuple(item.replace(members=()) for item in value) if name == "open" else value


def _span_changes(was: ReleasedDocument, now: ReleasedDocument) -> Iterator[SpanChange]:
    old = {span.span_id: span for span in was.spans}
    new = {span.span_id: span for span in now.spans}
    for key in old.keys() & new.keys():
        if fields := _fields(old[key], new[key]):
            yield _change(new[key], "changed", fields=fields)
    gone = [span for key, span in old.items() if key not in new]
    for span in (span for key, span in new.items() if key not in old):
        moved = max(
            (it for it in gone if it.marker == span.marker and overlaps(it, span)),
            key=lambda it: overlap(it, span),
            default=None,
        )
        if moved is None:
            yield _change(span, "added", why=_open_for(was, span))
        else:
            gone.remove(moved)
            yield _change(span, "changed", fields=_fields(moved, span))
    for span in gone:
        yield _change(span, "removed", why=_open_for(now, span))


def _change(
    span: GoldSpan, what: What, *, fields: tuple[str, ...] = (), why: str | None = None
) -> SpanChange:
    return SpanChange(
        span_id=span.span_id,
        marker=span.marker,
        start=span.start,
        end=span.end,
        what=what,
        fields=fields,
        by=span.status,
        why=why,
    )


def _fields(was: GoldSpan, now: GoldSpan) -> tuple[str, ...]:
    names = (name for name in now.__struct_fields__ if name not in _ASIDE)
    return tuple(name for name in names if getattr(was, name) != getattr(now, name))


def _open_for(document: ReleasedDocument, span: Span) -> str | None:
    """Say why a span's words are not settled there."""
    return next(
        (it.reason for it in document.open if it.marker == span.marker and overlaps(it, span)),
        None,
    )
