"""The sentences of CoNLL-2010, with invented ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.formats import conll2010

XML = """<?xml version="1.0" encoding="UTF-8"?>
<Annotation><DocumentSet>
<Document type="wiki"><DocID>7</DocID>
<DocumentPart type="Title"><sentence certainty="certain" id="S1">Zoe\u0308's quay</sentence>
</DocumentPart>
<DocumentPart type="Text">
<sentence id="S2" certainty="uncertain"><ccue>Some say</ccue> it &amp; 🛳 sank.</sentence>
<sentence id="S3"><xcope id="X1">It <cue type="speculation">may</cue> float</xcope>.</sentence>
</DocumentPart></Document>
<Document><DocID/><DocumentPart/></Document>
</DocumentSet></Annotation>
"""


def test_sentences_become_a_text_and_cues_its_spans() -> None:
    """A line each, a blank line between parts; entities of XML are one character."""
    first, second = conll2010.read({"t.xml": XML.encode()}, person="x").tasks
    text = first.data["text"]
    assert text == "Zoe\u0308's quay\n\nSome say it & 🛳 sank.\nIt may float."
    regions = first.submissions[0].regions
    assert [(it.label, text[it.start : it.end]) for it in regions] == [
        ("ccue", "Some say"),
        ("uncertain", "Some say it & 🛳 sank."),
        ("cue", "may"),
        ("xcope", "It may float"),
    ]
    assert regions[2].answers == {"type": "speculation"}
    assert (first.place, second.place) == ("t.xml document 7", "t.xml document 2")
    assert second.data["text"] == ""


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"nothing", "not XML"),
        (b"", "not XML"),
        (b"<Annotation/>", "no Document"),
        (b'<?xml version="1.0" encoding="none-such"?><a/>', "not XML"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "declares entities"),
        (b"<Document><DocumentPart><sentence>" + b"<a>" * 5000 + b"</a>" * 5000
         + b"</sentence></DocumentPart></Document>", "nested too deep"),
    ],
)  # fmt: skip
def test_another_file_is_refused(data: bytes, reason: str) -> None:
    """In one line, whatever it is."""
    export = conll2010.read({"t.xml": data}, person="x")
    assert not export.tasks
    assert reason in export.rejects[0].reason


PARTS = ["<sentence certainty='uncertain'>", "</sentence>", "<ccue>", "</ccue>", " ", "🛳 a"]


@given(st.lists(st.sampled_from(PARTS)))
def test_any_elements_are_read_or_refused(parts: list[str]) -> None:
    """What is marked lies in the text and has no blank at its edges."""
    inside = f"<DocumentPart>{''.join(parts)}</DocumentPart>"
    data = f"<Document>{inside}</Document>".encode()
    for task in conll2010.read({"t.xml": data}, person="x").tasks:
        for region in task.submissions[0].regions:
            words = task.data["text"][region.start : region.end]
            assert words
            assert words == words.strip()
