"""Zones: they partition the text, and find the title, the body and the rest."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.ingest.article import Article
from annotate.ingest.canonical import canonicalise
from annotate.ingest.zones import find_zones
from annotate.model import Zone

_SEEDS = Path(__file__).parents[2] / "../shared/data/seeds"
_BODY = "The council closed the old bridge on Tuesday after the river rose by two metres."
_LINES = st.sampled_from(
    [
        "",
        " ",
        "*",
        _BODY,
        "Bridge closed",
        "By Mara Lind",
        "Share",
        "\u00a9 2026 Valley News",
        "# A",
        "---",
    ]
)


def _zones(text: str, title: str | None = None) -> list[tuple[str, str]]:
    document = canonicalise(Article(body=text, title=title, source="a"))
    return [(zone.zone, document.text[zone.start : zone.end]) for zone in find_zones(document)]


def _kinds(text: str, title: str | None = None) -> list[tuple[str, str]]:
    return [(kind, part.strip()) for kind, part in _zones(text, title) if part.strip()]


@given(st.one_of(st.text(), st.lists(_LINES).map("\n".join)), st.none() | st.just("Bridge closed"))
def test_zones_partition_the_text(text: str, title: str | None) -> None:
    """Zones cover every code point once, in order, and no two neighbours are of one kind."""
    zones = _zones(text, title)
    whole = canonicalise(Article(body=text, title=title, source="a")).text
    assert "".join(part for _, part in zones) == whole
    assert all(first[0] != second[0] for first, second in pairwise(zones))


def test_plain_article_is_all_body() -> None:
    """Without a title and boilerplate everything is body, blanks at both ends included."""
    assert [kind for kind, _ in _zones(f"\n{_BODY}\n\n{_BODY}\n")] == ["body"]


def test_title_field_is_the_title_zone() -> None:
    """A title put in front is its own zone, to the character."""
    assert _zones(_BODY, "Bridge closed") == [("title", "Bridge closed"), ("body", f"\n\n{_BODY}")]


def test_heading_sign_is_not_in_the_title_zone() -> None:
    """Of a Markdown heading only the words are title."""
    assert _kinds(f"# Bridge closed\n{_BODY}") == [
        ("boilerplate", "#"),
        ("title", "Bridge closed"),
        ("body", _BODY),
    ]


def test_front_matter_is_boilerplate() -> None:
    """A YAML block at the head of Markdown is not annotated."""
    matter = "---\ntitle: x\ntags: [y]\n---"
    assert _kinds(f"{matter}\n{_BODY}") == [("boilerplate", matter), ("body", _BODY)]


@pytest.mark.parametrize(
    "line",
    [
        "By [Mara Lind](https://valley.example/mara)",
        "By Mara Lind and Tom de Vries",
        "Valley Courier, March 4, 2026",
        "Published: 2026-03-04 10:00",
        "4 min read",
        "Region: [Lower Valley](#)",
        "All Valley Courier articles can be read in 51 languages by choosing one above.",
        "To receive our weekly newsletter, [click here](#).",
        "Follow us on Facebook and [Instagram](#).",
        "Share on Facebook | Twitter | E-mail",
        "[Facebook](https://valley.example/fb_(a)) \u00b7 [Print](https://valley.example/p)",
        "By \u0141ukasz \u017bak \u00b7 March 4, 2026",
        "Written by Mara Lind",
        "Author: Mara Lind",
    ],
)
def test_head_lines_are_boilerplate(line: str) -> None:
    """Bylines, dates, share lines and pleas before the body are boilerplate."""
    assert _kinds(f"Bridge closed\n\n{line}\n\n{_BODY}") == [
        ("title", "Bridge closed"),
        ("boilerplate", line),
        ("body", _BODY),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Mara Lind is a freelance journalist based in Norwick.",
        "Her articles are published in several regional papers.",
        "Copyright \u00a9 Valley Courier 2026",
        "\u00a9 2026 Valley Courier. All rights reserved.",
        "The original source of this article is the Valley Courier",
        "This article was first published by the Valley Courier.",
        "Featured image is from the town archive",
        "Articles by: [Mara Lind](#)",
        "Disclaimer: The contents of this article are the author's alone.",
        "Note to readers: please use the share buttons above.",
        "Become a Member of the Valley Courier",
        "Reporting by Mara Lind; editing by Tom Vries",
        "Read also: Ferry runs again",
        "For media inquiries: desk@valley.example",
        "desk@valley.example",
        "* * *",
        "Follow bridge news: Facebook \u00b7 X \u00b7 WhatsApp",
        "[Facebook](https://valley.example/fb) \u00b7 [Print](https://valley.example/print)",
        "The Courier is a small paper. If you value our work, please consider becoming a member.",
        "We take no advertising. Please consider subscribing.",
        "*Mara Lind has covered courts and crime for the Valley Courier since 2011.*",
        "*Do you know more? Write to the newsroom.*",
    ],
)
def test_tail_lines_are_boilerplate(line: str) -> None:
    """Bios, rights, pleas and links after the body are boilerplate."""
    assert _kinds(f"{_BODY}\n\n{_BODY}\n\n{line}") == [
        ("body", f"{_BODY}\n\n{_BODY}"),
        ("boilerplate", line),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "The paper said its copyright had been violated and that all rights were sold years ago.",
        "Subscribers to the council's newsletter had been told a week before, she said.",
        "A journalist who works for the paper is among the injured, according to the hospital.",
        "By Tuesday the water had fallen again and the bridge was open.",
        "Share prices of the operator fell by a tenth on the news on Monday.",
        "He is a writer of letters, and his neighbours are used to that.",
        "Mara Lind has covered the costs of the repair for the town since 2011.",
        "The mayor asked companies to consider becoming members of the bridge fund.",
        "\u201cIf you value our work, please consider becoming a member,\u201d the warden said.",
        "The warden said that if you like fishing you should join the club by the bridge.",
        "Do you know what it costs? Nobody at the council would say on Tuesday.",
    ],
)
def test_body_sentences_stay_body(sentence: str) -> None:
    """A sentence that mentions copyright, newsletters or journalists is body anywhere."""
    for text in (
        f"{sentence}\n\n{_BODY}",
        f"{_BODY}\n{sentence}\n{_BODY}",
        f"{_BODY}\n\n{sentence}",
    ):
        assert _kinds(text) == [("body", text)]


def test_closing_line_in_italics_has_to_be_about_the_writer() -> None:
    """Italics alone make no boilerplate: the same shape may say anything."""
    text = f"{_BODY}\n\n*Mara Lind was the name that the ferry had before the bridge was built.*"
    assert _kinds(text) == [("body", text)]


def test_short_lines_between_boilerplate_lines_belong_to_it() -> None:
    """A short line that is no sentence, between two boilerplate lines, is boilerplate."""
    tail = "Copyright \u00a9 Valley Courier 2026\n\nOur town pages\n\nArticles by: Mara Lind"
    assert _kinds(f"{_BODY}\n\n{tail}")[-1] == ("boilerplate", tail)


def _seed(prefix: str) -> list[Zone]:
    found = sorted(_SEEDS.glob(f"{prefix}_*.txt"))
    if not found:
        pytest.skip("the seeds are not beside this checkout")
    text = found[0].read_text(encoding="utf-8")
    document = canonicalise(Article(body=text, source="seed"))
    assert document.text == text
    return find_zones(document)


def test_first_seed() -> None:
    """The first seed's header and footer are boilerplate, its title is the title."""
    assert [(zone.start, zone.end, zone.zone) for zone in _seed("000")] == [
        (0, 2, "boilerplate"),
        (2, 79, "title"),
        (79, 621, "boilerplate"),
        (621, 4300, "body"),
        (4300, 6305, "boilerplate"),
    ]


def test_second_seed() -> None:
    """The second seed is all body, its dateline too."""
    assert [zone.zone for zone in _seed("004")] == ["body"]
