"""Characters, words and phrases of many lines at once, as numpy arrays.

Words are known by a 64-bit hash, so that looking them up in a language's lists needs no Python loop.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from babel import Locale, UnknownLocaleError
from numpy.typing import NDArray

Array = NDArray[Any]
KINDS = (
    "share", "subscribe", "related", "read", "advert", "notice", "imprint", "navigation", "comments",
    "byline", "dateline", "credit", "calendar", "embed",
)  # fmt: skip
LOWER, UPPER, LETTER, DIGIT, SPACE, MARK, OTHER = range(7)
HEAD, TAIL = 3000, 500  # code points of a very long line that the features look at
TABLE = 0x20000  # code points above count as one letter: nearly all are rare ideographs
SEED = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Vocabulary:
    """The words and phrases of one language as sorted hashes.

    Attributes:
        known: Whether the language has a phrase list of its own.
        function: Hashes of its function words, sorted.
        first: Hashes of the first words of all phrases, sorted.
        phrases: By number of words, sorted phrase hashes with the kind of each.
    """

    known: bool
    function: Array
    first: Array
    phrases: dict[int, tuple[Array, Array]] = field(default_factory=dict)


@cache
def tables() -> tuple[Array, Array, Array]:
    """Class, lower-case form and "is a word of its own" by code point, up to `TABLE`."""
    kinds = np.full(TABLE, OTHER, np.uint8)
    lower = np.arange(TABLE, dtype=np.uint32)
    names = {"Ll": LOWER, "Lu": UPPER, "Lt": UPPER, "Lo": LETTER, "Lm": LETTER, "Mn": LETTER, "Mc": LETTER}
    for code in range(TABLE):
        char = chr(code)
        name = unicodedata.category(char)
        kinds[code] = names.get(name, MARK if name[0] in "PS" else DIGIT if name[0] == "N" else OTHER)
        if char.isspace():
            kinds[code] = SPACE
        if name in ("Lu", "Lt") and len(char.lower()) == 1:
            lower[code] = ord(char.lower())
    single = np.zeros(TABLE, bool)
    for first, last in ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF)):
        single[first : last + 1] = True
    kinds[-1], single[-1] = LETTER, True
    return kinds, lower, single


def mix(values: Array) -> Array:
    """Scramble 64-bit hashes."""
    values = values.astype(np.uint64)
    values = (values ^ (values >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9)
    return values ^ (values >> np.uint64(29))


def powers(n: int) -> Array:
    """The first n powers of the hash's base, modulo 2 to the 64th."""
    return np.cumprod(np.concatenate([[np.uint64(1)], np.full(n - 1, SEED | np.uint64(1))]), dtype=np.uint64)


@dataclass(frozen=True)
class Chars:
    """The code points of some lines, one after another."""

    codes: Array
    kind: Array
    line: Array  # index of the line of each code point
    starts: Array  # first code point of each line
    n: Array  # code points of each line


@dataclass(frozen=True)
class Words:
    """The words of some lines, one after another."""

    hash: Array
    line: Array
    rank: Array  # index within the line
    n: Array  # words of each line
    length: Array
    kind: Array  # class of the first character
    is_caps: Array
    is_glued: Array  # follows a letter without a space


def split_chars(texts: Sequence[str]) -> Chars:
    """Give the code points of lines with their classes; of a very long line its beginning and end."""
    cut = [t if len(t) <= HEAD + TAIL else t[:HEAD] + t[-TAIL:] for t in texts]
    n = np.fromiter(map(len, cut), np.int64, len(cut))
    codes = np.minimum(np.frombuffer("".join(cut).encode("utf-32-le", "surrogatepass"), np.uint32), TABLE - 1)
    return Chars(codes, tables()[0][codes], np.repeat(np.arange(len(cut), dtype=np.int32), n), np.cumsum(n) - n, n)


