"""Values of durations, distances, times of day and vague times: builders of `any/time_rules.toml`."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from rassegna.dates.timex import (
    CLOCK_UNITS,
    Builder,
    Context,
    Timex,
    away,
    length,
    number_and_unit,
    one,
    payload,
    story_of,
)
from rassegna.reading.grammar import Match
from rassegna.reading.reader import Lexeme

_LONGEST_WATCH = 20  # code points; what is longer is no time
_WATCH = re.compile(
    r"""(?:(?P<hours>\d+)h\s?)?(?P<minutes>\d+)\s?['′’]\s?(?P<seconds>\d{1,2})(?:\s?(?:''|’’|["″”])(?P<fraction>\d*))?
    |(?P<seconds2>\d{1,2})["″”](?P<fraction2>\d+)
    |(?P<minutes3>\d+):(?P<seconds3>\d\d)\.(?P<fraction3>\d+)""",
    re.VERBOSE,
)
_AFTERNOON = {"AF": range(1, 8), "EV": range(4, 12)}


def _duration(match: Match, _: Context) -> Iterator[Timex]:
    value, unit = number_and_unit(match)
    if unit == "H" and value == 0.5:
        value, unit = 30, "MIN"
    if text := length(value, unit):
        yield from one(match, text, numbers=False)


def _duration_range(match: Match, _: Context) -> Iterator[Timex]:
    low, high = (payload(match, "NUM", name).value for name in ("num", "num2"))
    unit = payload(match, "UNITS", "units")
    if low is not None and high is not None and low < high and length(high, unit):
        yield from one(match, f"{length(low, unit)}/{length(high, unit)}", numbers=False)


def seconds(watch: str) -> tuple[int, int, float] | None:
    """Hours, minutes and seconds of a time taken, as sport writes it: 2'18", 4h52'04", 58"93, 1:34.19."""
    found = _WATCH.fullmatch(watch)
    if found is None or len(watch) > _LONGEST_WATCH:
        return None
    fraction = found["fraction"] or found["fraction2"] or found["fraction3"] or "0"
    whole = int(found["seconds"] or found["seconds2"] or found["seconds3"])
    return int(found["hours"] or 0), int(found["minutes"] or found["minutes3"] or 0), float(f"{whole}.{fraction}")


def _stopwatch(match: Match, _: Context) -> Iterator[Timex]:
    if parts := seconds(match.captured["watch"].form):
        text = "".join(f"{n:g}{unit}" for n, unit in zip(parts, "HMS", strict=True) if n)
        yield from one(match, f"PT{text or '0S'}", numbers=False)


def _compound(match: Match, _: Context) -> Iterator[Timex]:
    low, high = (payload(match, "NUM", name).value for name in ("num", "num2"))
    units = "HM" if "hours" in match.captured else "MS"
    if low is not None and high is not None:
        yield from one(match, f"PT{low:g}{units[0]}{high:g}{units[1]}", numbers=False)


def _vague_units(match: Match, _: Context) -> Iterator[Timex]:
    yield from one(match, length(None, payload(match, "UNITS", "units")), numbers=False)


def _lasting(match: Match, _: Context) -> Iterator[Timex]:
    yield from one(match, str(payload(match, "LASTING", "word")), numbers=False)


def _ago(match: Match, context: Context, sign: int = -1) -> Iterator[Timex]:
    value, unit = number_and_unit(match)
    if value is None:
        yield from one(match, "PAST_REF" if sign < 0 else "FUTURE_REF", numbers=False)
    elif length(value, unit):
        yield from one(match, away(sign * value, unit, context.anchor), numbers=False)


def _ahead(match: Match, context: Context) -> Iterator[Timex]:
    yield from _ago(match, context, sign=1)


def _narrative(match: Match, context: Context) -> Iterator[Timex]:
    """Count from the day that the text named last; without one only the length is told."""
    sign = int(payload(match, "RELATIVE", "relative") or payload(match, "NEXT_DAY", "relative"))
    part = payload(match, "PART", "part")
    value, unit = number_and_unit(match)
    unit = unit or "D"
    story = story_of(context.story)
    reached = story.date or (unit == "Y" and story.year) or (unit == "M" and story.month)
    if value is None or not reached or unit in CLOCK_UNITS:
        if text := length(value, unit):
            yield from one(match, text, numbers=False)
        return
    then = away(sign * value, unit, story)
    yield from one(match, f"{then}T{part}" if part else then, numbers=False)


def _every(match: Match, _: Context) -> Iterator[Timex]:
    if (weekday := payload(match, "WEEKDAY", "weekday")) is not None:
        yield from one(match, f"XXXX-WXX-{weekday}", kind="SET", numbers=False)
        return
    value, unit = number_and_unit(match)
    yield from one(match, length(value, unit), kind="SET", numbers=False)


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
            text = _clock(lexeme, kind, payload(match, "PART", "part"))
            minutes = payload(match, "PAST_HOURS", "minutes") or payload(match, "YY", "minutes")
            if minutes is not None and int(minutes) < 60:
                text = f"{text[:3]}{int(minutes):02}"
            yield from one(match, f"T{text}", kind="TIME")


def _time_range(match: Match, _: Context) -> Iterator[Timex]:
    first, last = (
        next(_clock(match.captured[n + end], kind) for n, kind in _CLOCKS.items() if n + end in match.captured)
        for end in "12"
    )
    yield from one(match, f"T{first}/T{last}", kind="TIME")


def _vague(match: Match, _: Context) -> Iterator[Timex]:
    yield from one(match, str(payload(match, "VAGUE_TIME", "word")), numbers=False)


def _reference(value: str) -> Callable[[Match, Context], Iterator[Timex]]:
    return lambda match, _: one(match, value, numbers=False)


def with_day(found: Timex, day: str) -> Timex:
    """A time of day with its day."""
    return replace(found, value="/".join(f"{day}{part}" for part in found.value.split("/")))


# What a rule's `build` names.
BUILDERS: Mapping[str, Builder] = {
    "": lambda _match, _context: iter(()),
    "stopwatch": _stopwatch,
    "compound": _compound,
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
    "time": _time,
    "time_range": _time_range,
    "vague_time": _vague,
}
