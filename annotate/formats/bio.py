"""CoNLL columns with BIO tags, written: one file per marker, because tags cannot overlap.

A line is a token with its start, its end and its tag between tabs; other readers take the
first and the last column. A document begins with `-DOCSTART-`, its id and the length of its
text; a blank line stands where the text has a line end outside all spans. Offsets are code
points, end-exclusive. Reading stands in `bio_read`.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from annotate.formats.labelled import Labelled, LabelledSpan, Losses, Put
from annotate.formats.tokens import tokens
from annotate.spans import merge, overlaps

DOCSTART = "-DOCSTART-"


def write(documents: Iterable[Labelled], *, name: str, markers: Sequence[str], put: Put) -> Losses:
    """Write a folder with a file for each of the markers; give what could not be said.

    All files have the same tokens. What cannot be said: a span that overlaps one of its own
    marker before it, white space at a span's edge, and white space but for blanks.
    """
    losses = Losses()
    for given in documents:
        item = _kept(losses, given, markers)
        found = tokens(item.text, item.spans)
        breaks = _breaks(item, found)
        if laid_out(item.text, found, breaks) != item.text:
            losses.count("white space of the text", item.doc_id)
        rows = [f"{item.text[start:end]}\t{start}\t{end}\t" for start, end in found]
        ends = ["\n\n" if end in breaks else "\n" for _, end in found]
        first = f"{DOCSTART}\t{item.doc_id}\t{len(item.text)}\tO\n\n"
        for marker in markers:
            tags = _tags(found, [span for span in item.spans if span.marker == marker])
            lines = map("".join, zip(rows, tags, ends, strict=True))
            put(f"{name}/{marker}.conll", "".join([first, *lines, "\n"]).encode())
    return losses


def laid_out(text: str, found: Iterable[tuple[int, int]], breaks: Iterable[int]) -> str:
    """Give the text as it is read again: white space is blanks, and a line end at the breaks."""
    characters = [" "] * len(text)
    for start, end in found:
        characters[start:end] = text[start:end]
    for place in breaks:
        characters[place] = "\n"
    return "".join(characters)


def _kept(losses: Losses, document: Labelled, markers: Sequence[str]) -> Labelled:
    """Give the document with spans that begin and end at tokens and never overlap their like."""
    doc_id = document.doc_id
    kept: list[LabelledSpan] = []
    for span in sorted(document.spans, key=lambda it: (it.start, it.end, it.marker)):
        trimmed = _trimmed(document.text, span)
        if span.marker not in markers:
            losses.count(f"span of {span.marker}, which has no file", doc_id)
        elif trimmed is None:
            losses.count("span of white space", doc_id)
        elif any(trimmed.marker == it.marker and overlaps(trimmed, it) for it in kept):
            losses.count("span that overlaps one of its marker", doc_id)
        else:
            losses.count("white space at a span's edge", doc_id, number=int(trimmed != span))
            kept.append(trimmed)
    return losses.keep(document.replace(spans=tuple(kept)))


def _trimmed(text: str, span: LabelledSpan) -> LabelledSpan | None:
    words = text[span.start : span.end]
    start, end = span.end - len(words.lstrip()), span.start + len(words.rstrip())
    return span.replace(start=start, end=end) if start < end else None


def _breaks(document: Labelled, found: Sequence[tuple[int, int]]) -> set[int]:
    """Give the ends of tokens behind which a line ends outside all spans."""
    covered = merge(document.spans)
    return {
        end
        for (_, end), (start, _) in pairwise(found)
        if "\n" in document.text[end:start]
        and not any(span.start < end and start < span.end for span in covered)
    }


def _tags(found: Iterable[tuple[int, int]], spans: Iterable[LabelledSpan]) -> Iterator[str]:
    waiting = iter(spans)
    span = next(waiting, None)
    for start, end in found:
        while span is not None and span.end <= start:
            span = next(waiting, None)
        if span is None or end <= span.start:
            yield "O"
        else:
            yield f"{'B' if start == span.start else 'I'}-{span.marker}"
