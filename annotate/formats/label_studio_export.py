"""A project's JSON export from Label Studio, whatever its labels: several annotators to a task.

Offsets of `<Text>` are code points, as the server stores them. Predictions and drafts are
nobody's statement and are left aside.
"""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, cast, get_args

from annotate import taxonomy
from annotate.errors import InvalidFile
from annotate.formats.foreign import Export, Region, Submission, Task, offsets
from annotate.formats.label_studio import SAME_SOURCE
from annotate.model import Condition, Origin, Range

_HINT = "Export the project from Label Studio as JSON"
_ASIDE = ("predictions", "drafts")
_HALVES = re.compile("[\ud800-\udfff]")
_PAGE = "hypertextlabels"
_MOST = 2**31  # of seconds and rounds: what is more is no number of them

Item = Mapping[str, Any]


def read(data: bytes, *, place: str) -> Export:
    """Give the tasks of an export; what does not fit is refused with its place and reason.

    Raises InvalidFile for a file that is no JSON export, in one line.
    """
    export = Export()
    for number, item in enumerate(_tasks(data, place=place), start=1):
        where = f"{place} number {number}"
        if not isinstance(item, Mapping):
            export.refuse(where, "it is no task")
            continue
        where = f"{place} task {item['id']}" if "id" in item else where
        if not isinstance(item.get("data"), Mapping):
            export.refuse(where, "it has no data")
            continue
        export.tasks.append(_task(export, item, where))
    return export


def _tasks(data: bytes, *, place: str) -> list[Any]:
    if not data.strip():
        raise InvalidFile(f"{place}: the file is empty", hint=_HINT)
    try:
        tasks = json.loads(data.decode("utf-8-sig"))
        # A half of a surrogate pair on its own is no character, and no table takes it.
        whole = _HALVES.sub("\ufffd", json.dumps(tasks, ensure_ascii=False))
        tasks = json.loads(whole)
    except (ValueError, RecursionError) as error:
        raise InvalidFile(f"{place}: not JSON: {error}", hint=_HINT) from error
    if not isinstance(tasks, list):
        raise InvalidFile(f"{place}: no list of tasks", hint=_HINT)
    flat = [item for item in tasks if isinstance(item, Mapping) and "data" not in item]
    if flat and len(flat) == len(tasks):
        known = {"annotation_id", "annotator", "lead_time"} & flat[0].keys()
        what = "a JSON-MIN export, which leaves out most" if known else "its items are no tasks"
        raise InvalidFile(f"{place}: {what}", hint=f"{_HINT}, not JSON-MIN")
    return tasks


def _task(export: Export, item: Item, place: str) -> Task:
    for kind in _ASIDE:
        if item.get(kind):
            export.ignored[kind] += len(item[kind]) if isinstance(item[kind], list) else 1
    meta = item.get("meta")
    given = item.get("annotations", item.get("completions")) or []
    given = given if isinstance(given, list) else [given]
    data = dict(item["data"])
    if any(_on_page(part) for each in given for part in _results(each)):
        return Task(place=place, data=data, html=True)
    submissions = []
    for number, each in enumerate(given, start=1):
        if not isinstance(each, Mapping):
            export.refuse(f"{place} annotation number {number}", "it is no annotation")
            continue
        where = f"{place} annotation {each.get('id', f'number {number}')}"
        submission = _submission(export, each, where, meta if isinstance(meta, Mapping) else {})
        if submission:
            submissions.append(submission)
    return Task(place=place, data=data, submissions=tuple(submissions))


def _submission(export: Export, each: Item, place: str, meta: Item) -> Submission | None:
    # A file that never was on a server says in the task's meta whose annotation it is.
    person = _person(each.get("completed_by") or meta.get("annotator"))
    if person is None:
        export.refuse(place, "it does not say who made it (completed_by)")
        return None
    skipped = bool(each.get("was_cancelled"))
    number, condition = meta.get("round"), meta.get("condition")
    before = len(export.rejects)
    regions, said = ((), {}) if skipped else _said(export, each, place)
    return Submission(
        place=place,
        person=person,
        submitted_at=str(each.get("updated_at") or each.get("created_at") or ""),
        lead_time_s=_seconds(each.get("lead_time")),
        skipped=skipped,
        round=number if type(number) is int and 0 < number < _MOST else 1,
        condition=cast("Condition", condition) if condition in get_args(Condition) else "blind",
        regions=regions,
        refused=len(export.rejects) - before,
        document_attributes=said,
    )


