"""What annotators did with the suggestions that they were shown, rule by rule; pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from annotate.model import Annotation, Record

Fate = Literal["kept", "changed", "deleted"]


class Acceptance(Record, frozen=True, kw_only=True):
    """A rule's suggestions shown in one month under one version of the guideline.

    `kept` were submitted as they were shown, `changed` with another range, marker or
    attribute; `deleted` ones are gone.
    """

    month: str
    guideline_version: str
    kept: int = 0
    changed: int = 0
    deleted: int = 0

    @property
    def shown(self) -> int:
        """Give how many were shown."""
        return self.kept + self.changed + self.deleted


class Accepted(Record, frozen=True, kw_only=True):
    """Acceptance by rule, oldest first; `unknown` were shown and are made by no rule today."""

    rules: dict[str, tuple[Acceptance, ...]]
    unknown: int


def acceptance(annotations: Iterable[Annotation], rules: Mapping[str, str]) -> Accepted:
    """Count the fates of what was shown; `rules` gives the rule of a suggestion's id.

    An annotation that was skipped says nothing.
    """
    counted: defaultdict[str, defaultdict[tuple[str, str], Counter[str]]]
    counted = defaultdict(lambda: defaultdict(Counter))
    unknown = 0
    for annotation in annotations:
        period = (annotation.submitted_at[:7], annotation.guideline_version)
        for suggestion_id, fate in _fates(annotation):
            if suggestion_id in rules:
                counted[rules[suggestion_id]][period][fate] += 1
            else:
                unknown += 1
    return Accepted(
        rules={
            rule: tuple(
                Acceptance(month=month, guideline_version=version, **fates)
                for (month, version), fates in sorted(periods.items())
            )
            for rule, periods in sorted(counted.items())
        },
        unknown=unknown,
    )


def _fates(annotation: Annotation) -> Iterator[tuple[str, Fate]]:
    if annotation.skipped:
        return
    origins = {item.suggestion_id: item.origin for item in annotation.spans}
    fates: dict[str, Fate] = {"prediction": "kept", "prediction-changed": "changed"}
    for suggestion_id in annotation.shown:
        yield suggestion_id, fates.get(origins.get(suggestion_id, ""), "deleted")
