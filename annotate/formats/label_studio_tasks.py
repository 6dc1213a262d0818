"""Label Studio's JSON for an import: one task for each document, with its spans as an annotation.

Voice, confidence and attributes are choices on a region, a referent is a relation, answers
about the document are choices on the task. What Label Studio has no control for stands in the
task's `data` (of the document) and `meta` (of its regions), and comes back in an export.
Offsets are code points, end-exclusive. Reading stands in `label_studio_export`.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from annotate.formats.label_studio import GUIDE, MARKER, annotation_payload
from annotate.formats.labelled import (
    DOCUMENT_FACTS,
    SPAN_FACTS,
    Labelled,
    Losses,
    Put,
    answers,
    facts,
)

PERSON = "gold"
_CONTROLS = {"voice", "confidence"}


def write(documents: Iterable[Labelled], *, name: str, put: Put) -> Losses:
    """Write one file, as the server's import takes it; give what could not be said."""
    losses, path = Losses(), f"{name}.json"
    put(path, b"[")
    for number, item in enumerate(documents):
        comma = b",\n" if number else b"\n"
        put(path, comma + msgspec.json.encode(_task(losses, item)))
    put(path, b"\n]\n")
    return losses


def _task(losses: Losses, given: Labelled) -> dict[str, Any]:
    kept = losses.keep(given, of_spans=SPAN_FACTS, of_document=DOCUMENT_FACTS)
    item = losses.link(kept)
    payload = annotation_payload(
        item.spans, text=item.text, document_attributes=item.document_attributes
    )
    regions = [it["id"] for it in payload["result"] if it.get("from_name") == MARKER]
    aside = {}
    for region, span in zip(regions, item.spans, strict=True):
        known = answers(span)
        said = {it: known[it] for it in known.keys() - _CONTROLS - span.attributes.keys()}
        if said:
            aside[region] = dict(sorted(said.items()))
    return {
        "data": {"text": item.text, GUIDE: "", **facts(item)},
        "annotations": [{"result": payload["result"], "was_cancelled": False}],
        "meta": {"annotator": PERSON, "spans": aside},
    }
