"""TIMEX3 values: what each rule of `any/time_rules.toml` builds from the words that it captured."""

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rassegna.anchors import EVENING, Anchor, day_year, is_day, month_away, month_year, pattern, week
from rassegna.grammar import Lexeme, Match
from rassegna.numerals import Number

# A unit of TIMEX3 as ISO 8601 writes it: designator and how many of it.
_ISO_UNITS = {"QU": ("M", 3), "HY": ("M", 6), "DE": ("Y", 10), "CE": ("Y", 100)}
_CLOCK_UNITS = ("H", "MIN", "S")
_LONGEST = 10_000  # years: beyond them it is geology, not news
_WATCH = re.compile(r"(?:(\d+)h\s?)?(\d+)\s?['′’]\s?(\d{1,2})")
_FAR = 100  # days from the page at which a day without a month is still looked for
_OLDEST, _LATEST = 1700, 2099  # years that four digits alone are taken for
_SEASON_ENDS = {"SP": (5, 0), "SU": (8, 0), "FA": (11, 0), "WI": (2, 1)}  # month, years after the one it is named by
_AFTERNOON = {"AF": range(1, 8), "EV": range(4, 12)}


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


def build(match: Match, context: Context) -> list[Timex]:
    """The time expressions of a match: none, one, or one a day in "il 19 e 20 giugno"."""
    return list(_BUILDERS[match.build](match, context))


def _get(match: Match, *names: str) -> Lexeme | None:
    return next((match.captured[name] for name in names if name in match.captured), None)


def _payload(match: Match, kind: str, *names: str) -> Any:
    lexeme = _get(match, *names)
    value = lexeme.classes.get(kind) if lexeme else None
    return value[0] if isinstance(value, tuple) else value


def _one(match: Match, value: str, *, numbers: bool = True, kind: str = "", **more: Any) -> Iterator[Timex]:
    if not kind:
        kind = "DURATION" if value.startswith("P") and value[1:2] in "0123456789TX" else "DATE"
        kind = "TIME" if kind == "DATE" and "T" in value and not value.endswith("REF") else kind
    mod = more.pop("mod", None) or _payload(match, "EDGE", "edge")
    yield Timex(match.first, match.last, match.rule, kind, value, mod, has_numbers=numbers, **more)


def _shift(match: Match, *names: str) -> int | None:
    value = _payload(match, "SHIFT", *names)
    return None if value is None else int(value)


def _year(match: Match, context: Context, choose: Callable[[str], int | None]) -> int | None:
    """The year that the text gives, or that `choose` finds for a tense."""
    if (year := _payload(match, "YEAR", "year")) is not None:
        return int(year)
    if (ago := match.captured.get("years_ago")) is not None:
        years = ago.classes["NUM"].value
        return context.anchor.year - int(years) if context.anchor.year and years else None
    shift = _shift(match, "shift")
    if shift is not None:
        return context.anchor.year + shift if context.anchor.year else None
    strict = {-1: "last", 1: "next"}.get(_shift(match, "strict") or 0)
    return choose(strict or context.tense)


def _months_day(match: Match, *names: str) -> int:
    return int(_payload(match, "DAY", *(n for n in names if n.startswith("day"))) or 1)


def _days(match: Match, context: Context) -> Iterator[Timex]:
    month = int(_payload(match, "MONTH", "month") or _payload(match, "MONTHABBR", "abbr"))
    weekday = _payload(match, "WEEKDAY", "weekday")
    at = match.captured.get("month") or match.captured["abbr"]
    spots = [
        i
        for i in range(match.first, match.last)
        if context.lexemes[i].classes.keys() & {"DAY", "ORD"}
        and (context.lexemes[i].start < at.start or _is_first(match))
        and "YEAR" not in context.lexemes[i].classes
        and "SHIFT" not in context.lexemes[i].classes
    ]
    if not spots:
        return
    days = [int(context.lexemes[i].classes.get("DAY", 1)) for i in spots]
    year = _year(match, context, lambda tense: day_year(context.anchor, month, days[-1], tense, weekday))
    for n, (i, day) in enumerate(zip(spots, days, strict=True)):
        if not is_day(year, month, day):
            continue
        first = match.first if n == 0 else i
        last = match.last if n == len(spots) - 1 else i + 1
        clash = _clash(match, year, month, day) if len(spots) == 1 else None
        value = pattern(year, month, day)
        yield Timex(first, last, match.rule, "DATE", value, clash=clash, has_numbers=True)


