"""How alike articles are, by their words, their entities and their facts."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd
import regex

from rassegna.reuse.words import is_telling, plain, telling_stops

MEASURES = ("vocabulary", "entities", "facts")


def similarity(
    sentences: pd.DataFrame,
    mentions: pd.DataFrame,
    *,
    language: Mapping[str, str],
    facts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Compare every two articles by what both have of what either has.

    Each measure is Jaccard's coefficient, in which a thing weighs more the fewer articles have it: log(1 + N / n) for
    n of N articles. It compares every pair: for a corpus that is read, not for thousands of articles.

    Args:
        sentences: Table `sentences`; its words without stop words, names and figures are the vocabulary.
        mentions: Table `mentions`; its entities count once an article.
        language: doc_id to language (ISO 639-1 code).
        facts: Table `facts` (fact_id, doc_id, status); what an article states counts.

    Returns:
        One row per pair of articles and measure that either has something for, in the order of `language`:
        doc_id, other_doc_id, measure (vocabulary, entities, facts), similarity (0-1), n_shared, n_either.
    """
    stated = facts[facts["status"] == "states"] if facts is not None else mentions.iloc[:0].assign(fact_id="")
    things = {
        "vocabulary": _vocabulary(sentences, language),
        "entities": mentions.groupby("doc_id")["entity_id"].agg(set).to_dict(),
        "facts": stated.groupby("doc_id")["fact_id"].agg(set).to_dict(),
    }
    rows = []
    for measure in MEASURES:
        weight = _weights(list(things[measure].values()), len(language))
        for a, b in combinations(language, 2):
            one, other = things[measure].get(a, set()), things[measure].get(b, set())
            if one | other:
                both = sum(weight[t] for t in sorted(one & other))
                either = sum(weight[t] for t in sorted(one | other))
                rows.append((a, b, measure, both / either, len(one & other), len(one | other)))
    return pd.DataFrame(rows, columns=["doc_id", "other_doc_id", "measure", "similarity", "n_shared", "n_either"])


def _vocabulary(sentences: pd.DataFrame, language: Mapping[str, str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for doc_id, text in zip(sentences["doc_id"], sentences["text"], strict=True):
        stops = telling_stops(language[doc_id])
        words = regex.findall(r"[\w\p{M}]+", text)
        found.setdefault(doc_id, set()).update(plain(word) for word in words if is_telling(word, stops))
    return found


def _weights(sets: list[set[str]], n: int) -> dict[str, float]:
    counts = pd.Series([thing for found in sets for thing in sorted(found)], dtype="str").value_counts()
    return {str(thing): float(np.log1p(n / count)) for thing, count in counts.items()}
