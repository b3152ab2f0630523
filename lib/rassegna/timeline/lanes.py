"""Where a timeline puts its events: an axis without its empty stretches, a lane for each article, rows in the lane."""

import datetime
from collections.abc import Sequence
from itertools import pairwise

import pandas as pd

from rassegna.dates.interval import Days, interval

_ONE_DAY = datetime.timedelta(1)
_GAP = 0.5  # width of a stretch in which nothing lies; any other is 1 wide
_ROOM = 1.3  # what a key number needs beside its mark
AXIS_COLUMNS = ["left", "right", "label"]


def lanes(
    events: pd.DataFrame, overview: pd.DataFrame, *, max_events: int = 40, max_articles: int = 12
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Lay out the events that have a day, in an order of time that is not to scale.

    The axis is cut where an event or period begins or ends; each stretch in which something lies is as wide as any
    other, one in which nothing lies half as wide. The dates that more articles name are kept, then those nearest to
    the middle one; an event that an article tells twice is laid out once.

    Args:
        events: Table `events`.
        overview: One row per article, in the order of the lanes: doc_id, name, published_at.
        max_events: Keep at most so many events.
        max_articles: Keep the events of at most so many of the first articles.

    Returns:
        The events, in the order of time and lanes, as in `events` and n (their key, from 1), name, left, right (on
        the axis), row (from the top, over all lanes); the lanes, one row per article: name, top, bottom (rows),
        published (on the axis, absent where the day is not known); the axis, one row per stretch in which something
        lies: left, right, label.
    """
    shown = overview.head(max_articles).reset_index(drop=True)
    chosen = _chosen(events, shown, max_events)
    published = [_day(value) for value in shown["published_at"]]
    days = [_read(row) for row in chosen[["day_first", "day_last"]].itertuples(index=False)]
    axis = _axis([*days, *(day for day in published if day)])
    left = dict(zip(axis["first"], axis["left"], strict=True))
    right = dict(zip(axis["last"], axis["right"], strict=True))
    placed = chosen.assign(
        n=range(1, len(chosen) + 1),
        name=chosen["doc_id"].map(shown.set_index("doc_id")["name"]),
        left=[left[first] for first, _ in days],
        right=[right[last] for _, last in days],
    )
    top, bounds, rows = 0, [], pd.Series(0, index=placed.index)
    for doc_id in shown["doc_id"]:
        own = placed[placed["doc_id"] == doc_id]
        packed = _packed(list(zip(own["left"], own["right"], strict=True)))
        rows.update(pd.Series(packed, own.index, dtype=int) + top)
        bounds.append((top, top + max([*packed, 0])))
        top = bounds[-1][1] + 1
    placed["row"] = rows
    marks = [(left[day[0]] + right[day[1]]) / 2 if day else None for day in published]
    table = pd.DataFrame(bounds, columns=["top", "bottom"]).assign(name=shown["name"], published=marks)
    return placed, table.astype({"published": float}), axis.loc[axis["label"] != "", AXIS_COLUMNS]


def _chosen(events: pd.DataFrame, shown: pd.DataFrame, most: int) -> pd.DataFrame:
    """The events to lay out, in the order of time, then of the lanes."""
    own = events[events["doc_id"].isin(shown["doc_id"])].dropna(subset=["day_first"])
    own = own.drop_duplicates(["doc_id", "day_first", "day_last", "label"])
    if own.empty:
        return own
    days = own["day_first"].map(lambda day: datetime.date.fromisoformat(day).toordinal())
    lane = own["doc_id"].map({doc_id: n for n, doc_id in enumerate(shown["doc_id"])})
    told = own.groupby(["day_first", "day_last"])["doc_id"].transform("nunique")
    own = own.assign(far=(days - days.sort_values().iloc[len(days) // 2]).abs(), lane=lane, told=-told)
    kept = own.sort_values(["told", "far", "day_first", "lane", "date_start"]).head(most)
    kept = kept.sort_values(["day_first", "day_last", "lane", "date_start"], ignore_index=True)
    return kept.drop(columns=["far", "lane", "told"])


def _axis(days: Sequence[Days]) -> pd.DataFrame:
    """The stretches between what begins and ends: first, last (days), left, right (places), label (empty: a gap)."""
    cuts = sorted({first for first, _ in days} | {last + _ONE_DAY for _, last in days})
    rows, place = [], 0.0
    for begin, following in pairwise(cuts):
        last = following - _ONE_DAY
        is_covered = any(first <= begin and last <= end for first, end in days)
        width = 1.0 if is_covered else _GAP
        rows.append((begin, last, place, place + width, _label(begin, last) if is_covered else ""))
        place += width
    return pd.DataFrame(rows, columns=["first", "last", *AXIS_COLUMNS])


def _label(first: datetime.date, last: datetime.date) -> str:
    """A stretch as short as ISO 8601 writes it: a year, a month, a day, or its first day and an ellipsis."""
    for length in (4, 7, 10):
        if interval(first.isoformat()[:length]) == (first, last):
            return first.isoformat()[:length]
    return f"{first.isoformat()} …"


def _packed(spans: Sequence[tuple[float, float]]) -> list[int]:
    """The row of each span: the first in which it and its number touch no other."""
    ends: list[float] = []
    rows = []
    for left, right in spans:
        row = next((n for n, end in enumerate(ends) if end <= left), len(ends))
        ends[row : row + 1] = [right + _ROOM]
        rows.append(row)
    return rows


def _day(value: object) -> Days | None:
    """The day of a publication, where it is known."""
    days = interval(value) if isinstance(value, str) else None
    return days if days and days[0] == days[1] else None


def _read(row: tuple[str, str]) -> Days:
    return datetime.date.fromisoformat(row[0]), datetime.date.fromisoformat(row[1])
