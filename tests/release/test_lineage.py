"""The story of a gold span: who suggested it, what annotators did, who decided."""

from annotate import taxonomy
from annotate.model import (
    AnnotatedSpan,
    GoldSpan,
    Origin,
    Span,
    Suggestion,
    Verdict,
    suggestion_id,
)
from annotate.release.contents import ReleasedAnnotation, ReleasedDocument
from annotate.release.lineage import Ground, lineage, told

TEXT = "A clerk at the weir said so, and a baker agreed."
MARKERS = taxonomy.load().tier(1)
SUGGESTED = Suggestion(
    start=0, end=19, marker="unnamed_source", doc_id="d-1", score=0.9, suggester="rules@2",
    rule="person_says",
    suggestion_id=suggestion_id(
        doc_id="d-1", start=0, end=19, marker="unnamed_source", suggester="rules@2",
        rule="person_says",
    ),
)  # fmt: skip


def gold(start: int, end: int, status: str = "consensus") -> GoldSpan:
    return GoldSpan(
        start=start, end=end, marker="unnamed_source", span_id=f"g-{start}", support=2,
        annotators=2, status="adjudicated" if status == "adjudicated" else "consensus",
    )  # fmt: skip


def document(*spans: GoldSpan) -> ReleasedDocument:
    return ReleasedDocument(
        doc_id="d-1", text=TEXT, text_sha256="0" * 64, cluster="d-1", condition="assisted",
        inclusion_probability=0.5, annotators=2, spans=spans,
    )  # fmt: skip


def read(name: str, *spans: tuple[int, int, Origin], shown: bool = True) -> ReleasedAnnotation:
    return ReleasedAnnotation(
        doc_id="d-1", annotator=name, round=1, condition="assisted", guideline_version="1.0",
        taxonomy_version="1", submitted_at="2026-01-01T00:00:00Z",
        shown=(SUGGESTED.suggestion_id,) if shown else (),
        spans=tuple(
            AnnotatedSpan(
                start=start, end=end, marker="unnamed_source", span_id=f"{name}-{start}",
                origin=origin,
            )
            for start, end, origin in spans
        ),
    )  # fmt: skip


def test_each_annotator_s_deed_is_told() -> None:
    """Kept, changed and added spans, and places left alone, each as it was."""
    people = [
        read("a1", (0, 19, "prediction")),
        read("a2", (0, 7, "prediction-changed")),
        read("a3", shown=False),
        read("a4", (2, 7, "manual"), shown=False),
    ]
    (story,) = lineage(document(gold(0, 19)), people, Ground(suggestions=(SUGGESTED,)), MARKERS)
    assert [(item.annotator, item.action, item.shown) for item in story.deeds] == [
        ("a1", "kept", True), ("a2", "changed", True), ("a3", "left", False), ("a4", "added", False)
    ]  # fmt: skip
    assert [(item.rule, item.start, item.end) for item in story.proposals] == [
        ("person_says", 0, 19)
    ]
    assert (story.outcome, story.derivation) == (None, "sourcing@1")
    assert told(story, TEXT[0:19]) == [
        "g-0: unnamed_source “A clerk at the weir” at 0 to 19 of d-1",
        "rules@2 suggested 0 to 19 by person_says, score 0.90",
        "a1 kept the suggestion 0 to 19",
        "a2 changed the suggestion to 0 to 7",
        "a3 did not mark it, and saw no suggestion",
        "a4 marked 2 to 7",
        "2 of 2 annotators agree: consensus",
        "guideline 1.0; taxonomy 1",
    ]


def test_the_verdict_behind_a_span_is_the_latest_that_has_it() -> None:
    """An adjudicated span names what was decided, why and when."""

    def verdict(day: str, start: int) -> Verdict:
        return Verdict(
            verdict_id=day, doc_id="d-1", text_sha256="0" * 64, marker="unnamed_source",
            start=start, end=start + 7, ground="c-1", outcome="modified", reason="boundary",
            spans=(Span(start=start, end=start + 7, marker="unnamed_source"),),
            adjudicator="dana", guideline_version="1.0", taxonomy_version="1", decided_at=day,
        )  # fmt: skip

    ground = Ground(verdicts=(verdict("2026-01-02", 0), verdict("2026-01-03", 0),
                              verdict("2026-01-09", 33)))  # fmt: skip
    (story,) = lineage(document(gold(0, 19, "adjudicated")), [read("a1")], ground, MARKERS)
    assert (story.outcome, story.reason, story.decided_at) == ("modified", "boundary", "2026-01-03")
    lines = told(story, "A clerk")
    assert "no rule or model suggested it" in lines
    assert "the adjudicator modified it on 2026-01-03, because boundary" in lines
