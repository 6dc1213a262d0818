"""Tasks as the server gives them: what a pull checks and keeps of each."""

from collections.abc import Mapping
from typing import Any

from annotate.model import text_sha256

Task = Mapping[str, Any]


def text_problem(task: Task, *, doc_id: str, told: str, documents: Mapping[str, str]) -> str | None:
    """Say why a task's text is not the document's; None when it is.

    `told` is the sha256 that the task carries, `documents` has those of ours.
    """
    ours = documents.get(doc_id)
    if ours is None:
        return f"document {doc_id} is not in this workspace; ingest it and pull again"
    if told != ours:
        return f"the task says that the text of {doc_id} is another one than ours"
    if sha_of(task) != ours:
        return f"the text on the server is not that of {doc_id}"
    return None


def sha_of(task: Task) -> str:
    """Give the sha256 of the task's text; empty where it is none."""
    try:
        return text_sha256(str(task["data"].get("text")))
    except UnicodeEncodeError:
        return ""


def by_time(annotation: Task) -> tuple[str, int]:
    """Give what sorts annotations, the latest last."""
    return (str(annotation["updated_at"]), int(annotation["id"]))


def slim(task: Task, documents: Mapping[str, str]) -> dict[str, Any]:
    """Leave out the guide, and the text where it is ours: the hash stands for it."""
    data = dict(task.get("data") or {})
    data.pop("guide", None)
    ours = documents.get(str(data.get("doc_id")))
    if ours is not None and sha_of(task) == ours:
        data.pop("text", None)
    return {**task, "data": data}
