"""Who and what the coverage is about: how often each entity is named, where alone, and together with whom."""

from itertools import combinations

import pandas as pd


def prominence(mentions: pd.DataFrame, overview: pd.DataFrame) -> pd.DataFrame:
    """Count the mentions of each entity in each article, and per 1,000 words of its content.

    Args:
        mentions: Table `mentions`.
        overview: One row per article: doc_id, name, n_words.

    Returns:
        One row per entity and article that mentions it, sorted by the entity's number of articles and mentions, both
        falling, then entity and the article's order: entity_id, entity, label, doc_id, name, n_mentions,
        mentions_per_1k_words, n_articles (of the entity), n_total (mentions of the entity in the corpus).
    """
    counts = mentions.groupby(["entity_id", "entity", "label", "doc_id"]).size().rename("n_mentions").reset_index()
    counts = counts.merge(overview[["doc_id", "name", "n_words"]], on="doc_id")
    by_entity = counts.groupby("entity_id")
    counts = counts.assign(
        mentions_per_1k_words=1000 * counts["n_mentions"] / counts["n_words"].clip(lower=1),
        n_articles=by_entity["doc_id"].transform("nunique"),
        n_total=by_entity["n_mentions"].transform("sum"),
    )
    order = {doc_id: n for n, doc_id in enumerate(overview["doc_id"])}
    counts = counts.assign(place=counts["doc_id"].map(order)).sort_values(
        ["n_articles", "n_total", "entity", "entity_id", "place"], ascending=[False, False, True, True, True]
    )
    return counts.drop(columns=["n_words", "place"]).reset_index(drop=True)


def exclusives(prominent: pd.DataFrame) -> pd.DataFrame:
    """The entities that a single article names, sorted by article and falling mentions.

    Args:
        prominent: What `prominence` gives.

    Returns:
        One row per entity: doc_id, name, entity_id, entity, label, n_mentions.
    """
    alone = prominent[prominent["n_articles"] == 1]
    places = {name: n for n, name in enumerate(prominent["name"].unique())}
    alone = alone.assign(place=alone["name"].map(places)).sort_values(
        ["place", "n_mentions", "entity"], ascending=[True, False, True]
    )
    return alone[["doc_id", "name", "entity_id", "entity", "label", "n_mentions"]].reset_index(drop=True)


def meetings(mentions: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Find the sentences in which two entities are named together.

    Args:
        mentions: Table `mentions`.
        sentences: Table `sentences`.

    Returns:
        One row per pair and sentence: entity, other, doc_id, start, end (of the sentence).
    """
    placed = in_sentences(mentions, sentences)
    spans = sentences.set_index(["doc_id", "sentence_id"])[["start", "end"]]
    pairs = [
        (a, b, doc_id, *spans.loc[(doc_id, sentence_id)])
        for (doc_id, sentence_id), names in placed.groupby(["doc_id", "sentence_id"])["entity"]
        for a, b in combinations(sorted(set(names)), 2)
    ]
    return pd.DataFrame(pairs, columns=["entity", "other", "doc_id", "start", "end"])


def together(met: pd.DataFrame) -> pd.DataFrame:
    """Count what `meetings` finds.

    Returns:
        One row per pair, sorted by falling sentences, then the names: entity, other, n_sentences, n_articles.
    """
    counted = met.groupby(["entity", "other"])["doc_id"]
    table = counted.agg(n_sentences="size", n_articles="nunique").reset_index()
    return table.sort_values(
        ["n_sentences", "n_articles", "entity", "other"], ascending=[False, False, True, True], ignore_index=True
    )


def in_sentences(spans: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Add to each span of a table the sentence that it begins in: sentence_id, sentence (its text).

    The order of the rows is kept; a span outside every sentence is left out.
    """
    left = spans.reset_index(names="row").sort_values("start", kind="stable")
    right = sentences[["doc_id", "start", "end", "sentence_id", "text"]].sort_values("start", kind="stable")
    right = right.rename(columns={"start": "sentence_start", "end": "sentence_end", "text": "sentence"})
    placed = pd.merge_asof(left, right, left_on="start", right_on="sentence_start", by="doc_id")
    placed = placed[placed["start"] < placed["sentence_end"]].sort_values("row")
    return placed.drop(columns=["row", "sentence_start", "sentence_end"]).reset_index(drop=True)
