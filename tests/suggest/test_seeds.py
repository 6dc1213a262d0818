"""The two articles that the project started from."""

from pathlib import Path

import pytest

from annotate import taxonomy
from annotate.model import Range, Suggestion, Zone
from annotate.spans import covers, overlaps
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

SEEDS = Path(__file__).parents[2] / "../shared/data/seeds"
UNVERIFIABLE = "000_2394be77794c6591.txt"
PROTECTED = "004_8fdfbbc089719843.txt"
PASSAGES = [
    (UNVERIFIABLE, "unnamed_source", 2953, 3001),
    (UNVERIFIABLE, "unnamed_source", 3043, 3053),
    (UNVERIFIABLE, "unnamed_source", 3565, 3575),
    (UNVERIFIABLE, "speculative_attribution", 2059, 2096),
    (UNVERIFIABLE, "agentless_attribution", 743, 756),
    (UNVERIFIABLE, "certainty_escalation", 2919, 2949),
    (PROTECTED, "unnamed_source", 255, 362),
    (PROTECTED, "unnamed_source", 902, 910),
    (PROTECTED, "vague_collective_source", 4240, 4260),
    (PROTECTED, "named_attribution", 2622, 2726),
    (PROTECTED, "acknowledged_uncertainty", 4150, 4208),
]
BOILERPLATE = (Range(start=0, end=2), Range(start=79, end=621), Range(start=4300, end=6305))


def suggestions(name: str) -> list[Suggestion]:
    path = SEEDS / name
    if not path.exists():
        pytest.skip("the seeds are not beside this checkout")
    text = path.read_text(encoding="utf-8")
    zones = [Zone(doc_id="d", start=0, end=len(text), zone="body")]
    if name == UNVERIFIABLE:
        zones = [
            Zone(doc_id="d", start=2, end=79, zone="title"),
            Zone(doc_id="d", start=621, end=4300, zone="body"),
            *(Zone(doc_id="d", start=r.start, end=r.end, zone="boilerplate") for r in BOILERPLATE),
        ]
    return suggest_text(text, zones, load_rules(taxonomy.load().tier(1)))


@pytest.mark.parametrize(("name", "marker", "start", "end"), PASSAGES)
def test_a_passage_is_covered(name: str, marker: str, start: int, end: int) -> None:
    """A suggestion of the passage's marker holds at least half of it."""
    passage = Range(start=start, end=end)
    found = [item for item in suggestions(name) if item.marker == marker]
    assert any(covers(item, passage) for item in found)


def test_boilerplate_stays_unmarked() -> None:
    """Nothing is suggested in share lines, the author's portrait or the disclaimer."""
    found = suggestions(UNVERIFIABLE)
    assert found
    assert not [item for item in found for waste in BOILERPLATE if overlaps(item, waste)]


def test_the_intelligence_source_is_unverifiable() -> None:
    """All three mentions of the intelligence source carry the same judgement."""
    found = [item for item in suggestions(UNVERIFIABLE) if item.marker == "unnamed_source"]
    assert [item.judgement for item in found] == ["unverifiable_anonymous_source"] * 3
    assert {item.referent for item in found[1:]} == {Range(start=2953, end=3001)}


def test_the_villager_is_protected() -> None:
    """The pseudonymous villager, who saw it and has reason to fear, is protected throughout."""
    found = [item for item in suggestions(PROTECTED) if item.marker == "unnamed_source"]
    assert {item.judgement for item in found} == {"protected_source"}
    assert {item.attributes["identity_form"] for item in found} == {"pseudonym"}
