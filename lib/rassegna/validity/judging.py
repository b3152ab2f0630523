"""What is right, wrong, missed and invented in each table, one function a table, an article at a time."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from rassegna.cleaning import CONTENT
from rassegna.validity.matching import Case, Item, Judgement, Row, covers, equals, search, shared, touches
from rassegna.validity.names import folded

# Bounds of the form that the table has no word for: any will do.
_ANY_BOUND = ("exact", "ordinal", "dozens", "thousands")
_FIELDS = {
    "title": "title",
    "outlet": "outlet",
    "author": "author",
    "agency": "agency",
    "published": "published_at",
    "updated": "updated_at",
}
_MINUTES = len("2024-06-19T10:35")


def offsets(case: Case, raw: str) -> Iterator[Judgement]:
    """Whether each row's text stands at its offsets, one judgement a table."""
    for name, rows in case.tables.items():
        spans = [row for row in rows if hasattr(row, "start") and pd.notna(row.start)]
        right = sum(raw[row.start : row.end] == row.text for row in spans)
        if spans:
            status = "right" if right == len(spans) else "wrong value"
            yield case.judge("all", "offsets", "value", {"text": name}, status, n=(len(spans), right, None))


def blocks(case: Case) -> Iterator[Judgement]:
    """Content against the rest, by characters and by lines, and the labels."""
    rows = case.tables.get("blocks", ())
    for block in case.items("blocks") if rows else ():
        if block["label"] == "either":
            continue
        size = block["end"] - block["start"]
        kept = min(size, sum(shared(block, row) for row in rows if row.label in CONTENT))
        reach = [min(block["end"], row.end) - max(block["start"], row.start) for row in rows]
        label = rows[reach.index(max(reach))].label
        yield case.value("blocks", "labels", block, label == block["label"], block["label"], label)
        told = {"gold": block["label"], "found": label}
        for measure, n, hit in (("content, characters", size, kept), ("content, lines", 1, int(label in CONTENT))):
            if block["label"] in CONTENT:
                status = "right" if hit >= 0.9 * n else "missed"
                yield case.judge("blocks", measure, "found", block, status, n=(n, hit, hit), **told)
            elif hit:
                yield case.judge("blocks", measure, "found", block, "invented", n=(0, 0, hit), **told)


def metadata(case: Case) -> Iterator[Judgement]:
    """The title, outlet, author, agency and times that the text itself tells."""
    for article in case.tables.get("articles", ()):
        for key, column in _FIELDS.items():
            gold, found = case.gold.get(key), getattr(article, column)
            found = None if pd.isna(found) else found
            if key not in case.gold or (key in ("outlet", "published") and gold is None):
                continue  # a manifest may know what the text does not say
            if column.endswith("_at"):
                right = (gold or "")[:_MINUTES] == (found or "").replace(" ", "T")[:_MINUTES]
            else:
                right = folded(gold) == folded(found)
            yield case.value("articles", "metadata", {"text": key}, right, gold, found)


def quotes(case: Case) -> Iterator[Judgement]:
    """Quotations with their speakers and cues, strings in marks that are none, reported statements."""
    rows = case.rows("quotes")
    marked = [row for row in rows if row.kind != "indirect"]
    found = search(case, "quotes", marked, table="quotes", measure="quotations", fits=covers, once=True)
    yield from found.judged
    for item, (row,) in found.pairs:
        yield _speaker(case, "speakers", item, [row])
        if item["cue"]:
            one, other = folded(item["cue"]), folded(row.cue)
            right = bool(other) and (one in other or other in one)
            yield case.value("quotes", "cues", item, right, item["cue"], row.cue)
    for item in case.items("not_quotes"):
        yield case.trap("quotes", "look-alikes", item, [row.text for row in marked if covers(item, row)])
    quoted = case.items("quotes")
    found = search(
        *(case, "indirect", rows),
        table="quotes",
        measure="reports",
        errs=lambda row: row.kind == "indirect" and not any(touches(item, row) for item in quoted),
    )
    yield from found.judged
    for item, hits in found.pairs:
        if item["speaker"] is not None:
            yield _speaker(case, "speakers of reports", item, hits)


def _speaker(case: Case, measure: str, item: Item, hits: list[Row]) -> Judgement:
    right = any(case.names.same(name, row.speaker) for row in hits for name in (item["speaker"], *item["also"]))
    return case.value("quotes", measure, item, right, item["speaker"], [row.speaker for row in hits])


