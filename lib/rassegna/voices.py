"""Who gets to speak: share of voice by outlet, the classes of the cues, and what kind of source it is."""

from collections.abc import Mapping

import pandas as pd
import regex
from scipy.stats import binomtest

from rassegna.tables import by_article

CONFIDENCE = 0.95
NOBODY = "(nobody named)"
KINDS = {"PER": "person", "ORG": "organisation", "LOC": "place"}  # labels of entities, in words


def utterances(quotes: pd.DataFrame) -> pd.DataFrame:
    """One row per utterance and speaker, so that nothing is counted twice.

    A row that lies within another of its article is left out (words in marks within a reported clause); an utterance
    of several speakers ("Russia; Cina") is each one's; one without a speaker is `NOBODY`'s.

    Args:
        quotes: Table `quotes`.

    Returns:
        The rows that count, with their columns, sorted by article and start.
    """
    ordered = quotes.sort_values(["doc_id", "start", "end"], ascending=[True, True, False], kind="stable")
    reached = ordered.groupby("doc_id")["end"].cummax().groupby(ordered["doc_id"]).shift()
    outer = ordered[~(ordered["end"] <= reached.fillna(-1))]
    spoken = outer.assign(speaker=outer["speaker"].fillna(NOBODY).str.split("; "))
    return spoken.explode("speaker").reset_index(drop=True)


def voice_of(spans: pd.DataFrame, quotes: pd.DataFrame) -> pd.DataFrame:
    """Say in whose voice each span is written: that of the innermost quotation or statement around it.

    Args:
        spans: Rows of any table with doc_id, start, end.
        quotes: Table `quotes` (doc_id, start, end, kind, speaker).

    Returns:
        One row per span, in its order and with its index: voice (own, attributed where its words are reported, quoted
        where they stand in marks), holder (the speaker; null where the outlet itself speaks, or nobody is known).
    """
    # A few spans of a large corpus cost little.
    around = by_article(quotes[quotes["doc_id"].isin(spans["doc_id"])])

    def voice(doc_id: str, start: int, end: int) -> tuple[str, str | None]:
        touching = [q for q in around.get(doc_id, ()) if q.start < end and start < q.end]
        held = [q for q in touching if q.start <= start or end <= q.end]
        inner = min(held, key=lambda q: (q.end - q.start, q.start), default=None)
        if inner is None:
            return "own", None
        return "attributed" if inner.kind == "indirect" else "quoted", inner.speaker if pd.notna(
            inner.speaker
        ) else None

    found = [voice(*row) for row in spans[["doc_id", "start", "end"]].itertuples(index=False)]
    return pd.DataFrame(found, index=spans.index, columns=["voice", "holder"]).astype("str")


def speaks_for(speaker: object, affiliation: Mapping[str, set[str]]) -> frozenset[str]:
    """A speaker, or several joined by "; ", and whom they speak for; nobody where there is none.

    Args:
        speaker: As in table `quotes`.
        affiliation: Speaker to the entities that he or she speaks for (see `facts.contradictions.affiliations`).
    """
    names = speaker.split("; ") if isinstance(speaker, str) else []
    return frozenset(names).union(*(affiliation.get(name, ()) for name in names))


def shares(quotes: pd.DataFrame, overview: pd.DataFrame) -> pd.DataFrame:
    """Share of each speaker in what an article quotes and reports, by utterances and by words.

    The interval is Wilson's for the share of utterances. It takes them for independent, which the utterances of one
    article are not: read it as the least that is uncertain.

    Args:
        quotes: Table `quotes`; what counts is what `utterances` makes of it.
        overview: One row per article: doc_id, name.

    Returns:
        One row per article and speaker, sorted by the article's order, falling utterances, then speaker: doc_id,
        name, speaker, n (utterances), n_words, share, low, high (of utterances, 0-1), share_words (0-1), n_total.

    Source:
        Wilson 1927, Journal of the American Statistical Association 22(158).
    """
    spoken = utterances(quotes)
    spoken = spoken.assign(n_words=spoken["text"].map(lambda text: len(regex.findall(r"\w+", text))).astype(int))
    table = spoken.groupby(["doc_id", "speaker"]).agg(n=("text", "size"), n_words=("n_words", "sum")).reset_index()
    totals = table.groupby("doc_id")[["n", "n_words"]].transform("sum")
    intervals = [_wilson(n, total) for n, total in zip(table["n"], totals["n"], strict=True)]
    table = table.assign(
        share=table["n"] / totals["n"],
        low=[low for low, _ in intervals],
        high=[high for _, high in intervals],
        share_words=table["n_words"] / totals["n_words"].clip(lower=1),
        n_total=totals["n"],
    ).merge(overview[["doc_id", "name"]], on="doc_id")
    place = table["doc_id"].map({doc_id: n for n, doc_id in enumerate(overview["doc_id"])})
    table = table.assign(place=place).sort_values(["place", "n", "speaker"], ascending=[True, False, True])
    columns = ["doc_id", "name", "speaker", "n", "n_words", "share", "low", "high", "share_words", "n_total"]
    return table[columns].reset_index(drop=True)


def loudest(table: pd.DataFrame) -> list[str]:
    """Speakers in the order in which a figure shows them: in more articles, with more utterances, by name."""
    sums = table[table["speaker"] != NOBODY].groupby("speaker").agg(articles=("doc_id", "nunique"), n=("n", "sum"))
    return (
        sums.reset_index().sort_values(["articles", "n", "speaker"], ascending=[False, False, True])["speaker"].tolist()
    )


def cue_classes(quotes: pd.DataFrame, overview: pd.DataFrame) -> pd.DataFrame:
    """Count the classes of the cues by article, each cue once: doc_id, name, cue_class, n, share (0-1)."""
    named = (
        quotes.dropna(subset=["cue_class"])
        .drop_duplicates(["doc_id", "cue_start"])
        .merge(overview[["doc_id", "name"]], on="doc_id")
    )
    counts = named.groupby(["doc_id", "name", "cue_class"]).size().rename("n").reset_index()
    return counts.assign(share=counts["n"] / counts.groupby("name")["n"].transform("sum"))


def sources(quotes: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """Say of each speaker what kind of source it is.

    Args:
        quotes: Table `quotes`.
        mentions: Table `mentions`: a speaker that is an entity there is named, another one is not.

    Returns:
        One row per speaker, sorted by falling utterances, then name: speaker, kind (person, organisation, place,
        unnamed), n (utterances), n_articles.
    """
    label = mentions.drop_duplicates("entity").set_index("entity")["label"]
    table = (
        utterances(quotes).groupby("speaker").agg(n=("text", "size"), n_articles=("doc_id", "nunique")).reset_index()
    )
    table = table.assign(kind=table["speaker"].map(label).map(KINDS).fillna("unnamed"))
    table = table.sort_values(["n", "speaker"], ascending=[False, True], ignore_index=True)
    return table[["speaker", "kind", "n", "n_articles"]]


def _wilson(n: int, total: int) -> tuple[float, float]:
    interval = binomtest(int(n), int(total)).proportion_ci(CONFIDENCE, method="wilson")
    return float(interval.low), float(interval.high)
