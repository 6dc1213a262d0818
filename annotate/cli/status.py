"""`annotate status`."""

from collections.abc import Iterator

from annotate.cli.options import Directory, Json, Row, listed, opened, show


def status(directory: Directory = None, as_json: Json = False) -> None:
    """Say where the project stands, and the one next action."""
    from annotate import pipeline

    result = pipeline.status(opened(directory))

    def render() -> Iterator[str]:
        rows: list[Row] = [
            ("workspace", result.workspace),
            ("documents", result.documents),
            ("suggested", "yes" if result.suggested else "no"),
            ("assigned documents", result.assigned),
            ("pushed tasks", result.pushed),
        ]
        for person in result.annotators:
            told = f"{person.submitted} of {person.assigned} submitted, {person.skipped} skipped"
            if not person.assigned:
                told = f"{person.submitted} imported, {person.skipped} skipped"
            rows.append((person.annotator, told))
        if result.waiting:
            waits = f"{result.waiting} spans in {result.waiting_documents} documents"
            rows.append(("to adjudicate", waits))
        rows.append(("releases", ", ".join(result.releases) or "none"))
        rows.append(("models", ", ".join(result.models) or "none"))
        rows.append(("next", result.next))
        yield from listed(rows)

    show(result, as_json=as_json, render=render)
