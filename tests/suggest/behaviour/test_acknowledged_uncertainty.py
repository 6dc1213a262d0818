"""What states the limit of a text's knowledge, and what only looks like it."""

import pytest

from annotate import taxonomy
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))
MARKER = "acknowledged_uncertainty"
# Each sentence with the clause that is marked, whatever stands in the gaps.
FRAMES = [
    "[[It was not immediately clear how many of the {number} men had left {place}]].",
    "[[It is unclear whether {name} sold {number} boats in {place}]].",
    "[[{name} could not verify how {number} men died in {place}]].",
    "A blast hit {place}. [[The claim of {name} could not be independently verified]].",
    "{number} men left {place} on Friday, but [[the fate of {name} remains unknown]].",
    "[[It was not possible to verify the figure of {number} dead from {place}]].",
    "[[{name} did not specify whether {number} men had died in {place}]].",
    "[[There was no immediate word on the fate of {number} men from {place}]].",
    "[[There is simply no way to know how {number} men left {place}]].",
    "[[Nobody knows how {number} men left {place}]].",
    "[[It is too early to say whether {number} men left {place}]].",
]
NAMES = ("The ministry", "Hydrodata", "Ada Kranz")
PLACES = ("Tarn", "Port Sael", "al-Kesh", "Deir el-Holm")
NUMBERS = ("12", "1,200", "eleven", "4.5 million")
QUOTES = [("“", "”"), ('"', '"'), ("«", "»"), ("„", "“"), ("''", "''")]
ARTICLES = (
    "The mill burned down on Friday.",
    "A senior source in Tarn said that the convoy had left.",
    "Residents of Port Sael accused the army of shelling the market.",
    "“We walked all the way home,” Ada Kranz, mayor of Tarn, told the Marlow Courier.",
    "The owner closed the mill to punish the strikers, who are said to be armed.",
)
LIMITS = (
    "The claim could not be verified.",
    "That could not be independently verified.",
    "The footage could not be verified.",
    "The report could not immediately be verified.",
    "The Marlow Courier could not verify the account.",
)
each_frame = pytest.mark.parametrize("frame", FRAMES)


def spans(text: str) -> list[str]:
    """Give the clauses that are marked, in order."""
    found = suggest_text(text, rules=RULES)
    return [text[item.start : item.end] for item in found if item.marker == MARKER]


def filled(frame: str, *, name: str = "Hydrodata", place: str = "Tarn", number: str = "12") -> str:
    """Fill the gaps of a frame."""
    return frame.format(name=name, place=place, number=number)


def plain(text: str) -> str:
    """Take the brackets away."""
    return text.replace("[[", "").replace("]]", "")


def marked(text: str) -> str:
    """Give what stands in brackets."""
    return text.partition("[[")[2].partition("]]")[0]


@each_frame
@pytest.mark.parametrize("name", NAMES)
def test_a_name_leaves_the_clause(frame: str, name: str) -> None:
    """Whoever is named, the same clause is marked."""
    text = filled(frame, name=name)
    assert spans(plain(text)) == [marked(text)]


@each_frame
@pytest.mark.parametrize("place", PLACES)
def test_a_place_leaves_the_clause(frame: str, place: str) -> None:
    """Another place, also of several words or with a small article, changes nothing."""
    text = filled(frame, place=place)
    assert spans(plain(text)) == [marked(text)]


@each_frame
@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_format_leaves_the_clause(frame: str, number: str) -> None:
    """Digits, thousands, words and decimals are alike."""
    text = filled(frame, number=number)
    assert spans(plain(text)) == [marked(text)]


@each_frame
@pytest.mark.parametrize(("opening", "closing"), QUOTES)
def test_a_quotation_in_front_leaves_the_clause(frame: str, opening: str, closing: str) -> None:
    """A quotation before the sentence, in any style, neither takes nor adds a span."""
    text = filled(frame)
    front = f"{opening}We walked all the way home.{closing} "
    assert spans(front + plain(text)) == [marked(text)]


@pytest.mark.parametrize("article", ARTICLES)
@pytest.mark.parametrize("limit", LIMITS)
def test_could_not_be_verified_marks_any_article(article: str, limit: str) -> None:
    """The sentence that states the limit is marked, and nothing before it."""
    assert spans(article) == []
    assert spans(f"{article} {limit}") == [limit.rstrip(".")]


@pytest.mark.parametrize("article", ARTICLES)
@pytest.mark.parametrize("limit", LIMITS)
def test_the_limit_takes_no_other_mark_away(article: str, limit: str) -> None:
    """What was marked in the article before is marked still."""
    before = {(s.marker, s.start, s.end) for s in suggest_text(article, rules=RULES)}
    after = {(s.marker, s.start, s.end) for s in suggest_text(f"{article} {limit}", rules=RULES)}
    assert {item for item in before if item[0] != "agentless_attribution"} <= after


