"""The comparison on the second corpus: figures, copied passages, origins, clashing dates, facts without a codebook."""

import itertools
import json
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest
import scored
from conftest import ROOT
from rassegna.corpus_tables import Extraction
from rassegna.extraction import extract
from rassegna.numbers import compared
from rassegna.reuse import origins
from rassegna.settings import Settings
from rassegna.timeline.clashing import clashes

CORPUS = ROOT / "tests" / "second_corpus"
# Pairs of sentences that tell the same of what facts.json does not hold, judged by hand: the beginnings of their texts.
# Passages that are copied, and a quotation that several articles have, are such pairs too.
ALIKE = {
    ("Cattabriga lavorava da 14 anni", "Lavorava lì da quattordici anni"),
    ("(LIGEA)", "Porto Salveto, guerriglia al porto"),
    ("Lunedì le parti sono attese", "Una prima versione"),
    ("Lunedì il tavolo in prefettura", "Una prima versione"),
}
# Measure to what was reached at first sight, before anything was changed for what this corpus shows, and the floor now.
# The floors of facts by codebook are in floors.csv; their first sight: status 179 of 205, evidence 68 of 72.
REACHED = {
    "figures of one thing found": (0.325, 0.41),
    "figures put together that are": (0.965, 0.97),
    "relation of a found thing": (0.666, 0.85),
    "equal numbers of other things left apart": (1.0, 1.0),
    "copied paragraphs found": (1.0, 1.0),
    "passages that are copied": (1.0, 1.0),
    "shared quotations left out": (1.0, 1.0),
    "origins": (1.0, 1.0),
    "clashing dates found": (0.5, 1.0),
    "clashes that are": (1.0, 1.0),
    "dates that agree left alone": (1.0, 1.0),
    "discovered pairs that tell the same": (0.586, 0.91),
    "discovered pairs of facts": (0.525, 0.62),
}


def gold(name):
    return json.loads((CORPUS / "annotations" / f"{name}.json").read_text(encoding="utf-8"))


def place(row):
    """Where a span stands, of an annotation or a table."""
    row = row if isinstance(row, dict) else row._asdict()
    return row["doc_id"], row["start"], row["end"]


def meet(a, b):
    return a[0] == b[0] and a[1] < b[2] and b[1] < a[2]


def across(places):
    """The pairs of different articles, each in the order of the articles."""
    return {pair for pair in itertools.combinations(sorted(set(places)), 2) if pair[0][0] != pair[1][0]}


def share(n, whole):
    return n / whole if whole else 1.0


@cache
def figures():
    """Figures: pairs of one thing that are found, pairs put together that are right, relations, traps."""
    own, annotated = scored.extraction("second corpus").numbers, gold("numbers")
    groups = {group["group_id"]: [place(m) for m in group["members"]] for group in annotated["groups"]}
    # The marchers may be grouped by who counts or together: to find either is enough, to mix them no error.
    wanted = {pair for name, places in groups.items() if name != "marchers" for pair in across(places)}
    right = {pair for places in groups.values() for pair in across(places)}
    known = {p for places in groups.values() for p in places}
    found = [
        [next((p for p in known if meet(p, place(row))), place(row)) for row in rows.itertuples()]
        for _, rows in own.groupby("number_id")
    ]
    judged = {pair for places in found for pair in across(places) if known & set(pair)}
    relations = {group["group_id"]: group["relation"] for group in annotated["groups"]}
    told = compared(own).set_index("number_id")["status"]
    status = [
        (told[number_id], relations[name])
        for (number_id, _), places in zip(own.groupby("number_id"), found, strict=True)
        for name, members in groups.items()
        if name != "marchers" and across(set(places) & set(members))
    ]
    traps = [{next((p for p in known if meet(p, place(t[side]))), place(t[side])) for side in "ab"}
             for t in annotated["traps"]]  # fmt: skip
    return (
        {
            "figures of one thing found": share(len(wanted & judged), len(wanted)),
            "figures put together that are": share(len(judged & right), len(judged)),
            "relation of a found thing": share(sum(a == b for a, b in status), len(status)),
            "equal numbers of other things left apart": share(
                sum(not any(trap <= set(places) for places in found) for trap in traps), len(traps)
            ),
        },
        sorted(wanted - judged),
        sorted(judged - right),
    )


@cache
def copied():
    """Passages: copied pairs that are found (half of both paragraphs), shared quotations that are none; origins."""
    own, annotated = scored.extraction("second corpus"), gold("passages")
    found = [(place(p), (p.other_doc_id, p.other_start, p.other_end)) for p in own.passages.itertuples()]
    pairs = [(place(p), (p["other_doc_id"], p["other_start"], p["other_end"])) for p in annotated["copied"]]
    hits = [any(halves(a, x) and halves(b, y) for x, y in found) for a, b in pairs]
    right = [any(meet(a, x) and meet(b, y) for a, b in pairs) for x, y in found]
    quoted = [place(m) for case in annotated["not_copied"] for m in case["members"]]
    free = [not any(meet(q, x) or meet(q, y) for x, y in found) for q in quoted]
    table = origins(own.articles, own.passages)
    clusters = {frozenset(rows["doc_id"]) for _, rows in table.groupby("origin")}
    annotated = gold("origins")
    expected = {frozenset(ids) for ids in annotated["clusters"]}
    partial = {p["doc_id"] for p in annotated["partial"]}
    accepted = {frozenset(ids - partial) for ids in clusters} - {frozenset()} == {
        frozenset(ids - partial) for ids in expected
    } - {frozenset()}
    return {
        "copied paragraphs found": share(sum(hits), len(hits)),
        "passages that are copied": share(sum(right), len(right)),
        "shared quotations left out": share(sum(free), len(free)),
        "origins": float(accepted),
    }


