"""Damage that shows in the characters and words of a block."""

from collections import Counter
from collections.abc import Iterator
from functools import cache

import ftfy
import pandas as pd
import regex

from rassegna import languages
from rassegna.damage.lexicon import classes, lexicon
from rassegna.tables import by_article

# A full stop after a word of three letters or more, and then no capital: two halves that were torn apart.
_TORN = regex.compile(r"(?<word>\p{L}{3,})[’”»\"]?\.\s+(?<next>\p{Ll}[\w’']*)")
_UNFINISHED = regex.compile(r"[\p{L},;]$")
_MARK_UP = regex.compile(r"&(?:[a-z]{2,6}|#\d{2,5});|</?[a-z]++[^<>\n]{0,300}+>|\{\{|\}\}")
_GLUED = regex.compile(r"(?<![\w@/.])\p{Ll}{3,}(?:[.!?]\p{Lu}\p{Ll}+|[,;]\p{Ll}{2,})(?![\w@/.])")
# A sentence of one capitalised word amid a paragraph.
_LONE = regex.compile(r"(?<before>\p{L}{0,9}\p{Ll})[.] (?<name>\p{Lu}\p{Ll}{2,})\.(?= \p{Lu}|$)")
_INITIAL = regex.compile(r"(?:^|(?<=[.!?] ))[A-ZÀ-Þ](?=\p{Ll}* )")  # of a sentence; as long as its small letter
_SMALL = regex.compile(r"(?<![\w'’@./-])\p{Ll}{7,}(?![\w'’@/-]|\.\w)")
_LETTERS = "abcdefghijklmnopqrstuvwxyzàèéìòù"
_TWICE = regex.compile(r"(?<![\w’'@./-])(?<word>\p{Ll}{1,}) (?P=word)(?![\w’'@/-])")
_VOWELS = "aeiouàèéìòù"
_LONGEST = 40  # letters; no word of a dictionary has more
_LONG = 9  # letters; shorter words have too many neighbours
_OFTEN = 2000  # words of a corpus that a frequent one is in at least once
_MIN_PARAGRAPH = 60  # code points; a shorter line without a full stop may be a heading


def in_blocks(blocks: pd.DataFrame, language: dict[str, str]) -> Iterator[tuple[str, int, int, str, int, str]]:
    """Places in blocks that look damaged: doc_id, start, end, text, block_id, reason.

    Reasons: `mojibake` (letters decoded with the wrong encoding), `replacement character` (a byte that could not be
    decoded), `mark-up` (what a browser should not have shown), `missing space`, `torn sentence` (a small letter after
    a full stop), `broken paragraph` (one that begins with a small letter), `unfinished` (the last paragraph stops
    without punctuation), `repeated paragraph`, `lone name` (a sentence that is only a name), `doubled word`,
    `misspelt: …` (a word that no lexicon has and that is one letter away from the one named), and those of the
    language's list of patterns.
    """
    words = _words(blocks, language)
    for doc_id, own in by_article(blocks.sort_values(["doc_id", "start"])).items():
        spoken = language[doc_id]
        body = [block.block_id for block in own if block.label == "body"]
        ends = (min(body, default=-1), max(body, default=-1))
        seen: set[str] = set()
        for block in own:
            found = [*_in_text(block.text, spoken), *_patterns(block.text, spoken), *_doubled(block.text, spoken)]
            found += _misspelt(block.text, spoken, words.get(spoken, Counter()))
            found += _lone_names(block.text, spoken, words.get(spoken, Counter()))
            if block.label == "body":
                found += _in_paragraph(block.text, block.block_id == ends[0], block.block_id == ends[1], seen)
            for start, end, reason in found:
                yield doc_id, block.start + start, block.start + end, block.text[start:end], block.block_id, reason


def _in_text(text: str, language: str) -> Iterator[tuple[int, int, str]]:
    """Damage that shows in the characters alone."""
    bad = ftfy.badness.BADNESS_RE.search(text.replace("\ufffd", "?"))
    if bad and (ftfy.fix_encoding(text) != text or regex.search("[ÃÂ]", bad[0])):  # else a rare transliteration
        yield *bad.span(), "mojibake"
    for broken in regex.finditer("\ufffd+", text):
        yield *broken.span(), "replacement character"
    for mark in _MARK_UP.finditer(text):
        yield *mark.span(), "mark-up"
    for glued in _GLUED.finditer(text):
        yield *glued.span(), "missing space"
    short = languages.optional(language, "damage").get("abbreviations", [])
    for torn in _TORN.finditer(text):
        if torn["word"].lower() not in short:
            yield torn.start("word"), torn.end("next"), "torn sentence"


