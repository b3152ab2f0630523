"""Which articles may share a passage: MinHash and locality-sensitive hashing over the sentences, never all pairs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from datasketch import MinHash
from numpy.typing import NDArray

from rassegna.reuse.words import Words

LENGTH = 3  # words of a shingle
MIN_SHARED = 4  # shingles that two sentences have in common, by their MinHashes; a common phrase makes fewer
BANDS, ROWS = 16, 4  # sentences that agree in 2 of 3 shared shingles meet in a band 97 times of 100, in 1 of 3 18 times
TOLERANCE = 1  # shingles by which that estimate may err
NEIGHBOURS = 32  # a text that more articles have is compared with this many others each, so that work grows evenly
OFTEN = 20  # places of a shingle in one article; further ones would make work grow with the square of a repeated text
FEW = 60  # articles up to which each is compared with each
SEED = 1


@dataclass(frozen=True)
class Shingles:
    """The shingles that more than one article has, in the order of the text: number and place of the first word."""

    key: NDArray[np.int64]
    at: NDArray[np.int64]

    def by_article(self, doc: NDArray[np.int32]) -> "ByArticle":
        """The shingles of each article sorted by key; of a key the first `OFTEN` places."""
        owner = doc[self.at]
        order = np.lexsort((self.at, self.key, owner))
        same = (np.diff(owner[order]) == 0) & (np.diff(self.key[order]) == 0)
        first = np.maximum.accumulate(np.where(np.append(False, same), 0, np.arange(len(order))))
        order = order[np.arange(len(order)) - first < OFTEN]
        cuts = np.searchsorted(owner[order], np.arange(int(doc.max(initial=0)) + 2))
        return ByArticle(self.key[order], self.at[order], cuts)


@dataclass(frozen=True)
class ByArticle:
    """Shingles article by article: number, place, and where among them each article begins (and the last ends)."""

    key: NDArray[np.int64]
    place: NDArray[np.int64]
    cuts: NDArray[np.int64]


def shared_shingles(words: Words) -> Shingles:
    """Find the runs of `LENGTH` words that several articles have, a telling word among them.

    What an article has alone is left out here: it could only make a copied sentence that was lengthened or reworded
    look less like its source.
    """
    n = max(len(words.form) - LENGTH + 1, 0)
    told = np.logical_or.reduce([words.is_telling[k : k + n] for k in range(LENGTH)])
    at = np.flatnonzero((words.stretch[:n] == words.stretch[LENGTH - 1 :][:n]) & told)
    key = _mixed([words.form[at + k] for k in range(LENGTH)])
    _, first, number = np.unique(key, return_index=True, return_inverse=True)
    doc = words.doc[at]
    last = np.zeros(len(first), dtype=doc.dtype)
    last[number] = doc  # the last one stays
    several = (doc[first] != last)[number]
    return Shingles(key=number[several], at=at[several])


def candidate_pairs(words: Words, shingles: Shingles) -> NDArray[np.int64]:
    """Pairs of articles that may have a sentence alike, one row a pair, the lower number first, sorted."""
    n = int(words.doc.max(initial=0)) + 1
    if n <= FEW:
        return np.column_stack(np.triu_indices(n, k=1))
    sentence = words.sentence[shingles.at]
    starts = np.flatnonzero(np.diff(sentence, prepend=-1) != 0)
    size = np.diff(np.append(starts, len(sentence)))
    starts, size = starts[size >= MIN_SHARED], size[size >= MIN_SHARED]
    doc = words.doc[shingles.at[starts]].astype(np.int64)
    signatures = _signatures(shingles.key, starts, size)
    found = [np.zeros(0, dtype=np.int64)]
    for left, right in _meetings(signatures, doc):
        alike = (signatures[left] == signatures[right]).mean(axis=1)
        n_shared = alike / (1 + alike) * (size[left] + size[right])
        met = (n_shared >= MIN_SHARED - TOLERANCE) & (doc[left] != doc[right])
        found.append(np.unique(doc[left[met]] * n + doc[right[met]]))
    codes = np.unique(np.concatenate(found))
    return np.column_stack([codes // n, codes % n])


def _signatures(keys: NDArray[np.int64], starts: NDArray[np.int64], size: NDArray[np.int64]) -> NDArray[np.uint32]:
    """One MinHash a sentence, of the numbers of its shingles."""
    sets = (keys[start : start + n].tolist() for start, n in zip(starts.tolist(), size.tolist(), strict=True))
    hashes = MinHash.generator(sets, num_perm=BANDS * ROWS, seed=SEED, hashfunc=int, scheme="affine32")
    signatures = np.empty((len(starts), BANDS * ROWS), dtype=np.uint32)
    for row, minhash in enumerate(hashes):
        signatures[row] = minhash.hashvalues
    return signatures


def _meetings(
    signatures: NDArray[np.uint32], doc: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Band by band, the sentences that agree in it: what the buckets of an LSH hold, without keeping them."""
    for band in np.split(signatures, BANDS, axis=1):
        bucket = _mixed(list(band.T))
        order = np.lexsort((doc, bucket))
        for step in range(1, NEIGHBOURS + 1):
            left, right = order[:-step], order[step:]
            together = bucket[left] == bucket[right]
            if not together.any():
                break
            yield left[together], right[together]


def _mixed(parts: Sequence[NDArray[Any]]) -> NDArray[np.uint64]:
    """One number for the numbers in each row, practically never the same for different ones."""
    key = np.zeros(len(parts[0]), dtype=np.uint64)
    for part in parts:
        key = (key ^ part.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        key ^= key >> np.uint64(29)
    return key
