"""The text of a task as a document, so that offsets into the one lead into the other."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from annotate.config import Columns, Config
from annotate.errors import InvalidFile
from annotate.formats.foreign import Task
from annotate.ingest import columns, dates, language
from annotate.ingest.article import Article
from annotate.ingest.canonical import canonical, canonicalise, one_line
from annotate.model import Appearance, Document, Reject

_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|div|p|article|section)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Imported:
    """A task with its own text, its document, and where each place of the text went."""

    task: Task
    text: str
    document: Document
    appearance: Appearance
    offset: Callable[[int], int]


def imported(task: Task, *, key: str | None, config: Config) -> Imported | Reject:
    """Give the document of a task, or why there is none.

    `key` names the text in the task's data; without one it is guessed from usual names.
    A title of its own stays out of the text. Nothing is refused for its length or language:
    people have annotated it.
    """
    article = _article(task, key)
    if isinstance(article, Reject):
        return article
    text = article.body
    document = canonicalise(article)
    spoken, _ = language.accepted(document.text, config.project.languages)
    published = one_line(article.published)
    return Imported(
        task=task,
        text=text,
        document=document.replace(language=spoken),
        appearance=Appearance(
            doc_id=document.doc_id,
            publisher=one_line(article.publisher) or config.ingest.publisher,
            author=one_line(article.author),
            published=dates.normalised(published) if published else None,
            url=one_line(article.url),
            licence=one_line(article.licence) or config.ingest.licence,
            source=task.place,
        ),
        # Canonical text of a beginning is a beginning of the canonical text.
        offset=int if document.text == text else lambda place: len(canonical(text[:place])),
    )


def _article(task: Task, key: str | None) -> Article | Reject:
    def refused(reason: str) -> Reject:
        return Reject(place=task.place, reason=reason)

    if task.html:
        return refused("its regions stand on an HTML page: no place in a text follows from them")
    try:
        wanted = Columns(text=key)
        mapping = columns.resolve(wanted, task.data, place=task.place, sparse=True)
    except InvalidFile as error:
        return refused(error.message.removeprefix(f"{task.place}: ").replace("column", "key"))
    name = mapping.get("text")
    text = task.data[name] if name else None
    if name is None or (not task.marked and _MARKUP.match(str(text))):
        return refused("an HTML page, and no text: no place in a text follows from its regions")
    if not isinstance(text, str):
        return refused(f'"{name}" is no text, but {type(text).__name__}')
    if not canonical(text).strip():
        return refused(f'"{name}" is blank')
    article = columns.article(task.data, mapping, place=task.place)
    return article if isinstance(article, Reject) else article.replace(title=None)
