"""The tables `facts` and `evidence`: who reports which fact, who contradicts it, in whom it is not found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from rassegna.facts.assertion import top
from rassegna.facts.codebook import Entry, stub
from rassegna.facts.coding import clashes, coded, names_of
from rassegna.facts.contradictions import Clash
from rassegna.facts.discovery import SHARED, discovered
from rassegna.facts.statements import Evidence, Statement
from rassegna.voices import voice_of

FACT_COLUMNS = [
    *("fact_id", "fact", "doc_id", "status", "sentence_id", "start", "end", "text", "score", "road"),
    *("voice", "holder", "caveat", "conflict", "n_sentences", "reason"),
]
EVIDENCE_COLUMNS = ["fact_id", "doc_id", "sentence_id", "start", "end", "text", "taken", "voice", "holder", "reason"]
SHORT = 0.5  # an article with less than so much of the median words says little by its silence
WHOLE = 200  # articles; in a larger corpus a discovered fact has no rows for those that do not tell it
_VOICES = ("own", "attributed", "quoted")
_KINDS = {"denied": "negation", "exchanged": "roles"}
_DAY = len("2024-06-19")
_STUB_LINES = 3


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
    found: Sequence[Statement],
    tables: Mapping[str, pd.DataFrame],
    *,
    affiliation: Mapping[str, set[str]],
    codebook: Sequence[Entry] = (),
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Say of every fact and article whether the article reports it.

    Args:
        found: The corpus's statements, as `statements.statements` gives them.
        tables: Tables `articles`, `mentions`, `dates` and `quotes`, by name.
        affiliation: As `contradictions.affiliations` gives it.
        codebook: The researcher's facts. What several articles tell and none of these covers is added.

    Returns:
        Table `facts`, one row per fact and article (see `tables.toml`; of a discovered fact only articles that tell it,
        where there are more than `WHOLE` articles), and table `evidence`, one row per fact and sentence that tells it.
    """
    quotes, names = tables["quotes"], names_of(tables["mentions"])
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
    articles = tables["articles"].assign(known=_last_days(tables["articles"], tables["dates"]))
    evidence_table = _evidence(told, quotes)
    by_fact = dict(list(evidence_table.groupby("fact_id")))
    cells = [row for fact in told for row in _cells(fact, by_fact.get(fact.fact_id, evidence_table[:0]), articles)]
    return pd.DataFrame(cells, columns=FACT_COLUMNS), evidence_table


def _evidence(told: Sequence[Fact], quotes: pd.DataFrame) -> pd.DataFrame:
    every = [(fact, e) for fact in told for e in fact.evidence if e.taken != "open"]
    heads = [(e.statement, top(e.tokens, e.statement)) for _, e in every]
    spans = [(s.doc_id, *s.span(frozenset({head.i} if head is not None else ()))) for s, head in heads]
    voices = voice_of(pd.DataFrame(spans, columns=["doc_id", "start", "end"]), quotes)
    rows = [
        (fact.fact_id, s.doc_id, s.sentence_id, s.start, s.end, s.text, e.taken, voice, holder, e.reason)
        for (fact, e), voice, holder in zip(every, voices["voice"], voices["holder"], strict=True)
        for s in [e.statement]
    ]
    return pd.DataFrame(rows, columns=EVIDENCE_COLUMNS)


def _last_days(articles: pd.DataFrame, dates: pd.DataFrame) -> pd.Series:
    """The last day an article can know of: its publication, else the last one that it names; null: not known."""
    days = dates[(dates["type"] == "DATE") & dates["value"].str.fullmatch(r"\d{4}-\d\d-\d\d")]
    named = articles["doc_id"].map(days.groupby("doc_id")["value"].max())
    published = articles["published_at"].str[:_DAY]
    return published.where(published.str.len() == _DAY, named)


