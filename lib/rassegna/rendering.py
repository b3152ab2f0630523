"""What a notebook shows: figures with alternative text, escaped tables, sentences. Nothing here computes a result.

Article text is untrusted: every string is escaped, characters that turn or hide other text are made visible,
and no mathematics is typeset in a table.
"""

import html
import io
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.core.getipython import get_ipython
from IPython.display import display
from matplotlib.figure import Figure
from tqdm import tqdm

from rassegna import storage, tables

# Controls, and the marks that reorder or hide text (Unicode bidirectional and invisible operators).
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
FONT = "DejaVu Sans"
MOST_ROWS = 500  # of a table that are shown; a page must still open on a phone
# Code points to the room (em) of a longer text: rows stay low, and the table scrolls. A shorter text is one line.
_ROOM = {24: 11, 60: 16, 120: 24}
# Column to its heading, where its name without `n_` and `is_` would not say what one sees.
_HEADINGS = {
    "name": "article",
    "doc_id": "article",
    "other_name": "other article",
    "block_id": "line",
    "fact_id": "fact",
    "cue_class": "class of cue",
    "published_at": "published",
    "updated_at": "updated",
    "published_from": "time from",
    "n": "number",
    "n_chars": "characters",
    "start": "position",
    "gold": "annotated",
    "n_gold": "annotated",
    "n_agree": "agreed on",
    "n_at_worst": "number at worst",
    "n_target": "here",
    "n_reference": "elsewhere",
    "n_articles_target": "articles here",
    "n_articles_reference": "articles elsewhere",
    "g2": "G²",
    "f": "F",
    "share_content": "share of content",
    "share_shared": "share in common",
    "share_words": "share of words",
    "share_annotated": "share, annotated",
    "share_extracted": "share, extracted",
    "mentions_per_1k_words": "mentions per 1,000 words",
    "occurrences_per_1k_words": "occurrences per 1,000 words",
    "is_scare": "scare quotes",
}
_NAMED = {"contrast_set", "kind", "list", "measure", "relation", "status"}  # columns of names, which are shown as words
# Column to the reader's name for what it identifies.
LOOKED_UP = {
    "fact_id": "fact",
    "speaker": "speaker",
    "cue_class": "cue",
    "number_id": "number",
    "contrast_set": "term",
    "entity_id": "entity",
    "passage_id": "passage",
}
# What a picture would say of the moment and the program that made it.
_UNSAID = {"png": ["Software"], "svg": ["Date", "Creator"], "pdf": ["CreationDate", "Creator", "Producer"]}
NARROW = "-narrow"  # behind the name of a figure that is drawn for a phone
_NO_MATH = "tex2jax_ignore mathjax_ignore"


def house_style() -> None:
    """Set the figures' style: 7.2 in wide, 144 dpi, 8 pt and more, no clock and no version in the files."""
    mpl.rcParams.update(
        {
            "figure.dpi": 144,
            "figure.figsize": (7.2, 3.6),
            "figure.constrained_layout.use": True,
            "font.family": FONT,
            "font.size": 9,
            "axes.titlesize": 10,
            "axes.titlelocation": "left",
            "axes.titleweight": "bold",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "pdf.fonttype": 42,  # text stays text
            "svg.hashsalt": "rassegna",
            "text.parse_math": False,
        }
    )


def show(
    fig: Figure,
    *,
    alt: str,
    name: str,
    build_dir: str | Path,
    data: pd.DataFrame | None = None,
    narrow: Figure | None = None,
) -> None:
    """Show a figure and keep it for papers.

    Args:
        fig: The figure; it is closed.
        alt: What the figure shows, in a sentence or two, for who cannot see it.
        name: File name without ending; the figure goes to `build_dir/figures/` as PNG, SVG and PDF.
        build_dir: Folder of generated work.
        data: The table behind the figure, kept beside it as CSV.
        narrow: The same drawn for a phone, which the site's front page and gallery take there; kept as PNG.

    Raises:
        ValueError: `alt` is blank.
    """
    if not alt.strip():
        raise ValueError(f"figure {name}: alt text is missing; say in a sentence what the figure shows")
    folder = Path(build_dir) / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    for ending in _UNSAID:
        _keep(fig, folder / f"{name}.{ending}")
    plt.close(fig)
    if narrow:
        _keep(narrow, folder / f"{name}{NARROW}.png")
        plt.close(narrow)
    if data is not None:
        tables.write_csv(data, folder / f"{name}.csv")
    shown = {"image/png": (folder / f"{name}.png").read_bytes(), "text/plain": f"Figure: {alt}"}
    display(shown, raw=True, metadata={"image/png": {"alt": alt, "name": name}})


