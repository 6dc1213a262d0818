"""One invented text, people who mark it, and adjudicators who decide."""

from collections.abc import Mapping
from types import SimpleNamespace

import pytest

from annotate import taxonomy
from annotate.adjudicate.queue import Dossier
from annotate.docket import Decided, Decision, Docket
from annotate.model import (
    AnnotatedSpan,
    Annotation,
    Condition,
    Document,
    Outcome,
    Span,
    Verdict,
    document_id,
    text_sha256,
)

TEXT = (
    "Two clerks at the harbour office said the ledger was gone. Critics claimed a cover-up. "
    "The clerks asked not to be named. Mayor Ilse Brandt denied it, and the ferry sailed."
)
MARKERS = taxonomy.load().tier(1)
INPUTS = {
    "specificity": "2",
    "reason_for_anonymity": "none",
    "basis_of_knowledge": "unstated",
    "corroboration": "none",
}
KNOWN = {
    **INPUTS,
    "identity_form": "role_only",
    "interest": "unstated",
    "claim_stakes": "low",
}
EARLY, LATE = "2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z"


def document(text: str = TEXT) -> Document:
    return Document(
        doc_id=document_id(text), text=text, text_sha256=text_sha256(text), canonicaliser="1"
    )


def marked(
    words: str,
    marker: str = "unnamed_source",
    attributes: Mapping[str, str] = KNOWN,
    *,
    text: str = TEXT,
) -> AnnotatedSpan:
    start = text.index(words)
    return AnnotatedSpan(
        start=start,
        end=start + len(words),
        marker=marker,
        attributes=dict(attributes) if marker == "unnamed_source" else {},
        span_id=f"{start}-{len(words)}-{marker}",
        origin="manual",
    )


def by(person: str, *spans: AnnotatedSpan, skipped: bool = False, text: str = TEXT) -> Annotation:
    return Annotation(
        annotation_id=f"{person}-{document_id(text)}",
        assignment_id=f"{person}-{document_id(text)}",
        doc_id=document_id(text),
        text_sha256=text_sha256(text),
        annotator=person,
        round=1,
        condition="blind",
        guideline_version="1.0",
        taxonomy_version="1",
        submitted_at="2026-02-03T10:00:00Z",
        skipped=skipped,
        spans=spans,
    )


def dossier(
    *annotations: Annotation,
    verdicts: tuple[Verdict, ...] = (),
    condition: Condition = "blind",
    text: str = TEXT,
) -> Dossier:
    return Dossier(
        document=document(text), annotations=annotations, verdicts=verdicts, condition=condition
    )


def submitted(
    docket: Docket,
    *decisions: Decision,
    whole: Outcome | None = None,
    at: str = EARLY,
    by: str = "dana",
) -> Decided:
    return Decided(
        doc_id=docket.doc_id,
        text_sha256=docket.text_sha256,
        ground=docket.ground,
        adjudicator=by,
        decided_at=at,
        guideline_version="1.0",
        taxonomy_version="1",
        whole=whole,
        decisions=decisions,
    )


def filled(span: Span) -> Span:
    """Give the span with what its annotators are divided on decided somehow."""
    missing = KNOWN if span.marker == "unnamed_source" else {}
    return span.replace(attributes={**missing, **span.attributes})


def as_proposed(docket: Docket, *, at: str = EARLY) -> Decided:
    """Accept every case as it is proposed."""
    return submitted(
        docket,
        *(
            Decision(case_id=case.case_id, outcome="accepted", spans=(filled(case.proposed),))
            for case in docket.cases
        ),
        at=at,
    )


@pytest.fixture(scope="session")
def desk() -> SimpleNamespace:
    """Give what the tests of this folder build with."""
    return SimpleNamespace(
        TEXT=TEXT,
        MARKERS=MARKERS,
        KNOWN=KNOWN,
        EARLY=EARLY,
        LATE=LATE,
        document=document,
        marked=marked,
        by=by,
        dossier=dossier,
        submitted=submitted,
        filled=filled,
        as_proposed=as_proposed,
    )
