"""Dates of publication become ISO days where what is written is one day only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.config import Ingest
from annotate.ingest.article import Article
from annotate.ingest.dates import normalised
from annotate.ingest.intake import Intake


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-04",
        "2026-3-4",
        "2026/03/04",
        "2026-03-04T10:00:00Z",
        "2026-03-04T23:30:00+02:00",
        "2026-03-04 00:00:00",
        "March 4, 2026",
        "MARCH 4 2026",
        "Mar. 4th, 2026",
        "4 March 2026",
        "4th of March, 2026",
        "04-Mar-2026",
        "Wednesday, March 4, 2026",
        "Wed, 04 Mar 2026 10:15:00 GMT",
        "March 4, 2026 at 10:15 am",
        "March 4, 2026 | 10 a.m.",
        " March  4,\u00a02026 ",
    ],
)
def test_one_day_becomes_iso(written: str) -> None:
    """A named month or a leading year leaves no doubt; the time is left out."""
    assert normalised(written) == "2026-03-04"


@pytest.mark.parametrize(
    "written",
    [
        "4/3/2026",
        "21/3/2026",
        "4.3.2026",
        "March 2026",
        "2026",
        "February 30, 2026",
        "2026-13-04",
        "March 4-6, 2026",
        "4 - 6 March 2026",
        "March 4, 2026 to March 6, 2026",
        "before March 4, 2026",
        "March 4, 26",
        "March 4, 20266",
        "20260304",
        "soon",
        "",
    ],
)
def test_the_rest_stays_as_written(written: str) -> None:
    """Numbers need the corpus, and ranges or impossible days are nobody's to settle."""
    assert normalised(written) == written


@given(st.text())
def test_normalising_twice_changes_nothing(written: str) -> None:
    """What normalising gives stays, for any text."""
    assert normalised(normalised(written)) == normalised(written)


def test_fields_of_any_source_are_normalised() -> None:
    """An appearance has the ISO day whatever the article came from."""
    intake = Intake(settings=Ingest(minimum_words=1), languages=("en",), known=frozenset())
    body = "The council closed the old bridge on Tuesday after the river rose by two metres."
    for written in ("4 March 2026", "4/3/2026"):
        intake.take(Article(body=body, published=written, source="a.csv:2"), file="a.csv")
    assert [item.published for item in intake.appearances] == ["2026-03-04", "4/3/2026"]
