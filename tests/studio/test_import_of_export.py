"""An export of a real server, of a project as a team made it without us."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from annotate.model import Annotation, Document
from annotate.pipeline.import_ import import_
from annotate.workspace import Workspace

pytestmark = pytest.mark.studio

CONFIG = """<View>
<Labels name="what" toName="story"><Label value="Who"/><Label value="Hedge"/></Labels>
<Choices name="topic" toName="story"><Choice value="sea"/></Choices>
<Text name="story" value="$story"/></View>"""
TEXT = "👨‍👩‍👧‍👦 of the cafe\u0301 left.\r\nA man on the quay, perhaps a sailor, said so."


def region(words: str, label: str) -> dict[str, Any]:
    start = TEXT.index(words)
    value = {"start": start, "end": start + len(words), "text": words, "labels": [label]}
    place = {"from_name": "what", "to_name": "story", "type": "labels"}
    return {"id": f"r{start}", "value": value, **place}


def test_an_export_of_a_server_is_read_to_the_word(label_studio: Any, tmp_path: Path) -> None:
    """Two people, a skipped task, an answer for the whole text, emoji and line ends of Windows."""
    people = label_studio.sign_up("ana", "ben")
    project = label_studio.client.create_project("theirs", CONFIG, enable_empty_annotation=True)
    try:
        task, other = label_studio.client.import_tasks(
            project.id, [{"data": {"story": text}} for text in (TEXT, "Nothing was said.")]
        )
        topic = {
            "id": "c",
            "from_name": "topic",
            "to_name": "story",
            "type": "choices",
            "value": {"choices": ["sea"]},
        }
        result = [region("A man on the quay", "Who"), region("cafe\u0301", "Hedge"), topic]
        with label_studio.client_of(people["ana"]) as client:
            client.create_annotation(task, result=result, lead_time=12.5)
            client.create_annotation(other, result=[], was_cancelled=True)
        with label_studio.client_of(people["ben"]) as client:
            client.create_annotation(task, result=result[:1])
        exported = httpx.get(
            f"{label_studio.base_url}/api/projects/{project.id}/export?exportType=JSON",
            headers={"Authorization": f"Token {label_studio.token}"},
            timeout=60,
        )
    finally:
        label_studio.client.delete_project(project.id)
    (tmp_path / "export.json").write_bytes(exported.raise_for_status().content)
    workspace = Workspace.create(tmp_path / "w", name="w", annotators=["ana", "ben"])
    names = {str(account.user_id): name for name, account in people.items()}
    found = import_(workspace, "label-studio", tmp_path / "export.json", text="story", people=names)
    assert (found.rejects, found.ignored) == ((), {"choices topic": 1})
    assert found.people == names
    texts = {item.doc_id: item.text for item in workspace.rows(Document)}
    marked = [
        (item.annotator, item.skipped, [texts[item.doc_id][it.start : it.end] for it in item.spans])
        for item in workspace.rows(Annotation)
    ]
    assert sorted(marked) == [
        ("ana", False, ["cafe\u0301", "A man on the quay"]),
        ("ana", True, []),
        ("ben", False, ["A man on the quay"]),
    ]
