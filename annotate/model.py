"""The types that every stage shares: frozen, keyword-only, closed to unknown fields.

Offsets are Unicode code points of `Document.text`, end-exclusive, everywhere.
"""

from hashlib import sha256
from typing import Annotated, Literal, Self

import msgspec

Voice = Literal["reporter", "quoted_source", "headline"]
Confidence = Literal[1, 2, 3]
Condition = Literal["assisted", "blind", "test"]
AssignmentKind = Literal["label", "repeat", "check"]
Origin = Literal["prediction", "prediction-changed", "manual"]
ZoneKind = Literal["title", "body", "boilerplate"]
Outcome = Literal["accepted", "modified", "rejected", "ambiguous"]
Reason = Literal["missed", "guideline_gap", "genuine_ambiguity", "boundary", "slip"]
Offset = Annotated[int, msgspec.Meta(ge=0)]
Unit = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
FOREIGN = "foreign"  # the taxonomy version of labels that are not of ours


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every type that is stored or exchanged."""

    def replace(self, **changes: object) -> Self:
        """Give a copy with the named fields changed."""
        return msgspec.structs.replace(self, **changes)


class Range(Record, frozen=True, kw_only=True, order=True):
    """A stretch of text: `[start, end)` in code points, never empty."""

    start: Offset
    end: Offset

    def __post_init__(self) -> None:
        """Refuse an empty or reversed range."""
        if self.end <= self.start:
            message = f"end {self.end} is not after start {self.start}"
            raise ValueError(message)


class Document(Record, frozen=True, kw_only=True):
    """An article's canonical text, immutable; the same text is the same document."""

    doc_id: str
    text: str
    text_sha256: str
    title: str | None = None
    language: str | None = None
    canonicaliser: str


class Appearance(Record, frozen=True, kw_only=True):
    """One place where a document appeared; `source` is where it was ingested from."""

    doc_id: str
    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    url: str | None = None
    licence: str | None = None
    source: str


class Zone(Range, frozen=True, kw_only=True):
    """A range of a document that is title, body or boilerplate."""

    doc_id: str
    zone: ZoneKind


class Duplicate(Record, frozen=True, kw_only=True):
    """A document's near-duplicate cluster, named by the cluster's least `doc_id`."""

    doc_id: str
    cluster: str


class Span(Range, frozen=True, kw_only=True):
    """A marker on a range, with what is observed of it and what is derived from that.

    `attributes` holds values as strings; an attribute that is not known is absent.
    `judgement` is null while an input of its rule is unknown. `referent` is the range
    of the first mention, for a re-mention of a source.
    """

    marker: str
    voice: Voice = "reporter"
    confidence: Confidence = 3
    attributes: dict[str, str] = {}
    judgement: str | None = None
    referent: Range | None = None


class Suggestion(Span, frozen=True, kw_only=True):
    """A span that a suggester proposes; `score` is its estimated precision, 0 to 1."""

    suggestion_id: str
    doc_id: str
    score: Unit
    suggester: str
    rule: str


class Assignment(Record, frozen=True, kw_only=True):
    """One document to one annotator in one round."""

    assignment_id: str
    doc_id: str
    annotator: str
    round: Annotated[int, msgspec.Meta(ge=1)]
    condition: Condition
    kind: AssignmentKind = "label"


class AnnotatedSpan(Span, frozen=True, kw_only=True):
    """A span as one annotator submitted it; `span_id` is stable across pulls.

    `suggestion_id` names the suggestion that the span came from, changed or not.
    """

    span_id: str
    origin: Origin
    suggestion_id: str | None = None


class Annotation(Record, frozen=True, kw_only=True):
    """What one annotator submitted for one assignment; no spans is a statement too.

    `shown` holds the ids of the suggestions that the annotator saw.
    `document_attributes` holds document-level answers such as `response_sought`.
    `taxonomy_version` is `FOREIGN` where labels of another label set were imported.
    """

    annotation_id: str
    assignment_id: str
    doc_id: str
    text_sha256: str
    annotator: str
    round: Annotated[int, msgspec.Meta(ge=1)]
    condition: Condition
    guideline_version: str
    taxonomy_version: str
    submitted_at: str
    lead_time_s: float | None = None
    skipped: bool = False
    spans: tuple[AnnotatedSpan, ...] = ()
    document_attributes: dict[str, str] = {}
    shown: tuple[str, ...] = ()

    @property
    def foreign(self) -> bool:
        """Tell whether it was imported with labels of somebody else's label set."""
        return self.taxonomy_version == FOREIGN


