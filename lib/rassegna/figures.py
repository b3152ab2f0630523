"""The charts, one function each: a tidy table in, a Figure out; no statistics are computed here."""

from collections.abc import Sequence
from textwrap import shorten

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
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
KIND_COLOURS = {"verbatim": "#0072B2", "reworded": "#E69F00"}
# One hue from nearly white to dark: rates keep their order in greyscale.
RATE_COLOURS = LinearSegmentedColormap.from_list("rates", ["#FFFFFF", "#9CC8E3", "#0072B2", "#00324F"])
_KEY = (
    ("body", "body"),
    ("title", "title, subtitle, headings"),
    ("byline", "byline, dateline, captions"),
    ("furniture", "furniture, set aside"),
)
_NAME_WIDTH = 28


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
    _key(ax, [(LABEL_COLOURS[label], words) for label, words in _KEY])
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


def reuse(passages: pd.DataFrame, blocks: pd.DataFrame, pairs: pd.DataFrame) -> Figure:
    """Draw pairs of articles as two strips each, with what they share joined from one to the other.

    Args:
        passages: Table `passages`.
        blocks: Table `blocks`, its content rows only.
        pairs: One row per pair, in the order to draw: doc_id, other_doc_id, name, other_name, share, other_share (0-1).
    """
    fig, axes = plt.subplots(len(pairs), 1, figsize=(7.2, 0.75 + 1.25 * len(pairs)), sharex=True, squeeze=False)
    first = blocks.groupby("doc_id")["start"].min()
    keys = ["doc_id", "other_doc_id"]
    for ax, pair in zip(axes[:, 0], pairs.itertuples(), strict=True):
        for y, doc_id, share in ((1.0, pair.doc_id, pair.share), (0.0, pair.other_doc_id, pair.other_share)):
            own = blocks[blocks["doc_id"] == doc_id]
            spans = list(zip(own["start"] - first[doc_id], own["end"] - own["start"], strict=True))
            ax.broken_barh(spans, (y - 0.14, 0.28), facecolor="#DDDDDD", edgecolor="white", linewidth=0.4)
            ax.text(own["end"].max() - first[doc_id], y, f"  {share:.0%} shared", va="center", fontsize=8)
        for p in passages.merge(pd.DataFrame([[getattr(pair, key) for key in keys]], columns=keys)).itertuples():
            colour = KIND_COLOURS[p.kind]
            a, b = p.start - first[p.doc_id], p.end - first[p.doc_id]
            c, d = p.other_start - first[p.other_doc_id], p.other_end - first[p.other_doc_id]
            ax.broken_barh([(a, b - a)], (0.86, 0.28), facecolor=colour)
            ax.broken_barh([(c, d - c)], (-0.14, 0.28), facecolor=colour)
            ax.fill([a, b, d, c], [0.86, 0.86, 0.14, 0.14], color=colour, alpha=0.25, lw=0)
        _rows(ax, [pair.other_name, pair.name])
        ax.set_ylim(-0.4, 1.4)
        ax.spines["bottom"].set_visible(ax is axes[-1, 0])
        ax.tick_params(bottom=ax is axes[-1, 0])
    axes[-1, 0].set_xlim(0, axes[-1, 0].get_xlim()[1] * 1.12)
    axes[-1, 0].set_xlabel("position in the article (characters)")
    _key(axes[0, 0], [(KIND_COLOURS["verbatim"], "word for word"), (KIND_COLOURS["reworded"], "reworded")])
    return fig


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
        _rows(ax, labels, width=41)
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


def _rows(ax: Axes, names: Sequence[str], *, width: int = _NAME_WIDTH) -> None:
    """Name the rows of a horizontal chart, the first on top."""
    ax.set_yticks(range(len(names)), [shorten(name, width, placeholder="…") for name in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.spines["left"].set_visible(False)
    ax.tick_params(left=False)


def _key(ax: Axes, entries: Sequence[tuple[str, str]]) -> None:
    """Name the colours above the strips: colour and words of each."""
    parts: list[Artist] = [
        TextArea(text, textprops={"color": colour, "fontsize": size})
        for colour, words in entries
        for text, colour, size in (("■", colour, 11), (f" {words}    ", "#333333", 8))
    ]
    row = HPacker(children=parts, pad=0, sep=0)
    box = AnchoredOffsetbox("lower left", child=row, frameon=False, borderpad=0)
    box.set_bbox_to_anchor(Bbox.from_bounds(0, 1.01, 0, 0), transform=ax.transAxes)
    ax.add_artist(box)
