"""What may change in a sentence without changing its tier-2 spans, and what must."""

from itertools import pairwise
from pathlib import Path

import pytest

from annotate import taxonomy
from annotate.model import Range, Suggestion, Zone
from annotate.spans import covers
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load())
# Each sentence with the span that its marker gets, whatever stands in the gaps.
FRAMES = {
    "opaque_evidence": [
        "[[Leaked documents]] show that {number} men were paid in {place}.",
        "{name} has left {place}, according to [[unpublished data]].",
    ],
    "presupposed_claim": [
        "{name} must [[stop bribing the referees]] in {place} {number} days before the vote.",
        "{name} has yet to [[admit its role in the fraud]], {number} men in {place} write.",
    ],
    "unsupported_inference": [
        "{number} lamps went out in {place}. [[So the guards must have known]].",
        "{name} left {place} with {number} men, [[which proves that the vote was bought]].",
    ],
    "insinuating_question": [
        "{name} left {place} with {number} men. [[What is the council hiding]]?",
        "{number} files burned in {place}. [[Is it really a coincidence]]? {name} was away.",
    ],
    "threat_amplification": [
        "The strike in {place} [[threatens to plunge the coast into chaos]], {number} men fear.",
        "{name} and {number} men [[will wipe out whole villages]] near {place}.",
    ],
    "loaded_language": [
        "{name} [[rammed through]] the budget of {place} by {number} votes.",
        "{number} men of {place} paid the [[shameless]] fees of {name}.",
    ],
    "contentious_label": [
        "{number} [[terrorists]] held the road to {place} before {name} came.",
        "{name} had {number} of the [[traitors]] led out of {place}.",
    ],
    "first_hand_basis": [
        "“[[I counted eleven stretchers in the corridor]],” {name} of {place} told {number} men.",
        "{name}, [[who watched the fire from the roof]], said {number} men had left {place}.",
    ],
    "identified_evidence": [
        "[[The audit that Kern and Holm published in June]] lists {number} men from {place}.",
        "{number} men left {place}, according to [[the port's customs returns for 2023]].",
    ],
}
NAMES = ("Ada Kranz", "Tomas Bly", "Hydrodata")
PLACES = ("Tarn", "Port Sael", "al-Kesh")
NUMBERS = ("12", "1,200", "eleven")
CASES = [(marker, frame) for marker, frames in FRAMES.items() for frame in frames]
each_frame = pytest.mark.parametrize(("marker", "frame"), CASES)
UNMARKED = {
    "opaque_evidence": [
        "The clerk filed the documents in two boxes.",
        "There is no evidence that the lamps ruin sleep.",
        "Police searched the cellar and found no proof.",
        "The figures that Nordbank published in May show a loss.",
        "Reuters photographs showed the bridge on Sunday.",
        "The singer's new video is three minutes long.",
        "She showed her papers to the guard.",
        "The study will begin in autumn.",
    ],
    "presupposed_claim": [
        "The rain stopped at noon.",
        "The coach does not regret having moved to Tarn.",
        "The sale of tickets will begin on Monday.",
        "Nobody knows why the lake froze so late.",
        "The ferry has been full since the bridge closed.",
        "The club continues to train on Sundays.",
        "The visitors admitted their mistake in the second half and moved on.",
        "Workers will stop painting the hall on Friday.",
    ],
    "unsupported_inference": [
        "So far the roof has held.",
        "Clubs must publish their accounts, so the audit must be paid in March.",
        "The road was so narrow that two carts could not pass.",
        "Rain fell all week, so the final was moved to Monday.",
        "The committee came to the conclusion that the pitch was too wet.",
        "Therefore the shop has to close until June.",
        "The table is logically ordered by year.",
        "Clearly marked paths lead to the lake.",
    ],
    "insinuating_question": [
        "What is the capital of Kordia?",
        "Why does the lake freeze so late?",
        "Who will win on Sunday?",
        "How much does a ticket cost?",
        "Did you really like the play?",
        "Is it going to rain?",
        "Where did the team stay in Halden?",
        "The committee asked what the mayor was hiding.",
    ],
    "threat_amplification": [
        "The strike will delay the ferries by an hour.",
        "The flood destroyed forty houses in May.",
        "There will be music in every street.",
        "The children turned the barn into a stage.",
        "The team will never play in Tarn again.",
        "The cup is on the edge of the table.",
        "There will be no bloodshed, the general said.",
        "The deal could mean the end of the strike.",
    ],
    "loaded_language": [
        "The council passed the budget at midnight.",
        "The tumour is aggressive.",
        "A violent storm tore the roof off the hall.",
        "Gunmen killed six people at the bus stop.",
        "Forty-one people were shot in the massacre.",
        "The army attacked the hill at dawn.",
        "The so-called Islamic State held the pass.",
        "A hysterical woman was led out of the hall.",
    ],
    "contentious_label": [
        "The rebels held the pass for two days.",
        "The court convicted two men of terrorism.",
        "The keeper follows a strict training regime.",
        "The paper called him a traitor.",
        "The play “The Traitor” opens on Saturday.",
        "Three convicted terrorists were moved to Tarn.",
        "Police described the two men as terrorists.",
        "The union is on a list of terrorist organisations.",
    ],
    "first_hand_basis": [
        "“I see no reason to resign,” the mayor said.",
        "“I believe the vote was fair,” the treasurer said.",
        "“I heard that the road was closed,” the driver said.",
        "The driver said a colleague had told him about the lorry.",
        "The coach, who grew up in Tarn, said the pitch was wet.",
        "If I saw a wolf, I would run.",
        "“We saw progress this year,” the director said.",
        "The minister said she would resign.",
    ],
    "identified_evidence": [
        "Secret documents show that the dam was never inspected.",
        "The mayor wrote in a post on Sunday that the bridge was safe.",
        "The council will publish its report in autumn.",
        "The Orlan Institute said rents would rise.",
        "The judge asked both sides for their documents by Friday.",
        "Videos posted online by activists showed smoke.",
        "The footage was carried by several outlets.",
        "Activists released a video of the raid.",
    ],
}
SEEDS = Path(__file__).parents[2] / "../shared/data/seeds"
ACCUSING = "000_2394be77794c6591.txt"
CAREFUL = "004_8fdfbbc089719843.txt"
PASSAGES = [
    (ACCUSING, "presupposed_claim", 3804, 3872),
    (ACCUSING, "presupposed_claim", 4215, 4268),
    (ACCUSING, "unsupported_inference", 3873, 3932),
    (ACCUSING, "unsupported_inference", 4113, 4151),
    (ACCUSING, "threat_amplification", 674, 702),
    (CAREFUL, "threat_amplification", 3463, 3496),
    (ACCUSING, "loaded_language", 4276, 4297),
    (CAREFUL, "loaded_language", 667, 683),
    (ACCUSING, "contentious_label", 1274, 1288),
    (CAREFUL, "first_hand_basis", 1208, 1281),
    (CAREFUL, "identified_evidence", 4420, 4484),
]
NEGATIVES = [(marker, text) for marker, texts in UNMARKED.items() for text in texts]