class GoldSpan(Span, frozen=True, kw_only=True):
    """The outcome for a cluster of spans.

    `support` of `annotators` marked it; `status` says how it came about: `consensus`
    (two or more agree), `single` (one annotator read the document) or `adjudicated`.
    `members` are the `span_id`s behind it.
    """

    span_id: str
    support: int
    annotators: int
    status: Literal["consensus", "single", "adjudicated"]
    members: tuple[str, ...] = ()


class OpenSpan(Range, frozen=True, kw_only=True):
    """A cluster that is not settled: only some marked it, or they differ on it."""

    doc_id: str
    marker: str
    support: int
    annotators: int
    reason: str
    members: tuple[str, ...] = ()


class Verdict(Record, frozen=True, kw_only=True):
    """What an adjudicator decided about one cluster, or about a document as a whole.

    `marker`, `start` and `end` say where the cluster stood: all that its annotators marked;
    they are null for a whole document. `ground` is a hash of what they marked: while it is
    another one, the verdict still stands and is stale. `spans` are what is gold by it, none
    where it is rejected or ambiguous. A whole document is `rejected`, nothing of it stands,
    or `accepted`: it was read to its end, and `document_attributes` are its answers.
    """

    verdict_id: str
    doc_id: str
    text_sha256: str
    marker: str | None = None
    start: Offset | None = None
    end: Offset | None = None
    ground: str
    outcome: Outcome
    reason: Reason | None = None
    note: str | None = None
    spans: tuple[Span, ...] = ()
    document_attributes: dict[str, str] = {}
    adjudicator: str
    guideline_version: str
    taxonomy_version: str
    decided_at: str

    @property
    def extent(self) -> Range | None:
        """Give where the cluster stood; None for a whole document."""
        if self.start is None or self.end is None:
            return None
        return Range(start=self.start, end=self.end)

    @property
    def blameless(self) -> bool:
        """Tell whether both readings hold, so that it counts against no annotator."""
        return self.outcome == "ambiguous" or self.reason == "genuine_ambiguity"


class Tombstone(Record, frozen=True, kw_only=True):
    """A document that was taken out for good: it does not come in again."""

    doc_id: str
    text_sha256: str
    reason: str
    forgotten_at: str


class Reject(Record, frozen=True, kw_only=True):
    """Something that did not go through: where it stood and why it was refused."""

    place: str
    reason: str


def document_id(text: str) -> str:
    """Give the id of a canonical text: `d-` and 16 hex digits of its sha256."""
    return "d-" + text_sha256(text)[:16]


def text_sha256(text: str) -> str:
    """Give the sha256 of the text's UTF-8 bytes as 64 hex digits.

    Raises UnicodeEncodeError for lone surrogates, which canonical text never has.
    """
    return sha256(text.encode("utf-8")).hexdigest()


def hashed_id(prefix: str, *parts: object) -> str:
    """Give `prefix-` and 16 hex digits that depend on every part and its place."""
    joined = "\x1f".join(str(part) for part in parts)
    return f"{prefix}-{sha256(joined.encode('utf-8')).hexdigest()[:16]}"


def assignment_id(*, doc_id: str, annotator: str, round: int, kind: str = "label") -> str:  # noqa: A002
    """Give the id of an assignment: a hash of document, annotator and round."""
    return hashed_id("a", doc_id, annotator, round, kind)


def suggestion_id(  # noqa: PLR0913
    *, doc_id: str, start: int, end: int, marker: str, suggester: str, rule: str
) -> str:
    """Give the id of a suggestion: the same proposal has the same id in every run."""
    return hashed_id("s", doc_id, start, end, marker, suggester, rule)