def _seconds(value: Any) -> float | None:
    known = isinstance(value, int | float) and 0 <= value < _MOST
    return float(value) if known else None


def _person(completed_by: Any) -> str | None:
    """Give an e-mail address where the export has it, else the user's number."""
    if isinstance(completed_by, Mapping):
        completed_by = completed_by.get("email") or completed_by.get("id")
    if isinstance(completed_by, bool) or not isinstance(completed_by, int | str):
        return None
    return str(completed_by).strip() or None


def _results(each: Any) -> list[Any]:
    result = (each.get("result") if isinstance(each, Mapping) else None) or []
    return result if isinstance(result, list) else [result]


def _on_page(part: Any) -> bool:
    if not isinstance(part, Mapping):
        return False
    # Places on a page are paths of elements: /div[1]/p[2]/text()[1].
    return part.get("type") == _PAGE or str(_value(part).get("start")).startswith("/")


def _said(export: Export, each: Item, place: str) -> tuple[tuple[Region, ...], dict[str, str]]:
    """Give an annotation's regions and its answers about the document."""
    parts: defaultdict[str, list[Item]] = defaultdict(list)
    links: list[Item] = []
    about: dict[str, str] = {}
    asked = {item.name for item in taxonomy.load().frame.document_attributes}
    for number, part in enumerate(_results(each), start=1):
        if not isinstance(part, Mapping):
            export.refuse(f"{place} region number {number}", "it is no region")
        elif "start" in _value(part):
            parts[str(part.get("id", f"number {number}"))].append(part)
        elif part.get("type") == "relation" and part.get("labels") == [SAME_SOURCE]:
            links.append(part)
        elif part.get("from_name") in asked and _chosen(part):
            about[str(part["from_name"])] = str(_chosen(part))
        else:
            export.ignored[_named(part)] += 1
    found: dict[str, list[Region]] = {}
    for name, same in parts.items():
        try:
            found[name] = _labelled(export, same, f"{place} region {name}")
        except ValueError as error:
            export.refuse(f"{place} region {name}", str(error))
    _link(export, found, links)
    return tuple(region for regions in found.values() for region in regions), about


def _link(export: Export, found: dict[str, list[Region]], links: list[Item]) -> None:
    """Give regions at the beginning of a relation the place of its end as their referent."""
    for link in links:
        ends = [str(link.get("from_id")), str(link.get("to_id"))]
        again, first = reversed(ends) if link.get("direction") == "left" else ends
        place = found[first][0] if again in found and first in found else None
        if place is None or not 0 <= place.start < place.end:
            export.ignored[_named(link)] += 1
            continue
        referent = Range(start=place.start, end=place.end)
        found[again] = [region.replace(referent=referent) for region in found[again]]


def _labelled(export: Export, same: list[Item], place: str) -> list[Region]:
    """Give one region per label; other answers on the same stretch go with each of them."""
    labels = {label: part for part in same for label in _labels(part)}
    if not labels:
        message = f"it has no label, but {', '.join(map(_named, same))}"
        raise ValueError(message)
    answers = {}
    for part in same:
        if _labels(part):
            continue
        chosen = _chosen(part)
        if chosen is not None:
            answers[str(part.get("from_name"))] = chosen
        else:
            export.ignored[_named(part)] += 1
    return [_region(part, label, answers, place) for label, part in labels.items()]


def _region(part: Item, label: str, answers: dict[str, str], place: str) -> Region:
    value = _value(part)
    start, end = offsets(value["start"], value.get("end"))
    quote, origin = value.get("text"), part.get("origin")
    return Region(
        place=place,
        label=label,
        start=start,
        end=end,
        quote=quote if isinstance(quote, str) else None,
        origin=cast("Origin", origin) if origin in get_args(Origin) else "manual",
        answers=answers,
    )


def _chosen(part: Item) -> str | None:
    """Give the one answer of a part, if it is one."""
    values = _value(part).get(str(part.get("type")))
    one = values[0] if isinstance(values, list) and len(values) == 1 else None
    return one if isinstance(one, str) else None


def _labels(part: Item) -> list[str]:
    kind = str(part.get("type"))
    values = _value(part).get(kind) if kind.endswith("labels") else None
    found = values if isinstance(values, list) else []
    return [item for item in found if isinstance(item, str) and item.strip()]


def _named(part: Item) -> str:
    return " ".join(str(part[key]) for key in ("type", "from_name") if part.get(key)) or "no type"


def _value(part: Item) -> Item:
    value = part.get("value")
    return value if isinstance(value, Mapping) else {}
