"""Turn the lines of a page into numbers that say how each line looks, not what it is about.

Everything is vectorised over code points and words, so the cost grows with the text and with nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rassegna.cleaning.words import (
    DIGIT,
    KINDS,
    LETTER,
    LOWER,
    MARK,
    SEED,
    SPACE,
    UPPER,
    Array,
    Chars,
    Words,
    find,
    line_keys,
    mix,
    split_chars,
    split_words,
    tables,
    vocabulary,
    weighted_sum,
)  # fmt: skip

WORDS_FIRST, WORDS_LAST = 24, 12  # words of a line among which phrases are looked for
_PROSE_WIDTH = 90


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
        keys: uint64, hash of the line's words: equal for lines that differ in punctuation only.
        n_words: int64, number of words.
        is_quotation: bool, holds a quotation of some words and a sentence.
        is_sentence: bool, reads as a whole sentence and has next to nothing of the phrase lists.
    """

    names: tuple[str, ...]
    dense: NDArray[np.float32]
    keys: Array
    n_words: Array
    is_quotation: Array
    is_sentence: Array


def _per(values: Array, line: Array, size: int) -> Array:
    """Sum values by line."""
    return np.bincount(line, weights=values, minlength=size)


_ENDS = {"stop": ".。۔।", "cry": "!?！？", "dots": "…", "colon": ":：", "comma": ",;-–"}
_SIGNS = {
    "pipes": "|•·/›»>→", "at": "@", "copyright": "©®™", "brackets": "()[]{}", "money": "€$£%",
    "dashes": "–—-", "colons": ":", "quotes": "\"«»“”„「」『』",
}  # fmt: skip
_CLOSING = "\"'»”’)]」』“"


def _among(codes: Array, signs: str) -> NDArray[np.bool_]:
    return np.isin(codes, np.array([ord(c) for c in signs], np.uint32))


def _looks(chars: Chars, full: Array) -> dict[str, Array]:
    """What the characters of each line tell."""
    size, kind, codes, line = len(chars.n), chars.kind, chars.codes, chars.line
    n = np.maximum(chars.n, 1)
    counts = np.bincount(line * 7 + kind, minlength=7 * size).reshape(size, 7).astype(float)
    share = {k: counts[:, k] / n for k in range(7)}
    letters = counts[:, LOWER] + counts[:, UPPER] + counts[:, LETTER]
    single = np.flatnonzero(kind == LETTER)
    single = single[tables()[2][codes[single]]]
    ideographs = np.bincount(line[single], minlength=size).astype(float)
    width = full + 1.5 * ideographs
    marks = np.flatnonzero(kind == MARK)
    mark_codes, mark_lines = codes[marks], line[marks]
    looks: dict[str, Array] = {
        name: np.log1p(np.bincount(mark_lines[_among(mark_codes, signs)], minlength=size))
        for name, signs in _SIGNS.items()
    }
    commas = np.bincount(mark_lines[_among(mark_codes, ",，、;")], minlength=size)
    looks |= {
        "width": np.log1p(width), "is_tiny": width < 16, "is_short": width < 40, "is_wide": width >= _PROSE_WIDTH,
        "letters": letters / n, "upper": share[UPPER], "digits": share[DIGIT],
        "marks": share[MARK], "spaces": share[SPACE], "ideographs": ideographs / n,
        "commas": np.minimum(commas / n * 50, 3),
        "sentences": np.log1p(_sentence_ends(chars, marks)),
    }  # fmt: skip
    return looks | _edges(chars)


def _sentence_ends(chars: Chars, marks: Array) -> Array:
    """Count the full stops within each line that a capital, or a script without them, follows."""
    kind, codes, line = chars.kind, chars.codes, chars.line
    stops = marks[_among(codes[marks], ".!?…。！？۔।")]
    inner = stops[stops < (chars.starts + chars.n - 2)[line[stops]]]
    ideograph = tables()[2][codes[inner + 1]]
    inner = inner[(kind[inner + 1] == SPACE) | ideograph]
    inner = inner[np.isin(kind[np.minimum(inner + 2, len(kind) - 1)], [UPPER, LETTER, MARK])]
    return np.bincount(line[inner], minlength=len(chars.n))


