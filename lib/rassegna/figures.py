"""The charts, one function each: a tidy table in, a Figure out; no statistics are computed here."""

from collections.abc import Sequence
from textwrap import shorten, wrap
from typing import Any, Literal

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnchoredOffsetbox, HPacker, TextArea
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox

# Okabe and Ito's colours, safe for colour-blind readers; in greyscale they grow lighter in this order.
LABEL_COLOURS = {
    "body": "#0072B2",
    "title": "#D55E00",
    "subtitle": "#D55E00",
    "heading": "#D55E00",
    "byline": "#E69F00",
    "dateline": "#E69F00",
    "caption": "#E69F00",
    "furniture": "#DDDDDD",
}
# One hue from nearly white to dark: rates keep their order in greyscale.
RATE_COLOURS = LinearSegmentedColormap.from_list("rates", ["#FFFFFF", "#9CC8E3", "#0072B2", "#00324F"])
_KEY = (
    ("body", "body"),
    ("title", "title, subtitle, headings"),
    ("byline", "byline, dateline, captions"),
    ("furniture", "furniture, set aside"),
)
_NAME_WIDTH = 28
_WIDE_COLUMNS = 6  # up to so many columns the dots of a cell stand side by side
MarkerFill = Literal["full", "left", "none"]
_VOICE_FILLS: dict[str, MarkerFill] = {"own": "full", "attributed": "left", "quoted": "none"}
# How the figures for one thing stand to each other: colour, mark, words.
_STATUS_MARKS = {
    "differs": ("#D55E00", "D", "the articles differ"),
    "differs_by_source": ("#B07700", "s", "the sources differ"),
    "agrees": ("#0072B2", "o", "they agree"),
}
_ARROWS = {"more_than": 26, "at_least": 26, "less_than": -26, "at_most": -26}  # points
_FAR_APART = 5  # highest by lowest: beyond, the axis is logarithmic


_FACT_WIDTH = 36  # of each of two lines
_MANY_STRETCHES = 36  # up to so many each has its date at the axis
_FEW_COLUMNS = 6  # more have no room for upright names


def strips(blocks: pd.DataFrame, shares: pd.DataFrame, *, max_articles: int = 30) -> Figure:
    """Draw each article as a strip of its blocks, from the top of the page (left) to its end (right).

    Args:
        blocks: Table `blocks`, and the column name (what the strip is called); row order is kept.
        shares: One row per article: doc_id, name, n_chars, share_content (0-1), in the order of the strips.
        max_articles: Draw only so many of the first articles.
    """
    shown = shares.head(max_articles)
    fig, ax = plt.subplots(figsize=(7.2, 0.9 + 0.42 * len(shown)))
    for row, article in enumerate(shown.itertuples()):
        own = blocks[blocks["doc_id"] == article.doc_id]
        ax.broken_barh(
            list(zip(own["start"], own["end"] - own["start"], strict=True)),
            (row - 0.34, 0.68),
            facecolors=[LABEL_COLOURS[label] for label in own["label"]],
            edgecolor="white",
            linewidth=0.4,
        )
        ax.text(article.n_chars, row, f"  {article.share_content:.0%} content", va="center", fontsize=8)
    _rows(ax, shown["name"])
    ax.set_xlim(0, shown["n_chars"].max() * 1.16)
    ax.set_xlabel("position in the page (characters)")
    _key(ax)
    return fig


def lengths(overview: pd.DataFrame, *, max_articles: int = 30) -> Figure:
    """Draw the words of content of each article as bars.

    Args:
        overview: One row per article: name, n_words; row order is kept.
        max_articles: Draw only so many of the first articles.
    """
    shown = overview.head(max_articles)
    fig, ax = plt.subplots(figsize=(7.2, 0.7 + 0.36 * len(shown)))
    bars = ax.barh(range(len(shown)), shown["n_words"], height=0.68, color=LABEL_COLOURS["body"])
    ax.bar_label(bars, labels=[f"{n:,}" for n in shown["n_words"]], padding=3, fontsize=8)
    _rows(ax, shown["name"])
    ax.set_xlabel("words of content")
    return fig


