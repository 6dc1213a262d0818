"""The pattern language: what it matches, and what it refuses with the place and the reason."""

import time

import pytest

from annotate.suggest.automaton import Automaton
from annotate.suggest.expression import express
from annotate.suggest.page import read
from annotate.suggest.pattern import PatternError, parse
from annotate.suggest.reading import Reading
from annotate.suggest.sights import Sights

LEXICONS = {
    "verb": ("said", "told", "has said"),
    "tail": ("in the <1-2 but {np_stop}>", "on the ground"),
    "loop": ("{loop} again",),
    "np_stop": ("a", "of", "on", "said", "the"),
    "numbers": ("seven", "two"),
}


def phrases(name: str) -> tuple[str, ...]:
    return LEXICONS[name]


def marked(pattern: str, text: str) -> list[str]:
    """Give what the pattern marks in a text."""
    automaton = Automaton(phrases)
    expression = express(parse(pattern), automaton)
    page = read([text], [None], automaton.vocabulary)
    sights = Sights(page, Reading(automaton, page.places))
    found = [match for _, match in sights.everywhere(expression)]
    places = [page.stretch(match.mark_first, match.mark_last) for match in found]
    return [text[place.start : place.end] for place in places]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("a source said", "Then A SOURCE said so", ["A SOURCE said"]),
        ("[a source] said", "a source said", ["a source"]),
        ("[a (source|close friend)] {verb}", "a close friend has said", ["a close friend"]),
        ("the very? source", "the source, the very source", ["the source", "the very source"]),
        ("[source <0-2> said]", "source of ours said", ["source of ours said"]),
        ("[source <0-2> said]", "source of all of ours said", []),
        ("[<0-3 but {np_stop}> source]", "the high ranking source", ["high ranking source"]),
        (
            "[source {tail}?] said",
            "a source in the Old Ministry said",
            ["source in the Old Ministry"],
        ),
        ("[<name>] said", "The mayor Ada al-Kranz of Tarn said", ["Ada al-Kranz of Tarn"]),
        ("[<acronym>] said", "The OHD said", ["OHD"]),
        (
            "<owner> [claims]",
            "Tarn\u2019s claims, the claims, its mayor's claims",
            ["claims", "claims"],
        ),
        ("[<people>] said", "harp makers said, oarsmen said", ["makers", "oarsmen"]),
        ("[<people>] said", "letters said, women said, Rogers said, a maker said", []),
        ("[<number>] men", "1,200 men, seven men", ["1,200", "seven"]),
        ("=May said", "May said, may said", ["May said"]),
        ("[sources] , who", "sources, who and sources who", ["sources"]),
        ("[sources] ,? who", "sources, who and sources who", ["sources", "sources"]),
        ("(, |and) [who <1>]", "sources, who ran, and who hid who", ["who ran", "who hid"]),
        ("[source , ]", "source, source", ["source"]),
        ("[sources of mine ,? (who )?]", "sources of mine who", ["sources of mine who"]),
        ("^ said", "said he said", ["said"]),
        ("^ said", "he said", []),
    ],
)
def test_what_a_pattern_marks(pattern: str, text: str, expected: list[str]) -> None:
    """Words, alternatives, optional parts, gaps, lexicons, classes, marks, stops, starts."""
    assert marked(pattern, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a\u00a0source said",
        "a\nsource said",
        "a **source** said",
        "a [source](https://example.org/x) said",
        "a \u201csource\u201d said",
        'a "source" said',
    ],
)
def test_blanks_quotes_and_markdown_do_not_part_words(text: str) -> None:
    """A no-break space, a line end, marks around a word and a link count as blanks."""
    assert len(marked("a source said", text)) == 1


@pytest.mark.parametrize("text", ["resource", "open-source", "sources", "source's", "sourcecode"])
def test_words_end_at_their_edges(text: str) -> None:
    """A word is not found inside another, nor in a compound or a genitive."""
    assert marked("source", text) == []


def test_curly_and_straight_apostrophes_are_one() -> None:
    """A pattern's apostrophe and hyphen match every kind of them."""
    assert len(marked("the source's ex-wife", "the source\u2019s ex\u2011wife")) == 1


def test_a_long_quotation_parts_words() -> None:
    """What stands inside a quotation is not joined with what stands outside."""
    text = "\u201cWe hid for three long days in there with the source\u201d said nobody"
    assert marked("source said", text) == []


@pytest.mark.parametrize(
    ("pattern", "position", "reason"),
    [
        ("a source*", 9, '"*" is not in the language; legal: word'),
        ("a (source|friend", 17, "')' is missing"),
        ("a source]", 9, "nothing is open here"),
        ("[a] [source]", 5, "marks one [stretch] only"),
        ("a? b?", 1, "neither optional nor an empty gap"),
        ("a <nam>", 3, "did you mean name?"),
        ("a <3-1> b", 3, "from few words to at most 25"),
        ("a <0-99> b", 3, "from few words to at most 25"),
        ("a <0-3>? b", 8, "'?' follows a word"),
        ("a ^ b", 3, "cannot stand here"),
        (", b", 1, "follows a word"),
        ("", 1, "needs at least one part"),
    ],
)
def test_what_is_refused(pattern: str, position: int, reason: str) -> None:
    """Anything outside the language is refused with its position and what is legal."""
    with pytest.raises(PatternError) as caught:
        parse(pattern)
    assert str(caught.value).startswith(f"position {position}: ")
    assert reason in str(caught.value)


@pytest.mark.parametrize("text", ["a source " * 110_000, "(" * 1_000_000, "a source, " * 100_000])
def test_hostile_text_takes_bounded_time(text: str) -> None:
    """A megabyte made to make an expression backtrack is done in seconds."""
    started = time.perf_counter()
    marked("[<0-4 but {np_stop}> source {tail}?] ,? <0-3> {verb}", text)
    assert time.perf_counter() - started < 10
