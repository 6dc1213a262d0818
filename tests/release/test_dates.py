"""Dates are read where that is no guess."""

from annotate.release.dates import calendar_days


def test_iso_dates_and_times_are_days() -> None:
    """The day of an ISO date or timestamp is taken; a day that does not exist is not."""
    read = calendar_days(["2025-03-07", "2025-03-08T10:00:00+02:00", "2025-02-30", "soon", ""])
    assert read == {"2025-03-07": "2025-03-07", "2025-03-08T10:00:00+02:00": "2025-03-08"}


def test_other_dates_show_which_number_is_the_month() -> None:
    """A number above 12 in one date decides for all of them."""
    assert calendar_days(["4/5/2017", "8/21/2016"]) == {
        "4/5/2017": "2017-04-05",
        "8/21/2016": "2016-08-21",
    }
    assert calendar_days(["4.5.2017", "21.8.2016"])["4.5.2017"] == "2017-05-04"


def test_a_date_that_could_be_two_days_is_not_read() -> None:
    """Without a number above 12, or with contradicting ones, nothing is guessed."""
    assert calendar_days(["4/5/2017"]) == {}
    assert "4/5/2017" not in calendar_days(["4/5/2017", "8/21/2016", "21/8/2016"])
