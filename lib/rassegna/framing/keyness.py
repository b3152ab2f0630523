"""Which words mark an outlet, and any word in its context."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import ndtri, rel_entr
from spacy.tokens import Doc

from rassegna.annotation import block_of, raw_offset, raw_span
from rassegna.framing.phrases import Phrases, Reading

CONTENT_POS = ("NOUN", "VERB", "ADJ")
CONFIDENCE = 0.95
CONTINUITY = 0.5  # what a frequency of none counts in a log ratio
SHORTEST = 3  # letters of a word that counts


def occurrences(docs: Mapping[str, Doc], *, masked: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find the nouns, verbs and adjectives of each article, by lemma.

    Names are left out: whom an outlet writes about is another question than in which words.

    Args:
        docs: doc_id → Doc, of one language; one without parts of speech is read by form.
        masked: Rows with doc_id, start, end, of which no word counts: the quotations, say.

    Returns:
        One row per occurrence, in the order of the articles: doc_id, start, end, term.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    if masked is not None:
        for row in masked.itertuples():
            spans.setdefault(str(row.doc_id), []).append((int(row.start), int(row.end)))
    found = [
        (doc_id, *raw_span(doc[token.i : token.i + 1]), (token.lemma_ or token.text).lower())
        for doc_id, doc in docs.items()
        for token in doc
        if token.is_alpha
        and not token.is_stop
        and len(token) >= SHORTEST
        and (token.pos_ in CONTENT_POS or not doc.has_annotation("POS"))
        and not any(start <= raw_offset(doc, token.idx) < end for start, end in spans.get(doc_id, ()))
    ]
    table = pd.DataFrame(found, columns=["doc_id", "start", "end", "term"])
    return table.astype({"doc_id": "str", "start": int, "end": int, "term": "str"})


def words(docs: Mapping[str, Doc], *, masked: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count what `occurrences` finds: one row per article and lemma, by article and lemma: doc_id, term, n."""
    counted = occurrences(docs, masked=masked).groupby(["doc_id", "term"], sort=False).size().rename("n").reset_index()
    order = {doc_id: n for n, doc_id in enumerate(docs)}
    counted = counted.assign(place=counted["doc_id"].map(order)).sort_values(["place", "term"], ignore_index=True)
    return counted[["doc_id", "term", "n"]]


def keyness(words: pd.DataFrame, *, target: str, min_count: int = 5) -> pd.DataFrame:
    """Score how far each word marks one outlet against all the others.

    Args:
        words: What `words` gives, and the column outlet.
        target: The outlet to characterise; must occur in `words`.
        min_count: Drop words rarer than this in both groups together (occurrences, from 1).

    Returns:
        One row per kept word, sorted by falling g2, then term: term, g2 (log likelihood), log_ratio (log2 of the ratio
        of the relative frequencies, a frequency of none taken for 0.5), low, high (95 % interval of the log ratio),
        n_target, n_reference (occurrences), n_articles_target, n_articles_reference (articles that have it).

    Raises:
        ValueError: `target` is absent or the only outlet, or `min_count` < 1.

    Source:
        Dunning 1993, Computational Linguistics 19(1), for g2; the interval is Katz et al. 1978, Biometrics 34(3).
    """
    outlets = sorted(words["outlet"].unique())
    if target not in outlets or len(outlets) == 1:
        raise ValueError(f"target: {target!r}; allowed is one of two or more outlets, here {', '.join(outlets)}")
    if min_count < 1:
        raise ValueError(f"min_count: {min_count}; allowed is a number from 1")
    own = words["outlet"] == target
    table = pd.DataFrame(
        {
            f"{what}_{group}": words[mask].groupby("term")["n"].agg(how)
            for group, mask in (("target", own), ("reference", ~own))
            for what, how in (("n", "sum"), ("n_articles", "size"))
        }
    )
    table = table.fillna(0).astype(int).rename_axis("term").reset_index()
    totals = table["n_target"].sum(), table["n_reference"].sum()
    table = table[table["n_target"] + table["n_reference"] >= min_count]
    table = table.assign(**_statistics(table["n_target"].to_numpy(), table["n_reference"].to_numpy(), *totals))
    counts = ["n_target", "n_reference", "n_articles_target", "n_articles_reference"]
    table = table[["term", "g2", "log_ratio", "low", "high", *counts]]
    return table.sort_values(["g2", "term"], ascending=[False, True], ignore_index=True)


def _statistics(a: np.ndarray, b: np.ndarray, n_a: int, n_b: int) -> dict[str, np.ndarray]:
    """Log likelihood over the four cells, and the log ratio with its interval."""
    observed = np.array([a, b, n_a - a, n_b - b], dtype=float)
    share = np.array([n_a, n_b]) / max(n_a + n_b, 1)
    with_it, without = a + b, n_a + n_b - a - b
    expected = np.array([with_it * share[0], with_it * share[1], without * share[0], without * share[1]])
    a, b = np.where(a == 0, CONTINUITY, a), np.where(b == 0, CONTINUITY, b)
    ratio = np.log2(a / n_a) - np.log2(b / n_b)
    width = ndtri((1 + CONFIDENCE) / 2) * np.sqrt(1 / a - 1 / n_a + 1 / b - 1 / n_b) / np.log(2)
    g2 = 2 * rel_entr(observed, expected).sum(axis=0)
    return {"g2": np.maximum(g2, 0), "log_ratio": ratio, "low": ratio - width, "high": ratio + width}


def kwic(docs: Mapping[str, Doc], keyword: str, *, language: Mapping[str, str], window: int = 8) -> pd.DataFrame:
    """Show a keyword in its contexts, found by form or lemma.

    Args:
        docs: doc_id → annotated Doc.
        keyword: A word or a phrase.
        language: doc_id → language of the article.
        window: Words on either side (words, from 1); none from another block.

    Returns:
        One row per occurrence, in the order of the articles: doc_id, start, end, left, text, right.

    Raises:
        ValueError: `keyword` is blank, or `window` < 1.
    """
    phrase = tuple(keyword.casefold().replace("’", "'").split())
    if not phrase or window < 1:
        raise ValueError(f"keyword: {keyword!r}, window: {window}; allowed are words, and a number from 1")
    finder, found = Phrases({phrase: None}, {}), []
    for doc_id, doc in docs.items():
        reading = Reading.of(doc, language=language[doc_id])
        for start in range(len(doc)):
            for end, *_ in finder.at(reading, start):
                block = block_of(doc[start:end])
                around = [
                    t for t in doc[max(0, start - window) : end + window] if block_of(doc[t.i : t.i + 1]) == block
                ]
                left = doc[around[0].i : start].text
                right = doc[end : around[-1].i + 1].text
                found.append((doc_id, *raw_span(doc[start:end]), left, doc[start:end].text, right))
    return pd.DataFrame(found, columns=["doc_id", "start", "end", "left", "text", "right"])
