"""The taxonomy: markers with their attributes, and the rules that derive judgements.

One YAML file per marker in `schemas/markers`; `schemas/taxonomy.yaml` holds what all
of them share; `schemas/derivations` holds the judgement rules as data, versioned.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec

from annotate import resources
from annotate.decode import Problem, invalid, legal, read_yaml
from annotate.errors import UsageError
from annotate.marker import Attribute, Marker, Name, Pattern, Text, Value
from annotate.model import Record

_WITH_CANDIDATES = "Candidates exist for these markers, as far as annotate.toml turns them on"
_RULE_NAMES = "A rule is named `marker/rule`, as `annotate rules` lists it"


class DerivationRule(Record, frozen=True, kw_only=True):
    """A row of a derivation: an attribute that is not named may have any value."""

    when: dict[str, tuple[str, ...]]
    gives: Name


class Derivation(Record, frozen=True, kw_only=True):
    """A versioned rule that concludes a judgement from attributes; first match wins."""

    name: Name
    version: Annotated[int, msgspec.Meta(ge=1)]
    marker: Name
    inputs: tuple[str, ...]
    rules: tuple[DerivationRule, ...]
    otherwise: Name
    judgements: dict[str, str]

    def judge(self, attributes: Mapping[str, str]) -> str | None:
        """Give the judgement, or None while any input is unknown."""
        if any(name not in attributes for name in self.inputs):
            return None
        for rule in self.rules:
            if all(attributes[name] in values for name, values in rule.when.items()):
                return rule.gives
        return self.otherwise

    def explain(self, attributes: Mapping[str, str]) -> str:
        """Say in one line why `judge` concludes what it does, or which input is unknown."""
        unknown = [name for name in self.inputs if name not in attributes]
        if unknown:
            return f"no judgement yet: {', '.join(unknown)} unknown"
        observed = ", ".join(f"{name} {attributes[name]}" for name in self.inputs)
        for number, rule in enumerate(self.rules, start=1):
            if all(attributes[name] in values for name, values in rule.when.items()):
                return f"{self.name} version {self.version}, row {number}: {observed}"
        return f"{self.name} version {self.version}, no other row fits: {observed}"


class Family(Record, frozen=True, kw_only=True):
    """A group of markers, shown under one heading."""

    name: Name
    title: Text


class Frame(Record, frozen=True, kw_only=True):
    """What all markers share: `schemas/taxonomy.yaml`."""

    version: Text
    guideline_version: Text
    families: tuple[Family, ...]
    voices: tuple[Value, ...]
    confidences: tuple[Value, ...]
    document_attributes: tuple[Attribute, ...]
    principles: tuple[Text, ...]
    boundaries: tuple[Text, ...]
    hard_cases: tuple[Text, ...]


class Taxonomy(Record, frozen=True, kw_only=True):
    """The markers in use, in the order of their families, with derivations.

    `asked` are the markers whose candidate rules count, `retired` the rules (`marker/rule`)
    that do not.
    """

    frame: Frame
    markers: tuple[Marker, ...]
    derivations: tuple[Derivation, ...]
    asked: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """Give the version that annotations and releases carry."""
        return self.frame.version

    @property
    def names(self) -> tuple[str, ...]:
        """Give the markers' names in order."""
        return tuple(marker.marker for marker in self.markers)

    @property
    def candidates(self) -> tuple[str, ...]:
        """Give the names of the markers in use that have candidate rules, in order."""
        return tuple(
            marker.marker
            for marker in self.markers
            if any(pattern.candidate for pattern in marker.patterns)
        )

    @property
    def attribute_names(self) -> tuple[str, ...]:
        """Give the names of all span attributes, sorted."""
        return tuple(sorted({item.name for marker in self.markers for item in marker.attributes}))

    def marker(self, name: str) -> Marker:
        """Give the marker; raises UsageError with the legal names."""
        for marker in self.markers:
            if marker.marker == name:
                return marker
        raise UsageError("marker " + legal(name, self.names), hint="Choose one of these")

    def judge(self, marker: str, attributes: Mapping[str, str]) -> str | None:
        """Give what the marker's derivation concludes; None without one, or while unknown."""
        derivation = self.derivation(marker)
        return derivation.judge(attributes) if derivation else None

    def derivation(self, marker: str) -> Derivation | None:
        """Give the derivation that concludes something about the marker, if there is one."""
        return next((item for item in self.derivations if item.marker == marker), None)

    def select(self, names: tuple[str, ...]) -> "Taxonomy":
        """Give the taxonomy with the named markers only; raises UsageError."""
        chosen = {self.marker(name).marker for name in names}
        return self.replace(
            markers=tuple(marker for marker in self.markers if marker.marker in chosen),
            derivations=tuple(item for item in self.derivations if item.marker in chosen),
        )

    def tier(self, tier: int) -> "Taxonomy":
        """Give the taxonomy with the markers up to that tier."""
        return self.select(tuple(item.marker for item in self.markers if item.tier <= tier))

    def with_candidates(self, names: Iterable[str]) -> "Taxonomy":
        """Give the taxonomy in which the candidate rules of the named markers count too.

        Raises UsageError for a marker in use that has none, or that is not in use, with those
        that can be named.
        """
        asked = set(names)
        for name in sorted(asked - set(self.candidates)):
            if not self.candidates:
                message = f'marker "{name}": no marker in use has candidate rules'
                raise UsageError(message, hint="Set `tier = 2` under [markers] in annotate.toml")
            raise UsageError("marker " + legal(name, self.candidates), hint=_WITH_CANDIDATES)
        return self.replace(asked=tuple(sorted(asked | set(self.asked))))

    def retire(self, names: Iterable[str]) -> "Taxonomy":
        """Give the taxonomy in which the rules of these names, `marker/rule`, do not count.

        Raises UsageError for a name that no rule has, with the nearest legal one.
        """
        asked = set(names)
        for name in sorted(asked):
            marker, _, rule = name.partition("/")
            rules = [pattern.name for pattern in self.marker(marker).patterns]
            if rule not in rules:
                raise UsageError(f"rule of {marker} {legal(rule, rules)}", hint=_RULE_NAMES)
        return self.replace(retired=tuple(sorted(asked)))

    def counts(self, marker: Marker, pattern: Pattern) -> bool:
        """Tell whether a rule counts: not retired, and a candidate only when asked for."""
        if rule_name(marker.marker, pattern.name) in self.retired:
            return False
        return not pattern.candidate or marker.marker in self.asked


