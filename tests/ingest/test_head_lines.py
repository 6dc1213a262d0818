"""Head lines say who wrote an article, for which outlet, and when; prose never does."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate import resources
from annotate.config import Columns, Ingest
from annotate.ingest import markdown, text
from annotate.ingest.article import Article
from annotate.ingest.canonical import canonical
from annotate.ingest.head_lines import HeadLines, read
from annotate.ingest.intake import Intake
from annotate.model import Appearance

_SEEDS = Path(__file__).parents[2] / "../shared/data/seeds"
_BODY = (
    "The council closed the old bridge on Tuesday after the river rose by two metres, and an "
    "official said that nobody knows when it will open to traffic again."
)


def _found(*head: str, body: str = _BODY) -> tuple[str | None, str | None, str | None]:
    found = read("\n".join(["Bridge closed", "", *head, "", body]))
    return found.author, found.publisher, found.published


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Mara Lind", "Mara Lind"),
        ("By [Mara Lind](https://valley.example/mara)", "Mara Lind"),
        ("**By Mara Lind**", "Mara Lind"),
        ("BY MARA LIND", "MARA LIND"),
        ("Written by Mara Lind", "Mara Lind"),
        ("By Émile Żak", "Émile Żak"),
        ("By Łukasz Đurić", "Łukasz Đurić"),
        ("By Omar al-Tal", "Omar al-Tal"),
        ("By Mara Lind and Tom de Vries", "Mara Lind and Tom de Vries"),
        ("By Mara Lind, Tom de Vries and Bo Ek", "Mara Lind, Tom de Vries and Bo Ek"),
        ("By Mara Lind, Head of News and Politics", "Mara Lind"),
        ("By Mara Lind | Political Desk", "Mara Lind"),
        ("Author: Mara Lind", "Mara Lind"),
        ("By Tuesday", None),
        ("Mara Lind", None),
    ],
)
def test_bylines_name_the_author(line: str, author: str | None) -> None:
    """A byline gives the names as written, without link, role or weekday."""
    assert _found(line) == (author, None, None)


@pytest.mark.parametrize(
    ("line", "publisher", "published"),
    [
        ("Valley Courier, March 4, 2026", "Valley Courier", "2026-03-04"),
        ("[Valley Courier](#) | 4th March 2026", "Valley Courier", "2026-03-04"),
        ("The Norwick Times \u2013 Wednesday, March 4, 2026", "The Norwick Times", "2026-03-04"),
        ("Valley Courier, Norwick, 2026-03-04 10:15", "Valley Courier", "2026-03-04"),
        ("Valley Courier, 4/3/2026", "Valley Courier", "4/3/2026"),
        ("March 4, 2026", None, "2026-03-04"),
        ("Wed, 4 Mar 2026 10:15 GMT", None, "2026-03-04"),
        ("Published: 2026-03-04 10:00 | Updated: 2026-03-06", None, "2026-03-04"),
        ("Last updated: March 6, 2026", None, None),
        ("Norwick, March 4, 2026", None, "2026-03-04"),
        ("Breaking News, March 4, 2026", None, "2026-03-04"),
        ("Mara Lind, March 4, 2026", None, "2026-03-04"),
        ("Photo taken in Norwick, March 4, 2026", None, None),
        ("March 4, 2026 was the day that the river rose", None, None),
        ("Publisher: Valley Society", "Valley Society", None),
    ],
)
def test_outlet_and_date_lines(line: str, publisher: str | None, published: str | None) -> None:
    """An outlet is told by its name; a place, section or person before a date is none."""
    assert _found(line) == (None, publisher, published)


@pytest.mark.parametrize(
    ("line", "publisher"),
    [
        ("Global Matters, March 4, 2026", "Global Matters"),
        ("Norwick, March 4, 2026", None),
        ("NEW NORWICK, March 4, 2026", None),
        ("Old Norwick, March 4, 2026", None),
        ("Political Correspondent, March 4, 2026", None),
        ("Norwick, Vellmark, March 4, 2026", None),
    ],
)
def test_other_names_between_byline_and_date(line: str, publisher: str | None) -> None:
    """Below a byline an outlet may have any name that is not a place's or a post's."""
    body = f"{_BODY} A second bridge in Old Norwick is closed too."
    assert _found("By Mara Lind", line, body=body) == ("Mara Lind", publisher, "2026-03-04")


def test_one_line_may_say_it_all() -> None:
    """Byline, outlet and date may stand on one line, in either order."""
    wanted = ("Mara Lind", "Valley Courier", "2026-03-04")
    assert _found("By Mara Lind | Valley Courier | March 4, 2026") == wanted
    assert _found("By Mara Lind \u00b7 Valley Courier \u00b7 4 March 2026") == wanted
    assert _found("Posted on March 4, 2026 by Mara Lind") == ("Mara Lind", None, "2026-03-04")


def test_byline_below_a_summary_is_read() -> None:
    """One line between title and byline is the summary; other lines are not passed."""
    summary = "The river rose by two metres in one night."
    assert _found(summary, "By Mara Lind") == ("Mara Lind", None, None)
    assert _found(summary, "March 4, 2026") == (None, None, None)
    assert _found(_BODY, summary, "By Mara Lind") == (None, None, None)


@pytest.mark.parametrize(
    ("opening", "publisher", "published"),
    [
        ("NORWICK, Vellmark (Valley Voices) \u2013 ", "Valley Voices", None),
        ("NORWICK (Valley Press) - ", "Valley Press", None),
        ("**NORWICK** (Valley Press) \u2014 ", "Valley Press", None),
        ("NORWICK, March 4, 2026 (Valley Press) \u2013 ", "Valley Press", "2026-03-04"),
        ("VRC (Valley Rescue Committee) \u2013 ", None, None),
        ("Norwick (Valley Press) \u2013 ", None, None),
        ("NORWICK (population 900) \u2013 ", None, None),
        ("NORWICK \u2013 ", None, None),
    ],
)
def test_datelines_name_the_agency(
    opening: str, publisher: str | None, published: str | None
) -> None:
    """A dateline names the agency; a name explained in brackets is no dateline."""
    found = read(f"{opening}{_BODY}\n{_BODY}")
    assert found == HeadLines(publisher=publisher, published=published)
    assert read(f"{_BODY}\n{opening}{_BODY}") == HeadLines()


def test_outlet_line_goes_before_the_dateline() -> None:
    """Of a wire text in a paper the paper is the publisher."""
    found = read(f"By Mara Lind\nValley Courier, March 4, 2026\n\nNORWICK (Valley Press) - {_BODY}")
    assert found == HeadLines(
        author="Mara Lind", publisher="Valley Courier", published="2026-03-04"
    )


def test_front_matter_is_read() -> None:
    """Keys of a YAML block at the head go before the lines below it."""
    matter = "---\ntitle: Bridge\nauthor: 'Mara Lind'\nDate: 2026-03-04T10:00:00Z\ntags: [a]\n---"
    assert read(f"{matter}\n# Bridge closed\n\nBy Tom Vries\n\n{_BODY}") == HeadLines(
        author="Mara Lind", published="2026-03-04"
    )


def test_prose_says_nothing() -> None:
    """Names and dates in sentences, in the middle and at the end are not metadata."""
    prose = "By Monday Mara Lind of the Valley Courier, who came on March 4, 2026, had left again."
    assert read(f"{prose}\n\n{_BODY}") == HeadLines()
    assert read(f"{_BODY}\n\nBy Mara Lind\nValley Courier, March 4, 2026") == HeadLines()


@given(st.one_of(st.text(), st.lists(st.sampled_from(
    ["By Mara Lind", "By A, ", "Valley Post, 30 February 2026", "# T", "---", "", _BODY, "A (B) -"]
)).map("\n".join)))  # fmt: skip
def test_any_text_can_be_read(whole: str) -> None:
    """Whatever the text, there is an answer, and its values are on one line of the text."""
    found = read(canonical(whole))
    assert all(value is None or (value and "\n" not in value) for value in (
        found.author, found.publisher, found.published,
    ))  # fmt: skip


@pytest.mark.parametrize("unit", ["A", "A ", "By A", "A, ", "(", "A (B", "1 May ", "*", "[a]("])
def test_long_lines_take_no_time(unit: str) -> None:
    """A line of a megabyte does not stall any pattern, which would take minutes."""
    started = time.process_time()
    read(unit * (1_000_000 // len(unit)))
    assert time.process_time() - started < 2


def _appearance(article: Article, settings: Ingest) -> Appearance:
    intake = Intake(settings=settings, languages=("en",), known=frozenset())
    assert intake.take(article, file="a.txt") is not None
    return intake.appearances[0]


def test_what_is_said_elsewhere_goes_before_head_lines(tmp_path: Path) -> None:
    """Fields of an article come first, then the settings, then the head lines."""
    path = tmp_path / "a.txt"
    lines = ["Bridge closed", "", "By Mara Lind", "Valley Courier, March 4, 2026", "", _BODY]
    path.write_bytes("\r\n".join(lines).encode())
    (article,) = text.read(path, Columns(), place="a.txt")
    assert isinstance(article, Article)
    found = _appearance(article, Ingest())
    assert (found.author, found.publisher, found.published) == (
        "Mara Lind", "Valley Courier", "2026-03-04",
    )  # fmt: skip
    assert _appearance(article, Ingest(publisher="Ours")).publisher == "Ours"
    told = article.replace(author="Tom Vries", publisher="Theirs", published="1/2/2026")
    found = _appearance(told, Ingest(publisher="Ours"))
    assert (found.author, found.publisher, found.published) == ("Tom Vries", "Theirs", "1/2/2026")


def test_sample_files_say_who_and_when() -> None:
    """Every text and Markdown article of the sample has its outlet, author and date."""
    folder = resources.sample() / "articles"
    outlets = {".txt": "The Skerry Post", ".md": "Highland Examiner"}
    paths = [path for path in sorted(folder.iterdir()) if path.suffix in outlets]
    assert len(paths) >= 8
    for path in paths:
        reader = text.read if path.suffix == ".txt" else markdown.read
        (article,) = reader(path, Columns(), place=path.name)
        assert isinstance(article, Article)
        assert article.head.publisher == outlets[path.suffix]
        assert article.head.published == path.stem[-10:]
        assert f"By {article.head.author}" in article.body.splitlines()


@pytest.mark.parametrize(
    ("prefix", "author", "publisher", "published"),
    [
        ("000", "Ahmad Al Khaled", "Global Research", "2022-09-15"),
        ("004", None, "North Press", None),
    ],
)
def test_seeds(
    prefix: str, author: str | None, publisher: str | None, published: str | None
) -> None:
    """The first seed has a linked byline and an outlet line, the second a dateline."""
    found = sorted(_SEEDS.glob(f"{prefix}_*.txt"))
    if not found:
        pytest.skip("the seeds are not beside this checkout")
    head = read(canonical(found[0].read_text(encoding="utf-8")))
    assert head == HeadLines(author=author, publisher=publisher, published=published)
