"""Which noun phrases may speak: names, roles, collectives, documents."""

from functools import cache

from rassegna.languages import entry
from rassegna.quotes.phrases import Named, Phrase, Words, quotation_list, roles


class Persons:
    """Judges the noun phrases of one article."""

    def __init__(self, words: Words) -> None:
        self.w, self.language = words, words.language

    def words_of(self, key: str) -> frozenset[str]:
        """One list of the quotation words."""
        return quotation_list(self.language, key)

    def name(self, phrase: Phrase) -> Named | None:
        """The mention that a phrase is headed by or carries beside its head; none that only complements it."""
        w, found, i = self.w, [], phrase.start
        while i < phrase.end:
            named = w.named_at.get(i)
            if named is None or named.start < phrase.start or named.end > phrase.end:
                i += 1
                continue
            j = named.start - 1
            while j > phrase.start and w.pos[j] in ("DET", "ADJ", "NUM"):
                j -= 1
            if named.start <= phrase.head < named.end or j < phrase.start or w.pos[j] != "ADP":
                found.append(named)
            i = named.end
        heads = [n for n in found if n.start <= phrase.head < n.end]
        people = [n for n in found if n.label == "PER"]
        if heads and heads[0].label == "PER":
            return heads[0]
        return next(iter(people or heads or [n for n in found if n.can_speak]), None)

    def speaks(self, phrase: Phrase) -> bool:
        """Whether a phrase is a name that may speak, or its noun a person, collective, document or pronoun."""
        named = self.name(phrase)
        if named is not None:
            return named.can_speak
        i = phrase.head
        if phrase.start < i and self.w.lower[i] in self.words_of("pronouns.latter"):
            return True
        return self.is_human(i) or self.is_document(i) or self.w.pos[i] in ("PROPN", "PRON")

    def is_human(self, i: int) -> bool:
        """Whether a noun stands for persons: a role, or a collective."""
        word = self.w.lower[i]
        return word in human_nouns(self.language) or word.endswith(human_suffixes(self.language))

    def is_document(self, i: int) -> bool:
        """Whether a noun stands for a text that may be quoted."""
        return self.w.lower[i] in self.words_of("source.documents")


@cache
def human_suffixes(language: str) -> tuple[str, ...]:
    """Endings of nouns for persons."""
    return tuple(entry(language, "quotation", "source.suffixes"))


@cache
def human_nouns(language: str) -> frozenset[str]:
    """Nouns for persons: roles, and what the quotation words list as collectives."""
    return roles(language) | frozenset(entry(language, "quotation", "source.collectives"))
