"""W3C Web Annotations: a page of annotations in JSON-LD beside each text.

An annotation's target selects by position and by quotation. Positions count code points,
end-exclusive, as the recommendation says. A span's marker is a tag, what else is said of it
describes it as `name: value`, and a referent is a link. A page of annotations has no place
for what is known of the document itself. Reading stands in `w3c_read`.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from annotate.formats.labelled import (
    SPAN_FACTS,
    Labelled,
    LabelledSpan,
    Losses,
    Put,
    answers,
)
from annotate.spans import Ranged

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_AROUND = 32  # characters of a quotation's prefix and suffix


def write(documents: Iterable[Labelled], *, name: str, put: Put) -> Losses:
    """Write a folder with a text and a page of annotations for each document.

    Gives what could not be said.
    """
    losses = Losses()
    for given in documents:
        item = losses.keep(given, of_spans=SPAN_FACTS)
        page = {
            "@context": CONTEXT,
            "id": f"urn:annotate:{item.doc_id}",
            "type": "AnnotationPage",
            "items": [
                _annotation(item, span, number) for number, span in enumerate(item.spans, start=1)
            ],
        }
        put(f"{name}/{item.doc_id}.txt", item.text.encode())
        content = msgspec.json.format(msgspec.json.encode(page), indent=1)
        put(f"{name}/{item.doc_id}.jsonld", content + b"\n")
    return losses


def _annotation(item: Labelled, span: LabelledSpan, number: int) -> dict[str, Any]:
    said = [
        {"type": "TextualBody", "purpose": "describing", "value": f"{name}: {value}"}
        for name, value in sorted(answers(span).items())
    ]
    tag = {"type": "TextualBody", "purpose": "tagging", "value": span.marker}
    bodies: list[dict[str, Any]] = [tag, *said]
    if span.referent:
        link = {"type": "SpecificResource", "purpose": "linking"}
        bodies.append({**link, **_selected(item, span.referent)})
    return {
        "id": f"urn:annotate:{item.doc_id}:{number}",
        "type": "Annotation",
        "motivation": "tagging",
        "body": bodies,
        "target": _selected(item, span),
    }


def _selected(item: Labelled, stretch: Ranged) -> dict[str, Any]:
    text, start, end = item.text, stretch.start, stretch.end
    return {
        "source": f"{item.doc_id}.txt",
        "selector": [
            {"type": "TextPositionSelector", "start": start, "end": end},
            {
                "type": "TextQuoteSelector",
                "exact": text[start:end],
                "prefix": text[max(0, start - _AROUND) : start],
                "suffix": text[end : end + _AROUND],
            },
        ],
    }
