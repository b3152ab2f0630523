"""TIMEX3: what a time expression is, what its value depends on, and lengths of time."""

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rassegna.dates.anchors import Anchor, month_away, pattern, week
from rassegna.reading.grammar import Match
from rassegna.reading.numerals import Number
from rassegna.reading.reader import Lexeme, single

# A unit of TIMEX3 as ISO 8601 writes it: designator and how many of it.
_ISO_UNITS = {"QU": ("M", 3), "HY": ("M", 6), "DE": ("Y", 10), "CE": ("Y", 100)}
CLOCK_UNITS = ("H", "MIN", "S")
_LONGEST = 10_000  # years: beyond them it is geology, not news


@dataclass(frozen=True, slots=True)
class Timex:
    """A time expression with its value; first and last are lexemes, the last one exclusive."""

    first: int
    last: int
    rule: str
    type: str
    value: str
    mod: str | None = None
    clash: str | None = None
    has_numbers: bool = False  # its numbers are days, years and hours: they count nothing


@dataclass(frozen=True, slots=True)
class Context:
    """What a value depends on beside its own words.

    Attributes:
        anchor: The day of the page or the corpus.
        tense: `past`, `future` or nothing.
        story: The day, month or year that the text named last, in TIMEX3, or nothing.
        lexemes: All lexemes of the block.
        order: How a date in figures is written: dmy, mdy or ymd.
        singular: Endings of words that a number above one cannot count.
    """

    anchor: Anchor
    tense: str
    story: str
    lexemes: Sequence[Lexeme]
    order: str = "dmy"
    singular: tuple[str, ...] = ()


def captured(match: Match, *names: str) -> Lexeme | None:
    """The first lexeme that the match holds under one of the names."""
    return next((match.captured[name] for name in names if name in match.captured), None)


def payload(match: Match, kind: str, *names: str) -> Any:
    """The value that a captured lexeme has in a class; its first one where it has several."""
    lexeme = captured(match, *names)
    return single(lexeme.classes.get(kind)) if lexeme else None


def one(match: Match, value: str, *, numbers: bool = True, kind: str = "", **more: Any) -> Iterator[Timex]:
    """One time expression over the whole match; the type follows from the value unless it is given."""
    if not kind:
        kind = "DURATION" if value.startswith("P") and value[1:2] in "0123456789TX" else "DATE"
        kind = "TIME" if kind == "DATE" and "T" in value and not value.endswith("REF") else kind
    mod = more.pop("mod", None) or payload(match, "EDGE", "edge")
    yield Timex(match.first, match.last, match.rule, kind, value, mod, has_numbers=numbers, **more)


def shift_of(match: Match, *names: str) -> int | None:
    """-1 for the one before, 0 for this one, 1 for the next one; None if the text says nothing of it."""
    value = payload(match, "SHIFT", *names)
    return None if value is None else int(value)


def year_of(match: Match, context: Context, choose: Callable[[str], int | None]) -> int | None:
    """The year that the text gives, or that `choose` finds for a tense."""
    if (year := payload(match, "YEAR", "year")) is not None:
        return int(year)
    if (ago := match.captured.get("years_ago")) is not None:
        years = ago.classes["NUM"].value
        return context.anchor.year - int(years) if context.anchor.year and years else None
    shift = shift_of(match, "shift")
    if shift is not None:
        return context.anchor.year + shift if context.anchor.year else None
    strict = {-1: "last", 1: "next"}.get(shift_of(match, "strict") or 0)
    return choose(strict or context.tense)


def length(number: float | None, unit: str) -> str:
    """A TIMEX3 duration: P24Y, PT2.5H, PXM; empty when it is longer than any history."""
    designator, times = _ISO_UNITS.get(unit, (unit[:1] if unit != "WE" else "WE", 1))
    clock = "T" if unit in CLOCK_UNITS else ""
    if number is None:
        return f"P{clock}X{designator if times == 1 else {'QU': 'M', 'HY': 'M'}.get(unit, unit)}"
    if designator == "Y" and number * times >= _LONGEST:
        return ""
    return f"P{clock}{number * times:g}{designator}"


def number_and_unit(match: Match) -> tuple[float | None, str]:
    """How many of which unit ("due anni e mezzo"); None for a vague number ("decine di anni")."""
    if "halved" in match.captured:
        return 0.5, payload(match, "UNIT", "halved")
    unit = payload(match, "UNIT", "unit") or payload(match, "UNITS", "units")
    lexeme = captured(match, "num")
    number: Number = lexeme.classes["NUM"] if lexeme else Number(1.0)
    value = number.value
    return (value + 0.5 if value is not None and "half" in match.captured else value), unit


def away(number: float, unit: str, at: Anchor, *, day: datetime.date | None = None) -> str:
    """The day, week, month or year so many units from an anchor (negative: before it)."""
    day = day or at.date
    if unit in CLOCK_UNITS:
        if not (day and at.time):
            return day.isoformat() if day else "XXXX-XX-XX"
        seconds = number * {"H": 3600, "MIN": 60, "S": 1}[unit]
        then = datetime.datetime.fromisoformat(f"{day}T{at.time}") + datetime.timedelta(seconds=seconds)
        return then.isoformat(timespec="minutes")
    if unit == "D":
        return (day + datetime.timedelta(number)).isoformat() if day else "XXXX-XX-XX"
    if unit in ("W", "WE"):
        return week(day + datetime.timedelta(7 * number)) if day else "XXXX-WXX"
    designator, times = _ISO_UNITS.get(unit, (unit, 1))
    if designator == "M" or number % 1:
        months = round(number * times * (12 if designator == "Y" else 1))
        return pattern(*month_away(at.year, at.month, months)) if at.year and at.month else "XXXX-XX"
    return pattern(at.year + int(number * times)) if at.year else "XXXX"


def story_of(value: str) -> Anchor:
    """A TIMEX3 day, month or year as an anchor; an empty one where it is none."""
    found = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?=$|T)", value)
    year, month, day = (int(part) if part else None for part in found.groups()) if found else (None, None, None)
    return Anchor(year, month, day)


Builder = Callable[[Match, Context], Iterator[Timex]]
