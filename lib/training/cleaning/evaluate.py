"""Scores of the line classifier on pages it has not seen."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from pages import CONTENT, Record
from rassegna.cleaning.features import Lines
from rassegna.cleaning.labels import LABELS, decide

Outcome = tuple[Record, np.ndarray, Lines]


def print_scores(outcomes: list[Outcome]) -> None:
    """Print content against the rest by lines and by characters, the body lost, and the labels right, as Markdown."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        record = outcome[0]
        for name in ("all", record.mode, f"{record.mode} {record.language}"):
            groups[name].append(outcome)
    print("| | pages | P lines | R | F | P chars | R | F | body lost: lines | chars | quotations | labels right |")
    print("|" + "---|" * 12)
    for name in sorted(groups, key=lambda g: (" " in g, g.split()[::-1])):
        print(f"| {name} | {len(groups[name])} | " + " | ".join(f"{x:.3f}" for x in scores(groups[name])) + " |")


def scores(outcomes: list[Outcome]) -> list[float]:
    """Precision, recall, F by lines, by characters; share of body lost by lines, chars, quotations; labels right."""
    gold, found, n, is_quotation = [], [], [], []
    for record, probabilities, lines in outcomes:
        labels = decide(lines, probabilities, [len(record.lines)])[0]
        kept = [k for k, label in enumerate(record.labels) if label != "unsure"]
        gold += [record.labels[k] for k in kept]
        found += [LABELS[labels[k]] for k in kept]
        n += [len(record.lines[k]) for k in kept]
        is_quotation += [bool(lines.is_quotation[k]) for k in kept]
    g, f, chars = np.isin(gold, CONTENT), np.isin(found, CONTENT), np.array(n, float)
    body = np.array(gold) == "body"
    ones, quoted = np.ones(len(n)), np.array(is_quotation, float)
    lost = [weight[body & ~f].sum() / max(weight[body].sum(), 1) for weight in (ones, chars, quoted)]
    return [*_prf(ones, g, f), *_prf(chars, g, f), *lost, float(np.mean(np.array(gold) == np.array(found)))]


def _prf(weight: np.ndarray, gold: np.ndarray, found: np.ndarray) -> tuple[float, float, float]:
    hit = weight[gold & found].sum()
    precision, recall = hit / max(weight[found].sum(), 1), hit / max(weight[gold].sum(), 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)
