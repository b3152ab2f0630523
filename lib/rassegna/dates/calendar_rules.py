"""Values of days, weekdays, months and ranges of them: builders of `any/time_rules.toml`."""

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from rassegna.dates.anchors import EVENING, day_year, is_day, month_away, month_year, pattern
from rassegna.dates.timex import Builder, Context, Timex, captured, one, payload, shift_of, story_of, year_of
from rassegna.dates.year_rules import full_year, year_range
from rassegna.reading.grammar import Match

_FAR = 100  # days from the page at which a day without a month is still looked for


def _day_of(match: Match, *names: str) -> int:
    return int(payload(match, "DAY", *(n for n in names if n.startswith("day"))) or 1)


def _days(match: Match, context: Context) -> Iterator[Timex]:
    month = int(payload(match, "MONTH", "month") or payload(match, "MONTHABBR", "abbr"))
    weekday = payload(match, "WEEKDAY", "weekday")
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
    year = year_of(match, context, lambda tense: day_year(context.anchor, month, days[-1], tense, weekday))
    for n, (i, day) in enumerate(zip(spots, days, strict=True)):
        if not is_day(year, month, day):
            continue
        first = match.first if n == 0 else i
        last = match.last if n == len(spots) - 1 else i + 1
        clash = _clash(match, year, month, day) if len(spots) == 1 else None
        value = pattern(year, month, day)
        yield Timex(first, last, match.rule, "DATE", value, clash=clash, has_numbers=True)


def _weekday_day(match: Match, context: Context) -> Iterator[Timex]:
    """The day of "venerdì 17": the nearest month whose 17th is a Friday, of those that the tense allows first."""
    weekday, day = payload(match, "WEEKDAY", "weekday"), int(payload(match, "DAY", "day"))
    part, at = payload(match, "PART", "part"), context.anchor
    ending = f"T{part}" if part else ""
    if at.date is None or not (at.year and at.month):
        yield from one(match, f"{pattern(at.year)}-XX-{day:02}{ending}")
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
    yield from one(match, best.isoformat() + ending, clash=clash)


def _day_of_month(match: Match, context: Context) -> Iterator[Timex]:
    """The day of "il 29 dello stesso mese": of the month that the text named last, or of the page's."""
    day, shift = int(payload(match, "DAY", "day")), shift_of(match, "shift")
    story = story_of(context.story)
    at = story if shift is None and story.month else context.anchor
    year, month = month_away(at.year, at.month, shift or 0) if at.year and at.month else (None, 0)
    if month and is_day(year, month, day):
        yield from one(match, pattern(year, month, day))
    elif not month:
        yield from one(match, f"{pattern(at.year)}-XX-{day:02}")


def _is_first(match: Match) -> bool:
    """Whether the month stands before its day ("June 3")."""
    month, day = match.captured.get("month") or match.captured.get("abbr"), match.captured.get("day")
    return month is not None and day is not None and month.start < day.start


def _clash(match: Match, year: int | None, month: int, day: int, *, name: str = "weekday") -> str | None:
    """What is wrong when the weekday captured under a name is not that of the day."""
    weekday = match.captured.get(name)
    if weekday is None or not year:
        return None
    real = datetime.date(year, month, day)
    said = weekday.classes["WEEKDAY"]
    if said == real.isoweekday():
        return None
    return f"the text says {weekday.form} (weekday {said}), but {real.isoformat()} is weekday {real.isoweekday()}"


def _clash_of(match: Match, value: str, name: str) -> str | None:
    """As `_clash`, of a TIMEX3 day; a month, a year or an unknown one clashes with nothing."""
    parts = value.split("-")
    if len(parts) < 3 or "X" in value:
        return None
    return _clash(match, int(parts[0]), int(parts[1]), int(parts[2]), name=name)


def _two(
    build_range: Callable[[Match, Context], Iterator[Timex]], *first: str
) -> Callable[[Match, Context], Iterator[Timex]]:
    """Two expressions of a range told in words ("dal 3 al 5 giugno"), split behind what is captured under `first`."""

    def builder(match: Match, context: Context) -> Iterator[Timex]:
        for whole in build_range(match, context):
            begin, end = whole.value.split("/")
            if (part := payload(match, "PART", "part")) is not None:  # one night between two days
                yield replace(whole, type="TIME", value=f"{begin}T{part}")
                continue
            head = captured(match, *first)
            at = next(i for i in range(match.first, match.last) if context.lexemes[i] is head) + 1
            while at < match.last and context.lexemes[at].classes.keys() & {"MONTH", "YEAR", "ORDINAL_SIGN"}:
                at += 1
            yield replace(whole, last=at, value=begin, clash=_clash_of(match, begin, "weekday1"))
            while at < match.last - 1 and context.lexemes[at].classes.keys() & {"TO", "AND", "ART", "DASH"}:
                at += 1
            yield replace(whole, first=at, value=end, clash=_clash_of(match, end, "weekday"))

    return builder