def _cells(fact: Fact, evidence: pd.DataFrame, articles: pd.DataFrame) -> list[tuple[object, ...]]:
    """The rows of one fact, one an article."""
    by_article = dict(list(evidence.groupby("doc_id")))
    known = {e.statement.key: e for e in fact.evidence}
    possible = {e.statement.doc_id for e in fact.evidence if e.taken == "open"}
    telling = articles[articles["doc_id"].isin(set(evidence.loc[evidence["taken"] == "asserted", "doc_id"]))]
    first = fact.since or telling["known"].min()
    short = SHORT * articles["n_words"].median()
    cells: list[tuple[object, ...]] = []
    for article in articles.itertuples():
        doc_id = str(article.doc_id)
        if (rows := by_article.get(doc_id)) is not None:
            status, conflict = _status(fact, doc_id, set(rows["taken"]))
            best = _best(rows, known)
            cells.append((fact.fact_id, fact.fact, doc_id, status, best["sentence_id"], best["start"], best["end"],
                          best["text"], known[doc_id, best["sentence_id"]].score, fact.road, best["voice"],
                          best["holder"], None, conflict, len(rows), best["reason"]))  # fmt: skip
        elif fact.road == "codebook" or len(articles) <= WHOLE:
            notes = ["named as possible or asked only"] if doc_id in possible else []
            if isinstance(first, str) and isinstance(article.known, str) and article.known < first:
                notes.append(f"{'happened' if fact.since else 'first told'} on {first}, after the article")
            notes += [f"short article ({article.n_words} words)"] if article.n_words < short else []
            cells.append((fact.fact_id, fact.fact, doc_id, "not_found", None, None, None, None,
                          fact.nearest.get(doc_id, 0.0), fact.road, None, None, "; ".join(notes) or None, None, 0,
                          None))  # fmt: skip
    return cells


def _best(rows: pd.DataFrame, known: Mapping[tuple[str, int], Evidence]) -> pd.Series:
    """The evidence to show: told before denied, own voice before another's, the text before its headings."""
    keys = zip(rows["doc_id"], rows["sentence_id"], strict=True)
    order = rows.assign(
        told=rows["taken"] != "asserted",
        rank=rows["voice"].map(_VOICES.index),
        heading=[known[key].statement.label != "body" for key in keys],
    )
    return order.sort_values(["told", "rank", "heading", "start"], kind="stable").iloc[0]


def _status(fact: Fact, doc_id: str, taken: set[str]) -> tuple[str, str | None]:
    """Whether an article states or contradicts a fact, and what contradicts what."""
    notes = []
    for word, kind in _KINDS.items():
        if word in taken:
            notes.append(f"{kind}: here" + (" too" if "asserted" in taken else ""))
        others = {e.statement.doc_id for e in fact.evidence if e.taken == word} - {doc_id}
        notes += [f"{kind}: {other}" for other in sorted(others)]
    clashing = [c for c in fact.clashes if doc_id in (c.first.doc_id, c.second.doc_id)]
    notes += [clash.seen_from(doc_id) for clash in clashing]
    contradicts = "asserted" not in taken or any(clash.is_of_outlets for clash in clashing)
    return "contradicts" if contradicts else "states", "; ".join(notes) or None


def candidates(facts: pd.DataFrame) -> pd.DataFrame:
    """The discovered facts, each with an entry that can be copied into `codebook.toml` and made one's own.

    Args:
        facts: Table `facts`.

    Returns:
        One row per discovered fact, those of more articles first, then by name: fact_id, fact, n_articles, stub (TOML).
    """
    told = facts[(facts["road"] == "discovery") & (facts["status"] != "not_found")]
    table = told.groupby(["fact_id", "fact"]).agg(n_articles=("doc_id", "nunique"), reason=("reason", "first"))
    table = table.reset_index().sort_values(["n_articles", "fact_id"], ascending=[False, True], ignore_index=True)
    stubs = [
        stub(row.fact_id, row.fact, row.reason.removeprefix(SHARED).split("; ")[:_STUB_LINES])
        for row in table.itertuples()
    ]
    return table.assign(stub=pd.Series(stubs, dtype="str"))[["fact_id", "fact", "n_articles", "stub"]]
