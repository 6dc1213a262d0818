"""What may change where a hidden motive is imputed, and what leaves a purpose unmarked."""

import pytest

from annotate import taxonomy
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))
AGENTS = ("The mayor", "Norvane", "The Kordian navy", "Bram Marek", "Our league", "A rival club")
AIMS = (
    "to hide the deficit",
    "in order to hide the deficit",
    "so as to distract from the deficit",
    "only to divert attention from the deficit",
    "in an attempt to silence the tenants",
    "in a bid to discredit the auditors",
    "in an effort to bury the report",
    "with the aim of punishing the district",
    "in the hope of provoking the guild",
    "under the pretext of repairs",
    "to buy time for the next vote",
    "to portray the guild as greedy",
    "out of revenge for the strike",
    "for political gain",
    "for purely partisan reasons",
    "in an apparent attempt to visit every judge",
    "in a bid to sway the elders",
    "in what appears to be a move against the guild",
    "as payback for the interview",
    "as a way to woo the pensioners",
    "in an effort to gain votes",
    "perhaps because it feared for the licence",
    "for fear of offending the owner",
    "only to be photographed",
    "for one reason only",
    "fearing a backlash",
    "because it is paying off",
    "and no doubt deliberately",
    "as a way to insult the guild",
    "in an effort to box in the auditors",
    "in the hope that it would split the guild",
    "not for safety but to bury the report",
    "for no other reason than to please the donors",
    "so that nobody would ask about the fire",
)
DESIRES = (
    "is trying to hide the deficit",
    "wants to cling to power",
    "was probably hoping to score points",
    "secretly seeks to undermine the guild",
    "hopes the match will bury the report",
    "is out to dominate the coast",
    "is bent on silencing the tenants",
    "stands to profit from the closure",
    "has every incentive to prolong the strike",
    "is exploiting the grief of the widows",
    "serves the interests of the mine owners",
    "is driven by greed",
    "has a hidden agenda in the talks",
    "needed the deal to pay for the campaign",
    "is killing two birds with one stone",
    "is clearly trying to win the coast",
    "took advantage of the panic",
    "felt the need to speak first",
    "is only another attempt to bleed the harbour",
    "wants the inquiry to fail",
    "could use the timing of the games to press its case",
    "is willing to outright lie",
    "is playing a double game in the valley",
    "is designed to impress the donors",
    "attempted to provoke the guild",
    "was seeking attention",
    "really just wants the guests to cheer",
    "is also seeking to outbid the bargemen",
    "is trading on the memory of its founder",
    "is, of course, playing for time",
    "is making a play for the coastal vote",
    "will do anything to bury the report",
    "saw a chance to bury the report",
    "is posing as the friend of the miners",
    "has designs on the upper valley",
    "acted with one goal: burying the report",
)
NOUNS = (
    "The inquiry is only a smokescreen for the minister",
    "The offer was a ploy to split the guild",
    "The raid served as a pretext for new taxes",
    "The real aim of the law is to silence the papers",
    "The campaign is designed to discredit the auditors",
    "The delay was calculated to exploit the holidays",
    "The new fees are his way of getting even",
    "The inquiry is a public relations exercise",
    "The new tax has less to do with health than with the coming vote",
    "Kordia's intentions are no longer hidden",
    "The charter gives both of them a reason to part ways",
)
NAMELESS = (
    "Critics say",
    "Insiders believe",
    "A source close to the mayor said",
    "Some residents suspect that",
    "Western diplomats think",
    "An official told the Courier that",
)
UNMARKED = (
    "The crew closed the road in order to repair the bridge.",
    "The dam was built in 1931 to protect the valley from floods.",
    "The council wants to cut waiting times to ten days, according to its published plan.",
    "“We closed the branch to avoid paying two rents,” the bank's director, Ulla Renn, said.",
    "Opposition leader Ada Kranz said the government was trying to hide the deficit.",
    "In the view of Rafe Lund, a historian, the king wanted to please the army.",
    "The judge found that Brandt had set the fire to hide the theft.",
    "The team travelled to Halden to play a friendly on Saturday.",
    "The tariff will raise prices in small shops.",
    "The army launched an offensive aimed at reopening the coast road.",
    "The rebels fled in a bid to reach the border.",
    "Farmers have the right to block the road.",
    "The law allows the mayor to punish late payers.",
    "The guild failed to silence its members.",
    "The mayor had no time to hide the letters.",
    "The fair opens on May 5 to please the children, mayor Petra Hollin said.",
    "We want to exploit the wind, the engineer Nils Aaby wrote.",
    "The office was moved to Port Sael.",
    "The mayor is not eager to move.",
    "It was the first attempt to climb the tower.",
    "The crew worked in an effort to reopen the road.",
    "The guards repelled attempts by the raiders to overrun the hill.",
    "The police asked all drivers to keep children out of harm's way.",
    "We took advantage of the sun, the engineer Nils Aaby said.",
    "The army shelled the ridge to drive the rebels back from the road.",
    "The thieves wore masks to hide their faces.",
    "The vaccine is designed to trick the immune system.",
    "The club rested two players with an eye on the final.",
    "Residents fled because they were afraid of another landslide.",
    "The inquiry by Judge Renn concluded that the firm had acted out of greed.",
    "The minister said the reform was aimed at helping small farms.",
    "The league is also trying to make the roads safer.",
    "The company also hopes to feed the orphans.",
    "The clinic opened a ward as a way to treat the wounded.",
    "The mayor denied that he had tried to bury the report.",
    "Whether the mayor meant to bury the report is not known.",
    "Ada Kranz, the leader of the rowing club, said the mayor wanted to bury the report.",
    "In Lund's view, the mayor closed it to bury the report.",
)


