"""In which words: competing designations in whose voice, words that mark an outlet, and any word in its context."""

from rassegna.framing.sets import STANCES, ContrastSetError, contrast_sets
from rassegna.framing.terms import terms

__all__ = ["STANCES", "ContrastSetError", "contrast_sets", "terms"]