def _weekday_day(match: Match, context: Context) -> Iterator[Timex]:
    """ "Venerdì 17": the nearest month whose 17th is a Friday, of those that the tense allows first."""
    weekday, day = _payload(match, "WEEKDAY", "weekday"), int(_payload(match, "DAY", "day"))
    part, at = _payload(match, "PART", "part"), context.anchor
    ending = f"T{part}" if part else ""
    if at.date is None or not (at.year and at.month):
        yield from _one(match, f"{pattern(at.year)}-XX-{day:02}{ending}")
        return
    months = [month_away(at.year, at.month, n) for n in range(-6, 7)]
    days = [datetime.date(y, m, day) for y, m in months if is_day(y, m, day)]

    def rank(found: datetime.date) -> tuple[bool, bool, int]:
        distance = (found - at.date).days  # type: ignore[operator]
        wrong = distance < -at.grace_days if context.tense == "future" else distance > at.grace_days
        return found.isoweekday() != weekday, bool(context.tense) and wrong, abs(distance)

    best = min(days, key=rank)
    if abs((best - at.date).days) > _FAR:  # a weekday that does not fit, rather than a day so far away
        best = min(days, key=lambda found: abs((found - at.date).days))  # type: ignore[operator]
    clash = _clash(match, best.year, best.month, best.day)
    yield from _one(match, best.isoformat() + ending, clash=clash)


def _day_of_month(match: Match, context: Context) -> Iterator[Timex]:
    """ "Il 29 dello stesso mese": of the month that the text named last, or of the page's."""
    day, shift = int(_payload(match, "DAY", "day")), _shift(match, "shift")
    story = _story(context.story)
    at = story if shift is None and story.month else context.anchor
    year, month = month_away(at.year, at.month, shift or 0) if at.year and at.month else (None, 0)
    if month and is_day(year, month, day):
        yield from _one(match, pattern(year, month, day))
    elif not month:
        yield from _one(match, f"{pattern(at.year)}-XX-{day:02}")


def _is_first(match: Match) -> bool:
    """Whether the month stands before its day ("June 3")."""
    month, day = match.captured.get("month") or match.captured.get("abbr"), match.captured.get("day")
    return month is not None and day is not None and month.start < day.start


def _clash(match: Match, year: int | None, month: int, day: int) -> str | None:
    weekday = match.captured.get("weekday")
    if weekday is None or not year:
        return None
    real = datetime.date(year, month, day)
    said = weekday.classes["WEEKDAY"]
    if said == real.isoweekday():
        return None
    return f"the text says {weekday.form} (weekday {said}), but {real.isoformat()} is weekday {real.isoweekday()}"


def _two(
    build_range: Callable[[Match, Context], Iterator[Timex]], first: str
) -> Callable[[Match, Context], Iterator[Timex]]:
    """Two expressions of a range told in words ("dal 3 al 5 giugno"), split behind what is captured under `first`."""

    def builder(match: Match, context: Context) -> Iterator[Timex]:
        for whole in build_range(match, context):
            begin, end = whole.value.split("/")
            if (part := _payload(match, "PART", "part")) is not None:  # one night between two days
                yield replace(whole, type="TIME", value=f"{begin}T{part}")
                continue
            head = next(lexeme for name, lexeme in match.captured.items() if name.startswith(first))
            at = next(i for i in range(match.first, match.last) if context.lexemes[i] is head) + 1
            while at < match.last and context.lexemes[at].classes.keys() & {"MONTH", "YEAR", "ORDINAL_SIGN"}:
                at += 1
            yield replace(whole, last=at, value=begin)
            while at < match.last - 1 and context.lexemes[at].classes.keys() & {"TO", "AND", "ART", "DASH"}:
                at += 1
            yield replace(whole, first=at, value=end)

    return builder


