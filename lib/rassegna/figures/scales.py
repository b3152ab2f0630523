"""Values on an axis: shares, shifts, similarities, and figures for the same thing."""

from textwrap import shorten
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rassegna.figures.style import LABEL_COLOURS, NAME_WIDTH, in_lines, name_rows, nothing, over_column

# How the figures for one thing stand to each other: colour, mark, words.
_STATUS_MARKS = {
    "differs": ("#D55E00", "D", "the articles differ"),
    "differs_by_source": ("#B07700", "s", "the sources differ"),
    "agrees": ("#0072B2", "o", "they agree"),
}
_ARROWS = {"more_than": 26, "at_least": 26, "less_than": -26, "at_most": -26}  # points
_ABOUT = (0.95, 1.05)  # a bracket from here to here, as shares of the number that the text calls vague
_FAR_APART = 5  # highest by lowest: beyond, the axis is logarithmic


def similarities(table: pd.DataFrame, *, rows: list[tuple[str, str]], panels: list[str]) -> Figure:
    """Draw how alike pairs are, a row a pair, a panel a measure, each on an axis of its own that begins at 0.

    Args:
        table: One row per pair and measure: name, other_name, measure, similarity (0-1), n_shared.
        rows: The two names of each pair, from the top; another pair is left out.
        panels: Measures from the left.
    """
    fig, axes = plt.subplots(1, len(panels), figsize=(7.2, 1.0 + 0.27 * len(rows)), sharey=True, squeeze=False)
    place = {pair: n for n, pair in enumerate(rows)}
    labels = [" – ".join(shorten(name, 20, placeholder="…") for name in pair) for pair in rows]
    for ax, measure in zip(axes[0], panels, strict=True):
        own = table[table["measure"] == measure]
        own = own.assign(place=list(map(place.get, zip(own["name"], own["other_name"], strict=True)))).dropna(
            subset="place"
        )
        y = own["place"].tolist()
        ax.hlines(y, 0, own["similarity"], color="#BBBBBB", lw=1.5)
        ax.plot(own["similarity"], y, "o", color=LABEL_COLOURS["body"], ms=5, clip_on=False)
        for row, at in zip(own.itertuples(), y, strict=True):
            ax.annotate(f"{row.similarity:.2f} ({row.n_shared})", (row.similarity, at), xytext=(5, 0),
                        textcoords="offset points", va="center", fontsize=8, color="#333333")  # fmt: skip
        ax.set_title(measure, fontsize=9, fontweight="normal")
        ax.set_xlim(0, max(own["similarity"].max(), 0.01) * 1.75 if len(own) else 1)
        ax.set_xticks([])
        ax.spines["bottom"].set_visible(False)
        name_rows(ax, labels, width=41)
    return fig


def shares(
    table: pd.DataFrame,
    *,
    rows: list[str],
    panels: list[str],
    what: str = "% of what the article quotes and reports",
    is_narrow: bool = False,
) -> Figure:
    """Draw shares with their intervals, a panel an article, a row a speaker.

    Args:
        table: One row per speaker and article: speaker, name, share, low, high (all 0-1), n (behind the share).
        rows: Speakers from the top.
        panels: Names of the articles from the left.
        what: What the axis shows.
        is_narrow: Draw it for a phone: four inches wide, which is enough for two panels.
    """
    size = (4.0 if is_narrow else 7.2, 1.1 + 0.27 * len(rows))
    fig, axes = plt.subplots(1, len(panels), figsize=size, sharey=True, squeeze=False)
    for ax, name in zip(axes[0], panels, strict=True):
        own = table[(table["name"] == name) & table["speaker"].isin(rows)]
        y = [rows.index(speaker) for speaker in own["speaker"]]
        ax.hlines(y, own["low"], own["high"], color="#999999", lw=1.5)
        ax.plot(own["share"], y, "o", color=LABEL_COLOURS["body"], ms=5, clip_on=False)
        for row in own.itertuples():
            ax.annotate(f"{row.n}", (row.high, rows.index(row.speaker)), xytext=(5, 0), textcoords="offset points",
                        va="center", fontsize=8, color="#333333")  # fmt: skip
        ax.set_title(over_column(name), fontsize=8, fontweight="normal")
        ax.set_xlim(0, 1.12)
        _name_ends(ax, [0, 0.5, 1], ["0", "50", "100"])
        ax.grid(axis="y", color="#EEEEEE")
        name_rows(ax, rows)
    fig.supxlabel(what, fontsize=8)
    return fig


def _name_ends(ax: Axes, at: list[float], labels: list[str]) -> None:
    """Name places of an axis, the first and the last inwards, so that those of two panels stand apart."""
    ticks = ax.set_xticks(at, labels, fontsize=8)
    ticks[0].label1.set_horizontalalignment("left")
    ticks[-1].label1.set_horizontalalignment("right")


