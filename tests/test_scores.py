"""Scores against hand annotation, above floors set just below what is reached."""

import json
import re

import pandas as pd
import pytest
from conftest import ROOT
from rassegna.cleaning import CONTENT
from rassegna.extraction import extract
from rassegna.settings import Settings

CORPORA = {
    "seeds": (ROOT / "seeds", ROOT / "seeds" / "annotations"),
    "unseen": (ROOT / "tests" / "annotated" / "articles", ROOT / "tests" / "annotated" / "gold"),
}
FIELDS = {
    "title": "title",
    "outlet": "outlet",
    "author": "author",
    "agency": "agency",
    "published": "published_at",
    "updated": "updated_at",
}


@pytest.fixture(scope="module", params=CORPORA)
def scored(request):
    """A corpus's name, its extraction and its annotation by doc_id."""
    corpus_dir, gold_dir = CORPORA[request.param]
    gold = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in gold_dir.glob("[0-9]*.json")}
    extraction = extract(Settings.from_parameters(corpus_dir))
    assert set(gold) == set(extraction.articles["doc_id"])
    return request.param, extraction, gold


def compared(extraction, gold) -> pd.DataFrame:
    """One row per annotated block that counts: doc_id, start, n_chars, label, and the label found there."""
    want = pd.DataFrame(
        [(doc_id, b["start"], b["end"] - b["start"], b["label"]) for doc_id, g in gold.items() for b in g["blocks"]],
        columns=["doc_id", "start", "n_chars", "label"],
    )
    found = extraction.blocks[["doc_id", "start", "label"]].rename(columns={"label": "found"})
    both = want.merge(found, on=["doc_id", "start"], how="left", validate="1:1")
    assert both["found"].notna().all(), "every annotated line is a block"
    return both[both["label"] != "either"]


def prf(want: pd.Series, found: pd.Series, weight: pd.Series) -> tuple[float, float, float]:
    hit = weight[want & found].sum()
    precision, recall = hit / weight[found].sum(), hit / weight[want].sum()
    return precision, recall, 2 * precision * recall / (precision + recall)


def test_cleaning(scored):
    name, extraction, gold = scored
    rows = compared(extraction, gold)
    want, found = rows["label"].isin(CONTENT), rows["found"].isin(CONTENT)
    by_chars = prf(want, found, rows["n_chars"])
    by_lines = prf(want, found, pd.Series(1, index=rows.index))
    lost = rows[want & ~found]
    right = (rows["label"] == rows["found"]).mean()
    floors = {"seeds": (0.999, 0.99, 0, 0.97), "unseen": (0.995, 0.985, 0, 0.97)}[name]
    assert by_chars[2] >= floors[0], by_chars
    assert by_lines[2] >= floors[1], by_lines
    assert len(lost) <= floors[2], lost
    assert right >= floors[3], rows[rows["label"] != rows["found"]]


def test_metadata(scored):
    name, extraction, gold = scored
    articles = extraction.articles.set_index("doc_id")
    wrong, n = [], 0
    for doc_id, g in gold.items():
        for key, column in FIELDS.items():
            if key in ("outlet", "published") and g[key] is None:
                continue  # the manifest may know more than the text
            n += 1
            value = articles.loc[doc_id, column]
            got = "" if pd.isna(value) else value[:16] if column.endswith("_at") else value
            if (g[key] or "").casefold()[:16] != got.casefold()[:16]:
                wrong.append((doc_id, key, g[key], got))
    assert 1 - len(wrong) / n >= {"seeds": 1.0, "unseen": 0.88}[name], wrong


def test_names(scored):
    """Spans and types of names against the test articles' complete annotation; the seeds' list of entities."""
    name, extraction, gold = scored
    names = extraction.mentions[extraction.mentions["kind"] == "name"]
    if name == "seeds":
        for label, floor in {"PER": 0.95, "ORG": 0.9, "LOC": 0.95}.items():
            found, n = found_entities(gold, extraction.mentions, label)
            assert found / n >= floor, label
        return
    names = names[names["doc_id"].map(lambda doc_id: gold[doc_id].get("language", "it") == "it")]
    found = {(m.doc_id, m.start, m.end, m.label) for m in names.itertuples()}
    want = {
        (doc_id, m["start"], m["end"], m["label"])
        for doc_id, g in gold.items()
        for m in g["mentions"]
        if m["label"] != "MISC" and g.get("language", "it") == "it"
    }
    for keys, floor in ((3, 0.88), (4, 0.81)):
        a, b = {key[:keys] for key in found}, {key[:keys] for key in want}
        f_score = 2 * len(a & b) / (len(a) + len(b))
        assert f_score >= floor, (sorted(b - a), sorted(a - b))


