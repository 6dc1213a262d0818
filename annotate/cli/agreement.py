"""`annotate agreement`."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.agreement_explained import lines
from annotate.cli.options import AllVoices, Directory, Json, opened, progress, say, show, some

if TYPE_CHECKING:
    from annotate.agreement.attributes import Compared
    from annotate.agreement.resample import Value
    from annotate.pipeline.agreement import AgreementResult
    from annotate.pipeline.agreement_gates import Gate
    from annotate.pipeline.agreement_metrics import Agreed

_WIDTH, _MOST = 13, 20


def agreement(
    gamma: Annotated[
        bool,
        typer.Option("--gamma", help="Measure gamma, too; it takes long where many marked much."),
    ] = False,
    html: Annotated[
        Path | None, typer.Option(help="Write a report with plots to this file, too.")
    ] = None,
    explain: Annotated[
        bool, typer.Option(help="Say why people disagree, in the report and in --json.")
    ] = True,
    all_voices: AllVoices = False,
    directory: Directory = None,
    as_json: Json = False,
) -> None:
    """Measure how far independent annotators mark the same; 1 is all, 0 is chance for alphas."""
    from annotate import pipeline

    workspace = opened(directory)
    with progress("Measuring") as step:
        result = pipeline.agreement(
            workspace, all_voices=all_voices, gamma=gamma, explain=explain, progress=step
        )
    if html is not None:
        pipeline.agreement_page(workspace, result, html)
    show(result, as_json=as_json, render=lambda: _lines(result))
    if html is not None:
        say(f"report: {html}")
    _refuse_under_gate(result.gates)


def _refuse_under_gate(gates: "Sequence[Gate]") -> None:
    from annotate.errors import GateFailed

    failed = [str(gate) for gate in gates if not gate.passed]
    if failed:
        raise GateFailed(
            f"agreement is under the gate: {'; '.join(failed)}",
            hint="Settle why people disagree, or change [agreement] in annotate.toml",
        )


def _lines(result: "AgreementResult") -> Iterator[str]:
    yield f"voices that count: {', '.join(result.voices)}"
    if result.rejects:
        yield f"left out: {len(result.rejects)}"
        yield from some(tuple(f"{item.place}: {item.reason}" for item in result.rejects), most=5)
    yield f"blind and test documents: {result.documents}, annotators: {result.annotators}"
    yield from _part(result)
    yield ""
    yield f"assisted documents: {result.assisted.documents} (suggestions make people agree)"
    yield from _part(result.assisted)
    if result.gates:
        yield ""
        yield from (
            f"gate {'passed' if gate.passed else 'failed'}: {gate}" for gate in result.gates
        )
    if result.explained is not None:
        yield ""
        yield from lines(result.explained)


def _part(agreed: "Agreed") -> Iterator[str]:
    if agreed.note:
        yield f"  {agreed.note}"
        return
    yield from table({"overall": agreed.overall, **agreed.markers, **agreed.pairs})
    questions = {
        f"{marker} {name}": found
        for marker, attributes in agreed.attributes.items()
        for name, found in attributes.items()
    }
    questions |= {f"{marker} judgement": found for marker, found in agreed.judgements.items()}
    if any(found.spans for found in questions.values()):
        yield "  of the same spans, what was said of them:"
        yield from _questions(questions)


def table(rows: "Mapping[str, Mapping[str, Value]]") -> Iterator[str]:
    """Give two lines for each row, the values and their 95% intervals, then what is undefined."""
    from annotate.report.agreement import METRICS

    used = {name for values in rows.values() for name, value in values.items() if _said(value)}
    metrics = [name for name in METRICS if name in used]
    shown = {name: row for name, row in rows.items() if any(map(_said, row.values()))}
    width = max(map(len, shown), default=0)
    head = "".join(f"{METRICS[name]:>{_WIDTH}}" for name in metrics)
    yield f"  {'':<{width}}{head}"
    for name, values in shown.items():
        found = [values.get(metric) for metric in metrics]
        yield f"  {name:<{width}}" + "".join(f"{_value(it):>{_WIDTH}}" for it in found)
        if any(it is not None and it.low is not None for it in found):
            intervals = "".join(f"{_interval(it):>{_WIDTH}}" for it in found)
            yield f"  {'':<{width}}{intervals}"
    yield from _undefined(rows)


def _undefined(rows: "Mapping[str, Mapping[str, Value]]") -> Iterator[str]:
    """Give a line for each reason: the rows where nothing is defined, or single metrics."""
    from annotate.pipeline.agreement_metrics import UNASKED
    from annotate.report.agreement import METRICS

    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for name, values in rows.items():
        asked = {metric: it for metric, it in values.items() if it.reason != UNASKED}
        missing = {metric: str(it.reason) for metric, it in asked.items() if not _said(it)}
        if len(missing) == len(asked) and len({*missing.values()}) == 1:
            reasons[next(iter(missing.values()))].append(name)
        else:
            for metric, reason in missing.items():
                reasons[reason].append(f"{name} {METRICS[metric]}")
    for reason, names in reasons.items():
        more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
        yield f"  undefined, {reason}: {'; '.join(names[:_MOST])}{more}"


def _questions(questions: "Mapping[str, Compared]") -> Iterator[str]:
    width = max(map(len, questions))
    yield f"  {'':<{width}}{'alpha':>{_WIDTH}}{'95%':>{_WIDTH}}{'spans':>{_WIDTH}}"
    for name, found in questions.items():
        if found.alpha.value is None:
            yield f"  {name:<{width}}{'-':>{_WIDTH}}  undefined, {found.alpha.reason}"
        else:
            told = (_value(found.alpha), _interval(found.alpha), str(found.spans))
            yield f"  {name:<{width}}" + "".join(f"{it:>{_WIDTH}}" for it in told)


def _said(value: "Value") -> bool:
    return value.value is not None


def _value(value: "Value | None") -> str:
    return "-" if value is None or value.value is None else f"{value.value:.3f}"


def _interval(value: "Value | None") -> str:
    if value is None or value.low is None:
        return ""
    low, high = (f"{edge:.2f}".replace("0.", ".", 1) for edge in (value.low, value.high or 0.0))
    return f"{low} to {high}"
