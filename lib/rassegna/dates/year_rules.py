"""Values of years, decades, centuries, seasons, and of units seen from the page: builders of `any/time_rules.toml`."""

import datetime
from collections.abc import Iterator, Mapping

from rassegna.dates.anchors import Anchor, month_away, month_year, pattern, week
from rassegna.dates.timex import Builder, Context, Timex, one, payload, shift_of, year_of
from rassegna.reading.grammar import Match

_OLDEST, _LATEST = 1700, 2099  # years that four digits alone are taken for
_SEASON_ENDS = {"SP": (5, 0), "SU": (8, 0), "FA": (11, 0), "WI": (2, 1)}  # month, years after the one it is named by


def full_year(yy: int, at: Anchor) -> int:
    """The year of two digits: in this century unless it lies ahead of next year."""
    latest = (at.year or 2030) + 1
    return 2000 + yy if 2000 + yy <= latest else 1900 + yy


def _year_alone(match: Match, _: Context) -> Iterator[Timex]:
    yield from one(match, str(payload(match, "YEAR", "year")))


def _bare_year(match: Match, context: Context) -> Iterator[Timex]:
    """A number of four digits that nothing marks as a year but its size."""
    if _OLDEST <= int(payload(match, "YEAR", "year")) <= _LATEST:
        yield from _year_alone(match, context)


def _short_year(match: Match, context: Context) -> Iterator[Timex]:
    yield from one(match, str(full_year(int(payload(match, "YY", "yy")), context.anchor)))


def year_range(match: Match, _: Context) -> Iterator[Timex]:
    """From one year to a later one; backwards it is no range."""
    first, last = int(payload(match, "YEAR", "year1")), int(payload(match, "YEAR", "year2"))
    if first < last:
        yield from one(match, f"{first}/{last}")


def _year_span(match: Match, _: Context) -> Iterator[Timex]:
    first, last = match.captured["span"].form.split("/")
    last = first[: 4 - len(last)] + last
    if int(first) < int(last):  # else a number of a register
        yield from one(match, f"{first}/{last}")


def _decade(match: Match, context: Context) -> Iterator[Timex]:
    if (word := payload(match, "DECADE_WORD", "word")) is not None:
        yield from one(match, str(word))
    elif (year := payload(match, "YEAR", "year")) is not None:
        yield from one(match, str(year)[:3])
    elif (yy := int(payload(match, "YY", "yy"))) % 10 == 0:
        yield from one(match, str(full_year(yy, context.anchor))[:3])


def _century(match: Match, _: Context) -> Iterator[Timex]:
    if (word := payload(match, "CENTURY_WORD", "word")) is not None:
        yield from one(match, str(word))
    elif number := payload(match, "ROMAN", "roman") or payload(match, "ORD", "ord") or payload(match, "DAY", "digits"):
        yield from one(match, f"{int(number) - 1:02}")


def _quarter(match: Match, context: Context) -> Iterator[Timex]:
    letter, parts = ("Q", 4) if "unit" in match.captured else ("H", 2)
    at = context.anchor
    if "last" in match.captured:  # “nell'ultimo trimestre” is a length
        yield from one(match, f"P{12 // parts}M", numbers=False)
        return
    number = int(payload(match, "ORD", "ord"))
    if not 1 <= number <= parts:
        return
    year = year_of(match, context, lambda tense: month_year(at, number * 12 // parts, tense))
    yield from one(match, f"{pattern(year)}-{letter}{number}")


def _season(match: Match, context: Context) -> Iterator[Timex]:
    season = payload(match, "SEASON", "season")
    last_month, later = _SEASON_ENDS[season]
    year = year_of(match, context, lambda tense: month_year(context.anchor, last_month, tense))
    if shift_of(match, "strict") == 0:
        year = context.anchor.year
    elif later and year and "year" not in match.captured and "shift" not in match.captured:
        year -= later
    yield from one(match, f"{pattern(year)}-{season}")


def _unit_shift(match: Match, context: Context) -> Iterator[Timex]:
    unit = payload(match, "UNIT", "unit")
    shift, at = shift_of(match, "shift") or 0, context.anchor
    value = _unit_value(unit, shift, at)
    if value:
        yield from one(match, value, numbers=False)


def _weekend(match: Match, context: Context) -> Iterator[Timex]:
    """The weekend ahead when the sentence looks ahead, or on its own days; else the last one."""
    day = context.anchor.date
    ahead = context.tense == "future" or (day is not None and day.isoweekday() > 5)
    yield from one(match, _unit_value("WE", 0 if ahead else -1, context.anchor), numbers=False)


def _unit_value(unit: str, shift: int, at: Anchor) -> str:
    """The week, month, year ... so many away from the anchor."""
    day = at.date
    if unit in ("W", "WE"):
        ending = "-WE" if unit == "WE" else ""
        return f"{week(day + datetime.timedelta(7 * shift))}{ending}" if day else f"XXXX-WXX{ending}"
    if unit == "Y":
        return pattern(at.year + shift if at.year else None)
    if unit == "M":
        return pattern(*month_away(at.year, at.month, shift)) if at.year and at.month else "XXXX-XX"
    if unit in ("QU", "HY"):
        letter, months = ("Q", 3) if unit == "QU" else ("H", 6)
        if not (at.year and at.month):
            return f"XXXX-{letter}X"
        year, month = month_away(at.year, at.month, months * shift)
        return f"{year}-{letter}{(month - 1) // months + 1}"
    if unit in ("DE", "CE"):
        digits, years = (3, 10) if unit == "DE" else (2, 100)
        return str(at.year + years * shift)[:digits] if at.year else "X" * digits
    return ""  # “questo giorno”, “quest'ora” need no calendar


# What a rule's `build` names.
BUILDERS: Mapping[str, Builder] = {
    "year": _year_alone,
    "bare_year": _bare_year,
    "short_year": _short_year,
    "year_range": year_range,
    "year_span": _year_span,
    "decade": _decade,
    "century": _century,
    "quarter": _quarter,
    "season": _season,
    "unit_shift": _unit_shift,
    "weekend": _weekend,
}
