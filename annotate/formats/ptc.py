"""SemEval-2020 task 11, the propaganda techniques corpus: articles, spans (SI), techniques (TC).

Offsets are code points of the article's file, end-exclusive. The task's scorers know an
article by a number: ours is the hexadecimal part of the document's id as a decimal number.
Nothing but the technique can be said of a span.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import PurePath

from annotate.formats.foreign import Export, Region, Submission, Task, decoded
from annotate.formats.labelled import Labelled, LabelledSpan, Losses, Put
from annotate.model import Record
from annotate.spans import merge
from annotate.taxonomy import Taxonomy

LABEL_SET = "semeval2020_task11"
UNNAMED = "propaganda"  # what a span of the first task is, which has no technique

_OURS = re.compile(r"d-([0-9a-f]{16})")
_ARTICLE = re.compile(r"article(\d+)\.txt", re.ASCII)
_ROW = re.compile(r"(\d+)\t(?:([^\t]+)\t)?(\d{1,9})\t(\d{1,9})", re.ASCII)


class _Row(Record, frozen=True, kw_only=True):
    """A line of labels, unchecked."""

    place: str
    article: str
    label: str
    start: int
    end: int


def techniques(taxonomy: Taxonomy) -> dict[str, str]:
    """Give the technique of each marker that is one of the task's, or narrower than one."""
    return {
        marker.marker: mapping.labels[0]
        for marker in taxonomy.markers
        for mapping in marker.mapping
        if mapping.label_set == LABEL_SET
        and mapping.relation in {"exact", "narrower"}
        and len(mapping.labels) == 1
    }


def number(doc_id: str) -> str:
    """Give the number of a document as an article."""
    ours = _OURS.fullmatch(doc_id)
    return str(int(ours[1] if ours else sha256(doc_id.encode()).hexdigest()[:16], 16))


def write(
    documents: Iterable[Labelled], *, name: str, known: Mapping[str, str], put: Put
) -> Losses:
    """Write the articles and the labels of both tasks; `known` are techniques by marker.

    The first task's spans are the second's without technique, overlapping ones as one.
    Gives what could not be said.
    """
    losses = Losses()
    spans, labels = f"{name}-task1-SI.labels", f"{name}-task2-TC.labels"
    put(spans, b"")
    put(labels, b"")
    for given in documents:
        item = losses.keep(given.replace(spans=_exported(given, known, losses)))
        article = number(item.doc_id)
        put(f"{name}-articles/article{article}.txt", item.text.encode())
        for part in merge(item.spans):
            put(spans, f"{article}\t{part.start}\t{part.end}\n".encode())
        for span in item.spans:
            row = f"{article}\t{known[span.marker]}\t{span.start}\t{span.end}\n"
            put(labels, row.encode())
    return losses


def _exported(item: Labelled, known: Mapping[str, str], losses: Losses) -> tuple[LabelledSpan, ...]:
    for span in item.spans:
        if span.marker not in known:
            losses.count(f"span of {span.marker}, which is no technique", item.doc_id)
    return tuple(span for span in item.spans if span.marker in known)


def read(files: Mapping[str, bytes], *, person: str) -> Export:
    """Give each article as a task, with the techniques, or with the bare spans without them.

    With labels at hand, an article without any is one in which nothing was marked.
    """
    export = Export()
    labelled = [path for path in files if path.endswith(".labels")]
    rows = [row for path in labelled for row in _rows(export, path, files[path])]
    by_article: defaultdict[str, dict[tuple[str, int, int], str]] = defaultdict(dict)
    techniques_there = any(row.label != UNNAMED for row in rows)
    for row in rows:
        if (row.label != UNNAMED) == techniques_there:
            by_article[row.article].setdefault((row.label, row.start, row.end), row.place)
    for path, data in files.items():
        article = _ARTICLE.fullmatch(PurePath(path).name)
        if article is None:
            continue
        try:
            known = {"text": decoded(data, place=path), "doc_id": article[1]}
        except ValueError as error:
            export.refuse(path, str(error))
            continue
        regions = tuple(
            Region(place=place, label=label, start=start, end=end)
            for (label, start, end), place in by_article.pop(article[1], {}).items()
        )
        submission = Submission(place=path, person=person, regions=regions)
        submissions = (submission,) if labelled else ()
        export.tasks.append(Task(place=path, data=known, submissions=submissions))
    for article_id, left in by_article.items():
        for place in left.values():
            export.refuse(place, f"article{article_id}.txt is not there")
    return export


def _rows(export: Export, path: str, data: bytes) -> Iterator[_Row]:
    try:
        lines = decoded(data, place=path).split("\n")
    except ValueError as error:
        export.refuse(path, str(error))
        return
    for line_number, line in enumerate(lines, start=1):
        found = _ROW.fullmatch(line.rstrip("\r"))
        place = f"{path}:{line_number}"
        if found:
            article, label, start, end = found.groups()
            yield _Row(
                place=place,
                article=article,
                label=label or UNNAMED,
                start=int(start),
                end=int(end),
            )
        elif line.strip():
            export.refuse(place, "no article, technique, begin and end with tabs between them")
