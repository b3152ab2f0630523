"""What stands where: outlets in columns, things in rows."""

from collections.abc import Mapping
from textwrap import shorten
from typing import Literal

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from rassegna.figures.style import LABEL_COLOURS, NAME_WIDTH, RATE_COLOURS, in_lines, name_rows, over_column

MarkerFill = Literal["full", "left", "none"]
_VOICE_FILLS: dict[str, MarkerFill] = {"own": "full", "attributed": "left", "quoted": "none"}
_FACT_WIDTH = 41  # of each of two lines
_NARROW_FACT = 24  # of each of three lines
_FEW_COLUMNS = 6  # more have no room for upright names, nor for dots side by side


def matrix(cells: pd.DataFrame, *, rows: list[str], columns: list[str]) -> Figure:
    """Draw values as a matrix, a darker cell for a larger one, the value written in it.

    Args:
        cells: One row per cell that has a value: row, column (their names), value (from 0), text (what to write).
        rows: Names of the rows from the top; a cell of another row is left out.
        columns: Names of the columns from the left; a cell of another column is left out.
    """
    shown = cells[cells["row"].isin(rows) & cells["column"].isin(columns)]
    is_wide = len(columns) > _FEW_COLUMNS
    fig, ax = plt.subplots(figsize=(7.2, 1.0 + (0.7 if is_wide else 0.0) + 0.3 * max(len(rows), 1)))
    largest = shown["value"].max() if len(shown) else 1
    for cell in shown.itertuples():
        x, y, share = columns.index(cell.column), rows.index(cell.row), cell.value / largest
        ax.add_patch(Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, color=RATE_COLOURS(0.08 + 0.84 * share), lw=0))
        ax.text(x, y, cell.text, ha="center", va="center", fontsize=8, color="white" if share > 0.66 else "black")
    name_rows(ax, rows)
    ax.set_xlim(-0.5, len(columns) - 0.5)
    names = [shorten(name, 24, placeholder="…") if is_wide else over_column(name) for name in columns]
    turn, side = (40, "left") if is_wide else (0, "center")
    ax.set_xticks(range(len(columns)), names, fontsize=8, rotation=turn, ha=side)
    ax.tick_params(bottom=False, labelbottom=False, labeltop=True)
    ax.spines["bottom"].set_visible(False)
    return fig


def designations(usage: pd.DataFrame, *, rows: list[tuple[str, str]], columns: list[str]) -> Figure:
    """Draw how often each designation is used in which voice: a full dot own, a half one attributed, a ring quoted.

    Args:
        usage: One row per designation and outlet: contrast_set, term, name, own, attributed, quoted (uses).
        rows: Set and designation of each row from the top; the rows of a set stand together.
        columns: Names of the outlets from the left.
    """
    is_narrow = len(columns) > _FEW_COLUMNS  # then the dots of a cell stand below one another
    fig, ax = plt.subplots(figsize=(7.2, 1.3 + (0.5 if is_narrow else 0.25) * max(len(rows), 1)))
    for row in usage.itertuples():
        if (row.contrast_set, row.term) not in rows or row.name not in columns:
            continue
        y, x = rows.index((row.contrast_set, row.term)), columns.index(row.name)
        for n, (voice, fill) in enumerate(_VOICE_FILLS.items()):
            if count := getattr(row, voice):
                place = (x - 0.15, y + 0.3 * (n - 1)) if is_narrow else (x + 0.29 * (n - 1) - 0.06, y)
                _dot(ax, place, fill, str(count))
    name_rows(ax, [term for _, term in rows])
    for y, (contrast_set, _) in enumerate(rows):
        if y == 0 or rows[y - 1][0] != contrast_set:
            ax.axhline(y - 0.5, color="#BBBBBB", lw=0.6)
            name = contrast_set.replace("_", " ")
            ax.annotate(name, (1, y), (4, 0), ("axes fraction", "data"), "offset points", va="center", fontsize=8,
                        color="#666666", style="italic")  # fmt: skip
    ax.set_xlim(-0.5, len(columns) - 0.5)
    for x in range(1, len(columns)):
        ax.axvline(x - 0.5, color="#EEEEEE", lw=0.8, zorder=0)
    width = NAME_WIDTH if is_narrow else 88 // max(len(columns), 5)
    names = [in_lines(name, width, most=1 if is_narrow else 2) for name in columns]
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


# Shape, filling and colour each tell the four kinds of cell apart, so that greyscale loses nothing.
_CELLS = {
    "own": ("o", 60, "#0072B2", "#0072B2", "states in its own voice"),
    "others": ("o", 60, "white", "#0072B2", "in others' words only"),
    "contradicts": ("X", 70, "#D55E00", "#D55E00", "contradicts"),
    "not_found": (".", 12, "#BBBBBB", "#BBBBBB", "not found"),
}