def spans(text: str, marker: str) -> list[str]:
    """Give what is marked, in order."""
    found = suggest_text(text, rules=RULES)
    return [text[item.start : item.end] for item in found if item.marker == marker]


def marked(frame: str) -> str:
    """Give what a frame has in brackets."""
    return frame.partition("[[")[2].partition("]]")[0]


def plain(frame: str, name: str, place: str, number: str) -> str:
    """Fill a frame and take its brackets away."""
    text = frame.format(name=name, place=place, number=number)
    return text.replace("[[", "").replace("]]", "")


@each_frame
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("number", NUMBERS)
def test_names_and_numbers_leave_the_span(
    marker: str, frame: str, name: str, place: str, number: str
) -> None:
    """Another name, place or number format gives the very same span."""
    assert spans(plain(frame, name, place, number), marker) == [marked(frame)]


@each_frame
@pytest.mark.parametrize(("opening", "closing"), [("“", "”"), ('"', '"'), ("«", "»")])
def test_quote_styles_leave_the_span(marker: str, frame: str, opening: str, closing: str) -> None:
    """A quotation in front, in any style, takes nothing from the span and adds none."""
    text = plain(frame, "Ada Kranz", "Tarn", "12")
    front = f"{opening}We walked all the way home.{closing} "
    assert spans(front + text, marker) == [marked(frame)]


@pytest.mark.parametrize(("marker", "text"), NEGATIVES)
def test_near_misses_stay_unmarked(marker: str, text: str) -> None:
    """The hard negatives of the marker, and the same words in another sense."""
    assert spans(text, marker) == []


