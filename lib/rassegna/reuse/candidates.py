"""Which articles may share a passage: MinHash and locality-sensitive hashing over the sentences, never all pairs."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from datasketch import MinHash
from numpy.typing import NDArray

from rassegna.reuse.words import Words

LENGTH = 3  # words of a shingle
MIN_SHARED = 3  # shingles; a sentence with fewer that another article has cannot be a candidate
BANDS, ROWS = 20, 3  # sentences of which half the shared shingles agree meet in a band 19 times out of 20
NEIGHBOURS = 32  # a text that more articles have is compared with this many others each, so that work grows evenly
SEED = 1


@dataclass(frozen=True)
class Shingles:
    """The shingles that more than one article has, in the order of the text: number and place of the first word."""

    key: NDArray[np.int64]
    at: NDArray[np.int64]

    def by_article(self, doc: NDArray[np.int32]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Keys, sorted, and their places, one pair of arrays an article."""
        owner = doc[self.at]
        order = np.lexsort((self.at, self.key, owner))
        cuts = np.searchsorted(owner[order], np.arange(1, int(doc.max(initial=0)) + 1))
        return list(zip(np.split(self.key[order], cuts), np.split(self.at[order], cuts), strict=True))


def shared_shingles(words: Words) -> Shingles:
    """Find the runs of `LENGTH` words that several articles have, a telling word among them.

    What an article has alone is left out here: it could only make a copied sentence that was lengthened or reworded
    look less like its source.
    """
    n = max(len(words.form) - LENGTH + 1, 0)
    parts = [words.form[k : k + n].astype(np.uint64) for k in range(LENGTH)]
    told = np.logical_or.reduce([words.is_telling[k : k + n] for k in range(LENGTH)])
    at = np.flatnonzero((words.stretch[:n] == words.stretch[LENGTH - 1 :][:n]) & told)
    key = np.zeros(len(at), dtype=np.uint64)
    for part in parts:
        key = key * np.uint64(0x9E3779B97F4A7C15) + part[at] + np.uint64(1)
        key ^= key >> np.uint64(29)
    _, first, number = np.unique(key, return_index=True, return_inverse=True)
    doc = words.doc[at]
    last = np.zeros(len(first), dtype=doc.dtype)
    last[number] = doc  # the last one stays
    several = (doc[first] != last)[number]
    return Shingles(key=number[several], at=at[several])


def candidate_pairs(words: Words, shingles: Shingles) -> NDArray[np.int64]:
    """Pairs of articles that have a sentence alike, one row a pair, the lower number first, sorted."""
    sentence = words.sentence[shingles.at]
    starts = np.flatnonzero(np.diff(sentence, prepend=-1) != 0)
    ends = np.append(starts[1:], len(sentence))
    kept = ends - starts >= MIN_SHARED
    spans = list(zip(starts[kept].tolist(), ends[kept].tolist(), strict=True))
    doc = words.doc[shingles.at[starts[kept]]].astype(np.int64)
    n = int(words.doc.max(initial=0)) + 1
    found = [np.unique(pairs[:, 0] * n + pairs[:, 1]) for pairs in _meetings(_signatures(shingles.key, spans), doc)]
    codes = np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)
    return np.column_stack([codes // n, codes % n])


def _signatures(keys: NDArray[np.int64], spans: list[tuple[int, int]]) -> NDArray[np.uint32]:
    """One MinHash a sentence, of the numbers of its shingles."""
    sets = (keys[start:end].tolist() for start, end in spans)
    hashes = MinHash.generator(sets, num_perm=BANDS * ROWS, seed=SEED, hashfunc=int, scheme="affine32")
    signatures = np.empty((len(spans), BANDS * ROWS), dtype=np.uint32)
    for row, minhash in enumerate(hashes):
        signatures[row] = minhash.hashvalues
    return signatures


def _meetings(signatures: NDArray[np.uint32], doc: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Band by band, the pairs of articles whose sentences agree in it: what an LSH table holds, without the table."""
    for band in np.split(signatures, BANDS, axis=1):
        bucket = np.unique(
            np.ascontiguousarray(band).view(np.dtype((np.void, band.shape[1] * 4))).ravel(), return_inverse=True
        )[1]
        order = np.lexsort((doc, bucket))
        for step in range(1, NEIGHBOURS + 1):
            left, right = order[:-step], order[step:]
            same = bucket[left] == bucket[right]
            if not same.any():
                break
            pairs = np.column_stack([doc[left[same]], doc[right[same]]])
            yield pairs[pairs[:, 0] != pairs[:, 1]]
