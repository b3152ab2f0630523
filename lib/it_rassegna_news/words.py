"""What is known of a word by itself: lexicon class, name lists, sub-word vector. Data in `data/`, memoised by word."""

import gzip
from functools import cache
from importlib.resources import files

import numpy as np
from spacy.attrs import ORTH
from spacy.strings import StringStore, hash_string  # type: ignore[attr-defined]
from spacy.tokens import Doc
from spacy.vectors import Mode, Vectors

COLUMNS = ("norm", "suffix", "shape", "part_of_speech", "names")
MAX_WORDS = 200_000
STRAIGHT = str.maketrans("’‘“”«»„ʼ", '\'\'"""""\'')


@cache
def read_table(name: str) -> dict[str, str]:
    """Read a gzipped two-column table of the package (word, tab, value) below one line of comment."""
    text = gzip.decompress(files(__package__).joinpath(f"data/{name}.tsv.gz").read_bytes()).decode("utf8")
    return dict(line.split("\t") for line in text.split("\n")[1:-1])


class WordTable:
    """Features and vectors of words, computed once a word and kept in growing arrays."""

    def __init__(self, lexicon: dict[str, str], names: dict[str, str], vectors: Vectors) -> None:
        self.lexicon = lexicon
        self.names = names
        self.vectors = vectors
        self.rows: dict[int, int] = {}
        self.features = np.zeros((1024, len(COLUMNS)), dtype="uint64")
        self.vector_rows = np.zeros((1024, vectors.shape[1]), dtype="float32")

    def rows_of(self, doc: Doc) -> np.ndarray:
        """Return, for each token, its row in `features` and `vector_rows`, adding the words not met before."""
        if len(self.rows) > MAX_WORDS:
            self.rows.clear()
        keys = [int(key) for key in doc.to_array([ORTH]).ravel()]
        rows = self.rows
        for key in keys:
            if key not in rows:
                self._add(key, doc.vocab.strings)
        return np.fromiter((rows[key] for key in keys), dtype="int64", count=len(keys))

    def _add(self, key: int, strings: StringStore) -> None:
        row = len(self.rows)
        if row == len(self.features):
            self.features = np.concatenate([self.features, np.zeros_like(self.features)])
            self.vector_rows = np.concatenate([self.vector_rows, np.zeros_like(self.vector_rows)])
        word = strings[key]
        self.features[row] = [hash_string(value) for value in self.describe(word)]
        self.vector_rows[row] = self.vectors.get_batch([word.translate(STRAIGHT).lower()])[0]
        self.rows[key] = row

    def describe(self, word: str) -> tuple[str, ...]:
        """Return the word's features in the order of `COLUMNS`; of a hyphenated word, its parts' where it has none."""
        plain = word.translate(STRAIGHT)
        lower = plain.lower()
        parts = plain.split("-")
        return (
            "".join("0" if c.isdigit() else c for c in lower),
            lower[-3:],
            word_shape(plain),
            self._part_of_speech(lower) or "-".join(self._part_of_speech(part.lower()) for part in parts),
            self._name(plain) or "-".join(self._name(part) for part in parts),
        )

    def _part_of_speech(self, word: str) -> str:
        entries = self.lexicon.get(word)
        return "".join(entry[0] for entry in entries.split(",")) if entries else ""

    def _name(self, word: str) -> str:
        return self.names.get(word) or self.names.get(word.title()) or self.names.get(word.lower(), "")


def word_shape(word: str) -> str:
    """Return the word's shape: X upper, x lower, d digit; runs beyond three are cut."""
    shape = "".join("X" if c.isupper() else "x" if c.isalpha() else "d" if c.isdigit() else c for c in word)
    return "".join(c for i, c in enumerate(shape) if i < 3 or shape[i - 3 : i] != c * 3)[:12]


@cache
def word_table() -> WordTable:
    """Read the package's word data, once a process."""
    with np.load(str(files(__package__).joinpath("data/vectors.npz"))) as stored:
        table = stored["codes"].astype("float32") * stored["scales"].astype("float32")
        minn, maxn, hash_count, seed = (int(n) for n in stored["settings"])
    vectors = Vectors(
        data=table,
        mode=Mode.floret,
        minn=minn,
        maxn=maxn,
        hash_count=hash_count,
        hash_seed=seed,
        bow="<",
        eow=">",
    )
    return WordTable(read_table("lexicon"), read_table("names"), vectors)
