"""In which words: competing designations and their voice, words that mark an outlet, and any word in its context."""

from rassegna.framing.comparison import VOICES, contrasts, usage
from rassegna.framing.keyness import keyness, kwic, occurrences, words
from rassegna.framing.sets import STANCES, ContrastSetError, contrast_sets
from rassegna.framing.terms import terms

__all__ = [
    "STANCES",
    "VOICES",
    "ContrastSetError",
    "contrast_sets",
    "contrasts",
    "keyness",
    "kwic",
    "occurrences",
    "terms",
    "usage",
    "words",
]
