"""Whether two figures for the same thing can both be right, as newspapers write figures."""

import math
from decimal import Decimal
from typing import Any

import pandas as pd

ABOUT = 0.1  # "about" reaches so far to either side (share of the value)
ROUNDED = 0.05  # and a round number without it at most so far
ROUND_FROM = 1000  # from here on final zeros may be rounding; below, they are taken at their word
COUNTS = ("cardinal", "ordinal", "age")
FACTOR = 1.5  # a bound that is further off than this is another claim
_SECONDS = {"s": 1, "min": 60, "h": 3600}  # of the clock, which all measure the same; a day may be any part of one
_REACH = {
    **dict.fromkeys(("more_than", "at_least"), (1.0, FACTOR)),
    **dict.fromkeys(("less_than", "at_most"), (1 / FACTOR, 1.0)),
    "about": (1 - ABOUT, 1 + ABOUT),
}


def incompatible(a: Any, b: Any) -> bool:
    """Whether two quantities for the same counted thing disagree; that they count the same is for the caller to know.

    Each is read as the interval that its wording covers, and disjoint intervals disagree: "about" is the value give or
    take a tenth; a bare 11,000 may be a rounded 11,234, a bare 12 is no 13. A bound is read as reporting uses it:
    "more than 1,000" and "more than 11,000" can both be true, but who knew of 11,000 would not have written 1,000, so
    a bound says "from here, up to half as much again": two bounds that differ by a factor of 1.5 are a disagreement.

    Args:
        a: A row of table `quantities` (Series, mapping or dict): value, low, high, bound, kind, unit.
        b: Another one.

    Returns:
        False as well where nothing can be said: no value ("dozens"), another unit or kind; hours and minutes are one.
    """
    units = _unit(a), _unit(b)
    is_clock = a["kind"] == "duration" and all(unit in _SECONDS for unit in units)
    if a["kind"] != b["kind"] or (units[0] != units[1] and not is_clock):
        return False
    first, second = _interval(a), _interval(b)
    if first is None or second is None:
        return False
    if is_clock:
        first, second = (
            (low * _SECONDS[str(unit)], high * _SECONDS[str(unit)])
            for (low, high), unit in zip((first, second), units, strict=True)
        )
    low, high = max(first[0], second[0]), min(first[1], second[1])
    # Intervals that only touch are apart (11,000 and 12,000), unless one of them is a single value (12, and 12 to 15).
    is_single = first[0] == first[1] or second[0] == second[1]
    return low > high or (low == high and not is_single)


def _unit(row: Any) -> str | None:
    return None if pd.isna(row["unit"]) else str(row["unit"])


def _interval(row: Any) -> tuple[float, float] | None:
    """The values that a figure's wording covers, the least and the greatest; None where it gives no value."""
    if pd.isna(row["value"]):
        return None if pd.isna(row["low"]) or pd.isna(row["high"]) else (float(row["low"]), float(row["high"]))
    value = float(row["value"])
    if not math.isfinite(value):
        return None
    reach = _REACH.get(row["bound"])
    if reach:
        low, high = sorted(value * factor for factor in reach)
        return low, high
    slack = _rounding(value, row["kind"])
    return value - slack, value + slack


def _rounding(value: float, kind: str) -> float:
    """Half of the last place that was written, where it can be rounding."""
    place = 0.5 * 10.0 ** float(Decimal(repr(value)).normalize().as_tuple().exponent)
    if place > 1:  # final zeros
        return min(place, ROUNDED * abs(value)) if abs(value) >= ROUND_FROM else _whole(kind)
    return place if place < 0.5 else _whole(kind)


def _whole(kind: str) -> float:
    """A whole number may be rounded where it measures, but not where it counts."""
    return 0.0 if kind in COUNTS else 0.5
