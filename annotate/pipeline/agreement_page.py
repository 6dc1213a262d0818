"""The agreement report as a page."""

from pathlib import Path
from typing import Any

import msgspec

from annotate.files import explained, write_atomically
from annotate.pipeline.agreement import AgreementResult
from annotate.pipeline.agreement_metrics import UNASKED
from annotate.report.agreement import render_agreement
from annotate.workspace import Workspace


def agreement_page(workspace: Workspace, result: AgreementResult, path: Path) -> None:
    """Write what was measured as one HTML page with plots, which needs nothing from outside.

    Raises NotWritable where the folder takes no file.
    """
    colours = {marker.marker: marker.colour for marker in workspace.taxonomy.markers}
    page = render_agreement(_asked(result), project=workspace.config.project.name, colours=colours)
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, page.encode())


def _asked(result: AgreementResult) -> dict[str, Any]:
    """Give the result's JSON without the values of gamma that nobody asked for."""
    told: dict[str, Any] = msgspec.to_builtins(result)
    for part in (told, told["assisted"]):
        for values in (part["overall"], *part["markers"].values(), *part["pairs"].values()):
            if values["gamma"]["reason"] == UNASKED:
                del values["gamma"]
    return told
