"""What the table `facts` says of each fact and each article: how far a fact goes, and what an article leaves out."""

import pandas as pd

SHOWN = {
    "own": "in its own voice",
    "others": "in others' words only",
    "contradicts": "contradicts",
    "not_found": "not found",
}


def shown(facts: pd.DataFrame) -> pd.Series:
    """How each cell is shown: own, others (attributed or quoted only), contradicts or not_found."""
    states = facts["status"] == "states"
    return facts["status"].mask(states, "others").mask(states & (facts["voice"] == "own"), "own")


def reach(facts: pd.DataFrame, overview: pd.DataFrame) -> pd.DataFrame:
    """Say of each fact who reports it, whether one article has it alone, and in whom its absence stands out.

    Args:
        facts: Table `facts`.
        overview: One row per article: doc_id, name, in the fixed order.

    Returns:
        One row per fact, in the order of the table: fact_id, fact, road, n_articles (that state or contradict it),
        told_by, exclusive_to (the only article that has it), blind_spots (articles without it, though more than half
        of the others have it and nothing excuses them); names joined by a comma, null where there are none.
    """
    names = dict(zip(overview["doc_id"], overview["name"], strict=True))
    rows = []
    for (fact_id, fact, road), own in facts.groupby(["fact_id", "fact", "road"], sort=False):
        told = own[own["status"] != "not_found"]["doc_id"]
        silent = own[(own["status"] == "not_found") & own["caveat"].isna()]["doc_id"]
        by = _joined(told, names)
        stands_out = 2 * len(told) > len(own) - 1
        rows.append((fact_id, fact, road, len(told), by, by if len(told) == 1 else None,
                     _joined(silent, names) if stands_out else None))  # fmt: skip
    columns = ["fact_id", "fact", "road", "n_articles", "told_by", "exclusive_to", "blind_spots"]
    return pd.DataFrame(rows, columns=columns)


def _joined(doc_ids: pd.Series, names: dict[str, str]) -> str | None:
    known = set(doc_ids)
    return ", ".join(name for doc_id, name in names.items() if doc_id in known) or None


def profile(facts: pd.DataFrame, overview: pd.DataFrame) -> pd.DataFrame:
    """Count what each article has of the facts.

    Args:
        facts: Table `facts`.
        overview: One row per article: doc_id, name, in the fixed order.

    Returns:
        One row per article, in that order: name, own, others, contradicts, not_found (facts), n_caveats (of those not
        found), n_facts.
    """
    counts = pd.crosstab(facts["doc_id"], shown(facts)).reindex(
        index=overview["doc_id"], columns=list(SHOWN), fill_value=0
    )
    caveats = facts["caveat"].notna().groupby(facts["doc_id"]).sum().reindex(overview["doc_id"], fill_value=0)
    table = counts.reset_index(drop=True).rename_axis(columns=None).astype(int)
    table = table.assign(n_caveats=caveats.to_numpy(dtype=int), n_facts=counts.sum(axis=1).to_numpy())
    return pd.concat([overview["name"].reset_index(drop=True), table], axis=1)
