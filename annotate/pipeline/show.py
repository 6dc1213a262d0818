"""`annotate show`: articles with their suggestions, each with its rule and its reasons."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from annotate.config import Columns
from annotate.errors import InvalidFile
from annotate.ingest import sources
from annotate.ingest.article import Article
from annotate.ingest.canonical import canonicalise
from annotate.ingest.zones import find_zones
from annotate.model import Record, Reject
from annotate.report.article import Explained, ExplainedArticle, render_articles
from annotate.suggest.engine import suggest_document
from annotate.suggest.rules import Rules, load_rules
from annotate.taxonomy import Taxonomy


class ShowResult(Record, frozen=True, kw_only=True):
    """The articles that were asked for, and what could not be read."""

    articles: tuple[ExplainedArticle, ...]
    rejects: tuple[Reject, ...]


def show(  # noqa: PLR0913 - keyword-only options of one command
    paths: Sequence[str | Path],
    *,
    taxonomy: Taxonomy,
    columns: Columns | None = None,
    form: str | None = None,
    stdin: BinaryIO | None = None,
    limit: int = 1,
) -> ShowResult:
    """Read the first `limit` articles and suggest, without any workspace.

    Raises UsageError for a path that is not there, InvalidFile when no article is found.
    """
    rules = load_rules(taxonomy)
    articles: list[ExplainedArticle] = []
    rejects: list[Reject] = []
    with TemporaryDirectory(prefix="annotate-") as folder:
        for item in _read(paths, columns or Columns(), form, stdin, Path(folder)):
            if isinstance(item, Reject):
                rejects.append(item)
            elif isinstance(item, Article):
                articles.append(_explained(item, taxonomy, rules))
            if len(articles) == limit:
                break
    if not articles:
        reasons = "; ".join(f"{item.place}: {item.reason}" for item in rejects)
        raise InvalidFile(f"no article to show ({reasons or 'nothing there'})", hint="Name another")
    return ShowResult(articles=tuple(articles), rejects=tuple(rejects))


def article_page(result: ShowResult, taxonomy: Taxonomy) -> str:
    """Give what was shown as one HTML page that needs nothing from outside."""
    return render_articles(result.articles, taxonomy)


def _read(
    paths: Sequence[str | Path],
    columns: Columns,
    form: str | None,
    stdin: BinaryIO | None,
    folder: Path,
) -> Iterator[object]:
    kept = sources.kept_stdin(paths, stdin, folder)
    for source in sources.listed(paths, form=form, own=frozenset(), stdin=kept):
        if isinstance(source, Reject):
            yield source
        else:
            yield from sources.read(source, columns)


def _explained(article: Article, taxonomy: Taxonomy, rules: Rules) -> ExplainedArticle:
    document = canonicalise(article)
    zones = find_zones(document)
    found = suggest_document(document, zones, rules)
    explained = []
    for item in found:
        derivation = taxonomy.derivation(item.marker)
        why = derivation.explain(item.attributes) if derivation else None
        words = document.text[item.start : item.end]
        explained.append(Explained(suggestion=item, words=words, why=why))
    return ExplainedArticle(
        source=article.source,
        title=document.title,
        text=document.text,
        zones=tuple(zones),
        spans=tuple(explained),
    )
