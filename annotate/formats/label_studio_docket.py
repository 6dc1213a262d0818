"""Dockets in Label Studio's JSON: a docket becomes a task with the union of its spans as regions.

A region's id is its case's id, so that what comes back says which case it decides. Offsets
are code points of the document's text, end-exclusive. Reading what an adjudicator submitted
stands in `label_studio_decided`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from annotate.docket import WAITING, Case, CaseStatus, Docket
from annotate.formats.label_studio import TEXT, Payload, region_items, span_problem
from annotate.model import Outcome, Record, Span
from annotate.taxonomy import Taxonomy

VERDICT, UNLESS, REASON, NOTE = "verdict", "unless", "reason", "note"
SUPPORT, WHOLE = "support", "whole"
OF_VERDICTS = (VERDICT, UNLESS, REASON, NOTE, SUPPORT, WHOLE)
ACCEPT, REJECT, AMBIGUOUS = "accept", "reject", "ambiguous"
ALL_REJECTED = "document rejected"
MODEL_VERSION = "cases"

_AGAINST: dict[Outcome | None, str] = {"rejected": REJECT, "ambiguous": AMBIGUOUS}


class ShownCase(Record, frozen=True, kw_only=True):
    """A case as it was pushed; its regions are named `case_id`, `case_id+1` and so on."""

    case_id: str
    status: CaseStatus
    before: Outcome | None = None
    spans: tuple[Span, ...]

    @property
    def regions(self) -> dict[str, Span]:
        """Give the case's spans by the ids of their regions."""
        return {
            f"{self.case_id}+{number}" if number else self.case_id: span
            for number, span in enumerate(self.spans)
        }


class DocketIdentity(Record, frozen=True, kw_only=True):
    """Whose docket a task is: travels with the task, so that the server alone can tell."""

    doc_id: str
    text_sha256: str
    ground: str
    project: str
    adjudicator: str
    guideline_version: str
    taxonomy_version: str
    cases: tuple[ShownCase, ...]


def docket_problem(docket: Docket, taxonomy: Taxonomy) -> str | None:
    """Say what the text or the taxonomy does not allow in a docket; None when all fits."""
    for case in docket.cases:
        for span in (case.proposed, *case.also):
            problem = span_problem(span, text=docket.text, taxonomy=taxonomy)
            if problem:
                return f"case {case.case_id}: {problem}"
    return None


def docket_payload(
    docket: Docket, *, taxonomy: Taxonomy, project: str, adjudicator: str, guide: str
) -> Payload:
    """Give the docket's task, the cases that wait first.

    What waits has no verdict yet; what is agreed stands accepted, and what is decided has
    its outcome. Raises ValueError for a span behind the end of the text.
    """
    cases = sorted(docket.cases, key=lambda case: case.status not in WAITING)
    shown = [_shown(case) for case in cases]
    result = [
        item
        for case, as_shown in zip(cases, shown, strict=True)
        for region, span in as_shown.regions.items()
        for item in _region(case, span, region_id=region, text=docket.text)
    ]
    return {
        "data": {
            "text": docket.text,
            "guide": guide,
            "doc_id": docket.doc_id,
            "text_sha256": docket.text_sha256,
            "ground": docket.ground,
        },
        "meta": {
            "project": project,
            "adjudicator": adjudicator,
            "guideline_version": taxonomy.frame.guideline_version,
            "taxonomy_version": taxonomy.version,
            "cases": msgspec.to_builtins(shown),
        },
        "predictions": [{"model_version": MODEL_VERSION, "score": 1.0, "result": result}],
    }


def _shown(case: Case) -> ShownCase:
    spans = (case.proposed, *case.also)
    return ShownCase(case_id=case.case_id, status=case.status, before=case.before, spans=spans)


def _region(case: Case, span: Span, *, region_id: str, text: str) -> Iterator[Payload]:
    yield from region_items(span, region_id=region_id, text=text, more={})
    place = {"start": span.start, "end": span.end}
    told = f"{case.support} · {case.why}" if case.why else case.support
    answers = [(SUPPORT, "textarea", "text", told)]
    if case.status not in WAITING:
        answers.append((VERDICT, "choices", "choices", ACCEPT))
        if case.before in _AGAINST:
            answers.append((UNLESS, "choices", "choices", _AGAINST[case.before]))
    for name, kind, key, value in answers:
        item: Payload = {"id": region_id, "from_name": name, "to_name": TEXT, "type": kind}
        yield {**item, "value": {**place, key: [value]}}


def read_docket_identity(task: Mapping[str, Any]) -> DocketIdentity:
    """Give the identity that a task carries.

    Raises ValueError with the reason when it carries none, or one that does not hold.
    """
    data, meta = task.get("data") or {}, task.get("meta") or {}
    told = {name: data.get(name) for name in ("doc_id", "text_sha256", "ground")}
    told |= {name: meta.get(name) for name in DocketIdentity.__struct_fields__ if name not in told}
    try:
        return msgspec.convert(told, DocketIdentity)
    except (TypeError, msgspec.ValidationError) as error:
        message = f"the task does not say which docket it is: {error}"
        raise ValueError(message) from error
