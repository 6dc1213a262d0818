"""What a source was told would come of talking, and what it tells of its own deeds."""

import pytest

from annotate import taxonomy
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))
# What befell others who spoke, or what the source was told would befall it.
THREATS = [
    (
        "The furnace doors were wedged open all winter, a stoker at the Brelk works said. He "
        "raked the grates himself; the foreman has since warned him that he will be blamed for "
        "the fire if he opens his mouth."
    ),
    (
        "Nobody tested the brakes of tram nine, a fitter at the Orlan depot said. He signed the "
        "empty sheets. His superintendent has told him that he will be sued for every crown if he"
        " speaks up."
    ),
    (
        "The parish books were rewritten in one night, said a copyist at the Velden archive, who "
        "copied forty pages. The archive sacked a porter last autumn the day after he was on the "
        "radio."
    ),
    (
        "Rivets were left out of the hull, a plater at the Sael slipway said. He had drilled the "
        "holes; a manager let him know that he would be charged with theft if he said a word."
    ),
    (
        "The trout were dosed with dye, said a hatchery hand in Ilmen, who mixed it. The hatchery"
        " fired two keepers the morning after they spoke on the radio."
    ),
    (
        "Prisoners were kept in the ice house, a turnkey at Orvik said. She brought them soup. "
        "Police had taken another turnkey from his house that evening."
    ),
    (
        "Pickers get half the wage on the slip, a picker on the Nordhof estate said. “We sleep "
        "nine to a hut,” she said; her permit has lapsed and the estate reports whoever has none."
    ),
    (
        "As his father and two uncles are paid by the quarry and he is sure they would be put "
        "out, a blaster at the Tarn quarry would not give his name. The fuses were years old, he "
        "said; he cut them himself."
    ),
    (
        "A girl found with a songbook was caned last week. The choir of Velden meets in a barn, a"
        " cantor in Velden said; he brings the books under his coat."
    ),
    (
        "Lamps were out along the pier, said a lamplighter at Port Sael; he trimmed them. The "
        "harbour board suspended his brother two days after a letter in the Courier."
    ),
]
# What the source did, told by a pronoun, a relative clause or what it handed over.
DEEDS = [
    (
        "Sewage ran into the Ilm all spring, a fitter at the tannery said; she passed the pipe "
        "each morning. She did not want to be named for fear of being sacked."
    ),
    (
        "The gas was never shut off, a plumber at the Brelk school said. He took out the valve "
        "with his own wrench and fears losing his licence if he is known."
    ),
    (
        "Fish lay dead along the weir, a lock keeper at Orlan said; he scooped out nine buckets. "
        "He is not being named because the mill has had two keepers moved."
    ),
    (
        "Boys are made to stand in the snow, a matron at the Tarn school says. She brings them in"
        " at dusk. She asked not to be named because the head has dismissed two matrons for "
        "complaining."
    ),
    (
        "The ward has no morphine, said an orderly at the Sael infirmary. It was she who emptied "
        "the cupboard. Staff who speak to the press are dismissed, and she asked that her name be"
        " left out."
    ),
    (
        "The scaffold swayed for a week, a rigger on the Holm tower said. She climbed it each "
        "dawn, and would not be named because the builder has dismissed riggers who complained."
    ),
    (
        "The vote was by show of hands, said a steward at the Brelk lodge. The man, who went out "
        "among the last, asked for anonymity because stewards who talk are expelled."
    ),
    (
        "The medals were brass, an engraver at the Kordian mint said; he cut four of them. He "
        "fears arrest if he is found out."
    ),
    (
        "The lift dropped two floors, a porter at the Grand Ilm hotel said. He was pinned behind "
        "the gate. He asked not to be named, as the hotel has sacked porters for less."
    ),
    (
        "The dam leaked for nine years, said a keeper at the Orlan dam, and plugged it with clay "
        "herself. She asked to stay unnamed for fear of losing her cottage."
    ),
    (
        "Rats ran in the ward, a nurse at the Sael infirmary said. She sets the traps at the end "
        "of every shift and is not being named because nurses who complained were dismissed."
    ),
]


def judgement(text: str) -> str | None:
    found = [s for s in suggest_text(text, rules=RULES) if s.marker == "unnamed_source"]
    assert found
    return found[0].judgement


@pytest.mark.parametrize("text", THREATS, ids=[text[:40] for text in THREATS])
def test_a_threat_to_the_source_or_its_like_protects_it(text: str) -> None:
    """The threat may stand before the source or behind it, and with somebody else who speaks."""
    assert judgement(text) == "protected_source"


@pytest.mark.parametrize("text", DEEDS, ids=[text[:40] for text in DEEDS])
def test_what_the_source_did_is_its_way_of_knowing(text: str) -> None:
    """A deed counts in any words: by a pronoun, a relative clause, or what was handed over."""
    assert judgement(text) == "protected_source"