@pytest.mark.parametrize(("name", "marker", "start", "end"), PASSAGES)
def test_a_passage_of_the_seeds_is_covered(name: str, marker: str, start: int, end: int) -> None:
    """A suggestion of the passage's marker holds at least half of it."""
    if not (SEEDS / name).exists():
        pytest.skip("the seeds are not beside this checkout")
    text = (SEEDS / name).read_text(encoding="utf-8")
    found = [item for item in suggest_text(text, rules=RULES) if item.marker == marker]
    assert any(covers(item, Range(start=start, end=end)) for item in found)


def test_a_publisher_and_a_date_make_evidence_identified() -> None:
    """The same footage is opaque without them and identified with them."""
    opaque = "Footage circulating online shows smoke above the depot."
    known = "Footage that Channel Nord broadcast on Sunday shows smoke above the depot."
    assert (spans(opaque, "opaque_evidence"), spans(opaque, "identified_evidence")) == (
        ["Footage circulating online"],
        [],
    )
    assert (spans(known, "opaque_evidence"), spans(known, "identified_evidence")) == (
        [],
        ["Footage that Channel Nord broadcast on Sunday"],
    )


def test_a_toll_takes_the_load_from_massacre() -> None:
    """“massacre” is loaded until the text gives the toll."""
    bare = "The massacre on the ridge will not be forgotten."
    assert spans(bare, "loaded_language") == ["massacre"]
    assert spans(f"Soldiers killed 41 people in May. {bare}", "loaded_language") == []


def test_regime_needs_the_name_of_a_government() -> None:
    """“regime” is a label with a leader's or a government's name, and else a word."""
    assert spans("Talks with the Marek regime have failed.", "contentious_label") == [
        "Marek regime"
    ]
    assert spans("The visa regime was changed in June.", "contentious_label") == []


def test_a_term_that_is_spoken_of_is_no_label() -> None:
    """A text that says whose word it is does not use it."""
    used = "The attack was carried out by terrorists."
    spoken_of = "The palace blamed terrorists, its term for the rebels."
    assert spans(used, "contentious_label") == ["terrorists"]
    assert spans(spoken_of, "contentious_label") == []


def test_the_marked_reasoning_of_a_named_source_is_no_inference() -> None:
    """A named source draws the conclusion, so it is theirs."""
    inference = "It follows that the guards were part of the plot"
    assert spans(f"{inference}.", "unsupported_inference") == [inference]
    assert spans(f"{inference}, Ada Kranz said.", "unsupported_inference") == []


def test_hearsay_is_no_first_hand_basis() -> None:
    """To hear a shot is to witness, to hear of it is not."""
    assert spans("“We heard a shot in the yard,” she said.", "first_hand_basis") == [
        "We heard a shot in the yard"
    ]
    assert spans("“We heard about a shot in the yard,” she said.", "first_hand_basis") == []


def voices(text: str, marker: str) -> list[str]:
    return [item.voice for item in suggest_text(text, rules=RULES) if item.marker == marker]


def test_a_frightened_witness_is_no_frightening_reporter() -> None:
    """Voice tells a quoted fear from the reporter's."""
    fear = "There will be bloodshed in every street"
    marker = "threat_amplification"
    assert voices(f"“{fear},” said shopkeeper Ada Kranz.", marker) == ["quoted_source"]
    assert voices(f"{fear}.", marker) == ["reporter"]


def suggestions(text: str, title: int) -> list[Suggestion]:
    zones = [
        Zone(doc_id="d", start=0, end=title, zone="title"),
        Zone(doc_id="d", start=title, end=len(text), zone="body"),
    ]
    return suggest_text(text, zones, RULES)


def test_a_headline_asks_too() -> None:
    """An insinuating question in a title is marked with the headline's voice."""
    title = "What is the mayor hiding?"
    found = suggestions(f"{title}\n\nThe council met on Friday.", len(title))
    asked = [item for item in found if item.marker == "insinuating_question"]
    assert [(item.start, item.end, item.voice) for item in asked] == [
        (0, len(title) - 1, "headline")
    ]


def test_spans_of_one_marker_do_not_overlap() -> None:
    """Several rules of a marker that see the same words give one span."""
    text = "The so-called takfiri terrorists and their puppet government hold the pass."
    found = [item for item in suggest_text(text, rules=RULES) if item.marker == "contentious_label"]
    ranges = [Range(start=item.start, end=item.end) for item in found]
    assert len(ranges) >= 2
    assert all(one.end <= two.start for one, two in pairwise(ranges))
