"""Every example and counter-example of a marker with patterns is a test of its rules."""

import re
from collections.abc import Iterator

import pytest

from annotate import taxonomy
from annotate.marker import CounterExample, Example, Marker
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

MARKERS = taxonomy.load()
RULES = load_rules(MARKERS.with_candidates(MARKERS.candidates))
WITH_RULES = [marker for marker in MARKERS.markers if marker.patterns]
# What a rule cannot know: the form of a place name that stands for its government.
KNOWN = ("identity_form", "reason_for_anonymity", "basis_of_knowledge", "corroboration")


def cases(kind: str) -> Iterator[object]:
    for marker in WITH_RULES:
        for number, item in enumerate(getattr(marker, kind)):
            yield pytest.param(marker, item, id=f"{marker.marker}-{number}")


def unbracketed(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Give the text without its brackets, and where the spans stand in it."""
    plain, spans, at = "", [], 0
    for found in re.finditer(r"\[\[(.*?)\]\]", text):
        plain += text[at : found.start()]
        spans.append((len(plain), len(plain) + len(found[1])))
        plain += found[1]
        at = found.end()
    return plain + text[at:], spans


@pytest.mark.parametrize(("marker", "example"), list(cases("examples")))
def test_an_example_gets_its_spans(marker: Marker, example: Example) -> None:
    """The rules give exactly the example's spans, with what they can know of the first."""
    text, spans = unbracketed(example.text)
    found = [item for item in suggest_text(text, rules=RULES) if item.marker == marker.marker]
    assert [(item.start, item.end) for item in found] == spans
    assert example.rule in {item.rule for item in found}
    first = found[0]
    for name in set(KNOWN) & set(example.attributes):
        assert first.attributes[name] == example.attributes[name], name
    assert first.judgement == example.judgement


@pytest.mark.parametrize(("marker", "example"), list(cases("counter_examples")))
def test_a_counter_example_gets_none(marker: Marker, example: CounterExample) -> None:
    """The rules leave a counter-example unmarked."""
    found = suggest_text(example.text, rules=RULES)
    assert [example.text[s.start : s.end] for s in found if s.marker == marker.marker] == []


@pytest.mark.parametrize("marker", WITH_RULES, ids=lambda marker: marker.marker)
def test_each_rule_is_named_by_an_example(marker: Marker) -> None:
    """No pattern stands without an example that is there for it."""
    named = {example.rule for example in marker.examples}
    assert {pattern.name for pattern in marker.patterns} <= named


def test_tier_1_has_rules() -> None:
    """All eight markers of tier 1 have patterns."""
    assert {marker.marker for marker in WITH_RULES} >= set(MARKERS.tier(1).names)