def matrix(cells: pd.DataFrame, *, rows: list[str], columns: list[str]) -> Figure:
    """Draw values as a matrix, a darker cell for a larger one, the value written in it.

    Args:
        cells: One row per cell that has a value: row, column (their names), value (from 0), text (what to write).
        rows: Names of the rows from the top; a cell of another row is left out.
        columns: Names of the columns from the left; a cell of another column is left out.
    """
    shown = cells[cells["row"].isin(rows) & cells["column"].isin(columns)]
    fig, ax = plt.subplots(figsize=(7.2, 1.0 + 0.3 * max(len(rows), 1)))
    largest = shown["value"].max() if len(shown) else 1
    for cell in shown.itertuples():
        x, y, share = columns.index(cell.column), rows.index(cell.row), cell.value / largest
        ax.add_patch(Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, color=RATE_COLOURS(0.08 + 0.84 * share), lw=0))
        ax.text(x, y, cell.text, ha="center", va="center", fontsize=8, color="white" if share > 0.55 else "#222222")
    _rows(ax, rows)
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_xticks(range(len(columns)), [shorten(name, 17, placeholder="…") for name in columns], fontsize=8)
    ax.tick_params(bottom=False, labelbottom=False, labeltop=True)
    ax.spines["bottom"].set_visible(False)
    return fig


