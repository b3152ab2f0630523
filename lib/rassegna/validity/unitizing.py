"""Krippendorff's alpha for unitizing: how far coders agree on what they mark in a running text."""

from collections.abc import Sequence

import numpy as np

Spans = Sequence[tuple[int, int, int]]  # start, end, value (from 1; 0 is a gap)


def unitizing_alpha(coincidences: np.ndarray, own: np.ndarray) -> float:
    """Krippendorff's alpha for unitizing, over all that continua hold together.

    Args:
        coincidences: Lengths on which coders coincide, by value and value, summed over continua (`coincide`).
        own: Pairs of each value that lie within one unit of one coder, summed likewise.

    Returns:
        Alpha for units, gaps and values together; NaN where only one value occurs.

    Source:
        Krippendorff, Mathet, Bouvry and Widlöcher 2016, equations 4 and 5.
    """
    total, margins = coincidences.sum(), coincidences.sum(axis=1)
    expected = total * (margins**2 - own) / (total**2 - own.sum())
    by_chance = total - expected.sum()
    return float(1 - (total - np.trace(coincidences)) / by_chance) if by_chance > 0 else float("nan")


def coincide(coded: Sequence[Spans], length: int, *, n_values: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Lay several coders' units of one continuum over each other.

    Args:
        coded: One entry per coder: start, end, value of each unit (values from 1), none of which overlap.
        length: Length of the continuum; what no unit covers is a gap, of value 0.
        n_values: Values there are.

    Returns:
        Coincidences, an entry [c, k] for the length that one coder gives value c and another k; and the pairs within
        one unit: squares of the units' lengths by value, of gaps, which have no units, their length.

    Source:
        Krippendorff, Mathet, Bouvry and Widlöcher 2016, equations 1 and 4.
    """
    codes = np.zeros((len(coded), length), dtype=int)
    own = np.zeros(n_values + 1)
    for row, spans in zip(codes, coded, strict=True):
        for start, end, value in spans:
            row[start:end] = value
            own[value] += (end - start) ** 2
    own[0] = (codes == 0).sum()
    found = np.zeros((n_values + 1, n_values + 1))
    for i, one in enumerate(codes):
        for other in (*codes[:i], *codes[i + 1 :]):
            np.add.at(found, (one, other), 1 / (len(coded) - 1))
    return found, own
