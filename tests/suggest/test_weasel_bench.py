"""What the weasel benchmark reads and counts."""

import re
import runpy
from pathlib import Path

import pytest

BENCH = runpy.run_path(str(Path(__file__).parents[1] / "bench" / "weasel.py"))


@pytest.mark.parametrize(
    ("tokenised", "running"),
    [
        ("It is , some say , lost ( or hidden ) .", "It is, some say, lost (or hidden)."),
        (
            "The mayor 's men do n't know ; they 've left .",
            "The mayor's men don't know; they've left.",
        ),
        ("He spoke of a ` fair share' of 40 % .", "He spoke of a 'fair share' of 40%."),
        ('She said " nobody came " and " left " .', 'She said "nobody came" and "left".'),
        ("A list : \\ n first \\ n second", "A list:\nfirst\nsecond"),
        ("It cost $ 40 [ sic ] !", "It cost $40 [sic]!"),
        ("Nothing to do here.", "Nothing to do here."),
        ("", ""),
    ],
)
def test_tokens_become_running_text(tokenised: str, running: str) -> None:
    """No blanks stay inside brackets, quotation marks, contractions and before stops."""
    assert BENCH["detokenise"](tokenised) == running


def test_running_text_stays_as_it_is() -> None:
    """What is running text already does not change."""
    text = 'The clerk\'s "list" (of 1998) says: 40% of it, at most.'
    assert BENCH["detokenise"](text) == text


def test_a_file_is_read_by_lines(tmp_path: Path) -> None:
    """Each line is a label, a tab and a sentence; empty lines do not count."""
    path = tmp_path / "a.tsv"
    path.write_text("1\tSome say so .\n\n0\tIt rained .\r\n", encoding="utf-8")
    read = [(item.text, item.uncertain) for item in BENCH["read"](path)]
    assert read == [("Some say so.", True), ("It rained.", False)]


@pytest.mark.parametrize("line", ["2\tSome say so .", "Some say so .", "1 Some say so ."])
def test_a_line_of_another_form_is_named(tmp_path: Path, line: str) -> None:
    """A line that is not of the form is told with its place."""
    path = tmp_path / "a.tsv"
    path.write_text(f"0\tIt rained .\n{line}\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=re.escape(f"{path}:2: expected 0 or 1")):
        BENCH["read"](path)


def test_figures_are_those_of_the_definition(tmp_path: Path) -> None:
    """Of three uncertain sentences two are found, beside one that is not."""
    path = tmp_path / "a.tsv"
    path.write_text("1\tx\n1\tx\n1\ty\n0\tx\n0\ty\n", encoding="utf-8")
    figures = BENCH["figures"](BENCH["read"](path), lambda text: text == "x")
    assert figures.precision == pytest.approx(2 / 3)
    assert figures.recall == pytest.approx(2 / 3)
    assert figures.f1 == pytest.approx(2 / 3)


def test_what_cannot_be_counted_is_undefined() -> None:
    """Nothing found has no precision, nothing there no recall; both together no F1."""
    figures = BENCH["figures"]([], lambda _: True)
    assert (figures.precision, figures.recall, figures.f1) == (None, None, None)
