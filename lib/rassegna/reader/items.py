"""What can be looked up in the reader: facts, speakers, numbers, terms, names, dates, passages, and their places."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from rassegna.rendering import visible
from rassegna.voices import NOBODY, utterances

# Columns that are asked of each table; a table or a column that is not there is empty.
_COLUMNS = {
    "sentences": ("doc_id", "start", "end"),
    "quotes": ("doc_id", "start", "end", "text", "kind", "speaker", "cue", "cue_start", "cue_end", "cue_class"),
    "mentions": ("doc_id", "start", "end", "entity_id", "entity", "kind"),
    "quantities": ("doc_id", "start", "end", "text", "counted_phrase", "bound", "asserter"),
    "dates": ("doc_id", "start", "end", "value", "clash"),
    "facts": ("fact_id", "fact", "doc_id", "status", "start", "end", "voice", "holder", "caveat", "conflict", "road"),
    "evidence": ("fact_id", "doc_id", "start", "end", "taken", "voice", "holder"),
    "numbers": ("number_id", "thing", "doc_id", "start", "end", "bound", "asserter", "status", "factor"),
    "terms": ("doc_id", "start", "end", "contrast_set", "term", "voice", "holder"),
    "passages": ("passage_id", "doc_id", "start", "end", "text", "other_doc_id", "other_start", "other_end", "kind"),
}
_CODED = ("kind", "cue_class", "bound", "taken", "status", "voice")  # columns whose values the page's words translate
_LABEL_WIDTH = 90  # code points


def complete(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables of a corpus, those and their columns that are not there yet empty."""
    return dict(tables) | {
        name: tables.get(name, pd.DataFrame()).reindex(columns=list(columns)).astype({c: _dtype(c) for c in columns})
        for name, columns in _COLUMNS.items()
    }


def _dtype(column: str) -> str:
    return "Int64" if column.endswith(("start", "end")) else "float64" if column == "factor" else "str"


