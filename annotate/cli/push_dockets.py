"""`annotate adjudicate --push`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from annotate.cli.options import Row, listed, show, some

if TYPE_CHECKING:
    from annotate.pipeline import Workspace


def push_dockets(workspace: "Workspace", *, dry_run: bool, wait: bool, as_json: bool) -> None:
    """Bring what waits to the adjudicator's project in Label Studio, and say where it is."""
    from annotate import pipeline

    result = pipeline.push_dockets(workspace, dry_run=dry_run, wait=wait)

    def render() -> Iterator[str]:
        rows: list[Row] = [
            ("server", result.server),
            ("documents", result.tasks),
            ("submitted", result.submitted),
            ("added", result.added),
            ("removed", result.removed),
            (result.adjudicator, result.url or "no project yet: a dry run"),
        ]
        if workspace.config.studio.url is None:
            rows.append(("the login", f"in {workspace.path('studio', 'accounts.json')}"))
        if result.invite_url:
            rows.append(("has no account yet", result.email))
            rows.append(("send there", result.invite_url))
        yield from listed(rows)
        yield from some(tuple(f"rejected: {item.place}: {item.reason}" for item in result.rejects))

    show(result, as_json=as_json, render=render)
