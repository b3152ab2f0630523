"""The findings that a reader should know first, each a sentence computed from the tables and the notebook behind it."""

from calendar import month_name
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

import pandas as pd

from rassegna import framing, numbers, reuse, timeline, voices
from rassegna.corpus_tables import Extraction, by_outlet

_N_SHOWN = 3  # items a list in a sentence
_LONG = 160  # code points of a quoted sentence


class Finding(NamedTuple):
    """A sentence, and the notebook that shows what it rests on."""

    sentence: str
    notebook: str


def what_happened(corpus: Extraction) -> list[Finding]:
    """What the coverage is of: articles and outlets, who is named in most of them, and the days they speak of most."""
    articles, overview = corpus.articles, corpus.overview()
    n_outlets, unnamed = articles["outlet"].nunique(), int(articles["outlet"].isna().sum())
    found = [
        Finding(
            _n(len(articles), "article")
            + (f" by {_n(n_outlets, 'named outlet')}" if n_outlets else "")
            + (f", {unnamed} of unknown outlet" if unnamed else "")
            + f", {overview['n_words'].sum():,} words of content, from {overview['n_words'].min():,} to"
            f" {overview['n_words'].max():,} an article.",
            "01-corpus",
        )
    ]
    named = corpus.mentions.groupby("entity").agg(n=("doc_id", "nunique"), uses=("doc_id", "size")).reset_index()
    named = named.sort_values(["n", "uses", "entity"], ascending=[False, False, True]).head(5)
    if len(named):
        people = _by_count(zip(named["entity"], named["n"], strict=True), len(articles))
        found.append(Finding(f"Named by the most articles: {people}.", "02-people-and-places"))
    days = corpus.events.dropna(subset=["day_first"])
    days = days[days["day_first"] == days["day_last"]].groupby("day_first")["doc_id"].agg(["nunique", "size"])
    days = days.reset_index().sort_values(["nunique", "size", "day_first"], ascending=[False, False, True])
    if len(days):
        shared = days[days["nunique"] > 1] if days["nunique"].max() > 1 else days
        shared = shared.head(_N_SHOWN)
        told = _by_count(zip(shared["day_first"].map(_day), shared["nunique"], strict=True), len(articles))
        found.append(Finding(f"Days on which the most articles date an event: {told}.", "08-timeline"))
    return found


def who_reports_what(corpus: Extraction) -> list[Finding]:
    """Facts that several articles share, that one has alone, that are contradicted, and where most are not found."""
    facts = corpus.facts
    if facts.empty:
        return [Finding("No fact is told by two articles, and there is no codebook to ask for any.", "04-facts")]
    road = "codebook" if (facts["road"] == "codebook").any() else "discovery"
    own = facts[facts["road"] == road]
    told = own[own["status"] != "not_found"].groupby(["fact_id", "fact"])["doc_id"].nunique()
    n_facts, n_disputed = own["fact_id"].nunique(), own.loc[own["status"] == "contradicts", "fact_id"].nunique()
    asked = "facts of the codebook" if road == "codebook" else "facts that several articles were found to tell"
    untold = f", {n_facts - len(told)} by none" if n_facts > len(told) else ""
    found = [
        Finding(
            f"Of {n_facts} {asked}, {(told > 1).sum()} are told by several articles, {(told == 1).sum()} by one alone"
            f"{untold}; {n_disputed or 'none'} {'is' if n_disputed == 1 else 'are'} contradicted.",
            "04-facts",
        )
    ]
    widest = told[told == told.max()]
    for _, fact in widest.head(1).index:
        tied = f"; and {_n(len(widest) - 1, 'other fact')} as widely" if len(widest) > 1 else ""
        by = f"{told.max()} of {_n(own['doc_id'].nunique(), 'article')}"
        found.append(Finding(f"Told most widely, by {by}: {_cut(fact)}{tied}.", "04-facts"))
    for fact_id, rows in own[own["status"] == "contradicts"].groupby("fact_id"):
        told_by = _listed(corpus.outlets[doc_id] for doc_id in rows["doc_id"])
        what = rows["conflict"].dropna().str.split(":").str[0].mode()
        kind = f" ({what.iloc[0]})" if len(what) else ""
        others = own[(own["fact_id"] == fact_id) & (own["status"] == "states")]["doc_id"].map(corpus.outlets)
        by = f"Contradicted{kind} by {told_by}, told by {_listed(others)}"
        between = by if len(others) else f"{told_by} differ{kind}"
        found.append(Finding(f"{between}: {_cut(rows['fact'].iloc[0])}.", "04-facts"))
    unfound = own[own["status"] == "not_found"].groupby("doc_id").size()
    if len(unfound) and n_facts:
        where = _listed(corpus.outlets[doc_id] for doc_id in unfound.index[unfound == unfound.max()])
        said = f"The most, {unfound.max()} of {n_facts}, are not found in {where}"
        found.append(Finding(f"{said}; not found does not mean left out.", "04-facts"))
    return found


