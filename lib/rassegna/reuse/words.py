"""The words of articles outside quotations, as arrays side by side: what copies are looked for in."""

import unicodedata
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache

import numpy as np
import pandas as pd
import regex
from numpy.typing import NDArray

from rassegna.quotes import has_rules
from rassegna.quotes.quotation_marks import marked
from rassegna.reading.reader import stop_words

_WORD = regex.compile(r"[\w\p{M}]+")
_ARTICLE = 1 << 32  # more code points than an article has


@dataclass(frozen=True)
class Words:
    """One entry per word in each array, in the order of the articles and of their text.

    Attributes:
        doc: Article, its place in the sorted doc_ids.
        block: Block, numbered through all articles.
        sentence: Sentence, numbered through all articles.
        stretch: Piece of a block that no quotation interrupts, numbered likewise.
        form: The word, the same number for the same word whatever its case and accents.
        is_telling: Whether it is neither a stop word nor written with a capital or a figure, as names are.
        start: First code point in the raw text.
        end: Code point after the last one.
    """

    doc: NDArray[np.int32]
    block: NDArray[np.int32]
    sentence: NDArray[np.int32]
    stretch: NDArray[np.int32]
    form: NDArray[np.int32]
    is_telling: NDArray[np.bool_]
    start: NDArray[np.int64]
    end: NDArray[np.int64]


def own_words(sentences: pd.DataFrame, masks: pd.DataFrame, *, language: Mapping[str, str]) -> Words:
    """Read the words of the sentences that no mask covers.

    Args:
        sentences: Table `sentences`, sorted by doc_id and start.
        masks: Spans that do not count: doc_id, start, end.
        language: doc_id to ISO 639-1 code, which decides on the stop words.
    """
    lexicon = _Lexicon()
    written, start = array("i"), array("q")
    count = np.zeros(len(sentences), dtype=np.int64)
    columns = (sentences[name] for name in ("doc_id", "start", "text"))
    for n, (doc_id, offset, text) in enumerate(zip(*columns, strict=True)):
        known = lexicon.of(language[doc_id])
        before = len(written)
        for match in _WORD.finditer(text):
            written.append(known[match[0]])
            start.append(offset + match.start())
        count[n] = len(written) - before
    doc = np.unique(sentences["doc_id"].to_numpy(dtype=object), return_inverse=True)[1]
    block = sentences.groupby(["doc_id", "block_id"]).ngroup().to_numpy()
    kind = np.frombuffer(written, dtype=np.int32)
    first = np.frombuffer(start, dtype=np.int64)
    words = Words(
        doc=np.repeat(doc, count).astype(np.int32),
        block=np.repeat(block, count).astype(np.int32),
        sentence=np.repeat(np.arange(len(sentences)), count).astype(np.int32),
        stretch=np.zeros(len(kind), dtype=np.int32),
        form=np.array(lexicon.form, dtype=np.int32)[kind],
        is_telling=np.array(lexicon.is_telling, dtype=np.bool_)[kind],
        start=first,
        end=first + np.array(lexicon.size, dtype=np.int64)[kind],
    )
    masked = _masked(words, masks, {doc_id: n for n, doc_id in enumerate(sorted(set(sentences["doc_id"])))})
    cut = masked | (np.diff(words.block, prepend=-1) != 0)
    numbered = replace(words, stretch=np.cumsum(cut).astype(np.int32))
    return Words(**{field.name: getattr(numbered, field.name)[~masked] for field in fields(Words)})


def quotations(
    blocks: pd.DataFrame, quotes: pd.DataFrame, quotation_marks: pd.DataFrame, *, language: Mapping[str, str]
) -> pd.DataFrame:
    """The spans in quotation marks: doc_id, start, end.

    They come from the tables; of articles in a language without rules for quotations, from the marks alone.
    """
    columns = ["doc_id", "start", "end"]
    unread = blocks[~blocks["doc_id"].map(language).map(_has_rules).astype(bool)]
    rows = [
        (doc_id, start + mark.start, start + mark.end)
        for doc_id, start, text in zip(unread["doc_id"], unread["start"], unread["text"], strict=True)
        for mark in marked(text, [(0, len(text))], language=language[doc_id])
    ]
    spoken = quotes.loc[quotes["kind"].isin(["direct", "mixed"]), columns]
    found = [part for part in (spoken, quotation_marks[columns], pd.DataFrame(rows, columns=columns)) if len(part)]
    return pd.concat(found) if found else spoken


@cache
def _has_rules(language: str) -> bool:
    return has_rules(language)


def plain(word: str) -> str:
    """A word without case and accents, by which spellings of it are one."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)) or word


class _Lexicon:
    """What is known of each word as it is written, under a running number."""

    def __init__(self) -> None:
        self.form: list[int] = []
        self.is_telling: list[bool] = []
        self.size: list[int] = []
        self._forms: dict[str, int] = {}
        self._of: dict[str, _Spellings] = {}

    def of(self, language: str) -> "_Spellings":
        """Spelling to number, of a language; a new spelling gets the next one."""
        if language not in self._of:
            self._of[language] = _Spellings(self, telling_stops(language))
        return self._of[language]

    def add(self, word: str, stops: frozenset[str]) -> int:
        """Note a new spelling and return its number."""
        form = plain(word)
        self.form.append(self._forms.setdefault(form, len(self._forms)))
        self.is_telling.append(is_telling(word, stops))
        self.size.append(len(word))
        return len(self.form) - 1


class _Spellings(dict[str, int]):
    """Spelling to number in one language, filled as spellings come."""

    def __init__(self, lexicon: _Lexicon, stops: frozenset[str]) -> None:
        self.lexicon, self.stops = lexicon, stops

    def __missing__(self, word: str) -> int:
        self[word] = number = self.lexicon.add(word, self.stops)
        return number


@cache
def telling_stops(language: str) -> frozenset[str]:
    """Stop words of a language without case and accents."""
    return frozenset(plain(part) for word in stop_words(language) for part in _WORD.findall(word))


def is_telling(word: str, stops: Iterable[str]) -> bool:
    """Whether a word says what a text is about: no stop word, no name, no figure, not a single letter."""
    return len(word) > 1 and not word[0].isupper() and not word[0].isdigit() and plain(word) not in stops


def _masked(words: Words, masks: pd.DataFrame, order: Mapping[str, int]) -> NDArray[np.bool_]:
    """Which words begin within a mask."""
    masks = masks[masks["doc_id"].isin(list(order))]
    if masks.empty:
        return np.zeros(len(words.doc), dtype=np.bool_)
    base = masks["doc_id"].map(order).to_numpy(dtype=np.int64) * _ARTICLE
    start, end = base + masks["start"].to_numpy(dtype=np.int64), base + masks["end"].to_numpy(dtype=np.int64)
    by_start = np.argsort(start, kind="stable")
    reached = np.maximum.accumulate(end[by_start])
    at = words.doc * np.int64(_ARTICLE) + words.start
    before = np.searchsorted(start[by_start], at, side="right")
    return (before > 0) & (reached[np.maximum(before - 1, 0)] > at)