@pytest.mark.parametrize(
    "text",
    [
        "It is not known whether the pilot survived.",
        "It isn't known whether the pilot survived.",
        "It's unclear who opened the gate.",
        "It remains unclear who opened the gate.",
        "Who opened the gate remains unclear.",
        "The cause has yet to be determined.",
        "The victims have not yet been identified.",
        "The claim can't be verified.",
        "The claim couldn\u2019t be independently verified.",
        "The agency was unable to confirm the report.",
        "The agency has not been able to verify the report.",
        "Neither claim could be confirmed.",
        "The hospital gave no precise toll.",
        "Details were not immediately available.",
        "No independent figures were available.",
        "There were no immediate details on the wounded.",
        "There is no way to know how many fled.",
        "Why it stranded nobody can say yet.",
        "Accounts of the fighting differ.",
        "We do not know who fired first.",
        "The lack of light made it hard to establish who fired.",
        "It remains to be seen whether the wall will hold.",
        "The recording does not show who fired first.",
        "Rescuers were not sure how many men were below ground.",
        "The harbour office did not provide a precise number.",
        "The report named no cause, without giving further details.",
        "Unclear who gave the order.",
        "The guild has not yet determined what sank the boat.",
        "An unknown number of miners left the pit.",
        "Ten bodies have yet to be identified.",
        "Little is known about the second driver.",
        "There were conflicting reports about the toll.",
        "The blast, if confirmed, would be the third in May.",
        "The guard did not say how the gate was opened.",
        "No official confirmation of the deaths had come by noon.",
        "Exactly how the fire began is not known.",
        "The figures could not be independently confirmed, and the road stayed shut.",
        "The boats sank at night, and it was unclear if the crews had lamps.",
        "As far as we know, the crew had no lamps.",
        "All we know so far is that the door was open.",
        "The true toll is probably much higher.",
        "The report did not provide specific evidence for its claim about the mill.",
        "The trial was too small to say whether the drug works.",
        "The findings are preliminary.",
        "There was confusion over how many people had been on board.",
        "Police have yet to identify a motive.",
        "We may never learn what was on the tape.",
        "What happened next is disputed.",
        "Experts are divided over what killed the fish.",
        "The ministry did not immediately disclose the size of the loan.",
        "The family does not know where the boat was built.",
        "The harbour office has not verified the footage.",
        "Independent verification of the toll was not possible.",
        "Less clear is who had paid for the pump.",
        "It has not been disclosed how the loan was spent.",
        "There are no data on whether the wall has moved.",
        "Nothing in the log shows who was at the helm.",
        "Neither the mayor nor the guild said who had opened the gate.",
        "Whether the pump, which Orbis built, had failed is unknown.",
        "The emails do not show who had paid for the pump.",
        "The survey has its limits.",
        "They don't necessarily tell who will pay.",
        "An unverified video of the wreck was shown at noon.",
        "To what extent the mud is poisoned remains unclear.",
    ],
)
def test_other_wordings_are_marked(text: str) -> None:
    """Negation, voice, short forms and word order vary; the limit is the same."""
    assert len(spans(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "The mayor may have known of the bribes.",
        "The minister refused to say who had paid for the trip.",
        "The unknown soldier is buried in Tarn.",
        "The bank has to verify the identity of its customers.",
        "It is not clear that the mayor ever meant to keep her promise.",
        "Rain is possible on Sunday.",
        "Investigators confirmed that four people had died.",
        "“I do not know what to wear on Saturday,” the winner said.",
        "It is clear that the roof was old.",
        "It is known that the lake is deep.",
        "The fair opens on May 5 and may last a week.",
        "Unknown gunmen fired at the bus.",
        "The actor was unknown to the public.",
        "She is not known for her patience.",
        "There is no evidence that the lamps ruin sleep.",
        "The two states have not established relations.",
        "She could not attend the hearing.",
        "With that issue unresolved, the board adjourned.",
        "The panel recommends unspecified changes to the toll.",
        "The council is trying to determine whether the rule can be widened.",
        "The office had no damaging information about the pilot in its files.",
        "The coach was uncertain about his new haircut.",
        "The mayor has never explained where the money went.",
        "The club must verify the age of its members.",
        "A man who knows the river led the way.",
        "The goalkeeper is in doubt for Sunday.",
        "It is not easy to say goodbye.",
        "The pilot said he did not know what to do.",
        "The spokesman could not be reached for comment.",
        "The club failed to win at home.",
        "Nobody knows the river better than Ilse Grau.",
        "It is hard to say goodbye.",
        "The keeper gave no goal away.",
        "He did not say a word.",
        "The author identifies with her hero.",
        "The harbour master blamed the crew and did not elaborate.",
        "The chairman did not say when he would leave.",
        "The agency reported the blast without giving the location.",
        "The honesty of the treasurer is in question.",
        "Until now it had been unclear how the gate was opened.",
        "Her place in the team is in doubt.",
        "The motion was not confirmed by the senate.",
        "It is a contested seat on the coast.",
    ],
)
def test_near_misses_stay_unmarked(text: str) -> None:
    """Hedged accusations, refusals, forecasts, private doubts and other senses."""
    assert spans(text) == []


def test_a_sentence_has_one_span() -> None:
    """One clause in each sentence, however often its words say so (B7)."""
    text = "It was not clear who fired first. The toll could not be confirmed."
    assert spans(text) == ["It was not clear who fired first", "The toll could not be confirmed"]


def test_a_limit_inside_a_quotation_is_the_source_s() -> None:
    """A witness who says what she does not know is marked, with her voice."""
    text = "“We do not know who fired first,” said Ilka Venn, a neighbour."
    found = [item for item in suggest_text(text, rules=RULES) if item.marker == MARKER]
    assert [item.voice for item in found] == ["quoted_source"]
