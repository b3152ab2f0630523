"""Articles as strips: their blocks, their lengths, what they share."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from rassegna.figures.style import LABEL_COLOURS, colour_key, name_rows

KIND_COLOURS = {"verbatim": "#0072B2", "reworded": "#E69F00"}
_KEY = (
    ("body", "body"),
    ("title", "title, subtitle, headings"),
    ("byline", "byline, dateline, captions"),
    ("furniture", "furniture, set aside"),
)


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
    name_rows(ax, shown["name"])
    ax.set_xlim(0, shown["n_chars"].max() * 1.2)
    ax.set_xlabel("position in the page (characters)")
    colour_key(ax, [(LABEL_COLOURS[label], words) for label, words in _KEY])
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
    name_rows(ax, shown["name"])
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
        name_rows(ax, [pair.other_name, pair.name])
        ax.set_ylim(-0.4, 1.4)
        ax.spines["bottom"].set_visible(ax is axes[-1, 0])
        ax.tick_params(bottom=ax is axes[-1, 0])
    axes[-1, 0].set_xlim(0, axes[-1, 0].get_xlim()[1] * 1.12)
    axes[-1, 0].set_xlabel("position in the article (characters)")
    colour_key(axes[0, 0], [(KIND_COLOURS["verbatim"], "word for word"), (KIND_COLOURS["reworded"], "reworded")])
    return fig
