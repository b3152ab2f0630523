"""Pick an outlet, an entity, a speaker, a word, a fact or a contested term; see how often, where, and every sentence.

`Explorer` holds what is picked and finds its occurrences; `panel` is its face in JupyterLab, `show` its static twin.
"""

import html
from collections.abc import Callable
from dataclasses import dataclass, field

import ipywidgets as widgets
import pandas as pd
from IPython.display import display

from rassegna import framing, rendering
from rassegna.corpus_tables import Extraction
from rassegna.errors import ParameterError
from rassegna.prominence import in_sentences
from rassegna.voices import utterances

MOST = 50  # sentences that are shown of one item
_WORD = "word"
_SPAN = ["doc_id", "start", "end"]


def _facts(corpus: Extraction) -> pd.DataFrame:
    asked = corpus.facts.drop_duplicates("fact_id")[["fact_id", "fact"]]
    return asked.merge(corpus.evidence, on="fact_id", how="left").assign(item=lambda rows: rows["fact"])


def _terms(corpus: Extraction) -> pd.DataFrame:
    return corpus.terms.query("is_contested or stance != 'neutral'").assign(item=lambda rows: rows["term"])


# What can be picked, and its rows: item, doc_id, start, end, text (no place: an item without any); of words a count, n.
_ROWS: dict[str, Callable[[Extraction], pd.DataFrame]] = {
    "outlet": lambda corpus: corpus.sentences.assign(item=corpus.sentences["doc_id"].map(corpus.outlets)),
    "entity": lambda corpus: corpus.mentions.assign(item=corpus.mentions["entity"]),
    "speaker": lambda corpus: utterances(corpus.quotes).assign(item=lambda rows: rows["speaker"]),
    _WORD: lambda corpus: framing.words(corpus.docs).rename(columns={"term": "item"}),
    "fact": _facts,
    "contested term": _terms,
}
TOPICS = tuple(_ROWS)


@dataclass
class Explorer:
    """One item of a corpus, picked among all of its kind.

    Attributes:
        corpus: What was extracted.
        what: The kind; one of `TOPICS`.
        item: What is picked; the first of `items` by default. A word may be any word or phrase.
    """

    corpus: Extraction
    what: str = "entity"
    item: str = ""
    _kept: dict[str, pd.DataFrame] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self.pick(self.what, self.item)

    def pick(self, what: str, item: str = "") -> None:
        """Turn to another item; an empty one is the first of its kind.

        Raises:
            ParameterError: `what` is no kind.
        """
        if what not in TOPICS:
            raise ParameterError(f"what: {what!r}; allowed are {', '.join(TOPICS)}")
        self.what = what
        self.item = item if item.strip() else next(iter(self.items()), "")

    def items(self) -> list[str]:
        """All items of the kind: outlets in their order, else those in more articles first, then the more frequent."""
        if self.what == "outlet":
            return list(self.corpus.outlets.values())
        n = self._rows().groupby("item").agg(n_articles=("doc_id", "nunique"), n=("n", "sum")).reset_index()
        return n.sort_values(["n_articles", "n", "item"], ascending=[False, False, True])["item"].tolist()

    def counts(self) -> pd.DataFrame:
        """How often each article has the item.

        Returns:
            One row per article, in the order of the outlets: doc_id, name, n_occurrences, occurrences_per_1k_words.
        """
        overview = self.corpus.overview()
        n = overview["doc_id"].map(self.places()["doc_id"].value_counts()).fillna(0).astype(int)
        rate = 1000 * n / overview["n_words"].clip(lower=1)
        return overview[["doc_id", "name"]].assign(n_occurrences=n, occurrences_per_1k_words=rate)

    def places(self) -> pd.DataFrame:
        """Where the item stands.

        Returns:
            One row per occurrence, in the order of the outlets and of the text: name, doc_id, start, end, text,
            sentence (the one it begins in), sentence_start, sentence_end (code points).
        """
        sentences, outlets = self.corpus.sentences, self.corpus.outlets
        rows = self._picked().dropna(subset=["start"]).astype(sentences[_SPAN].dtypes.to_dict())
        around = sentences[[*_SPAN, "sentence_id"]].rename(columns={"start": "sentence_start", "end": "sentence_end"})
        placed = in_sentences(rows[[*_SPAN, "text"]], sentences).merge(around, on=["doc_id", "sentence_id"])
        order = {doc_id: n for n, doc_id in enumerate(outlets)}
        placed = placed.assign(name=placed["doc_id"].map(outlets), place=placed["doc_id"].map(order))
        placed = placed.sort_values(["place", "start", "end"], ignore_index=True)
        return placed[["name", *_SPAN, "text", "sentence", "sentence_start", "sentence_end"]]

    def _rows(self) -> pd.DataFrame:
        """All rows of the kind with their item, and how many occurrences each stands for; made once."""
        if self.what not in self._kept:
            rows = _ROWS[self.what](self.corpus)
            self._kept[self.what] = rows if "n" in rows else rows.assign(n=rows["doc_id"].notna().astype(int))
        return self._kept[self.what]

    def _picked(self) -> pd.DataFrame:
        """The rows of the item; of a word or a phrase, whatever was found of it."""
        if self.what != _WORD or not self.item:
            return self._rows()[lambda rows: rows["item"] == self.item].reindex(columns=[*_SPAN, "text"])
        spoken = self.corpus.articles.set_index("doc_id")["language"].to_dict()
        return framing.kwic(self.corpus.docs, self.item, language=spoken)


