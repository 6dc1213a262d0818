"""`annotate suggest`."""

from collections.abc import Iterator

from annotate.cli.options import Directory, DryRun, Json, Wait, listed, opened, progress, show


def suggest(
    directory: Directory = None,
    dry_run: DryRun = False,
    wait: Wait = False,
    as_json: Json = False,
) -> None:
    """Suggest spans for every document by the rules of the marker files."""
    from annotate import pipeline

    workspace = opened(directory)
    with progress("Suggesting") as step:
        result = pipeline.suggest(workspace, dry_run=dry_run, wait=wait, progress=step)

    def render() -> Iterator[str]:
        yield from listed([("documents", result.documents), ("suggestions", result.suggestions)])
        yield from (f"  {line}" for line in listed(list(result.markers.items())))
        if result.judgements:
            yield "judgements"
            yield from (f"  {line}" for line in listed(list(result.judgements.items())))

    show(result, as_json=as_json, render=render)
