"""Pairs of texts that differ in what they tell of a source, and what follows from that."""

import pytest

from annotate import taxonomy
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))
# The first of each pair tells neither risk nor way of knowing, the second tells both.
PAIRS = [
    (
        "Guards at Orvik prison have been selling phones to inmates, according to a source.",
        (
            "Guards at Orvik prison have been selling phones to inmates, according to a former "
            "guard at the jail who watched colleagues take the money. He asked not to be "
            "identified because he still has family working on the wings and fears they will be"
            " attacked."
        ),
    ),
    (
        (
            "Insiders say the chief executive of Velmo Bank knew of the losses in June. “He "
            "knew everything,” one source said."
        ),
        (
            "“He knew everything,” said a clerk in the treasury department of Velmo Bank, who "
            "sat in on the June meetings and took the minutes. She spoke on condition that her "
            "name not be used, saying she would be dismissed if the bank learned that she had "
            "talked to a reporter."
        ),
    ),
    (
        "Police beat two of the protesters in the cells, sources close to the case said.",
        (
            "Police beat two of the protesters in the cells, said a cleaner at the Dorn Street "
            "station, who heard the screams and mopped up the blood afterwards. The cleaner did"
            " not want to be named for fear of being arrested."
        ),
    ),
    (
        (
            "A person familiar with the matter said the school had changed the marks of thirty "
            "pupils."
        ),
        (
            "A maths teacher at Holm Academy said the school had changed the marks of thirty "
            "pupils. She showed this newspaper the two mark books. Teachers who speak to the "
            "press lose their posts, and she asked that her name be left out."
        ),
    ),
    (
        "According to one diplomat, the ceasefire text had been rewritten overnight.",
        (
            "According to a translator on the Morran delegation, the ceasefire text had been "
            "rewritten overnight. She typed the new version and is not being named because her "
            "government has prosecuted people for leaks."
        ),
    ),
    (
        "One source said the mayor took envelopes of cash from the builder.",
        (
            "One of the mayor's former drivers said he had driven the builder to the town hall "
            "with envelopes of cash. He asked to remain anonymous because the builder's men had"
            " already smashed his windows."
        ),
    ),
    (
        "“They will never let him go,” said a person with knowledge of the inquiry.",
        (
            "“They made us sign the statements before they were written,” said a constable at "
            "the Lowgate station who was in the room. He agreed to talk only if his name was "
            "not published, as officers who broke ranks have been threatened."
        ),
    ),
    (
        "Sources said the coach had struck a fifteen-year-old swimmer.",
        (
            "A swimmer in the Kalder squad, who is 17 and cannot be named because the club has "
            "told families that anyone who talks will be expelled, said she saw the coach "
            "strike a fifteen-year-old."
        ),
    ),
    (
        "Two sources said the minister had already signed the decree.",
        (
            "Two secretaries in the minister's private office said that they had seen the "
            "signed decree on Monday. Both asked not to be named, because leaking state papers "
            "carries a prison sentence."
        ),
    ),
    (
        "Workers were told to hide the injuries, it is understood from a source.",
        (
            "“We were told to say he fell at home,” said a roofer on the Marn site, who was "
            "beside the man when the scaffold gave way. He would not give his name: he has no "
            "papers and is afraid of being deported."
        ),
    ),
    (
        "A relative, who asked not to be named, said the journalist had been poisoned.",
        (
            "A cousin of the journalist, who sat beside her bed in the Orlo clinic, said "
            "doctors told him to keep quiet. He asked not to be named since two members of the "
            "family have been detained this month."
        ),
    ),
    (
        "The referee had been offered money, a source told Sport Weekly.",
        (
            "The referee had been offered money, a linesman in the Second Division told Sport "
            "Weekly. He was standing next to him in the tunnel when the envelope was handed "
            "over. Since a colleague who reported a bribe had his car set on fire, the linesman"
            " asked for his name to be withheld."
        ),
    ),
    (
        ("A neighbour, who did not wish to be identified, said the house was used by smugglers."),
        (
            "A neighbour on Quay Lane said the house was used by smugglers; from her kitchen "
            "she had seen crates unloaded at night. She did not wish to be identified: the last"
            " person to complain had his dog poisoned."
        ),
    ),
    (
        (
            "Officials in the governor's office, who asked for anonymity, said the vote count "
            "was changed."
        ),
        (
            "Two election clerks in Porvan county said the vote count was changed after they "
            "had signed the sheets. They asked for anonymity, saying that men had come to their"
            " homes and told them to keep their mouths shut."
        ),
    ),
    (
        "The bishop had been warned about the priest, church sources said.",
        (
            "The bishop had been warned about the priest, said a former altar boy from St Oda's"
            " parish, now 31, who was abused by the man and told the bishop so himself. He has "
            "asked that his name not appear because he has received threats."
        ),
    ),
    (
        "Omar, not his real name, said the camp was run by informers.",
        (
            "Omar, not his real name, spent four months in the Zir camp. He said he saw "
            "informers take men away at night. Former inmates who talk are rearrested, and his "
            "wife is still inside."
        ),
    ),
    (
        "A source in the palace said the king was gravely ill.",
        (
            "A nurse who has bathed the king every morning since April said he was gravely ill."
            " Palace staff who gossip face charges of treason, and she spoke only after "
            "assurances that her name would not be used."
        ),
    ),
    (
        (
            "An official who was not named told state television that the strike had hit a "
            "warehouse."
        ),
        (
            "An ambulance driver in Qeshta told us the strike had hit a school; he carried out "
            "the children. He asked that we do not name him because medics who contradict the "
            "army have vanished."
        ),
    ),
    (
        "A defence source said that the helmets were faulty.",
        (
            "A soldier in the Third Rifles said that the helmets were faulty: his own had split"
            " on a training range. Soldiers are barred from talking to the media and face court"
            " martial, so he is not being named."
        ),
    ),
    (
        "A man who identified himself as a fighter said the town had fallen.",
        (
            "A shopkeeper from Rumeil, reached by phone in a cellar, said the town had fallen. "
            "He could see the black flags from his window. He gave only his first name, Yassin,"
            " as fighters were searching phones and had shot people for calling abroad."
        ),
    ),
    (
        (
            "Someone with knowledge of the dressing room said the captain had been dropped for "
            "drinking."
        ),
        (
            "A young player in the Brask dressing room said the captain had turned up drunk and"
            " hit the kit man. “I pulled him off,” he said. He asked not to be named because "
            "the captain had told the squad that grasses would be dealt with."
        ),
    ),
    (
        "A trader said the price had been fixed over lunch.",
        (
            "A trader on the metals desk at Kopp said the price had been fixed over lunch. He "
            "was at the table. He wanted no name in print, since he has signed an agreement "
            "under which the firm could take his house."
        ),
    ),
    (
        (
            "An aide, who asked not to be named, said the president could no longer read his "
            "briefings."
        ),
        (
            "An usher at the presidential palace in Karsk, who stands beside the president at "
            "audiences, said he could no longer read. Two of the ushers were jailed last year "
            "after talking to foreign journalists."
        ),
    ),
    (
        "Sources familiar with the investigation said the pilot was to blame.",
        (
            "A controller in the Alvar tower said the pilot had been cleared for the wrong "
            "runway: “I heard the clearance being given.” She asked not to be named because she"
            " could be prosecuted for discussing an open inquiry."
        ),
    ),
    (
        "A resident said the army had looted the shops.",
        (
            "A resident of the Asfar quarter said he had hidden behind a water tank while "
            "soldiers looted the shops below. The army has since arrested dozens of people from"
            " the quarter who posted videos; like everyone interviewed there, he did not want "
            "to be identified."
        ),
    ),
    (
        "The dossier was forged, a source in the intelligence community told the magazine.",
        (
            "The dossier was forged, an analyst in the northern desk of the Lorne service told "
            "the magazine. He had drafted four of its pages. His name is known to the editors, "
            "who have agreed to keep it secret because he would face up to ten years in prison."
        ),
    ),
    (
        ("A scientist who declined to be identified said the river had been poisoned for years."),
        (
            "A lab assistant at the Ruhn waterworks said the river had been poisoned for years."
            " She took the samples. “If they find out it was me I will never work in this town "
            "again,” she said."
        ),
    ),
    (
        "Two people close to the family said the actor had taken an overdose.",
        (
            "An ambulance worker who attended the call in Brook Street said the actor had taken"
            " an overdose. She asked not to be identified because disclosing patient details "
            "would cost her her licence."
        ),
    ),
    (
        (
            "The tests had been faked for years, a source with knowledge of the laboratory told"
            " Die Wache. The source declined to give details."
        ),
        (
            "The tests had been faked for years, a chemist who left the laboratory in May told "
            "Die Wache. She had been asked to sign blank certificates, she said, and handed the"
            " paper copies of six of them. Her lawyer has advised her not to be named because "
            "the laboratory is suing another former employee."
        ),
    ),
]


def judgement(text: str) -> str | None:
    found = [s for s in suggest_text(text, rules=RULES) if s.marker == "unnamed_source"]
    assert found
    return found[0].judgement


@pytest.mark.parametrize("pair", PAIRS, ids=[pair[1][:40] for pair in PAIRS])
def test_a_risk_and_a_way_of_knowing_protect(pair: tuple[str, str]) -> None:
    """Without them a source is unverifiable, with both of them it is protected."""
    assert [judgement(text) for text in pair] == [
        "unverifiable_anonymous_source",
        "protected_source",
    ]
