"""The gate of annotate.toml: least values of agreement on blind and test documents."""

from collections.abc import Mapping, Sequence

from annotate.agreement.resample import UNREAD, Values
from annotate.config import Metric
from annotate.decode import Problem, invalid, legal
from annotate.model import Record
from annotate.pipeline.agreement_metrics import METRICS, Agreed

OVERALL = "overall"
Asked = Mapping[str, Mapping[Metric, float]]


class Gate(Record, frozen=True, kw_only=True):
    """A value that annotate.toml asks for, and what was measured; undefined does not pass."""

    marker: str
    metric: str
    least: float
    value: float | None
    reason: str | None = None
    passed: bool

    def __str__(self) -> str:
        """Give the gate in one line."""
        name = f"{self.marker}.{self.metric}"
        if self.value is None:
            return f"{name} is undefined ({self.reason}), asked: {self.least:g}"
        return f"{name} is {self.value:.3f}, asked: {self.least:g}"


def refuse_unknown(asked: Asked, markers: Sequence[str]) -> None:
    """Raise InvalidFile naming every marker or metric of the gate that nothing measures."""
    problems = [
        Problem(path="agreement", message=f"marker {legal(name, (OVERALL, *markers))}")
        for name in asked
        if name not in (OVERALL, *markers)
    ]
    problems += [
        Problem(path=f"agreement.{name}", message=f"metric of a marker {legal(metric, METRICS)}")
        for name, metrics in asked.items()
        for metric in metrics
        if name != OVERALL and metric not in METRICS
    ]
    if problems:
        raise invalid("annotate.toml", problems)


def gates(asked: Asked, agreed: Agreed) -> tuple[Gate, ...]:
    """Hold the measured values against what is asked, marker by marker."""
    return tuple(
        _gate(name, metric, least, agreed.overall if name == OVERALL else agreed.markers.get(name))
        for name, metrics in asked.items()
        for metric, least in metrics.items()
    )


def _gate(marker: str, metric: Metric, least: float, values: Values | None) -> Gate:
    found = values[metric] if values else None
    reached = found.value if found else None
    return Gate(
        marker=marker,
        metric=metric,
        least=least,
        value=reached,
        reason=found.reason if found else UNREAD,
        passed=reached is not None and reached >= least,
    )