def _edges(chars: Chars) -> dict[str, Array]:
    """What each line starts and ends with."""
    kind, codes = chars.kind, chars.codes
    first, last = chars.starts, chars.starts + chars.n - 1
    end, before = codes[last], codes[np.maximum(last - 1, first)]
    closing = _among(end, _CLOSING)
    ends = {name: _among(end, signs) | (closing & _among(before, signs)) for name, signs in _ENDS.items()}
    number = np.flatnonzero((kind[first] == DIGIT) & (chars.n > 3))
    second = kind[first[number] + 1] == DIGIT
    counts = np.zeros(len(first), bool)  # "1) ", "12. ": an item of a numbered list
    counts[number] = _among(codes[first[number] + 1 + second], ".)°") & (kind[first[number] + 2 + second] == SPACE)
    dots = (end == ord(".")) & (before == ord("."))
    return {
        "ends_stop": ends["stop"] & ~dots, "ends_cry": ends["cry"], "ends_dots": ends["dots"] | dots,
        "ends_colon": ends["colon"], "ends_comma": ends["comma"], "ends_closing": closing,
        "ends_lower": kind[last] == LOWER, "ends_upper": kind[last] == UPPER, "ends_digit": kind[last] == DIGIT,
        "starts_lower": kind[first] == LOWER, "starts_upper": kind[first] == UPPER,
        "starts_digit": kind[first] == DIGIT, "counts": counts, "starts_mark": kind[first] == MARK,
        "starts_quote": _among(codes[first], "\"«“„「‘'"), "starts_dash": _among(codes[first], "-–—•·*▪►>›→+"),
    }  # fmt: skip


def _wordings(words: Words, size: int) -> dict[str, Array]:
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


def _phrasing(words: Words, page: Array, languages: Sequence[str], counted: Array) -> dict[str, Array]:
    """How much of each line its language's lists cover, by kind, and whether it starts so."""
    size = len(page)
    cover = np.zeros((len(KINDS), size))
    starts = np.zeros((len(KINDS), size), bool)
    function = np.zeros(size)
    known = np.zeros(size, bool)
    codes = sorted(set(languages))
    language_of = np.array([codes.index(code) for code in languages], np.int64)[page]
    by_word = language_of[words.line]
    for number, language in enumerate(codes):
        lexicon = vocabulary(language)
        known[language_of == number] = lexicon.known
        mine = by_word == number
        function += _per(mine & (find(words.hash, lexicon.function) >= 0), words.line, size)
        begins = np.flatnonzero(mine & counted & (find(words.hash, lexicon.first) >= 0))
        for length, (table, kind_of) in lexicon.phrases.items():
            at = begins[words.rank[begins] + length <= words.n[words.line[begins]]]
            hit = find(mix(weighted_sum(words.hash, at, length)), table)
            at, kind = at[hit >= 0], kind_of[hit[hit >= 0]]
            np.add.at(cover, (kind, words.line[at]), length)
            starts[kind[words.rank[at] == 0], words.line[at[words.rank[at] == 0]]] = True
    n = np.maximum(words.n, 1)
    found = {"function": function / n, "no_function": (function == 0) & known, "known": known}
    for k, name in enumerate(KINDS):
        found[name] = np.minimum(cover[k] / n, 1)
        found[f"starts_{name}"] = starts[k]
    rest = [k for k, name in enumerate(KINDS) if name not in ("byline", "dateline", "credit", "calendar")]
    found["phrases"] = np.minimum(cover[rest].sum(axis=0), 4) / 2
    return found


def _by_page(keys: Array, page: Array) -> Array:
    """Make hashes of different pages differ."""
    return mix(keys ^ mix(page.astype(np.uint64) + SEED))


def _repeats(words: Words, keys: Array, page: Array, size: int) -> dict[str, Array]:
    """What comes twice: the line in the page, or its beginning in the line above or below."""
    _, first, group, count = np.unique(_by_page(keys, page), return_index=True, return_inverse=True, return_counts=True)
    has = words.n > 0
    copies = count[group]
    seen = has & (first[group] != np.arange(size))
    long = np.flatnonzero(words.n >= 3)
    head = np.zeros(size, np.uint64)
    head[long] = mix(weighted_sum(words.hash, (np.cumsum(words.n) - words.n)[long], 3))
    same = (head[1:] == head[:-1]) & (head[1:] != 0) & (page[1:] == page[:-1])
    return {
        "seen": seen, "again": has & ~seen & (copies > 1), "copies": np.where(has, np.log(np.minimum(copies, 8)), 0.0),
        "near_head": np.append(False, same) | np.append(same, False),
    }  # fmt: skip


def _topic(words: Words, page: Array, prose: Array, size: int) -> dict[str, Array]:
    """Which share of each line's longer words the page's prose has elsewhere."""
    at = np.flatnonzero((words.length >= 4) & (words.kind != DIGIT) & (words.rank < 60))
    line = words.line[at]
    total = np.bincount(line, minlength=size)
    if not len(at):
        return {name: np.zeros(size) for name in ("topic", "n_long", "topic_names", "n_names")}
    _, group = np.unique(_by_page(words.hash[at], page[line]), return_inverse=True)
    low = np.full(group.max() + 1, size)
    high = np.full(group.max() + 1, -1)
    mine = prose[line]
    np.minimum.at(low, group[mine], line[mine])
    np.maximum.at(high, group[mine], line[mine])
    low, high = low[group], high[group]
    elsewhere = ((low < size) & (low != line)) | ((high >= 0) & (high != line))
    name = words.kind[at] == UPPER
    names = np.bincount(line[name], minlength=size)
    return {
        "topic": _per(elsewhere, line, size) / np.maximum(total, 1), "n_long": np.log1p(total),
        "topic_names": _per(elsewhere & name, line, size) / np.maximum(names, 1), "n_names": np.log1p(names),
    }  # fmt: skip