def _day_range(match: Match, context: Context) -> Iterator[Timex]:
    month = int(payload(match, "MONTH", "month"))
    first_month = int(payload(match, "MONTH", "month1") or month)
    first, last = _day_of(match, "day1"), _day_of(match, "day2")
    weekday = payload(match, "WEEKDAY", "weekday")
    year = year_of(match, context, lambda tense: day_year(context.anchor, month, last, tense, weekday))
    first_year = payload(match, "YEAR", "year1") or (year - 1 if year and first_month > month else year)
    if is_day(first_year, first_month, first) and is_day(year, month, last):
        yield from one(match, f"{pattern(first_year, first_month, first)}/{pattern(year, month, last)}")


def _month(match: Match, context: Context) -> Iterator[Timex]:
    month = int(payload(match, "MONTH", "month"))
    year = year_of(match, context, lambda tense: month_year(context.anchor, month, tense))
    yield from one(match, pattern(year, month), numbers="years_ago" not in match.captured)


def _month_range(match: Match, context: Context) -> Iterator[Timex]:
    first, last = int(payload(match, "MONTH", "month1")), int(payload(match, "MONTH", "month"))
    year = year_of(match, context, lambda tense: month_year(context.anchor, last, tense))
    first_year = year - 1 if year and first > last else year
    yield from one(match, f"{pattern(first_year, first)}/{pattern(year, last)}")


def _numeric(match: Match, context: Context) -> Iterator[Timex]:
    parts = re.split(r"\D", match.captured["date"].form)
    order = "ymd" if len(parts[0]) == 4 else context.order
    found = {name: int(part) for name, part in zip(order, parts, strict=True)}
    if found["m"] > 12 >= found["d"]:
        found["m"], found["d"] = found["d"], found["m"]
    year = found["y"] if found["y"] > 99 else full_year(found["y"], context.anchor)
    if is_day(year, found["m"], found["d"]):
        clash = _clash(match, year, found["m"], found["d"])
        yield from one(match, pattern(year, found["m"], found["d"]), clash=clash)


def _day_word(match: Match, context: Context) -> Iterator[Timex]:
    offset = payload(match, "DAY_WORD", "day") or 0
    part = payload(match, "PART", "part", "loose") or payload(match, "PART_WORD", "part")
    at = context.anchor
    day = at.shifted(int(offset))
    if "loose" in match.captured and story_of(context.story).date:
        day = context.story[:10]  # “in serata”: of the day that is told
    shift = shift_of(match, "shift")
    if shift and part:  # “la scorsa notte” is the one that ended today
        day = at.shifted(shift)
    yield from one(match, f"{day}T{part}" if part else day, numbers=False)


def _weekday(match: Match, context: Context) -> Iterator[Timex]:
    number, at = int(payload(match, "WEEKDAY", "weekday")), context.anchor
    part = payload(match, "PART", "part")
    ending = f"T{part}" if part else ""
    if at.date is None:
        yield from one(match, f"XXXX-WXX-{number}{ending}", numbers=False)
        return
    behind = (at.date.isoweekday() - number) % 7
    of_week = shift_of(match, "shift")
    strict = shift_of(match, "strict")
    clash = None
    if of_week is not None:
        days = number - at.date.isoweekday() + 7 * of_week
    elif strict == -1:
        days = -(behind or 7)
    elif strict == 1 or (strict == 0 and context.tense == "future"):
        days = 7 - behind
    elif context.tense == "future" or _announces(match, context):
        days = -behind % 7
    else:
        days = -behind
        if behind == 6 and at.time and at.time >= EVENING:
            days = 1
            said = match.captured["weekday"].form
            clash = (
                f"the text tells of {said}, the day after the page (published {at.date}, {at.time}): a time zone ahead?"
            )
    yield from one(match, at.shifted(days) + ending, numbers=False, clash=clash)


def _announces(match: Match, context: Context) -> bool:
    """Whether a headline begins with the day of what it tells without a verb: "Lunedì il tavolo in prefettura"."""
    before, after = context.lexemes[: match.first], context.lexemes[match.last :]
    begins = not before or "END" in before[-1].classes
    is_headline = not context.tense and not any("END" in lexeme.classes for lexeme in after)
    return begins and is_headline and bool(after) and "ART" in after[0].classes


def _holiday(match: Match, context: Context) -> Iterator[Timex]:
    month, day = (int(part) for part in payload(match, "HOLIDAY", "holiday").split("-"))
    year = year_of(match, context, lambda tense: day_year(context.anchor, month, day, tense))
    yield from one(match, pattern(year, month, day))


# What a rule's `build` names.
BUILDERS: Mapping[str, Builder] = {
    "days": _days,
    "day_range": _day_range,
    "two_days": _two(_day_range, "day1", "first1"),
    "two_months": _two(_month_range, "month1"),
    "two_years": _two(year_range, "year1"),
    "weekday_day": _weekday_day,
    "day_of_month": _day_of_month,
    "month": _month,
    "month_range": _month_range,
    "numeric": _numeric,
    "day_word": _day_word,
    "weekday": _weekday,
    "holiday": _holiday,
}
