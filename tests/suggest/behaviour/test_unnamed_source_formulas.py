"""What is no corroboration and no reason, and what the marked stretch takes in."""

import pytest

from annotate import taxonomy
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))
# Those who are accused say that something else was confirmed.
DENIALS = [
    (
        "The herd was sick for weeks, a farm official said. Brandt Dairy denied it and said its "
        "vets had confirmed the herd was sound."
    ),
    (
        "Guards slept at the gate, an official at the prison said. The warden, Rafe Lund, said "
        "the logs had been checked and verified."
    ),
    (
        "The seed was old, a trader in Velden said. Another dealer repeated the company's line "
        "that the seed was fresh."
    ),
    (
        "The polls were rigged, said an official in Sarn. Observers said the turnout had been "
        "corroborated by the Velden Office."
    ),
    (
        "Ovens ran all night, a source said. Ministers told the chamber that the meters had been "
        "verified by Tarn Gas."
    ),
    (
        "The horses were sick, a stable official said. The Kordian jockey club said each horse "
        "had been verified as sound by two vets."
    ),
    (
        "The tolls were doubled, a bridge official said. Tarn Bridges insisted its figures had "
        "been confirmed by an audit."
    ),
    (
        "The well was foul, a council official said. Mayor Ines Karo claimed the water had been "
        "checked and verified in May."
    ),
    (
        "Seats were sold twice, a person close to the theatre said. A spokesman for the theatre "
        "said a second count had been made and that each seat was verified."
    ),
]
# A condition, or the fear of somebody else, is no reason.
FORMULAS = [
    (
        "Wages were cut in secret, a union official said. The official talked provided that she "
        "was not quoted by name."
    ),
    (
        "The bids were read early, a council adviser said. The adviser spoke on the understanding"
        " that his name would not appear."
    ),
    (
        "The mill dumps dye at night, a person close to the mill said. Anglers are worried about "
        "the trout."
    ),
    (
        "The ferry was overloaded, a port official said, on the basis that he would remain "
        "anonymous. The captain faces prison."
    ),
    (
        "The school will close in June, a member of the board said, asking not to be identified. "
        "Parents fear losing the bus."
    ),
    (
        "Shares were sold early, an insider said, requesting that no name be printed. The "
        "chairman risks his seat."
    ),
    (
        "Tolls were pocketed for years, a roads official said. The official, who asked not to be "
        "named, called the losses large."
    ),
    (
        "Bread was short by a third, a ministry official said. The official, who consented to "
        "talk provided nobody named her, described shortages as usual."
    ),
    (
        "The ferry line is bankrupt, a Nordbank executive said, on the understanding that he "
        "would not be identified. Passengers are afraid of losing their fares."
    ),
    (
        "The bids were opened early, a senior planner said. He spoke only if no name was used. "
        "Shopkeepers fear for their trade."
    ),
    (
        "The hall has been sold, a party adviser said. The adviser, speaking without attribution,"
        " put the price at nine crowns."
    ),
    (
        "The farm will be flooded, a water board official said. The official spoke provided that "
        "she was not quoted by name. Villagers worry about their barns."
    ),
]
# What is marked of each.
SPANS = [
    (
        "Three people in the Velden wool trade said prices were agreed at breakfast.",
        "Three people in the Velden wool trade",
    ),
    (
        (
            "For fear that his sons would be turned out, a stoker at the mill would not be named."
            " The boiler had leaked since June, he said; he mopped the floor every night."
        ),
        "a stoker at the mill",
    ),
    (
        (
            "The mast was rotten, said a rigger at the owner, Kordian Lines, who asked for "
            "anonymity because riggers who talk are dismissed. He had greased it for years."
        ),
        "a rigger at the owner, Kordian Lines",
    ),
    (
        "Somebody with connections to the club said the goalkeeper had been paid.",
        "Somebody with connections to the club",
    ),
    (
        "A welder at the shipyard did not want to be named. She said the plates were thin.",
        "A welder at the shipyard",
    ),
    (
        "Four people at the Tarn theatre said the roof leaked.",
        "Four people at the Tarn theatre",
    ),
    (
        "Three people inside the Velden guild said the dues were missing.",
        "Three people inside the Velden guild",
    ),
    (
        "Wax was mixed with tallow, someone with connections to the chandlers said.",
        "someone with connections to the chandlers",
    ),
    (
        "Petra, which is not her real name, said the abbey bell was cracked.",
        "Petra",
    ),
    (
        (
            "The hulls were thin, according to a riveter at the owner, Ilm Ferries, who asked for"
            " anonymity because the firm sues whoever talks. He had driven the rivets."
        ),
        "a riveter at the owner, Ilm Ferries",
    ),
    (
        "Two men at the Orlan lock said the gate had stuck.",
        "Two men at the Orlan lock",
    ),
    (
        "A glazier at the cathedral would not be identified. She said the panes were new.",
        "A glazier at the cathedral",
    ),
]


def judgement(text: str) -> str | None:
    found = [s for s in suggest_text(text, rules=RULES) if s.marker == "unnamed_source"]
    assert found
    return found[0].judgement


@pytest.mark.parametrize("text", DENIALS, ids=[text[:40] for text in DENIALS])
def test_what_a_denial_calls_confirmed_supports_nobody(text: str) -> None:
    """Only somebody who confirms what the source says corroborates it."""
    assert judgement(text) == "unverifiable_anonymous_source"


@pytest.mark.parametrize("text", FORMULAS, ids=[text[:40] for text in FORMULAS])
def test_a_condition_and_the_fear_of_others_give_no_reason(text: str) -> None:
    """Nothing is said of what the source would risk."""
    assert judgement(text) == "unverifiable_anonymous_source"


@pytest.mark.parametrize(("text", "marked"), SPANS, ids=[text[:40] for text, _ in SPANS])
def test_a_source_is_marked_with_its_circle(text: str, marked: str) -> None:
    """Ties, the body that employs it and its name are inside; words on anonymity are not."""
    found = [s for s in suggest_text(text, rules=RULES) if s.marker == "unnamed_source"]
    assert [text[s.start : s.end] for s in found][:1] == [marked]
