"""Which records a workspace stores, and the names of their tables."""

from annotate.model import (
    Annotation,
    Appearance,
    Assignment,
    Document,
    Duplicate,
    Record,
    Suggestion,
    Tombstone,
    Verdict,
    Zone,
)

TABLES: dict[type[Record], str] = {
    Document: "documents",
    Suggestion: "suggestions",
    Annotation: "annotations",
    Appearance: "appearances",
    Zone: "zones",
    Duplicate: "duplicates",
    Assignment: "assignments",
    Verdict: "verdicts",
    Tombstone: "tombstones",
}
