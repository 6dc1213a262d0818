"""What may change in a speculative attribution without moving its span, and what ends it."""

import pytest

from annotate import taxonomy
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))
AGENTS = (
    "rebels",
    "the Kordian navy",
    "Bram Marek",
    "a rival contractor",
    "the Free Maren movement",
    "guards of the mine",
)
HEDGES_BEFORE_A_PARTICIPLE = (
    "supposedly",
    "apparently",
    "presumably",
    "very likely",
    "in all probability",
    "perhaps",
    "allegedly",
    "reportedly",
    "believed to have been",
    "widely thought to be",
    "suspected to have been",
    "rumoured to have been",
    "said to have been",
)
HEDGED_VERBS = (
    "may have planted",
    "might have planted",
    "could well have planted",
    "probably planted",
    "apparently planted",
    "have reportedly planted",
    "are thought to have planted",
    "are said to have planted",
    "appear to have planted",
    "seem to have planted",
)
FAULTS = (
    "were probably behind the raid",
    "may be behind the raid",
    "could be responsible for the raid",
    "are believed to be behind the raid",
    "were thought responsible for the raid",
    "are widely seen as being behind the raid",
    "appear to be behind the raid",
    "may be plotting the raid",
)
OTHER_WORDINGS = (
    ("The shop was burned down, probably by a rival baker.", "burned down, probably by a rival"),
    ("Two lorries were hit by jets believed to be by the army.", "believed to be by the army"),
    ("A suspected rebel raid closed the pass.", "suspected rebel raid"),
    ("An alleged Israeli strike hit the depot.", "alleged Israeli strike"),
    ("The likely government shelling went on all night.", "likely government shelling"),
    ("Suspected militants kidnapped a nurse in Tarn.", "Suspected militants kidnapped a nurse"),
    ("The nurse was kidnapped by suspected militants.", "kidnapped by suspected militants"),
    ("They asked about the alleged raid by Kordian police.", "alleged raid by Kordian police"),
    ("The leak may be the work of a rival club.", "may be the work of a rival club"),
    ("The hack bears the hallmarks of Kordian agents.", "bears the hallmarks of Kordian agents"),
    ("Suspicion fell on the night watch.", "Suspicion fell on the night watch"),
    ("It seems the seller was deceived by the mayor.", "the seller was deceived by the mayor"),
    ("Smoke rose, apparently from a rebel raid.", "apparently from a rebel raid"),
    ("It is thought to be indirectly led by rebels.", "thought to be indirectly led by rebels"),
    ("Two envoys suspect the palace had leaked it.", "suspect the palace had leaked"),
    ("The nurse fled and may have poisoned the well.", "may have poisoned the well"),
    ("He appears to have bribed the warden.", "appears to have bribed the warden"),
    ("That sounded like a separatist plot.", "sounded like a separatist plot"),
    ("They named the salt firm as the likely culprit.", "the salt firm as the likely culprit"),
    ("The prime suspect is the night watch.", "The prime suspect is the night watch"),
    ("The mill was burned by a gang, likely smugglers.", "burned by a gang, likely smugglers"),
    ("The well supposedly was poisoned by rebels.", "supposedly was poisoned by rebels"),
    ("Similar fires are mostly set by smugglers.", "mostly set by smugglers"),
    ("It looks as if they simply starve the islands.", "they simply starve the islands"),
    ("It is possible that the abbot hid the seal.", "possible that the abbot hid the seal"),
    ("Perhaps the fleet was involved in the raid.", "the fleet was involved in the raid"),
    ("Nobody ruled out possible army involvement in the raid.", "possible army involvement"),
    ("The envoys wondered whether the palace had leaked it.", "whether the palace had leaked"),
    ("The finger of suspicion points at the fleet.", "suspicion points at the fleet"),
    ("The gunmen are believed to be members of the militia.", "to be members of the militia"),
)
UNMARKED = (
    "The court heard that the gang allegedly broke into the house in June.",
    "The defendant may have forged the letters, the indictment says.",
    "The illness is probably caused by a mould, the health institute said.",
    "The comet may have been formed by the collision of two older ones.",
    "The fair opens on May 5 and may be opened by the mayor.",
    "The bill may have to be signed by Friday.",
    "The work will probably be done by the end of May.",
    "The rebels said they had fired the rockets.",
    "The council is expected to sell the mill.",
    "The damage is estimated at nine million crowns.",
    "Rebels attacked the depot on Monday.",
    "The union pointed the finger at the company.",
    "The Kordian navy claimed responsibility for the raid.",
    "A suspected gas attack killed four people in Tarn.",
    "Two people were reportedly killed in a storm.",
    "The trainer may have been injured in the match.",
    "The team may have scored more goals than any other.",
    "It may rain in Port Sael.",
    "The song may have been written by her brother.",
    "The comet may have killed the sheep of a whole age.",
    "The guard arrested a man suspected of stealing the bell.",
    "The bill may have been passed by a narrow margin.",
    "It looks like rain over Tarn.",
    "A likely candidate for the post is the deputy.",
    "It appears the match will go ahead.",
    "The team may have hit its stride at last.",
    "It seems that they killed time at the bar.",
    "The club apparently sold its best player in May.",
    "Voters believe that the mayor is responsible for the recovery.",
)


