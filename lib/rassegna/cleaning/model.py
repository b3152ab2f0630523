"""The shipped line classifier: small convolutions over the lines of a page, in numpy.

Trained by `lib/training/cleaning/train.py`, whose README has the scores; the weights are in `cleaning/model.json`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rassegna.cleaning.features import Lines, Page, features

Floats = NDArray[np.float32]
GAP = 18  # empty rows between pages: the reach of the widest convolution


@dataclass(frozen=True)
class LineModel:
    """Weights of the classifier.

    Attributes:
        labels: The labels in the order of the outputs.
        features: The features in the order of the inputs.
        dilations: Distance between the lines that a convolution looks at, for each in turn.
        mean: What is taken from each feature.
        scale: By what the rest is multiplied.
        networks: The networks that vote: the arrays of each by name.
    """

    labels: tuple[str, ...]
    features: tuple[str, ...]
    dilations: tuple[int, ...]
    mean: Floats
    scale: Floats
    networks: tuple[dict[str, Floats], ...]

    def probabilities(self, pages: Sequence[Page]) -> tuple[Lines, Floats]:
        """Describe the lines of pages and give each label's probability, one row a line."""
        lines = features(pages)
        if lines.names != self.features:
            raise ValueError("cleaning/model.json was trained on other features: run lib/training/cleaning/train.py")
        dense = np.clip((lines.dense - self.mean) * self.scale, -4, 4)
        counts = np.array([len(page.lines) for page in pages])
        votes = np.stack([self._vote(dense, counts, network) for network in self.networks])
        return lines, votes.mean(axis=0).round(4)

    def _vote(self, dense: Floats, counts: NDArray[np.int64], w: dict[str, Floats]) -> Floats:
        page = np.repeat(np.arange(len(counts)), counts)
        row = np.arange(len(page)) + GAP * (page + 1)
        hidden = np.zeros((row[-1] + GAP + 1, len(w["bias"])), np.float32)
        hidden[row] = np.maximum(dense @ w["enter"] + w["bias"], 0)
        for layer, dilation in enumerate(self.dilations):
            kernel = w[f"conv{layer}"]
            reach = len(kernel) // 2
            value = sum(hidden[row + (k - reach) * dilation] @ kernel[k] for k in range(len(kernel)))
            hidden[row] += np.maximum(value + w[f"conv{layer}_bias"], 0)
        mine = hidden[row]
        pooled = np.add.reduceat(mine, np.cumsum(counts) - counts) / counts[:, None]
        scores = mine @ w["out"] + (pooled @ w["page"])[page] + w["out_bias"]
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return scores / scores.sum(axis=1, keepdims=True)


@cache
def shipped_model() -> LineModel:
    """Read the weights that come with the package."""
    data = json.loads((resources.files("rassegna") / "cleaning/model.json").read_text(encoding="utf-8"))
    networks = tuple({name: _array(entry) for name, entry in network.items()} for network in data["networks"])
    named = tuple(data["labels"]), tuple(data["features"]), tuple(data["dilations"])
    return LineModel(*named, _array(data["mean"]), _array(data["scale"]), networks)


def _array(entry: dict[str, Any]) -> Floats:
    return np.array(entry["values"], np.float32).reshape(entry["shape"]) * np.float32(entry["unit"])
