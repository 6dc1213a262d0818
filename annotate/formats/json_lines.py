"""Texts with spans in JSON, a line each, as several tools write them.

A span is an object with `start` and `end` (or `start_offset` and `end_offset`) and a `label`
(or `marker`), or a list of the three. Offsets are code points, end-exclusive.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from annotate.formats.foreign import Export, Region, Submission, Task, decoded, offsets
from annotate.model import Range

SAME_SOURCE = "same_source"

_STARTS, _ENDS, _LABELS = ("start", "start_offset"), ("end", "end_offset"), ("marker", "label")
_PLACED = {*_STARTS, *_ENDS, *_LABELS, "id", "text", "referent", "attributes"}
_UNSAID: tuple[object, ...] = (None, {}, [])

Item = Mapping[str, Any]


def read(files: Mapping[str, bytes], *, person: str, lists: Sequence[str]) -> Export:
    """Give the lines of the files as tasks; the first key of `lists` there is holds the spans.

    A line without any is a text that nobody has annotated. `person` annotated the others,
    unless a line names an `annotator`. What does not fit is refused with its line.
    """
    export = Export()
    for path, data in files.items():
        for place, line in _lines(export, path, data):
            try:
                row = msgspec.json.decode(line)
            except msgspec.DecodeError as error:
                export.refuse(place, f"not JSON: {error}")
                continue
            if isinstance(row, Mapping):
                export.tasks.append(_task(export, row, place, person=person, lists=lists))
            else:
                export.refuse(place, "it is no object")
    return export


def _lines(export: Export, path: str, data: bytes) -> Iterator[tuple[str, str]]:
    try:
        text = decoded(data, place=path).removeprefix("\ufeff")
    except ValueError as error:
        export.refuse(path, str(error))
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield f"{path}:{number}", line


def _task(export: Export, row: Item, place: str, *, person: str, lists: Sequence[str]) -> Task:
    data = {name: value for name, value in row.items() if name not in lists}
    publishers = row.get("publishers")
    if isinstance(publishers, list) and publishers and "publisher" not in row:
        data["publisher"] = publishers[0]
        if publishers[1:]:
            export.ignored["further publishers"] += len(publishers) - 1
    name = next((name for name in lists if name in row), None)
    if name is None:
        return Task(place=place, data=data)
    before = len(export.rejects)
    found = _regions(export, row[name], place)
    submission = Submission(
        place=place,
        person=row["annotator"] if _is_text(row.get("annotator")) else person,
        submitted_at=str(row.get("submitted_at") or ""),
        regions=tuple(_linked(export, found, row.get("relations"))),
        refused=len(export.rejects) - before,
        document_attributes=_texts(row.get("document_attributes")),
    )
    return Task(place=place, data=data, submissions=(submission,))


def _regions(export: Export, items: Any, place: str) -> list[tuple[Any, Region]]:
    """Give regions with the ids that relations know them by."""
    found = []
    for number, item in enumerate(items if isinstance(items, list) else [items], start=1):
        where = f"{place} span {number}"
        try:
            known = item if isinstance(item, Mapping) else _named(item)
            found.append((known.get("id"), _region(export, known, where)))
        except ValueError as error:
            export.refuse(where, str(error))
    return found


def _named(item: Any) -> Item:
    if not isinstance(item, list) or len(item) != len(("start", "end", "label")):
        message = "it is no object and no list of start, end and label"
        raise ValueError(message)
    return dict(zip(("start", "end", "label"), item, strict=True))


def _region(export: Export, item: Item, place: str) -> Region:
    start, end = offsets(_first(item, _STARTS), _first(item, _ENDS))
    label = _first(item, _LABELS)
    if not _is_text(label):
        message = f"label {label!r} is no text"
        raise ValueError(message)
    answers = _texts(item.get("attributes"))
    for name, value in item.items():
        if name in _PLACED or value in _UNSAID:
            continue
        if isinstance(value, str | int) and not isinstance(value, bool):
            answers[name] = str(value)
        else:
            export.ignored[f"answers to {name}"] += 1
    quote = item.get("text")
    return Region(
        place=place,
        label=label,
        start=start,
        end=end,
        quote=quote if isinstance(quote, str) else None,
        answers=answers,
        referent=_referent(item.get("referent")),
    )


def _referent(value: Any) -> Range | None:
    if value is None:
        return None
    try:
        return msgspec.convert(value, Range)
    except msgspec.ValidationError as error:
        message = f"its referent is no range: {error}"
        raise ValueError(message) from error


def _linked(
    export: Export, found: Sequence[tuple[Any, Region]], relations: Any
) -> Iterator[Region]:
    """Give the regions, those at the beginning of a relation with its end as their referent."""
    by_id = {name: item for name, item in found if isinstance(name, int | str)}
    first: dict[Any, Range] = {}
    for item in relations if isinstance(relations, list) else ():
        known = isinstance(item, Mapping) and item.get("type") == SAME_SOURCE
        ends = [item.get(name) for name in ("from_id", "to_id")] if known else []
        if ends and all(isinstance(end, int | str) and end in by_id for end in ends):
            target = by_id[ends[1]]
            if 0 <= target.start < target.end:
                first[ends[0]] = Range(start=target.start, end=target.end)
        else:
            export.ignored["relation"] += 1
    for name, item in found:
        referent = first.get(name) if isinstance(name, int | str) else None
        yield item.replace(referent=referent) if referent else item


def _first(item: Item, names: Sequence[str]) -> Any:
    return next((item[name] for name in names if name in item), None)


def _texts(value: Any) -> dict[str, str]:
    """Give the entries of an object whose values are text, or nothing."""
    if not isinstance(value, Mapping):
        return {}
    return {name: item for name, item in value.items() if isinstance(item, str)}


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
