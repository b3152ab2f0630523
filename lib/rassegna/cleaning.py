"""Cut raw text into blocks, one a line, and say what each is: the article or what the page put around it.

Nothing is deleted: every block keeps its place in the raw text, so a reader can see what was set aside and why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rassegna.line_features import Lines, Page
from rassegna.line_model import LineModel, shipped_model

LABELS = ("title", "subtitle", "heading", "body", "byline", "dateline", "caption", "furniture")
CONTENT = LABELS[:4]
KEEP = 0.40  # content from this probability on: losing body is worse than keeping furniture
KEEP_QUOTATION = 0.20  # and losing a quotation is worst
SHARED = 3  # articles that must have a short line in common before it counts as the sites' own
BATCH = 1_000_000  # code points of text that are labelled together, which bounds the memory
_TITLE, _SUBTITLE, _HEADING, _BODY, _BYLINE, _DATELINE, _CAPTION, _FURNITURE = range(8)


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
        articles: One row per article: doc_id (str), language (str, ISO 639), raw (str, the decoded text).
        model: Another classifier than the one shipped.

    Returns:
        Table `blocks`, one row per non-blank line, sorted by doc_id, start: doc_id (str), block_id (int, from 0 in
        each article), start, end (int, half-open code points into raw), label (str, one of `LABELS`), reason (str,
        the name of a rule, or `model` with the probability of the choice), text (str, raw[start:end]).

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
    rows = articles.sort_values("doc_id", kind="stable")[["doc_id", "language", "raw"]]
    texts = []
    for doc_id, language, raw in rows.itertuples(index=False):
        lines, starts = cut_lines(raw)
        if lines:
            texts.append(_Text(doc_id, raw, Page(lines, language if isinstance(language, str) else "und"), starts))
    shared = _shared_lines(texts)
    columns: dict[str, list[object]] = {name: [] for name in _DTYPES}
    for batch in _batches(texts):
        for text, labelled in zip(batch, _label(batch, shared, model), strict=True):
            n = len(text.starts)
            columns["doc_id"] += [text.doc_id] * n
            columns["block_id"] += range(n)
            columns["start"] += text.starts
            columns["end"] += [s + len(line) for s, line in zip(text.starts, text.page.lines, strict=True)]
            columns["label"] += [label for label, _ in labelled]
            columns["reason"] += [reason for _, reason in labelled]
            columns["text"] += text.page.lines
    return pd.DataFrame({name: pd.Series(values, dtype=_DTYPES[name]) for name, values in columns.items()})


_DTYPES = {
    "doc_id": "str", "block_id": "int64", "start": "int64", "end": "int64", "label": "str", "reason": "str", "text": "str",
}  # fmt: skip


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
    labels, reasons = decide(lines, probabilities, [len(t.page.lines) for t in texts])
    for text, first in zip(texts, np.cumsum([0] + [len(t.page.lines) for t in texts]), strict=False):
        out = []
        for k, line in enumerate(text.page.lines):
            label, reason = labels[first + k], reasons[first + k]
            if line in shared and label in (_HEADING, _SUBTITLE, _BODY) and not line.endswith((".", "!", "?")):
                label, reason = _FURNITURE, "same line in other articles"
            out.append((LABELS[label], reason))
        yield out


def decide(lines: Lines, probabilities: NDArray[np.float32], counts: Sequence[int]) -> tuple[list[int], list[str]]:
    """Turn probabilities into labels: keep what may be content, one title a page, no repeats of it.

    Args:
        lines: The lines' features.
        probabilities: One row per line, one column per label.
        counts: Number of lines of each page, in order.

    Returns:
        Index into `LABELS` and reason of each line.
    """
    content = probabilities[:, :4].sum(axis=1)
    keep = content >= np.where(lines.is_quotation, KEEP_QUOTATION, KEEP)
    labels = np.where(keep, probabilities[:, :4].argmax(axis=1), 4 + probabilities[:, 4:].argmax(axis=1))
    reasons = [f"model {p:.2f}" for p in np.where(keep, content, 1 - content).tolist()]
    for k in np.flatnonzero(keep & (content < 0.5)).tolist():
        reasons[k] = f"kept in doubt {content[k]:.2f}"
    end = 0
    for n in counts:
        begin, end = end, end + n
        _one_title(lines, probabilities, labels, reasons, begin, end)
        _repeats(lines, labels, reasons, begin, end)
    for k in np.flatnonzero(lines.n_words == 0).tolist():
        labels[k], reasons[k] = _FURNITURE, "no word"
    return labels.tolist(), reasons


def _one_title(
    lines: Lines,
    probabilities: NDArray[np.float32],
    labels: NDArray[np.int64],
    reasons: list[str],
    begin: int,
    end: int,
) -> None:
    """Leave one title: the likeliest line, or the first one that equals it."""
    titles = begin + np.flatnonzero(labels[begin:end] == _TITLE)
    if not len(titles):
        return
    best = titles[probabilities[titles, _TITLE].argmax()]
    title = begin + np.flatnonzero(lines.keys[begin:end] == lines.keys[best])[0]
    for k in titles:
        if k != title and lines.keys[k] != lines.keys[best]:
            labels[k] = _SUBTITLE if probabilities[k, _SUBTITLE] > probabilities[k, _HEADING] else _HEADING
            reasons[k] = "not the likeliest title"
    if labels[title] != _TITLE:
        labels[title], reasons[title] = _TITLE, "first of equal titles"


def _repeats(lines: Lines, labels: NDArray[np.int64], reasons: list[str], begin: int, end: int) -> None:
    """Set aside what repeats the title, a subtitle or a byline."""
    first: dict[int, int] = {}
    for k in range(begin, end):
        key = int(lines.keys[k])
        if lines.n_words[k] == 0:
            continue
        earlier = first.setdefault(key, k)
        if earlier != k and labels[earlier] in (_TITLE, _SUBTITLE, _BYLINE) and labels[k] != _FURNITURE:
            labels[k], reasons[k] = _FURNITURE, f"repeats the {LABELS[labels[earlier]]}"
