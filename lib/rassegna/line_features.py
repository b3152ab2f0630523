"""Turn the lines of a page into numbers that say how each line looks, not what it is about.

Everything is vectorised over code points and words, so the cost grows with the text and with nothing else.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import numpy as np
from babel import Locale, UnknownLocaleError
from numpy.typing import NDArray

Array = NDArray[np.generic]
KINDS = (
    "share", "subscribe", "related", "read", "advert", "notice", "imprint", "navigation", "comments",
    "byline", "dateline", "credit", "calendar", "embed",
)  # fmt: skip
LOWER, UPPER, LETTER, DIGIT, SPACE, MARK, OTHER = range(7)
HEAD, TAIL = 3000, 500  # code points of a very long line that the features look at
WORDS_FIRST, WORDS_LAST = 24, 12  # words of a line whose phrases and embeddings count
_TABLE = 0x20000  # code points above count as letters: nearly all are ideographs
_SEED = np.uint64(0x9E3779B97F4A7C15)
_PROSE_WIDTH = 90


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


@dataclass(frozen=True)
class Page:
    """One page: its non-blank lines, stripped, in order, and its language code."""

    lines: Sequence[str]
    language: str


@dataclass(frozen=True)
class Lines:
    """The lines of a batch of pages as features, one row a line.

    Attributes:
        names: Names of the columns of `dense`.
        dense: float32, one row a line.
        words: int64, hash of each counted word, all lines in order.
        word_starts: int64, where each line's words begin in `words`, one more entry than lines.
        keys: uint64, hash of the line's words: equal for lines that differ in punctuation only.
        n_words: int64, number of words.
        is_quotation: bool, holds a quotation of some words and a sentence.
    """

    names: tuple[str, ...]
    dense: NDArray[np.float32]
    words: Array
    word_starts: Array
    keys: Array
    n_words: Array
    is_quotation: Array


@cache
def _tables() -> tuple[Array, Array, Array]:
    """Class, lower-case form and "is a word of its own" by code point, up to `_TABLE`."""
    kinds = np.full(_TABLE, OTHER, np.uint8)
    lower = np.arange(_TABLE, dtype=np.uint32)
    names = {"Ll": LOWER, "Lu": UPPER, "Lt": UPPER, "Lo": LETTER, "Lm": LETTER, "Mn": LETTER, "Mc": LETTER}
    for code in range(_TABLE):
        char = chr(code)
        name = unicodedata.category(char)
        kinds[code] = names.get(name, MARK if name[0] in "PS" else DIGIT if name[0] == "N" else OTHER)
        if char.isspace():
            kinds[code] = SPACE
        if name in ("Lu", "Lt") and len(char.lower()) == 1:
            lower[code] = ord(char.lower())
    single = np.zeros(_TABLE, bool)
    for first, last in ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF)):
        single[first : last + 1] = True
    return kinds, lower, single


def _mix(values: Array) -> Array:
    """Scramble 64-bit hashes."""
    values = values.astype(np.uint64)
    values = (values ^ (values >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9)
    return values ^ (values >> np.uint64(29))


def _powers(n: int) -> Array:
    """The first n powers of the hash's base, modulo 2 to the 64th."""
    return np.cumprod(np.concatenate([[np.uint64(1)], np.full(n - 1, _SEED | np.uint64(1))]), dtype=np.uint64)


@dataclass(frozen=True)
class _Chars:
    codes: Array
    kind: Array
    line: Array  # index of the line of each code point
    starts: Array  # first code point of each line
    n: Array  # code points of each line


@dataclass(frozen=True)
class _Words:
    hash: Array
    line: Array
    rank: Array  # index within the line
    n: Array  # words of each line
    length: Array
    kind: Array  # class of the first character
    is_caps: Array
    is_glued: Array  # follows a letter without a space


