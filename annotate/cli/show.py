"""`annotate show`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import Json, say
from annotate.cli.options import show as show_result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from annotate.report.article import Explained, ExplainedArticle
    from annotate.taxonomy import Taxonomy


def show(
    sources: Annotated[
        list[str], typer.Argument(help="Files or folders, or - for standard input.")
    ],
    html: Annotated[Path | None, typer.Option(help="Write a page to this file instead.")] = None,
    tier: Annotated[int, typer.Option(min=1, max=2, help="2 shows the second tier too.")] = 1,
    limit: Annotated[int, typer.Option(min=1, help="How many articles.")] = 1,
    form: Annotated[
        str | None,
        typer.Option("--format", help="The format of the sources, when their names do not say."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Print articles with their markers highlighted, each with its rule and its reasons."""
    from annotate import pipeline, taxonomy

    markers = taxonomy.load().tier(tier)
    result = pipeline.show(
        sources, taxonomy=markers, form=form, stdin=sys.stdin.buffer, limit=limit
    )
    for item in result.rejects:
        say(f"left out: {item.place}: {item.reason}")
    if html is not None:
        from annotate.files import explained, write_atomically

        with explained(html):
            write_atomically(html, pipeline.article_page(result, markers).encode())
        typer.echo(html)
    elif as_json:
        show_result(result, as_json=True, render=lambda: iter(()))
    else:
        from rich.console import Console

        console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
        for article in result.articles:
            _print(article, markers, console)


def _print(article: "ExplainedArticle", markers: "Taxonomy", console: "Console") -> None:
    from rich.text import Text

    text = Text(article.text)
    for zone in article.zones:
        if zone.zone == "boilerplate":
            text.stylize("dim", zone.start, zone.end)
    for item in article.spans:
        found = item.suggestion
        colour = markers.marker(found.marker).colour
        text.stylize(f"bold {colour} underline", found.start, found.end)
    console.print(f"{article.source}\n", style="dim")
    console.print(text)
    for item in article.spans:
        for line in _lines(item):
            console.print(line)


def _lines(item: "Explained") -> "Iterator[str]":
    found = item.suggestion
    words = " ".join(item.words.split())
    yield f"{found.start}-{found.end}  {found.marker}  {words}"
    yield f"    rule {found.rule}, score {found.score:.2f}, voice {found.voice}"
    if found.attributes and found.judgement is None:
        yield "    " + ", ".join(f"{key} {value}" for key, value in found.attributes.items())
    if item.why:
        yield f"    {found.judgement or 'no judgement'}: {item.why}"
