"""The days that a TIMEX3 value covers."""

import calendar
import datetime
import re

Days = tuple[datetime.date, datetime.date]  # first and last

_YEARS = re.compile(r"(?P<year>\d{2,4})")
_PERIOD = re.compile(
    r"(?P<year>\d{4})-(?:(?P<month>\d\d)(?:-(?P<day>\d\d))?|(?P<kind>[A-Z])(?P<rest>[A-Z]|\d\d?)(?P<end>-WE)?)"
)
_SEASONS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}  # the month in which each begins (meteorological, northern half)
_MONTHS = {"Q": 3, "H": 6}


def interval(value: str) -> Days | None:
    """The first and the last day that a TIMEX3 value covers; None where it does not tell them.

    A time of day counts for its day, a season for its three months from the first of March, June, September or
    December on, a range for all from its beginning to its end.
    """
    begin, _, end = value.partition("/")
    try:
        first, last = _days(begin), _days(end or begin)
    except (ValueError, OverflowError):  # no such day: 30 February, the year 0
        return None
    return (first[0], last[1]) if first and last and first[0] <= last[1] else None


def _days(value: str) -> Days | None:
    value = value.partition("T")[0]
    if _YEARS.fullmatch(value):  # two digits: a century, three: a decade
        missing = 4 - len(value)
        return datetime.date(int(value + "0" * missing), 1, 1), datetime.date(int(value + "9" * missing), 12, 31)
    found = _PERIOD.fullmatch(value)
    if found is None:
        return None
    year = int(found["year"])
    if found["day"]:
        day = datetime.date(year, int(found["month"]), int(found["day"]))
        return day, day
    if found["month"]:
        return _months(year, int(found["month"]), 1)
    if found["kind"] == "W" and found["rest"].isdigit():
        return (
            datetime.date.fromisocalendar(year, int(found["rest"]), 6 if found["end"] else 1),
            datetime.date.fromisocalendar(year, int(found["rest"]), 7),
        )
    if found["kind"] + found["rest"] in _SEASONS:
        return _months(year, _SEASONS[found["kind"] + found["rest"]], 3)
    if found["kind"] in _MONTHS and found["rest"].isdigit():
        length = _MONTHS[found["kind"]]
        return _months(year, 1 + length * (int(found["rest"]) - 1), length)
    return None


def _months(year: int, month: int, length: int) -> Days:
    years, last = divmod(month + length - 2, 12)
    end = calendar.monthrange(year + years, last + 1)[1]
    return datetime.date(year, month, 1), datetime.date(year + years, last + 1, end)