def shares(table: pd.DataFrame, *, rows: list[str], panels: list[str]) -> Figure:
    """Draw shares with their intervals, a panel an article, a row a speaker.

    Args:
        table: One row per speaker and article: speaker, name, share, low, high (all 0-1), n (behind the share).
        rows: Speakers from the top.
        panels: Names of the articles from the left.
    """
    fig, axes = plt.subplots(1, len(panels), figsize=(7.2, 1.1 + 0.27 * len(rows)), sharey=True, squeeze=False)
    for ax, name in zip(axes[0], panels, strict=True):
        own = table[(table["name"] == name) & table["speaker"].isin(rows)]
        y = [rows.index(speaker) for speaker in own["speaker"]]
        ax.hlines(y, own["low"], own["high"], color="#999999", lw=1.5)
        ax.plot(own["share"], y, "o", color=LABEL_COLOURS["body"], ms=5)
        for row in own.itertuples():
            ax.annotate(f"{row.n}", (row.high, rows.index(row.speaker)), xytext=(5, 0), textcoords="offset points",
                        va="center", fontsize=8, color="#333333")  # fmt: skip
        ax.set_title(shorten(name, 17, placeholder="…"), fontsize=8, fontweight="normal")
        ax.set_xlim(0, 1.12)
        ax.set_xticks([0, 0.5, 1], ["0", "50", "100 %"], fontsize=8)
        ax.grid(axis="y", color="#EEEEEE")
        _rows(ax, rows)
    return fig


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
        ax.set_title(shorten(name, 17, placeholder="…"), fontsize=8, fontweight="normal")
        ax.set_xlim(0, top)
        ax.set_xticks([0, top / 2, top], ["0", f"{top * 50:.0f}", f"{top * 100:.0f} %"], fontsize=8)
        ax.grid(axis="y", color="#EEEEEE")
        _rows(ax, rows)
    handles, labels = axes[0][0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside upper left", ncols=2, frameon=False, fontsize=8)
    return fig


def designations(usage: pd.DataFrame, *, rows: list[tuple[str, str]], columns: list[str]) -> Figure:
    """Draw how often each designation is used in which voice: a full dot own, a half one attributed, a ring quoted.

    Args:
        usage: One row per designation and outlet: contrast_set, term, name, own, attributed, quoted (uses).
        rows: Set and designation of each row from the top; the rows of a set stand together.
        columns: Names of the outlets from the left.
    """
    is_narrow = len(columns) > _WIDE_COLUMNS  # then the dots of a cell stand below one another
    fig, ax = plt.subplots(figsize=(7.2, 1.3 + (0.5 if is_narrow else 0.25) * max(len(rows), 1)))
    for row in usage.itertuples():
        if (row.contrast_set, row.term) not in rows or row.name not in columns:
            continue
        y, x = rows.index((row.contrast_set, row.term)), columns.index(row.name)
        for n, (voice, fill) in enumerate(_VOICE_FILLS.items()):
            if count := getattr(row, voice):
                place = (x - 0.15, y + 0.3 * (n - 1)) if is_narrow else (x + 0.29 * (n - 1) - 0.06, y)
                _dot(ax, place, fill, str(count))
    _rows(ax, [term for _, term in rows])
    for y, (contrast_set, _) in enumerate(rows):
        if y == 0 or rows[y - 1][0] != contrast_set:
            ax.axhline(y - 0.5, color="#BBBBBB", lw=0.6)
            name = contrast_set.replace("_", " ")
            ax.annotate(name, (1, y), (4, 0), ("axes fraction", "data"), "offset points", va="center", fontsize=8,
                        color="#666666", style="italic")  # fmt: skip
    ax.set_xlim(-0.5, len(columns) - 0.5)
    for x in range(1, len(columns)):
        ax.axvline(x - 0.5, color="#EEEEEE", lw=0.8, zorder=0)
    width = _NAME_WIDTH if is_narrow else 88 // max(len(columns), 5)
    names = [_broken(name, width, 1 if is_narrow else 2) for name in columns]
    turn, side = (40, "left") if is_narrow else (0, "center")
    ax.set_xticks(range(len(columns)), names, fontsize=8, rotation=turn, ha=side)
    if is_narrow:
        ax.hlines([y - 0.5 for y in range(len(rows))], -0.5, len(columns) - 0.5, color="#EEEEEE", lw=0.6, zorder=0)
    ax.tick_params(bottom=False, labelbottom=False, labeltop=True, top=False)
    ax.spines["bottom"].set_visible(False)
    _voice_key(fig)
    return fig


def _dot(ax: Axes, place: tuple[float, float], fill: MarkerFill, text: str) -> None:
    ax.plot(*place, "o", ms=7, fillstyle=fill, color=LABEL_COLOURS["body"], markerfacecoloralt="white", mew=1.1)
    ax.annotate(text, place, (6, 0), textcoords="offset points", va="center", fontsize=8, color="#333333")


def _voice_key(fig: Figure) -> None:
    """Name the dots below the chart."""
    handles = [
        Line2D([], [], ls="", marker="o", ms=7, fillstyle=fill, color=LABEL_COLOURS["body"], markerfacecoloralt="white")
        for fill in _VOICE_FILLS.values()
    ]
    texts = ["the outlet's own", "attributed", "quoted"]
    fig.legend(handles, texts, loc="outside lower left", ncols=3, frameon=False, fontsize=8, handletextpad=0.1)


def _broken(name: str, width: int, lines: int) -> str:
    """A name on so many lines at most."""
    return "\n".join(wrap(name, width, max_lines=lines, placeholder="…"))


def numbers(figures: pd.DataFrame, things: pd.DataFrame, *, max_things: int = 8) -> Figure:
    """Draw what articles write of the same things: an axis a thing, a line a figure, bounds as arrows and brackets.

    Args:
        figures: Table `numbers`, and the column name (of the article); row order is kept.
        things: Table of `numbers.compared`, in the order of the axes.
        max_things: Draw only so many of the first things.
    """
    shown = things.head(max_things)
    if shown.empty:
        return _nothing("No two articles give a figure for the same thing.")
    lines = figures.drop_duplicates(["number_id", "name", "asserter", "value", "low", "high", "bound"])
    heights = [int((lines["number_id"] == thing).sum()) + 2.2 for thing in shown["number_id"]]
    fig, axes = plt.subplots(
        len(shown), 1, figsize=(7.2, 0.26 * sum(heights)), squeeze=False, gridspec_kw={"height_ratios": heights}
    )
    for ax, thing in zip(axes[:, 0], shown.itertuples(), strict=True):
        own = lines[lines["number_id"] == thing.number_id]
        colour, marker, words = _STATUS_MARKS[thing.status]
        for y, row in enumerate(own.itertuples()):
            _figure(ax, y, row, colour=colour, marker=marker)
            said = f" ({shorten(row.asserter, 22, placeholder='…')})" if isinstance(row.asserter, str) else ""
            text = shorten(row.text, 30, placeholder="…") + said
            ax.text(1.03, y, text, transform=ax.get_yaxis_transform(), va="center", fontsize=8)
        _rows(ax, own["name"].tolist())
        _scale(ax, thing.lowest, thing.highest)
        factor = f", × {thing.factor:.3g}" if thing.factor > 1 else ""
        weight = "normal" if thing.status == "agrees" else "bold"
        ax.set_title(f"{shorten(thing.thing, 52, placeholder='…')} – {words}{factor}", fontsize=9, fontweight=weight)
        ax.grid(axis="y", color="#EEEEEE")
    return fig


def _figure(ax: Axes, y: int, row: Any, *, colour: str, marker: str) -> None:
    """One figure: a mark, with an arrow where it is a bound, a bracket where it is vague about its place."""
    if row.bound == "range":
        ax.plot([row.low, row.high], [y, y], "|-", color=colour, lw=2, ms=9)
        return
    if row.bound == "about":
        ax.plot([0.95 * row.value, 1.05 * row.value], [y, y], "|-", color=colour, lw=1, ms=9)
    elif row.bound in _ARROWS:
        arrow = {"arrowstyle": "<-", "color": colour, "lw": 1.5, "shrinkA": 0, "shrinkB": 0}
        offset = (_ARROWS[row.bound], 0)
        ax.annotate("", (row.value, y), xytext=offset, textcoords="offset points", arrowprops=arrow)
    ax.plot(row.value, y, marker, color=colour, ms=7)


def _scale(ax: Axes, lowest: float, highest: float) -> None:
    """Room around the numbers, a logarithmic axis where they are far apart, and the extremes written."""
    if lowest > 0 and highest / lowest > _FAR_APART:
        ax.set_xscale("log")
        room = (highest / lowest) ** 0.25
        ax.set_xlim(lowest / room, highest * room)
    else:
        room = 0.3 * (highest - lowest) or 0.3 * abs(highest) or 1
        ax.set_xlim(lowest - room, highest + room)
    ax.set_xticks(sorted({lowest, highest}), [_plain(value) for value in sorted({lowest, highest})], fontsize=8)
    ax.minorticks_off()


def _plain(value: float) -> str:
    """A number as one reads it: 11,000; 34 million."""
    for size, name in ((1e9, " billion"), (1e6, " million")):
        if abs(value) >= size:
            return f"{value / size:,.4g}{name}"
    return f"{value:,.6g}"


def _nothing(words: str) -> Figure:
    """A figure that says why it is empty."""
    fig, ax = plt.subplots(figsize=(7.2, 0.6))
    ax.text(0, 0.5, words, fontsize=9, va="center")
    ax.axis("off")
    return fig


def _lines(text: str, width: int, *, most: int) -> str:
    """A text in a few lines; a word that is too long for one, and what is too much, is cut short."""
    found = wrap(" ".join(word if len(word) <= width + 3 else f"{word[: width + 2]}…" for word in text.split()),
                 width + 3, break_long_words=False)  # fmt: skip
    return "\n".join(found if len(found) <= most else [*found[: most - 1], f"{found[most - 1][:width]}…"])


def _rows(ax: Axes, names: Sequence[str], *, is_cut: bool = False) -> None:
    """Name the rows of a horizontal chart, the first on top."""
    ax.set_yticks(
        range(len(names)), [name if is_cut else shorten(name, _NAME_WIDTH, placeholder="…") for name in names]
    )
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.spines["left"].set_visible(False)
    ax.tick_params(left=False)


def _key(ax: Axes) -> None:
    """Name the colours above the strips, in the order in which a page has them."""
    parts: list[Artist] = [
        TextArea(text, textprops={"color": colour, "fontsize": size})
        for label, words in _KEY
        for text, colour, size in (("■", LABEL_COLOURS[label], 11), (f" {words}    ", "#333333", 8))
    ]
    row = HPacker(children=parts, pad=0, sep=0)
    box = AnchoredOffsetbox("lower left", child=row, frameon=False, borderpad=0)
    box.set_bbox_to_anchor(Bbox.from_bounds(0, 1.01, 0, 0), transform=ax.transAxes)
    ax.add_artist(box)


# Shape, filling and colour each tell the four kinds of cell apart, so that greyscale loses nothing.
_CELLS = {
    "own": ("o", 60, "#0072B2", "#0072B2", "states in its own voice"),
    "others": ("o", 60, "white", "#0072B2", "in others' words only"),
    "contradicts": ("X", 70, "#D55E00", "#D55E00", "contradicts"),
    "not_found": (".", 12, "#BBBBBB", "#BBBBBB", "not found"),
}


def fact_matrix(cells: pd.DataFrame, *, rows: list[str], columns: list[str]) -> Figure:
    """Draw which article has which fact.

    Args:
        cells: One row per fact and article: row, column (their names), shown (own, others, contradicts, not_found),
            is_excused (whether it says little that it was not found).
        rows: Facts from the top; a cell of another fact is left out.
        columns: Articles from the left; a cell of another article is left out.
    """
    drawn = cells[cells["row"].isin(rows) & cells["column"].isin(columns)]
    is_wide = len(columns) > _FEW_COLUMNS
    height = 1.4 + (0.9 if is_wide else 0.0) + 0.36 * max(len(rows), 1)
    fig, ax = plt.subplots(figsize=(7.2, height))
    for kind, (marker, size, face, edge, _) in _CELLS.items():
        own = drawn[drawn["shown"] == kind]
        x, y = own["column"].map(columns.index), own["row"].map(rows.index)
        ax.scatter(x, y, s=size, marker=marker, facecolors=face, edgecolors=edge, linewidths=1.4, zorder=3)
    for cell in drawn[drawn["is_excused"]].itertuples():
        ax.text(columns.index(cell.column), rows.index(cell.row), "?", fontsize=9, color="#555555", ha="center",
                va="center", bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5}, zorder=4)  # fmt: skip
    _rows(ax, [_lines(fact, _FACT_WIDTH, most=2) for fact in rows], is_cut=True)
    ax.hlines(range(len(rows)), -0.5, len(columns) - 0.5, color="#EEEEEE", lw=0.8, zorder=1)
    ax.set_xlim(-0.5, len(columns) - 0.5)
    labels = [shorten(name, 24, placeholder="…") if is_wide else _lines(name, 14, most=3) for name in columns]
    angle, side = (60, "left") if is_wide else (0, "center")
    ax.set_xticks(range(len(columns)), labels, fontsize=8, rotation=angle, ha=side)
    ax.tick_params(bottom=False, top=False, labelbottom=False, labeltop=True)
    ax.spines["bottom"].set_visible(False)
    _marks_key(fig)
    return fig


