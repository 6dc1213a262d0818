"""An article as a page of its own: its markers highlighted, each with its reasons."""

from collections.abc import Iterable, Iterator, Sequence

from annotate.model import Record, Suggestion, Zone
from annotate.pages import environment
from annotate.taxonomy import Taxonomy


class Explained(Record, frozen=True, kw_only=True):
    """A suggestion with its words, and why its judgement is what it is."""

    suggestion: Suggestion
    words: str
    why: str | None = None


class ExplainedArticle(Record, frozen=True, kw_only=True):
    """A text with its zones and explained suggestions; offsets are code points of `text`."""

    source: str
    title: str | None
    text: str
    zones: tuple[Zone, ...]
    spans: tuple[Explained, ...]


class Piece(Record, frozen=True, kw_only=True):
    """A stretch of text inside the same markers throughout.

    `ending` holds the numbers, from 1, of the spans that end with it.
    """

    words: str
    markers: tuple[str, ...]
    ending: tuple[int, ...]
    boilerplate: bool


def render_articles(articles: Sequence[ExplainedArticle], taxonomy: Taxonomy) -> str:
    """Give a page that needs nothing from outside; the same input gives the same bytes."""
    page = (
        environment()
        .get_template("article.html.j2")
        .render(
            articles=[{"article": item, "pieces": list(pieces(item))} for item in articles],
            markers={marker.marker: marker for marker in taxonomy.markers},
        )
    )
    return page.strip() + "\n"


def pieces(article: ExplainedArticle) -> Iterator[Piece]:
    """Cut the text at every edge of a span or zone, in order and without gaps."""
    waste = [zone for zone in article.zones if zone.zone == "boilerplate"]
    spans = [item.suggestion for item in article.spans]
    for start, end in _stretches(len(article.text), [*waste, *spans]):
        over = [
            (number, span)
            for number, span in enumerate(spans, start=1)
            if span.start <= start and end <= span.end
        ]
        yield Piece(
            words=article.text[start:end],
            markers=tuple(span.marker for _, span in over),
            ending=tuple(number for number, span in over if span.end == end),
            boilerplate=any(zone.start <= start < zone.end for zone in waste),
        )


def _stretches(length: int, ranges: Iterable[Zone | Suggestion]) -> Iterator[tuple[int, int]]:
    from itertools import pairwise

    edges = {0, length} | {edge for item in ranges for edge in (item.start, item.end)}
    yield from pairwise(sorted(edges))
