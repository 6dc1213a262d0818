"""Releases without the texts that may not be passed on, and the way back.

A release whose texts are withheld differs from the whole one in the columns that `withheld`
names, in the words of spans, and in the number that release.json gives: rows and order are
the same, so that putting the texts back gives the same bytes.
"""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from annotate.release.assemble import Rows
from annotate.release.contents import ReleasedDocument, ReleasedSpan
from annotate.release.layers import Layers
from annotate.release.writing import with_lines, writing

COLUMNS = ("text", "title")
Change = Callable[[ReleasedDocument], ReleasedDocument]
_OPEN = re.compile(
    r"\b(cc[ -]?0|cc[ -]zero|creative commons zero|cc[ -]by\b|public[ -]domain|pd[lm]?\b|odc[ -]by"
    r"|odbl|ogl|open government|apache|mit\b"
    r"|creative ?commons\.org/(licenses/by|publicdomain))",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"all rights reserved|no redistribution|not for redistribution|proprietary|confidential",
    re.IGNORECASE,
)


def may_pass_on(licence: str | None) -> bool:
    """Tell whether a text may surely be passed on; without a licence it may not."""
    return bool(licence) and all(map(_open, (licence or "").split(";")))


def forbids(licence: str | None) -> bool:
    """Tell whether a licence says that its text must not be passed on."""
    return bool(licence) and bool(_CLOSED.search(licence or ""))


def _open(licence: str) -> bool:
    return bool(_OPEN.search(licence)) and not _CLOSED.search(licence)


def without_text(document: ReleasedDocument) -> ReleasedDocument:
    """Give the row without text and title."""
    gone = tuple(name for name in COLUMNS if getattr(document, name) is not None)
    return document.replace(text=None, title=None, withheld=gone)


def rewritten(layers: Layers, folder: Path, change: Change) -> None:
    """Write a copy of a release's files in which each document is as `change` gives it.

    What is computed from texts and stays, such as the certificate, is copied.
    """
    ours = {"data/gold", "data/spans", "jsonl/gold", "jsonl/spans"}
    for path in sorted(layers.path.rglob("*")):
        name = path.relative_to(layers.path)
        if path.is_file() and name.parent.as_posix() not in ours:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)
    with writing(folder) as writer:
        for split in layers.splits:
            for batch in layers.iter_documents(split):
                documents = [change(document) for document in batch]
                home = dict.fromkeys((document.doc_id for document in documents), split)
                writer.add("gold", with_lines(documents, ReleasedDocument), home)
                rows = [Rows(document=document, annotations=()) for document in documents]
                spans = [span for row in rows for span in row.spans]
                writer.add("spans", with_lines(spans, ReleasedSpan), home)
