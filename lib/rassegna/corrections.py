"""A researcher's corrections as an overlay: `corrections.csv` in the corpus folder, applied after extraction.

One line corrects one thing. It names the words it was made on, so that it outlives new versions of the workbook and a
page that was pasted again; a line whose words are gone is stale: it is reported, and nothing else is lost.
"""

import io
import math
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from rassegna.corpus import csv_reader, folder_of
from rassegna.mentions.gazetteer import slug
from rassegna.storage import write_whole
from rassegna.tables import defuse, schemas, valid, write_csv

FILE = "corrections.csv"
COLUMNS = ("doc_id", "table", "item", "start", "end", "text", "action", "field", "value", "coder", "note")
ACTIONS = ("change", "add", "remove", "accept")
STATUSES = ("applied", "accepted", "without effect", "stale", "invalid")
# Table to the fields that a line may change. Of a block's label everything else follows.
FIELDS = {
    "blocks": ("label",),
    "mentions": ("entity", "label"),
    "quotes": ("speaker", "kind", "cue_class"),
    "quantities": ("value", "low", "high", "unit", "counted", "bound"),
    "dates": ("value", "type"),
    "terms": ("voice", "holder"),
    "facts": ("status",),
}
# Table to the fields that a line which adds a row may fill; a mention must say its label.
_ADDED = {"mentions": ("label",), "quotes": ("speaker", "")}
# Column by which a line without a span says what it is about, in one article or, with no doc_id, in all.
_ITEMS = {"mentions": "entity", "facts": "fact_id"}
_REASON = "correction"
_OVERLAP = 0.8  # of two spans' joint length; a new version may draw a span a little differently


