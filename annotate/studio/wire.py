"""Label Studio's JSON: what we ask for, and what its answers mean. Pure, no requests."""

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from annotate.model import Record

PROJECT_FIELDS = (
    "id,title,task_number,total_annotations_number,skipped_annotations_number,"
    "total_predictions_number,created_at"
)
# The server cuts the annotations inside a task by the same list, so it names their fields too;
# naming them halves the time of a full listing (0.5 s instead of 1.1 s for 500 tasks).
TASK_FIELDS = (
    *("id", "data", "meta", "annotations", "predictions", "created_at", "updated_at"),
    *("total_annotations", "cancelled_annotations", "project"),
    *("result", "completed_by", "updated_by", "lead_time", "was_cancelled", "ground_truth"),
    *("parent_prediction", "parent_annotation", "last_action"),
)
_DETAIL_LENGTH = 240


class Project(Record, frozen=True, kw_only=True):
    """A project of the server with its counts; `annotations` leaves skipped ones out."""

    id: int
    title: str
    tasks: int
    annotations: int
    skipped: int
    predictions: int
    created_at: str = ""


class Member(Record, frozen=True, kw_only=True):
    """A user of the server."""

    id: int
    email: str


class Latest(Record, frozen=True, kw_only=True):
    """How many tasks changed since a time, and when the last one did."""

    count: int
    updated_at: str | None


def project(answer: Mapping[str, Any]) -> Project:
    """Give the project that an answer describes."""
    return Project(
        id=answer["id"],
        title=answer["title"],
        tasks=answer["task_number"] or 0,
        annotations=answer["total_annotations_number"] or 0,
        skipped=answer["skipped_annotations_number"] or 0,
        predictions=answer["total_predictions_number"] or 0,
        created_at=answer.get("created_at") or "",
    )


def member(answer: Mapping[str, Any]) -> Member:
    """Give the user that an answer describes."""
    return Member(id=answer["id"], email=answer["email"])


def task_query(*, after_id: int, updated_after: str | None, order: str = "tasks:id") -> str:
    """Give the query for tasks of a higher id, updated later than an ISO 8601 time."""
    items = [_filter("id", "Number", after_id)]
    if updated_after:
        items.append(_filter("updated_at", "Datetime", _moment(updated_after)))
    return json.dumps({"filters": {"conjunction": "and", "items": items}, "ordering": [order]})


def selection(ids: Collection[int]) -> dict[str, Any]:
    """Give the body that chooses tasks for an action."""
    return {"selectedItems": {"all": False, "included": sorted(ids)}}


def detail(body: str, *, secret: str) -> str:
    """Give the reason in a refusal's body as one short line; nothing for a page of HTML."""
    try:
        answer = json.loads(body)
    except ValueError:
        return ""
    if isinstance(answer, Mapping):
        answer = answer.get("validation_errors") or answer.get("detail") or answer
    line = " ".join(_leaves(answer).split()).rstrip(".")
    line = line.replace(secret, "***") if secret else line
    return line if len(line) <= _DETAIL_LENGTH else line[:_DETAIL_LENGTH].rstrip() + "…"


def _filter(field: str, kind: str, value: object) -> dict[str, object]:
    return {
        "filter": f"filter:tasks:{field}",
        "operator": "greater",
        "type": kind,
        "value": value,
    }


def _moment(value: str) -> str:
    """Give the time in the one form that the server does not answer with a 500."""
    moment = datetime.fromisoformat(value)
    moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def _leaves(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(
            _leaves(item) if key == "non_field_errors" else f"{key}: {_leaves(item)}"
            for key, item in value.items()
        )
    if isinstance(value, list):
        return "; ".join(_leaves(item) for item in value)
    return str(value)
