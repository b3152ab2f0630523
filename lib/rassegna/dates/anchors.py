"""The day that relative time expressions are counted from, and what follows from it."""

import calendar
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

_ISO = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:[T ](?P<time>\d\d:\d\d))?)?)?")
EVENING = "18:00"  # from then on it is tomorrow elsewhere
_NEAR_DAYS = 45  # a day so near whose weekday does not fit is a clash, not a day of another year


@dataclass(frozen=True, slots=True)
class Anchor:
    """A day, or as much of it as is known.

    Attributes:
        year: Year, or None.
        month: Month, or None.
        day: Day of the month, or None.
        time: Time of day (HH:MM), or None.
        grace_days: By how much a day may lie on the wrong side of the anchor: little for a publication time (time
            zones), more for a corpus's day, which its articles are only about.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    time: str | None = None
    grace_days: int = 1

    @property
    def date(self) -> datetime.date | None:
        """The day, where it is known."""
        if self.year and self.month and self.day:
            return datetime.date(self.year, self.month, self.day)
        return None

    def shifted(self, days: int) -> str:
        """The day so many days away, or its pattern."""
        return (self.date + datetime.timedelta(days)).isoformat() if self.date else "XXXX-XX-XX"


def anchor(published_at: object, reference_date: datetime.date | None) -> Anchor:
    """Choose what an article's dates count from: its full date, else the corpus's day, else what is known of it.

    A year that was inferred keeps a reference date of another year out.
    """
    found = _ISO.match(published_at) if isinstance(published_at, str) else None
    year = int(found["year"]) if found else None
    if found and found["day"]:
        return Anchor(year, int(found["month"]), int(found["day"]), found["time"])
    if reference_date and year in (None, reference_date.year):
        return Anchor(reference_date.year, reference_date.month, reference_date.day, grace_days=30)
    return Anchor(year, int(found["month"]) if found and found["month"] else None)


def pattern(year: int | None, month: int | None = None, day: int | None = None) -> str:
    """A TIMEX3 day, month or year, with X for what is not known."""
    parts = [f"{year:04}" if year else "XXXX"]
    if month:
        parts.append(f"{month:02}")
        if day:
            parts.append(f"{day:02}")
    return "-".join(parts)


def week(day: datetime.date) -> str:
    """ISO week of a day."""
    iso = day.isocalendar()
    return f"{iso.year}-W{iso.week:02}"


def month_away(year: int, month: int, months: int) -> tuple[int, int]:
    """The month so many months away."""
    index = year * 12 + month - 1 + months
    return index // 12, index % 12 + 1


def is_day(year: int | None, month: int, day: int) -> bool:
    """Whether there is such a day, in the years 1 to 9999; of an unknown year 29 February may be."""
    year = year or 2000
    return (
        datetime.MINYEAR <= year <= datetime.MAXYEAR
        and 1 <= month <= 12
        and 1 <= day <= calendar.monthrange(year, month)[1]
    )


def day_year(at: Anchor, month: int, day: int, tense: str, weekday: int | None = None) -> int | None:
    """The year of a day that the text gives none: by the tense, else the nearest; a weekday decides between far ones.

    Args:
        at: What dates count from.
        month: Month.
        day: Day of the month.
        tense: `past`, `future`, or nothing; `last` and `next` are strict.
        weekday: 1 (Monday) to 7, if the text names it.
    """
    if at.date is None:
        if weekday and at.year and not at.month:
            near = [at.year, at.year - 1, at.year + 1]
            return next((y for y in near if is_day(y, month, day) and _weekday(y, month, day) == weekday), at.year)
        return at.year
    days = {y: datetime.date(y, month, day) for y in _years(at.date.year) if is_day(y, month, day)}
    chosen = _choose({y: (d - at.date).days for y, d in days.items()}, tense, at.grace_days)
    if weekday and chosen is not None and _weekday(chosen, month, day) != weekday:
        fitting = {y: (d - at.date).days for y, d in days.items() if d.isoweekday() == weekday}
        distance = abs((days[chosen] - at.date).days)
        if fitting and distance > _NEAR_DAYS:
            # News tells of the past, and plans less than a year ahead.
            latest = 366 if tense == "future" else at.grace_days
            return min(fitting, key=lambda y: (fitting[y] > latest, abs(fitting[y]), y))
    return chosen


def month_year(at: Anchor, month: int, tense: str) -> int | None:
    """The year of a month that the text gives none, as `day_year`."""
    if at.year is None or at.month is None:
        return at.year
    here = at.year * 12 + at.month
    return _choose({y: y * 12 + month - here for y in _years(at.year)}, tense, at.grace_days // 30)


def _choose(distances: dict[int, int], tense: str, grace: int) -> int | None:
    """The year at the least distance on the side that the tense tells."""
    allowed = {
        "past": lambda d: d <= grace,
        "last": lambda d: d < 0,
        "future": lambda d: d >= -grace,
        "next": lambda d: d > 0,
    }.get(tense, lambda _: True)
    fitting = {y: d for y, d in distances.items() if allowed(d)}
    return min(fitting, key=lambda y: (abs(fitting[y]), y)) if fitting else None


def _years(year: int) -> Iterator[int]:
    yield from range(year - 4, year + 5)


def _weekday(year: int, month: int, day: int) -> int:
    return datetime.date(year, month, day).isoweekday()
