"""What articles have in common: shared passages, independent origins, and how alike they are."""

from rassegna.reuse.origins import n_origins, origins, pairs
from rassegna.reuse.passages import passages
from rassegna.reuse.similarity import MEASURES, similarity

__all__ = ["MEASURES", "n_origins", "origins", "pairs", "passages", "similarity"]
