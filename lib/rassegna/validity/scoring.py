"""Precision, recall and F of the judgements, with intervals by resampling."""

import numpy as np
import pandas as pd
from scipy.stats import binomtest

CONFIDENCE = 0.95
MIN_ARTICLES = 5
_COLUMNS = ["coder", "table", "measure", "kind", "n_gold", "n_found", "n_right", "precision", "recall", "f", "score",
            "low", "high", "interval"]  # fmt: skip
_SUMS = ["n_gold", "n_right", "n_found", "n_found_right"]


def scores(judged: pd.DataFrame, *, seed: int = 1, n_resamples: int = 2000) -> pd.DataFrame:
    """Score every measure.

    Articles are drawn anew with replacement where at least five were judged, else items; the interval is the middle
    95 % of the score in these draws. Where a draw cannot differ, because all or nothing is right, it is Wilson's for
    as many judged items. Articles of one corpus are no sample of others: the interval says how far the score rests
    on single articles.

    Args:
        judged: What `judgements` returns, or some of its rows.
        seed: Seed of the draws.
        n_resamples: Draws.

    Returns:
        Table `validity` without its schema's validation, one row per coder, table and measure.

    Source:
        Efron 1979, The Annals of Statistics 7(1); Wilson 1927, Journal of the American Statistical Association 22(158).
    """
    rows = judged.astype(dict.fromkeys(_SUMS[:3], "float64"))
    rows = rows.assign(n_found_right=rows["n_found"].where(rows["n_gold"] > 0, 0))
    found = []
    for key, own in rows.groupby(["coder", "table", "measure", "kind"], sort=True):
        sums = own[_SUMS].to_numpy()
        n_gold, n_right, n_found, _ = sums.sum(axis=0)
        precision, recall, f = (float(part[0]) for part in _prf(sums.sum(axis=0, keepdims=True)))
        score = recall if np.isnan(n_found) else f
        interval = _interval(sums, own["doc_id"].to_numpy(), score, seed=seed, n_resamples=n_resamples)
        counts = (n_gold, n_found, n_right, precision, recall if key[3] == "found" else np.nan, f)
        found.append((*key, *counts, score, *interval))
    whole = {"n_gold": "int64", "n_right": "int64", "n_found": "Int64"}
    return pd.DataFrame(found, columns=_COLUMNS).astype(whole)


def _prf(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Precision, recall and F of each row of sums; NaN where there is nothing to divide by.

    Where nothing is found of what there is, F is 0. Without a count of what was found there is no precision.
    """
    n_gold, n_right, n_found, n_found_right = sums.T
    with np.errstate(invalid="ignore", divide="ignore"):
        precision, recall = n_found_right / n_found, n_right / n_gold
        f = np.where(n_right == 0, 0, 2 * precision * recall / (precision + recall))
    return precision, recall, np.where(np.isnan(n_found), np.nan, f)


def _interval(
    sums: np.ndarray, doc_ids: np.ndarray, score: float, *, seed: int, n_resamples: int
) -> tuple[float, float, str]:
    """Ends of the score's interval, and how they were found."""
    if score in (0, 1) or len(sums) == 1:
        interval = binomtest(round(score * len(sums)), len(sums)).proportion_ci(CONFIDENCE, method="wilson")
        return float(interval.low), float(interval.high), "Wilson"
    articles = pd.DataFrame(sums).groupby(doc_ids).sum(min_count=1).to_numpy()
    by_article = len(articles) >= MIN_ARTICLES
    units = articles if by_article else sums
    drawn = np.random.default_rng(seed).integers(0, len(units), size=(n_resamples, len(units)))
    _, recall, f = _prf(units[drawn].sum(axis=1))
    values = recall if np.isnan(f).all() else f
    values = values[~np.isnan(values)]
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high), "articles" if by_article else "items"