def _day_range(match: Match, context: Context) -> Iterator[Timex]:
    month = int(_payload(match, "MONTH", "month"))
    first_month = int(_payload(match, "MONTH", "month1") or month)
    first, last = _months_day(match, "day1"), _months_day(match, "day2")
    weekday = _payload(match, "WEEKDAY", "weekday")
    year = _year(match, context, lambda tense: day_year(context.anchor, month, last, tense, weekday))
    first_year = _payload(match, "YEAR", "year1") or (year - 1 if year and first_month > month else year)
    if is_day(first_year, first_month, first) and is_day(year, month, last):
        yield from _one(match, f"{pattern(first_year, first_month, first)}/{pattern(year, month, last)}")


def _month(match: Match, context: Context) -> Iterator[Timex]:
    month = int(_payload(match, "MONTH", "month"))
    year = _year(match, context, lambda tense: month_year(context.anchor, month, tense))
    yield from _one(match, pattern(year, month), numbers="years_ago" not in match.captured)


def _month_range(match: Match, context: Context) -> Iterator[Timex]:
    first, last = int(_payload(match, "MONTH", "month1")), int(_payload(match, "MONTH", "month"))
    year = _year(match, context, lambda tense: month_year(context.anchor, last, tense))
    first_year = year - 1 if year and first > last else year
    yield from _one(match, f"{pattern(first_year, first)}/{pattern(year, last)}")


def _numeric(match: Match, context: Context) -> Iterator[Timex]:
    parts = re.split(r"\D", match.captured["date"].form)
    order = "ymd" if len(parts[0]) == 4 else context.order  # noqa: PLR2004
    found = {name: int(part) for name, part in zip(order, parts, strict=True)}
    if found["m"] > 12 >= found["d"]:  # noqa: PLR2004
        found["m"], found["d"] = found["d"], found["m"]
    year = found["y"] if found["y"] > 99 else _century_of(found["y"], context.anchor)  # noqa: PLR2004
    if is_day(year, found["m"], found["d"]):
        clash = _clash(match, year, found["m"], found["d"])
        yield from _one(match, pattern(year, found["m"], found["d"]), clash=clash)


def _century_of(yy: int, at: Anchor) -> int:
    latest = (at.year or 2030) + 1
    return 2000 + yy if 2000 + yy <= latest else 1900 + yy


def _year_alone(match: Match, _: Context) -> Iterator[Timex]:
    yield from _one(match, str(_payload(match, "YEAR", "year")))


def _bare_year(match: Match, context: Context) -> Iterator[Timex]:
    """A number of four digits that nothing marks as a year but its size."""
    if _OLDEST <= int(_payload(match, "YEAR", "year")) <= _LATEST:
        yield from _year_alone(match, context)


def _short_year(match: Match, context: Context) -> Iterator[Timex]:
    yield from _one(match, str(_century_of(int(_payload(match, "YY", "yy")), context.anchor)))


def _year_range(match: Match, _: Context) -> Iterator[Timex]:
    first, last = int(_payload(match, "YEAR", "year1")), int(_payload(match, "YEAR", "year2"))
    if first < last:
        yield from _one(match, f"{first}/{last}")


def _year_span(match: Match, _: Context) -> Iterator[Timex]:
    first, last = match.captured["span"].form.split("/")
    last = first[: 4 - len(last)] + last
    if int(first) < int(last):  # else a number of a register
        yield from _one(match, f"{first}/{last}")


def _decade(match: Match, context: Context) -> Iterator[Timex]:
    if (word := _payload(match, "DECADE_WORD", "word")) is not None:
        yield from _one(match, str(word))
    elif (year := _payload(match, "YEAR", "year")) is not None:
        yield from _one(match, str(year)[:3])
    elif (yy := int(_payload(match, "YY", "yy"))) % 10 == 0:
        yield from _one(match, str(_century_of(yy, context.anchor))[:3])


def _century(match: Match, _: Context) -> Iterator[Timex]:
    if (word := _payload(match, "CENTURY_WORD", "word")) is not None:
        yield from _one(match, str(word))
    elif (
        number := _payload(match, "ROMAN", "roman") or _payload(match, "ORD", "ord") or _payload(match, "DAY", "digits")
    ):
        yield from _one(match, f"{int(number) - 1:02}")


