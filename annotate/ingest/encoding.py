"""Which encoding a file is in, said whenever it is not plainly UTF-8."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from annotate.errors import InvalidFile

_BLOCK = 1 << 20
_SAMPLE = 1 << 18
# Shares of non-ASCII bytes in the lines that have any.
_PUNCTUATION_ONLY = 0.005
_LATIN_LETTERS = 0.15
_CONTROL_SHARE = 0.05
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
)
_LATIN = ["cp1252", "cp1250", "cp1254", "cp1257"]
_OTHERS = [
    *("cp1251", "cp1253", "cp1255", "cp1256", "cp1258", "koi8_r"),
    *("gb18030", "big5", "cp932", "euc_jp", "cp949"),
]
_STRAY = "annotate.stray"
_HIGH = re.compile(rb"[\x80-\xff]")
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_MOJIBAKE = re.compile(
    "\ufffd"
    "|\u00c3[\u0080-\u00bf\u0192\u0161\u017e\u0152\u0153\u0178\u2013-\u203a\u20ac\u2122]"
    "|\u00c2[\u0080-\u00bf]"
    "|\u00e2\u20ac[\u0080-\u00bf\u0153\u0161\u017e\u02dc\u2013-\u203a\u20ac\u2122]"
)


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """A codec, how it meets bytes that do not fit, and a word about it if one is due."""

    codec: str
    errors: str = "strict"
    note: str | None = None


def detect(path: Path) -> Encoding:
    """Give the encoding of a text file, reading it block by block.

    A byte order mark decides, then valid UTF-8, then the likeliest of the encodings in
    use. Raises InvalidFile when the file is not text.
    """
    with path.open("rb") as file:
        head = file.read(_BLOCK)
        found = _marked(head)
        if found is not None:
            return found
        decoder = codecs.getincrementaldecoder("utf-8")()
        block = head
        try:
            while block:
                decoder.decode(block)
                block = file.read(_BLOCK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            file.seek(0)
            return _guessed(_sample(iter(lambda: file.readline(_BLOCK), b"")))
    return Encoding(codec="utf-8")


def decode(data: bytes) -> tuple[str, str | None]:
    """Give the text of some bytes, and a word about its encoding if one is due.

    Raises InvalidFile when the bytes are not text.
    """
    found = _marked(data)
    if found is None:
        try:
            return data.decode("utf-8"), None
        except UnicodeDecodeError:
            found = _guessed(_sample(iter(data.splitlines(keepends=True))))
    _allow_strays()
    return data.decode(found.codec, found.errors), found.note


def opened(path: Path, encoding: Encoding) -> TextIO:
    """Open a text file of that encoding, line ends verbatim."""
    _allow_strays()
    return path.open(encoding=encoding.codec, errors=encoding.errors, newline="")


def mojibake(text: str) -> str | None:
    """Give the first sign that text was decoded wrongly at some time, or None."""
    found = _MOJIBAKE.search(text)
    return found.group() if found else None


def _marked(head: bytes) -> Encoding | None:
    """Give the encoding that the first bytes tell, or None; refuse what is not text."""
    for mark, codec in _BOMS:
        if head.startswith(mark):
            return Encoding(codec=codec, errors="replace")
    for magic, name in _MAGIC:
        if head.startswith(magic):
            raise InvalidFile(f"not text but {name}", hint="Save it as text or HTML")
    for codec, zeros in (("utf-16-le", head[1:4096:2]), ("utf-16-be", head[0:4096:2])):
        if len(zeros) > 1 and zeros.count(0) > 0.6 * len(zeros) and head.count(0) < 0.6 * len(head):
            note = f"read as {codec.upper()}, which it does not say"
            return Encoding(codec=codec, errors="replace", note=note)
    controls = len(head) - len(head.translate(None, bytes({*range(32)} - {*b"\t\n\v\f\r"})))
    if controls > _CONTROL_SHARE * len(head):
        raise InvalidFile("not text but binary data", hint="Save it as text or HTML")
    return None


def _sample(lines: Iterator[bytes]) -> bytes:
    kept, size = [], 0
    for line in lines:
        if not line.isascii():
            kept.append(line)
            size += len(line)
            if size >= _SAMPLE:
                break
    return b"".join(kept)


def _guessed(sample: bytes) -> Encoding:
    high = len(_HIGH.findall(sample))
    whole = sum(map(len, _MULTIBYTE.findall(sample)))
    if whole > 0.5 * high:
        note = f"UTF-8 but for {high - whole} bytes, read as cp1252"
        return Encoding(codec="utf-8", errors=_STRAY, note=note)
    codec = _likeliest(sample, share=high / max(1, len(sample)))
    try:
        sample.decode(codec)
    except UnicodeDecodeError:
        note = f"not UTF-8; read as {codec}, with U+FFFD for bytes that it does not have"
        return Encoding(codec=codec, errors="replace", note=note)
    return Encoding(codec=codec, errors="replace", note=f"not UTF-8; read as {codec}")


def _likeliest(sample: bytes, *, share: float) -> str:
    """Give the likeliest codec; a script of its own shows in the share of bytes beyond ASCII."""
    import charset_normalizer

    if share <= _PUNCTUATION_ONLY:
        return "cp1252"
    candidates = _LATIN if share <= _LATIN_LETTERS else _LATIN + _OTHERS
    best = charset_normalizer.from_bytes(sample, cp_isolation=candidates).best()
    if best is None or "cp1252" in best.could_be_from_charset:
        return "cp1252"
    return best.encoding


def _allow_strays() -> None:
    codecs.register_error(_STRAY, _stray)


def _stray(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end
