"""The charts, one function each: a tidy table in, a Figure out; no statistics are computed here."""

from collections.abc import Sequence
from textwrap import shorten, wrap
from typing import Literal

import matplotlib.pyplot as plt
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
            ax.annotate(f"{row.n}", (row.high, rows.index(row.speaker)), xytext=(3, 0), textcoords="offset points",
                        va="center", fontsize=8, color="#333333")  # fmt: skip
        ax.set_title(shorten(name, 17, placeholder="…"), fontsize=8, fontweight="normal")
        ax.set_xlim(0, 1.12)
        ax.set_xticks([0, 0.5, 1], ["0", "50", "100 %"], fontsize=8)
        ax.grid(axis="y", color="#EEEEEE")
        _rows(ax, rows)
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


def _rows(ax: Axes, names: Sequence[str]) -> None:
    """Name the rows of a horizontal chart, the first on top."""
    ax.set_yticks(range(len(names)), [shorten(name, _NAME_WIDTH, placeholder="…") for name in names])
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