def spans(text: str) -> list[str]:
    found = suggest_text(text, rules=RULES)
    return [text[s.start : s.end] for s in found if s.marker == "motive_imputation"]


@pytest.mark.parametrize("agent", AGENTS)
def test_another_agent_opens_the_span(agent: str) -> None:
    """Whoever is said to want it, the span runs from the agent to the end of the motive."""
    clause = f"{agent} closed the library to punish the district"
    assert spans(f"{clause}.") == [clause]


@pytest.mark.parametrize("aim", AIMS)
def test_any_link_to_a_hidden_aim_is_inside(aim: str) -> None:
    """The clause is marked with its agent, however the aim is tied to the act."""
    assert spans(f"The mayor closed the library {aim}.") == [f"The mayor closed the library {aim}"]


@pytest.mark.parametrize("desire", DESIRES)
def test_any_wording_of_the_desire_is_found(desire: str) -> None:
    """What somebody is said to be after is marked with the one who is after it."""
    assert spans(f"Norvane {desire}.") == [f"Norvane {desire}"]


@pytest.mark.parametrize("clause", NOUNS)
def test_acts_that_are_called_a_cover_are_found(clause: str) -> None:
    """A ploy, a pretext, a real aim, a design."""
    assert spans(f"{clause}.") == [clause]


@pytest.mark.parametrize("source", NAMELESS)
def test_a_motive_from_a_nameless_source_is_marked_as_theirs(source: str) -> None:
    """The reporting clause stays outside, and the voice is the source's."""
    text = f"{source} the council wants the inquiry to fail."
    found = [s for s in suggest_text(text, rules=RULES) if s.marker == "motive_imputation"]
    assert [text[s.start : s.end] for s in found] == ["the council wants the inquiry to fail"]
    assert found[0].voice == "quoted_source"


@pytest.mark.parametrize("text", UNMARKED)
def test_plain_purposes_stay_unmarked(text: str) -> None:
    """Everyday and stated goals, named critics and analysts, courts, effects and rights."""
    assert spans(text) == []


@pytest.mark.parametrize("place", ["Tarn", "Port Sael", "al-Kesh", "Deir el-Holm"])
@pytest.mark.parametrize("number", ["12", "1,200", "eleven"])
def test_places_and_numbers_leave_the_span(place: str, number: str) -> None:
    """Neither the place nor the number format matters."""
    clause = f"The owner closed the mill in {place} to punish {number} men"
    assert spans(f"{clause}.") == [clause]


@pytest.mark.parametrize(
    ("opening", "closing"), [("“", "”"), ('"', '"'), ("«", "»"), ("\u2018", "\u2019")]
)
def test_quote_styles_leave_the_span(opening: str, closing: str) -> None:
    """A quotation before the sentence, in any style, changes nothing."""
    text = f"{opening}We walked all the way.{closing} The owner closed the mill to punish us all."
    assert spans(text) == ["The owner closed the mill to punish us all"]


def test_a_named_critic_removes_the_span() -> None:
    """What a named source asserts is theirs to answer for."""
    text = "The council is trying to hide the deficit"
    assert spans(text + ".") == [text]
    assert spans(text + ", opposition leader Ada Kranz said.") == []


@pytest.mark.parametrize(
    ("speaker", "marked"),
    [
        ("Ada Kranz, who leads the opposition", False),
        ("the engineer Nils Aaby", False),
        ("a source close to the mayor", True),
        ("two officials", True),
    ],
)
def test_a_motive_quoted_word_for_word_needs_a_nameless_source(
    speaker: str, *, marked: bool
) -> None:
    """In the sentence behind the one that says who speaks, too."""
    clause = "He closed the library to punish the district"
    assert spans(f"“The mayor is lazy,” said {speaker}. “{clause}.”") == [clause] * marked


def test_a_court_removes_the_span() -> None:
    """A finding of a court is evidence of intent."""
    assert spans("Brandt set the fire to hide the theft.")
    assert spans("Brandt set the fire to hide the theft, the court ruled.") == []


def test_a_hedged_motive_is_one_marker() -> None:
    """Nothing else is marked where a motive is hedged."""
    text = "The owners were probably hoping to silence the tenants."
    assert [s.marker for s in suggest_text(text, rules=RULES)] == ["motive_imputation"]


def test_a_plain_aim_needs_a_nameless_source() -> None:
    """A mild aim is a motive only where somebody without a name imputes it."""
    assert spans("The firm kept the crew at work to meet the deadline.") == []
    assert spans("Workers say the firm kept the crew at work to meet the deadline.") == [
        "the firm kept the crew at work to meet the deadline"
    ]


@pytest.mark.parametrize(
    "behind",
    [
        ", an opposition official said",
        ", sources familiar with palace thinking have said",
        ", according to activists in the valley",
        ", the state agency reported, citing an unnamed official",
    ],
)
def test_a_nameless_source_may_stand_behind(behind: str) -> None:
    """The motive is marked where the one who imputes it is told of last."""
    clause = "The raid was meant to send a message to other defectors"
    assert spans(f"{clause}{behind}.") == [clause]


def test_an_aim_of_the_source_itself_stays_unmarked() -> None:
    """What people say of themselves is no imputation."""
    assert spans("Residents say they want the lorries off the street.") == []
