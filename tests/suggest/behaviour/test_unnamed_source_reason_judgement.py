"""Whether a text gives a reason for leaving out the name, and what harm it names."""

import pytest

from annotate import taxonomy
from annotate.suggest.engine import suggest_text
from annotate.suggest.rules import load_rules

RULES = load_rules(taxonomy.load().tier(1))
TEXT = (
    "Forms at the Tolbec depot were backdated for years, said a clerk at the Tolbec depot. "
    "{} The depot said that its records were in order."
)
SPECIFIC = [
    "She asked not to be named because porters have been shown the door for a joke.",
    "She asked not to be named after a colleague who spoke was beaten in the car park.",
    "She kept back her name, saying that whoever talked had his house burned.",
    "She asked for anonymity, as she is two years short of her pension and could forfeit it.",
    "She did not want to be named since the company has taken staff to court before.",
    "She asked us to leave out her name, given that her visa depends on the depot.",
    "She would not be named, for her brother still works there.",
    "She asked not to be named, pointing to a porter dismissed over a letter.",
    "She asked not to be named, mindful of what happened to a guard who talked.",
    "She asked not to be named, having been warned by her manager that leaks would end in court.",
    "She spoke on condition of anonymity: her landlord is the director.",
    "She asked not to be named. “They would have my job,” she said.",
    "She asked that her name be left out so that her children would not be bullied again.",
    "She does not wish to be named because the depot bills those who talk for damages.",
    "She asked not to be named in case the depot stops her sick pay.",
    "The clerk, whom the Mirror does not name because she has been threatened, is 31.",
    "The clerk, who would not be named since under the law she could be jailed, is 31.",
    "She did not want to be named lest her bail be revoked.",
    "The clerk, who refused to be identified because her contract runs out in June, is 31.",
    "She asked not to be named out of concern for her safety.",
    "She asked not to be named, as the depot sues former staff as a matter of routine.",
    "The clerk, whose surname we withhold because a cousin of hers was shot for less, is 31.",
    "The clerk spoke only without a name, since a clerk caught at it forfeits the bonus.",
    "The clerk asked for anonymity after a guard who had copied the forms was kidnapped.",
    "She wants her name kept off the page, since her lease is signed by the director.",
    "“Two winters from my pension, and they would stop it,” she said. She wanted no name.",
    "Her work permit names the depot as her only employer, and so she is not named here.",
]  # fmt: skip
INFERABLE = [
    "A guard who complained in 2018 was found in the canal.",
    "In March the depot sacked a porter for giving an interview.",
    "Two drivers who signed a petition lost their jobs within the week.",
    "The last clerk to speak up was moved to nights and then dismissed.",
    "In April another clerk was arrested after giving an interview.",
    "A steward who raised it has not been seen since.",
    "Under a decree of May, talking to foreign papers is punished with five years.",
    "“They broke my cousin's arm for a joke about the boss,” she said.",
    "Her contract forbids any contact with the press on pain of dismissal.",
    "Militiamen go from house to house asking who has talked.",
    "Since she raised it with her manager her tyres have been slashed.",
    "The one trainee who protested lay in hospital with a cracked skull.",
    "The director has sued three former employees for what they told the council.",
    "A foreman who questioned the dates in May has vanished.",
    "“The girl before me talked, and they made certain no depot would take her,” she said.",
    "A weigher got four years for a letter of the same kind.",
    "Those who talk are put on the list for the night shift, and never come off it.",
]  # fmt: skip
FORMULA = [
    "She refused to be identified.",
    "The clerk refused to be identified and said it had been mentioned over coffee.",
    "She agreed to speak if her name stayed out.",
    "She preferred not to give her name.",
    "She'd rather her name stayed out of it.",
    "She spoke on the understanding that no name appears.",
    "The clerk was granted anonymity for this report.",
    "She did not want her name used.",
    "“No names,” she said.",
    "“Keep my name out of it,” she said.",
    "“No need for my name to appear,” she said.",
    "The clerk, who insisted on anonymity, is 44.",
    "“My name is nobody's business,” she said, and asked to stay anonymous.",
    "The clerk would speak only without a name.",
    "The clerk, to whom the Mirror granted anonymity, is 44.",
    "She asked to be left without a name here.",
]  # fmt: skip
GENERIC = [
    "She asked not to be named because she was not authorised to speak.",
    "The clerk was not allowed to talk to the press and asked not to be named.",
    "She spoke on condition of anonymity, citing company policy.",
    "She declined to be identified because the talks are private.",
]  # fmt: skip
# What else such articles tell of the body that is accused, and of the place.
BESIDE = [
    "The depot opened a second hall at Easter.",
    "The forms are now filled in by another team.",
    "The depot has some three hundred people, most of them from the valley.",
    "A gantry collapsed there a year ago and killed a fitter.",
    "The director was fined for speeding in May.",
    "Since June heavy lorries must take the ring road.",
    "Most of the clerks were hired in the same summer.",
    "The chairman is the fourth in six years.",
    "A day ticket for the yard costs six crowns.",
    "A union meeting is set for Friday.",
]  # fmt: skip


def reason(sentence: str) -> str:
    found = suggest_text(TEXT.format(sentence), rules=RULES)
    source = next(item for item in found if item.marker == "unnamed_source")
    return source.attributes["reason_for_anonymity"]


@pytest.mark.parametrize("sentence", SPECIFIC)
def test_a_risk_in_any_clause_is_a_named_reason(sentence: str) -> None:
    """What would happen, or has happened, to those who talk, joined to the anonymity."""
    assert reason(sentence + " She saw the stamps.") in {"explicit_specific", "inferable"}


@pytest.mark.parametrize("sentence", INFERABLE)
def test_a_danger_in_another_sentence_can_be_inferred(sentence: str) -> None:
    """What befell others like the source, without a word on anonymity."""
    assert reason("She saw the stamps. " + sentence) in {"explicit_specific", "inferable"}


@pytest.mark.parametrize("sentence", FORMULA)
def test_words_that_grant_anonymity_are_no_reason(sentence: str) -> None:
    """A wish not to be named, in any shape, is the formula alone."""
    assert reason(sentence) == "formula_only"


@pytest.mark.parametrize("sentence", GENERIC)
def test_a_rule_or_a_want_of_authority_is_a_general_reason(sentence: str) -> None:
    """It is said why, and no harm is named."""
    assert reason(sentence) == "explicit_generic"


@pytest.mark.parametrize("sentence", BESIDE)
def test_what_else_is_told_of_the_place_is_no_danger(sentence: str) -> None:
    """Harm and rules that have nothing to do with talking give no reason."""
    assert reason("She saw the stamps. She asked not to be named. " + sentence) == "formula_only"
    assert reason("She saw the stamps. " + sentence) == "none"
