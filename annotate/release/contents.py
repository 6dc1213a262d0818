"""What a release holds, row by row; Parquet, JSONL and the reader share these types."""

from annotate.errors import InvalidFile
from annotate.model import (
    AnnotatedSpan,
    Condition,
    GoldSpan,
    OpenSpan,
    Range,
    Record,
    Unit,
    ZoneKind,
)

FORMAT = 1
LEFT_OUT = "left_out"


class ReleasedZone(Range, frozen=True, kw_only=True):
    """A range of the document that is title, body or boilerplate."""

    zone: ZoneKind


class Texted(Record, frozen=True, kw_only=True):
    """What has a document's text, unless that is withheld."""

    doc_id: str
    text: str | None

    @property
    def full_text(self) -> str:
        """Give the text; raises InvalidFile where it is withheld."""
        if self.text is None:
            raise InvalidFile(
                f"the text of document {self.doc_id} is withheld",
                hint="Put texts back with `annotate rehydrate`",
            )
        return self.text


class ReleasedText(Texted, frozen=True, kw_only=True):
    """The columns of a row of the gold layer that its words stand in."""

    zones: tuple[ReleasedZone, ...] = ()


class ReleasedDocument(Texted, frozen=True, kw_only=True):
    """One row of the gold layer.

    `cluster_publishers` are those of all its near-duplicates, in the release or not, and its
    own. `published` is the earliest date of its appearances that could be read, as YYYY-MM-DD;
    `cluster` names its near-duplicates; `inclusion_probability` is the chance with which it
    was drawn into its condition; `annotators` is how many read it independently; `open`
    lists what is not settled. `withheld` names the columns that its licence keeps out:
    `annotate rehydrate` puts them back.
    """

    text_sha256: str
    canonicaliser: str | None = None
    withheld: tuple[str, ...] = ()
    title: str | None = None
    language: str | None = None
    publishers: tuple[str, ...] = ()
    cluster_publishers: tuple[str, ...] = ()
    published: str | None = None
    url: str | None = None
    licence: str | None = None
    cluster: str
    condition: Condition
    inclusion_probability: Unit
    annotators: int
    document_attributes: dict[str, str] = {}
    zones: tuple[ReleasedZone, ...] = ()
    spans: tuple[GoldSpan, ...] = ()
    open: tuple[OpenSpan, ...] = ()


class ReleasedAnnotation(Record, frozen=True, kw_only=True):
    """One row of the annotations layer, the empty and the skipped ones too.

    `annotator` is a pseudonym. Ids that are computed from a person's name stay out.
    """

    doc_id: str
    annotator: str
    round: int
    condition: Condition
    guideline_version: str
    taxonomy_version: str
    submitted_at: str
    lead_time_s: float | None = None
    skipped: bool = False
    spans: tuple[AnnotatedSpan, ...] = ()
    document_attributes: dict[str, str] = {}
    shown: tuple[str, ...] = ()


class ReleasedSpan(GoldSpan, frozen=True, kw_only=True):
    """One row of the spans layer: a gold span with its document and its words.

    The words are null where the document's text is withheld.
    """

    doc_id: str
    text: str | None


class Summary(Record, frozen=True, kw_only=True):
    """What `release.json` says: versions and counts, for programs."""

    format: int = FORMAT
    version: str
    taxonomy_version: str
    guideline_versions: tuple[str, ...]
    derivations: dict[str, int]
    markers: tuple[str, ...]
    splits: dict[str, int]
    left_out: dict[str, int]
    not_written: dict[str, str]
    spans: dict[str, int]
    open: int
    annotations: int
    annotators: int
    leaks: tuple[str, ...] = ()
    masked: int = 0
    withheld: int = 0
