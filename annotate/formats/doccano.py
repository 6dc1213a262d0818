"""doccano's JSON lines for sequence labelling: a text and `label`, lists of start, end and label.

Offsets are code points, end-exclusive. Further keys are what doccano calls metadata: it keeps
them. It has no place for what is said of a span beside its label.
"""

from collections.abc import Iterable, Mapping

import msgspec

from annotate.formats import json_lines
from annotate.formats.foreign import Export
from annotate.formats.labelled import DOCUMENT_FACTS, Labelled, Losses, Put, facts


def write(documents: Iterable[Labelled], *, name: str, put: Put) -> Losses:
    """Write one file with a line for each document; give what could not be said."""
    losses, path = Losses(), f"{name}.jsonl"
    put(path, b"")
    for number, given in enumerate(documents, start=1):
        item = losses.keep(given, of_document=DOCUMENT_FACTS)
        row = {
            "id": number,
            "text": item.text,
            "label": [[span.start, span.end, span.marker] for span in item.spans],
            **facts(item),
        }
        put(path, msgspec.json.encode(row) + b"\n")
    return losses


def read(files: Mapping[str, bytes], *, person: str) -> Export:
    """Give the lines as tasks; those of a project with relations have `entities`."""
    return json_lines.read(files, person=person, lists=("label", "labels", "entities", "spans"))
