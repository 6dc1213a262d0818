"""W3C Web Annotations, read: pages, collections or lists of annotations beside their texts.

A target needs a position or a quotation. Positions count code points, as the recommendation
says; where they do not fit the quotation and UTF-16 units do, they are converted and counted.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

import msgspec

from annotate.formats.foreign import Export, Region, Submission, Task, decoded, offsets, says
from annotate.model import Range

_PAGES = (".jsonld", ".json")
_CONVERTED = "annotations whose positions counted UTF-16 units, converted"

Item = Mapping[str, Any]


def read(files: Mapping[str, bytes], *, person: str) -> Export:
    """Give each text as a task; one that no page is beside or points at nobody annotated."""
    export = Export()
    texts: dict[str, str] = {}
    for path, data in files.items():
        if path.endswith(".txt"):
            try:
                texts[path] = decoded(data, place=path)
            except ValueError as error:
                export.refuse(path, str(error))
    found: defaultdict[str, list[Region]] = defaultdict(list)
    refused: dict[str, int] = {}
    for path, data in files.items():
        if not path.endswith(_PAGES):
            continue
        own = str(PurePath(path).with_suffix(".txt"))
        if own in texts:
            refused.setdefault(own, 0)
        for number, item in enumerate(_annotations(export, path, data), start=1):
            source = _source(item, path, texts)
            try:
                found[source].append(_region(export, item, texts.get(source), f"{path} {number}"))
            except ValueError as error:
                export.refuse(f"{path} annotation {number}", str(error))
                refused[source] = refused.get(source, 0) + 1
    for path, text in texts.items():
        regions = tuple(found[path])
        submission = Submission(
            place=path, person=person, regions=regions, refused=refused.get(path, 0)
        )
        known = {"text": text, "doc_id": PurePath(path).stem}
        submissions = (submission,) if regions or path in refused else ()
        export.tasks.append(Task(place=path, data=known, submissions=submissions))
    return export


def _annotations(export: Export, path: str, data: bytes) -> Iterator[Item]:
    try:
        content = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        export.refuse(path, f"not JSON: {error}")
        return
    while isinstance(content, Mapping) and isinstance(content.get("first"), Mapping):
        content = content["first"]
    if isinstance(content, Mapping):
        content = content.get("items", [content])
    for item in content if isinstance(content, list) else [content]:
        yield item if isinstance(item, Mapping) else {}


def _source(item: Item, path: str, texts: Mapping[str, str]) -> str:
    """Give the text that a target names by its last part, or the one named as the page is."""
    source = _target(item).get("source")
    source = source.get("id") if isinstance(source, Mapping) else source
    page = PurePath(path)
    named = str(page.with_name(PurePath(str(source)).name or page.name))
    return named if named in texts else str(page.with_suffix(".txt"))


def _region(export: Export, item: Item, text: str | None, place: str) -> Region:
    if text is None:
        message = "the text that it is of is not there"
        raise ValueError(message)
    start, end, quote = _selected(export, _target(item), text)
    bodies = [_body(each) for each in _listed(item.get("body"))]
    tagging = item.get("motivation") == "tagging"
    tags = [it for it in bodies if it.get("purpose", "tagging" if tagging else "") == "tagging"]
    labels = [it["value"] for it in tags if isinstance(it.get("value"), str) and it["value"]]
    if len(labels) != 1:
        message = f"it has {len(labels)} tags; one is expected"
        raise ValueError(message)
    answers: dict[str, str] = {}
    referent = None
    for body in bodies:
        name, colon, value = str(body.get("value", "")).partition(": ")
        if body.get("purpose") == "linking" and "selector" in body:
            first, last, _ = _selected(export, body, text)
            referent = Range(start=first, end=last)
        elif body.get("purpose") == "describing" and colon:
            answers[name] = value
        elif body not in tags:
            export.ignored[f"bodies for {body.get('purpose', 'nothing named')}"] += 1
    return Region(
        place=place,
        label=labels[0],
        start=start,
        end=end,
        quote=quote,
        answers=answers,
        referent=referent,
    )


def _selected(export: Export, target: Item, text: str) -> tuple[int, int, str | None]:
    """Give start, end and what is quoted there."""
    selectors = {
        str(it.get("type")): it for it in _listed(target.get("selector")) if isinstance(it, Mapping)
    }
    quoting = selectors.get("TextQuoteSelector", {})
    quote = quoting.get("exact") if isinstance(quoting.get("exact"), str) else None
    position = selectors.get("TextPositionSelector")
    if position is None:
        return _found(quoting, text)
    start, end = offsets(position.get("start"), position.get("end"))
    if quote is not None and 0 <= start < end and not says(quote, text[start:end]):
        units = text.encode("utf-16-le")
        try:
            before = units[: 2 * start].decode("utf-16-le")
            there = units[2 * start : 2 * end].decode("utf-16-le")
        except UnicodeDecodeError:
            return start, end, quote
        if there == quote:
            export.notes[_CONVERTED] += 1
            return len(before), len(before) + len(there), quote
    return start, end, quote


def _found(quoting: Item, text: str) -> tuple[int, int, str | None]:
    """Give the one place where a quotation stands between its prefix and its suffix."""
    prefix, exact, suffix = (str(quoting.get(it) or "") for it in ("prefix", "exact", "suffix"))
    whole = prefix + exact + suffix
    at = text.find(whole) if exact else -1
    if at < 0 or text.find(whole, at + 1) >= 0:
        message = f"no position, and “{exact[:60]}” stands in the text not once alone"
        raise ValueError(message)
    start = at + len(prefix)
    return start, start + len(exact), exact


def _target(item: Item) -> Item:
    targets = _listed(item.get("target"))
    one = targets[0] if len(targets) == 1 else {}
    return one if isinstance(one, Mapping) else {"source": one}


def _body(each: Any) -> Item:
    return each if isinstance(each, Mapping) else {"value": each}


def _listed(value: Any) -> list[Any]:
    items = value if isinstance(value, list) else [value]
    return [it for it in items if isinstance(it, Mapping | str)]
