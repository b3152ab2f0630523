"""The charts, one function each: a tidy table in, a Figure out; no statistics are computed here."""

from collections.abc import Sequence
from textwrap import shorten, wrap

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
_FACT_WIDTH = 36  # of each of two lines
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
            ax.annotate(f"{row.n}", (row.high, rows.index(row.speaker)), xytext=(3, 0), textcoords="offset points",
                        va="center", fontsize=8, color="#333333")  # fmt: skip
        ax.set_title(shorten(name, 17, placeholder="…"), fontsize=8, fontweight="normal")
        ax.set_xlim(0, 1.12)
        ax.set_xticks([0, 0.5, 1], ["0", "50", "100 %"], fontsize=8)
        ax.grid(axis="y", color="#EEEEEE")
        _rows(ax, rows)
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