def kinds(
    tables: Mapping[str, pd.DataFrame], doc_ids: Sequence[str], *, words: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Everything that can be looked up, as the page's script reads it.

    Args:
        tables: What `complete` gives.
        doc_ids: The articles; a place names its article by its position here.
        words: The page's own words: what it says of some items, names of the kinds, and of values of the tables.

    Returns:
        One mapping a kind that has items: key (as in links), name, items. An item has id, label, about (or none), at
        (its places: article, start, end, note, and for terms the voice), and for facts cells: article to status and
        note. Items that more articles have stand first, then those with more places; facts, numbers and dates keep
        the order of their tables.
    """
    place = {doc_id: n for n, doc_id in enumerate(doc_ids)}
    named = {NOBODY: words["nobody"]}
    made: dict[str, list[dict[str, Any]]] = {
        "fact": _facts(tables, about=words["discovered"]),
        "speaker": [
            item | {"label": named.get(item["id"], item["label"])} for item in _spread(_speakers(tables["quotes"]))
        ],
        "cue": _spread(_cues(tables["quotes"])),
        "number": [*_numbers(tables["numbers"]), *_spread(_quantities(tables, about=words["same_words"]))],
        "term": _spread(_terms(tables["terms"])),
        "entity": _spread(_entities(tables["mentions"])),
        "date": sorted(_dates(tables["dates"]), key=lambda item: str(item["id"])),
        "passage": _passages(tables["passages"]),
    }
    values = words["values"]
    for item in made["cue"]:
        item["label"] = values.get(item["label"], item["label"])
    for item in (item for items in made.values() for item in items):
        item["at"] = sorted(
            [place[doc_id], start, end, told(*(values.get(v, v) if c in _CODED else v for c, v in note)), *mark]
            for doc_id, start, end, note, *mark in item["at"]
            if doc_id in place
        )
        if "cells" in item:
            item["cells"] = {place[doc_id]: cell for doc_id, cell in item["cells"].items() if doc_id in place}
    return [{"key": key, "name": words["kinds"][key], "items": items} for key, items in made.items() if items]


def told(*parts: Any) -> str:
    """What is known of some values, joined by commas, safe to show."""
    return visible(", ".join(str(part) for part in parts if not pd.isna(part) and part != ""))


def _items(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """One item per value of the column item, with its label and its places; the order of the rows is kept."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows.dropna(subset=["item"]).itertuples(index=False):
        item = found.setdefault(str(row.item), {"id": str(row.item), "label": _short(row.label), "at": []})
        if not pd.isna(row.start):
            at = [row.doc_id, int(row.start), int(row.end), row.note]
            item["at"].append([*at, row.mark] if "mark" in rows else at)
    return list(found.values())


def _spread(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(items, key=lambda item: (-len({at[0] for at in item["at"]}), -len(item["at"]), item["label"]))


def _short(text: Any) -> str:
    words = visible(" ".join(str(text).split()))
    return words if len(words) <= _LABEL_WIDTH else words[: _LABEL_WIDTH - 1] + "…"


def _noted(rows: pd.DataFrame, *columns: str) -> list[list[tuple[str, Any]]]:
    """Of each row what is told of its place: columns and their values."""
    return [list(zip(columns, values, strict=True)) for values in rows[list(columns)].itertuples(index=False)]


def _facts(tables: Mapping[str, pd.DataFrame], *, about: str) -> list[dict[str, Any]]:
    facts, evidence = tables["facts"], tables["evidence"]
    shown = evidence if len(evidence) else facts.assign(taken=facts["status"])
    rows = shown.assign(item=shown["fact_id"], label="", note=_noted(shown, "taken", "voice", "holder"))
    places = {item["id"]: item["at"] for item in _items(rows)}
    cells: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for row in facts.itertuples(index=False):
        is_hollow = row.status == "states" and row.voice in ("attributed", "quoted")
        status = "attributed" if is_hollow else row.status
        cells[row.fact_id][row.doc_id] = [status, told(row.holder, row.conflict, row.caveat)]
    first = facts.drop_duplicates("fact_id").itertuples(index=False)
    return [
        {
            "id": fact.fact_id,
            "label": visible(fact.fact),
            "about": about if fact.road == "discovery" else "",
            "at": places.get(fact.fact_id, []),
            "cells": cells[fact.fact_id],
        }
        for fact in first
    ]


def _speakers(quotes: pd.DataFrame) -> list[dict[str, Any]]:
    spoken = utterances(quotes)
    note = _noted(spoken, "kind", "cue", "cue_class")
    return _items(spoken.assign(item=spoken["speaker"], label=spoken["speaker"], note=note))


def _cues(quotes: pd.DataFrame) -> list[dict[str, Any]]:
    rows = quotes.dropna(subset=["cue_class", "cue_start"]).drop_duplicates(["doc_id", "cue_start"])
    rows = rows.assign(start=rows["cue_start"], end=rows["cue_end"], note=_noted(rows, "cue", "speaker"))
    return _items(rows.assign(item=rows["cue_class"], label=rows["cue_class"]))


def _numbers(numbers: pd.DataFrame) -> list[dict[str, Any]]:
    factor = [f" (× {factor:.3g})" if factor > 1 else "" for factor in numbers["factor"].fillna(1)]
    label = numbers["thing"].astype("str") + pd.Series(factor, numbers.index, dtype="str")
    note = _noted(numbers, "status", "bound", "asserter")
    return _items(numbers.assign(item=numbers["number_id"], label=label, note=note))


def _quantities(tables: Mapping[str, pd.DataFrame], *, about: str) -> list[dict[str, Any]]:
    """Numbers by their wording: where the same words stand, which does not say that they count the same."""
    span = ["doc_id", "start", "end"]
    quantities, compared = tables["quantities"], set(tables["numbers"][span].itertuples(index=False, name=None))
    is_new = [row not in compared for row in quantities[span].itertuples(index=False, name=None)]
    rest = quantities[pd.Series(is_new, quantities.index, dtype="bool")]
    wording = rest["text"].astype("str").str.casefold().str.split().str.join(" ")
    note = _noted(rest, "counted_phrase", "bound", "asserter")
    found = _items(rest.assign(item=wording, label=wording, note=note))
    return [item | {"about": about} for item in found]


def _terms(terms: pd.DataFrame) -> list[dict[str, Any]]:
    note = _noted(terms, "term", "voice", "holder")
    rows = terms.assign(
        item=terms["contrast_set"], label=terms["contrast_set"].str.replace("_", " "), note=note, mark=terms["voice"]
    )
    used = terms.groupby("contrast_set")["term"].unique()
    return [item | {"about": told(*sorted(used[item["id"]]))} for item in _items(rows)]


def _entities(mentions: pd.DataFrame) -> list[dict[str, Any]]:
    rows = mentions.assign(item=mentions["entity_id"], label=mentions["entity"], note=_noted(mentions, "kind"))
    return _items(rows)


def _dates(dates: pd.DataFrame) -> list[dict[str, Any]]:
    return _items(dates.assign(item=dates["value"], label=dates["value"], note=_noted(dates, "clash")))


def _passages(passages: pd.DataFrame) -> list[dict[str, Any]]:
    here = passages.assign(item=passages["passage_id"], label=passages["text"], note=_noted(passages, "kind"))
    other = {f"other_{name}": name for name in ("doc_id", "start", "end")}
    there = here.drop(columns=list(other.values())).rename(columns=other)
    return _items(pd.concat([here, there]))
