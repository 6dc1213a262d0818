"""The safety gate: rows of a public release in which protected sources cannot be found.

Names and places of protected sources are masked wherever they stand. A document with a mask
gives no way back to its text: its id and all ids that were computed from it are keyed (HMAC;
the key stays in the workspace), its hash is that of the masked text, and it has no address
and no title of its own.
"""

import hmac
import re
from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256
from typing import TypeVar

from annotate.model import AnnotatedSpan, GoldSpan, Range, Record, Span, text_sha256
from annotate.release.assemble import Rows
from annotate.release.contents import ReleasedAnnotation, ReleasedDocument
from annotate.release.lineage import Deed, Lineage
from annotate.release.masking import Masked, Masks
from annotate.spans import components

_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
_PHONE = re.compile(r"(?<![\w.])\+?\(?\d(?:[ ()/-]{0,2}\d){7,14}(?![\w.])")

S = TypeVar("S", bound=Span)

_KEYED = "k"  # other ids are hexadecimal digits behind their prefix


class Contacts(Record, frozen=True, kw_only=True):
    """How many e-mail addresses and telephone numbers a text seems to hold: flagged, kept."""

    emails: int = 0
    phones: int = 0

    def __add__(self, other: "Contacts") -> "Contacts":
        """Give both together."""
        return Contacts(emails=self.emails + other.emails, phones=self.phones + other.phones)


def contacts(text: str) -> Contacts:
    """Count what looks like an e-mail address or a telephone number."""
    return Contacts(emails=len(_EMAIL.findall(text)), phones=len(_PHONE.findall(text)))


def is_keyed(identity: str) -> bool:
    """Tell whether an id is one that `keyed` gave."""
    return identity.partition("-")[2].startswith(_KEYED)


def keyed(identity: str, *, key: bytes) -> str:
    """Give an id that nobody can compute without the key; its prefix stays."""
    prefix, _, _ = identity.partition("-")
    digest = hmac.new(key, identity.encode(), sha256).hexdigest()
    return f"{prefix}-{_KEYED}{digest[:15]}"


class Gate:
    """What a public release hides, with the key of its workspace."""

    def __init__(self, forms: Collection[str], *, key: bytes) -> None:
        """Take the words to hide, and the secret of the workspace."""
        self.masks = Masks(forms)
        self._key = key

    def holds(self, text: str) -> bool:
        """Tell whether the text holds anything to hide, in whatever case."""
        folded = text.casefold()
        return any(form.casefold() in folded for form in self.masks.forms)

    def keyed(self, identity: str) -> str:
        """Give an id that nobody can compute without the key; its prefix stays."""
        return keyed(identity, key=self._key)

    def rows(self, rows: Rows, *, keyed_cluster: bool) -> Rows:
        """Give the rows as they may be seen; `keyed_cluster` where a near-duplicate is masked."""
        document = rows.document
        if document is None:
            return rows
        hidden = self.masks.hide(document.full_text)
        document = self._outside(document, keyed_cluster=keyed_cluster or bool(hidden.cuts))
        if not hidden.cuts:
            return rows.replace(document=document)
        shown = self._document(document, hidden)
        kept = {span.span_id for span in shown.spans}
        stories = [self._lineage(item, hidden) for item in rows.lineage]
        return Rows(
            document=shown,
            annotations=tuple(self._annotation(item, hidden) for item in rows.annotations),
            lineage=tuple(item for item in stories if item.span_id in kept),
        )

    def _outside(self, item: ReleasedDocument, *, keyed_cluster: bool) -> ReleasedDocument:
        """Mask what is said of a document beside its text."""
        return item.replace(
            cluster=self.keyed(item.cluster) if keyed_cluster else item.cluster,
            title=item.title and self.masks.hide(item.title).text,
            url=None if item.url and self.holds(item.url) else item.url,
            publishers=self._names(item.publishers),
            cluster_publishers=self._names(item.cluster_publishers),
        )

    def _names(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({self.masks.hide(name).text for name in names}))

    def _document(self, item: ReleasedDocument, hidden: Masked) -> ReleasedDocument:
        spans = [self._gold(span, hidden) for span in item.spans]
        return item.replace(
            doc_id=self.keyed(item.doc_id),
            text=hidden.text,
            text_sha256=text_sha256(hidden.text),
            title=None,
            url=None,
            zones=tuple(hidden.moved(zone) for zone in item.zones),
            spans=tuple(_apart(spans)),
            open=tuple(
                hidden.moved(span).replace(
                    doc_id=self.keyed(span.doc_id), members=self._all(span.members)
                )
                for span in item.open
            ),
        )

    def _gold(self, span: GoldSpan, hidden: Masked) -> GoldSpan:
        moved = _moved(span, hidden)
        return moved.replace(span_id=self.keyed(span.span_id), members=self._all(span.members))

    def _annotation(self, item: ReleasedAnnotation, hidden: Masked) -> ReleasedAnnotation:
        spans = [self._annotated(span, hidden) for span in item.spans]
        return item.replace(
            doc_id=self.keyed(item.doc_id),
            spans=tuple(_apart(spans)),
            shown=self._all(item.shown),
        )

    def _annotated(self, span: AnnotatedSpan, hidden: Masked) -> AnnotatedSpan:
        origin = span.suggestion_id
        return _moved(span, hidden).replace(
            span_id=self.keyed(span.span_id), suggestion_id=self.keyed(origin) if origin else None
        )

    def _lineage(self, item: Lineage, hidden: Masked) -> Lineage:
        return hidden.moved(item).replace(
            doc_id=self.keyed(item.doc_id),
            span_id=self.keyed(item.span_id),
            proposals=tuple(hidden.moved(each) for each in item.proposals),
            deeds=tuple(_deed(each, hidden) for each in item.deeds),
        )

    def _all(self, identities: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(map(self.keyed, identities)))


def _moved(span: S, hidden: Masked) -> S:
    referent = hidden.moved(span.referent) if span.referent else None
    return hidden.moved(span).replace(referent=referent)


def _deed(deed: Deed, hidden: Masked) -> Deed:
    if deed.start is None or deed.end is None:
        return deed
    at = hidden.moved(Range(start=deed.start, end=deed.end))
    return deed.replace(start=at.start, end=at.end)


def _apart(spans: Sequence[S]) -> list[S]:
    """Keep one of spans of one marker that a mask has drawn together: the longest."""
    kept = [
        max(group, key=lambda span: span.end - span.start)
        for marker in {span.marker for span in spans}
        for group in components(span for span in spans if span.marker == marker)
    ]
    return sorted(kept, key=lambda span: (span.start, span.end, span.marker))
