"""Our own JSON lines: one document a line, whole; nothing is lost.

What is read may be plainer: a `text` and `spans`, each with `start`, `end` and `label`.
Offsets are code points, end-exclusive.
"""

from collections.abc import Iterable, Mapping

import msgspec

from annotate.formats import json_lines
from annotate.formats.foreign import Export
from annotate.formats.labelled import Labelled, Losses, Put


def write(documents: Iterable[Labelled], *, name: str, put: Put) -> Losses:
    """Write one file with a line for each document; give what was lost: nothing."""
    path = f"{name}.jsonl"
    put(path, b"")
    for item in documents:
        put(path, msgspec.json.encode(item) + b"\n")
    return Losses()


def read(files: Mapping[str, bytes], *, person: str) -> Export:
    """Give the lines as tasks of a person; a line without `spans` is an article alone."""
    return json_lines.read(files, person=person, lists=("spans", "labels", "label"))