def rule_name(marker: str, rule: str) -> str:
    """Give the name by which annotate.toml and reports know a rule: `marker/rule`."""
    return f"{marker}/{rule}"


@cache
def load(folder: Path | None = None) -> Taxonomy:
    """Give all markers from `folder`, or the shipped ones.

    Raises InvalidFile naming the file, the path in it and the legal values.
    """
    folder = folder or resources.schemas()
    frame = read_yaml(folder / "taxonomy.yaml", Frame)
    markers = tuple(
        _read_marker(path, frame) for path in sorted((folder / "markers").glob("*.yaml"))
    )
    order = {family.name: number for number, family in enumerate(frame.families)}
    ordered = sorted(markers, key=lambda item: (item.tier, order[item.family], _key_order(item)))
    derivations = tuple(
        _read_derivation(path, markers) for path in sorted((folder / "derivations").glob("*.yaml"))
    )
    return Taxonomy(frame=frame, markers=tuple(ordered), derivations=derivations)


def _key_order(marker: Marker) -> tuple[str, str]:
    return (marker.hotkey or "~", marker.marker)


def _read_marker(path: Path, frame: Frame) -> Marker:
    place = f"markers/{path.name}"
    marker = read_yaml(path, Marker, place=place)
    problems = list(_marker_problems(marker, path.stem, frame))
    if problems:
        raise invalid(place, problems)
    return marker


def _marker_problems(marker: Marker, stem: str, frame: Frame) -> Iterator[Problem]:
    if marker.marker != stem:
        yield Problem(path="marker", message=f'"{marker.marker}" is not the file\'s name {stem}')
    families = [family.name for family in frame.families]
    if marker.family not in families:
        yield Problem(path="family", message=legal(marker.family, families))
    for number, attribute in enumerate(marker.attributes):
        values = [item.value for item in attribute.values]
        if attribute.default is not None and attribute.default not in values:
            path = f"attributes[{number}].default"
            yield Problem(path=path, message=legal(attribute.default, values))
    for number, pattern in enumerate(marker.patterns):
        path = f"patterns[{number}].attributes"
        yield from _attribute_problems(marker, pattern.attributes, path)
    for number, example in enumerate(marker.examples):
        path = f"examples[{number}].attributes"
        yield from _attribute_problems(marker, example.attributes, path)
    for number, cue in enumerate(marker.cues):
        yield from _attribute_problems(marker, {cue.attribute: cue.value}, f"cues[{number}]")
    rules = [pattern.name for pattern in marker.patterns]
    for number, example in enumerate(marker.examples):
        if example.rule is not None and example.rule not in rules:
            yield Problem(path=f"examples[{number}].rule", message=legal(example.rule, rules))


def _attribute_problems(
    marker: Marker, attributes: Mapping[str, str], path: str
) -> Iterator[Problem]:
    for name, value in attributes.items():
        attribute = marker.attribute(name)
        if attribute is None:
            names = [item.name for item in marker.attributes]
            yield Problem(path=path, message=legal(name, names))
        elif value not in (values := [item.value for item in attribute.values]):
            yield Problem(path=f"{path}.{name}", message=legal(value, values))


def _read_derivation(path: Path, markers: tuple[Marker, ...]) -> Derivation:
    place = f"derivations/{path.name}"
    derivation = read_yaml(path, Derivation, place=place)
    problems = list(_derivation_problems(derivation, {item.marker: item for item in markers}))
    if problems:
        raise invalid(place, problems)
    return derivation


def _derivation_problems(item: Derivation, markers: dict[str, Marker]) -> Iterator[Problem]:
    marker = markers.get(item.marker)
    if marker is None:
        yield Problem(path="marker", message=legal(item.marker, markers))
        return
    for number, rule in enumerate(item.rules):
        for name, values in rule.when.items():
            path = f"rules[{number}].when"
            if name not in item.inputs:
                yield Problem(path=path, message=legal(name, item.inputs))
                continue
            for value in values:
                yield from _attribute_problems(marker, {name: value}, path)
    for result in [rule.gives for rule in item.rules] + [item.otherwise]:
        if result not in item.judgements:
            yield Problem(path="judgements", message=legal(result, item.judgements))
