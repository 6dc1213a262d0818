"""A source that repeats what others say, that was elsewhere, or that does not tell how it knows."""

import pytest

from annotate import taxonomy
from annotate.model import Suggestion
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))
TEXT = (
    "The lift in the east wing was never inspected, according to a clerk at the Tolbec depot. "
    "{} The clerk asked not to be named. The depot said that its lifts were safe."
)
HEARSAY = [
    "He had it from a driver on the late shift.",
    "“My brother-in-law told me,” he said.",
    "He was going on what the night crew had told him, he said.",
    "Colleagues on the late shift filled him in, he said.",
    "He got it from a friend in the canteen.",
    "A cousin of his works there and told him about it over supper.",
    "The clerk said two porters had described it to him.",
    "He relied on what the cleaners say among themselves.",
    "It came to him through an uncle on the loading bay, he said.",
    "He was passing on what the foreman had let slip.",
    "The clerk was repeating, he said, what everybody in the yard says.",
    "“That's what the lads say,” he said.",
    "He learned of it through a former foreman.",
    "The clerk found out months later, when a cousin mentioned it.",
    "A friend upstairs keeps him informed, he said.",
    "He was told of it by an old friend.",
    "He read about it on a staff forum.",
    "It was second-hand, he admitted.",
    "He had worked it out from scraps of what the porters let fall.",
    "“I only know what they tell us at the gate,” he said.",
    "The story had gone round the canteen for weeks, he said.",
    "Everyone at the depot knows it, he said.",
    "It is an open secret in the yard, he said.",
    "Rumours of it had reached him in the spring, he said.",
    "Word had got round the site, he said.",
    "People there talk of nothing else, he said.",
    "It was the talk of the canteen, he said.",
    "He described it as common knowledge among the drivers.",
    "“You hear things,” he said.",
    "He put it down to gossip in the locker room.",
    "He said he understood as much from the guards.",
    "The clerk, citing a colleague, said it had gone on for years.",
    "He heard it on the works bus.",
    "“So I'm told,” he said.",
    "Somebody in accounts had mentioned it to him, he said.",
    "He based this on conversations with former inspectors.",
    "That was the impression among the drivers, he said.",
    "He handles the post; the mechanics tell him what goes on in the shaft.",
    "The clerk, who sorts the post, had caught it in passing at the lunch table.",
    "News of it travelled fast, he said.",
]  # fmt: skip
ELSEWHERE = [
    "He was on holiday that week, he said.",
    "He was off sick when it happened.",
    "It was his day off, he said.",
    "He had left the depot before the inspection.",
    "He joined the depot two months after the inspection.",
    "He was not on shift that night.",
    "The clerk has never once been inside the east wing.",
    "“I wasn't there,” he said.",
    "He did not see it himself, he said.",
    "He was abroad at the time.",
    "He had gone home by then.",
    "The clerk, who was not in the room, called it a scandal.",
    "He missed the meeting at which it was decided.",
    "He played no part in the inspection.",
    "He has no first-hand knowledge of the inspections.",
    "He does not deal with lifts himself.",
    "The clerk was in hospital that month.",
    "He had not witnessed any of it.",
    "He was at home asleep that night.",
    "He started there in June, long after the inspection.",
    "He was posted to another depot at the time.",
    "He did not attend the meeting.",
    "The clerk did not take part in the tests.",
    "He was away that afternoon.",
    "“I have not seen the shaft with my own eyes,” he said.",
]  # fmt: skip
UNTOLD = [
    "He did not say how he knew.",
    "The clerk would not say where he had got it.",
    "He declined to say how he had learned of it.",
    "He offered no evidence.",
    "Asked how he knew, he only smiled.",
    "It was not clear how he had come by it.",
    "The clerk did not explain where his knowledge came from.",
    "He gave no details.",
]  # fmt: skip
POSITION = [
    "He has worked at the depot for nine years.",
    "He earns nine crowns an hour.",
    "He joined in May.",
    "“It is the only trade I know,” he said.",
    "He trained as a plumber.",
    "“I just want it to stop,” he said.",
    "The clerk moved to the day shift in March.",
    "He shook his head.",
    "He called it a disgrace.",
    "The clerk is one of forty on the site.",
    "He was hired by the last director.",
    "“They do as they please,” he said.",
    "The clerk, who is 44, belongs to no union.",
    "The clerk has been with the depot since it opened.",
    "He will retire in the autumn.",
]  # fmt: skip
# Others may have been told, or have been away: the source was there.
THERE = [
    "He did not hear it from others: he saw the shaft himself.",
    "The inspector was on leave, so he signed the form himself, the clerk said.",
    "He was told to sign the form, and signed it.",
    "He had been told to keep the door locked, and did so.",
    "“They told me to sign, and I signed,” he said.",
    "He was not asked to inspect the lift but to sign the form, he said, and he signed it.",
    "He saw the form himself. His colleagues told him not to sign it.",
]  # fmt: skip


def source(sentence: str) -> Suggestion:
    found = suggest_text(TEXT.format(sentence), rules=RULES)
    return next(item for item in found if item.marker == "unnamed_source")


@pytest.mark.parametrize("sentence", HEARSAY)
def test_what_others_told_is_hearsay(sentence: str) -> None:
    """A source that repeats others knows by hearsay, and stays unverifiable."""
    assert source(sentence).attributes["basis_of_knowledge"] == "hearsay"
    assert source(sentence).judgement == "unverifiable_anonymous_source"


@pytest.mark.parametrize("sentence", ELSEWHERE)
def test_who_was_elsewhere_knows_from_others(sentence: str) -> None:
    """Somebody who was not there, by his own words, can only repeat what others saw."""
    assert source(sentence).attributes["basis_of_knowledge"] == "hearsay"


@pytest.mark.parametrize("sentence", UNTOLD)
def test_a_text_may_say_that_it_does_not_know_how(sentence: str) -> None:
    """Where the source does not tell how it knows, no job of his answers the question."""
    assert source(sentence).attributes["basis_of_knowledge"] == "unstated"


@pytest.mark.parametrize("sentence", POSITION)
def test_a_job_is_no_first_hand_knowledge(sentence: str) -> None:
    """What somebody does for a living, or how he looks, does not say that he was there."""
    assert source(sentence).attributes["basis_of_knowledge"] == "position_only"


@pytest.mark.parametrize("sentence", THERE)
def test_orders_and_others_hearsay_are_not_the_sources(sentence: str) -> None:
    """To be told to do something, and to do it, is to have been there."""
    assert source(sentence).attributes["basis_of_knowledge"] == "first_hand"