def _keep(fig: Figure, path: Path) -> None:
    picture, ending = io.BytesIO(), path.suffix.removeprefix(".")
    fig.savefig(picture, format=ending, metadata=dict.fromkeys(_UNSAID[ending]))
    storage.write_whole(path, picture.getvalue())


def table(
    frame: pd.DataFrame,
    *,
    columns: Sequence[str] | None = None,
    linked: str = "text",
    behind: pd.DataFrame | None = None,
    on: Sequence[str] = (),
    caption: str = "",
    folded: bool = False,
) -> None:
    """Show a table, its text escaped; an absent value is a dash.

    On the site each cell of one column leads to its evidence in the reader (see `evidence`); elsewhere it is plain.
    Of more than `MOST_ROWS` rows only the first are shown, and the caption says so.

    Args:
        frame: What to show, one row per row; the index is left out.
        columns: Columns to show; all of them by default. Evidence is taken from the others too.
        linked: The column whose cells lead to their evidence, if it is shown.
        behind: What cells of other columns count: one row per place, with doc_id, start, end, column (of the table)
            and the columns of `on`. Such a cell leads to all its places; rows without a place are left out.
        on: Columns that say which row of the table a place belongs to; they need not be shown.
        caption: What it is, above the table; needed when folded.
        folded: Show the caption only, the table when it is opened.
    """
    if frame.empty:
        say(f"{caption}: none." if caption else "None.")
        return
    n, whole = len(frame), frame.head(MOST_ROWS)
    frame = whole if columns is None else whole[list(columns)]
    if n > MOST_ROWS:
        caption = f"{caption} (the first {MOST_ROWS:,} of {n:,} rows)".strip()
    frame = frame.rename_axis(columns=None)
    texts = frame.apply(_texts)
    safe = texts.map(_cell)
    if linked in safe:
        places = [evidence(row) for row in whole.to_dict("records")]
        safe[linked] = [_cell(*pair) for pair in zip(texts[linked], places, strict=True)]
    if behind is not None:
        found = _places_by(behind, [*on, "column"])
        for column in set(behind["column"]) & set(safe):
            keys = [(*key, column) for key in whole[list(on)].itertuples(index=False, name=None)]
            safe[column] = [_cell(value, found.get(key, "")) for value, key in zip(texts[column], keys, strict=True)]
    markup = _markup(safe, {column for column in frame if column == "left" or _is_number(frame[column])})
    rows = f" ({n} row{'s' * (n > 1)})" if folded and n <= MOST_ROWS else ""
    _display(
        _titled(markup, f"{caption}{rows}", folded=folded),
        f"{caption}\n{frame.to_string(index=False, na_rep='–')}".strip(),
    )


def say(*sentences: str) -> None:
    """Show sentences that were computed, as one paragraph."""
    text = visible(" ".join(sentences))
    _display(f'<p class="{_NO_MATH}">{html.escape(text)}</p>', text)


def points(sentences: Iterable[str | tuple[str, str]]) -> None:
    """Show computed sentences as a list; one that comes with a notebook's name (without ending) links to it."""
    pairs = [(visible(s), "") if isinstance(s, str) else (visible(s[0]), s[1]) for s in sentences]
    links = [f' <a href="{quote(name)}.ipynb">({html.escape(name[:2])})</a>' if name else "" for _, name in pairs]
    items = "".join(f"<li>{html.escape(text)}{link}</li>" for (text, _), link in zip(pairs, links, strict=True))
    plain = [f"- {text} ({name[:2]})" if name else f"- {text}" for text, name in pairs]
    _display(f'<ul class="{_NO_MATH}">{items}</ul>', "\n".join(plain))


def source(text: str, *, caption: str = "", folded: bool = False) -> None:
    """Show text line by line, as it would stand in a file.

    Args:
        text: What to show.
        caption: What it is, above the text; needed when folded.
        folded: Show the caption only, the text when it is opened.
    """
    if not text:
        say(f"{caption}: none." if caption else "None.")
        return
    shown = "\n".join(visible(line) for line in text.split("\n"))
    markup = _titled(f'<pre class="{_NO_MATH}">{html.escape(shown)}</pre>', caption, folded=folded)
    _display(markup, f"{caption}\n{shown}".strip())


def visible(text: str, *, frame: str = "{}") -> str:
    """Write characters that hide or reorder text as their code points: `[U+202E]`, in a frame if one is given."""
    return _HIDDEN.sub(lambda match: frame.format(f"[U+{ord(match[0]):04X}]"), text)


def addresses(places: Iterable[tuple[str, int, int]]) -> str:
    """Where the reader shows several spans (doc_id, start, end), of one article or several: the fragment of a link."""
    found: dict[str, list[str]] = {}
    for doc_id, start, end in places:
        found.setdefault(doc_id, []).append(f"{start}-{end}")
    return "&".join(f"{address(doc_id)}&span={','.join(dict.fromkeys(spans))}" for doc_id, spans in found.items())


