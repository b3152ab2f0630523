"""How outlets differ in their designations: counts by voice, and one thing under several names."""

from collections.abc import Mapping

import pandas as pd

VOICES = ["own", "attributed", "quoted"]


def usage(terms: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Count the contested and the loaded designations by outlet and voice, the sets with the most loaded uses first.

    Args:
        terms: Table `terms`.
        names: doc_id → what its column is called (the outlet).

    Returns:
        One row per designation and name, by falling loaded uses (their stance is not neutral) of its set, then set,
        falling uses of the designation, then term: contrast_set, term, stance, name, own, attributed, quoted, n.
    """
    contested = terms[terms["is_contested"] | (terms["stance"] != "neutral")]
    contested = contested.assign(name=contested["doc_id"].map(names), is_loaded=contested["stance"] != "neutral")
    by_set = contested.groupby("contrast_set")["is_loaded"].sum()
    by_term = contested.groupby(["contrast_set", "term"]).size()
    keys = ["contrast_set", "term", "stance", "name"]
    voices = {voice: contested["voice"].eq(voice).astype(int) for voice in VOICES}
    counts = contested.assign(**voices).groupby(keys, as_index=False)[VOICES].sum()
    counts = counts.assign(
        n=counts[VOICES].sum(axis="columns"),
        loaded=counts["contrast_set"].map(by_set),
        uses=[by_term[key] for key in zip(counts["contrast_set"], counts["term"], strict=True)],
    )
    order = ["loaded", "contrast_set", "uses", "term", "name"]
    counts = counts.sort_values(order, ascending=[False, True, False, True, True], ignore_index=True)
    return counts.drop(columns=["loaded", "uses"])


def contrasts(terms: pd.DataFrame) -> pd.DataFrame:
    """Say which things have designations of several stances.

    Args:
        terms: Table `terms`; what has no referent is left out, for nobody knows whether it is the same thing.

    Returns:
        One row per set, referent and designation, the referents with the most uses first: contrast_set, referent, term,
        stance, own, attributed, quoted, n (uses), n_articles.
    """
    known = terms.dropna(subset=["referent"])
    group = ["contrast_set", "referent"]
    stances = known.groupby(group)["stance"].transform("nunique")
    known = known[stances > 1]
    known = known.assign(uses=known.groupby(group)["term"].transform("size"))
    known = known.assign(**{voice: known["voice"].eq(voice).astype(int) for voice in VOICES})
    sums = {voice: (voice, "sum") for voice in VOICES}
    table = known.groupby(["uses", *group, "term", "stance"], as_index=False).agg(
        **sums, n=("term", "size"), n_articles=("doc_id", "nunique")
    )
    order = ["uses", *group, "n", "term"]
    table = table.sort_values(order, ascending=[False, True, True, False, True], ignore_index=True)
    return table[[*group, "term", "stance", *VOICES, "n", "n_articles"]]
