"""`annotate push`."""

from collections.abc import Iterator

from annotate.cli.options import (
    Directory,
    DryRun,
    Json,
    Row,
    Wait,
    listed,
    opened,
    progress,
    show,
    some,
)


def push(
    directory: Directory = None,
    dry_run: DryRun = False,
    wait: Wait = False,
    as_json: Json = False,
) -> None:
    """Bring assignments to Label Studio: a project per annotator, a task per assignment."""
    from annotate import pipeline

    workspace = opened(directory)
    with progress("Pushing") as step:
        result = pipeline.push(workspace, dry_run=dry_run, wait=wait, progress=step)

    def render() -> Iterator[str]:
        rows: list[Row] = [
            ("server", result.server),
            ("tasks", result.tasks),
            ("added", result.added),
            ("copies removed", result.removed),
            ("copies merged", len(result.merged)),
        ]
        rows += [(item.annotator, item.url) for item in result.projects]
        rows += [(name, f"has no account yet: {email}") for name, email in result.absent.items()]
        if workspace.config.studio.url is None:
            rows.append(("their logins", f"in {workspace.path('studio', 'accounts.json')}"))
        if result.invite_url:
            rows.append(("send them", result.invite_url))
        yield from listed(rows)
        problems = (*result.rejects, *result.merged)
        yield from some(tuple(f"{item.place}: {item.reason}" for item in problems))

    show(result, as_json=as_json, render=render)
