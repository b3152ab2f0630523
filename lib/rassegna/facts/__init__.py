"""The tables `facts` and `evidence`: who reports which fact, who contradicts it, in whom it is not found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from spacy.tokens import Doc

from rassegna.facts.assertion import top
from rassegna.facts.codebook import Entry
from rassegna.facts.coding import clashes, coded, names_of
from rassegna.facts.contradictions import Clash, affiliations
from rassegna.facts.discovery import discovered
from rassegna.facts.statements import Evidence, statements
from rassegna.voices import voice_of

FACT_COLUMNS = [
    *("fact_id", "fact", "doc_id", "status", "sentence_id", "start", "end", "text", "score", "road"),
    *("voice", "holder", "caveat", "conflict", "n_sentences", "reason"),
]
EVIDENCE_COLUMNS = ["fact_id", "doc_id", "sentence_id", "start", "end", "text", "taken", "voice", "holder", "reason"]
SHORT = 0.5  # an article with less than so much of the median words says little by its silence
_VOICES = ("own", "attributed", "quoted")


@dataclass(frozen=True)
class Fact:
    """A fact with what the corpus has on it.

    Attributes:
        fact_id, fact, road: As in table `facts`.
        evidence: What tells it, in the order of the text.
        clashes: Where articles disagree on it.
        nearest: doc_id to how near an article came that does not tell it (0-1).
        since: Day on which it happened, where the codebook says so.
    """

    fact_id: str
    fact: str
    road: str
    evidence: Sequence[Evidence]
    clashes: Sequence[Clash] = ()
    nearest: Mapping[str, float] = field(default_factory=dict)
    since: str | None = None


def facts(
    docs: Mapping[str, Doc], tables: Mapping[str, pd.DataFrame], *, codebook: Sequence[Entry] = ()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Say of every fact and article whether the article reports it.

    Args:
        docs: doc_id to Doc, as `annotate` gives them.
        tables: Tables `articles`, `sentences`, `mentions`, `quantities`, `dates` and `quotes`, by name.
        codebook: The researcher's facts. What several articles tell and none of these covers is added.

    Returns:
        Table `facts`, one row per fact and article (see `tables.toml`), and table `evidence`, one row per fact and
        sentence that tells or denies it.
    """
    articles = tables["articles"]
    language = dict(zip(articles["doc_id"], articles["language"], strict=True))
    read = {name: tables[name] for name in ("mentions", "quantities", "dates")}
    found = statements(docs, tables["sentences"], read, language=language)
    quotes, names = tables["quotes"], names_of(tables["mentions"])
    affiliation = affiliations(quotes, found)
    told = []
    for entry in codebook:
        evidence, nearest = coded(entry, found, names)
        disagreeing = clashes(entry, evidence, quotes, affiliation, names)
        told.append(Fact(entry.fact_id, entry.fact, "codebook", evidence, disagreeing, nearest, entry.since))
    covered = [{e.statement.key for e in fact.evidence} for fact in told]
    told += [
        Fact(group.fact_id, group.fact, "discovery", group.evidence, group.clashes)
        for group in discovered(found, quotes, affiliation)
        if not any(group.is_covered_by(keys) for keys in covered)
    ]
    every = [(fact, e) for fact in told for e in fact.evidence if e.taken != "open"]
    heads = [(e.statement, top(e.tokens, e.statement)) for _, e in every]
    spans = [(s.doc_id, *s.span(frozenset({head.i} if head is not None else ()))) for s, head in heads]
    voices = voice_of(pd.DataFrame(spans, columns=["doc_id", "start", "end"]), quotes)
    rows = [
        (fact.fact_id, s.doc_id, s.sentence_id, s.start, s.end, s.text, e.taken, voice, holder, e.reason)
        for (fact, e), voice, holder in zip(every, voices["voice"], voices["holder"], strict=True)
        for s in [e.statement]
    ]
    evidence_table = pd.DataFrame(rows, columns=EVIDENCE_COLUMNS)
    cells = [row for fact in told for row in _cells(fact, evidence_table, articles)]
    return pd.DataFrame(cells, columns=FACT_COLUMNS), evidence_table


def _cells(fact: Fact, evidence: pd.DataFrame, articles: pd.DataFrame) -> list[tuple[object, ...]]:
    """The rows of one fact, one an article."""
    own = evidence[evidence["fact_id"] == fact.fact_id]
    by_article = dict(list(own.groupby("doc_id")))
    scores = {e.statement.key: e.score for e in fact.evidence}
    possible = {e.statement.doc_id for e in fact.evidence if e.taken == "open"}
    telling = articles[articles["doc_id"].isin(set(own.loc[own["taken"] == "asserted", "doc_id"]))]
    known_from = fact.since or telling["published_at"].dropna().min()
    cells: list[tuple[object, ...]] = []
    for article in articles.itertuples():
        doc_id = str(article.doc_id)
        rows = by_article.get(doc_id)
        if rows is None:
            caveat = _caveat(article, articles, known_from, is_possible=doc_id in possible, is_fixed=bool(fact.since))
            cells.append((fact.fact_id, fact.fact, doc_id, "not_found", None, None, None, None,
                          fact.nearest.get(doc_id, 0.0), fact.road, None, None, caveat, None, 0, None))  # fmt: skip
            continue
        status, conflict = _status(fact, doc_id, rows)
        best = _best(rows)
        cells.append((fact.fact_id, fact.fact, doc_id, status, best["sentence_id"], best["start"], best["end"],
                      best["text"], scores[doc_id, best["sentence_id"]], fact.road, best["voice"], best["holder"],
                      None, conflict, len(rows), best["reason"]))  # fmt: skip
    return cells


def _best(rows: pd.DataFrame) -> pd.Series:
    """The evidence to show: told before denied, in the outlet's own voice before another's, the first of equals."""
    order = rows.assign(told=rows["taken"] != "asserted", rank=rows["voice"].map(_VOICES.index))
    return order.sort_values(["told", "rank", "start"], kind="stable").iloc[0]


def _status(fact: Fact, doc_id: str, rows: pd.DataFrame) -> tuple[str, str | None]:
    """Whether an article states or contradicts, and what contradicts what."""
    notes, taken = [], set(rows["taken"])
    kinds = {"denied": "negation", "exchanged": "roles"}
    for word, kind in kinds.items():
        if word in taken:
            notes.append(f"{kind}: here" + (" too" if "asserted" in taken else ""))
        others = sorted({e.statement.doc_id for e in fact.evidence if e.taken == word and e.statement.doc_id != doc_id})
        notes += [f"{kind}: {other}" for other in others]
    clashing = [c for c in fact.clashes if doc_id in (c.first.doc_id, c.second.doc_id)]
    notes += [clash.seen_from(doc_id) for clash in clashing]
    contradicts = "asserted" not in taken or any(clash.is_of_outlets for clash in clashing)
    return "contradicts" if contradicts else "states", "; ".join(notes) or None


def _caveat(
    article: Any, articles: pd.DataFrame, known_from: object, *, is_possible: bool, is_fixed: bool
) -> str | None:
    """Why it says little that an article does not tell a fact."""
    notes = []
    if is_possible:
        notes.append("named as possible or asked only")
    published = article.published_at
    if isinstance(known_from, str) and isinstance(published, str):
        length = min(len(published), len(known_from), 10)
        if published[:length] < known_from[:length]:
            what = "it happened" if is_fixed else "the others"
            notes.append(f"published before {what} ({known_from[:10]})")
    if article.n_words < SHORT * articles["n_words"].median():
        notes.append(f"short article ({article.n_words} words)")
    return "; ".join(notes) or None
