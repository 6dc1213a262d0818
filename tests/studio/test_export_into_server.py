"""An export of a release, taken in by a real server, and given back by it."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from annotate.model import Annotation, Document
from annotate.pipeline.export import export
from annotate.pipeline.import_ import import_
from annotate.pipeline.release import release
from annotate.release import Release, load
from annotate.workspace import Workspace

pytestmark = pytest.mark.studio

TEXT = "Lift {0} stuck 🛗\n\nA clerk 👨‍👩‍👧 of the cafe\u0301 said so. The clerk left lift {0}.\n"
CLERK, AGAIN = "A clerk 👨‍👩‍👧 of the cafe\u0301", "The clerk"
KNOWN = {
    "identity_form": "role_only",
    "specificity": "2",
    "reason_for_anonymity": "none",
    "basis_of_knowledge": "unstated",
    "corroboration": "none",
}


@pytest.fixture
def released(tmp_path: Path) -> Release:
    """Release a source and its second mention in each of six articles; one has nothing."""
    rows = []
    for number in range(7):
        text = TEXT.format(number)
        start, again = text.index(CLERK), text.index(AGAIN)
        first = {"start": start, "end": start + len(CLERK)}
        said = {"label": "unnamed_source", "attributes": KNOWN}
        second = {"start": again, "end": again + len(AGAIN), "voice": "quoted_source"}
        spans = [first | said, second | said | {"referent": first}] if number else []
        known = {"licence": "CC0-1.0", "document_attributes": {"response_sought": "no"}}
        rows.append({"text": text, "spans": spans, **known})
    (tmp_path / "ana.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    workspace = Workspace.create(tmp_path / "made", name="made")
    import_(workspace, "jsonl", tmp_path / "ana.jsonl")
    return load(release(workspace).path)


def stated(span: Any) -> tuple[object, ...]:
    names = ("start", "end", "marker", "voice", "confidence", "attributes", "referent")
    return tuple(getattr(span, name) for name in names)


def test_a_server_takes_an_export_and_gives_it_back(
    label_studio: Any, released: Release, tmp_path: Path
) -> None:
    """Every task with its annotation, and what it says of each span, to the character."""
    export("label-studio", released.path, out=tmp_path / "out")
    config = (tmp_path / "out" / "label_config.xml").read_text(encoding="utf-8")
    headers = {"Authorization": f"Token {label_studio.token}"}
    project = label_studio.client.create_project("from a release", config)
    address = f"{label_studio.base_url}/api/projects/{project.id}"
    try:
        for split in released.splits:
            content = (tmp_path / "out" / f"{split}.json").read_bytes()
            answer = httpx.post(
                f"{address}/import",
                content=content,
                headers=headers | {"Content-Type": "application/json"},
                timeout=60,
            ).raise_for_status()
            there = len(released.documents(split))
            assert (answer.json()["task_count"], answer.json()["annotation_count"]) == (
                there,
                there,
            )
        back = httpx.get(f"{address}/export?exportType=JSON", headers=headers, timeout=60)
    finally:
        label_studio.client.delete_project(project.id)
    (tmp_path / "back.json").write_bytes(back.raise_for_status().content)
    kept = [said for task in back.json() for said in task["meta"]["spans"].values()]
    assert len(kept) == sum(released.summary.spans.values()) == 12
    assert {said["status"] for said in kept} == {"single"}
    workspace = Workspace.create(tmp_path / "w", name="w")
    result = import_(workspace, "label-studio", tmp_path / "back.json")
    assert result.rejects == ()
    texts = {item.doc_id: item.text for item in workspace.rows(Document)}
    documents = [item for split in released.splits for item in released.documents(split)]
    assert {
        texts[item.doc_id]: (item.document_attributes, [stated(span) for span in item.spans])
        for item in workspace.rows(Annotation)
    } == {
        item.text: (item.document_attributes, [stated(span) for span in item.spans])
        for item in documents
    }
    assert any(span.referent for item in documents for span in item.spans)