def spans(text: str) -> list[str]:
    found = suggest_text(text, rules=RULES)
    return [text[s.start : s.end] for s in found if s.marker == "speculative_attribution"]


@pytest.mark.parametrize("agent", AGENTS)
def test_another_agent_ends_the_span(agent: str) -> None:
    """Whoever is named as the agent, the span runs from the hedge to the agent."""
    assert spans(f"The mill burned in a fire supposedly set by {agent}.") == [
        f"supposedly set by {agent}"
    ]


@pytest.mark.parametrize("hedge", HEDGES_BEFORE_A_PARTICIPLE)
def test_any_hedge_opens_the_span_of_a_passive(hedge: str) -> None:
    """Adverbs and verbs that hedge are all the first words of the span."""
    assert spans(f"The raid, {hedge} ordered by rebels, cost eleven lives.") == [
        f"{hedge} ordered by rebels"
    ]


@pytest.mark.parametrize("verb", HEDGED_VERBS)
def test_any_hedge_is_inside_the_span_of_an_active_clause(verb: str) -> None:
    """The span begins with the agent and holds hedge and act."""
    assert spans(f"Rebels {verb} the device.") == [f"Rebels {verb} the device"]


@pytest.mark.parametrize("fault", FAULTS)
def test_being_behind_an_act_is_enough(fault: str) -> None:
    """Agent, hedge and "behind" or "responsible" make the span."""
    assert spans(f"The brothers {fault}.") == [f"The brothers {fault}"]


@pytest.mark.parametrize(("text", "span"), OTHER_WORDINGS)
def test_other_wordings_are_found(text: str, span: str) -> None:
    """Adjectives, nouns and idioms hedge an accusation too."""
    assert [span in found for found in spans(text)] == [True]


@pytest.mark.parametrize("text", UNMARKED)
def test_other_senses_stay_unmarked(text: str) -> None:
    """Court reports, natural causes, dates, forecasts, claims and plain accusations."""
    assert spans(text) == []


@pytest.mark.parametrize("place", ["Tarn", "Port Sael", "al-Kesh", "Deir el-Holm"])
@pytest.mark.parametrize("number", ["12", "1,200", "eleven", "at least 30"])
def test_places_and_numbers_leave_the_span(place: str, number: str) -> None:
    """Neither the place nor the number format matters."""
    text = f"On Friday {number} men left {place} after a raid presumably ordered by rebels."
    assert spans(text) == ["presumably ordered by rebels"]


@pytest.mark.parametrize(
    ("opening", "closing"), [("“", "”"), ('"', '"'), ("«", "»"), ("\u2018", "\u2019")]
)
def test_quote_styles_leave_the_span(opening: str, closing: str) -> None:
    """A quotation before the sentence, in any style, changes nothing."""
    text = f"{opening}We walked all the way.{closing} The fire was apparently set by rebels."
    assert spans(text) == ["apparently set by rebels"]


def test_leaving_the_hedge_out_removes_the_span() -> None:
    """An accusation without a hedge is not speculative."""
    assert spans("The fire was probably set by rebels.")
    assert spans("The fire was set by rebels.") == []


def test_leaving_the_agent_out_removes_the_span() -> None:
    """Without an agent nobody is accused."""
    assert spans("The fire was probably set on purpose.") == []


def test_grounds_remove_the_span() -> None:
    """A named accuser who gives grounds does not speculate; one who gives none does."""
    text = "Police chief Jana Wirth said the gang was probably behind the robbery"
    assert spans(text + ".") == ["the gang was probably behind the robbery"]
    assert spans(text + ", because its van was filmed.") == []


def test_a_claim_that_nobody_made_is_no_ground() -> None:
    """Only somebody who claims the act takes the speculation away."""
    raid = "The raid was apparently carried out by rebels"
    assert spans(raid + ", but no group has claimed responsibility.")
    assert spans(raid + ", and the militia has claimed responsibility.") == []


def test_a_court_removes_the_span() -> None:
    """What a trial is about may be called alleged."""
    assert spans("The letters were allegedly forged by the clerk.")
    assert spans("The trial over letters allegedly forged by the clerk has begun.") == []


def test_a_hedged_motive_is_no_speculation_about_the_doer() -> None:
    """Why somebody acted is motive_imputation only."""
    assert spans("The owners probably want to silence the tenants.") == []
