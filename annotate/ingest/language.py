"""Which language a text is in, so that documents in another one are refused."""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

from annotate.model import Record

_CHARACTERS = 1_000
_SURE = 0.8
_NOISE = re.compile(r"https?://\S+|\S+@\S+|\]\([^)]*\)")


class Language(Record, frozen=True, kw_only=True):
    """An ISO 639-1 code and how sure the identifier is of it, 0 to 1."""

    code: str
    confidence: float


def identify(text: str) -> Language:
    """Give the language of a text, from its first 1,000 characters without links."""
    code, confidence = _identifier().classify(
        _NOISE.sub(" ", text[: 2 * _CHARACTERS])[:_CHARACTERS]
    )
    return Language(code=str(code), confidence=float(confidence))


def accepted(text: str, languages: tuple[str, ...]) -> tuple[str | None, str | None]:
    """Give the language of a text and why it is refused.

    A text is refused only when the identifier is sure, since names mislead it in short
    ones; otherwise its language stays open, and both are None.
    """
    found = identify(text)
    if found.code in languages:
        return found.code, None
    if found.confidence < _SURE:
        return None, None
    return None, f"language {found.code} is not in {', '.join(languages)}"


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
