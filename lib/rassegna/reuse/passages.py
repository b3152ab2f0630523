"""Table `passages`: what two articles have word for word, or nearly so, outside quotations."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rassegna.reuse.candidates import LENGTH, candidate_pairs, shared_shingles
from rassegna.reuse.words import Words, own_words, quotations

MIN_WORDS = 12
MIN_SIMILARITY = 0.6
MIN_TELLING = 5  # different telling words; a list of names and offices has fewer
MIN_SHARE_TELLING = 0.2  # of the shared words
MAX_GAP = 8  # words changed, left out or put in between two shared runs
COLUMNS = [
    *("passage_id", "doc_id", "start", "end", "text", "other_doc_id", "other_start", "other_end", "other_text"),
    *("similarity", "n_words", "share", "other_share", "kind"),
]


@dataclass(frozen=True)
class _Run:
    """Words that follow each other in both articles alike: where they begin in each, and how many they are."""

    i: int
    j: int
    n: int


@dataclass(frozen=True)
class _Aligned:
    """A passage in both articles, as half-open ranges of words, and how many are the same; of these, telling ones."""

    i: int
    i_end: int
    j: int
    j_end: int
    n_words: int
    n_telling: int
    n_different: int

    @property
    def similarity(self) -> float:
        return 2 * self.n_words / (self.i_end - self.i + self.j_end - self.j)


def passages(
    blocks: pd.DataFrame,
    sentences: pd.DataFrame,
    quotes: pd.DataFrame,
    quotation_marks: pd.DataFrame,
    *,
    raw: Mapping[str, str],
    language: Mapping[str, str],
    min_words: int = MIN_WORDS,
    min_similarity: float = MIN_SIMILARITY,
) -> pd.DataFrame:
    """Align what two articles have in common, word for word or slightly reworded.

    Words in quotation marks do not count: they belong to the speaker, whoever reports them. A passage may reach over
    a quotation, but neither begins nor ends in one, and its similarity is that of the words around it. Nor do lists of
    names and offices make a passage. It stays within one block on either side, so a copied article gives a passage a
    paragraph, in whatever order. A text that very many articles have is compared with some of them only
    (`candidates.NEIGHBOURS`).

    Args:
        blocks: Table `blocks`.
        sentences: Table `sentences`: what is compared; furniture has none.
        quotes: Table `quotes`; its direct and mixed rows are masked.
        quotation_marks: Table `quotation_marks`; masked.
        raw: doc_id to decoded text, which all offsets point into.
        language: doc_id to language (ISO 639-1 code).
        min_words: Leave out a passage with fewer words that are the same in both.
        min_similarity: Leave out a passage less alike than this (0-1).

    Returns:
        Table `passages`, one row per passage and pair of articles, doc_id before other_doc_id, sorted by doc_id,
        start, other_doc_id, other_start: passage_id (int, from 0), doc_id, start, end, text, other_doc_id,
        other_start, other_end, other_text, similarity (0-1, Dice's coefficient of the words in order), n_words (the
        same in both), share, other_share (0-1, of all words of the article outside quotations, what the passage
        covers), kind (verbatim, reworded).

    Raises:
        ValueError: `min_words` < 1 or `min_similarity` outside 0-1.

    Source:
        Broder 1997, Compression and Complexity of Sequences; Leskovec, Rajaraman and Ullman 2020, Mining of Massive
        Datasets, chapter 3.
    """
    if min_words < 1 or not 0 <= min_similarity <= 1:
        raise ValueError(f"min_words {min_words} must be from 1, min_similarity {min_similarity} from 0 to 1")
    sentences = sentences.sort_values(["doc_id", "start"], kind="stable", ignore_index=True)
    masks = quotations(blocks, quotes, quotation_marks, language=language)
    words = own_words(sentences, masks, language=language)
    least = min(MIN_TELLING, (min_words + 1) // 2)
    found = [
        p
        for p in _aligned(words)
        if p.n_words >= min_words
        and p.similarity >= min_similarity
        and p.n_different >= least
        and p.n_telling >= MIN_SHARE_TELLING * p.n_words
    ]
    return _table(found, words, raw, sorted(set(sentences["doc_id"])))


def _aligned(words: Words) -> Iterator[_Aligned]:
    """Whatever lies alike in the two articles of each candidate pair, however short."""
    shingles = shared_shingles(words)
    by_article = shingles.by_article(words.doc)
    for a, b in candidate_pairs(words, shingles).tolist():
        for chain in _chains(_runs(*by_article[a], *by_article[b]), words.block):
            i, j = _same(chain, words)
            telling = words.form[i[words.is_telling[i]]]
            counts = len(i), len(telling), len(set(telling.tolist()))
            yield _Aligned(int(i[0]), int(i[-1]) + 1, int(j[0]), int(j[-1]) + 1, *counts)


def _runs(
    keys: NDArray[np.int64], at: NDArray[np.int64], other_keys: NDArray[np.int64], other_at: NDArray[np.int64]
) -> list[_Run]:
    """Join the shingles of two articles (sorted keys, places) and melt those that follow each other into runs."""
    left, right = np.searchsorted(other_keys, keys, "left"), np.searchsorted(other_keys, keys, "right")
    count = right - left
    total = int(count.sum())
    if not total:
        return []
    i = np.repeat(at, count)
    j = other_at[np.repeat(left - np.cumsum(count) + count, count) + np.arange(total)]
    order = np.lexsort((i, i - j))
    i, j = i[order], j[order]
    first = np.flatnonzero(np.append(True, (np.diff(i) != 1) | (np.diff(j) != 1)))
    n = np.diff(np.append(first, total)) + LENGTH - 1
    runs = [_Run(*run) for run in zip(i[first].tolist(), j[first].tolist(), n.tolist(), strict=True)]
    return sorted(runs, key=lambda run: (run.i, run.j))


def _chains(runs: list[_Run], block: NDArray[np.int32]) -> list[list[_Run]]:
    """Put runs together that follow each other in both articles with little between them."""
    done: list[list[_Run]] = []
    growing: list[list[_Run]] = []
    for run in runs:
        best: tuple[int, list[_Run], _Run] | None = None
        for chain in growing:
            joined = _after(chain[-1], run)
            if joined is None or block[run.i] != block[chain[0].i] or block[run.j] != block[chain[0].j]:
                continue
            gap = max(joined.i - chain[-1].i - chain[-1].n, joined.j - chain[-1].j - chain[-1].n)
            if gap <= min(MAX_GAP, 2 * joined.n) and (best is None or gap < best[0]):
                best = gap, chain, joined
        if best:
            best[1].append(best[2])
        else:
            growing.append([run])
            reached = [chain[-1].i + chain[-1].n + MAX_GAP >= run.i for chain in growing]
            done += [chain for chain, still in zip(growing, reached, strict=True) if not still]
            growing = [chain for chain, still in zip(growing, reached, strict=True) if still]
    return done + growing


def _after(last: _Run, run: _Run) -> _Run | None:
    """What of a run lies after another in both articles; None if nothing does."""
    overlap = max(last.i + last.n - run.i, last.j + last.n - run.j, 0)
    return _Run(run.i + overlap, run.j + overlap, run.n - overlap) if overlap < run.n else None


def _same(chain: list[_Run], words: Words) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places of the words that are the same in both, in order.

    Between two runs words count where as many stand in each article; before and after, as long as they agree.
    """
    first, last = chain[0], chain[-1]
    before = _more(words, first.i, first.j, step=-1)
    after = _more(words, last.i + last.n - 1, last.j + last.n - 1, step=1)
    i = list(range(first.i - before, first.i))
    j = list(range(first.j - before, first.j))
    for run in chain:
        if i and run.i - i[-1] == run.j - j[-1]:
            same = [k for k in range(1, run.i - i[-1]) if words.form[i[-1] + k] == words.form[j[-1] + k]]
            i, j = i + [i[-1] + k for k in same], j + [j[-1] + k for k in same]
        i += range(run.i, run.i + run.n)
        j += range(run.j, run.j + run.n)
    i += range(i[-1] + 1, i[-1] + 1 + after)
    j += range(j[-1] + 1, j[-1] + 1 + after)
    return np.array(i), np.array(j)


