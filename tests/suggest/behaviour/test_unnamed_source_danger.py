"""Dangers that a text shows without anybody asking for anonymity, and harm that is no danger."""

import pytest

from annotate import taxonomy
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))
# The second of each pair adds how the source knows, and what people like it have to fear.
PAIRS = [
    (
        (
            "The second missile hit after the rescuers had come, a paramedic in Ostrel "
            "said. The ministry of defence denied it."
        ),
        (
            "The second missile hit after the rescuers had come, a paramedic in Ostrel "
            "said. “My partner was kneeling beside a child when it landed, and I was thrown"
            " against the van.” Three of his crew have been called in for questioning "
            "since, and he has moved his family out of the city."
        ),
    ),
    (
        (
            "A former teller at Coldharbour Bank said customers were charged for accounts "
            "they never opened."
        ),
        (
            "A former teller at Coldharbour Bank said customers were charged for accounts "
            "they never opened. She opened some two hundred of them herself, she said, "
            "between March and August. Under her settlement she would have to repay the "
            "money if she were known to have spoken."
        ),
    ),
    (
        (
            "A truck driver for Lomax Haulage said the tanks were emptied into the Ferrow "
            "at night. He asked for anonymity."
        ),
        (
            "A truck driver for Lomax Haulage said the tanks were emptied into the Ferrow "
            "at night. He has done it eleven times and can name each bend in the river. "
            "“They'd have my licence by Friday,” he said when asked if his name could be "
            "used."
        ),
    ),
    (
        ("The collection money went to the priest's brother, said a parishioner of St Bride's."),
        (
            "The collection money went to the priest's brother, said a parishioner of St "
            "Bride's. She sat on the finance council for six years and still has her copies"
            " of the accounts. After another council member raised it, someone threw paint "
            "over his front door and his grandchildren were bullied at school."
        ),
    ),
    (
        (
            "Mothers were left without pain relief, a midwife at Tansley General told us. "
            "The trust declined to comment."
        ),
        (
            "Mothers were left without pain relief, a midwife at Tansley General told us. "
            "“I held their hands because that was all we had,” she said. Two colleagues who"
            " went to the regulator are now under investigation themselves, and she has a "
            "mortgage to pay."
        ),
    ),
    (
        ("Migrants' phones are routinely smashed, according to a sergeant in the border police."),
        (
            "Migrants' phones are routinely smashed, according to a sergeant in the border "
            "police. He has done it, he admitted, and he has been ordered to do it by name."
            " A conviction for breaching service secrecy would mean the end of his pension."
        ),
    ),
    (
        (
            "An intern on the Harrow campaign said volunteers were paid in cash. She "
            "requested that her name be left out."
        ),
        (
            "An intern on the Harrow campaign said volunteers were paid in cash. She "
            "stuffed the envelopes. Her supervisor told the whole office that nobody who "
            "crossed the family would ever work in politics again."
        ),
    ),
    (
        ("Horses were raced on painkillers, according to a groom at the Wexcombe stables."),
        (
            "Horses were raced on painkillers, according to a groom at the Wexcombe "
            "stables. “I gave them the needle in the box, two hours before,” he said. He "
            "lives above the tack room, and when another lad talked to the stewards he was "
            "out with his bags the same night."
        ),
    ),
    (
        (
            "Fines were written for passengers who did not exist, a tram inspector in Halm "
            "told this newspaper. The operator called the report nonsense."
        ),
        (
            "Fines were written for passengers who did not exist, a tram inspector in Halm "
            "told this newspaper. He wrote them: “Ten a day was the target, so I used the "
            "phone book.” An inspector who complained to the council found himself on "
            "nights for a year."
        ),
    ),
    (
        (
            "A photographer who works with the Lorrin police said the scene had been "
            "rearranged. He did not want his name in the paper."
        ),
        (
            "A photographer who works with the Lorrin police said the scene had been "
            "rearranged. He took the pictures before and after, and laid both sets side by "
            "side for us. His contract with the force can be ended with a day's notice."
        ),
    ),
    (
        (
            "Partners at Stroud Finch billed the same hours twice, according to a paralegal"
            " at Stroud Finch. The firm had no comment."
        ),
        (
            "Partners at Stroud Finch billed the same hours twice, according to a paralegal"
            " at Stroud Finch. “I entered the second set myself every month end,” the "
            "paralegal said. She would be barred from ever qualifying if the firm "
            "complained about her, and it has done so to one trainee already."
        ),
    ),
    (
        (
            "Novices were made to sleep in an unheated cellar, a novice at the abbey of "
            "Saint Aldric said. The abbot declined to speak to us."
        ),
        (
            "Novices were made to sleep in an unheated cellar, a novice at the abbey of "
            "Saint Aldric said. “I lost the feeling in two toes,” he said. He has nowhere "
            "else to live, and the abbot has turned out brothers for writing home about it."
        ),
    ),
    (
        (
            "Suspects were hooded during questioning, said a policewoman in the Third "
            "Precinct. She asked not to be identified."
        ),
        (
            "Suspects were hooded during questioning, said a policewoman in the Third "
            "Precinct. She guarded the door on four occasions. An officer who gave evidence"
            " against a superior last year now needs a bodyguard."
        ),
    ),
    (
        (
            "Winnings were paid out to the mayor's wife on losing nights, a cashier at the "
            "Orbel casino said."
        ),
        (
            "Winnings were paid out to the mayor's wife on losing nights, a cashier at the "
            "Orbel casino said. “I counted it into her handbag.” The casino belongs to "
            "people who, she said, do not sue: they send someone."
        ),
    ),
    (
        ("Quotas were set before the survey, according to a biologist with the fisheries board."),
        (
            "Quotas were set before the survey, according to a biologist with the fisheries"
            " board. He was on the survey ship and holds the original catch sheets. Board "
            "rules make any contact with the press a firing offence."
        ),
    ),
    (
        (
            "Scans were reported by a clerk, a radiographer at Eastmoor Infirmary said. The"
            " hospital would not comment."
        ),
        (
            "Scans were reported by a clerk, a radiographer at Eastmoor Infirmary said. She"
            " sat beside him while he typed the reports. Her manager has told the team that"
            " the next person to embarrass the department will be out of the door."
        ),
    ),
    (
        "Officers planted the pistol, said a lecturer's wife in Taran.",
        (
            "Officers planted the pistol, said a lecturer's wife in Taran. “They asked me "
            "to hold the drawer open while they filmed it,” she said. Her husband is in "
            "their custody, and she believes he will pay for every word."
        ),
    ),
    (
        (
            "The flood map was redrawn for a developer, a planner in the city "
            "administration of Drehm said. The planner asked for anonymity."
        ),
        (
            "The flood map was redrawn for a developer, a planner in the city "
            "administration of Drehm said. The planner coloured the new map and still has "
            "the old one on a memory stick. Civil servants who disclose drafts can be tried"
            " under a state secrets act."
        ),
    ),
    (
        "A courier for the Nasri clan said the judge was paid in gold.",
        (
            "A courier for the Nasri clan said the judge was paid in gold. He weighed it "
            "out on the judge's kitchen scales. The last courier to open his mouth was "
            "dragged behind a car."
        ),
    ),
]
# Somebody who was there tells of harm that does not threaten those who talk of it.
WITNESSES = [
    (
        "A shopkeeper on Mill Road said he heard three shots. He saw two men run to a car. "
        "Police arrested a 24-year-old on Tuesday."
    ),
    (
        "A passenger on the 8.15 from Tarn said the brakes screamed before the crash. “I "
        "was thrown to the floor and my phone was smashed,” she said. Two people were "
        "killed and nine were taken to hospital."
    ),
    (
        "A nurse at the Mossby clinic said the wards were full. “I worked two shifts and "
        "slept in the corridor,” she said. The government has promised more staff."
    ),
    (
        "A resident of Kesh said shells hit the market at noon. He carried four of the "
        "wounded to a van. His cousin was killed, he said, and his shop was burned."
    ),
    (
        "A teacher at Holm School said pupils had cheated. She had marked the papers. Three"
        " pupils were expelled last month."
    ),
    (
        "A taxi driver in Port Sael said he drove the minister to the airport on Friday. "
        "The minister resigned on Saturday and was arrested on Sunday."
    ),
    (
        "A farmer near Tarn said hail had flattened his wheat. “I lost my harvest in ten "
        "minutes,” he said. Insurers expect claims of 3 million crowns."
    ),
    (
        "A woman who lives opposite the bank said she watched the robbers leave. They "
        "threatened a guard with a knife. Police are looking for a grey van."
    ),
    (
        "A fan in the north stand said he saw flares thrown on the pitch. The club could be"
        " fined and may have to play behind closed doors."
    ),
    (
        "A customer at the Blue Cafe said the waiter had fainted. She called an ambulance. "
        "He was taken to hospital and is in a stable condition."
    ),
]
# Harm is what the source tells of, not what it risks.
NEWS = [
    "A source close to the club said the coach would be sacked on Monday.",
    (
        "A security official said six militants were killed and two arrested. The official "
        "said the men had threatened to blow up a bridge."
    ),
    (
        "A person familiar with the inquiry said the minister could face prison. The "
        "minister's lawyer said he would sue for libel."
    ),
    ("Two officials said the general had been dismissed. They said he would be put on trial."),
    "A diplomat said the ambassador had been expelled. The ministry did not reply.",
    (
        "A source in the interior ministry said nine suspects were in custody. “They will "
        "face the full weight of the law,” the source said."
    ),
    "A party insider said anyone who voted against the bill would be expelled.",
    "A person briefed on the talks said staff had been told not to discuss the merger.",
]


def judgement(text: str) -> str | None:
    found = [s for s in suggest_text(text, rules=RULES) if s.marker == "unnamed_source"]
    assert found
    return found[0].judgement


@pytest.mark.parametrize("pair", PAIRS, ids=[pair[1][:40] for pair in PAIRS])
def test_a_danger_that_is_shown_protects_whoever_was_there(pair: tuple[str, str]) -> None:
    """No words on anonymity are needed; without danger and presence it is unverifiable."""
    assert [judgement(text) for text in pair] == [
        "unverifiable_anonymous_source",
        "protected_source",
    ]


@pytest.mark.parametrize("text", WITNESSES, ids=[text[:40] for text in WITNESSES])
def test_harm_that_a_witness_tells_of_protects_nobody(text: str) -> None:
    """Being there is no reason for leaving out a name, however bad what happened was."""
    assert judgement(text) == "unresolved_anonymous_source"


@pytest.mark.parametrize("text", NEWS, ids=[text[:40] for text in NEWS])
def test_harm_to_others_is_no_danger_to_the_source(text: str) -> None:
    """A source in office that tells of arrests and dismissals stays unverifiable."""
    assert judgement(text) == "unverifiable_anonymous_source"