@dataclass(frozen=True)
class Corrections:
    """The lines of a corrections file, to be laid over the tables one by one.

    Attributes:
        lines: One row per line of the file: line (its number) and `COLUMNS`, all strings, an absent value empty.
        raw: doc_id to raw text.
    """

    lines: pd.DataFrame
    raw: Mapping[str, str]

    def apply(self, name: str, table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Lay the lines that speak of a table over it.

        Args:
            name: Name of the table.
            table: The table as extracted.

        Returns:
            The table corrected, and one row for each of its lines, in the order of the file: table `corrections`.
        """
        report = []
        for line in self.lines[self.lines["table"] == name].to_dict("records"):
            try:
                table, found = self._apply_line(table, line)
            except _UnusedError as unused:
                found = {"status": unused.status, "reason": str(unused)}
            report.append(_reported(line) | found)
        return table, pd.DataFrame(report, columns=[c.name for c in schemas()["corrections"].columns])

    def of(self, doc_ids: Iterable[str]) -> "Corrections":
        """The lines about some articles, and those about all."""
        raw = {doc_id: self.raw[doc_id] for doc_id in doc_ids}
        return Corrections(self.lines[self.lines["doc_id"].isin(["", *raw])].reset_index(drop=True), raw)

    def orphans(self, name: str) -> pd.DataFrame:
        """Rows of table `corrections` for the lines about a table that name an article which the corpus has not."""
        lost = self.lines[~self.lines["doc_id"].isin(["", *self.raw])]
        empty = valid(name, pd.DataFrame())
        return Corrections(lost, {}).apply(name, empty)[1]

    def unknown(self) -> pd.DataFrame:
        """Rows of table `corrections` for lines that speak of no table that can be corrected."""
        lines = self.lines[~self.lines["table"].isin(FIELDS)].to_dict("records")
        reason = f"allowed are {', '.join(FIELDS)}"
        rows = [_reported(n) | {"status": "invalid", "reason": f"table {n['table']!r}; {reason}"} for n in lines]
        return pd.DataFrame(rows, columns=[c.name for c in schemas()["corrections"].columns])

    def _apply_line(self, table: pd.DataFrame, line: dict[str, Any]) -> tuple[pd.DataFrame, dict[str, Any]]:
        _check(line)
        if line["doc_id"] and line["doc_id"] not in self.raw:
            raise _UnusedError("stale", f"no article {line['doc_id']!r} in the corpus")
        if line["text"]:
            start, end, moved = self._place(line)
            rows = _at(table, line["doc_id"], start, end)
            place: dict[str, Any] = {"start": start, "end": end}
        else:
            rows, place, moved = _about(table, line), {}, ""
        if line["action"] == "add" and not len(rows):
            table = _added(table, line, start, raw=self.raw[line["doc_id"]])
            return table, place | {"was": None, "status": "applied", "reason": "added" + moved}
        if not len(rows):
            raise _UnusedError("stale", f"the table {line['table']} has nothing there" + moved)
        if line["action"] == "accept":
            return table, place | {"was": None, "status": "accepted", "reason": "looked at and found right" + moved}
        if line["action"] == "remove":
            table = table.drop(index=rows).reset_index(drop=True)
            return table, place | {
                "was": line["text"] or line["item"],
                "status": "applied",
                "reason": "removed" + moved,
            }
        table, was = _changed(table, rows, line)
        same = was == line["value"]
        reason = "extracted so by now" if same else f"{len(rows)} row(s) changed"
        status = "without effect" if same else "applied"
        return table, place | {"was": was, "status": status, "reason": reason + moved}

    def _place(self, line: dict[str, Any]) -> tuple[int, int, str]:
        """Where the words of a line stand now: where it says, or where else they stand just once."""
        raw, text = self.raw[line["doc_id"]], line["text"]
        start = int(line["start"]) if line["start"] else -1
        if start >= 0 and raw[start : start + len(text)] == text:
            return start, start + len(text), ""
        n = raw.count(text)
        if n != 1:
            raise _UnusedError(
                "stale", "its words are gone" if n == 0 else f"its words moved and stand there {n} times"
            )
        start = raw.index(text)
        return start, start + len(text), f"; its words moved to {start}"


class _UnusedError(Exception):
    """A line that is not applied: its status, and why."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def corrections(corpus_dir: Path, raw: Mapping[str, str]) -> Corrections:
    """Read the corrections of a corpus.

    Args:
        corpus_dir: Folder in which `corrections.csv` may stand, or one article beside it.
        raw: doc_id to raw text.

    Raises:
        CorpusError: the file is no CSV or a column is missing; the message names both.
    """
    path = folder_of(corpus_dir) / FILE
    rows: list[dict[str, Any]] = []
    if path.is_file():
        reader = csv_reader(path, required=("doc_id", "table", "action"), allowed=COLUMNS)
        rows = [{"line": reader.line_num} | {name: row.get(name) or "" for name in COLUMNS} for row in reader]
    lines = pd.DataFrame(rows, columns=["line", *COLUMNS])
    plain = [name for name in COLUMNS if name != "text"]
    lines[plain] = lines[plain].map(lambda value: str(value).strip())
    # A spreadsheet's guard against formulas (see `write`) is no part of the text.
    lines = lines.map(lambda value: value[1:] if isinstance(value, str) and defuse(value[1:]) == value else value)
    return Corrections(lines, raw)


def merged(reports: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """One row per line of what several parts of a corpus report; a line about all articles shows where it fitted best.

    Args:
        reports: Tables `corrections`, one a part.
    """
    rows = pd.concat([valid("corrections", report) for report in reports], ignore_index=True)
    rows = rows.assign(rank=rows["status"].map(STATUSES.index).astype(int)).sort_values(["line", "rank"], kind="stable")
    more = rows.groupby(["line", "status"])["rank"].transform("size") - 1
    told = rows["reason"].where(
        (more == 0) | (rows["rank"] > 0), rows["reason"] + "; so in more parts: " + more.astype(str)
    )
    return rows.assign(reason=told).drop_duplicates("line").drop(columns="rank")


def write(path: Path, lines: pd.DataFrame) -> None:
    """Write the lines of a corrections file, sorted by article, table and place, whole or not at all.

    A text that a spreadsheet would take for a formula has an apostrophe before it, which `corrections` takes off.
    """
    order = lines.assign(place=pd.to_numeric(lines["start"], errors="coerce").fillna(-1))
    order = order.sort_values(["doc_id", "table", "place"], kind="stable")  # a line may build on an earlier one
    out = io.StringIO()
    write_csv(order[list(COLUMNS)].map(str), out)
    write_whole(path, out.getvalue().encode())


def _reported(line: dict[str, Any]) -> dict[str, Any]:
    numbers = {name: int(line[name]) if line[name].isdecimal() else None for name in ("start", "end")}
    return {name: value if value != "" else None for name, value in line.items()} | numbers


def _check(line: dict[str, Any]) -> None:
    """Refuse a line that says what cannot be done."""
    table, action, field = line["table"], line["action"], line["field"]
    problems = {
        f"action {action!r}; allowed are {', '.join(ACTIONS)}": action not in ACTIONS,
        f"action add; allowed for {', '.join(_ADDED)} only": action == "add" and table not in _ADDED,
        f"field {field!r}; allowed are {', '.join(FIELDS[table])}": action == "change" and field not in FIELDS[table],
        f"field {field!r}; a line that adds fills {_ADDED.get(table, ('',))[0]}": (
            action == "add" and field not in _ADDED.get(table, (field,))
        ),
        "text is empty; it must be the words that the line is about": (
            not line["text"] and (table not in _ITEMS or not line["item"] or action == "add")
        ),
        "doc_id is empty": not line["doc_id"] and (bool(line["text"]) or table not in _ITEMS),
        f"start {line['start']!r}; allowed is a whole number": bool(line["start"]) and not line["start"].isdecimal(),
    }
    for problem in (text for text, is_there in problems.items() if is_there):
        raise _UnusedError("invalid", problem)
    column = next((c for c in schemas()[table].columns if c.name == field), None)
    if column and column.values and line["value"] and line["value"] not in column.values:
        raise _UnusedError("invalid", f"{field} {line['value']!r}; allowed are {', '.join(column.values)}")
    if column and column.type == "number" and line["value"] and not _is_number(line["value"]):
        raise _UnusedError("invalid", f"{field} {line['value']!r}; allowed is a number such as 11000 or 0.5")
    if column and not column.null and not line["value"]:
        raise _UnusedError("invalid", f"{field} may not be empty")


def _at(table: pd.DataFrame, doc_id: str, start: int, end: int) -> "pd.Index[int]":
    """The rows on a span; else the one row that covers nearly the same."""
    own = table[table["doc_id"] == doc_id].dropna(subset=["start"])
    same = own[(own["start"] == start) & (own["end"] == end)]
    if len(same):
        return same.index
    common = own["end"].clip(upper=end) - own["start"].clip(lower=start)
    joint = own["end"].clip(lower=end) - own["start"].clip(upper=start)
    near = own[common > _OVERLAP * joint]
    return near.index if len(near) == 1 else near.index[:0]


def _about(table: pd.DataFrame, line: dict[str, Any]) -> "pd.Index[int]":
    """The rows about an entity or a fact, in one article or in all."""
    is_meant = table[_ITEMS[line["table"]]] == line["item"]
    return table[is_meant & (table["doc_id"] == line["doc_id"])].index if line["doc_id"] else table[is_meant].index


def _added(table: pd.DataFrame, line: dict[str, Any], start: int, *, raw: str) -> pd.DataFrame:
    """Add a row with what the line says of it; a further line may change what it leaves open."""
    end = start + len(line["text"])
    row = {"doc_id": line["doc_id"], "start": start, "end": end, "text": line["text"], "reason": _REASON}
    if line["table"] == "quotes":
        own = table.loc[table["doc_id"] == line["doc_id"], "quote_id"]
        is_marked = unicodedata.category(raw[start - 1 : start] or " ") in ("Pi", "Pf") or raw[start - 1 : start] == '"'
        row |= {"quote_id": int(own.max()) + 1 if len(own) else 0, "kind": "direct" if is_marked else "indirect"}
        row |= {"is_inferred": False, "speaker": line["value"] or None}
    else:
        row |= {"label": line["value"], "kind": "name", "is_metonym": False, "entity": line["text"], "entity_id": ""}
    added = pd.DataFrame([row], index=[len(table)]).reindex(columns=table.columns)
    table = pd.concat([table.reset_index(drop=True), added.astype(table.dtypes.to_dict())])
    return _identified(table, table.index[-1:]) if line["table"] == "mentions" else table


def _changed(table: pd.DataFrame, rows: "pd.Index[int]", line: dict[str, Any]) -> tuple[pd.DataFrame, str]:
    """Set a field of some rows; also say what stood in the first of them."""
    field, value = line["field"], line["value"] or None
    before = table.loc[rows[0], field]
    number = pd.api.types.is_numeric_dtype(table[field])
    new = float(value) if number and value is not None else value
    was = "" if pd.isna(before) else f"{before:g}" if number else str(before)
    table = table.copy()
    table.loc[rows, field] = new
    if "reason" in table:
        table.loc[rows, "reason"] = _REASON
    if line["table"] == "mentions":
        table = _identified(table, rows)
    if field == "speaker":
        table.loc[rows, ["speaker_start", "speaker_end"]] = None
        table.loc[rows, "is_inferred"] = False
    return table, was


def _identified(mentions: pd.DataFrame, rows: "pd.Index[int]") -> pd.DataFrame:
    """Give corrected mentions the identifier and the label of the entity that they now belong to."""
    others = mentions.drop(index=rows).drop_duplicates("entity").set_index("entity")
    for row in rows:
        entity, label = mentions.loc[row, ["entity", "label"]]
        known = others["entity_id"].get(entity)
        mentions.loc[row, "entity_id"] = known or slug(str(label), str(entity))
        mentions.loc[row, "label"] = others["label"].get(entity, label)
    return mentions


def _is_number(value: str) -> bool:
    try:
        return math.isfinite(float(value))
    except ValueError:
        return False