def _chars(texts: Sequence[str]) -> _Chars:
    cut = [t if len(t) <= HEAD + TAIL else t[:HEAD] + t[-TAIL:] for t in texts]
    n = np.fromiter(map(len, cut), np.int64, len(cut))
    codes = np.frombuffer("".join(cut).encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds, _, _ = _tables()
    kind = np.where(codes < _TABLE, kinds[np.minimum(codes, _TABLE - 1)], LETTER).astype(np.uint8)
    return _Chars(codes, kind, np.repeat(np.arange(len(cut)), n), np.cumsum(n) - n, n)


def _words(chars: _Chars) -> _Words:
    _, lower, single_table = _tables()
    inside = chars.kind <= DIGIT
    at = np.flatnonzero(inside)
    codes, kind, line = chars.codes[at], chars.kind[at], chars.line[at]
    single = np.where(codes < _TABLE, single_table[np.minimum(codes, _TABLE - 1)], True)
    before = np.concatenate([[OTHER], kind[:-1]]) if len(at) else kind
    joined = np.concatenate([[False], (np.diff(at) == 1) & (np.diff(line) == 0)]) if len(at) else inside[:0]
    camel = joined & (before == LOWER) & (kind == UPPER)
    turn = joined & ((before == DIGIT) != (kind == DIGIT))
    begins = ~joined | camel | turn | single | (np.concatenate([[False], single[:-1]]) if len(at) else single)
    first = np.flatnonzero(begins)
    if not len(first):
        empty = np.zeros(0, np.int64)
        zero = np.zeros(len(chars.n), np.int64)
        return _Words(empty.astype(np.uint64), empty, empty, zero, empty, empty, empty > 0, empty > 0)
    word = np.cumsum(begins) - 1
    place = np.arange(len(at)) - first[word]
    low = np.where(codes < _TABLE, lower[np.minimum(codes, _TABLE - 1)], codes).astype(np.uint64)
    hashes = _mix(np.add.reduceat((low + np.uint64(1)) * _powers(64)[place & 63], first))
    length = np.diff(np.append(first, len(at)))
    n = np.bincount(line[first], minlength=len(chars.n))
    rank = np.arange(len(first)) - (np.cumsum(n) - n)[line[first]]
    capitals = np.add.reduceat((kind == UPPER).astype(np.int64), first)
    is_caps = (capitals == length) & (length > 1)
    return _Words(hashes, line[first], rank, n, length, kind[first], is_caps, camel[first])


def _sequence(hashes: Array, n: int) -> Array:
    """Hash of every n consecutive words; the last n - 1 entries are missing."""
    total = np.zeros(max(len(hashes) - n + 1, 0), np.uint64)
    for k, power in enumerate(_powers(n)):
        total += hashes[k : k + len(total)] * power
    return _mix(total)


def _found(values: Array, table: Array) -> Array:
    """Position of each value in a sorted table, -1 where it is not there."""
    if not len(table) or not len(values):
        return np.full(len(values), -1)
    at = np.minimum(np.searchsorted(table, values), len(table) - 1)
    return np.where(table[at] == values, at, -1)


@cache
def vocabulary(language: str) -> Vocabulary:
    """Read the phrase list of a language (and the English one, which is on pages everywhere).

    Args:
        language: ISO 639 code. One without a list has no words of its own, month names apart.
    """
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
    words = _words(_chars([text for text, _ in texts]))
    begin = np.cumsum(words.n) - words.n
    tables: dict[int, tuple[Array, Array]] = {}
    kinds = np.array([kind for _, kind in texts], np.int64)
    for n in sorted(set(words.n.tolist()) - {0}):
        rows = np.flatnonzero(words.n == n)
        hashes = _sequence(words.hash, n)[begin[rows]]
        order = np.argsort(hashes, kind="stable")
        tables[n] = hashes[order], kinds[rows][order]
    firsts = np.unique(words.hash[words.rank == 0])
    return Vocabulary(known, np.unique(_words(_chars(function)).hash), firsts, tables)


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


def _per(values: Array, line: Array, size: int) -> NDArray[np.float64]:
    """Sum values by line."""
    return np.bincount(line, weights=values, minlength=size)


def _looks(chars: _Chars, full: Array) -> dict[str, Array]:
    """What the characters of each line tell."""
    size, kind, codes, line = len(chars.n), chars.kind, chars.codes, chars.line
    n = np.maximum(chars.n, 1)

    def count(mask: Array) -> NDArray[np.float64]:
        return np.bincount(line[mask], minlength=size).astype(float)

    marks = np.flatnonzero(kind == MARK)
    mark_codes = codes[marks]

    def marked(signs: str) -> Array:
        return marks[np.isin(mark_codes, np.array([ord(c) for c in signs], np.uint32))]

    _, _, single_table = _tables()
    ideographs = count(np.flatnonzero(single_table[np.minimum(codes, _TABLE - 1)]))
    letters = count(np.flatnonzero(kind <= LETTER))
    width = full + 1.5 * ideographs
    first, last = chars.starts, chars.starts + chars.n - 1
    stops = marked(".!?…。！？۔।")
    inner = stops[stops < last[line[stops]] - 1]
    inner = inner[(kind[inner + 1] == SPACE) | single_table[np.minimum(codes[inner + 1], _TABLE - 1)]]
    upper_next = inner[np.isin(kind[np.minimum(inner + 2, len(kind) - 1)], [UPPER, LETTER, MARK])]
    end_code = codes[last]
    closing = np.isin(end_code, [ord(c) for c in "\"'»”’)]」』“"])
    before_end = codes[np.maximum(last - 1, first)]
    ends = {
        name: np.isin(end_code, [ord(c) for c in signs]) | (closing & np.isin(before_end, [ord(c) for c in signs]))
        for name, signs in (("stop", ".。۔।"), ("cry", "!?！？"), ("dots", "…"), ("colon", ":："), ("comma", ",;-–"))
    }
    dots = (end_code == ord(".")) & (before_end == ord("."))
    quotes = count(marked('"«»“”„「」『』'))
    return {
        "width": np.log1p(width), "is_tiny": width < 16, "is_short": width < 40, "is_wide": width >= _PROSE_WIDTH,
        "is_huge": width >= 1200, "letters": letters / n, "upper": count(np.flatnonzero(kind == UPPER)) / n,
        "digits": count(np.flatnonzero(kind == DIGIT)) / n, "marks": count(marks) / n,
        "spaces": count(np.flatnonzero(kind == SPACE)) / n, "other": count(np.flatnonzero(kind == OTHER)) / n,
        "ideographs": ideographs / n, "no_letter": letters == 0,
        "ends_stop": ends["stop"] & ~dots, "ends_cry": ends["cry"], "ends_dots": ends["dots"] | dots,
        "ends_colon": ends["colon"], "ends_comma": ends["comma"], "ends_closing": closing,
        "ends_lower": kind[last] == LOWER, "ends_upper": kind[last] == UPPER, "ends_digit": kind[last] == DIGIT,
        "starts_lower": kind[first] == LOWER, "starts_upper": kind[first] == UPPER,
        "starts_digit": kind[first] == DIGIT, "starts_mark": kind[first] == MARK,
        "starts_quote": np.isin(codes[first], [ord(c) for c in "\"«“„「‘'"]),
        "starts_dash": np.isin(codes[first], [ord(c) for c in "-–—•·*▪►>›→+"]),
        "sentences": np.log1p(np.bincount(line[upper_next], minlength=size)),
        "commas": np.minimum(count(marked(",，、;")) / n * 50, 3), "quotes": np.log1p(quotes),
        "pipes": np.log1p(count(marked("|•·/›»>→"))) * 1.0, "at": np.log1p(count(marked("@"))),
        "hash": np.log1p(count(marked("#"))), "copyright": np.log1p(count(marked("©®™"))),
        "brackets": np.log1p(count(marked("()[]{}"))), "money": np.log1p(count(marked("€$£%"))),
        "dashes": np.log1p(count(marked("–—-"))), "colons": np.log1p(count(marked(":"))),
    }  # fmt: skip


def _wordings(words: _Words, size: int, looks: dict[str, Array]) -> dict[str, Array]:
    """What the shape of the words of each line tells."""
    n = np.maximum(words.n, 1)
    initial = words.rank == 0
    is_word = words.kind != DIGIT
    title = _per((words.kind == UPPER) & (words.length > 1) & ~initial, words.line, size)
    return {
        "n_words": np.log1p(words.n), "title_case": title / n, "caps": _per(words.is_caps, words.line, size) / n,
        "glued": np.log1p(_per(words.is_glued, words.line, size)),
        "lower_words": _per(words.kind == LOWER, words.line, size) / n,
        "numbers": _per(~is_word, words.line, size) / n,
        "word_length": _per(np.minimum(words.length, 30), words.line, size) / n / 10,
        "year": np.minimum(_per(~is_word & (words.length == 4), words.line, size), 3),
        "clock": np.minimum(_per(~is_word & (words.length <= 2), words.line, size), 6) / 3,
        "starts_caps": np.bincount(words.line[initial & words.is_caps], minlength=size) > 0,
    }  # fmt: skip


def _phrasing(words: _Words, size: int, languages: Array, counted: Array) -> dict[str, Array]:
    """How much of each line its language's lists cover, by kind, and whether it starts so."""
    cover = np.zeros((len(KINDS), size))
    starts = np.zeros((len(KINDS), size), bool)
    function = np.zeros(size)
    known = np.zeros(size, bool)
    by_line = languages[words.line]
    for language in sorted(set(languages.tolist())):
        lexicon = vocabulary(language)
        known[languages == language] = lexicon.known
        mine = by_line == language
        function += _per(mine & (_found(words.hash, lexicon.function) >= 0), words.line, size)
        begins = np.flatnonzero(mine & counted & (_found(words.hash, lexicon.first) >= 0))
        for length, (table, kinds) in lexicon.phrases.items():
            at = begins[words.rank[begins] + length <= words.n[words.line[begins]]]
            hit = _found(_mix(sum_of(words.hash, at, length)), table)
            at, kind = at[hit >= 0], kinds[hit[hit >= 0]]
            np.add.at(cover, (kind, words.line[at]), length)
            starts[kind[words.rank[at] == 0], words.line[at[words.rank[at] == 0]]] = True
    n = np.maximum(words.n, 1)
    found = {"function": function / n, "no_function": (function == 0) & known, "known": known}
    for k, kind in enumerate(KINDS):
        found[kind] = np.minimum(cover[k] / n, 1)
        found[f"starts_{kind}"] = starts[k]
    rest = [k for k, kind in enumerate(KINDS) if kind not in ("byline", "dateline", "credit", "calendar")]
    found["phrases"] = np.minimum(cover[rest].sum(axis=0), 4) / 2
    return found


def sum_of(hashes: Array, at: Array, n: int) -> Array:
    """Sum of n consecutive hashes from each place, weighted as `_sequence` does."""
    total = np.zeros(len(at), np.uint64)
    for k, power in enumerate(_powers(n)):
        total += hashes[at + k] * power
    return total


def _by_page(keys: Array, page: Array) -> Array:
    """Make hashes of different pages differ."""
    return _mix(keys ^ _mix(page.astype(np.uint64) + _SEED))


def _repeats(words: _Words, keys: Array, page: Array, size: int) -> dict[str, Array]:
    """What comes twice: the line, its beginning, or a part of it within itself."""
    _, first, group, count = np.unique(_by_page(keys, page), return_index=True, return_inverse=True, return_counts=True)
    has = words.n > 0
    seen = has & (first[group] != np.arange(size))
    again = has & ~seen & (count[group] > 1)
    begin = np.cumsum(words.n) - words.n
    long = np.flatnonzero(words.n >= 3)
    head = np.zeros(size, np.uint64)
    head[long] = _mix(sum_of(words.hash, begin[long], 3))
    _, group, count = np.unique(_by_page(head, page), return_inverse=True, return_counts=True)
    shared = np.where(words.n >= 3, np.minimum(count[group] - 1, 3), 0)
    near = np.zeros(size, bool)
    if size > 1:
        same = (head[1:] == head[:-1]) & (words.n[1:] >= 3) & (page[1:] == page[:-1])
        near[1:] |= same
        near[:-1] |= same
    within = np.zeros(size)
    if len(words.hash) > 3:
        three = _sequence(words.hash, 3)
        rank, line = words.rank[: len(three)], words.line[: len(three)]
        hit = (rank > 0) & (rank + 3 <= words.n[line]) & (three == head[line]) & (words.n[line] < 120)
        within = np.bincount(line[hit], minlength=size)
    return {
        "seen": seen, "again": again, "shared_head": shared, "near_head": near, "within": np.minimum(within, 2),
    }  # fmt: skip


def _topic(words: _Words, page: Array, prose: Array, size: int) -> dict[str, Array]:
    """Which share of each line's longer words the page's prose has elsewhere."""
    at = np.flatnonzero((words.length >= 4) & (words.kind != DIGIT) & (words.rank < 60))
    line = words.line[at]
    total = np.bincount(line, minlength=size)
    if not len(at):
        return {"topic": np.zeros(size), "n_long": np.zeros(size)}
    _, group = np.unique(_by_page(words.hash[at], page[line]), return_inverse=True)
    low = np.full(group.max() + 1, size)
    high = np.full(group.max() + 1, -1)
    mine = prose[line]
    np.minimum.at(low, group[mine], line[mine])
    np.maximum.at(high, group[mine], line[mine])
    low, high = low[group], high[group]
    elsewhere = ((low < size) & (low != line)) | ((high >= 0) & (high != line))
    return {"topic": _per(elsewhere, line, size) / np.maximum(total, 1), "n_long": np.log1p(total)}


def _place(page: Array, width: Array, prose: Array) -> dict[str, Array]:
    """Where each line stands in its page, and how far from prose."""
    size = len(page)
    row = np.arange(size)
    starts = np.searchsorted(page, page, side="left")
    ends = np.searchsorted(page, page, side="right")
    n = ends - starts
    sums = np.concatenate([[0.0], np.cumsum(np.where(prose, width, 0.0))])
    total = sums[ends] - sums[starts]
    before = np.maximum.accumulate(np.where(prose, row, -1))
    after = np.minimum.accumulate(np.where(prose, row, size)[::-1])[::-1]
    previous = np.concatenate([[-1], before[:-1]]) if size else before
    following = np.concatenate([after[1:], [size]]) if size else after
    has_before, has_after = previous >= starts, following < ends
    all_sums = np.concatenate([[0.0], np.cumsum(width)])
    place = {
        "from_top": np.log1p(row - starts), "from_end": np.log1p(ends - 1 - row), "relative": (row - starts) / n,
        "is_first": row == starts, "is_last": row == ends - 1, "n_lines": np.log1p(n),
        "prose_lines": np.log1p(np.concatenate([[0], np.cumsum(prose)])[ends] - np.concatenate([[0], np.cumsum(prose)])[starts]),
        "prose_share": total / np.maximum(all_sums[ends] - all_sums[starts], 1),
        "prose_before": (sums[row] - sums[starts]) / np.maximum(total, 1),
        "has_before": has_before, "has_after": has_after, "is_prose": prose,
        "to_before": np.where(has_before, np.log1p(row - previous), 4.0),
        "to_after": np.where(has_after, np.log1p(following - row), 4.0),
    }  # fmt: skip
    for reach in (3, 10):
        low, high = np.maximum(row - reach, starts), np.minimum(row + reach + 1, ends)
        near = np.maximum(all_sums[high] - all_sums[low], 1)
        place[f"density_{reach}"] = (sums[high] - sums[low]) / near
    return place


def features(pages: Sequence[Page]) -> Lines:
    """Describe each line of each page.

    Args:
        pages: Pages with at least one line together; no line is empty.

    Returns:
        `Lines`, one row per line in the pages' order.
    """
    texts = [line for page in pages for line in page.lines]
    size = len(texts)
    counts = np.array([len(p.lines) for p in pages])
    page = np.repeat(np.arange(len(pages)), counts)
    languages = np.repeat(np.array([p.language for p in pages], dtype=object), counts).astype(str)
    chars = _chars(texts)
    words = _words(chars)
    looks = _looks(chars, np.fromiter(map(len, texts), np.int64, size).astype(float))
    from_end = words.n[words.line] - words.rank
    counted = (words.rank < WORDS_FIRST) | (from_end <= WORDS_LAST)
    columns = looks | _wordings(words, size, looks) | _phrasing(words, size, languages, counted)
    width = np.expm1(looks["width"])
    prose = (width >= _PROSE_WIDTH) & (columns["lower_words"] + looks["ideographs"] * 3 + (looks["upper"] == 0) > 0.4)
    prose &= (looks["commas"] > 0) | looks["ends_stop"] | looks["ends_cry"] | (looks["sentences"] > 0)
    keys = _mix(_per_key(words, size))
    columns |= (
        _repeats(words, keys, page, size)
        | _topic(words, page, prose, size)
        | _place(page, np.minimum(width, 4000), prose)
    )
    kept = np.flatnonzero(counted)
    starts = np.concatenate([[0], np.cumsum(np.bincount(words.line[kept], minlength=size))])
    sentence = (
        looks["ends_stop"] | looks["ends_cry"] | looks["ends_dots"] | (looks["sentences"] > 0) | (looks["commas"] > 0)
    )
    quotation = (looks["quotes"] > 1) & (words.n >= 8) & sentence
    dense = np.stack([np.asarray(columns[name], np.float32) for name in columns], axis=1)
    return Lines(tuple(columns), dense, words.hash[kept], starts, keys, words.n, quotation)


def _per_key(words: _Words, size: int) -> Array:
    """Hash of all words of each line in order."""
    key = np.zeros(size, np.uint64)
    if len(words.hash):
        terms = words.hash * _powers(1024)[words.rank & 1023]
        some = np.flatnonzero(words.n > 0)
        key[some] = np.add.reduceat(terms, (np.cumsum(words.n) - words.n)[some])
    return key