def _marks_key(fig: Figure) -> None:
    """Name the marks below the matrix."""
    handles = [
        Line2D([], [], marker=marker, ls="", ms=7 if marker != "." else 4, mfc=face, mec=edge, label=label)
        for marker, _, face, edge, label in _CELLS.values()
    ]
    handles.append(Line2D([], [], ls="", label="?  not found, but excused"))
    fig.legend(handles=handles, loc="outside lower left", ncols=3, frameon=False, fontsize=8, handletextpad=0.2)


def profiles(table: pd.DataFrame) -> Figure:
    """Draw how many facts each article has, as bars of segments.

    Args:
        table: One row per article, in the order of the bars: name, own, others, contradicts, not_found (facts).
    """
    fig, ax = plt.subplots(figsize=(7.2, 1.0 + 0.4 * max(len(table), 1)))
    left = pd.Series(0, index=table.index)
    colours = {"own": "#0072B2", "others": "#9CC8E3", "contradicts": "#D55E00", "not_found": "#EEEEEE"}
    for kind, colour in colours.items():
        bars = ax.barh(range(len(table)), table[kind], left=left, height=0.66, color=colour, edgecolor="white")
        dark = kind in ("own", "contradicts")
        ax.bar_label(bars, labels=[str(n) if n else "" for n in table[kind]], label_type="center", fontsize=8,
                     color="white" if dark else "#222222")  # fmt: skip
        left += table[kind]
    _rows(ax, table["name"])
    ax.set_xlabel("facts")
    handles = [Rectangle((0, 0), 1, 1, color=colour, label=_CELLS[kind][4]) for kind, colour in colours.items()]
    fig.legend(handles=handles, loc="outside lower left", ncols=4, frameon=False, fontsize=8, handlelength=1)
    return fig


