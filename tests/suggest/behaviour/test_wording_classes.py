"""Classes of wording: what marks a passage and what near it does not."""

import pytest

from annotate import taxonomy
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))
MARKED = [
    ("motive_imputation", "The mayor is only interested in keeping his seat."),
    ("motive_imputation", "The council is in the pocket of the mill owners."),
    ("motive_imputation", "Opposition groups say Kordian forces deliberately target clinics."),
    ("unnamed_source", "One of them told the Courier by telephone that the road was cut."),
    ("agentless_attribution", "Based on reports the barge carried salt."),
    ("vague_collective_source", "The lobbyists have been promising a wider quay for years."),
    ("unnamed_source", "A porter in Tarn near a gate that the guards had shut said he saw no one."),
    ("unnamed_source", "The well was dry, a baker from the Red Ember Lund rowing council said."),
    ("unnamed_source", "Another reporter later wrote that she left before noon."),
    ("unnamed_source", "Norvan resident Milo said the well was dry."),
    ("unnamed_source", "A film sent by a local shepherd was shown in the town hall."),
    ("unnamed_source", "A nurse and two porters confirmed the fall of the wall."),
    ("unnamed_source", "A porter said no. The gate was shut, said the porter by phone."),
    ("vague_collective_source", "The gate was shut, with the resistance blaming the mayor."),
    ("vague_collective_source", "It did not keep columnists from asking who shut the gate."),
    ("vague_collective_source", "She mocked the planners who insist that the gate is safe."),
    ("vague_collective_source", "Shepherds he has talked to stay away from the gate."),
    ("vague_collective_source", "Her opponents shrilly attacked the plan for the gate."),
    ("vague_collective_source", "The gate, deemed ugly by many architects, will stay."),
    ("vague_collective_source", "The gate will stay, to the delight of shopkeepers."),
    (
        "vague_collective_source",
        "The gate was shut at nine, according to harbour safety inspectors.",
    ),
    ("vague_collective_source", "Shopkeepers reached by telephone sounded hopeful."),
    ("acknowledged_uncertainty", "Many unanswered questions linger over the wreck."),
    ("acknowledged_uncertainty", "Which of them lit the lamp is hard to determine."),
    ("acknowledged_uncertainty", "There isn't much data on the wreck."),
]
UNMARKED = [
    ("vague_collective_source", "Rebels have responded to the bombardment by firing mortars."),
    ("vague_collective_source", "The voters are furious."),
    ("vague_collective_source", "Source Hydrodata and agencies said nothing more."),
    ("motive_imputation", "The chair isn't kowtowing to the mill owners."),
    ("vague_collective_source", "Nobody knew how the shepherds identified the wolf."),
    ("vague_collective_source", "The inspectors have apologised for the delay."),
    ("unnamed_source", "Nine militants claimed in the raid were buried on Sunday."),
    ("unnamed_source", "The film was sent by a shepherd group of nine, the Velden Shepherds."),
]


def markers(text: str) -> set[str]:
    """Give the markers that a text gets."""
    return {item.marker for item in suggest_text(text, rules=RULES)}


@pytest.mark.parametrize(("marker", "text"), MARKED)
def test_the_class_is_marked(marker: str, text: str) -> None:
    """A wording of the class gets its marker."""
    assert marker in markers(text)


@pytest.mark.parametrize(("marker", "text"), UNMARKED)
def test_what_stands_near_the_class_is_not(marker: str, text: str) -> None:
    """An act, a mood or a credit line is no source, and a denial no motive."""
    assert marker not in markers(text)
