"""PolNeAR's files: names that say who and what, labels of attributions."""

import pytest

from annotate.formats.foreign import Export
from annotate.formats.polnear import data, parted, submission

TEXT = "“It leaks,” 🚢 Odd Marrin said,\n“and nobody listens.”"


def line(name: str, label: str, *parts: str) -> str:
    places = [(TEXT.index(part), TEXT.index(part) + len(part)) for part in parts]
    return f"{name}\t{label} {';'.join(f'{a} {b}' for a, b in places)}\t{' '.join(parts)}\n"


def test_a_file_is_named_after_article_and_annotator() -> None:
    """The last part is who annotated it."""
    assert parted("gazette_2031-04-02_ferry_leaks_9f.ann") == (
        "gazette_2031-04-02_ferry_leaks",
        "9f",
    )


@pytest.mark.parametrize("name", ["ferry.ann", "_9f.ann", "ferry_9f.txt", "ferry_.ann"])
def test_another_name_is_none_of_its_files(name: str) -> None:
    """Without an annotator nobody can be compared."""
    assert parted(name) is None


def test_the_name_of_an_article_says_publisher_and_date() -> None:
    """Where it does not, there is the text alone."""
    expected = {"text": "x", "publisher": "gazette", "published": "2031-04-02"}
    assert data("gazette_2031-04-02_ferry", "x") == expected
    assert data("ferry", "x") == {"text": "x"}


def test_source_cue_and_content_become_labels_fragment_by_fragment() -> None:
    """The attribution repeats its cue, and discussions are no statement: both are left aside."""
    standoff = (
        line("T1", "Source", "Odd Marrin")
        + line("T2", "Cue", "said")
        + line("T3", "Content", "“It leaks,”", "“and nobody listens.”")
        + line("T4", "Attribution", "said")
        + line("T5", "Discuss", "🚢")
        + "E1\tAttribution:T4 Source:T1 Cue:T2 Content:T3\n"
    )
    export = Export()
    found = submission(export, standoff, text=TEXT, annotator="9f", place="a.ann")
    marked = [(item.label, TEXT[item.start : item.end]) for item in found.regions]
    assert marked == [
        ("source", "Odd Marrin"),
        ("cue", "said"),
        ("content", "“It leaks,”"),
        ("content", "“and nobody listens.”"),
    ]
    assert found.person == "9f"
    assert dict(export.ignored) == {"Attribution": 1, "Discuss": 1, "events and notes": 1}
    assert not export.rejects


def test_a_quote_that_is_not_there_is_refused() -> None:
    """Offsets into another text would measure nothing."""
    export = Export()
    found = submission(export, "T1\tCue 0 4\tsaid\n", text=TEXT, annotator="9f", place="a.ann")
    assert (found.regions, found.refused) == ((), 1)
    assert [item.place for item in export.rejects] == ["a.ann T1"]
    assert "“said”" in export.rejects[0].reason
