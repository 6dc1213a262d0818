"""Candidate rules: silent unless they are asked for, and wide when they are."""

from pathlib import Path

import pytest

from annotate import taxonomy
from annotate.errors import UsageError
from annotate.model import Range, Zone
from annotate.spans import covers
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

ALL = taxonomy.load()
CLAIM, DRIFT, BESIDE = "unattributed_claim", "attribution_drift", "insinuation_by_juxtaposition"
ASKED = ALL.with_candidates([CLAIM, DRIFT, BESIDE])
SEED = Path(__file__).parents[2] / "../shared/data/seeds/000_2394be77794c6591.txt"
PASSAGES = [
    (CLAIM, 1436, 1496),
    (DRIFT, 3189, 3243),
    (DRIFT, 3447, 3526),
    (BESIDE, 2147, 2211),
    (BESIDE, 2418, 2437),
]
GUESS = "The fire in the mill was probably set by the owner."
DRIFTED = (
    "A clerk said the ballots had left the hall. They were brought to a barn outside {town}. "
    "Some of the boxes were burned in {country}."
)


def found(text: str, marker: str) -> list[str]:
    spans = suggest_text(text, rules=load_rules(ASKED))
    return [text[span.start : span.end] for span in spans if span.marker == marker]


@pytest.mark.parametrize(("marker", "start", "end"), PASSAGES)
def test_a_passage_of_the_seed_is_covered(marker: str, start: int, end: int) -> None:
    """A candidate of the passage's marker holds at least half of it."""
    if not SEED.exists():
        pytest.skip("the seeds are not beside this checkout")
    text = SEED.read_text(encoding="utf-8")
    zones = [
        Zone(doc_id="d", start=2, end=79, zone="title"),
        Zone(doc_id="d", start=621, end=4300, zone="body"),
    ]
    spans = suggest_text(text, zones, load_rules(ASKED))
    passage = Range(start=start, end=end)
    assert any(covers(span, passage) for span in spans if span.marker == marker)


def test_three_markers_have_candidates() -> None:
    """These three have nothing but candidate rules; no other marker has any."""
    assert set(ALL.candidates) == {CLAIM, DRIFT, BESIDE}
    for name in ALL.candidates:
        assert all(pattern.candidate for pattern in ALL.marker(name).patterns)


@pytest.mark.parametrize("name", ALL.candidates)
def test_candidates_are_silent_unless_asked_for(name: str) -> None:
    """With both tiers on, no example of such a marker gets a suggestion of it."""
    rules = load_rules(ALL)
    assert not [rule for rule in rules.rules if rule.marker == name]
    for example in ALL.marker(name).examples:
        text = example.text.replace("[[", "").replace("]]", "")
        assert not [span for span in suggest_text(text, rules=rules) if span.marker == name]


def test_only_the_asked_ones_count() -> None:
    """Asking for one marker leaves the others silent, and asking twice adds up."""
    one = ALL.with_candidates([CLAIM])
    assert {rule.marker for rule in load_rules(one).rules} & set(ALL.candidates) == {CLAIM}
    assert one.with_candidates([DRIFT]).asked == (DRIFT, CLAIM)
    assert ALL.with_candidates([]) == ALL


def test_asking_changes_the_fingerprint() -> None:
    """Suggestions are made anew when other candidates count."""
    prints = {load_rules(each).fingerprint for each in (ALL, ALL.with_candidates([CLAIM]), ASKED)}
    assert len(prints) == 3


def test_a_selection_keeps_what_was_asked() -> None:
    """Choosing markers afterwards leaves the asked candidates of those on."""
    chosen = ASKED.select((DRIFT,))
    assert {rule.marker for rule in load_rules(chosen).rules} == {DRIFT}


@pytest.mark.parametrize("name", ["unattributd_claim", "unnamed_source"])
def test_a_marker_without_candidates_is_one_line(name: str) -> None:
    """A name that is not there, or has no candidates, is told with those that have."""
    with pytest.raises(UsageError, match=f'"{name}" is not known.*legal: .*{DRIFT}') as caught:
        ALL.with_candidates([name])
    assert "\n" not in str(caught.value)


def test_the_first_tier_says_where_candidates_are() -> None:
    """While no marker with candidates is in use, the hint says how to turn them on."""
    with pytest.raises(UsageError, match=r"no marker in use .*`tier = 2`"):
        ALL.tier(1).with_candidates([CLAIM])


def test_a_named_speaker_in_the_clause_ends_a_claim() -> None:
    """A guess with somebody to answer for it is no unattributed claim."""
    assert found(GUESS, CLAIM) == [GUESS[:-1]]
    assert found(f"Mayor Ilse Grau said {GUESS[0].lower()}{GUESS[1:]}", CLAIM) == []


@pytest.mark.parametrize("source", ["so the fire chief, Nils Aaby, said", "Nils Aaby said"])
def test_a_source_beside_a_deed_ends_it(source: str) -> None:
    """A deed with a source in the next sentence is no unattributed claim."""
    deed = "The inspector was bribed with a boat."
    assert found(deed, CLAIM) == [deed[:-1]]
    assert found(f"{deed} {source} on Monday.", CLAIM) == []


@pytest.mark.parametrize(("town", "country"), [("Tarn", "Kordia"), ("Port Sael", "Velden")])
def test_drift_runs_on_whatever_the_names(town: str, country: str) -> None:
    """Each sentence after the source gets its clause, and names do not matter."""
    text = DRIFTED.format(town=town, country=country)
    assert found(text, DRIFT) == [part.rstrip(".") for part in text.split(". ")[1:]]


def test_an_own_source_or_none_before_ends_drift() -> None:
    """A sentence with its own attribution does not drift, nor one with nothing to drift from."""
    text = DRIFTED.format(town="Tarn", country="Kordia")
    assert found(text.partition(". ")[2], DRIFT) == []
    own = text.replace("They were brought", "They were brought, he added,")
    assert found(own, DRIFT) == ["Some of the boxes were burned in Kordia"]


def test_a_denied_connection_ends_juxtaposition() -> None:
    """Where the text itself says that nothing connects the two, nothing is insinuated."""
    text = "The witness drowned just hours before the audit opened."
    assert found(text, BESIDE) == ["just hours before the audit opened"]
    assert found(f"{text} The two are not connected.", BESIDE) == []
