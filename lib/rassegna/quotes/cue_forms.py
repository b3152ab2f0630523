"""Forms of auxiliaries and prepositions that cues are made of."""

from functools import cache

from rassegna.languages import entry
from rassegna.languages.verbs import conjugate
from rassegna.quotes.phrases import articulated


@cache
def auxiliary_forms(language: str) -> frozenset[str]:
    """Every form of the language's auxiliaries."""
    verbs = entry(language, "conjugation", "auxiliary.verbs")
    return frozenset(form for verb in verbs for form in conjugate(verb, language=language))


@cache
def passive_forms(language: str) -> frozenset[str]:
    """Every form of the auxiliaries of the passive."""
    verbs = entry(language, "quotation", "agent.passive")
    return frozenset(form for verb in verbs for form in conjugate(verb, language=language))


@cache
def perfect_forms(language: str) -> frozenset[str]:
    """Every form of the auxiliaries of the compound tenses."""
    verbs = entry(language, "quotation", "agent.perfect")
    return frozenset(form for verb in verbs for form in conjugate(verb, language=language))


@cache
def preposition_cues(language: str) -> dict[str, tuple[tuple[tuple[frozenset[str], ...], str], ...]]:
    """First word → (words with their variants, stance) of each cue that is no verb, the longest first."""
    found: dict[str, list[tuple[tuple[frozenset[str], ...], str]]] = {}
    for group in entry(language, "attribution", "prepositions"):
        for cue in group["cues"]:
            *first, last = cue.split()
            parts = (*(frozenset([word]) for word in first), articulated(language, last))
            for word in parts[0]:
                found.setdefault(word, []).append((parts, group["stance"]))
    return {word: tuple(sorted(cues, key=lambda c: -len(c[0]))) for word, cues in found.items()}