def panel(explorer: Explorer) -> widgets.Widget:
    """The panel: what to pick, the item (type to search), its counts and its sentences."""
    what = widgets.Dropdown(options=TOPICS, value=explorer.what, description="what")
    item = widgets.Combobox(description="item", placeholder="type to search", continuous_update=False)
    shown = widgets.HTML()
    known: dict[str, str] = {}

    def turn(*_: object) -> None:
        if what.value != explorer.what:
            explorer.pick(what.value)
        known.clear()
        known.update((rendering.visible(name), name) for name in explorer.items())
        item.options, item.value = list(known), rendering.visible(explorer.item)
        refresh()

    def refresh(*_: object) -> None:
        # The box may hold what was typed by half, which is nothing yet; nothing at all is the first item.
        explorer.pick(what.value, known.get(item.value, item.value))
        shown.value = _markup(explorer)

    turn()
    what.observe(turn, "value")
    item.observe(refresh, "value")
    return widgets.VBox([widgets.HBox([what, item]), shown])


def _markup(explorer: Explorer) -> str:
    """Counts and sentences, everything in them escaped; mathematics is not typeset."""
    counts, places = explorer.counts(), explorer.places()
    table = "<tr><th>outlet</th><th>occurrences</th><th>per 1,000 words</th></tr>"
    for row in counts.itertuples(index=False):
        n, rate = row.n_occurrences, row.occurrences_per_1k_words
        table += f"<tr><td>{_safe(row.name)}</td><td>{n}</td><td>{rate:.3g}</td></tr>"
    lines = "".join(f"<li>{_line(explorer, row)}</li>" for row in places.head(MOST).to_dict("records"))
    return (
        f'<div class="tex2jax_ignore mathjax_ignore"><p><strong>{_safe(explorer.item)}</strong><br>'
        f"{_safe(_told(counts))}</p><table>{table}</table><ul>{lines}</ul></div>"
    )


def _line(explorer: Explorer, place: dict[str, object]) -> str:
    raw = explorer.corpus.raw[str(place["doc_id"])]
    first, start, end, last = (int(str(place[at])) for at in ("sentence_start", "start", "end", "sentence_end"))
    marked = f"{_safe(raw[first:start])}<mark>{_safe(raw[start:end])}</mark>{_safe(raw[end:last])}"
    return f"<em>{_safe(place['name'])}</em>: {marked}"


def _told(counts: pd.DataFrame) -> str:
    n, n_articles = counts["n_occurrences"].sum(), (counts["n_occurrences"] > 0).sum()
    more = f" The first {MOST} are shown, {n - MOST} more are not." if n > MOST else ""
    return f"Occurrences: {n}; articles that have it: {n_articles} of {len(counts)}.{more}"


def _safe(value: object) -> str:
    return html.escape(rendering.visible(str(value)))


def show(corpus: Extraction, *, what: str = "entity", item: str = "", panels: bool = False) -> None:
    """Show the panel where somebody is there to use it, and its static twin: one item's counts and sentences.

    Args:
        corpus: What was extracted.
        what: The kind; one of `TOPICS`.
        item: What is picked at first; empty: the first, which most articles have.
        panels: Whether somebody is there to pick.
    """
    explorer = Explorer(corpus, what, item)
    if not explorer.item:
        rendering.say(f"There is no {what} to pick.")
        return
    counts, places = explorer.counts(), explorer.places()
    columns = ["name", "n_occurrences", "occurrences_per_1k_words"]
    rendering.table(counts, columns=columns, linked="name", caption=f"{what.capitalize()}: {explorer.item}")
    rendering.say(_told(counts))
    columns = ["name", "text"] if places["text"].equals(places["sentence"]) else ["name", "text", "sentence"]
    rendering.table(places.head(MOST), columns=columns, caption="The sentences", folded=True)
    if panels:
        display(panel(explorer))
