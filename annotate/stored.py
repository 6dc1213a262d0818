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
    Appearance: "appearances",
    Zone: "zones",
    Duplicate: "duplicates",
    Assignment: "assignments",
    Verdict: "verdicts",
    Annotation: "annotations",
    Suggestion: "suggestions",
    Tombstone: "tombstones",
}
"""Documents first: `annotate forget` empties tables from the end, and may be cut."""
