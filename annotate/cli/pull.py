"""`annotate pull`."""

from collections.abc import Iterator

from annotate.cli.options import Directory, Json, Row, Wait, listed, opened, show, some


def pull(directory: Directory = None, wait: Wait = False, as_json: Json = False) -> None:
    """Bring in what annotators submitted; what does not fit is quarantined with a reason."""
    from annotate import pipeline

    result = pipeline.pull(opened(directory), wait=wait)

    def render() -> Iterator[str]:
        rows: list[Row] = [
            ("tasks", result.tasks),
            ("annotations", result.annotations),
            ("spans", result.spans),
            ("without a span", result.empty),
            ("skipped", result.skipped),
            ("new", result.added),
            ("changed", result.changed),
            ("deleted on the server", len(result.deleted)),
            ("quarantined", len(result.rejects)),
        ]
        if result.rebuilt:
            rows.append(("assignments rebuilt", result.rebuilt))
        verdicts, problems = result.verdicts, (*result.rejects, *result.merged)
        if verdicts:
            rows += [
                ("documents decided now", verdicts.decided),
                ("verdicts", verdicts.verdicts),
                ("verdicts quarantined", len(verdicts.rejects)),
            ]
            problems += verdicts.rejects
        yield from listed(rows)
        yield from some(tuple(f"{item.place}: {item.reason}" for item in problems))
        if verdicts:
            yield from some(verdicts.undecided)
        if result.payloads is None and not (verdicts and verdicts.payloads):
            yield "nothing is new"

    show(result, as_json=as_json, render=render)
