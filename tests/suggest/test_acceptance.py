"""Acceptance: what became of the suggestions that were shown."""

from annotate.model import AnnotatedSpan, Annotation, Origin
from annotate.suggest.acceptance import Acceptance, Accepted, acceptance

RULE = "unnamed_source/source_speaks"


def span(suggestion_id: str | None, origin: Origin) -> AnnotatedSpan:
    return AnnotatedSpan(
        start=0,
        end=4,
        marker="unnamed_source",
        span_id=f"r-{suggestion_id}-{origin}",
        origin=origin,
        suggestion_id=suggestion_id,
    )


def annotation(*spans: AnnotatedSpan, month: str = "2026-03", skipped: bool = False) -> Annotation:
    return Annotation(
        annotation_id="n",
        assignment_id="a",
        doc_id="d",
        text_sha256="",
        annotator="ana",
        round=1,
        condition="assisted",
        guideline_version="1.0",
        taxonomy_version="1",
        submitted_at=f"{month}-04T10:00:00Z",
        skipped=skipped,
        spans=spans,
        shown=("s1", "s2", "s3"),
    )


def test_what_was_shown_is_kept_changed_or_deleted() -> None:
    """A span of the annotator's own changes nothing, and a skipped document says nothing."""
    found = acceptance(
        [
            annotation(span("s1", "prediction"), span("s2", "prediction-changed")),
            annotation(span(None, "manual"), skipped=True),
            annotation(span("s1", "prediction"), span(None, "manual"), month="2026-02"),
        ],
        dict.fromkeys(("s1", "s2", "s3"), RULE),
    )
    assert found == Accepted(
        rules={
            RULE: (
                Acceptance(month="2026-02", guideline_version="1.0", kept=1, deleted=2),
                Acceptance(month="2026-03", guideline_version="1.0", kept=1, changed=1, deleted=1),
            )
        },
        unknown=0,
    )
    assert [each.shown for each in found.rules[RULE]] == [3, 3]


def test_suggestions_of_rules_that_are_gone_are_counted() -> None:
    """An id that nobody knows is no rule's."""
    assert acceptance([annotation()], {}) == Accepted(rules={}, unknown=3)
