"""What articles have in common: shared passages, independent origins, and how alike they are."""

from rassegna.reuse.origins import n_origins, origins
from rassegna.reuse.passages import passages
from rassegna.reuse.similarity import similarity

__all__ = ["n_origins", "origins", "passages", "similarity"]
