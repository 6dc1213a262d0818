"""`annotate guide --worksheet`: what the guideline should say better, with examples."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from annotate import files
from annotate.adjudicate.lessons import Lesson, lessons
from annotate.errors import UsageError
from annotate.model import Document, Record
from annotate.pipeline.gold import gold
from annotate.taxonomy import Taxonomy
from annotate.workspace import Workspace

if TYPE_CHECKING:
    from annotate.report.worksheet import Example, Group, Sheet

KINDS, EXAMPLES, AROUND = 5, 4, 90
_SUFFIXES = {".md": False, ".html": True}
_TITLES = {
    "guideline_gap": "The guideline does not say",
    "genuine_ambiguity": "Both readings hold",
}


class WorksheetResult(Record, frozen=True, kw_only=True):
    """Where the worksheet is; how many markers it is about, and how many places it counts."""

    path: str
    markers: int
    gaps: int
    ambiguities: int
    disagreements: int


def worksheet(workspace: Workspace, path: str | Path) -> WorksheetResult:
    """Write the revision worksheet, as Markdown or HTML by the file's suffix.

    It has by marker what verdicts blame on the guideline, and why people differ most often.
    Raises NothingToDo when nothing is annotated, UsageError for another suffix, NotWritable.
    """
    from annotate.report.worksheet import render_worksheet

    path = Path(path)
    if path.suffix not in _SUFFIXES:
        raise UsageError(
            f'{path}: suffix "{path.suffix}" is not known; legal: {", ".join(_SUFFIXES)}',
            hint="Name a file that ends with one of these",
        )
    found = gold(workspace)
    learnt = lessons(found.dossiers.values(), workspace.taxonomy)
    page = render_worksheet(
        list(_sheets(learnt, found.documents, workspace.taxonomy)),
        current=workspace.taxonomy.frame.guideline_version,
        stamped=dict(sorted(Counter(it.guideline_version for it in found.annotations).items())),
        html=_SUFFIXES[path.suffix],
    )
    with files.explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_atomically(path, page.encode("utf-8"))
    counted = Counter(item.kind for item in learnt)
    return WorksheetResult(
        path=str(path),
        markers=len({item.marker for item in learnt}),
        gaps=counted["guideline_gap"],
        ambiguities=counted["genuine_ambiguity"],
        disagreements=counted["disagreement"],
    )


def _sheets(
    learnt: Sequence[Lesson], documents: Mapping[str, Document], taxonomy: Taxonomy
) -> "Iterator[Sheet]":
    from annotate.report.worksheet import Sheet

    for marker in taxonomy.markers:
        own = [item for item in learnt if item.marker == marker.marker]
        if own:
            yield Sheet(marker=marker, groups=tuple(_groups(own, documents)))


def _groups(own: Sequence[Lesson], documents: Mapping[str, Document]) -> "Iterator[Group]":
    for kind, title in _TITLES.items():
        chosen = [item for item in own if item.kind == kind]
        if chosen:
            yield _group(title, chosen, documents, most=len(chosen))
    parted = [item for item in own if item.kind == "disagreement"]
    reasons = Counter(item.what or "" for item in parted)
    for what, _ in sorted(reasons.items(), key=lambda item: (-item[1], item[0]))[:KINDS]:
        alike = [item for item in parted if item.what == what]
        yield _group(f"People differ, {what}", alike, documents, most=EXAMPLES)


def _group(
    title: str, alike: Sequence[Lesson], documents: Mapping[str, Document], *, most: int
) -> "Group":
    from annotate.report.worksheet import Group

    # One of each document first: its other places often differ for the same reason.
    firsts = {item.doc_id: item for item in reversed(alike)}
    varied = sorted(alike, key=lambda item: item is not firsts[item.doc_id])
    shown = tuple(_example(item, documents[item.doc_id].text) for item in varied[:most])
    return Group(title=title, count=len(alike), examples=shown)


def _example(item: Lesson, text: str) -> "Example":
    from annotate.report.worksheet import Example

    before = text[max(0, item.start - AROUND) : item.start]
    after = text[item.end : item.end + AROUND]
    if item.start > AROUND:
        before = "… " + before.partition(" ")[2]
    if item.end + AROUND < len(text):
        after = after.rpartition(" ")[0] + " …"
    return Example(
        before=before,
        quote=text[item.start : item.end],
        after=after,
        doc_id=item.doc_id,
        votes=item.votes,
        decision=item.decision,
        note=item.note,
        guidelines=item.guidelines,
    )
