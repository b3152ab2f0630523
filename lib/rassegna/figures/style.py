"""What the charts have in common: colours, names of rows, keys."""

from collections.abc import Sequence
from textwrap import shorten, wrap

import matplotlib.pyplot as plt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.offsetbox import AnchoredOffsetbox, HPacker, TextArea
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
NAME_WIDTH = 28


def nothing(words: str) -> Figure:
    """A figure that says why it is empty."""
    fig, ax = plt.subplots(figsize=(7.2, 0.6))
    ax.text(0, 0.5, words, fontsize=9, va="center")
    ax.axis("off")
    return fig


def in_lines(text: str, width: int, *, most: int) -> str:
    """A text in a few lines; a word that is too long for one, and what is too much, is cut short."""
    found = wrap(" ".join(word if len(word) <= width + 3 else f"{word[: width + 2]}…" for word in text.split()),
                 width + 3, break_long_words=False)  # fmt: skip
    return "\n".join(found if len(found) <= most else [*found[: most - 1], f"{found[most - 1][:width]}…"])


def over_column(name: str) -> str:
    """A name over a narrow column, in lines of a word or two."""
    return "\n".join(wrap(in_lines(name, 14, most=3), 13, break_long_words=False))


def name_rows(ax: Axes, names: Sequence[str], *, width: int | None = NAME_WIDTH) -> None:
    """Name the rows of a horizontal chart, the first on top; with no width the names are short enough as they are."""
    ax.set_yticks(range(len(names)), [shorten(n, width, placeholder="…") if width else n for n in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.spines["left"].set_visible(False)
    ax.tick_params(left=False)


def colour_key(ax: Axes, entries: Sequence[tuple[str, str]]) -> None:
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