def _words(blocks: pd.DataFrame, language: dict[str, str]) -> dict[str, Counter[str]]:
    """Language to how often the corpus has each word, as it is written."""
    found: dict[str, Counter[str]] = {}
    for doc_id, text in zip(blocks["doc_id"], blocks["text"], strict=True):
        found.setdefault(language[doc_id], Counter()).update(regex.findall(r"\p{L}+", text))
    return found


def _lone_names(text: str, language: str, words: Counter[str]) -> Iterator[tuple[int, int, str]]:
    """Sentences that are one name, known as such because the corpus has it again and never with a small letter."""
    short = languages.optional(language, "damage").get("abbreviations", [])
    for lone in _LONE.finditer(text):
        if lone["before"].lower() in short:
            continue
        if words[lone["name"]] > 1 and not words[lone["name"].lower()]:
            yield lone.start("name"), lone.end(), "lone name"


@cache
def _compiled(language: str) -> list[tuple[regex.Pattern[str], str]]:
    """The language's patterns, each with its reason."""
    patterns = languages.optional(language, "damage").get("patterns", {})
    return [
        (regex.compile(rf"(?<![\w’'-])(?:{pattern})(?![\w’'-])"), reason)
        for reason, own in patterns.items()
        for pattern in own
    ]


def _patterns(text: str, language: str) -> Iterator[tuple[int, int, str]]:
    """What the language's patterns find."""
    small = _INITIAL.sub(lambda initial: initial[0].lower(), text)
    for pattern, reason in _compiled(language):
        yield from {(*match.span(), reason) for form in (text, small) for match in pattern.finditer(form)}


def _doubled(text: str, language: str) -> Iterator[tuple[int, int, str]]:
    """A word given twice in a row, unless that is how one stresses it."""
    allowed = languages.optional(language, "damage").get("said_twice", [])
    small = languages.optional(language, "closed_classes").get("tags", {})
    for match in _TWICE.finditer(text):
        word = match["word"]
        is_small = any(word in own for tag, own in small.items() if tag != "ADV")
        is_known = classes(word, language) and not classes(word, language) & set("JA")
        if (is_small or is_known) and word not in allowed:
            yield *match.span(), "doubled word"


def _misspelt(text: str, language: str, words: Counter[str]) -> Iterator[tuple[int, int, str]]:
    """Words seen once that the lexicon lacks, one letter away from exactly one that it has.

    Short words and those with several neighbours need one that the corpus has often; a long one needs it twice, or
    no more than a slip away: a letter not doubled, or two that are swapped.
    """
    known, rules = lexicon(language), languages.optional(language, "damage")
    often = max(3, words.total() // _OFTEN)
    for match in _SMALL.finditer(text) if known and rules else ():
        word = match[0]
        if len(word) > _LONGEST:  # its neighbours would fill the memory
            continue
        if words[word] != 1 or word in known or word in rules["unsure"] or regex.search(rules["regular"], word):
            continue
        around = [other for other in _neighbours(word) if other in known]
        needed = 2 if len(word) >= _LONG and len(around) == 1 else often
        near = [other for other in around if words[other] >= needed]
        near = near or [other for other in _slips(word) if other in known]
        if len(near) == 1:
            yield *match.span(), f"misspelt: {near[0]}"


def _slips(word: str) -> set[str]:
    """Words that a letter not doubled, or two letters swapped, would have made into this one."""
    middle = range(1, len(word) - 1)
    found: set[str] = set()
    if len(word) >= _LONG - 1:
        found |= {word[:i] + word[i] + word[i:] for i in middle if word[i] not in _VOWELS}
    if len(word) >= _LONG:
        found |= {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in middle[:-1]}
    return found - {word}


def _neighbours(word: str) -> set[str]:
    """Words one letter dropped, added, changed or swapped away, the first and the last letter kept."""
    middle = range(1, len(word) - 1)
    return (
        {word[:i] + word[i + 1 :] for i in middle}
        | {word[:i] + a + word[i + 1 :] for i in middle for a in _LETTERS if a != word[i]}
        | {word[:i] + a + word[i:] for i in range(1, len(word)) for a in _LETTERS}
        | {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(1, len(word) - 2)}
    ) - {word}


def _in_paragraph(text: str, is_first: bool, is_last: bool, seen: set[str]) -> Iterator[tuple[int, int, str]]:
    """Damage that shows in a paragraph's beginning, end, and twin."""
    if text[0].islower() and not is_first:
        yield 0, len(text.split(maxsplit=1)[0]), "broken paragraph"
    if is_last and len(text) >= _MIN_PARAGRAPH and _UNFINISHED.search(text):
        yield text.rfind(" ") + 1, len(text), "unfinished"
    if text in seen and len(text) >= _MIN_PARAGRAPH:
        yield 0, len(text), "repeated paragraph"
    seen.add(text)
