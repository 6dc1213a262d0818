"""`annotate train`."""

from collections.abc import Iterator
from typing import Annotated, Literal

import typer

from annotate.cli.options import Directory, Json, Row, Wait, listed, opened, say, show


def train(
    release: Annotated[
        str | None, typer.Option(help="The release to learn from; the latest by default.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="The name of the model.")] = None,
    level: Annotated[
        Literal["span", "sentence", "both"], typer.Option(help="What to learn.")
    ] = "both",
    seed: Annotated[int | None, typer.Option(help="That of annotate.toml by default.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a model of that name.")] = False,
    directory: Directory = None,
    wait: Wait = False,
    as_json: Json = False,
) -> None:
    """Train a sentence classifier and a span tagger on a release."""
    from annotate import pipeline

    result = pipeline.train(
        opened(directory),
        release=release,
        name=name,
        level=level,
        seed=seed,
        force=force,
        wait=wait,
        progress=lambda marker: say(f"learning {marker}"),
    )

    def render() -> Iterator[str]:
        rows: list[Row] = [
            ("model", result.path),
            ("release", result.release),
            ("documents", result.documents),
            ("sentences", result.sentences),
            ("tokens", result.tokens),
        ]
        for marker, card in result.markers.items():
            learnt = f"{card.spans} spans in {card.documents} documents"
            rows.append((marker, card.span_not_learnt or learnt))
        yield from listed(rows)
        if not result.trained:
            yield "the model was there already, from the same release, level and seed"

    show(result, as_json=as_json, render=render)
