"""What is filled in about an unnamed source, and what follows from it."""

import pytest

from annotate import taxonomy
from annotate.model import Range, Suggestion
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))
SEVEN = {
    "identity_form", "specificity", "reason_for_anonymity", "basis_of_knowledge",
    "corroboration", "interest", "claim_stakes",
}  # fmt: skip


def sources(text: str) -> list[Suggestion]:
    found = suggest_text(text, rules=RULES)
    return [item for item in found if item.marker == "unnamed_source"]


def first(text: str) -> dict[str, str]:
    return sources(text)[0].attributes


@pytest.mark.parametrize(
    ("text", "specificity"),
    [
        ("A source said the bridge was closed.", "0"),
        ("A military source said the bridge was closed.", "1"),
        ("A source close to the mayor said the bridge was closed.", "1"),
        ("A source in the road office said the bridge was closed.", "2"),
        ("A nurse at the Mossby clinic said the ward was closed.", "2"),
        ("A senior official in the road office said the bridge was closed.", "3"),
    ],
)
def test_specificity(text: str, specificity: str) -> None:
    """From "a source" to rank and organisation."""
    assert first(text)["specificity"] == specificity


@pytest.mark.parametrize(
    ("aside", "reason"),
    [
        ("", "none"),
        (", speaking on condition of anonymity,", "formula_only"),
        (", who was not authorised to speak to the press,", "explicit_generic"),
        (", who asked not to be named for fear of losing her job,", "explicit_specific"),
        (", who asked not to be named for fear of reprisals,", "explicit_specific"),
    ],
)
def test_reason_for_anonymity(aside: str, reason: str) -> None:
    """The formula, the general reason and the named risk are told apart."""
    text = f"A clerk in the tax office{aside} said two ledgers were kept."
    assert first(text)["reason_for_anonymity"] == reason


def test_a_risk_shown_elsewhere_is_inferable_for_locals_only() -> None:
    """Where the text shows that locals are afraid, a local needs no stated reason."""
    fear = "\n\nPeople in the valley are afraid of the militia."
    local = "A resident of Kesh said he saw the barns burn."
    official = "An official in Kesh said he saw the barns burn."
    assert first(local + fear)["reason_for_anonymity"] == "inferable"
    assert first(official + fear)["reason_for_anonymity"] == "none"


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("A guard said he saw the lorry leave.", "first_hand"),
        ("A guard said the lorry left. “I saw it go,” he said.", "first_hand"),
        ("A clerk said two ledgers were kept, and showed us the documents.", "documents"),
        ("A guard said he had heard that the lorry left.", "hearsay"),
        ("An official said the lorry left.", "position_only"),
        ("A source said the lorry left.", "unstated"),
    ],
)
def test_basis_of_knowledge(text: str, basis: str) -> None:
    """What the source saw, read, was told, or must know by position."""
    assert first(text)["basis_of_knowledge"] == basis


@pytest.mark.parametrize(
    ("more", "corroboration"),
    [
        ("", "none"),
        (" The source added that it was empty.", "same_source_only"),
        (" A second source gave the same account.", "independent_unnamed"),
        (" Dana Orlik, who runs the depot, confirmed it.", "independent_named"),
    ],
)
def test_corroboration(more: str, corroboration: str) -> None:
    """A later mention is no second source; another source is."""
    text = "A source in the depot said the lorry left." + more
    assert first(text)["corroboration"] == corroboration


def test_all_seven_are_always_there() -> None:
    """Label Studio asks for all of them, so none is missing."""
    text = "A source said so. According to two aides, it was late. The source added nothing."
    found = sources(text)
    assert len(found) == 3
    assert all(set(item.attributes) == SEVEN for item in found)
    assert all(item.judgement is not None for item in found)


def test_an_anaphor_takes_what_its_referent_has() -> None:
    """It is linked to the nearest source before it, and keeps only its own form."""
    text = "A source in the port said the ship left. On Monday the source added more."
    mention, again = sources(text)
    assert again.referent == Range(start=mention.start, end=mention.end)
    assert again.attributes == mention.attributes | {"identity_form": "anaphor"}
    assert again.judgement == mention.judgement


def test_an_anaphor_of_a_role_needs_that_role_before_it() -> None:
    """After a source that is no official, "the official" is a description, and not marked."""
    assert len(sources("A source said so. The official said no.")) == 1
    assert len(sources("An official said so. The official said no more.")) == 2


def test_a_pseudonym_is_found_again() -> None:
    """Where the invented name speaks again, that is a mention of the same source."""
    text = (
        "Omar al-Dari, a pseudonym for a teacher in the town of Kesh, said he was afraid. "
        "The mayor met Brandt. “I saw it,” al-Dari added. Al-Dari told us more."
    )
    found = sources(text)
    assert [text[item.start : item.end] for item in found][1:] == ["al-Dari", "Al-Dari"]
    assert {item.attributes["identity_form"] for item in found} == {"pseudonym"}
    assert {item.referent for item in found[1:]} == {Range(start=0, end=found[0].end)}
    named = [item for item in suggest_text(text, rules=RULES) if item.marker == "named_attribution"]
    assert named == []


def test_risk_and_first_hand_knowledge_protect() -> None:
    """Adding them turns unverifiable into protected; taking one away turns it back."""
    plain = "A nurse at the Mossby clinic said patients were sent home."
    risk = plain.replace("clinic said", "clinic, who fears losing her job, said")
    both = risk + " “I was on the ward,” she said."
    assert [sources(text)[0].judgement for text in (plain, risk, both)] == [
        "unverifiable_anonymous_source",
        "unresolved_anonymous_source",
        "protected_source",
    ]


def test_what_is_told_of_the_source_by_its_head_is_read() -> None:
    """A role named again, and doing something, is taken for the source."""
    text = "A clerk in the tax office said the roof leaked. "
    assert first(text + "The clerk mopped the floor.")["basis_of_knowledge"] == "first_hand"
    assert first(text + "The river reached the floor.")["basis_of_knowledge"] == "position_only"


def test_a_danger_counts_where_the_source_was_there() -> None:
    """What befell others is a reason for a witness, and none for an office."""
    danger = " The last man to complain was dismissed."
    witness = "A guard at the Brelk depot said he counted nine lorries."
    assert first(witness + danger)["reason_for_anonymity"] == "inferable"
    assert first("A minister in Velden said it rained." + danger)["reason_for_anonymity"] == "none"
