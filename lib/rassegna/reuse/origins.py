"""How many independent origins the coverage has: articles that copy each other, or one agency, count as one."""

import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

MIN_SHARE = 0.5
COLUMNS = ["doc_id", "origin", "name", "agency", "share_shared", "n_passages", "shares_with"]


def origins(
    articles: pd.DataFrame, passages: pd.DataFrame, *, names: dict[str, str] | None = None, min_share: float = MIN_SHARE
) -> pd.DataFrame:
    """Group the articles by the origin of their text.

    Two articles have one origin when they credit the same agency, or when the passages that they share hold
    `min_share` of the words of either; and so do all that are linked through others. A legal line that many articles
    carry is too short for that. Who copied whom is not said: both may have it from a third.

    Args:
        articles: Table `articles` (doc_id, agency, and outlet where `names` is not given).
        passages: Table `passages`.
        names: doc_id to what the article is called.
        min_share: Share of the shorter article's words outside quotations (0-1).

    Returns:
        One row per article, in the order of `articles`: doc_id, origin (int, from 1 in that order), name, agency,
        share_shared (0-1, the most that it shares with one other article), n_passages, shares_with (the names of
        all articles that it shares a passage with, joined by "; "; null if none).

    Raises:
        ValueError: `min_share` outside 0-1.
    """
    if not 0 < min_share <= 1:
        raise ValueError(f"min_share {min_share} must be above 0 and at most 1")
    doc_ids = articles["doc_id"].tolist()
    names = names or dict(zip(doc_ids, articles["outlet"].fillna(articles["doc_id"]), strict=True))
    shared = pairs(passages)
    place = {doc_id: n for n, doc_id in enumerate(doc_ids)}
    alike = shared[shared[["share", "other_share"]].max(axis=1) >= min_share]
    links = [(place[a], place[b]) for a, b in zip(alike["doc_id"], alike["other_doc_id"], strict=True)]
    credited = articles.assign(key=articles["agency"].str.casefold(), place=range(len(articles))).dropna(subset="key")
    first = credited.groupby("key")["place"].transform("first")
    links += list(zip(first, credited["place"], strict=True))
    origin = _components(links, len(doc_ids))
    turned = {"doc_id": "other_doc_id", "other_doc_id": "doc_id", "share": "other_share", "other_share": "share"}
    own = pd.concat([shared, shared.rename(columns=turned)]).groupby("doc_id")
    others = own["other_doc_id"].agg(lambda found: "; ".join(names[d] for d in doc_ids if d in set(found)))
    table = articles[["doc_id", "agency"]].assign(
        origin=origin,
        name=articles["doc_id"].map(names),
        share_shared=articles["doc_id"].map(own["share"].max()).fillna(0.0),
        n_passages=articles["doc_id"].map(own["n_passages"].sum()).fillna(0).astype(int),
        shares_with=articles["doc_id"].map(others).astype("str"),
    )
    return table[COLUMNS].reset_index(drop=True)


def pairs(passages: pd.DataFrame) -> pd.DataFrame:
    """Sum up what every two articles share.

    Args:
        passages: Table `passages`.

    Returns:
        One row per pair of articles that share a passage, the pair that shares most of either first: doc_id,
        other_doc_id, n_passages, n_words (the same in both), share, other_share (0-1, of either's words outside
        quotations).
    """
    keys = ["doc_id", "other_doc_id"]
    once = passages.assign(
        share=_once(passages, "start", "end", "share"),
        other_share=_once(passages, "other_start", "other_end", "other_share"),
    )
    by_pair = once.groupby(keys)
    sums = by_pair[["n_words", "share", "other_share"]].sum().assign(n_passages=by_pair.size()).reset_index()
    sums = sums.assign(most=sums[["share", "other_share"]].max(axis=1))
    sums = sums.sort_values(["most", "doc_id", "other_doc_id"], ascending=[False, True, True], ignore_index=True)
    return sums[["doc_id", "other_doc_id", "n_passages", "n_words", "share", "other_share"]]


def _once(passages: pd.DataFrame, start: str, end: str, share: str) -> pd.Series:
    """The share of each passage, 0 where an earlier one of the pair overlaps it: an article may repeat a paragraph."""
    keys = ["doc_id", "other_doc_id"]
    ordered = passages.sort_values([*keys, start, end], ascending=[True, True, True, False], kind="stable")
    by_pair = [ordered[key] for key in keys]
    reached = ordered.groupby(keys)[end].cummax().groupby(by_pair).shift(fill_value=0)
    return ordered[share].where(ordered[start] >= reached, 0.0)


def n_origins(table: pd.DataFrame) -> int:
    """How many independent origins a table from `origins` has."""
    return int(table["origin"].nunique())


def _components(links: list[tuple[int, int]], n: int) -> list[int]:
    """Number of the group of each of n things, from 1 in their order, two linked ones in the same."""
    rows, columns = [a for a, _ in links], [b for _, b in links]
    graph = coo_array(([1] * len(links), (rows, columns)), shape=(n, n))
    return [int(label) + 1 for label in pd.factorize(connected_components(graph, directed=False)[1])[0]] if n else []
