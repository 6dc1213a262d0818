"""Whose voice a span has."""

import pytest

from annotate import taxonomy
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))


def voices(text: str) -> list[str]:
    found = suggest_text(text, rules=RULES)
    return [item.voice for item in found if item.marker == "vague_collective_source"]


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("“", "”"), ('"', '"'), ("„", "“"), ("«", "»"), ("\u2018", "\u2019"), ("'", "'")],
)
def test_a_quotation_is_the_quoted_source(opening: str, closing: str) -> None:
    """Inside quotation marks of any kind somebody else speaks; outside the reporter."""
    text = f"{opening}Critics say it is too big,{closing} he wrote. Critics say it is ugly."
    assert voices(text) == ["quoted_source", "reporter"]


@pytest.mark.parametrize(
    "text",
    [
        "It\u2019s late and critics say it\u2019s too big.",
        "It's late, the workers' hall is shut, and critics say it's too big.",
        "The \u2019twas sign is old. Critics say the owners\u2019 plan is too big.",
        'It was 6" wide. Critics say it is too big.',
        "He called it “a mess. Critics say it is too big.",
    ],
)
def test_an_apostrophe_opens_nothing(text: str) -> None:
    """Apostrophes, inch marks and marks without a partner quote nobody."""
    assert voices(text) == ["reporter"]


def test_quotations_pair_within_a_paragraph() -> None:
    """A mark that is open at the end of a paragraph does not quote the next one."""
    assert voices("“It is over.\n\nCritics say it is too big.”") == ["reporter"]


def test_a_motive_from_an_unnamed_source_is_quoted() -> None:
    """Hard case 6: an unnamed or vague source that imputes a motive speaks for itself."""
    text = "A source close to the mayor said the chairman leaked the report to hide the loss."
    found = [s for s in suggest_text(text, rules=RULES) if s.marker == "motive_imputation"]
    assert [item.voice for item in found] == ["quoted_source"]
