"""The engine: laws that hold for any text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate import taxonomy
from annotate.model import Document, Suggestion, Zone, document_id, text_sha256
from annotate.suggest.engine import suggest_document, suggest_documents, suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))
PIECES = (
    "A senior official in the Velden ministry said the raid was planned. ",
    "Speaking on condition of anonymity, the official gave no details. ",
    "Activists and residents confirmed it. ",
    "The attack was reportedly carried out by rebels. ",
    "It was not clear who fired first. ",
    "“Sources told me,” said Mayor Ada Kranz. ",
    "According to a source, ",
    "Marta Ilen, a pseudonym for a farmer in Kesh, said she saw it. ",
    "These suspicions are confirmed",
    "**a [source](#)** said ",
    "\r\n",
    "\n\n",
    "\u2028",
    "İstanbul ",
    "é\u0301",
    "\U0001f600",
    "\ue000\uf8ff",
    "\x00",
    "'",
    "“",
    '"',
    "((",
)
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=9).map("".join)


def shown(text: str, found: list[Suggestion]) -> list[tuple[str, str, str]]:
    return [(item.marker, item.rule, text[item.start : item.end]) for item in found]


@settings(deadline=None, max_examples=150)
@given(TEXTS)
def test_any_text_gives_legal_spans(text: str) -> None:
    """Spans lie in the text, have no blank edges, and do not overlap within a marker."""
    found = suggest_text(text, rules=RULES)
    assert found == sorted(found, key=lambda item: (item.start, item.end, item.marker))
    reached: dict[str, int] = {}
    for item in found:
        assert 0 <= item.start < item.end <= len(text)
        covered = text[item.start : item.end]
        assert covered == covered.strip()
        assert item.start >= reached.get(item.marker, 0)
        reached[item.marker] = item.end


@settings(deadline=None, max_examples=60)
@given(TEXTS, st.sampled_from(["\U0001f600\U0001f468\u200d\U0001f469", "\U0001f600", "é"]))
def test_a_paragraph_in_front_shifts_all_offsets(text: str, front: str) -> None:
    """Offsets count code points: a paragraph of emoji moves each span by its length."""
    shift = len(front) + 2
    before = suggest_text(text, rules=RULES)
    after = suggest_text(f"{front}\n\n{text}", rules=RULES)
    assert [(item.start - shift, item.end - shift, item.marker) for item in after] == [
        (item.start, item.end, item.marker) for item in before
    ]


@settings(deadline=None, max_examples=60)
@given(TEXTS, TEXTS)
def test_boilerplate_changes_nothing(text: str, waste: str) -> None:
    """What stands in boilerplate is neither marked nor read for attributes."""
    body = text + "."
    whole = f"{body}\n\n{waste}"
    zones = [Zone(doc_id="d", start=0, end=len(body), zone="body")]
    if waste:
        zones.append(Zone(doc_id="d", start=len(body), end=len(whole), zone="boilerplate"))
    alone = [(s.start, s.end, s.attributes) for s in suggest_text(body, zones[:1], RULES)]
    assert [(s.start, s.end, s.attributes) for s in suggest_text(whole, zones, RULES)] == alone


def document(text: str, title: str | None = None) -> Document:
    return Document(
        doc_id=document_id(text),
        text=text,
        text_sha256=text_sha256(text),
        title=title,
        canonicaliser="test",
    )


def test_a_document_gives_the_same_suggestions_each_time() -> None:
    """Suggestions are equal in every run, with equal ids, and carry rule and suggester."""
    text = "".join(PIECES[:8])
    first = suggest_document(document(text), [], RULES)
    assert first == suggest_document(document(text), [], RULES)
    assert len({item.suggestion_id for item in first}) == len(first) > 5
    assert {item.suggester for item in first} == {"rules@1"}
    assert {item.doc_id for item in first} == {document_id(text)}


@settings(deadline=None, max_examples=60)
@given(st.lists(TEXTS, max_size=5))
def test_documents_at_once_give_what_each_gives_alone(texts: list[str]) -> None:
    """How documents are put together changes nothing, also where one has no zones."""
    documents = [document(text) for text in texts]
    zones = [
        [Zone(doc_id="d", start=0, end=len(text), zone="body")] if text and number % 2 else []
        for number, text in enumerate(texts)
    ]
    alone = [suggest_document(*each, RULES) for each in zip(documents, zones, strict=True)]
    assert suggest_documents(documents, zones, RULES) == alone


def test_line_ends_of_all_kinds_keep_offsets() -> None:
    """Offsets are into the string as given, also with CRLF."""
    text = "First line.\r\n\r\nA source\r\nin the ministry said so.\r\n"
    assert [item[2] for item in shown(text, suggest_text(text, rules=RULES))] == [
        "A source\r\nin the ministry"
    ]


def test_a_sentence_never_crosses_a_paragraph() -> None:
    """A source at the end of one paragraph does not speak in the next."""
    assert suggest_text("He called Mara Lind\n\nsaid the sign above the door.", rules=RULES) == []


def test_a_title_speaks_with_the_headline_voice() -> None:
    """In the title zone, and where the body opens with the headline again."""
    title = "Critics say the stadium is too big"
    text = f"{title}\n\n{title}. The council met. Critics say it will ruin the town."
    zones = [
        Zone(doc_id="d", start=0, end=len(title), zone="title"),
        Zone(doc_id="d", start=len(title) + 2, end=len(text), zone="body"),
    ]
    found = suggest_document(document(text, title), zones, RULES)
    voices = [item.voice for item in found if item.marker == "vague_collective_source"]
    assert voices == ["headline", "headline", "reporter"]


@pytest.mark.parametrize(
    "text",
    [
        "a source " * 5_000,
        "(" * 1_000_000,
        "A source said\n" * 3_000,
        "“" * 300_000 + " said",
        "a.b/" * 250_000,
    ],
)
def test_nonsense_takes_bounded_time(text: str) -> None:
    """No text makes the rules run away: 5,000 mentions, a megabyte of brackets."""
    started = time.perf_counter()
    suggest_text(text, rules=RULES)
    assert time.perf_counter() - started < 20
