"""The shipped line classifier: a small convolution over the lines of a page, in numpy.

It was trained by `lib/training/cleaning/train.py`, whose README has the scores; the weights are in `cleaning_model.json`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from rassegna.line_features import Lines, Page, features

Floats = NDArray[np.float32]
GAP = 8  # empty rows between pages, more than half the convolutions' reach together
FIRST = 2  # the words of a line's beginning that are also looked at by themselves


@dataclass(frozen=True)
class LineModel:
    """Weights of the classifier.

    Attributes:
        labels: The labels in the order of the outputs.
        features: The features in the order of the inputs.
        weights: float32 arrays by name: `mean`, `scale`, `words`, then of each network its layers.
        dilations: Distance between the lines that a convolution looks at, for each in turn.
        networks: How many networks vote.
    """

    labels: tuple[str, ...]
    features: tuple[str, ...]
    weights: dict[str, Floats]
    dilations: tuple[int, ...]
    networks: int

    def probabilities(self, pages: Sequence[Page]) -> tuple[Lines, Floats]:
        """Describe the lines of pages and give each label's probability, one row a line."""
        lines = features(pages)
        if lines.names != self.features:
            raise ValueError("cleaning_model.json was trained on other features: run lib/training/cleaning/train.py")
        counts = np.array([len(page.lines) for page in pages])
        page = np.repeat(np.arange(len(pages)), counts)
        row = np.arange(len(page)) + GAP * (page + 1)
        total = np.zeros((len(page), len(self.labels)), np.float32)
        for k in range(self.networks):
            total += self._vote(lines, page, row, counts, f"{k}.")
        return lines, np.round(total / self.networks, 4)

    def _vote(
        self, lines: Lines, page: NDArray[np.int64], row: NDArray[np.int64], counts: NDArray[np.int64], net: str
    ) -> Floats:
        w = {name[len(net) :]: value for name, value in self.weights.items() if name.startswith(net)}
        dense = np.clip((lines.dense - self.weights["mean"]) * self.weights["scale"], -4, 4)
        buckets = (lines.words % np.uint64(len(w["words"]))).astype(np.int64)
        first = np.zeros(len(buckets), bool)
        for k in range(FIRST):
            at = lines.word_starts[:-1] + k
            first[at[at < lines.word_starts[1:]]] = True
        every = _mean(w["words"], buckets, lines.word_starts)
        starts = np.concatenate([[0], np.cumsum(first)])[lines.word_starts]
        lead = _mean(w["lead"], buckets[first], starts)
        hidden = np.zeros((row[-1] + GAP + 1, w["bias"].shape[0]), np.float32)
        hidden[row] = np.maximum(dense @ w["dense"] + every @ w["every"] + lead @ w["first"] + w["bias"], 0)
        for layer, dilation in enumerate(self.dilations):
            kernel = w[f"conv{layer}"]
            reach = len(kernel) // 2 * dilation
            padded = np.pad(hidden, ((reach, reach), (0, 0)))
            value = sum(padded[k * dilation + row] @ kernel[k] for k in range(len(kernel))) + w[f"conv{layer}_bias"]
            hidden[row] += np.maximum(value, 0)
        mine = hidden[row]
        pooled = np.add.reduceat(mine, np.cumsum(counts) - counts) / counts[:, None]
        scores = mine @ w["out"] + (pooled @ w["page"])[page] + w["out_bias"]
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return (scores / scores.sum(axis=1, keepdims=True)).astype(np.float32)


def _mean(table: Floats, buckets: NDArray[np.int64], starts: NDArray[np.int64]) -> Floats:
    """Mean of the table's rows for each line's words; zeros for a line without words."""
    n = np.diff(starts)
    mean = np.zeros((len(n), table.shape[1]), np.float32)
    if len(buckets):
        some = np.flatnonzero(n)
        mean[some] = np.add.reduceat(table[buckets], starts[some]) / n[some, None]
    return mean


@cache
def shipped_model() -> LineModel:
    """Read the weights that come with the package."""
    data = json.loads((resources.files("rassegna") / "cleaning_model.json").read_text(encoding="utf-8"))
    weights = {
        name: np.array(entry["values"], np.float32).reshape(entry["shape"]) * np.float32(entry["unit"])
        for name, entry in data["weights"].items()
    }
    return LineModel(
        tuple(data["labels"]), tuple(data["features"]), weights, tuple(data["dilations"]), data["networks"]
    )
