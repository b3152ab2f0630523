"""Places where a text looks damaged: a warning to the reader, never a deletion."""

from collections.abc import Iterator

import ftfy.badness
import pandas as pd
import regex

from rassegna import languages

# A full stop after a word of three letters or more, and then no capital: two halves that were torn apart.
_TORN = regex.compile(r"(?<word>\p{L}{3,})[’”»\"]?\.\s+(?<next>\p{Ll}[\w’']*)")
_UNFINISHED = regex.compile(r"[\p{L}\d,;]$")
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
        small letter), `unfinished` (the last paragraph stops without punctuation), `repeated paragraph`.
    """
    language = dict(zip(articles["doc_id"], articles["language"], strict=True))
    rows = []
    for doc_id, own in blocks.sort_values(["doc_id", "start"]).groupby("doc_id"):
        body = own[own["label"] == "body"]
        ends = (body["block_id"].min(), body["block_id"].max())
        seen: set[str] = set()
        for block in own.itertuples():
            found = [*_in_text(block.text, language[doc_id])]
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


def _in_paragraph(text: str, is_first: bool, is_last: bool, seen: set[str]) -> Iterator[tuple[int, int, str]]:
    """Damage that shows in a paragraph's beginning, end, and twin."""
    if text[0].islower() and not is_first:
        yield 0, len(text.split(maxsplit=1)[0]), "broken paragraph"
    if is_last and len(text) >= _MIN_PARAGRAPH and _UNFINISHED.search(text):
        yield text.rfind(" ") + 1, len(text), "unfinished"
    if text in seen and len(text) >= _MIN_PARAGRAPH:
        yield 0, len(text), "repeated paragraph"
    seen.add(text)