def address(doc_id: str, start: int | None = None, end: int | None = None) -> str:
    """Where the reader shows an article, or a span of it: the fragment of a stable link, and the anchor's id there."""
    return f"doc={quote(doc_id, safe='')}" + ("" if start is None else f"&span={start}-{end}")


def evidence(row: Mapping[str, Any]) -> str:
    """Where the reader shows what a row of a table rests on; empty if its columns do not say.

    Args:
        row: Column to value. doc_id, start and end lead to a span; else doc_id with one of `LOOKED_UP` to every place
            of that item in the article, either alone to the article or to all places. With other_doc_id both articles
            are shown, and of an item that they share its places.
    """
    known = {name: value for name, value in row.items() if not pd.isna(value)}
    doc_ids = [str(known[name]) for name in ("doc_id", "other_doc_id") if name in known]
    item = next((f"{key}={quote(str(known[name]), safe='')}" for name, key in LOOKED_UP.items() if name in known), "")
    if "doc_id" not in known or not {"start", "end"} <= set(known) or (item and len(doc_ids) > 1):
        return "&".join(filter(None, [*map(address, doc_ids), item]))
    own = address(doc_ids[0], int(known["start"]), int(known["end"]))
    return "&".join([own, *map(address, doc_ids[1:])])


def _places_by(rows: pd.DataFrame, keys: list[str]) -> dict[tuple[Any, ...], str]:
    """The fragments of links to the places of each group of rows."""
    placed = rows.dropna(subset=["doc_id", "start", "end"]).astype({"start": int, "end": int})
    places = placed[["doc_id", "start", "end"]].itertuples(index=False, name=None)
    found: dict[tuple[Any, ...], list[tuple[str, int, int]]] = {}
    for key, place in zip(placed[keys].itertuples(index=False, name=None), places, strict=True):
        found.setdefault(key, []).append(place)
    return {key: addresses(sorted(own)) for key, own in found.items()}


def _markup(safe: pd.DataFrame, at_end: set[str]) -> str:
    """A table of cells that are markup already; numbers, and what is left of a word, stand at the right."""
    kinds = [' class="end"' if column in at_end else "" for column in safe]
    titles = [html.escape(visible(_heading(str(column)))) for column in safe]
    head = "".join(f"<th{kind}>{title}</th>" for kind, title in zip(kinds, titles, strict=True))
    rows = [
        "".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds, row, strict=True))
        for row in safe.itertuples(index=False, name=None)
    ]
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    return f'<table class="dataframe {_NO_MATH}">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>'


def _heading(column: str) -> str:
    """A column's name in words."""
    return _HEADINGS.get(column, column.removeprefix("n_").removeprefix("is_").replace("_", " "))


def _titled(markup: str, caption: str, *, folded: bool) -> str:
    """Markup below its caption; folded, behind it."""
    title = html.escape(visible(caption))
    if folded:
        return f"<details><summary>{title}</summary>{markup}</details>"
    return f"<p><strong>{title}</strong></p>{markup}" if caption else markup


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _texts(column: pd.Series) -> pd.Series:
    """The values of a column as they are read; fractions of one column have as many decimals."""
    values = pd.Series([value for value in column.dropna() if isinstance(value, float)], dtype=float).abs()
    decimals = next(
        (n for n, limit in ((3, 1.0), (2, 10.0), (1, 100.0)) if len(values) and values.le(limit).all()), None
    )
    if (values % 1 == 0).all() or (decimals is not None and (values[values > 0].round(decimals) == 0).any()):
        decimals = None
    texts = column.astype(object).map(lambda value: _text(value, decimals))
    return texts.str.replace("_", " ") if column.name in _NAMED else texts


def _text(value: object, decimals: int | None = None) -> str:
    if pd.isna(value):
        return "–"
    if isinstance(value, float):
        if abs(value) >= 1e3:
            return f"{value:,.0f}"
        return f"{value:.{decimals}f}" if decimals else f"{value:.3g}"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | np.integer) and abs(int(value)) >= 1e4:
        return f"{value:,}"
    return visible(str(value))


def _cell(text: str, place: str = "") -> str:
    """A text as markup, with the place of its evidence, which the site makes a link of."""
    room = max((room for limit, room in _ROOM.items() if len(text) > limit), default=0)
    text = html.escape(text)
    linked = f'<span data-evidence="{html.escape(place)}">{text}</span>' if place and text != "–" else text
    return f'<div style="min-width: {room}em">{linked}</div>' if room else linked


def _display(markup: str, plain: str) -> None:
    if get_ipython() is None:
        tqdm.write(plain, file=sys.stderr)  # above the bars of a command
        return
    display({"text/html": markup, "text/plain": plain}, raw=True)