def _more(words: Words, i: int, j: int, *, step: int) -> int:
    """How many words beyond two places are the same in both, within their blocks."""
    count, a, b = 0, i + step, j + step
    while (
        min(a, b) >= 0
        and max(a, b) < len(words.form)
        and words.form[a] == words.form[b]
        and words.block[a] == words.block[i]
        and words.block[b] == words.block[j]
    ):
        count, a, b = count + 1, a + step, b + step
    return count


def _table(found: list[_Aligned], words: Words, raw: Mapping[str, str], doc_ids: list[str]) -> pd.DataFrame:
    n_own = np.bincount(words.doc, minlength=len(doc_ids)).tolist()

    def side(begin: int, end: int) -> tuple[str, int, int, str, float]:
        doc_id, start, stop = doc_ids[words.doc[begin]], int(words.start[begin]), int(words.end[end - 1])
        return doc_id, start, stop, raw[doc_id][start:stop], (end - begin) / n_own[words.doc[begin]]

    rows = []
    for p in found:
        (*span, share), (*other, other_share) = side(p.i, p.i_end), side(p.j, p.j_end)
        kind = "verbatim" if p.similarity == 1 else "reworded"
        rows.append((0, *span, *other, p.similarity, p.n_words, share, other_share, kind))
    table = pd.DataFrame(rows, columns=COLUMNS).sort_values(
        ["doc_id", "start", "other_doc_id", "other_start", "end", "other_end"], ignore_index=True
    )
    return table.assign(passage_id=range(len(table)))
