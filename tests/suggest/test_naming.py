"""Sources that the text names beside the mention are not suggested."""

import pytest

from annotate import taxonomy
from annotate.errors import InvalidFile
from annotate.ingest.zones import find_zones
from annotate.marker import Naming, Pattern
from annotate.model import Document, document_id, text_sha256
from annotate.suggest.engine import suggest_document, suggest_text
from annotate.suggest.rules import Rules, load_rules
from annotate.taxonomy import Taxonomy

ALL = taxonomy.load().tier(1)
NAMELESS = ("unnamed_source", "vague_collective_source")


def with_naming(naming: Naming) -> Taxonomy:
    """Give a taxonomy of one marker that marks skippers who say something."""
    marker = ALL.markers[0].replace(
        patterns=(Pattern(name="speaks", pattern="[(a|the)? (skipper|skippers)] said", score=0.5),),
        examples=(),
        named_by=(naming,),
    )
    return ALL.replace(markers=(marker,))


def rules(**fields: object) -> Rules:
    naming = Naming(mentions=("skippers",), by=("skipper [<cap> <cap>]",))
    return load_rules(with_naming(naming.replace(**fields)))


def marked(text: str, found: Rules) -> list[str]:
    return [text[item.start : item.end] for item in suggest_text(text, rules=found)]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Skippers said so, as skipper Olna Brask put it.", False),
        ("Skippers said so. It was dark, skipper Olna Brask put it.", False),
        ("Skippers said so.\n\nIt was dark, skipper Olna Brask put it.", False),
        ("Skippers said so. It was dark. It was cold, skipper Olna Brask put it.", True),
        ("It was dark, skipper Olna Brask put it, and skippers said so.", True),
        ("It was dark, skipper Olna Brask put it. Skippers said so.", True),
        ("A skipper said so. It was dark, skipper Olna Brask put it.", True),
    ],
)
def test_a_name_behind_or_in_the_next_sentence_drops_the_mention(text: str, *, kept: bool) -> None:
    """It must stand after the mention, and the mention must be of the kind that is meant."""
    assert bool(marked(text, rules())) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Skippers said so. It was dark. It was cold. Skipper Olna Brask left.", False),
        (
            "Skippers said so. It was dark. It was cold. The river rose. Skipper Olna Brask left.",
            True,
        ),
        ("Skippers said so. It was dark.\n\nSkipper Olna Brask left.", True),
        ("Skippers said so.\n\nSkipper Olna Brask left.", False),
    ],
)
def test_a_paragraph_reaches_three_sentences(text: str, *, kept: bool) -> None:
    """A text on one line is one paragraph, so the distance is bounded; a new one ends it."""
    assert bool(marked(text, rules(where="paragraph"))) == kept


def test_a_document_reaches_everywhere() -> None:
    """Before and behind, however far."""
    far = "Skipper Olna Brask left.\n\n" + "Rain fell. " * 60 + "\n\nSkippers said so."
    assert marked(far, rules(where="document")) == []
    assert marked(far, rules()) == ["Skippers"]


def test_a_name_that_was_met_before_tells_nothing() -> None:
    """Only somebody whom the text has not named yet can be the one who was meant."""
    text = "Olna Brask sold the boat. Skippers said so. It was dark, skipper Olna Brask put it."
    assert marked(text, rules(new=True)) == ["Skippers"]
    assert marked(text, rules(new=False)) == []
    assert marked(text.replace("Olna Brask sold", "Piet Aal sold"), rules(new=True)) == []


def test_what_is_near_can_keep_the_mention() -> None:
    """Who was granted anonymity is not named by the next name."""
    text = "Skippers said so. They would not be named. Skipper Olna Brask left."
    held = {"where": "paragraph", "unless_near": ("not be named",)}
    assert marked(text, rules(**held)) == ["Skippers"]
    assert marked(text.replace("They would not be named", "Rain fell"), rules(**held)) == []


def test_what_is_dropped_can_leave_its_place_to_others() -> None:
    """State media of a known state are no vague source and stand as a body that speaks."""
    text = "State media said the mine was closed."
    known = " Later the Kordian state television showed the gate."
    for body, marker in ((text, "vague_collective_source"), (text + known, "named_attribution")):
        found = [each for each in suggest_text(body, rules=load_rules(ALL)) if each.start == 0]
        assert [each.marker for each in found] == [marker]


def test_a_headline_is_named_by_what_opens_the_body() -> None:
    """The first two sentences of the body count, and no more."""
    for body, kept in (
        ("It was dark. Skipper Olna Brask left.", False),
        ("It was dark. Rain fell. Skipper Olna Brask left.", True),
    ):
        text = f"Skippers said so\n\n{body}"
        document = Document(
            doc_id=document_id(text), text=text, text_sha256=text_sha256(text),
            title="Skippers said so", canonicaliser="test@1",
        )  # fmt: skip
        found = suggest_document(document, find_zones(document), rules())
        assert bool(found) == kept, body


def test_a_mistake_in_a_naming_is_one_line_with_its_place() -> None:
    """Namings are read as strictly as patterns."""
    with pytest.raises(InvalidFile, match=r"named_by\[0\]\.by\[1\]: position 3"):
        load_rules(with_naming(Naming(mentions=("skippers",), by=("fine", "a )"))))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("A harbour official said the crane was unsafe. Marten Holl told the Courier so.", ""),
        (
            "A harbour official said the crane was unsafe. Mayor Ada Kranz told the Courier so.",
            "A harbour official",
        ),
        (
            "A clerk, who asked not to be named, said so. Marten Holl told the Courier so.",
            "A clerk",
        ),
        (
            "One analyst said it would fail. Ines Karo of the Nordbank Institute agreed.",
            "One analyst",
        ),
        ("One analyst said it would fail. Ines Karo of the Nordbank Institute said why.", ""),
        ("A rights group said forty men were held. The army denied it.", "A rights group"),
        ("A rights group said forty men were held. The group, Open Doors, wants a list.", ""),
        ("Analysts said it made no sense. “None,” said Rafe Lund, an analyst at Nordbank.", ""),
        ("Analysts said it made no sense. Nobody at the bank would talk.", "Analysts"),
        ("Local residents said so. “Nothing rang,” said Olna Brask, a resident of Orlan.", ""),
        ("Local residents said so. “All rang,” said Prime Minister Bram Oller.", "Local residents"),
        ("Some delegates said they would go.\n\n“We will,” said Lena Strom, a delegate.", ""),
        ("Doctors said two had died. “We send air,” said Governor Tom Marsh.", "Doctors"),
        ("Local media reported three arrests. The police said nothing.", "Local media"),
        ("Local media reported arrests. According to the Velden News Agency, they are three.", ""),
    ],
)
def test_sources_of_one_kind_are_named_by_their_own_kind(text: str, kept: str) -> None:
    """A resident by a resident and an outlet by its name, but residents by no minister."""
    found = [text[i.start : i.end] for i in suggest_text(text) if i.marker in NAMELESS]
    assert found == ([kept] if kept else [])
