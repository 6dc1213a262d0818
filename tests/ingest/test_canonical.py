"""Canonical text: what is changed, and that nothing else is."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from annotate.ingest.article import Article
from annotate.ingest.canonical import CANONICALISER, canonical, canonicalise
from annotate.model import document_id

_ANY = st.text(st.characters(exclude_categories=()))
_CLEAN = st.text(st.characters(exclude_categories=("Cc", "Cs"))).filter(
    lambda text: not text.startswith("\ufeff")
)


@given(_ANY)
def test_canonical_text_is_its_own_canonical_text(text: str) -> None:
    """Canonicalising twice is canonicalising once."""
    assert canonical(canonical(text)) == canonical(text)


@given(_ANY)
def test_canonical_text_has_no_control_character_but_tab_and_line_feed(text: str) -> None:
    """No control character, lone surrogate or leading byte order mark is left."""
    result = canonical(text)
    categories = {unicodedata.category(each) for each in result if each not in "\t\n"}
    assert not categories & {"Cc", "Cs"}
    assert not result.startswith("\ufeff")
    result.encode("utf-8")


@given(_CLEAN)
def test_clean_text_is_verbatim(text: str) -> None:
    """Text without control characters keeps every code point, so that offsets hold."""
    assert canonical(text) == text


def test_line_ends_become_line_feeds() -> None:
    """CRLF, CR, vertical tab, form feed and NEL are line ends; U+2028 and U+2029 stay."""
    assert canonical("a\r\nb\rc\vd\fe\x85f") == "a\nb\nc\nd\ne\nf"
    assert canonical("a\u2028b\u2029c\u00a0d") == "a\u2028b\u2029c\u00a0d"


def test_control_characters_and_surrogates() -> None:
    """NUL and its like are dropped; a lone surrogate becomes U+FFFD."""
    assert canonical("\ufeff\x00na\x00me\x1b[0m \ud800x\x9c") == "name[0m \ufffdx"


def test_title_of_its_own_stands_in_front() -> None:
    """A title field comes first with a blank line, blanks collapsed, body verbatim."""
    document = canonicalise(
        Article(body="  Water rose. \n", title=" Bridge \n closed ", source="a")
    )
    assert document.text == "Bridge closed\n\n  Water rose. \n"
    assert document.title == "Bridge closed"
    assert document.doc_id == document_id(document.text)
    assert document.canonicaliser == CANONICALISER


def test_title_is_not_repeated() -> None:
    """A body whose first line is the title keeps its text."""
    body = "\nBridge  closed\nWater rose."
    assert canonicalise(Article(body=body, title="Bridge closed", source="a")).text == body


def test_title_that_begins_a_sentence_is_put_in_front() -> None:
    """A body that merely begins with the title's words does not have that title line."""
    text = canonicalise(Article(body="Norland said no.", title="Norland", source="a")).text
    assert text == "Norland\n\nNorland said no."


def test_plain_text_is_verbatim_and_shows_its_title() -> None:
    """A short first line before a blank line is the title, and nothing moves."""
    body = "\n\nBridge closed after flood\n\nWater rose by two metres.\n"
    document = canonicalise(Article(body=body, source="a"))
    assert document.text == body
    assert document.title == "Bridge closed after flood"


def test_markdown_heading_is_the_title() -> None:
    """A heading is a title without a blank line, and its sign is no part of it."""
    document = canonicalise(Article(body="# Bridge closed #\nWater rose.", source="a"))
    assert document.title == "Bridge closed"


def test_sentences_bylines_and_datelines_are_no_titles() -> None:
    """What ends like a sentence, names an author, or opens with a place is no title."""
    for line in (
        "Water rose.",
        "By Mara Lind",
        "NORWICK (Valley News) \u2013 Water rose",
        "He said:",
    ):
        assert canonicalise(Article(body=f"{line}\n\nMore of it.", source="a")).title is None
