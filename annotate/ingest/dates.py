"""Dates as outlets write them, brought to one form where that is no guess."""

import re
from datetime import date

from annotate.model import Record

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
_DAY = r"[0-9]{1,2}"
_YEAR = r"[0-9]{4}(?![0-9])"
_FORMS = tuple(
    re.compile(rf"(?<![\w-])(?:{_WEEKDAY},? )?{form}", re.IGNORECASE)
    for form in (
        rf"(?P<month>{_MONTH}) ?(?P<day>{_DAY})(?:st|nd|rd|th)?(?:,|, | )(?P<year>{_YEAR})",
        rf"(?P<day>{_DAY})(?:st|nd|rd|th)?[ -](?:of )?(?P<month>{_MONTH}),?[ -](?P<year>{_YEAR})",
        rf"(?P<year>[0-9]{{4}})(?P<sign>[-/])(?P<month>{_DAY})(?P=sign)(?P<day>{_DAY})(?![0-9])",
    )
)
_NUMBERS = re.compile(rf"(?<![\w-])(?:{_WEEKDAY},? )?{_DAY}([/.]){_DAY}\1{_YEAR}", re.IGNORECASE)
_TIME = re.compile(
    r"(?:[\sT,|\u00b7\u2013\u2014-]*(?:at )?[0-9]{1,2}(?:[:.h][0-9]{2}| ?[ap]\.?m\b).{0,30}|\s*Z?)",
    re.IGNORECASE,
)
_DAY_NAME = re.compile(rf"(?:{_WEEKDAY}|{_MONTH})", re.IGNORECASE)


class Written(Record, frozen=True, kw_only=True):
    """A date in a line: `[start, end)`, and the day if what is written is one day only."""

    start: int
    end: int
    day: str | None


def normalised(written: str) -> str:
    """Give a date as YYYY-MM-DD, or as it was written when that is more than a date and time.

    The month has to be named, or the year to come first: which number of `4/5/2017` is the
    month can be told from a corpus only, so all such dates stay as they are.
    """
    line = " ".join(written.split())
    found = first(line)
    whole = found is not None and not found.start and _TIME.fullmatch(line, found.end)
    return found.day if whole and found and found.day else written


def first(line: str) -> Written | None:
    """Give the first date that a line has, one in numbers too, or None."""
    places = [found for form in (*_FORMS, _NUMBERS) if (found := form.search(line))]
    if not places:
        return None
    least = min(places, key=lambda found: found.start())
    return Written(start=least.start(), end=least.end(), day=_day(least))


def is_time(text: str) -> bool:
    """Say whether what follows a date is nothing, or a time of day."""
    return _TIME.fullmatch(text) is not None


def names_day(word: str) -> bool:
    """Say whether a word is the name of a weekday or a month."""
    return _DAY_NAME.fullmatch(word) is not None


def _day(found: re.Match[str]) -> str | None:
    parts = found.groupdict()
    if not parts:
        return None
    month = parts["month"]
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    try:
        return date(int(parts["year"]), number, int(parts["day"])).isoformat()
    except ValueError:
        return None
