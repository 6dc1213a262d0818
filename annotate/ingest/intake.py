"""The door: each article becomes a new document, a known one, a duplicate, or a reject."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from annotate.config import Ingest
from annotate.ingest import dates, encoding, language
from annotate.ingest.article import Article, Note
from annotate.ingest.canonical import canonical, canonicalise, one_line
from annotate.model import Appearance, Document, Reject

_WORD = re.compile(r"\w+")


@dataclass(kw_only=True)
class Intake:
    """What went through so far; every article and every reject is counted once.

    `known` holds the ids of the documents that were there before, `forgotten` those that
    were taken out for good, with the reason.
    """

    settings: Ingest
    languages: tuple[str, ...]
    known: frozenset[str]
    forgotten: Mapping[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    new: set[str] = field(default_factory=set)
    appearances: list[Appearance] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    _garbled: dict[str, list[Note]] = field(default_factory=dict)

    @property
    def found(self) -> int:
        """Give the number of articles and rejects so far."""
        return self.counts.total()

    def take(self, item: Article | Reject | Note, *, file: str) -> Document | None:
        """Give the document if it is a new one; `file` is the place of the whole file."""
        if isinstance(item, Note):
            self.notes.append(item)
            return None
        if isinstance(item, Reject):
            self._refuse(item)
            return None
        words = len(_WORD.findall(item.body))
        if words < self.settings.minimum_words:
            reason = f"{words} words, fewer than the {self.settings.minimum_words} of a document"
            self._refuse(Reject(place=item.source, reason=reason))
            return None
        spoken, refusal = language.accepted(canonical(item.body), self.languages)
        if refusal is not None:
            self._refuse(Reject(place=item.source, reason=refusal))
            return None
        document = canonicalise(item).replace(language=spoken)
        if document.doc_id in self.forgotten:
            reason = f"it was forgotten: {self.forgotten[document.doc_id]}"
            self._refuse(Reject(place=item.source, reason=reason))
            return None
        self._watch(item, document, file)
        self.appearances.append(self._appearance(item, document))
        return self._enter(document)

    def remarks(self) -> tuple[str, ...]:
        """Give the notes in words, those on garbled text one for each file."""
        garbled = [
            f"{file}: wrongly decoded characters in the text, articles: {len(seen)}, the first at "
            f"{seen[0].place} ({seen[0].message})"
            for file, seen in self._garbled.items()
        ]
        return (*map(str, self.notes), *garbled)

    def _enter(self, document: Document) -> Document | None:
        if document.doc_id in self.known:
            self.counts["known"] += 1
        elif document.doc_id in self.new:
            self.counts["exact_duplicates"] += 1
        else:
            self.counts["documents"] += 1
            self.new.add(document.doc_id)
            return document
        return None

    def _refuse(self, reject: Reject) -> None:
        self.counts["rejects"] += 1
        self.rejects.append(reject)

    def _watch(self, article: Article, document: Document, file: str) -> None:
        sign = encoding.mojibake(document.text)
        if sign is not None:
            shown = "U+FFFD" if sign == "\ufffd" else f"“{sign}”"
            self._garbled.setdefault(file, []).append(Note(place=article.source, message=shown))

    def _appearance(self, article: Article, document: Document) -> Appearance:
        published = one_line(article.published)
        return Appearance(
            doc_id=document.doc_id,
            publisher=one_line(article.publisher)
            or self.settings.publisher
            or article.head.publisher,
            author=one_line(article.author) or article.head.author,
            published=dates.normalised(published) if published else article.head.published,
            url=one_line(article.url),
            licence=one_line(article.licence) or self.settings.licence,
            source=article.source,
        )
