"""From an article to its document: the text that every offset refers to.

Plain text stays verbatim but for line ends and control characters, so that offsets into
a file hold in its document. The rules have a version, and every document carries it.
"""

import re

from annotate.ingest import titles
from annotate.ingest.article import Article
from annotate.model import Document, document_id, text_sha256

CANONICALISER = "1"

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def canonical(text: str) -> str:
    r"""Give text with `\n` as its only line end and no control character but tab.

    CRLF, CR, vertical tab, form feed and NEL become `\n`; other C0 and C1 controls and
    leading byte order marks go; a lone surrogate becomes U+FFFD. U+2028 and U+2029 stay:
    Label Studio keeps them. The canonical text of canonical text is itself.
    """
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))
    return _SURROGATES.sub("\ufffd", text).lstrip("\ufeff")


def one_line(text: str | None) -> str | None:
    """Give metadata as canonical text on one line, None when nothing is left."""
    return " ".join(canonical(text or "").split()) or None


def canonicalise(article: Article) -> Document:
    """Give the article's document; the language is left open.

    A title of its own is put in front with a blank line, unless the body's first line is
    that title. Without one, a title that the text itself shows is recorded.
    """
    body = canonical(article.body)
    title = one_line(article.title)
    text = body
    if title is not None and titles.first_line(body) != title:
        text = f"{title}\n\n{body}"
    return Document(
        doc_id=document_id(text),
        text=text,
        text_sha256=text_sha256(text),
        title=title or titles.recognised(body),
        canonicaliser=CANONICALISER,
    )