def halves(a, b):
    """Whether two spans overlap by half of the longer one."""
    return meet(a, b) and (min(a[2], b[2]) - max(a[1], b[1])) / max(a[2] - a[1], b[2] - b[1]) >= 0.5


@cache
def dated():
    """Dates: clashes that are found (two of the values, in articles of the clash), and what must not be one."""
    own, annotated = scored.extraction("second corpus"), gold("timeline")
    found = clashes(own.events, own.dates, sentences=own.sentences, mentions=own.mentions, articles=own.articles)
    groups = [[place(row) for row in rows.itertuples()] for _, rows in found.groupby("clash_id")]
    measured = {}
    hits = []
    for case in annotated["clashes"]:
        if case["kind"] == "correction":  # told within one article, no clash of two
            continue
        members = [(place(m), m["value"]) for m in case["members"]]
        values = [{v for m, v in members if any(meet(m, p) for p in group)} for group in groups]
        hits.append(any(len(v) >= (1 if case["kind"] == "weekday" else 2) for v in values))
    events = [(place(e), e["event_id"], e["value"][:10]) for e in annotated["events"]]
    clashing = {frozenset(case["values"]) for case in annotated["clashes"]}
    told = [{(event, day) for p, event, day in events if any(meet(p, q) for q in group)} for group in groups]
    false = [len(own) > 1 and frozenset(day for _, day in own) not in clashing for own in told]
    free = [
        not any(sum(meet(place(m), p) for m in case["members"] for p in group) > 1 for group in groups)
        for case in annotated["not_clashes"]
    ]
    measured["clashing dates found"] = share(sum(hits), len(hits))
    measured["clashes that are"] = 1 - share(sum(false), len(false)) if groups else 1.0
    measured["dates that agree left alone"] = share(sum(free), len(free))
    return measured


@cache
def without_codebook() -> Extraction:
    """The corpus as a folder without its codebook."""
    with tempfile.TemporaryDirectory() as folder:
        for path in [*CORPUS.glob("*.txt"), CORPUS / "manifest.csv", CORPUS / "corpus.toml"]:
            shutil.copy(path, folder)
        return extract(Settings.from_parameters(Path(folder)))


def alike():
    """The places of one text in several articles: copied paragraphs, shared quotations."""
    annotated = gold("passages")
    copied = [
        [place(p), place({"doc_id": p["other_doc_id"], "start": p["other_start"], "end": p["other_end"]})]
        for p in annotated["copied"]
    ]
    return copied + [[place(m) for m in case["members"]] for case in annotated["not_copied"]]


def merged():
    """The pairs of sentences of different articles that discovery puts into one fact."""
    evidence = without_codebook().evidence
    rows = (itertools.combinations(own.itertuples(), 2) for _, own in evidence.groupby("fact_id"))
    return {(a.doc_id, a.start, b.doc_id, b.start): (a, b) for pairs in rows for a, b in pairs if a.doc_id != b.doc_id}


@cache
def discovered():
    """Facts without a codebook: merged pairs that tell the same, and annotated pairs of articles that are found."""
    pairs = list(merged().values())
    right = [
        (a, b)
        for a, b in pairs
        if any(all(any(in_evidence(x, d) for d in fact["documents"]) for x in (a, b)) for fact in gold("facts"))
        or any(any(meet(place(a), x) and meet(place(b), y) for x, y in across(places)) for places in alike())
        or any(a.text.startswith(x) and b.text.startswith(y) for x, y in ALIKE)
    ]
    found = n = 0
    for fact in gold("facts"):
        told = [d for d in fact["documents"] if d["status"] in ("states", "contradicts")]
        for one, other in itertools.combinations(told, 2):
            n += 1
            found += any(in_evidence(a, one) and in_evidence(b, other) for a, b in pairs)
    return {
        "discovered pairs that tell the same": share(len(right), len(pairs)),
        "discovered pairs of facts": share(found, n),
    }


def in_evidence(row, document):
    return any(meet(place(row), (document["doc_id"], e["start"], e["end"])) for e in document["evidence"])


def measured():
    return figures()[0] | copied() | dated() | discovered()


@pytest.mark.parametrize("measure", REACHED)
def test_what_is_reached(measure):
    """Above the floor, and near it: a floor far below is no gate."""
    reached, (first, floor) = measured()[measure], REACHED[measure]
    assert floor <= reached < floor + 0.05, figures()[1:]
    assert floor >= first


def test_every_measure_has_a_floor():
    assert measured().keys() == REACHED.keys()