def latest(hit: Array) -> Array:
    """Index of the latest line so far that is a hit; -1 before the first."""
    return np.maximum.accumulate(np.where(hit, np.arange(len(hit)), -1))


def _place(page: Array, width: Array, prose: Array) -> dict[str, Array]:
    """Where each line stands in its page, and how far from prose."""
    size = len(page)
    row = np.arange(size)
    first = np.flatnonzero(np.diff(page, prepend=-1))
    n = np.diff(np.append(first, size))
    start, end = first[page], (first + n)[page]
    running = width * prose
    total = np.add.reduceat(running, first)[page]
    passed = np.cumsum(running) - running
    before, after = latest(prose), size - 1 - latest(prose[::-1])[::-1]
    return {
        "from_top": np.log1p(row - start), "from_end": np.log1p(end - 1 - row), "n_lines": np.log1p(n)[page],
        "prose_lines": np.log1p(np.add.reduceat(prose.astype(float), first))[page], "is_prose": prose,
        "prose_share": total / np.maximum(np.add.reduceat(width, first)[page], 1),
        "prose_before": (passed - passed[start]) / np.maximum(total, 1),
        "to_before": np.where(before >= start, np.log1p(row - before), 4.0),
        "to_after": np.where(after < end, np.log1p(after - row), 4.0),
    }  # fmt: skip


def _since_cues(columns: dict[str, Array], page: Array) -> dict[str, Array]:
    """How many lines ago the page announced related articles, comments or its imprint, or gave a date."""
    row = np.arange(len(page))
    start = np.searchsorted(page, page)
    dated = (columns["width"] < 3.8) & (columns["digits"] > 0) & (columns["calendar"] + columns["dateline"] > 0)
    cues = {"date": dated}
    for name in ("related", "comments", "imprint", "subscribe", "notice"):
        cues[name] = (columns[name] >= 0.5) | (columns[f"starts_{name}"] & (columns["width"] < 4.1))
    before: Array = np.cumsum(dated) - dated
    since = {"dates": np.log1p(before - before[start])}  # many short ones: comments, a live ticker, other articles
    for name, cue in cues.items():
        last = latest(cue)
        since[f"seen_{name}"] = last >= start
        since[f"after_{name}"] = np.where(last >= start, 1 / (1 + 0.2 * (row - last)), 0.0)
    return since


def features(pages: Sequence[Page]) -> Lines:
    """Describe each line of each page.

    Args:
        pages: Pages with at least one line each; no line is empty.

    Returns:
        `Lines`, one row per line in the pages' order.
    """
    texts = [line for page in pages for line in page.lines]
    size = len(texts)
    counts = np.array([len(p.lines) for p in pages])
    page = np.repeat(np.arange(len(pages)), counts)
    chars = split_chars(texts)
    words = split_words(chars)
    in_reach = (words.rank < WORDS_FIRST) | (words.n[words.line] - words.rank <= WORDS_LAST)
    columns = _looks(chars, np.fromiter(map(len, texts), np.int64, size).astype(float))
    columns |= _wordings(words, size) | _phrasing(words, page, [p.language for p in pages], in_reach)
    width = np.expm1(columns["width"])
    sentence = columns["ends_stop"] | columns["ends_cry"] | (columns["sentences"] > 0) | (columns["commas"] > 0)
    running = columns["lower_words"] + columns["ideographs"] * 3 + (columns["upper"] == 0) > 0.4
    prose = (width >= _PROSE_WIDTH) & running & sentence
    keys = mix(line_keys(words, size))
    columns |= _repeats(words, keys, page, size) | _topic(words, page, prose, size)
    columns |= _place(page, np.minimum(width, 4000), prose)
    columns |= _since_cues(columns, page)
    quotation = (columns["quotes"] > 1) & (words.n >= 8) & (sentence | columns["ends_dots"])
    ends = columns["ends_stop"] | columns["ends_cry"]
    whole = ends & (words.n >= 7) & (columns["lower_words"] > 0.5) & (columns["phrases"] < 0.1)
    dense = np.stack([np.asarray(column, np.float32) for column in columns.values()], axis=1)
    return Lines(tuple(columns), dense, keys, words.n, quotation, whole)
