"""spaCy's DocBin: spans in `doc.spans["sc"]`, exactly where they are.

The tokens are those of the language's blank pipeline, cut where a span begins or ends inside
one, so that no span is lost. What else is known stands in `doc.user_data["annotate"]`; spaCy
keeps it where it is asked to store user data. Offsets are code points, end-exclusive.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import count, islice
from typing import TYPE_CHECKING, Any

from annotate.errors import InvalidFile, MissingExtra
from annotate.formats.foreign import Export, Region, Submission, Task
from annotate.formats.labelled import Labelled, LabelledSpan, Losses, Put, answers, facts
from annotate.formats.tokens import cut
from annotate.model import Range

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span

SPANS, KEY = "sc", "annotate"
_NO_LANGUAGE = "xx"
_MOST = 5_000  # docs in a file, which is made in memory: about 30 kB each


def write(documents: Iterable[Labelled], *, name: str, put: Put) -> Losses:
    """Write `NAME.spacy` with a doc for each document; give what was lost: nothing.

    What is more than a file may hold goes to `NAME-2.spacy` and so on. Raises MissingExtra
    without spaCy.
    """
    refuse_without_spacy()
    from spacy.tokens import DocBin

    rest = iter(documents)
    for number in count(1):
        packed = DocBin(attrs=["ORTH", "SPACY"], store_user_data=True)
        for item in islice(rest, _MOST):
            packed.add(_doc(item))
        if len(packed) or number == 1:
            put(f"{name}{f'-{number}' if number > 1 else ''}.spacy", packed.to_bytes())
        if len(packed) < _MOST:
            break
    return Losses()


def refuse_without_spacy() -> None:
    """Raise MissingExtra, naming the extra, where spaCy is not installed."""
    from importlib.util import find_spec

    if find_spec("spacy") is None:
        raise MissingExtra(
            "spaCy is not installed", hint="Install it with pip install 'annotate-markers[spacy]'"
        )


def _doc(item: Labelled) -> "Doc":
    nlp = _blank(item.language or _NO_LANGUAGE)
    doc = marked(nlp.make_doc(item.text), item.spans)
    doc.user_data[KEY] = {**facts(item), "spans": [_said(span) for span in item.spans]}
    return doc


def marked(doc: "Doc", spans: Sequence[LabelledSpan]) -> "Doc":
    """Give a doc of the same text with the spans, its tokens cut where one begins or ends."""
    from spacy.tokens import Doc

    words, spaces = _words(doc, spans)
    made = Doc(doc.vocab, words=words, spaces=spaces)
    made.spans[SPANS] = [_placed(made, span.start, span.end, span.marker) for span in spans]
    return made


def _placed(doc: "Doc", start: int, end: int, label: str) -> "Span":
    """Give a span of a doc whose tokens are cut at its edges; raises ValueError where not."""
    span = doc.char_span(start, end, label=label)
    if span is None:
        message = f"no token begins at {start} or ends at {end}"
        raise ValueError(message)
    return span


@cache
def _blank(language: str) -> "Language":
    """Give the blank pipeline of a language, or the one for any where spaCy has none alone."""
    import spacy

    try:
        return spacy.blank(language)
    except ImportError:  # an unknown language, or one whose tokenizer is a package of its own
        return spacy.blank(_NO_LANGUAGE)


def _words(doc: "Doc", spans: Sequence[LabelledSpan]) -> tuple[list[str], list[bool]]:
    """Give the doc's tokens, cut at the edges of spans, and whether a blank follows each.

    The blank behind a token is one of its own where a span begins or ends with it.
    """
    starts, ends = {span.start for span in spans}, {span.end for span in spans}
    words: list[str] = []
    spaces: list[bool] = []
    whole = ((token.idx, token.idx + len(token)) for token in doc)
    blanks = {token.idx + len(token) for token in doc if token.whitespace_}
    text = doc.text
    for start, end in cut(whole, sorted(starts | ends)):
        words.append(text[start:end])
        apart = end in starts or end + 1 in ends
        spaces.append(end in blanks and not apart)
        if end in blanks and apart:
            words.append(" ")
            spaces.append(False)
    return words, spaces


def _said(span: LabelledSpan) -> dict[str, Any]:
    first = span.referent
    return {**answers(span), **({"referent": [first.start, first.end]} if first else {})}


def read(files: Mapping[str, bytes], *, person: str) -> Export:
    """Give the docs as tasks of a person: the spans under `sc`, else the entities.

    Raises MissingExtra without spaCy, and InvalidFile for a file that is no DocBin.
    """
    refuse_without_spacy()
    export = Export()
    for path, data in files.items():
        for number, doc in enumerate(_docs(data, path), start=1):
            place = f"{path} doc {number}"
            export.tasks.append(_task(export, doc, place, person))
    return export


def _docs(data: bytes, path: str) -> "list[Doc]":
    from spacy.tokens import DocBin

    try:
        return list(DocBin().from_bytes(data).get_docs(_blank(_NO_LANGUAGE).vocab))
    except Exception as error:  # zlib, msgpack, numpy and spaCy each have errors of their own
        raise InvalidFile(
            f"{path}: no DocBin of spaCy: {' '.join(str(error).split())[:100]}",
            hint="Name a file that DocBin.to_disk wrote",
        ) from error


def _task(export: Export, doc: "Doc", place: str, person: str) -> Task:
    given = doc.user_data.get(KEY)
    known = dict(given) if isinstance(given, Mapping) else {}
    spans = list(doc.spans[SPANS]) if SPANS in doc.spans else list(doc.ents)
    aside = sum(len(group) for name, group in doc.spans.items() if name != SPANS)
    if aside:
        export.ignored["spans under other keys"] += aside
    said = known.pop("spans", ())
    paired = len(said) == len(spans) and all(isinstance(item, Mapping) for item in said)
    before = len(export.rejects)
    regions = []
    for number, span in enumerate(spans):
        where = f"{place} span {number + 1}"
        if span.label_:
            regions.append(_region(span, said[number] if paired else {}, where))
        else:
            export.refuse(where, "it has no label")
    submission = Submission(
        place=place,
        person=person,
        regions=tuple(regions),
        refused=len(export.rejects) - before,
        document_attributes=known.pop("document_attributes", {}),
    )
    publishers = known.get("publishers")
    data = {**known, "text": doc.text, **({"publisher": publishers[0]} if publishers else {})}
    return Task(place=place, data=data, submissions=(submission,))


def _region(span: Any, said: Mapping[str, Any], place: str) -> Region:
    first = said.get("referent")
    return Region(
        place=place,
        label=span.label_,
        start=span.start_char,
        end=span.end_char,
        answers={name: str(value) for name, value in said.items() if name != "referent"},
        referent=Range(start=first[0], end=first[1]) if first else None,
    )
