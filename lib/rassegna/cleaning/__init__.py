"""Cut raw text into blocks, one a line, and say what each is: the article or what the page put around it.

Nothing is deleted: every block keeps its place in the raw text, so a reader can see what was set aside and why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rassegna.cleaning.features import Page
from rassegna.cleaning.labels import BODY, CONTENT, FURNITURE, HEADING, LABELS, SUBTITLE, TITLE, decide, lean
from rassegna.cleaning.model import LineModel, shipped_model

__all__ = ["CONTENT", "LABELS", "Block", "blocks", "cut_lines", "label_lines"]

SHARED = 3  # articles that must have a short line in common before it counts as the sites' own
BATCH = 1_000_000  # code points of text that are labelled together, which bounds the memory


@dataclass(frozen=True)
class Block:
    """One line of a page: half-open code points into the raw text, label, and the rule or score behind it."""

    start: int
    end: int
    label: str
    reason: str


@dataclass(frozen=True)
class _Text:
    """One article cut into its non-blank lines."""

    doc_id: str
    raw: str
    page: Page
    starts: list[int]
    main: Sequence[int] = ()
    headline: int | None = None


def cut_lines(raw: str) -> tuple[list[str], list[int]]:
    """Give the non-blank lines of a text, stripped, and where each starts (code points)."""
    lines, starts = [], []
    at = 0
    for line in raw.splitlines(keepends=True):
        text = line.lstrip()
        if text:
            lines.append(text.rstrip())
            starts.append(at + len(line) - len(text))
        at += len(line)
    return lines, starts


def label_lines(raw: str, *, language: str, model: LineModel | None = None) -> list[Block]:
    """Label the lines of a single page.

    Args:
        raw: The page's text as decoded, whatever its line ends.
        language: ISO 639 code; of one without a phrase list only the layout counts.
        model: Another classifier than the one shipped.

    Returns:
        One block per non-blank line, in order.
    """
    lines, starts = cut_lines(raw)
    if not lines:
        return []
    text = _Text("", raw, Page(lines, language), starts)
    (labelled,) = _label([text], frozenset(), model or shipped_model())
    return [
        Block(s, s + len(line), label, reason) for s, line, (label, reason) in zip(starts, lines, labelled, strict=True)
    ]


def blocks(articles: pd.DataFrame, *, model: LineModel | None = None) -> pd.DataFrame:
    """Cut articles into blocks and label each.

    Args:
        articles: One row per article: doc_id (str), language (str, ISO 639), raw (str, the decoded text); if they
            are there, main (numbers of the non-blank lines that a web page marks as its main content, or None) and
            headline (number of the one that is known to give the title, or null).
        model: Another classifier than the one shipped.

    Returns:
        Table `blocks`, one row per non-blank line, sorted by doc_id, start: doc_id (str), block_id (int, from 0 in
        each article), start, end (int, half-open code points into raw), label (str, one of `LABELS`), reason (str,
        the name of a rule, or `model` with the probability of the choice; `page and model` where a page's marks
        count too), text (str, raw[start:end]).

    Raises:
        ValueError: A column is missing or a doc_id comes twice.
    """
    missing = {"doc_id", "language", "raw"} - set(articles.columns)
    if missing:
        raise ValueError(f"articles lacks the columns {sorted(missing)}; it needs doc_id, language and raw")
    if articles["doc_id"].duplicated().any():
        twice = sorted(articles.loc[articles["doc_id"].duplicated(), "doc_id"].astype(str))
        raise ValueError(f"doc_id must be unique in articles; more than once: {twice[:5]}")
    model = model or shipped_model()
    rows = articles.reindex(columns=["doc_id", "language", "raw", "main", "headline"]).sort_values(
        "doc_id", kind="stable"
    )
    texts = []
    for doc_id, language, raw, main, headline in rows.itertuples(index=False):
        lines, starts = cut_lines(raw)
        if lines:
            page = Page(lines, language if isinstance(language, str) else "und")
            marked = main if isinstance(main, tuple) else ()
            texts.append(_Text(doc_id, raw, page, starts, marked, None if pd.isna(headline) else int(headline)))
    shared = _shared_lines(texts)
    blocks_of = [
        (text.doc_id, k, start, start + len(line), label, reason, line)
        for batch in _batches(texts)
        for text, labelled in zip(batch, _label(batch, shared, model), strict=True)
        for k, (start, line, (label, reason)) in enumerate(zip(text.starts, text.page.lines, labelled, strict=True))
    ]
    return pd.DataFrame(blocks_of, columns=list(_DTYPES)).astype(_DTYPES)


_DTYPES = dict.fromkeys(("doc_id", "block_id", "start", "end", "label", "reason", "text"), "str")
_DTYPES |= dict.fromkeys(("block_id", "start", "end"), "int64")


def _batches(texts: Sequence[_Text]) -> Iterator[list[_Text]]:
    batch: list[_Text] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text.raw)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _shared_lines(texts: Sequence[_Text]) -> frozenset[str]:
    """Short lines that several articles have in different surroundings, as sites' own wording does.

    Articles that reprint one agency report share lines too, but together with the lines around them.
    """
    around: dict[str, tuple[set[int], set[str]]] = {}
    for k, text in enumerate(texts):
        lines = ["", *text.page.lines, ""]
        for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
            if len(line) < 60:
                docs, contexts = around.setdefault(line, (set(), set()))
                docs.add(k)
                contexts |= {"<" + before, ">" + after}
    return frozenset(
        line for line, (docs, contexts) in around.items() if len(docs) >= SHARED and len(contexts) > 1.5 * len(docs)
    )


def _label(texts: Sequence[_Text], shared: frozenset[str], model: LineModel) -> Iterator[list[tuple[str, str]]]:
    """Label the lines of each text."""
    lines, probabilities = model.probabilities([text.page for text in texts])
    counts = [len(t.page.lines) for t in texts]
    firsts = np.cumsum([0, *counts])[:-1]
    told = set()  # titles that only the record or the page tells
    for text, first, n in zip(texts, firsts, counts, strict=True):
        own, headline = probabilities[first : first + n], text.headline
        if headline is not None and own[headline].argmax() == TITLE:
            headline = None
        if text.main or headline is not None:
            probabilities[first : first + n] = lean(own, text.main, headline)
            told.add(None if headline is None else first + headline)
    labels, reasons = decide(lines, probabilities, counts)
    for text, first in zip(texts, firsts, strict=True):
        out = []
        for k, line in enumerate(text.page.lines):
            label, reason = labels[first + k], reasons[first + k]
            if line in shared and label in (HEADING, SUBTITLE, BODY) and not line.endswith((".", "!", "?")):
                label, reason = FURNITURE, "same line in other articles"
            if first + k in told and label == TITLE:
                reason = "the title that is known of it"
            elif text.main and reason.startswith("model"):
                reason = f"page and {reason}"
            out.append((LABELS[label], reason))
        yield out