def where_numbers_part(corpus: Extraction) -> list[Finding]:
    """The things for which articles give figures that disagree, the widest apart first."""
    table = numbers.compared(corpus.numbers)
    disputed = table[table["status"] != "agrees"]
    if disputed.empty:
        many = f"{_n(len(table), 'thing')} that several articles give a figure for" if len(table) else "Nothing"
        said = "and the figures agree" if len(table) else "has figures in several articles"
        return [Finding(f"{many}, {said}." if len(table) else f"{many} {said}.", "05-numbers")]
    found = []
    for thing in disputed.head(_N_SHOWN).itertuples():
        own = corpus.numbers[corpus.numbers["number_id"] == thing.number_id]
        figures = _listed(
            f"{corpus.outlets[row.doc_id]} “{row.text}”" + (f" ({row.asserter})" if pd.notna(row.asserter) else "")
            for row in own.drop_duplicates(["doc_id", "text"]).itertuples()
        )
        factor = f", a factor of {thing.factor:,.3g}" if pd.notna(thing.factor) else ""
        why = "; by different sources" if thing.status == "differs_by_source" else ""
        found.append(Finding(f"{_capital(thing.thing)}{factor}: {figures}{why}.", "05-numbers"))
    return found


def where_words_part(corpus: Extraction) -> list[Finding]:
    """The things that the articles call by names of several stances, and in whose voice."""
    table = framing.contrasts(corpus.terms)
    found = []
    for (_, referent), rows in list(table.groupby(["contrast_set", "referent"], sort=False))[:_N_SHOWN]:
        said = _listed(f"“{row.term}” ({_voices(row)})" for row in rows.itertuples())
        found.append(Finding(f"Several names, one referent ({referent}): {said}.", "06-framing"))
    rest = corpus.terms["is_contested"] & ~corpus.terms["contrast_set"].isin(table["contrast_set"])
    used = framing.usage(corpus.terms[rest], corpus.outlets)
    for _, rows in list(used.groupby("contrast_set", sort=False))[: _N_SHOWN - len(found)]:
        sums = rows.groupby("term", sort=False)[framing.VOICES].sum().reset_index()
        said = _listed(f"“{row.term}” ({_voices(row)})" for row in sums.head(2 * _N_SHOWN).itertuples())
        found.append(Finding(f"Words that compete, perhaps for different things: {said}.", "06-framing"))
    return found or [Finding("No words of different stance compete, as far as the lists know them.", "06-framing")]


def who_speaks(corpus: Extraction) -> list[Finding]:
    """Whose words the articles carry most."""
    shares = voices.shares(corpus.quotes, corpus.overview())
    known = voices.loudest(shares)
    if not known:
        return [Finding("No quotation and no reported statement with a named speaker was found.", "03-voices")]
    first = shares[shares["speaker"] == known[0]]
    total = int(shares["n"].sum())
    nobody = int(shares.loc[shares["speaker"] == voices.NOBODY, "n"].sum())
    often = f"in {int(first['n'].sum())} of {_n(total, 'utterance')}"
    others = f"; then {_listed(known[1 : 1 + _N_SHOWN])}" if known[1:] else ""
    unknown = f" For {nobody} of {total} no speaker was found." if nobody else ""
    said = f"{known[0]} speaks most: {often}, in {_n(len(first), 'article')}{others}.{unknown}"
    return [Finding(said, "03-voices")]


def how_independent(corpus: Extraction) -> list[Finding]:
    """How many origins the texts have, and which agencies they credit."""
    table = reuse.origins(corpus.articles, corpus.passages, names=corpus.outlets)
    n = reuse.n_origins(table)
    written = sorted(corpus.articles["agency"].dropna(), reverse=True)
    agencies = sorted({name.casefold(): name for name in written}.values())  # one, however it is written
    found = [
        Finding(
            f"The {_n(len(table), 'text')} have {_n(n, 'origin')} as far as copied passages and credits tell;"
            f" agencies credited: {_listed(agencies) if agencies else 'none'}.",
            "07-reuse",
        )
    ]
    for origin, rows in table.groupby("origin"):
        if len(rows) > 1:
            found.append(Finding(f"One origin ({origin}): {_listed(rows['name'])}.", "07-reuse"))
    return found