def fact_matrix(cells: pd.DataFrame, *, rows: Mapping[str, str], columns: list[str], is_narrow: bool = False) -> Figure:
    """Draw which article has which fact.

    Args:
        cells: One row per fact and article: fact_id, column (name of the article), shown (own, others, contradicts,
            not_found), is_excused (whether it says little that it was not found).
        rows: Facts from the top, each with its words, which several may share; a cell of another fact is left out.
        columns: Articles from the left; a cell of another article is left out.
        is_narrow: Draw it for a phone: four inches wide, names of articles slanted.
    """
    place = {fact_id: n for n, fact_id in enumerate(rows)}
    drawn = cells[cells["fact_id"].isin(rows) & cells["column"].isin(columns)]
    is_slanted = is_narrow or len(columns) > _FEW_COLUMNS
    width, row_height, lines = (4.0, 0.46, 3) if is_narrow else (7.2, 0.36, 2)
    height = 1.4 + (0.9 if is_slanted else 0.0) + row_height * max(len(rows), 1)
    fig, ax = plt.subplots(figsize=(width, height))
    for kind, (marker, size, face, edge, _) in _CELLS.items():
        own = drawn[drawn["shown"] == kind]
        x, y = own["column"].map(columns.index), own["fact_id"].map(place)
        ax.scatter(x, y, s=size, marker=marker, facecolors=face, edgecolors=edge, linewidths=1.4, zorder=3)
    for cell in drawn[drawn["is_excused"]].itertuples():
        ax.text(columns.index(cell.column), place[cell.fact_id], "?", fontsize=9, color="#555555", ha="center",
                va="center", bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5}, zorder=4)  # fmt: skip
    letters = _NARROW_FACT if is_narrow else _FACT_WIDTH
    name_rows(ax, [in_lines(fact, letters, most=lines) for fact in rows.values()], width=None)
    ax.tick_params(axis="y", labelsize=8)
    ax.hlines(range(len(rows)), -0.5, len(columns) - 0.5, color="#EEEEEE", lw=0.8, zorder=1)
    ax.set_xlim(-0.5, len(columns) - 0.5)
    labels = [shorten(name, 24, placeholder="…") if is_slanted else over_column(name) for name in columns]
    angle, side = (60, "left") if is_slanted else (0, "center")
    ax.set_xticks(range(len(columns)), labels, fontsize=8, rotation=angle, ha=side)
    ax.tick_params(bottom=False, top=False, labelbottom=False, labeltop=True)
    ax.spines["bottom"].set_visible(False)
    _marks_key(fig, n_columns=2 if is_narrow else 3)
    return fig


def _marks_key(fig: Figure, *, n_columns: int) -> None:
    """Name the marks below the matrix."""
    handles = [
        Line2D([], [], marker=marker, ls="", ms=7 if marker != "." else 4, mfc=face, mec=edge, label=label)
        for marker, _, face, edge, label in _CELLS.values()
    ]
    handles.append(Line2D([], [], ls="", label="?  not found, for a known reason"))
    fig.legend(handles=handles, loc="outside lower left", ncols=n_columns, frameon=False, fontsize=8, handletextpad=0.2)


def profiles(table: pd.DataFrame) -> Figure:
    """Draw how many facts each article has, as bars of segments.

    Args:
        table: One row per article, in the order of the bars: name, own, others, contradicts, not_found (facts).
    """
    fig, ax = plt.subplots(figsize=(7.2, 1.0 + 0.4 * max(len(table), 1)))
    left = pd.Series(0, index=table.index)
    colours = {"own": "#0072B2", "others": "#9CC8E3", "contradicts": "#D55E00", "not_found": "#DDDDDD"}
    for kind, colour in colours.items():
        bars = ax.barh(range(len(table)), table[kind], left=left, height=0.66, color=colour, edgecolor="white")
        dark = kind in ("own", "contradicts")
        ax.bar_label(bars, labels=[str(n) if n else "" for n in table[kind]], label_type="center", fontsize=8,
                     color="white" if dark else "#222222")  # fmt: skip
        left += table[kind]
    name_rows(ax, table["name"])
    ax.set_xlabel("facts")
    handles = [Rectangle((0, 0), 1, 1, color=colour, label=_CELLS[kind][4]) for kind, colour in colours.items()]
    fig.legend(handles=handles, loc="outside lower left", ncols=4, frameon=False, fontsize=8, handlelength=1)
    return fig
