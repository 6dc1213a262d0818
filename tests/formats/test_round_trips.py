"""What is written is read again, but for exactly what the format says that it lost."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate import taxonomy
from annotate.formats import (
    bio,
    bio_read,
    brat_folder,
    docbin,
    doccano,
    jsonl,
    label_studio_export,
    label_studio_tasks,
    ptc,
    w3c,
    w3c_read,
)
from annotate.formats.foreign import Export, Region, Submission
from annotate.formats.labelled import Labelled, LabelledSpan, LabelledZone, Losses
from annotate.model import Range
from annotate.spans import overlaps

TECHNIQUES = ptc.techniques(taxonomy.load())
MARKERS = ("unnamed_source", "loaded_language", "contentious_label")
FILES = Mapping[str, bytes]


def label_studio(files: FILES, *, person: str) -> Export:
    """Read the tasks, and what stands of their regions in each task's meta."""
    (data,) = files.values()
    export = label_studio_export.read(data, place="t.json")
    asides = [task["meta"]["spans"] for task in json.loads(data)]
    export.tasks = [
        task.replace(submissions=tuple(_with(each, aside) for each in task.submissions))
        for task, aside in zip(export.tasks, asides, strict=True)
    ]
    assert {each.person for task in export.tasks for each in task.submissions} <= {person}
    return export


def _with(submission: Submission, aside: Mapping[str, dict[str, str]]) -> Submission:
    regions = (
        it.replace(answers=it.answers | aside.get(it.place.rsplit(" ", 1)[1], {}))
        for it in submission.regions
    )
    return submission.replace(regions=tuple(regions))


@dataclass(frozen=True, kw_only=True)
class Form:
    """A format's two directions, and what becomes of a marker and of an id."""

    write: Callable[..., Losses]
    read: Callable[..., Export]
    label: Callable[[str], str | None] = str
    name: Callable[[str], str] = str

    def written(self, documents: Iterable[Labelled]) -> tuple[dict[str, bytes], dict[str, int]]:
        """Give the files, and what was lost by its kind."""
        files: dict[str, bytes] = {}

        def put(path: str, data: bytes) -> None:
            files[path] = files.get(path, b"") + data

        lost = self.write(documents, name="train", put=put).report()
        return files, {item.what: item.count for item in lost}


FORMS = {
    "jsonl": Form(write=jsonl.write, read=jsonl.read),
    "label-studio": Form(write=label_studio_tasks.write, read=label_studio),
    "docbin": Form(write=docbin.write, read=docbin.read),
    "bio": Form(write=partial(bio.write, markers=MARKERS), read=bio_read.read),
    "ptc": Form(
        write=partial(ptc.write, known=TECHNIQUES),
        read=ptc.read,
        label=TECHNIQUES.get,
        name=ptc.number,
    ),
    "brat": Form(write=brat_folder.write, read=brat_folder.read),
    "doccano": Form(write=doccano.write, read=doccano.read),
    "w3c": Form(write=w3c.write, read=w3c_read.read),
}
OF_SPANS = {"voice", "confidence", "attributes", "judgement", "referent", "support", "span id"}
OF_DOCUMENTS = {"metadata", "zones", "document attributes"}
MAY_LOSE: dict[str, set[str]] = {
    "jsonl": set(),
    "docbin": set(),
    "label-studio": {"referent"},
    "w3c": OF_DOCUMENTS,
    "brat": {*OF_DOCUMENTS, "referent", "span id"},
    "doccano": OF_SPANS,
    "ptc": {*OF_SPANS, *OF_DOCUMENTS, "span of unnamed_source, which is no technique"},
    "bio": {
        *OF_SPANS,
        *OF_DOCUMENTS,
        "white space of the text",
        "white space at a span's edge",
        "span of white space",
        "span that overlaps one of its marker",
    },
}
each_form = pytest.mark.parametrize("name", FORMS)
TEXTS = st.text(st.sampled_from("ab'._-# \n\t\u00a0\u2028🛳\ufe0fe\u0301\u200dД中\\n"), max_size=24)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["specificity", "interest"]), st.sampled_from(["1", "none"]), max_size=2
)


@st.composite
def ranges(draw: st.DrawFn, text: str) -> Range:
    start = draw(st.integers(0, len(text) - 1))
    return Range(start=start, end=draw(st.integers(start + 1, len(text))))


@st.composite
def spans(draw: st.DrawFn, text: str) -> LabelledSpan:
    place = draw(ranges(text))
    settled = draw(st.booleans())
    return LabelledSpan(
        start=place.start,
        end=place.end,
        marker=draw(st.sampled_from(MARKERS)),
        voice=draw(st.sampled_from(["reporter", "quoted_source", "headline"])),
        confidence=draw(st.sampled_from([1, 2, 3])),
        attributes=draw(ATTRIBUTES),
        judgement=draw(st.sampled_from([None, "protected_source"])),
        referent=draw(st.none() | ranges(text)),
        span_id=f"g-{draw(st.integers(0, 99))}" if settled else None,
        support=2 if settled else None,
        annotators=3 if settled else None,
        status="adjudicated" if settled else None,
    )


