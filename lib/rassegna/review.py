"""Look at items one by one in their context, and keep what was decided in `corrections.csv`.

`Review` holds the items and the decisions; `panel` is its face in JupyterLab.
"""

import html
from dataclasses import dataclass, field
from pathlib import Path

import ipywidgets as widgets
import pandas as pd
from IPython.display import display

from rassegna import rendering
from rassegna.corpus import folder_of
from rassegna.corpus_tables import Extraction
from rassegna.corrections import COLUMNS, FIELDS, FILE, corrections, write
from rassegna.errors import ParameterError
from rassegna.rendering import visible
from rassegna.tables import schemas

_CONTEXT = 240  # code points on either side


@dataclass
class Review:
    """The rows of one table, to be looked at one after the other.

    Attributes:
        corpus: What was extracted.
        table: Name of the table; one that can be corrected.
        coder: Who looks, for the file.
        place: Position of the item looked at, from 0.
    """

    corpus: Extraction
    table: str = "quotes"
    coder: str = ""
    place: int = 0
    items: pd.DataFrame = field(init=False)

    def __post_init__(self) -> None:
        if self.table not in FIELDS:
            raise ParameterError(f"table {self.table!r}; allowed are {', '.join(FIELDS)}")
        self.items = self.corpus.named(self.table).dropna(subset=["start"]).reset_index(drop=True)

    def item(self) -> pd.Series:
        """The row looked at.

        Raises:
            IndexError: the table is empty.
        """
        return self.items.iloc[self.place]

    def move(self, steps: int) -> None:
        """Go to another item; the last and the first are neighbours."""
        self.place = (self.place + steps) % max(len(self.items), 1)

    def context(self) -> tuple[str, str, str]:
        """The raw text before the item, the item, and the text behind it."""
        item = self.item()
        raw, start, end = self.corpus.raw[item["doc_id"]], int(item["start"]), int(item["end"])
        return raw[max(0, start - _CONTEXT) : start], raw[start:end], raw[end : end + _CONTEXT]

    def decided(self) -> pd.DataFrame:
        """The lines that the file has on the item looked at."""
        item, lines = self.item(), self._lines()
        return lines[self._is_on(lines, item)]

    def decide(self, action: str, *, field: str = "", value: str = "") -> None:
        """Write a decision on the item looked at; an earlier one on the same field gives way, other lines stay.

        Args:
            action: accept, change or remove.
            field: The column to change.
            value: What it is instead.
        """
        item, lines = self.item(), self._lines()
        settled = lines["field"].eq(field) | ~lines["action"].eq("change") | (action != "change")
        kept = lines[~(self._is_on(lines, item) & settled & ~lines["action"].eq("add"))]
        line = dict.fromkeys(COLUMNS, "") | {name: str(item[name]) for name in ("doc_id", "start", "end", "text")}
        line |= {"table": self.table, "action": action, "field": field, "value": value, "coder": self.coder}
        write(self.folder / FILE, pd.concat([kept, pd.DataFrame([line])]))

    @property
    def folder(self) -> Path:
        """Where the file is kept."""
        return folder_of(self.corpus.settings.corpus_dir)

    def _lines(self) -> pd.DataFrame:
        return corrections(self.folder, self.corpus.raw).lines[list(COLUMNS)]

    def _is_on(self, lines: pd.DataFrame, item: pd.Series) -> "pd.Series[bool]":
        here = lines["start"].eq(str(item["start"])) & lines["text"].eq(item["text"])
        return lines["doc_id"].eq(item["doc_id"]) & lines["table"].eq(self.table) & here


def panel(review: Review) -> widgets.Widget:
    """The panel: an item in its context, with accept, correct, reject, previous and next."""
    if review.items.empty:
        return widgets.HTML(f"The table {review.table} is empty.")
    shown, said = widgets.HTML(), widgets.HTML()
    chosen = widgets.Dropdown(options=FIELDS[review.table], description="field")
    value = widgets.Combobox(description="value", placeholder="what it is instead")

    def refresh(*_: object) -> None:
        shown.value = _markup(review)
        allowed = next(c.values for c in schemas()[review.table].columns if c.name == chosen.value)
        value.options = allowed or sorted(review.items[chosen.value].dropna().astype(str).unique())
        decisions = review.decided()
        told = [
            " ".join(filter(None, line)) for line in decisions[["action", "field", "value"]].itertuples(index=False)
        ]
        said.value = html.escape(visible("Decided: " + "; ".join(told) if told else "Nothing decided yet."))

    def act(action: str, **more: str) -> None:
        review.decide(action, **more)
        refresh()

    def go(steps: int) -> None:
        review.move(steps)
        value.value = ""
        refresh()

    def correct(*_: object) -> None:
        if value.value:
            act("change", field=chosen.value, value=value.value)
        else:
            said.value = "Give the value first."

    chosen.observe(refresh, "value")
    buttons = {
        "◀ previous": lambda _: go(-1),
        "accept": lambda _: act("accept"),
        "correct": correct,
        "reject": lambda _: act("remove"),
        "next ▶": lambda _: go(1),
    }
    row = []
    for name, what in buttons.items():
        button = widgets.Button(description=name)
        button.on_click(what)
        row.append(button)
    refresh()
    return widgets.VBox([shown, widgets.HBox([chosen, value]), widgets.HBox(row), said])


def _markup(review: Review) -> str:
    item = review.item()
    before, text, behind = (html.escape(visible(part)) for part in review.context())
    facts = " · ".join(
        f"{name}: {item[name]}" for name in (*FIELDS[review.table], "reason") if pd.notna(item.get(name))
    )
    head = f"{review.place + 1} of {len(review.items)} · {item['name']}"
    return (
        f"<p><strong>{html.escape(visible(head))}</strong><br>{html.escape(visible(facts))}</p>"
        f'<p style="white-space: pre-line; line-height: 1.5">…{before}<mark>{text}</mark>{behind}…</p>'
    )


def show(corpus: Extraction, *, table: str = "quotes", coder: str = "", panels: bool = False) -> None:
    """Show the panel, or where panels are off (a rendered page, a run in CI) say what was decided so far.

    Args:
        corpus: What was extracted.
        table: Name of the table to look through.
        coder: Who looks.
        panels: Whether somebody is there to press buttons.
    """
    if panels:
        display(panel(Review(corpus, table, coder)))
    own = corpus.corrections[corpus.corrections["table"] == table]
    columns = ["line", "doc_id", "text", "item", "action", "field", "was", "value", "coder", "status", "reason"]
    rendering.table(own, columns=columns, caption=f"Corrections made to the {table}")
