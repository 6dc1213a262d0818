"""`annotate run`."""

from collections.abc import Iterator

from annotate.cli.options import Directory, Json, opened, say, show


def run(directory: Directory = None, as_json: Json = False) -> None:
    """Move the workspace through every stage that can go now, and say where people must act."""
    from annotate import pipeline

    result = pipeline.run(opened(directory), progress=say)

    def render() -> Iterator[str]:
        yield from result.steps
        yield from (f"waiting: {line}" for line in result.waiting)
        yield f"next: {result.next}"

    show(result, as_json=as_json, render=render)
