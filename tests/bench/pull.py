"""How long a pull with nothing new takes on a project of 10,000 tasks, on a real server.

Run by name: `python tests/bench/pull.py [TASKS]`. A tenth of the tasks is annotated. Five
interleaved pairs with the one request that any pull must make; prints medians with the
spread, and ends with 1 when the pull takes a second or more.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from annotate.formats.label_studio import annotation_payload, task_payload
from annotate.model import (
    Assignment,
    Document,
    Span,
    assignment_id,
    document_id,
    text_sha256,
)
from annotate.pipeline.pull import pull
from annotate.pipeline.push import push
from annotate.pipeline.studio import connect, studio_start, studio_stop
from annotate.studio.client import Client
from annotate.studio.label_config import guide_panel
from annotate.workspace import Workspace

LIMIT_S = 1.0
PAIRS = 5
SENTENCE = "A senior official in the harbour office said that the fees would rise in spring. "


def fill(workspace: Workspace, number: int) -> None:
    """Give the workspace documents of 3,000 characters, all for one annotator."""
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
    workspace.append(Document, documents)
    workspace.write(
        Assignment,
        [
            Assignment(
                assignment_id=assignment_id(doc_id=item.doc_id, annotator="ana", round=1),
                doc_id=item.doc_id,
                annotator="ana",
                round=1,
                condition="blind",
            )
            for item in documents
        ],
    )


def annotate(client: Client, workspace: Workspace) -> None:
    """Import every tenth task with an annotation; push brings the rest."""
    first = push(workspace, dry_run=True)
    if first.added != len(workspace.rows(Assignment)):
        raise SystemExit("the server is not empty")
    everyone, taxonomy = workspace.rows(Assignment), workspace.taxonomy
    workspace.write(Assignment, everyone[:1])
    made = push(workspace).projects[0]
    workspace.write(Assignment, everyone)
    user = next(item.id for item in client.users() if item.email.startswith("ana@"))
    assigned = {item.doc_id: item for item in everyone[10::10]}
    tasks = []
    for document in workspace.rows(Document):
        if document.doc_id in assigned:
            task = task_payload(
                document,
                assigned[document.doc_id],
                taxonomy=taxonomy,
                project=workspace.config.project.name,
                guide=guide_panel(taxonomy),
            )
            start = document.text.index("A senior")
            spans = [Span(start=start, end=start + 17, marker="unnamed_source")]
            body = annotation_payload(spans, text=document.text, lead_time_s=60.0)
            tasks.append({**task, "annotations": [{**body, "completed_by": user}]})
    for begin in range(0, len(tasks), 500):
        client.import_tasks(made.project_id or 0, tasks[begin : begin + 500])
    push(workspace)


def seconds(workspace: Workspace) -> float:
    """Give the seconds of a pull that finds nothing new."""
    began = time.perf_counter()
    result = pull(Workspace(workspace.root))
    taken = time.perf_counter() - began
    if result.payloads or result.rejects:
        raise SystemExit(f"nothing new expected: {result}")
    return taken


def request(client: Client) -> float:
    """Give the seconds of the one request that cannot be left out."""
    began = time.perf_counter()
    client.projects()
    return time.perf_counter() - began


def main(number: int = 10_000) -> None:
    """Print the times, and end with 1 when the median is over the limit."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.create(Path(folder) / "bench", name="bench", annotators=["ana"])
        fill(workspace, number)
        studio_start(workspace)
        try:
            with connect(workspace) as client:
                annotate(client, workspace)
                began = time.perf_counter()
                first = pull(workspace)
                whole = time.perf_counter() - began
                pairs = [(seconds(workspace), request(client)) for _ in range(PAIRS)]
        finally:
            studio_stop(workspace)
    times = sorted(each for each, _ in pairs)
    ratios = sorted(each / least for each, least in pairs)
    sys.stdout.write(
        f"first pull of {first.tasks} tasks, {first.annotations} annotated: {whole:.1f} s\n"
        f"nothing new: {statistics.median(times):.2f} s ({times[0]:.2f} to {times[-1]:.2f}), "
        f"limit {LIMIT_S:.0f} s; {statistics.median(ratios):.0f} times the least request "
        f"({ratios[0]:.0f} to {ratios[-1]:.0f})\n"
    )
    raise SystemExit(statistics.median(times) >= LIMIT_S)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
