"""Places where a text looks damaged: a warning to the reader, never a deletion."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import import_module

import ftfy.badness
import pandas as pd
import regex

from rassegna import languages

# A full stop after a word of three letters or more, and then no capital: two halves that were torn apart.
_TORN = regex.compile(r"(?<word>\p{L}{3,})[’”»\"]?\.\s+(?<next>\p{Ll}[\w’']*)")
_UNFINISHED = regex.compile(r"[\p{L},;]$")
# A sentence of one capitalised word amid a paragraph.
_LONE = regex.compile(r"(?<=\p{Ll}[.] )(?<name>\p{Lu}\p{Ll}{2,})\.(?= \p{Lu}|$)")
_SMALL = regex.compile(r"(?<![\w'’@./-])\p{Ll}{7,}(?![\w'’@/-]|\.\w)")
_LETTERS = "abcdefghijklmnopqrstuvwxyzàèéìòù"
_MIN_PARAGRAPH = 60  # code points; a shorter line without a full stop may be a heading


def damage(blocks: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Find what a reader should be warned of in the content of each article.

    Args:
        blocks: Table `blocks`, its content rows only.
        articles: One row per article: doc_id, language.

    Returns:
        Table `damage`, one row per place: doc_id, start, end, text, block_id, reason. Reasons:
        `mojibake` (letters decoded with the wrong encoding), `replacement character` (a byte that could not be
        decoded), `torn sentence` (a small letter after a full stop), `broken paragraph` (one that begins with a
        small letter), `unfinished` (the last paragraph stops without punctuation), `repeated paragraph`, `lone name`
        (a sentence that is only a name), and `misspelt: …` (a word that no lexicon has and that is one letter away
        from one that the corpus has more than once).
    """
    language = dict(zip(articles["doc_id"], articles["language"], strict=True))
    rows = []
    words = _words(blocks, language)
    for doc_id, own in blocks.sort_values(["doc_id", "start"]).groupby("doc_id"):
        body = own[own["label"] == "body"]
        ends = (body["block_id"].min(), body["block_id"].max())
        seen: set[str] = set()
        for block in own.itertuples():
            found = [*_in_text(block.text, language[doc_id])]
            found += _misspelt(block.text, language[doc_id], words.get(language[doc_id], Counter()))
            found += _lone_names(block.text, words.get(language[doc_id], Counter()))
            if block.label == "body":
                found += _in_paragraph(block.text, block.block_id == ends[0], block.block_id == ends[1], seen)
            rows += [
                (doc_id, block.start + start, block.start + end, block.text[start:end], block.block_id, reason)
                for start, end, reason in found
            ]
    return pd.DataFrame(rows, columns=["doc_id", "start", "end", "text", "block_id", "reason"])


def _in_text(text: str, language: str) -> Iterator[tuple[int, int, str]]:
    """Damage that shows in the characters alone."""
    if bad := ftfy.badness.BADNESS_RE.search(text.replace("\ufffd", "?")):
        yield *bad.span(), "mojibake"
    for broken in regex.finditer("\ufffd+", text):
        yield *broken.span(), "replacement character"
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


def _lone_names(text: str, words: Counter[str]) -> Iterator[tuple[int, int, str]]:
    """Sentences that are one name, known as such because the corpus has it again and never with a small letter."""
    for lone in _LONE.finditer(text):
        if words[lone["name"]] > 1 and not words[lone["name"].lower()]:
            yield *lone.span(), "lone name"


def _misspelt(text: str, language: str, words: Counter[str]) -> Iterator[tuple[int, int, str]]:
    """Words seen once that the lexicon lacks, one letter away from exactly one that it has and the corpus repeats."""
    lexicon, enclitic = _lexicon(language), languages.optional(language, "damage").get("enclitic", "$^")
    for match in _SMALL.finditer(text) if lexicon else ():
        word = match[0]
        if words[word] == 1 and word not in lexicon and not regex.search(enclitic, word):
            known = [other for other in _neighbours(word) if words[other] > 1 and other in lexicon]
            if len(known) == 1:
                yield *match.span(), f"misspelt: {known[0]}"


def _neighbours(word: str) -> set[str]:
    """Words one letter dropped, added, changed or swapped away, the first and the last letter kept."""
    middle = range(1, len(word) - 1)
    return (
        {word[:i] + word[i + 1 :] for i in middle}
        | {word[:i] + a + word[i + 1 :] for i in middle for a in _LETTERS if a != word[i]}
        | {word[:i] + a + word[i:] for i in range(1, len(word)) for a in _LETTERS}
        | {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(1, len(word) - 2)}
    ) - {word}


@cache
def _lexicon(language: str) -> frozenset[str]:
    """The forms that the language's own pipeline package knows; none where there is no such package."""
    try:
        words = import_module(f"{language}_rassegna_news.words")
    except ImportError:
        return frozenset()
    return frozenset(words.read_table("lexicon"))


def _in_paragraph(text: str, is_first: bool, is_last: bool, seen: set[str]) -> Iterator[tuple[int, int, str]]:
    """Damage that shows in a paragraph's beginning, end, and twin."""
    if text[0].islower() and not is_first:
        yield 0, len(text.split(maxsplit=1)[0]), "broken paragraph"
    if is_last and len(text) >= _MIN_PARAGRAPH and _UNFINISHED.search(text):
        yield text.rfind(" ") + 1, len(text), "unfinished"
    if text in seen and len(text) >= _MIN_PARAGRAPH:
        yield 0, len(text), "repeated paragraph"
    seen.add(text)
