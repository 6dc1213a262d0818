"""Encodings: told by a mark, by validity, or guessed and said."""

from pathlib import Path

import pytest

from annotate.errors import InvalidFile
from annotate.ingest import encoding

_ENGLISH = "The mayor\u2019s office said \u201cnothing\u201d \u2013 caf\u00e9 owners disagreed.\n"
_ARABIC = "قال رئيس البلدية يوم الاثنين إن الجسر سيبقى مغلقا حتى نهاية الأسبوع بسبب الفيضان\n"
_RUSSIAN = "Мэр заявил в понедельник, что мост останется закрытым до конца недели из-за паводка\n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_needs_no_word(codec: str) -> None:
    """UTF-8 and whatever has a byte order mark is read without a note."""
    assert encoding.decode(_ENGLISH.encode(codec)) == (_ENGLISH, None)


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (_ENGLISH, "cp1252"),
        (_ARABIC, "cp1256"),
        (_RUSSIAN, "cp1251"),
        (_RUSSIAN, "koi8_r"),
        (_ENGLISH, "utf-16-le"),
        (_ENGLISH, "utf-16-be"),
    ],
)
def test_other_encodings_are_read_and_named(text: str, codec: str) -> None:
    """Text in another encoding comes out right, with a note that names it."""
    found, note = encoding.decode(text.encode(codec))
    assert found == text
    assert note is not None
    assert codec in note.lower()


def test_stray_bytes_do_not_spoil_a_utf8_file() -> None:
    """A file that is UTF-8 but for one row stays UTF-8; the row's bytes are cp1252."""
    text, note = encoding.decode(_ARABIC.encode() * 3 + _ENGLISH.encode("cp1252"))
    assert text == _ARABIC * 3 + _ENGLISH
    assert note == "UTF-8 but for 5 bytes, read as cp1252"


def test_bytes_that_no_encoding_has_become_replacement_characters() -> None:
    """An undefined byte is a visible U+FFFD and a note, not a guess."""
    text, note = encoding.decode(b"Copyright \x95\x81 2018 by nobody in particular. " * 20)
    assert "\u2022\ufffd 2018" in text
    assert note == "not UTF-8; read as cp1252, with U+FFFD for bytes that it does not have"


def test_file_and_bytes_are_detected_alike(tmp_path: Path) -> None:
    """Reading block by block finds what reading at once finds."""
    path = tmp_path / "a.csv"
    path.write_bytes(_RUSSIAN.encode("cp1251") * 40_000)
    with encoding.opened(path, encoding.detect(path)) as file:
        assert file.readline() == _RUSSIAN


def test_line_ends_are_read_verbatim(tmp_path: Path) -> None:
    """A CR inside a field is not turned into a line feed by opening the file."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"a\r\nb\rc\n")
    with encoding.opened(path, encoding.detect(path)) as file:
        assert file.read() == "a\r\nb\rc\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.7 text", "not text but a PDF"),
        (b"PK\x03\x04rest", "not text but a ZIP archive or an office document"),
        (b"\x1f\x8b\x08rest", "not text but a gzip file"),
        (bytes(range(32)) * 40, "not text but binary data"),
    ],
)
def test_what_is_not_text_is_refused_by_name(data: bytes, message: str) -> None:
    """Binary data is refused, with its kind where the first bytes tell it."""
    with pytest.raises(InvalidFile, match=message):
        encoding.decode(data)


def test_a_single_nul_is_still_text() -> None:
    """One stray NUL in a text does not make it binary."""
    assert encoding.decode(b"The mayor said\x00 nothing about the bridge.")[1] is None


@pytest.mark.parametrize(
    "garbled", ["caf\u00c3\u00a9", "mayor\u00e2\u20ac\u2122s", "a\ufffdb", "\u00c2\u00a35"]
)
def test_mojibake_is_seen(garbled: str) -> None:
    """Doubly encoded text and replacement characters are signs of wrong decoding."""
    assert encoding.mojibake(f"The {garbled} bill") is not None


@pytest.mark.parametrize(
    "clean", ["café", "S\u00c3O PAULO", "\u00c2nimo", "\u20ac5 \u2013 \u201cfine\u201d", _ARABIC]
)
def test_clean_text_is_no_mojibake(clean: str) -> None:
    """Accented capitals and typographic quotes are fine."""
    assert encoding.mojibake(clean) is None
