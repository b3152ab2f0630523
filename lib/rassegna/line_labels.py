"""From probabilities to labels: what is kept in doubt, one title a page, and repeats set aside."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rassegna.line_features import Lines

LABELS = ("title", "subtitle", "heading", "body", "byline", "dateline", "caption", "furniture")
CONTENT = LABELS[:4]
KEEP = 0.50  # content from this probability on, whatever the line
KEEP_QUOTATION = 0.20  # losing body is worse than keeping furniture, losing a quotation is worst
SURE = 0.8  # a whole sentence this likely to be content is an anchor for others
KEEP_AMID = 0.02  # a whole sentence between two sure paragraphs
KEEP_BESIDE = 0.08  # a whole sentence near one
KEEP_HEADING = 0.25  # a short line right above a sure paragraph
MISSING_TITLE = 0.25  # a line above the first paragraph when no other is the title
NEAR = 8  # lines
TITLE, SUBTITLE, HEADING, BODY, BYLINE, DATELINE, CAPTION, FURNITURE = range(8)


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
    whole = lines.is_sentence | lines.is_quotation
    amid = np.zeros(len(content), bool)
    sure = whole & (content >= SURE)
    for _ in range(2):  # what the first round kept is an anchor for the second
        amid |= ~keep & whole & (content >= _least(sure | amid, counts))
    keep |= amid
    short = ~whole & (lines.n_words <= 12)
    leads = ~keep & short & (content >= KEEP_HEADING) & _before_sure(sure, counts)
    keep |= leads
    labels = np.where(keep, probabilities[:, :4].argmax(axis=1), 4 + probabilities[:, 4:].argmax(axis=1))
    labels[amid] = BODY
    reasons = [f"model {p:.2f}" for p in np.where(keep, content, 1 - content).tolist()]
    for k in np.flatnonzero(keep & (content < 0.5)).tolist():
        reasons[k] = f"{'sentence near body' if amid[k] else 'kept in doubt'} {content[k]:.2f}"
    end = 0
    for n in counts:
        begin, end = end, end + n
        _one_title(lines, probabilities, labels, reasons, begin, end)
        _repeats(lines, labels, reasons, begin, end)
    for k in np.flatnonzero(lines.n_words == 0).tolist():
        labels[k], reasons[k] = FURNITURE, "no word"
    return labels.tolist(), reasons


def _least(sure: NDArray[np.bool_], counts: Sequence[int]) -> NDArray[np.float64]:
    """Probability from which a whole sentence is kept, by how near it stands to sure paragraphs."""
    n = len(sure)
    page = np.repeat(np.arange(len(counts)), counts)
    row = np.arange(n)
    before = np.maximum.accumulate(np.where(sure, row, -1))
    after = np.minimum.accumulate(np.where(sure, row, n)[::-1])[::-1]
    has_before = (before >= 0) & (page[np.maximum(before, 0)] == page) & (row - before <= NEAR)
    has_after = (after < n) & (page[np.minimum(after, n - 1)] == page) & (after - row <= NEAR)
    return np.where(has_before & has_after, KEEP_AMID, np.where(has_before | has_after, KEEP_BESIDE, 1.0))


def _before_sure(sure: NDArray[np.bool_], counts: Sequence[int]) -> NDArray[np.bool_]:
    """Whether the next line of the same page is a sure paragraph."""
    following = np.append(sure[1:], False)
    following[np.cumsum(counts) - 1] = False
    return following


def _one_title(
    lines: Lines,
    probabilities: NDArray[np.float32],
    labels: NDArray[np.int64],
    reasons: list[str],
    begin: int,
    end: int,
) -> None:
    """Leave one title: the likeliest line, or the first one that equals it."""
    titles = begin + np.flatnonzero(labels[begin:end] == TITLE)
    if not len(titles):
        body = begin + np.flatnonzero(labels[begin:end] == BODY)
        above = np.arange(begin, body[0]) if len(body) else np.arange(0)
        titles = above[probabilities[above, TITLE] >= MISSING_TITLE][:1]
        labels[titles] = TITLE
        for k in titles:
            reasons[k] = f"no likelier title {probabilities[k, TITLE]:.2f}"
    if not len(titles):
        return
    best = titles[probabilities[titles, TITLE].argmax()]
    title = begin + np.flatnonzero(lines.keys[begin:end] == lines.keys[best])[0]
    for k in titles:
        if k != title and lines.keys[k] != lines.keys[best]:
            labels[k] = SUBTITLE if probabilities[k, SUBTITLE] > probabilities[k, HEADING] else HEADING
            reasons[k] = "not the likeliest title"
    if labels[title] != TITLE:
        labels[title], reasons[title] = TITLE, "first of equal titles"


def _repeats(lines: Lines, labels: NDArray[np.int64], reasons: list[str], begin: int, end: int) -> None:
    """Set aside what repeats the title, a subtitle or a byline."""
    first: dict[int, int] = {}
    for k in range(begin, end):
        key = int(lines.keys[k])
        if lines.n_words[k] == 0:
            continue
        earlier = first.setdefault(key, k)
        if earlier != k and labels[earlier] in (TITLE, SUBTITLE, BYLINE) and labels[k] != FURNITURE:
            labels[k], reasons[k] = FURNITURE, f"repeats the {LABELS[labels[earlier]]}"
