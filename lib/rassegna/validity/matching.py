"""Lay an article's annotation and what was found in it side by side."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from rassegna.validity.names import Names

OVERLAP = 0.8  # of the longer span, from which two quotations are taken for one
Item = dict[str, Any]
Row = Any  # a row of a table, as a named tuple


class Judgement(NamedTuple):
    """One annotated or found item; the columns of `rassegna.validity.judgements`, without the coder."""

    table: str
    measure: str
    kind: str
    doc_id: str
    start: int | None
    end: int | None
    text: str
    status: str
    gold: str | None
    found: str | None
    n_gold: int
    n_right: int
    n_found: int | None


@dataclass(frozen=True)
class Case:
    """One article: its annotation, and what was found in it where the coder read."""

    doc_id: str
    gold: Mapping[str, Any]
    tables: Mapping[str, Sequence[Row]]
    names: Names
    complete: frozenset[str]

    def rows(self, table: str) -> list[Row]:
        """The rows of a table where the coder read: everywhere, unless the annotation has `coded`."""
        rows = list(self.tables.get(table, ()))
        if "coded" not in self.gold:
            return rows
        spans = [(span["start"], span["end"]) for span in self.gold["coded"]]
        return [row for row in rows if any(start <= row.start < end for start, end in spans)]

    def items(self, name: str) -> list[Item]:
        """The annotated items of a list; none where the coder left the list out."""
        found: list[Item] = self.gold.get(name, [])
        return found

    def judge(
        self,
        table: str,
        measure: str,
        kind: str,
        item: Item,
        status: str,
        *,
        gold: object = None,
        found: object = None,
        n: tuple[int, int, int | None] = (1, 0, None),
    ) -> Judgement:
        """Judge an item (start, end, text); `n` is n_gold, n_right, n_found."""
        place = (item.get("start"), item.get("end"), item["text"])
        return Judgement(table, measure, kind, self.doc_id, *place, status, shown(gold), shown(found), *n)

    def value(self, table: str, measure: str, item: Item, right: bool, gold: object, found: object) -> Judgement:
        """Judge what was told of an item that was found."""
        status = "right" if right else "wrong value"
        return self.judge(table, measure, "value", item, status, gold=gold, found=found, n=(1, int(right), None))

    def trap(self, table: str, measure: str, item: Item, taken: Sequence[str]) -> Judgement:
        """Judge something that only looks like an item of the table."""
        status, n = ("invented", (1, 0, None)) if taken else ("right", (1, 1, None))
        return self.judge(table, measure, "look-alike", item, status, found=list(taken) or None, n=n)


def shared(item: Item, row: Row) -> int:
    """Code points that an annotated and a found span share."""
    return max(0, min(item["end"], int(row.end)) - max(item["start"], int(row.start)))


def touches(item: Item, row: Row) -> bool:
    """Whether an annotated and a found span share a code point."""
    return shared(item, row) > 0


def covers(item: Item, row: Row) -> bool:
    """Whether an annotated and a found span are nearly one."""
    return shared(item, row) >= OVERLAP * max(item["end"] - item["start"], int(row.end) - int(row.start))


def equals(item: Item, row: Row) -> bool:
    """Whether an annotated and a found span are one."""
    return bool(item["start"] == row.start and item["end"] == row.end)


class Search(NamedTuple):
    """What came of looking for the items of one list: the judgements, and each item that was found with its rows."""

    judged: list[Judgement]
    pairs: list[tuple[Item, list[Row]]]


def search(
    case: Case,
    name: str,
    rows: Sequence[Row],
    *,
    table: str,
    measure: str,
    fits: Callable[[Item, Row], bool] = touches,
    once: bool = False,
    errs: Callable[[Row], bool] | None = None,
    items: list[Item] | None = None,
) -> Search:
    """Look for each item of a list among the rows.

    Args:
        case: The article.
        name: The list; only if it holds all there is, a row that fits no item is invented.
        rows: Where to look.
        table: Name of the table of the rows; if there is no such table, nothing is judged.
        measure: What the judgements are for.
        fits: Whether an item and a row are the same thing.
        once: Whether a row stands for one item only.
        errs: Whether a row that fits no item is an error; by default it is.
        items: The items, where not all of the list are meant.
    """
    found = Search([], [])
    if table not in case.tables:
        return found
    claimed: set[int] = set()
    counted = {n for n, row in enumerate(rows) if errs is None or errs(row)}
    whole = name in case.complete and name in case.gold
    for item in case.items(name) if items is None else items:
        hits = [n for n, row in enumerate(rows) if fits(item, row) and not (once and n in claimed)]
        hits = hits[:1] if once else hits
        n = (1, int(bool(hits)), len(counted & set(hits) - claimed) if whole else None)
        claimed.update(hits)
        texts = [rows[i].text for i in hits] or None
        status = "right" if hits else "missed"
        found.judged.append(case.judge(table, measure, "found", item, status, gold=item["text"], found=texts, n=n))
        if hits:
            found.pairs.append((item, [rows[i] for i in hits]))
    for i in sorted(counted - claimed) if whole else ():
        extra = {"start": rows[i].start, "end": rows[i].end, "text": rows[i].text}
        found.judged.append(case.judge(table, measure, "found", extra, "invented", found=rows[i].text, n=(0, 0, 1)))
    return found


def shown(value: object) -> str | None:
    """A value as a reader sees it: several joined, an absent one null."""
    if isinstance(value, list):
        return "; ".join(text for entry in value if (text := shown(entry)))
    return None if value is None or value != value else str(value)