def when(corpus: Extraction) -> list[Finding]:
    """Clashes of dates, and how many publication times are known."""
    articles = corpus.articles
    n, stated = len(articles), int(articles["published_from"].isin(["text", "manifest"]).sum())
    inferred = int((articles["published_from"] == "inferred").sum())
    known = f"The text or the manifest tells when {stated} of {_n(n, 'article')} {'was' if stated == 1 else 'were'}"
    known += f" published; for {inferred} it is inferred" if inferred else " published"
    found = [Finding(f"{known}. What happened after that day an article cannot tell.", "08-timeline")]
    return found + [Finding(f"Dates clash: {clash}", "08-timeline") for clash in _clashes(corpus)]


def how_far_to_trust(corpus: Extraction) -> list[Finding]:
    """What the pages and the extraction leave unsure."""
    overview, corrected = corpus.overview(), corpus.corrections["status"].value_counts()
    set_aside = 1 - (overview["share_content"] * overview["n_chars"]).sum() / max(overview["n_chars"].sum(), 1)
    found = [Finding(f"{set_aside:.0%} of the pages' characters belong to no article and were set aside.", "01-corpus")]
    if damaged := overview.loc[overview["n_damage"] > 0, "name"].tolist():
        places = _n(int(overview["n_damage"].sum()), "place")
        found.append(Finding(f"The text looks damaged in {places}: in {_listed(damaged)}.", "01-corpus"))
    spoken = voices.utterances(corpus.quotes)
    if inferred := int(spoken["is_inferred"].sum()):
        said = f"The speaker of {inferred} of {len(spoken)} utterances is inferred: no name stands with the verb."
        found.append(Finding(said, "03-voices"))
    counts = _listed(f"{n} {status}" for status, n in sorted(corrected.items()))
    found.append(Finding(f"Corrections by hand: {counts or 'none'}.", "09-validity"))
    if refused := len(corpus.tables["refused"]):
        found.append(Finding(f"{_capital(_n(refused, 'input'))} refused, or read with a warning.", "01-corpus"))
    return found


QUESTIONS: Mapping[str, Callable[[Extraction], list[Finding]]] = {
    ask.__name__: ask
    for ask in (
        what_happened,
        who_reports_what,
        where_numbers_part,
        where_words_part,
        who_speaks,
        how_independent,
        when,
        how_far_to_trust,
    )
}


def findings(corpus: Extraction) -> dict[str, list[Finding]]:
    """All findings by question, in the order of the briefing."""
    return {name: ask(corpus) for name, ask in QUESTIONS.items()}


def _clashes(corpus: Extraction) -> Iterator[str]:
    own = {name: getattr(corpus, name) for name in ("sentences", "mentions", "articles")}
    table = timeline.clashes(corpus.events, corpus.dates, **own).drop_duplicates("clash_id").head(_N_SHOWN)
    for row in table.assign(clash=by_outlet(table["clash"], corpus.outlets)).itertuples():
        end = "" if row.clash.endswith("?") else "."
        yield f"{corpus.outlets[row.doc_id]}, “{_cut(row.text)}”: {row.clash}{end}"


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.day} {month_name[day.month]} {day.year}"


def _voices(row: object) -> str:
    return ", ".join(f"{getattr(row, voice)} {voice}" for voice in framing.VOICES if getattr(row, voice))


def _n(n: int, noun: str) -> str:
    return f"{n:,} {noun}" + ("" if n == 1 else "s")


def _listed(items: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(items))


def _cut(text: str) -> str:
    text = " ".join(text.split()).rstrip(".")
    return text if len(text) <= _LONG else text[: _LONG - 1].rsplit(" ", 1)[0] + "…"


def _by_count(counted: Iterable[tuple[str, int]], n: int) -> str:
    """Names with how many of n articles have them, which stands once behind those that have as many."""
    groups: dict[int, list[str]] = {}
    for name, count in counted:
        groups.setdefault(count, []).append(name)
    return "; ".join(f"{', '.join(names)} ({count} of {n})" for count, names in groups.items())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