def split_words(chars: Chars) -> Words:
    """Cut lines into words: at anything but letters and digits, between those two, and in `wordsGlued`."""
    _, lower, single = tables()
    at = np.flatnonzero(chars.kind <= DIGIT).astype(np.int32)
    if not len(at):
        empty, zero = np.zeros(0, np.int64), np.zeros(len(chars.n), np.int64)
        return Words(empty.astype(np.uint64), empty, empty, zero, empty, empty, empty > 0, empty > 0)
    codes, kind, line = chars.codes[at], chars.kind[at], chars.line[at]
    begins = np.ones(len(at), bool)
    camel = np.zeros(len(at), bool)
    joined = (at[1:] - at[:-1] == 1) & (line[1:] == line[:-1])
    camel[1:] = joined & (kind[:-1] == LOWER) & (kind[1:] == UPPER)
    begins[1:] = ~joined | camel[1:] | ((kind[:-1] == DIGIT) != (kind[1:] == DIGIT))
    if codes.max() >= 0x3040:
        begins |= single[codes]
        begins[1:] |= single[codes][:-1]
    first = np.flatnonzero(begins)
    length = np.diff(np.append(first, len(at)))
    place = (at - np.repeat(at[first], length)) & 63
    low = lower[codes].astype(np.uint64)
    low += np.uint64(1)
    low *= powers(64)[place]
    hashes = mix(np.add.reduceat(low, first))
    by_line = line[first].astype(np.int64)
    n = np.bincount(by_line, minlength=len(chars.n))
    rank = np.arange(len(first)) - (np.cumsum(n) - n)[by_line]
    capitals = np.add.reduceat((kind == UPPER).view(np.uint8), first, dtype=np.int32)
    is_caps = (capitals == length) & (length > 1)
    return Words(hashes, by_line, rank, n, length, kind[first], is_caps, camel[first])


def find(values: Array, table: Array) -> Array:
    """Position of each value in a sorted table, -1 where it is not there."""
    found = np.full(len(values), -1)
    if len(table):
        hint = np.zeros(1 << 16, bool)  # most values are not there: their low bits tell at once
        hint[(table & np.uint64(0xFFFF)).astype(np.int64)] = True
        maybe = np.flatnonzero(hint[(values & np.uint64(0xFFFF)).astype(np.int64)])
        at = np.minimum(np.searchsorted(table, values[maybe]), len(table) - 1)
        found[maybe] = np.where(table[at] == values[maybe], at, -1)
    return found


@cache
def vocabulary(language: str) -> Vocabulary:
    """Read the phrase list of a language (and the English one, which is on pages everywhere).

    Args:
        language: ISO 639 code, a region after it is ignored. One without a list has month names only.
    """
    language = language.replace("_", "-").split("-")[0].lower()
    root = resources.files("rassegna") / "languages"
    phrases: set[tuple[str, int]] = set()
    function: list[str] = []
    known = (root / language / "furniture.toml").is_file() if language.isalpha() else False
    for code in dict.fromkeys([language, "en"]) if known else ():
        data = tomllib.loads((root / code / "furniture.toml").read_text(encoding="utf-8"))
        function += data["function_words"] if code == language else []
        phrases |= {(p, KINDS.index(kind)) for kind, listed in data["phrases"].items() for p in listed}
    phrases |= {(name, KINDS.index("calendar")) for name in _calendar(language)}
    texts = sorted(phrases)
    words = split_words(split_chars([text for text, _ in texts]))
    begin = np.cumsum(words.n) - words.n
    tables: dict[int, tuple[Array, Array]] = {}
    kinds = np.array([kind for _, kind in texts], np.int64)
    for n in sorted(set(words.n.tolist()) - {0}):
        rows = np.flatnonzero(words.n == n)
        hashes = mix(weighted_sum(words.hash, begin[rows], n))
        order = np.argsort(hashes, kind="stable")
        tables[n] = hashes[order], kinds[rows][order]
    firsts = np.unique(words.hash[words.rank == 0])
    return Vocabulary(known, np.unique(split_words(split_chars(function)).hash), firsts, tables)


def _calendar(language: str) -> Iterable[str]:
    """Month and weekday names, long and short, from CLDR."""
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError, TypeError):
        return []
    names: list[str] = []
    for table in (locale.months, locale.days):
        for width in ("wide", "abbreviated"):
            names += [str(n) for n in table["format"][width].values() if not str(n)[:1].isdigit()]
    return [n for n in names if len(n.strip(".")) > 1]


def weighted_sum(hashes: Array, at: Array, n: int) -> Array:
    """Sum of n consecutive hashes from each start, weighted by place."""
    total = np.zeros(len(at), np.uint64)
    for k, power in enumerate(powers(n)):
        total += hashes[at + k] * power
    return total


def line_keys(words: Words, size: int) -> Array:
    """Hash of all words of each line in order."""
    key = np.zeros(size, np.uint64)
    if len(words.hash):
        terms = words.hash * powers(1024)[words.rank & 1023]
        some = np.flatnonzero(words.n > 0)
        key[some] = np.add.reduceat(terms, (np.cumsum(words.n) - words.n)[some])
    return key
