"""The charts, one function each: a tidy table in, a Figure out; no statistics are computed here."""

from rassegna.figures.matrices import designations, fact_matrix, matrix, profiles
from rassegna.figures.scales import numbers, shares, shifts, similarities
from rassegna.figures.strips import lengths, reuse, strips
from rassegna.figures.timelines import timeline

__all__ = [
    "designations",
    "fact_matrix",
    "lengths",
    "matrix",
    "numbers",
    "profiles",
    "reuse",
    "shares",
    "shifts",
    "similarities",
    "strips",
    "timeline",
]
