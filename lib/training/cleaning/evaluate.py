"""Scores of the line classifier on pages it has not seen."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from pages import CONTENT, Record
from rassegna.cleaning import LABELS, decide
from rassegna.line_features import Lines

Outcome = tuple[Record, np.ndarray, Lines]


def print_scores(outcomes: list[Outcome]) -> None:
    """Print content against the rest by lines and by characters, the body lost, and the labels right."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        record = outcome[0]
        for name in ("all", record.mode, f"{record.mode} {record.language}"):
            groups[name].append(outcome)
    print(
        f"{'':12s}   pages   P      R      F lines | P      R      F chars | body lost lines chars quotes | labels | no-made F"
    )
    for name in sorted(groups, key=lambda g: (" " in g, g)):
        print(f"{name:12s} {len(groups[name]):5d}  {score(groups[name])}")


def score(outcomes: list[Outcome]) -> str:
    """One line of figures."""
    gold, found, chars, quoted, equal, made = [], [], [], [], [], []
    body = []
    for record, probabilities, lines in outcomes:
        labels = [LABELS[k] for k in decide(lines, probabilities, [len(record.lines)])[0]]
        for text, label, got, quote, put in zip(
            record.lines, record.labels, labels, lines.is_quotation, record.made, strict=True
        ):
            if label == "unsure":
                continue
            gold.append(label in CONTENT)
            body.append(label == "body")
            found.append(got in CONTENT)
            chars.append(len(text))
            quoted.append(bool(quote))
            equal.append(label == got)
            made.append(put)
    g, f, n = np.array(gold), np.array(found), np.array(chars, float)
    b, q, m = np.array(body), np.array(quoted), np.array(made)

    def prf(weight: np.ndarray) -> tuple[float, float, float]:
        hit = weight[g & f].sum()
        p, r = hit / max(weight[f].sum(), 1), hit / max(weight[g].sum(), 1)
        return p, r, 2 * p * r / max(p + r, 1e-9)

    ones = np.ones(len(n))
    lost = (
        (b & ~f).sum() / max(b.sum(), 1),
        n[b & ~f].sum() / max(n[b].sum(), 1),
        (b & q & ~f).sum() / max((b & q).sum(), 1),
    )
    figures = [*prf(ones), *prf(n), *lost, float(np.mean(equal)), prf((~m).astype(float))[2]]
    return " ".join(f"{x:6.3f}" for x in figures)