# Filling and shape tell where an event lies, seen from the article, in greyscale too.
_RELATIONS = {
    "before": ("o", "#0072B2", "past when published"),
    "on": ("D", "#0072B2", "of that day"),
    "after": ("o", "white", "still to come"),
    "unknown": ("s", "#BBBBBB", "not known"),
}


def timeline(events: pd.DataFrame, lanes: pd.DataFrame, axis: pd.DataFrame) -> Figure:
    """Draw the events of each article in its lane, in the order of time; a number is the key to an event's words.

    Args:
        events: One row per event, as `timeline.lanes` lays them out: n, left, right, row, relation.
        lanes: One row per article: name, top, bottom, published.
        axis: One row per stretch of time: left, right, label.
    """
    if events.empty:
        return _nothing("No event has a date that can be put on an axis.")
    n_rows = int(lanes["bottom"].max()) + 1
    fig, ax = plt.subplots(figsize=(7.2, 1.9 + 0.2 * n_rows + 0.06 * len(lanes)))
    for n, lane in enumerate(lanes.itertuples()):
        if n % 2 == 0:
            ax.axhspan(lane.top - 0.5, lane.bottom + 0.5, color="#F3F3F3", lw=0, zorder=0)
        if pd.notna(lane.published):
            ax.vlines(lane.published, lane.top - 0.5, lane.bottom + 0.5, color="#D55E00", lw=2, zorder=1)
    for event in events.itertuples():
        _event(ax, event)
    is_crowded = len(axis) > _MANY_STRETCHES
    ticks = axis.iloc[:: 1 + len(axis) // _MANY_STRETCHES] if is_crowded else axis
    ax.set_xticks((ticks["left"] + ticks["right"]) / 2, ticks["label"], rotation=90, fontsize=8)
    for before, after in zip(axis["right"], axis["left"].iloc[1:], strict=False):
        if before < after:  # time is left out here
            ax.axvline((before + after) / 2, color="#BBBBBB", lw=0.8, ls=(0, (2, 2)), zorder=0)
    ax.set_xlim(-0.3, axis["right"].max() + 1)
    names = [_lines(name, 24, most=1 + int(lane.bottom - lane.top)) for name, lane in
             zip(lanes["name"], lanes.itertuples(), strict=True)]  # fmt: skip
    ax.set_yticks((lanes["top"] + lanes["bottom"]) / 2, names, fontsize=8)
    ax.set_ylim(n_rows - 0.5, -0.5)
    ax.tick_params(left=False)
    ax.spines["left"].set_visible(False)
    _relations_key(fig)
    return fig


def _event(ax: Axes, event: Any) -> None:
    """A mark at a day, a bar over a period, and the number behind it."""
    marker, face, _ = _RELATIONS[event.relation]
    place = (event.left + event.right) / 2
    if event.day_first != event.day_last:
        ax.hlines(event.row, event.left + 0.1, event.right - 0.1, color="#9CC8E3", lw=5, zorder=2)
    ax.plot(place, event.row, marker, ms=6, mfc=face, mec="#0072B2" if event.relation != "unknown" else "#777777",
            zorder=3)  # fmt: skip
    end = event.right - 0.1 if event.day_first != event.day_last else place
    ax.annotate(str(event.n), (end, event.row), (6, 0), textcoords="offset points", va="center", fontsize=8, zorder=4,
                bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.8})  # fmt: skip


def _relations_key(fig: Figure) -> None:
    """Name the marks below the timeline."""
    handles = [
        Line2D([], [], ls="", marker=marker, ms=6, mfc=face, mec="#777777" if kind == "unknown" else "#0072B2",
               label=label)
        for kind, (marker, face, label) in _RELATIONS.items()
    ]  # fmt: skip
    handles.append(Line2D([], [], color="#9CC8E3", lw=5, label="a period"))
    handles.append(Line2D([], [], color="#D55E00", lw=2, label="published"))
    fig.legend(handles=handles, loc="outside lower left", ncols=6, frameon=False, fontsize=8, handletextpad=0.6,
               columnspacing=1.2, handlelength=1.2)  # fmt: skip
