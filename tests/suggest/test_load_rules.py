"""Loading rules: once for each taxonomy, and a mistake is one line with its place."""

import re
from pathlib import Path

import pytest

from annotate import taxonomy
from annotate.errors import InvalidFile
from annotate.marker import Cue, Pattern
from annotate.suggest import lexicons
from annotate.suggest.rules import load_rules
from annotate.taxonomy import Taxonomy

ALL = taxonomy.load().tier(1)


def with_pattern(pattern: str, **fields: tuple[str, ...]) -> Taxonomy:
    marker = ALL.markers[0]
    broken = Pattern(name="broken", pattern=pattern, score=0.5).replace(**fields)
    return ALL.replace(markers=(marker.replace(patterns=(*marker.patterns, broken)),))


def message_of(broken: Taxonomy) -> str:
    with pytest.raises(InvalidFile) as caught:
        load_rules(broken)
    return str(caught.value)


def test_rules_are_compiled_once() -> None:
    """The same taxonomy gives the same rules."""
    assert load_rules(ALL) is load_rules(taxonomy.load().tier(1))


def test_a_mistake_names_file_pattern_and_position() -> None:
    """Marker file, pattern path, position and the legal elements stand in one line."""
    marker = ALL.markers[0]
    message = message_of(with_pattern("a source*"))
    place = rf"markers/{marker.marker}\.yaml: patterns\[{len(marker.patterns)}\]\.pattern: "
    assert re.match(place + "position 9: .*legal: word", message)
    assert "\n" not in message


def test_a_mistake_in_a_veto_is_found() -> None:
    """Vetoes are read as strictly as the pattern itself."""
    assert "unless_near[1]: position 3" in message_of(
        with_pattern("a source", unless_near=("fine", "a )"))
    )


def test_an_unknown_lexicon_lists_the_legal_ones() -> None:
    """A lexicon that is not there is named beside the nearest one."""
    assert '"speach" is not known (did you mean speech?)' in message_of(with_pattern("{speach}"))


def test_a_gap_leaves_out_stop_words_only() -> None:
    """Only lexicons named *_stop can end a gap."""
    assert "named *_stop" in message_of(with_pattern("a <0-3 but {speech}> source"))


def test_all_mistakes_are_told_at_once() -> None:
    """One line holds every mistake of the file."""
    marker = ALL.markers[0]
    cue = Cue(attribute="specificity", value="0", where="near", patterns=("a )", "a ("))
    message = message_of(ALL.replace(markers=(marker.replace(cues=(cue,)),)))
    assert "cues[0].patterns[0]" in message
    assert "cues[0].patterns[1]" in message


def test_a_lexicon_includes_another(tmp_path: Path) -> None:
    """`@name` takes in the phrases of another file; comments and case do not count."""
    (tmp_path / "a.txt").write_text("# people\n@b\nOld  Friend # close\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text("enemy\n\n", encoding="utf-8")
    assert lexicons.phrases("a", tmp_path) == ("enemy", "old friend")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"# nothing\n", "a.txt: holds no phrase"),
        (b"\xff\xfe", "a.txt: is not UTF-8"),
        (b"@a\n", "a.txt: line 1: @a takes in itself"),
        (b"x\n^ (he|she) said\n", "a.txt: line 2: '^' and a capital behind '='"),
        (b"=May\n", "a.txt: line 1: '^' and a capital behind '='"),
        (b"x\n@c\n", 'a.txt: line 2: lexicon "c" is not known'),
    ],
)
def test_a_broken_lexicon_says_why(tmp_path: Path, content: bytes, reason: str) -> None:
    """An empty, undecodable or circular lexicon is one line with its place."""
    (tmp_path / "a.txt").write_bytes(content)
    with pytest.raises(InvalidFile, match=re.escape(reason)):
        lexicons.phrases("a", tmp_path)
