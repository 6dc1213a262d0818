"""PolNeAR, the corpus of attributions in political news: one brat file per article and annotator.

Source, cue and content of an attribution become three labels; each fragment of a
discontinuous one is a region of its own. What else annotators noted is left aside: the
attributions themselves repeat their cues.
"""

import re

from annotate.formats import brat
from annotate.formats.foreign import Export, Region, Submission, says

LABELS = {"Source": "source", "Cue": "cue", "Content": "content"}

_FILE = re.compile(r"(?P<article>.+)_(?P<annotator>[^_]+)\.ann", re.DOTALL)
_ARTICLE = re.compile(r"(?P<publisher>[^_]+)_(?P<published>\d{4}-\d\d-\d\d)_")


def parted(name: str) -> tuple[str, str] | None:
    """Give the article and the annotator that a file is named after, or None."""
    found = _FILE.fullmatch(name)
    return (found["article"], found["annotator"]) if found else None


def data(article: str, text: str) -> dict[str, str]:
    """Give the text of an article and what its name says: publisher and date."""
    found = _ARTICLE.match(article)
    return {"text": text, **(found.groupdict() if found else {})}


def submission(
    export: Export, standoff: str, *, text: str, annotator: str, place: str
) -> Submission:
    """Give one annotator's file as regions of the article's text.

    Lines that do not fit go to the export's rejects, other kinds to what it left aside.
    """
    before = len(export.rejects)
    read = brat.read(standoff, place=place)
    export.rejects += read.rejects
    if read.others:
        export.ignored["events and notes"] += read.others
    regions: list[Region] = []
    for item in read.bounds:
        if item.label not in LABELS:
            export.ignored[item.label] += 1
            continue
        where = f"{place} {item.name}"
        there = " ".join(text[part.start : part.end] for part in item.fragments)
        if item.quote is not None and not says(item.quote, there):
            export.refuse(where, f"it quotes “{item.quote}”, and the text has “{there}” there")
            continue
        regions += [
            Region(place=where, label=LABELS[item.label], start=part.start, end=part.end)
            for part in item.fragments
        ]
    refused = len(export.rejects) - before
    return Submission(place=place, person=annotator, regions=tuple(regions), refused=refused)
