"""A folder for brat: each text beside what is said of it, and `annotation.conf` for the page.

Labels are entities, answers attributes, and a re-mention is in the relation `same_source` to
its referent. brat has no place for what is known of a document, nor for ids: all values of
an attribute stand in `annotation.conf`. Offsets are code points,
end-exclusive.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath

from annotate.formats import brat
from annotate.formats.brat import Answer, Bound, Link, Standoff
from annotate.formats.foreign import Export, Region, Submission, Task, decoded
from annotate.formats.labelled import (
    SPAN_FACTS,
    Labelled,
    Losses,
    Put,
    answers,
    place,
)
from annotate.model import Range

SAME_SOURCE = "same_source"
CONF = "annotation.conf"
_SAID = SPAN_FACTS.keys() - {"span id"}


def write(documents: Iterable[Labelled], *, name: str, put: Put) -> Losses:
    """Write a folder with two files for each document and one for brat itself.

    Gives what could not be said.
    """
    losses = Losses()
    labels: set[str] = set()
    values: defaultdict[str, set[str]] = defaultdict(set)
    for given in documents:
        item = losses.link(losses.keep(given, of_spans=_SAID))
        said = [
            Answer(name=answer, of=f"T{number}", value=value)
            for number, span in enumerate(item.spans, start=1)
            for answer, value in sorted(answers(span).items())
        ]
        standoff = brat.write(_bounds(item), answers=said, links=_links(item))
        put(f"{name}/{item.doc_id}.txt", item.text.encode())
        put(f"{name}/{item.doc_id}.ann", standoff.encode())
        labels.update(span.marker for span in item.spans)
        for answer in said:
            values[answer.name].add(answer.value)
    put(f"{name}/{CONF}", _conf(labels, values).encode())
    return losses


def _bounds(item: Labelled) -> Iterator[Bound]:
    for number, span in enumerate(item.spans, start=1):
        yield Bound(
            name=f"T{number}",
            label=span.marker,
            fragments=(Range(start=span.start, end=span.end),),
            quote=item.text[span.start : span.end],
        )


def _links(item: Labelled) -> Iterator[Link]:
    names = {place(span): f"T{number}" for number, span in enumerate(item.spans, start=1)}
    for number, span in enumerate(item.spans, start=1):
        if span.referent:
            yield Link(label=SAME_SOURCE, first=f"T{number}", second=names[place(span.referent)])


def _conf(labels: Iterable[str], values: Mapping[str, Iterable[str]]) -> str:
    attributes = (
        f"{name}\tArg:<ENTITY>, Value:{'|'.join(sorted(found))}"
        for name, found in sorted(values.items())
    )
    sections = {
        "entities": sorted(labels),
        "relations": [f"{SAME_SOURCE}\tArg1:<ENTITY>, Arg2:<ENTITY>"],
        "events": [],
        "attributes": attributes,
    }
    return "\n".join("".join(f"{it}\n" for it in (f"[{k}]", *v)) for k, v in sections.items())


def read(files: Mapping[str, bytes], *, person: str) -> Export:
    """Give each text as a task; one without its `.ann` nobody has annotated.

    A discontinuous annotation gives a region for each fragment.
    """
    export = Export()
    for path, data in files.items():
        standoff = str(PurePath(path).with_suffix(".ann"))
        if path.endswith(".ann") and str(PurePath(path).with_suffix(".txt")) not in files:
            export.refuse(path, "its text is not there")
        if not path.endswith(".txt"):
            continue
        try:
            text = decoded(data, place=path)
            said = decoded(files[standoff], place=standoff) if standoff in files else None
        except ValueError as error:
            export.refuse(path, str(error))
            continue
        submissions = () if said is None else (_submission(export, said, standoff, text, person),)
        known = {"text": text, "doc_id": PurePath(path).stem}
        export.tasks.append(Task(place=path, data=known, submissions=submissions))
    return export


def _submission(export: Export, said: str, where: str, text: str, person: str) -> Submission:
    before = len(export.rejects)
    found = brat.read(said, place=where)
    export.rejects += found.rejects
    referents = _referents(found)
    known = [link for link in found.links if link.label == SAME_SOURCE]
    aside = found.others - len(found.answers) - len(known)
    if aside:
        export.ignored["events, notes and other relations"] += aside
    said_of: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for answer in found.answers:
        said_of[answer.of][answer.name] = answer.value
    regions = [
        Region(
            place=f"{where} {item.name}",
            label=item.label,
            start=part.start,
            end=part.end,
            quote=_quote(item, part, text),
            answers=said_of[item.name],
            referent=referents.get(item.name),
        )
        for item in found.bounds
        for part in item.fragments
    ]
    refused = len(export.rejects) - before
    return Submission(place=where, person=person, regions=tuple(regions), refused=refused)


def _quote(item: Bound, part: Range, text: str) -> str | None:
    """Give what the file says stands at a fragment; of several it says it of all together."""
    if len(item.fragments) == 1:
        return item.quote
    there = " ".join(text[it.start : it.end] for it in item.fragments)
    return text[part.start : part.end] if item.quote == there else item.quote


def _referents(found: Standoff) -> dict[str, Range]:
    first = {item.name: item.fragments[0] for item in found.bounds}
    return {
        link.first: first[link.second]
        for link in found.links
        if link.label == SAME_SOURCE and link.second in first
    }
