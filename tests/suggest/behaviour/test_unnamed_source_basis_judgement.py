"""How a text shows that a source was there, or has it on paper, in many shapes."""

import pytest

from annotate import taxonomy
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))
TEXT = (
    "Forms at the Tolbec depot were backdated for years, said a clerk at the Tolbec depot. {} "
    "The depot said that its records were in order."
)
FIRST_HAND = [
    "He unlocked the cabinet for them himself.",
    "He was one of the four who were locked in.",
    "He was made to sign them, he said.",
    "He was in the cab when it happened.",
    "He held the torch, he said.",
    "“I put the stamp on it,” he said.",
    "He had been told to backdate the forms and had done so.",
    "He wheeled the crates out.",
    "The clerk, who stood at the gate that night and noted the number plates, gave no name.",
    "He was ordered to burn the cards, he said, and burned them.",
    "He sat at the next table.",
    "The clerk said he was sent for at midnight to fill in the new ones.",
    "He was the one who cut the seal.",
    "He weighed the crates with a foreman.",
    "He spent eleven nights in the east wing.",
    "The clerk was among those sent home.",
    "He could smell the gas from his bench.",
    "“They had me do it,” he said.",
    "“It was me who closed the valve,” he said.",
    "He was on duty that night.",
    "He was present when the order was given.",
    "The clerk stood by the cabinet while it was done and noted the dates.",
    "He attended the meeting.",
    "The clerk said he had once been locked in with the forms.",
    "He had driven the lorry.",
    "His own locker was among those searched.",
    "He took the call.",
    "He processed forty of the forms.",
    "“We were told to look away and we did,” he said.",
    "The clerk, who filled in most of them, gave dates and names.",
    "The clerk carried the boxes down to the cellar.",
    "He said he had himself altered nine of them.",
    "“I tear off the old slip and staple on a new one,” he said.",
    "The clerk helped to draw up the second set.",
    "He was at the table when the director asked for it.",
    "The clerk did attend the hearing.",
]  # fmt: skip
DOCUMENTS = [
    "He let us read the log.",
    "The clerk passed us the maintenance sheets.",
    "He read out the order from his screen.",
    "He laid the slips on the table.",
    "The clerk brought a folder of rosters to our office.",
    "The clerk provided the e-mails.",
    "He scrolled through the messages on his phone.",
    "The clerk allowed a reporter to photograph the ledger.",
    "He supplied a recording of the meeting.",
    "Reporters were shown the spreadsheet.",
    "The clerk read out two paragraphs of the circular.",
    "The clerk let us leaf through both sets of tables.",
    "He brought with him a printout of the bookings.",
    "He put a bundle of pay slips before us.",
    "The clerk tilted his screen to show the entries.",
    "Copies of the forms that he passed to this newspaper bear two dates.",
]  # fmt: skip


def basis(sentence: str) -> str:
    found = suggest_text(TEXT.format(sentence), rules=RULES)
    source = next(item for item in found if item.marker == "unnamed_source")
    return source.attributes["basis_of_knowledge"]


@pytest.mark.parametrize("sentence", FIRST_HAND)
def test_who_did_it_or_was_there_knows_first_hand(sentence: str) -> None:
    """Deeds, presence, orders carried out: also where a noun stands for the source."""
    assert basis(sentence) == "first_hand"


@pytest.mark.parametrize("sentence", DOCUMENTS)
def test_who_shows_papers_knows_from_documents(sentence: str) -> None:
    """Papers shown, read out, handed over or left to be compared: more than a bare word."""
    assert basis(sentence) in {"documents", "first_hand"}
