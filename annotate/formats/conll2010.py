"""CoNLL-2010, learning to detect hedges: sentences with cues, in XML, read.

A document's text is its sentences, a line each, and a blank line between its parts. A sentence
that is uncertain becomes a span with the label `uncertain`; cues and scopes keep the names of
their elements, `ccue`, `cue` and `xcope`. Offsets are code points, end-exclusive.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from annotate.formats.foreign import Export, Region, Submission, Task

UNCERTAIN = "uncertain"
_MARKED = ("ccue", "cue", "xcope")


@dataclass(kw_only=True)
class _Text:
    """A document's text while it grows, and what is marked in it."""

    place: str
    text: str = ""
    regions: list[Region] = field(default_factory=list)

    def mark(self, label: str, start: int, answers: dict[str, str]) -> None:
        """Mark what was added since `start`, but for blanks at its edges."""
        words = self.text[start:]
        begin, end = len(self.text) - len(words.lstrip()), start + len(words.rstrip())
        if begin < end:
            place = f"{self.place} {label} {len(self.regions) + 1}"
            region = Region(place=place, label=label, start=begin, end=end, answers=answers)
            self.regions.append(region)

    def grow(self, element: ET.Element) -> None:
        """Add an element's text, and mark what is marked in it."""
        start = len(self.text)
        self.text += element.text or ""
        for child in element:
            self.grow(child)
            self.text += child.tail or ""
        if element.tag in _MARKED:
            kind = element.get("type")
            self.mark(element.tag, start, {"type": kind} if kind else {})
        elif element.tag == "sentence" and element.get("certainty") == UNCERTAIN:
            self.mark(UNCERTAIN, start, {})


def read(files: Mapping[str, bytes], *, person: str) -> Export:
    """Give the documents of the files as tasks of a person."""
    export = Export()
    for path, data in files.items():
        documents = list(_documents(export, path, data))
        for number, document in enumerate(documents, start=1):
            name = (document.findtext("DocID") or "").strip()
            try:
                found = _read(document, f"{path} document {name or number}")
            except RecursionError:
                export.refuse(
                    f"{path} document {name or number}", "its elements are nested too deep"
                )
                continue
            submission = Submission(place=found.place, person=person, regions=tuple(found.regions))
            known = {"text": found.text, "doc_id": name}
            export.tasks.append(Task(place=found.place, data=known, submissions=(submission,)))
    return export


def _documents(export: Export, path: str, data: bytes) -> Iterator[ET.Element]:
    if b"<!ENTITY" in data:
        export.refuse(path, "it declares entities, which no file of CoNLL-2010 does")
        return
    try:
        root = ET.fromstring(data)  # noqa: S314 - nothing can be expanded without entities
    except (ET.ParseError, ValueError, LookupError) as error:
        export.refuse(path, f"not XML: {error}")
        return
    found = list(root.iter("Document"))
    if not found:
        export.refuse(path, "it holds no Document")
    yield from found


def _read(document: ET.Element, place: str) -> _Text:
    found = _Text(place=place)
    for part in document.iter("DocumentPart"):
        for number, sentence in enumerate(part.iter("sentence")):
            if found.text:
                found.text += "\n" if number else "\n\n"
            found.grow(sentence)
    return found
