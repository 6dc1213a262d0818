"""Documents with labelled spans, as every format here writes them, and what a format cannot say.

Offsets are code points of the document's text, end-exclusive.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from annotate.model import Range, Record, Span, ZoneKind
from annotate.spans import Ranged

R = TypeVar("R", bound=Record)

# How a format writes: bytes at the end of the file with that path.
Put = Callable[[str, bytes], None]

_NAMED = 20


class LabelledZone(Range, frozen=True, kw_only=True):
    """A range of the document that is title, body or boilerplate."""

    zone: ZoneKind


class LabelledSpan(Span, frozen=True, kw_only=True):
    """A span and, where it is settled, how: `support` of `annotators` marked it."""

    span_id: str | None = None
    support: int | None = None
    annotators: int | None = None
    status: Literal["consensus", "single", "adjudicated"] | None = None


class Labelled(Record, frozen=True, kw_only=True):
    """A text, what is known of it, and its spans in order."""

    doc_id: str
    text: str
    title: str | None = None
    language: str | None = None
    publishers: tuple[str, ...] = ()
    published: str | None = None
    url: str | None = None
    licence: str | None = None
    document_attributes: dict[str, str] = {}
    zones: tuple[LabelledZone, ...] = ()
    spans: tuple[LabelledSpan, ...] = ()


# What a format may be unable to say, with the fields that then stand as if nobody knew.
SPAN_FACTS: dict[str, dict[str, object]] = {
    "voice": {"voice": "reporter"},
    "confidence": {"confidence": 3},
    "attributes": {"attributes": {}},
    "judgement": {"judgement": None},
    "referent": {"referent": None},
    "support": {"support": None, "annotators": None, "status": None},
    "span id": {"span_id": None},
}
DOCUMENT_FACTS: dict[str, dict[str, object]] = {
    "metadata": {
        "title": None,
        "language": None,
        "publishers": (),
        "published": None,
        "url": None,
        "licence": None,
    },
    "document attributes": {"document_attributes": {}},
    "zones": {"zones": ()},
}


class Lost(Record, frozen=True, kw_only=True):
    """One kind of thing that a format could not say: how many, and in which documents.

    `examples` names the first of the `documents`.
    """

    what: str
    count: int
    documents: int
    examples: tuple[str, ...]


@dataclass(kw_only=True)
class _Tally:
    """How often something was lost; `last` is the document that it was last counted in."""

    count: int = 0
    documents: int = 0
    last: str | None = None
    examples: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Losses:
    """Counts what a format cannot say while it is written, one document after the other."""

    tallies: defaultdict[str, _Tally] = field(default_factory=lambda: defaultdict(_Tally))

    def count(self, what: str, doc_id: str, *, number: int = 1) -> None:
        """Count that something of a document is not said; nothing happens for no number."""
        if not number:
            return
        tally = self.tallies[what]
        tally.count += number
        if tally.last != doc_id:
            tally.last = doc_id
            tally.documents += 1
            tally.examples += [doc_id] if len(tally.examples) < _NAMED else []

    def report(self) -> tuple[Lost, ...]:
        """Give what was lost, sorted by kind."""
        return tuple(
            Lost(
                what=what,
                count=tally.count,
                documents=tally.documents,
                examples=tuple(tally.examples),
            )
            for what, tally in sorted(self.tallies.items())
        )

    def merge(self, other: "Losses") -> None:
        """Count what others counted in other documents, too."""
        for what, found in other.tallies.items():
            tally = self.tallies[what]
            tally.count += found.count
            tally.documents += found.documents
            tally.examples = [*tally.examples, *found.examples][:_NAMED]

    def keep(
        self, document: Labelled, *, of_spans: Iterable[str] = (), of_document: Iterable[str] = ()
    ) -> Labelled:
        """Give the document with the named facts alone, and count the others where they stand."""
        doc_id = document.doc_id
        kept = self._kept(document, DOCUMENT_FACTS, set(of_document), doc_id)
        said = set(of_spans)
        return kept.replace(
            spans=tuple(self._kept(span, SPAN_FACTS, said, doc_id) for span in kept.spans)
        )

    def _kept(
        self, record: R, facts: Mapping[str, Mapping[str, object]], said: set[str], doc_id: str
    ) -> R:
        changes: dict[str, object] = {}
        for fact, unknown in facts.items():
            if fact not in said and any(
                getattr(record, name) != value for name, value in unknown.items()
            ):
                self.count(fact, doc_id)
                changes |= unknown
        return record.replace(**changes) if changes else record

    def link(self, document: Labelled) -> Labelled:
        """Give the document with referents that are spans of it; others are counted.

        Formats that say a referent as a relation need a span at its other end.
        """
        places = {(span.start, span.end) for span in document.spans}
        spans = []
        for span in document.spans:
            first = span.referent
            if first and (place(first) not in places or place(first) == place(span)):
                self.count("referent", document.doc_id)
                spans.append(span.replace(referent=None))
            else:
                spans.append(span)
        return document.replace(spans=tuple(spans))


def place(stretch: Ranged) -> tuple[int, int]:
    """Give start and end, to look a range up by."""
    return stretch.start, stretch.end


def answers(span: LabelledSpan) -> dict[str, str]:
    """Give all that is said of a span beside its label, its place and its referent, as text.

    Attributes stand under their own names; what stands as if nobody knew is absent.
    """
    said: dict[str, str] = dict(span.attributes)
    if span.voice != "reporter":
        said["voice"] = span.voice
    if span.confidence != 3:  # noqa: PLR2004 - 3 is sure, and the default
        said["confidence"] = str(span.confidence)
    for name in ("judgement", "span_id", "support", "annotators", "status"):
        value = getattr(span, name)
        if value is not None:
            said[name] = str(value)
    return said


def facts(document: Labelled) -> dict[str, object]:
    """Give what is known of a document beside text and spans, as JSON has it."""
    from msgspec import to_builtins

    known: dict[str, object] = to_builtins(document.replace(spans=()))
    known.pop("text")
    known.pop("spans")
    return known