def found_entities(gold, mentions, label) -> tuple[int, int]:
    """How many of the annotated entities of a label an article's mentions name, and of how many."""
    aliases = json.loads((CORPORA["seeds"][1] / "aliases.json").read_text(encoding="utf-8"))
    canonical = {fold(alias): fold(name) for name, others in aliases.items() for alias in (name, *others)}
    found = n = 0
    for doc_id, g in gold.items():
        named = {canonical.get(fold(e), fold(e)) for e in mentions.loc[mentions["doc_id"] == doc_id, "entity"]}
        for entity in g["entities"][label]:
            words = set(canonical.get(fold(entity), fold(entity)).split())
            n += 1
            found += any(words <= set(e.split()) or set(e.split()) <= words for e in named)
    return found, n


def fold(name: str) -> str:
    return " ".join(re.findall(r"\w+", re.sub(r"\(.*?\)", "", name).casefold().replace("-", " ")))


def test_quotations(scored):
    """Marked quotations found (four fifths of their span) and invented; reported statements found."""
    name, extraction, gold = scored
    found, n_found, want, reported, n_reported = 0, 0, 0, 0, 0
    for doc_id, g in gold.items():
        rows = extraction.quotes[extraction.quotes["doc_id"] == doc_id]
        marked = rows[rows["kind"] != "indirect"]
        n_found, want, n_reported = n_found + len(marked), want + len(g["quotes"]), n_reported + len(g["indirect"])
        found += sum(any(overlap(q, r) >= 0.8 for r in marked.itertuples()) for q in g["quotes"])
        reported += sum(any(overlap(q, r) > 0 for r in rows.itertuples()) for q in g["indirect"])
    floors = {"seeds": (1.0, 1.0, 1.0), "unseen": (0.98, 0.95, 0.79)}[name]
    assert found / n_found >= floors[0]
    assert found / want >= floors[1]
    assert reported / n_reported >= floors[2]


def overlap(annotated, row) -> float:
    shared = min(annotated["end"], row.end) - max(annotated["start"], row.start)
    return max(0, shared) / max(annotated["end"] - annotated["start"], row.end - row.start)


@pytest.mark.parametrize(("table", "floors"), [("quantities", (0.97, 0.99)), ("dates", (0.98, 0.98))])
def test_quantities_and_dates(scored, table, floors):
    """Found (any overlap), and the value right where it was found."""
    _, extraction, gold = scored
    n = hit = right = 0
    for doc_id, g in gold.items():
        rows = list(getattr(extraction, table).loc[lambda t, d=doc_id: t["doc_id"] == d].itertuples())
        for q in g[table]:
            here = [row.value for row in rows if overlap(q, row) > 0]
            n, hit = n + 1, hit + bool(here)
            allowed = [q["value"], *q.get("also", [])]
            right += bool(here) and (q["value"] is None or any(value in allowed for value in here))
    assert hit / n >= floors[0]
    assert right / hit >= floors[1]


def test_nothing_that_stands_in_furniture_only_is_named(scored):
    _, extraction, gold = scored
    for doc_id, g in gold.items():
        named = " | ".join(extraction.mentions.loc[extraction.mentions["doc_id"] == doc_id, "entity"])
        for entity in g["entities"]["absent"]:
            assert entity not in named


def test_only_the_outlet_and_time_of_the_manifest_are_taken_from_it(scored):
    _, extraction, gold = scored
    for article in extraction.articles.itertuples():
        if article.outlet_from == "manifest":
            assert gold[article.doc_id]["outlet"] is None


def test_damage(scored):
    """Warnings that lie in an annotated place (the lists know no broken lines), and annotated places warned of."""
    name, extraction, gold = scored
    places = [(doc_id, d["start"], d["end"]) for doc_id, g in gold.items() for d in g["damage"]]
    rows = [row for row in extraction.damage.itertuples() if row.reason != "broken paragraph"]

    def touches(row, place) -> bool:
        return row.doc_id == place[0] and row.start < place[2] and place[1] < row.end

    right = sum(any(touches(row, place) for place in places) for row in rows)
    found = sum(any(touches(row, place) for row in rows) for place in places)
    floors = {"seeds": (0.8, 0.65), "unseen": (1.0, 0.4)}[name]
    assert right / len(rows) >= floors[0]
    assert found / len(places) >= floors[1]