@st.composite
def labelled(draw: st.DrawFn, doc_id: str) -> Labelled:
    text = draw(TEXTS)
    found: dict[tuple[int, int, str], LabelledSpan] = {}
    for span in draw(st.lists(spans(text), max_size=5)) if text else ():
        found.setdefault((span.start, span.end, span.marker), span)
    zoned = bool(text) and draw(st.booleans())
    return Labelled(
        doc_id=doc_id,
        text=text,
        title=draw(st.none() | st.just("A quay 🛳")),
        language=draw(st.sampled_from([None, "en", "fr", "zz"])),
        publishers=draw(st.sampled_from([(), ("Velden Post",), ("Velden Post", "Tarn Echo")])),
        published=draw(st.none() | st.just("2031-02-03")),
        document_attributes=draw(st.sampled_from([{}, {"response_sought": "yes"}])),
        zones=(LabelledZone(start=0, end=len(text), zone="body"),) if zoned else (),
        spans=tuple(found[key] for key in sorted(found)),
    )


@st.composite
def corpora(draw: st.DrawFn) -> list[Labelled]:
    numbers = draw(st.lists(st.integers(0, 2**64 - 1), max_size=3, unique=True))
    return [draw(labelled(f"d-{number:016x}")) for number in numbers]


def differences(form: Form, documents: Iterable[Labelled], export: Export) -> Counter[str]:
    """Count by kind how what was read differs from what was there before it was written."""
    tasks = {task.data["doc_id"]: task for task in export.tasks}
    found: Counter[str] = Counter()
    for item in documents:
        task = tasks.pop(form.name(item.doc_id))
        (submission,) = task.submissions
        found["white space of the text"] += task.data["text"] != item.text
        assert len(task.data["text"]) == len(item.text)
        about = {"document_attributes": submission.document_attributes} | task.data
        known = msgspec.convert(
            {"doc_id": "", "text": ""}
            | {name: about[name] for name in Labelled.__struct_fields__ if name in about},
            Labelled,
        )
        metadata = ("title", "language", "publishers", "published")
        found["metadata"] += any(getattr(item, it) != getattr(known, it) for it in metadata)
        found["zones"] += item.zones != known.zones
        found["document attributes"] += item.document_attributes != known.document_attributes
        found.update(_of_spans(form, item, list(submission.regions)))
    assert not tasks
    return +found


def _of_spans(form: Form, item: Labelled, regions: list[Region]) -> Iterator[str]:
    """Give the kinds of what is lost; each region has to be that of a span."""
    by_place: dict[tuple[int, int, str | None], Region] = {
        (it.start, it.end, it.label): it for it in regions
    }
    assert len(by_place) == len(regions)
    taken = []
    for span in item.spans:
        label = form.label(span.marker)
        words = item.text[span.start : span.end]
        start = span.end - len(words.lstrip())
        end = span.start + len(words.rstrip())
        whole = by_place.pop((span.start, span.end, label), None)
        region = whole or by_place.pop((start, end, label), None)
        if region is not None:
            taken.append(region)
            yield from [] if whole else ["white space at a span's edge"]
            yield from _of_answers(span, region)
        elif label is None:
            yield f"span of {span.marker}, which is no technique"
        elif not words.strip():
            yield "span of white space"
        else:
            trimmed = Range(start=start, end=end)
            assert any(it.label == label and overlaps(it, trimmed) for it in regions)
            yield "span that overlaps one of its marker"
    assert not by_place


def _of_answers(span: LabelledSpan, region: Region) -> Iterator[str]:
    said = dict(region.answers)
    settled: dict[str, object] = {
        "support": span.support,
        "annotators": span.annotators,
        "status": span.status,
    }
    expected: dict[str, dict[str, object]] = {
        "voice": {"voice": span.voice},
        "confidence": {"confidence": span.confidence},
        "judgement": {"judgement": span.judgement},
        "span id": {"span_id": span.span_id},
        "support": settled,
    }
    unsaid = {"voice": "reporter", "confidence": "3"}
    for kind, values in expected.items():
        read = {name: said.pop(name, unsaid.get(name)) for name in values}
        if read != {name: None if it is None else str(it) for name, it in values.items()}:
            yield kind
    if said != span.attributes:
        yield "attributes"
    if region.referent != span.referent:
        yield "referent"


def refuse_without_spacy(name: str) -> None:
    if name == "docbin" and find_spec("spacy") is None:
        pytest.skip("needs spaCy: pip install -e '.[spacy]'")


@each_form
@settings(deadline=None)
@given(documents=corpora())
def test_what_is_read_again_is_all_but_what_was_reported_lost(
    name: str, documents: list[Labelled]
) -> None:
    """Overlaps, emoji, accents of their own, white space, and texts without anything."""
    refuse_without_spacy(name)
    form = FORMS[name]
    files, lost = form.written(documents)
    back = form.read(files, person="gold")
    assert not back.rejects
    assert differences(form, documents, back) == lost


@each_form
@settings(deadline=None)
@given(documents=corpora())
def test_a_format_loses_no_more_than_it_has_to(name: str, documents: list[Labelled]) -> None:
    """Two lose nothing at all: by the law above what is read of them is what was there."""
    refuse_without_spacy(name)
    lost = FORMS[name].written(documents)[1]
    assert set(lost) <= MAY_LOSE[name]


@given(documents=corpora())
def test_a_line_is_a_document_as_its_type_says(documents: list[Labelled]) -> None:
    """Without any reading of ours, msgspec gives the same documents back."""
    (data,) = FORMS["jsonl"].written(documents)[0].values()
    assert [msgspec.json.decode(line, type=Labelled) for line in data.splitlines()] == documents


@each_form
@settings(deadline=None, max_examples=20)
@given(documents=corpora())
def test_the_same_documents_give_the_same_bytes(name: str, documents: list[Labelled]) -> None:
    """Twice in a row."""
    refuse_without_spacy(name)
    form = FORMS[name]
    assert form.written(documents) == form.written(iter(documents))
