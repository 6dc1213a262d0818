"""Contests: matches before it is decided which of them stand."""

from annotate import taxonomy
from annotate.model import Document, document_id, text_sha256
from annotate.suggest.matches import Contest, Match, contests, matches
from annotate.suggest.rules import load_rules

TEXT = "Officials said so. A source in the ministry said that the dam at Orvel would hold."


def match(start: int, end: int, marker: str, rule: str) -> Match:
    return Match(start=start, end=end, marker=marker, rule=rule)


def test_overlap_is_of_rules_of_one_marker_and_conflict_of_markers_that_yield() -> None:
    """Both sides of a conflict count it; touching matches and the rule itself do not."""
    found = [
        match(0, 10, "a", "one"),
        match(5, 12, "a", "two"),
        match(8, 12, "b", "one"),
        match(9, 12, "c", "one"),
        match(20, 30, "a", "one"),
        match(25, 35, "a", "one"),
        match(35, 40, "b", "one"),
    ]
    assert contests([found, []], {"a": ["b"]}) == {
        "a/one": Contest(matches=3, overlap=1, conflict=1),
        "a/two": Contest(matches=1, overlap=1, conflict=1),
        "b/one": Contest(matches=2, conflict=1),
        "c/one": Contest(matches=1),
    }


def test_matches_are_what_rules_find_before_the_longest_wins() -> None:
    """Each stretch is a code point range of the document, and stands once for each rule."""
    document = Document(
        doc_id=document_id(TEXT), text=TEXT, text_sha256=text_sha256(TEXT), canonicaliser="test@1"
    )
    found = matches(document, [], load_rules(taxonomy.load().tier(1)))
    assert len(found) == len(set(found))
    words = {TEXT[item.start : item.end]: item.marker for item in found}
    assert words["A source in the ministry"] == "unnamed_source"
    assert words["Officials"] == "vague_collective_source"