def quantities(case: Case) -> Iterator[Judgement]:
    """Numbers with their values and bounds, and what only looks like one."""
    rows = case.rows("quantities")
    found = search(case, "quantities", rows, table="quantities", measure="numbers")
    yield from found.judged
    for item, hits in found.pairs:
        value, bound = item["value"], item["bound"]
        right = value is None or any(pd.notna(row.value) and abs(row.value - value) < 1e-6 for row in hits)
        right = right and (bound in _ANY_BOUND or any(row.bound == bound for row in hits))
        told = [
            f"{b} {v:,.12g}" if pd.notna(v) else b for b, v in ((bound, value), *((r.bound, r.value) for r in hits))
        ]
        yield case.value("quantities", "values", item, right, told[0], told[1:])
    for item in case.items("not_quantities"):
        yield case.trap("quantities", "look-alikes", item, [row.text for row in rows if touches(item, row)])


def dates(case: Case) -> Iterator[Judgement]:
    """Time expressions and their values."""
    found = search(case, "dates", case.rows("dates"), table="dates", measure="dates")
    yield from found.judged
    for item, hits in found.pairs:
        right = any(row.value in (item["value"], *item["also"]) for row in hits)
        yield case.value("dates", "values", item, right, item["value"], [row.value for row in hits])


def mentions(case: Case) -> Iterator[Judgement]:
    """The entities that the content names, those of the furniture, and every mention with its type and name."""
    rows = case.rows("mentions")
    named = sorted({row.entity for row in rows})
    for label, entities in case.gold.get("entities", {}).items():
        for entity in entities if label != "MISC" else ():
            item = {"text": entity}
            if label == "absent":
                taken = [name for name in named if folded(entity) in folded(name)]
                yield case.trap("mentions", "furniture left out", item, taken)
                continue
            hits = [name for name in named if case.names.same(entity, name)]
            told = {"gold": entity, "found": hits or None, "n": (1, int(bool(hits)), None)}
            yield case.judge("mentions", f"entities {label}", "found", item, "right" if hits else "missed", **told)
    names = [row for row in rows if row.kind == "name"]
    items = [item for item in case.items("mentions") if item["label"] != "MISC"]
    wanted = (case, "mentions", names)
    found = search(*wanted, table="mentions", measure="names", fits=equals, items=items)
    yield from found.judged
    yield from search(
        *wanted,
        table="mentions",
        measure="names with type",
        fits=lambda item, row: equals(item, row) and item["label"] == row.label,
        items=items,
    ).judged
    for item, (row, *_) in found.pairs:
        if item["canonical"]:
            right = case.names.same(item["canonical"], row.entity)
            yield case.value("mentions", "entities of names", item, right, item["canonical"], row.entity)


def terms(case: Case) -> Iterator[Judgement]:
    """Contested designations and whose voice they are in."""
    found = search(case, "voices", case.rows("terms"), table="terms", measure="designations")
    yield from found.judged
    for item, hits in found.pairs:
        right = any(row.voice in (item["voice"], *item["also"]) for row in hits)
        yield case.value("terms", "voices", item, right, item["voice"], [row.voice for row in hits])


def damage(case: Case) -> Iterator[Judgement]:
    """Places where the text is damaged."""
    yield from search(case, "damage", case.rows("damage"), table="damage", measure="places").judged


def facts(case: Case, annotated: Sequence[dict[str, Any]]) -> Iterator[Judgement]:
    """The status of each annotated fact in the article, and the sentence that shows it."""
    for fact in annotated:
        document = next((d for d in fact["documents"] if d["doc_id"] == case.doc_id), None)
        if document is None or document["status"] == "either":
            continue
        want = {"omits": "not_found"}.get(document["status"], document["status"])
        rows = [row for row in case.tables["facts"] if row.fact_id == fact["fact_id"]]
        statuses = sorted({row.status for row in rows}) or ["not_found"]
        spans = [{"start": start, "end": end} for start, end in document["evidence"]]
        item = {**(spans[0] if spans else {}), "text": fact["fact_id"]}
        yield case.value("facts", "status", item, statuses == [want], want, statuses)
        if want != "not_found" and want in statuses:
            placed = [row for row in rows if pd.notna(row.start)]
            right = any(touches(span, row) for row in placed for span in spans)
            yield case.value("facts", "evidence", item, right, want, [row.text for row in placed])