def _quarter(match: Match, context: Context) -> Iterator[Timex]:
    letter, parts = ("Q", 4) if "unit" in match.captured else ("H", 2)
    at = context.anchor
    if "last" in match.captured:  # “nell'ultimo trimestre” is a length
        yield from _one(match, f"P{12 // parts}M", numbers=False)
        return
    number = int(_payload(match, "ORD", "ord"))
    if not 1 <= number <= parts:
        return
    year = _year(match, context, lambda tense: month_year(at, number * 12 // parts, tense))
    yield from _one(match, f"{pattern(year)}-{letter}{number}")


def _season(match: Match, context: Context) -> Iterator[Timex]:
    season = _payload(match, "SEASON", "season")
    last_month, later = _SEASON_ENDS[season]
    year = _year(match, context, lambda tense: month_year(context.anchor, last_month, tense))
    if _shift(match, "strict") == 0:
        year = context.anchor.year
    elif later and year and "year" not in match.captured and "shift" not in match.captured:
        year -= later
    yield from _one(match, f"{pattern(year)}-{season}")


def _unit_shift(match: Match, context: Context) -> Iterator[Timex]:
    unit = _payload(match, "UNIT", "unit")
    shift, at = _shift(match, "shift") or 0, context.anchor
    value = _unit_value(unit, shift, at)
    if value:
        yield from _one(match, value, numbers=False)


def _weekend(match: Match, context: Context) -> Iterator[Timex]:
    """The weekend ahead when the sentence looks ahead, or on its own days; else the last one."""
    day = context.anchor.date
    ahead = context.tense == "future" or (day is not None and day.isoweekday() > 5)  # noqa: PLR2004
    yield from _one(match, _unit_value("WE", 0 if ahead else -1, context.anchor), numbers=False)


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


def length(number: float | None, unit: str) -> str:
    """A TIMEX3 duration: P24Y, PT2.5H, PXM; empty when it is longer than any history."""
    designator, times = _ISO_UNITS.get(unit, (unit[:1] if unit != "WE" else "WE", 1))
    clock = "T" if unit in _CLOCK_UNITS else ""
    if number is None:
        return f"P{clock}X{designator if times == 1 else {'QU': 'M', 'HY': 'M'}.get(unit, unit)}"
    if designator == "Y" and number * times >= _LONGEST:
        return ""
    return f"P{clock}{number * times:g}{designator}"


def _number_and_unit(match: Match) -> tuple[float | None, str]:
    if "halved" in match.captured:
        return 0.5, _payload(match, "UNIT", "halved")
    unit = _payload(match, "UNIT", "unit") or _payload(match, "UNITS", "units")
    lexeme = _get(match, "num")
    number: Number = lexeme.classes["NUM"] if lexeme else Number(1.0)
    value = number.value
    return (value + 0.5 if value is not None and "half" in match.captured else value), unit


def _duration(match: Match, _: Context) -> Iterator[Timex]:
    value, unit = _number_and_unit(match)
    if unit == "H" and value == 0.5:  # noqa: PLR2004
        value, unit = 30, "MIN"
    if text := length(value, unit):
        yield from _one(match, text, numbers=False)


def _duration_range(match: Match, _: Context) -> Iterator[Timex]:
    low, high = (_payload(match, "NUM", name).value for name in ("num", "num2"))
    unit = _payload(match, "UNITS", "units")
    if low is not None and high is not None and low < high and length(high, unit):
        yield from _one(match, f"{length(low, unit)}/{length(high, unit)}", numbers=False)


def seconds(watch: str) -> tuple[int, int, int] | None:
    """Hours, minutes and seconds of a time taken, as sport writes it: 2'18", 4h52'04"."""
    found = _WATCH.match(watch)
    return tuple(int(part or 0) for part in found.groups()) if found else None  # type: ignore[return-value]


def _stopwatch(match: Match, _: Context) -> Iterator[Timex]:
    if parts := seconds(match.captured["watch"].form):
        text = "".join(f"{n}{unit}" for n, unit in zip(parts, "HMS", strict=True) if n)
        yield from _one(match, f"PT{text or '0S'}", numbers=False)


def _compound(match: Match, _: Context) -> Iterator[Timex]:
    low, high = (_payload(match, "NUM", name).value for name in ("num", "num2"))
    units = "HM" if "hours" in match.captured else "MS"
    if low is not None and high is not None:
        yield from _one(match, f"PT{low:g}{units[0]}{high:g}{units[1]}", numbers=False)


def _vague_units(match: Match, _: Context) -> Iterator[Timex]:
    yield from _one(match, length(None, _payload(match, "UNITS", "units")), numbers=False)


def _lasting(match: Match, _: Context) -> Iterator[Timex]:
    yield from _one(match, str(_payload(match, "LASTING", "word")), numbers=False)


def away(number: float, unit: str, at: Anchor, *, day: datetime.date | None = None) -> str:
    """The day, week, month or year so many units from an anchor (negative: before it)."""
    day = day or at.date
    if unit in _CLOCK_UNITS:
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


def _ago(match: Match, context: Context, sign: int = -1) -> Iterator[Timex]:
    value, unit = _number_and_unit(match)
    if value is None:
        yield from _one(match, "PAST_REF" if sign < 0 else "FUTURE_REF", numbers=False)
    elif length(value, unit):
        yield from _one(match, away(sign * value, unit, context.anchor), numbers=False)


def _ahead(match: Match, context: Context) -> Iterator[Timex]:
    yield from _ago(match, context, sign=1)


def _narrative(match: Match, context: Context) -> Iterator[Timex]:
    """Count from the day that the text named last; without one only the length is told."""
    sign = int(_payload(match, "RELATIVE", "relative") or _payload(match, "NEXT_DAY", "relative"))
    part = _payload(match, "PART", "part")
    value, unit = _number_and_unit(match)
    unit = unit or "D"
    story = _story(context.story)
    reached = story.date or (unit == "Y" and story.year) or (unit == "M" and story.month)
    if value is None or not reached or unit in _CLOCK_UNITS:
        if text := length(value, unit):
            yield from _one(match, text, numbers=False)
        return
    then = away(sign * value, unit, story)
    yield from _one(match, f"{then}T{part}" if part else then, numbers=False)


def _story(value: str) -> Anchor:
    found = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?=$|T)", value)
    return Anchor(*(int(part) if part else None for part in found.groups())) if found else Anchor()


def _every(match: Match, _: Context) -> Iterator[Timex]:
    if (weekday := _payload(match, "WEEKDAY", "weekday")) is not None:
        yield from _one(match, f"XXXX-WXX-{weekday}", kind="SET", numbers=False)
        return
    value, unit = _number_and_unit(match)
    yield from _one(match, length(value, unit), kind="SET", numbers=False)


def _day_word(match: Match, context: Context) -> Iterator[Timex]:
    offset = _payload(match, "DAY_WORD", "day") or 0
    part = _payload(match, "PART", "part", "loose") or _payload(match, "PART_WORD", "part")
    at = context.anchor
    day = at.shifted(int(offset))
    if "loose" in match.captured and _story(context.story).date:
        day = context.story[:10]  # “in serata”: of the day that is told
    shift = _shift(match, "shift")
    if shift and part:  # “la scorsa notte” is the one that ended today
        day = at.shifted(shift)
    yield from _one(match, f"{day}T{part}" if part else day, numbers=False)


def _weekday(match: Match, context: Context) -> Iterator[Timex]:
    number, at = int(_payload(match, "WEEKDAY", "weekday")), context.anchor
    part = _payload(match, "PART", "part")
    ending = f"T{part}" if part else ""
    if at.date is None:
        yield from _one(match, f"XXXX-WXX-{number}{ending}", numbers=False)
        return
    behind = (at.date.isoweekday() - number) % 7
    of_week = _shift(match, "shift")
    strict = _shift(match, "strict")
    clash = None
    if of_week is not None:
        days = number - at.date.isoweekday() + 7 * of_week
    elif strict == -1:
        days = -(behind or 7)
    elif strict == 1 or (strict == 0 and context.tense == "future"):
        days = 7 - behind
    elif context.tense == "future":
        days = -behind % 7
    else:
        days = -behind
        if behind == 6 and at.time and at.time >= EVENING:  # noqa: PLR2004
            days = 1
            clash = f"the text tells of {match.captured['weekday'].form}, the day after {at.date}T{at.time}: a time zone ahead?"
    yield from _one(match, at.shifted(days) + ending, numbers=False, clash=clash)


def _clock(lexeme: Lexeme, kind: str, part: str | None = None) -> str:
    """A time of day as HH:MM; "alle 8 di sera" is 20:00."""
    value = lexeme.classes[kind]
    text = lexeme.form if value is True else str(value)  # a word of time has its value in figures
    hour, minute = (text, "00") if kind == "HOUR" else re.split("[:h.,]", text)[:2]
    number = int(hour)
    if part in _AFTERNOON and number in _AFTERNOON[part]:
        number += 12
    return f"{number:02}:{minute}"


_CLOCKS = {"clock": "CLOCK", "dot": "DOTCLOCK", "hour": "HOUR"}


def _time(match: Match, context: Context) -> Iterator[Timex]:
    """A time of day; its day is put in by `dates`, which knows what stands around it."""
    behind = context.lexemes[match.last] if match.last < len(context.lexemes) else None
    if (
        "hour" in match.captured
        and behind
        and "CONTENT" in behind.classes
        and not behind.form.endswith(context.singular)
    ):
        return  # “alle 27 vittime”
    for name, kind in _CLOCKS.items():
        if (lexeme := match.captured.get(name)) is not None:
            if kind not in lexeme.classes:
                kind = "CLOCK_WORD"
            text = _clock(lexeme, kind, _payload(match, "PART", "part"))
            if (minutes := _payload(match, "PAST_HOURS", "minutes")) is not None:
                text = f"{text[:3]}{int(minutes):02}"
            yield from _one(match, f"T{text}", kind="TIME")


def _time_range(match: Match, _: Context) -> Iterator[Timex]:
    first, last = (
        next(_clock(match.captured[n + end], kind) for n, kind in _CLOCKS.items() if n + end in match.captured)
        for end in "12"
    )
    yield from _one(match, f"T{first}/T{last}", kind="TIME")


def _holiday(match: Match, context: Context) -> Iterator[Timex]:
    month, day = (int(part) for part in _payload(match, "HOLIDAY", "holiday").split("-"))
    year = _year(match, context, lambda tense: day_year(context.anchor, month, day, tense))
    yield from _one(match, pattern(year, month, day))


def _vague(match: Match, _: Context) -> Iterator[Timex]:
    yield from _one(match, str(_payload(match, "VAGUE_TIME", "word")), numbers=False)


def _reference(value: str) -> Callable[[Match, Context], Iterator[Timex]]:
    return lambda match, _: _one(match, value, numbers=False)


def with_day(found: Timex, day: str) -> Timex:
    """A time of day with its day."""
    return replace(found, value="/".join(f"{day}{part}" for part in found.value.split("/")))


_BUILDERS: Mapping[str, Callable[[Match, Context], Iterator[Timex]]] = {
    "": lambda _match, _context: iter(()),
    "days": _days,
    "day_range": _day_range,
    "two_days": _two(_day_range, "day1"),
    "two_months": _two(_month_range, "month1"),
    "two_years": _two(_year_range, "year1"),
    "stopwatch": _stopwatch,
    "compound": _compound,
    "weekday_day": _weekday_day,
    "day_of_month": _day_of_month,
    "month": _month,
    "month_range": _month_range,
    "numeric": _numeric,
    "year": _year_alone,
    "bare_year": _bare_year,
    "short_year": _short_year,
    "year_range": _year_range,
    "year_span": _year_span,
    "decade": _decade,
    "century": _century,
    "quarter": _quarter,
    "season": _season,
    "unit_shift": _unit_shift,
    "weekend": _weekend,
    "duration": _duration,
    "duration_range": _duration_range,
    "vague_units": _vague_units,
    "lasting": _lasting,
    "ago": _ago,
    "ahead": _ahead,
    "past_ref": _reference("PAST_REF"),
    "future_ref": _reference("FUTURE_REF"),
    "narrative": _narrative,
    "every": _every,
    "day_word": _day_word,
    "weekday": _weekday,
    "time": _time,
    "time_range": _time_range,
    "holiday": _holiday,
    "vague_time": _vague,
}
