"""From probabilities to labels: what is kept in doubt, one title a page, and repeats set aside."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rassegna.cleaning.features import Lines

LABELS = ("title", "subtitle", "heading", "body", "byline", "dateline", "caption", "furniture")
CONTENT = LABELS[:4]
KEEP = 0.65  # a title, subtitle or heading is content from this probability on
KEEP_BODY = 0.35  # losing body is worse than keeping furniture,
KEEP_SENTENCE = 0.25  # losing a whole sentence worse still,
KEEP_QUOTATION = 0.20  # losing a quotation worst
SURE = 0.8  # a paragraph this likely to be content keeps
KEEP_HEADING = 0.25  # a short line right above it from this probability on
SHORT = 12  # words
MISSING_TITLE = 0.25  # a line above the first paragraph when no other is the title
# What a web page marks as its main content is likelier to be content, by these powers of e; what it leaves out is less
# likely, above all before and after it. Measured by lib/training/cleaning/evaluate_pages.py.
MARKED, LEFT_OUT, AROUND = 4.0, 4.0, 9.0
KNOWN_TITLE = 0.97
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
    likeliest = probabilities[:, :4].argmax(axis=1)
    kinds = [lines.is_quotation, lines.is_sentence, likeliest == BODY]
    keep = content >= np.select(kinds, [KEEP_QUOTATION, KEEP_SENTENCE, KEEP_BODY], KEEP)
    whole = lines.is_sentence | lines.is_quotation
    ends = np.cumsum(counts)
    below = np.append((whole & (content >= SURE))[1:], False)
    below[ends - 1] = False
    keep |= ~whole & (lines.n_words <= SHORT) & (content >= KEEP_HEADING) & below
    labels = np.where(keep, likeliest, 4 + probabilities[:, 4:].argmax(axis=1))
    reasons = [f"model {p:.2f}" for p in np.where(keep, content, 1 - content).tolist()]
    for k in np.flatnonzero(keep & (content < 0.5)).tolist():
        reasons[k] = f"kept in doubt {content[k]:.2f}"
    for begin, end in zip(ends - counts, ends, strict=True):
        _one_title(lines, probabilities, labels, reasons, range(begin, end))
        _repeats(lines, labels, reasons, range(begin, end))
    for k in np.flatnonzero(lines.n_words == 0).tolist():
        labels[k], reasons[k] = FURNITURE, "no word"
    return labels.tolist(), reasons


def _one_title(
    lines: Lines, probabilities: NDArray[np.float32], labels: NDArray[np.int64], reasons: list[str], page: range
) -> None:
    """Leave one title: the likeliest line, or the first one that equals it."""
    titles = [k for k in page if labels[k] == TITLE]
    if not titles:
        body = next((k for k in page if labels[k] == BODY), page.start)
        titles = [k for k in range(page.start, body) if probabilities[k, TITLE] >= MISSING_TITLE][:1]
        if not titles:
            return
        labels[titles[0]] = TITLE
        reasons[titles[0]] = f"no likelier title {probabilities[titles[0], TITLE]:.2f}"
    best = max(titles, key=lambda k: probabilities[k, TITLE])
    title = next(k for k in page if lines.keys[k] == lines.keys[best])
    for k in titles:
        if lines.keys[k] != lines.keys[best]:
            labels[k] = SUBTITLE if probabilities[k, SUBTITLE] > probabilities[k, HEADING] else HEADING
            reasons[k] = "not the likeliest title"
    if title not in titles:
        reasons[title] = "first of equal titles"
    labels[title] = TITLE


def _repeats(lines: Lines, labels: NDArray[np.int64], reasons: list[str], page: range) -> None:
    """Set aside what repeats the title, a subtitle or a byline."""
    first: dict[int, int] = {}
    for k in page:
        earlier = first.setdefault(int(lines.keys[k]), k)
        if earlier != k and labels[earlier] in (TITLE, SUBTITLE, BYLINE) and labels[k] != FURNITURE:
            labels[k], reasons[k] = FURNITURE, f"repeats the {LABELS[labels[earlier]]}"


def lean(probabilities: NDArray[np.float32], main: Sequence[int], headline: int | None) -> NDArray[np.float32]:
    """Make likelier what is known of a page beside its lines: its main content, its title.

    Args:
        probabilities: One row per line of the page, one column per label.
        main: Numbers of the lines that a web page marks as its main content, in order; none: it marks none. Of the
            title the marks say nothing.
        headline: Number of the line that is known to give the title though it does not look like it, or None.
    """
    odds = np.clip(probabilities, 1e-4, 1)  # so that nothing is certain
    if main:
        power = np.full(len(odds), -AROUND, np.float32)
        power[main[0] : main[-1] + 1] = -LEFT_OUT
        power[list(main)] = MARKED
        odds[:, SUBTITLE : BODY + 1] *= np.exp(power)[:, None]
    odds /= odds.sum(axis=1, keepdims=True)
    if headline is not None:
        odds[headline] = (1 - KNOWN_TITLE) / (len(LABELS) - 1)
        odds[headline, TITLE] = KNOWN_TITLE
    return odds
