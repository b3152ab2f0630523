"""Table `passages`: what two articles have word for word, or nearly so, outside quotations."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rassegna.reuse.candidates import LENGTH, ByArticle, candidate_pairs, shared_shingles
from rassegna.reuse.words import Words, own_words, quotations

MIN_WORDS = 12
MIN_SIMILARITY = 0.6
MIN_TELLING = 5  # different telling words; a list of names and offices has fewer
MIN_SHARE_TELLING = 0.2  # of the shared words
MAX_GAP = 8  # words changed, left out or put in between two shared runs
AT_A_TIME = 1 << 18  # shingles of the pairs that are joined together
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
    for runs in _runs(candidate_pairs(words, shingles), shingles.by_article(words.doc)):
        for chain in _chains(runs, words.block):
            i, j = _same(chain, words)
            telling = words.form[i[words.is_telling[i]]]
            counts = len(i), len(telling), len(set(telling.tolist()))
            yield _Aligned(int(i[0]), int(i[-1]) + 1, int(j[0]), int(j[-1]) + 1, *counts)


def _runs(pairs: NDArray[np.int64], shingles: ByArticle) -> Iterator[list[_Run]]:
    """The runs of words that both articles of a pair have, pair by pair; many pairs are joined at a time."""
    size = np.diff(shingles.cuts)
    together = np.cumsum(size[pairs].sum(axis=1)) // AT_A_TIME
    for batch in np.split(pairs, np.flatnonzero(np.diff(together)) + 1):
        yield from _joined(batch, size, shingles)


def _joined(pairs: NDArray[np.int64], size: NDArray[np.int64], shingles: ByArticle) -> Iterator[list[_Run]]:
    """Join the shingles of the articles of each pair and melt those that follow each other into runs."""
    left, right = (_ranges(shingles.cuts[side], size[side]) for side in pairs.T)
    left_pair, right_pair = (np.repeat(np.arange(len(pairs)), size[side]) for side in pairs.T)
    n_keys = int(shingles.key.max(initial=0)) + 1
    keys, other_keys = left_pair * n_keys + shingles.key[left], right_pair * n_keys + shingles.key[right]
    first = np.searchsorted(other_keys, keys, "left")
    count = np.searchsorted(other_keys, keys, "right") - first
    pair, i = np.repeat(left_pair, count), np.repeat(shingles.place[left], count)
    j = shingles.place[right[_ranges(first, count)]]
    order = np.lexsort((i, i - j, pair))
    pair, i, j = pair[order], i[order], j[order]
    is_first = (np.diff(i, prepend=-2) != 1) | (np.diff(j, prepend=-2) != 1) | (np.diff(pair, prepend=-1) != 0)
    begins = np.flatnonzero(is_first)
    n = np.diff(np.append(begins, len(i))) + LENGTH - 1
    order = np.lexsort((j[begins], i[begins], pair[begins]))
    pair, i, j, n = pair[begins][order], i[begins][order], j[begins][order], n[order]
    runs = [_Run(*run) for run in zip(i.tolist(), j.tolist(), n.tolist(), strict=True)]
    ends = np.flatnonzero(np.diff(pair, append=-1) != 0) + 1
    yield from (runs[begin:end] for begin, end in pairwise([0, *ends.tolist()]))


def _ranges(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers from each start on, so many of each, one after the other."""
    return np.repeat(starts - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))


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
