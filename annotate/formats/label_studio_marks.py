"""What a task carries of the migrations that its results went through.

What the server says of an annotation changes with a migration: who changed it, and when. So
the task has the hash of each result as it was and as it became; by these a pull takes a
migrated annotation for what its annotator submitted, and a migration that was cut goes on.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import msgspec

from annotate.errors import DataError
from annotate.model import Record

MIGRATED = "migrated"

Item = Mapping[str, Any]


class Mark(Record, frozen=True, kw_only=True):
    """A result's hash before and after its migration, and when a person submitted it."""

    before: str
    after: str
    submitted_at: str = ""


class Marks(Record, frozen=True, kw_only=True):
    """What a task carries of its migrations, by the ids of annotations and predictions."""

    annotations: dict[str, Mark] = {}
    predictions: dict[str, Mark] = {}


def digest(result: object) -> str:
    """Give the hash by which a result is known again."""
    return sha256(msgspec.json.encode(result, order="sorted")).hexdigest()


def read_marks(task: Item) -> Marks:
    """Give what the task carries of its migrations; nothing where that is not readable."""
    try:
        return msgspec.convert((task.get("meta") or {}).get(MIGRATED) or {}, Marks)
    except msgspec.ValidationError:
        return Marks()


def as_submitted(task: Item, *, lead: int | None) -> list[Item]:
    """Give a task's annotations as people submitted them: a migration is nobody's work.

    `lead` is the user whose token migrates. Raises DataError where a migration was cut.
    """
    marks = read_marks(task).annotations
    given = task.get("annotations") or ()
    return [_submitted(each, marks.get(str(each["id"])), lead=lead) for each in given]


def _submitted(annotation: Item, mark: Mark | None, *, lead: int | None) -> Item:
    if mark is None:
        return annotation
    now = digest(annotation.get("result"))
    if now == mark.after:
        user = _user(annotation.get("updated_by"))
        by = annotation.get("completed_by") if user == lead else user
        told = {"updated_at": mark.submitted_at, "updated_by": by, MIGRATED: True}
        return {**annotation, **told}
    if now == mark.before:
        raise DataError(
            f"the migration of annotation {annotation['id']} on the server was cut",
            hint="Run the same `annotate migrate` again",
        )
    return annotation


def _user(value: object) -> object:
    return value.get("id") if isinstance(value, Mapping) else value