def shifts(table: pd.DataFrame, *, rows: list[str], panels: list[str], ends: tuple[str, str]) -> Figure:
    """Draw how far shares lie apart in two counts, a panel an article, a row a speaker.

    Args:
        table: One row per speaker and article: what (the speaker), name, before, after (0-1).
        rows: Speakers from the top.
        panels: Names of the articles from the left.
        ends: What before (a ring) and after (a dot) are called.
    """
    fig, axes = plt.subplots(1, len(panels), figsize=(7.2, 1.3 + 0.27 * len(rows)), sharey=True, squeeze=False)
    top = max(0.2, np.ceil(table[["before", "after"]].max().max() * 5) / 5)
    for ax, name in zip(axes[0], panels, strict=True):
        own = table[(table["name"] == name) & table["what"].isin(rows)]
        y = [rows.index(what) for what in own["what"]]
        ax.hlines(y, own["before"], own["after"], color="#D55E00", lw=2)
        ax.plot(own["before"], y, "o", mfc="white", mec="#333333", ms=7, label=ends[0], clip_on=False)
        ax.plot(own["after"], y, "o", color=LABEL_COLOURS["body"], ms=4, label=ends[1], clip_on=False)
        ax.set_title(over_column(name), fontsize=8, fontweight="normal")
        ax.set_xlim(0, top)
        _name_ends(ax, [0, top / 2, top], ["0", f"{top * 50:.0f}", f"{top * 100:.0f}%"])
        ax.grid(axis="y", color="#EEEEEE")
        name_rows(ax, rows)
    handles, labels = axes[0][0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside upper left", ncols=2, frameon=False, fontsize=8)
    return fig


def numbers(figures: pd.DataFrame, things: pd.DataFrame, *, max_things: int = 8, is_narrow: bool = False) -> Figure:
    """Draw what articles write of the same things: an axis a thing, a line a figure, bounds as arrows and brackets.

    Args:
        figures: Table `numbers`, and the column name (of the article); row order is kept.
        things: Table of `numbers.compared`, in the order of the axes.
        max_things: Draw only so many of the first things.
        is_narrow: Draw it for a phone: four inches wide, what the article writes below its name.
    """
    shown = things.head(max_things)
    if shown.empty:
        return nothing("No two articles give a figure for the same thing.")
    lines = figures.drop_duplicates(["number_id", "name", "asserter", "value", "low", "high", "bound"])
    heights = [int((lines["number_id"] == thing).sum()) + 2.2 for thing in shown["number_id"]]
    size = (4.0, 0.4 * sum(heights)) if is_narrow else (7.2, 0.26 * sum(heights))
    fig, axes = plt.subplots(len(shown), 1, figsize=size, squeeze=False, gridspec_kw={"height_ratios": heights})
    if engine := fig.get_layout_engine():
        engine.set(h_pad=0.1)  # type: ignore[call-arg]  # in: a title stands nearer to its own axis than to the one above
    for ax, thing in zip(axes[:, 0], shown.itertuples(), strict=True):
        own = lines[lines["number_id"] == thing.number_id]
        colour, marker, words = _STATUS_MARKS[thing.status]
        names = []
        for y, row in enumerate(own.itertuples()):
            _figure(ax, y, row, colour=colour, marker=marker)
            said = f" ({shorten(row.asserter, 22, placeholder='…')})" if isinstance(row.asserter, str) else ""
            text = shorten(row.text, 30, placeholder="…") + said
            names.append(f"{row.name}\n{in_lines(text, 26, most=2)}" if is_narrow else row.name)
            if not is_narrow:
                ax.text(1.03, y, text, transform=ax.get_yaxis_transform(), va="center", fontsize=8)
        name_rows(ax, names, width=None if is_narrow else NAME_WIDTH)
        _scale(ax, thing.lowest, thing.highest, vague=own.loc[own["bound"] == "about", "value"])
        factor = f", × {thing.factor:.3g}" if thing.factor > 1 else ""
        weight = "normal" if thing.status == "agrees" else "bold"
        title = f"{shorten(thing.thing, 52, placeholder='…')} – {words}{factor}"
        if is_narrow:
            ax.tick_params(axis="y", labelsize=8)
            ax.set_title(in_lines(title, 40, most=3), fontsize=8, fontweight=weight, loc="right")
        else:
            ax.set_title(title, fontsize=9, fontweight=weight)
        ax.grid(axis="y", color="#EEEEEE")
    return fig


def _figure(ax: Axes, y: int, row: Any, *, colour: str, marker: str) -> None:
    """One figure: a mark, with an arrow where it is a bound, a bracket where it is vague about its place."""
    if row.bound == "range":
        ax.plot([row.low, row.high], [y, y], "|-", color=colour, lw=2, ms=9)
        return
    if row.bound == "about":
        ax.plot([share * row.value for share in _ABOUT], [y, y], "|-", color=colour, lw=1, ms=9)
    elif row.bound in _ARROWS:
        arrow = {"arrowstyle": "<-", "color": colour, "lw": 1.5, "shrinkA": 0, "shrinkB": 0}
        offset = (_ARROWS[row.bound], 0)
        ax.annotate("", (row.value, y), xytext=offset, textcoords="offset points", arrowprops=arrow)
    ax.plot(row.value, y, marker, color=colour, ms=7)


def _scale(ax: Axes, lowest: float, highest: float, *, vague: pd.Series) -> None:
    """Room around the numbers and the brackets of vague ones, a logarithmic axis where they are far apart."""
    if lowest > 0 and highest / lowest > _FAR_APART:
        ax.set_xscale("log")
        room = (highest / lowest) ** 0.25
        ax.set_xlim(lowest / room, highest * room)
    else:
        ends = [lowest, highest, *(share * value for share in _ABOUT for value in vague)]
        room = 0.3 * (max(ends) - min(ends)) or 0.3 * abs(highest) or 1
        ax.set_xlim(min(ends) - room, max(ends) + room)
    ax.set_xticks(sorted({lowest, highest}), [_plain(value) for value in sorted({lowest, highest})], fontsize=8)
    ax.minorticks_off()


def _plain(value: float) -> str:
    """A number as one reads it: 11,000; 34 million."""
    for size, name in ((1e9, " billion"), (1e6, " million")):
        if abs(value) >= size:
            return f"{value / size:,.4g}{name}"
    return f"{value:,.6g}"
