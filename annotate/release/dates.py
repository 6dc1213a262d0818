"""Dates as they were written, read as calendar days where that is no guess."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\d)")


def calendar_days(written: Iterable[str]) -> dict[str, str]:
    """Give each date as YYYY-MM-DD; one that cannot be read has no entry.

    Whether `4/5/2017` puts the month or the day first is taken from the others: a number
    above 12 shows it. Without one, or where they contradict each other, such dates are
    not read.
    """
    dates = sorted(set(written))
    month_at = _month_at(dates)
    days = ((text, _day(text, month_at)) for text in dates)
    return {text: day for text, day in days if day is not None}


def _month_at(dates: Iterable[str]) -> int | None:
    numbers = [found.groups() for text in dates if (found := _NUMBERS.match(text.strip()))]
    first = any(int(second) > 12 for _, second, _ in numbers)  # noqa: PLR2004 - months of a year
    second = any(int(leading) > 12 for leading, _, _ in numbers)  # noqa: PLR2004 - likewise
    if first == second:
        return None
    return 0 if first else 1


def _day(text: str, month_at: int | None) -> str | None:
    for year, month, day in _readings(text.strip(), month_at):
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            continue
    return None


def _readings(text: str, month_at: int | None) -> Iterator[tuple[int, int, int]]:
    if found := _ISO.match(text):
        year, month, day = map(int, found.groups())
        yield year, month, day
    elif month_at is not None and (found := _NUMBERS.match(text)):
        numbers = list(map(int, found.groups()))
        yield numbers[2], numbers[month_at], numbers[1 - month_at]
