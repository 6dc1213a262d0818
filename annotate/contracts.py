"""The public contract: JSON Schema 2020-12 exported from the types.

`python -m annotate.contracts FOLDER` writes the files that `schemas/` checks in.
"""

import sys
from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec

from annotate import model, taxonomy
from annotate.config import Config
from annotate.docket import Decided, Docket
from annotate.marker import Marker
from annotate.migration import Migration
from annotate.model import Record
from annotate.workspace import Manifest

DRAFT = "https://json-schema.org/draft/2020-12/schema"

EXPORTED: dict[str, type[Record]] = {
    "annotation": model.Annotation,
    "appearance": model.Appearance,
    "assignment": model.Assignment,
    "config": Config,
    "decided": Decided,
    "derivation": taxonomy.Derivation,
    "docket": Docket,
    "document": model.Document,
    "duplicate": model.Duplicate,
    "gold_span": model.GoldSpan,
    "manifest": Manifest,
    "marker": Marker,
    "migration": Migration,
    "open_span": model.OpenSpan,
    "reject": model.Reject,
    "suggestion": model.Suggestion,
    "taxonomy": taxonomy.Frame,
    "tombstone": model.Tombstone,
    "verdict": model.Verdict,
    "zone": model.Zone,
}


def exported() -> dict[str, bytes]:
    """Give each schema file's name and bytes; the same types give the same bytes."""
    return {f"{name}.schema.json": _schema(record) for name, record in EXPORTED.items()}


def _schema(record: type[Record]) -> bytes:
    schema = {"$schema": DRAFT, **_cleaned(msgspec.json.schema(record))}
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=1) + b"\n"


def _cleaned(value: Any) -> Any:
    """Give a schema whose descriptions are the same on every Python: 3.13 dedents docstrings."""
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: cleandoc(item) if key == "description" and isinstance(item, str) else _cleaned(item)
        for key, item in value.items()
    }


def write(folder: Path) -> None:
    """Write every schema file into the folder."""
    for name, content in exported().items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
