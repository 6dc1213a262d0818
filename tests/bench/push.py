"""How fast push is beside a bare import of the same tasks, on a real server.

Run by name: `python tests/bench/push.py [DOCUMENTS]`. Five interleaved pairs: push reads
the tables, checks, sends and counts; the bare import sends tasks that are ready made.
Prints the ratio of the rates with the spread, and ends with 1 under 90%.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from annotate.formats.label_studio import task_payload
from annotate.model import (
    Assignment,
    Document,
    Suggestion,
    assignment_id,
    document_id,
    suggestion_id,
    text_sha256,
)
from annotate.pipeline.push import push
from annotate.pipeline.studio import connect, studio_start, studio_stop
from annotate.studio import projects
from annotate.studio.client import Client
from annotate.studio.label_config import guide_panel
from annotate.studio.projects import Desk
from annotate.workspace import BATCH, Workspace

LIMIT = 0.9
PAIRS = 5
SENTENCE = "A senior official in the harbour office said that the fees would rise in spring. "
SOURCE = "A senior official in the harbour office"


def fill(workspace: Workspace, number: int) -> None:
    """Give the workspace documents of 3,000 characters, half of them with 8 suggestions."""
    texts = [f"Text {index}. " + SENTENCE * 36 for index in range(number)]
    documents = [
        Document(
            doc_id=document_id(text),
            text=text,
            text_sha256=text_sha256(text),
            canonicaliser="bench@1",
        )
        for text in texts
    ]
    for first in range(0, number, BATCH):
        part = documents[first : first + BATCH]
        workspace.append(Document, part)
        workspace.append(Suggestion, [item for each in part[::2] for item in suggestions(each)])
    workspace.write(
        Assignment,
        [
            Assignment(
                assignment_id=assignment_id(doc_id=item.doc_id, annotator="ana", round=1),
                doc_id=item.doc_id,
                annotator="ana",
                round=1,
                condition="blind" if index % 2 else "assisted",
            )
            for index, item in enumerate(documents)
        ],
    )


def suggestions(document: Document) -> list[Suggestion]:
    """Give eight suggestions with an answer each."""
    found, start = [], 0
    for _ in range(8):
        start = document.text.index(SOURCE, start + 1)
        place = {"start": start, "end": start + len(SOURCE), "marker": "unnamed_source"}
        origin = {"doc_id": document.doc_id, "suggester": "bench@1", "rule": "bench"}
        found.append(
            Suggestion(
                suggestion_id=suggestion_id(**place, **origin),
                score=0.8,
                attributes={"specificity": "3"},
                **place,
                **origin,
            )
        )
    return found


def ready_made(workspace: Workspace) -> list[dict[str, object]]:
    """Give all tasks as push would send them."""
    shown: dict[str, list[Suggestion]] = {}
    for item in workspace.rows(Suggestion):
        shown.setdefault(item.doc_id, []).append(item)
    guide = guide_panel(workspace.taxonomy)
    assigned = {item.doc_id: item for item in workspace.rows(Assignment)}
    return [
        task_payload(
            document,
            assigned[document.doc_id],
            taxonomy=workspace.taxonomy,
            project="bare",
            guide=guide,
            suggestions=shown.get(document.doc_id, ()),
        )
        for document in workspace.rows(Document)
    ]


def bare(client: Client, workspace: Workspace, tasks: list[dict[str, object]]) -> float:
    """Give the seconds of a bare import into a new project, which is deleted again."""
    made = projects.create(
        client, name="bare", desk=Desk(annotator="ana", round=1), taxonomy=workspace.taxonomy
    )
    began = time.perf_counter()
    for first in range(0, len(tasks), 500):
        client.import_tasks(made.id, tasks[first : first + 500])
    seconds = time.perf_counter() - began
    client.delete_project(made.id)
    return seconds


def ours(client: Client, workspace: Workspace, number: int) -> float:
    """Give the seconds of a push of everything, whose project is deleted again."""
    began = time.perf_counter()
    result = push(workspace)
    seconds = time.perf_counter() - began
    if result.added != number or result.rejects:
        raise SystemExit(f"{number} tasks expected: {result}")
    client.delete_project(result.projects[0].project_id or 0)
    return seconds


def main(number: int = 4_000) -> None:
    """Print the ratio, and end with 1 when it is under the limit."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.create(Path(folder) / "bench", name="bench", annotators=["ana"])
        fill(workspace, number)
        studio_start(workspace)
        try:
            with connect(workspace) as client:
                tasks = ready_made(workspace)
                ours(client, workspace, number)  # warms up, and makes the account
                pairs = [
                    (ours(client, workspace, number), bare(client, workspace, tasks))
                    for _ in range(PAIRS)
                ]
        finally:
            studio_stop(workspace)
    ratios = sorted(plain / whole for whole, plain in pairs)
    median = statistics.median(ratios)
    rate = number / statistics.median(whole for whole, _ in pairs)
    sys.stdout.write(
        f"push {rate:.0f} tasks/s, {100 * median:.0f}% of the bare import's rate "
        f"({100 * ratios[0]:.0f}% to {100 * ratios[-1]:.0f}%), asked: {100 * LIMIT:.0f}%\n"
    )
    raise SystemExit(median < LIMIT)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
