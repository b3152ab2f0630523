"""What the lexicon of a language's own pipeline package says of a word: classes, gender and number, tenses."""

from functools import cache, lru_cache
from importlib import import_module
from typing import NamedTuple

import regex

from rassegna.errors import LanguageError
from rassegna.languages import WORDS, optional
from rassegna.languages.verbs import conjugate


class Entry(NamedTuple):
    """One reading of a form: N noun, V verb, X auxiliary, J adjective, A adverb, P pronoun, D determiner."""

    word_class: str
    lemma: str


class Noun(NamedTuple):
    """What the form of a noun tells; None where it does not."""

    gender: str | None
    number: str | None


@cache
def lexicon(language: str) -> dict[str, str]:
    """The forms that the language's own pipeline package knows; none where there is no such package."""
    try:
        words = import_module(f"{language}_rassegna_news.words")
    except ImportError:
        return {}
    table: dict[str, str] = words.read_table("lexicon")
    return table


@lru_cache(maxsize=WORDS)
def entries(form: str, language: str) -> tuple[Entry, ...]:
    """The readings of a form."""
    found = []
    for code in filter(None, lexicon(language).get(form, "").split(",")):
        dropped, added = regex.fullmatch(r"(\d*)(.*)", code[1:]).groups()  # type: ignore[union-attr]
        found.append(Entry(code[0], form[: len(form) - int(dropped or 0)] + added))
    return tuple(found)


def classes(form: str, language: str) -> frozenset[str]:
    """The word classes of a form."""
    return frozenset(entry.word_class for entry in entries(form, language))


@lru_cache(maxsize=WORDS)
def noun(form: str, language: str) -> Noun:
    """Gender and number of a noun, as far as all its readings agree on them."""
    rules = optional(language, "damage")
    lemmas = {entry.lemma for entry in entries(form, language) if entry.word_class == "N"}
    if not lemmas or form in rules["unsure"]:
        return Noun(None, None)
    number = None
    if lemmas == {form}:
        number = "Sing" if _plurals(form, language) else None
    elif form not in lemmas:
        number = "Plur"
    genders = {
        _gender(lemma, language) for lemma in lemmas | (_singulars(form, language) if number == "Plur" else set())
    }
    hidden = number == "Plur" and regex.search(rules["gender"]["hidden_in_plural"], form)
    is_open = hidden or regex.search(rules["gender"]["persons"], form) or len(genders) > 1
    return Noun(None if is_open else genders.pop(), number)


def _gender(lemma: str, language: str) -> str | None:
    rules = optional(language, "damage")["gender"]
    endings = {form[-1] for form in _plurals(lemma, language)}
    for name, rule in (("Fem", rules["feminine"]), ("Masc", rules["masculine"])):
        if regex.search(rule["suffix"], lemma) or (lemma[-1] == rule["singular"] and endings == {rule["plural"]}):
            return name
    return None


@lru_cache(maxsize=WORDS)
def _plurals(lemma: str, language: str) -> frozenset[str]:
    """The plural forms that the lexicon has of a noun; none when it does not change."""
    made = {
        lemma[: -len(ending)] + other
        for ending, others in optional(language, "damage")["plurals"].items()
        if lemma.endswith(ending)
        for other in others
    }
    return frozenset(form for form in made - {lemma} if Entry("N", lemma) in entries(form, language))


def _singulars(form: str, language: str) -> set[str]:
    """Nouns of the lexicon that this may be the plural of, also where the lexicon names another one only."""
    made = {
        form[: -len(other)] + ending
        for ending, others in optional(language, "damage")["plurals"].items()
        for other in others
        if form.endswith(other)
    }
    return {lemma for lemma in made if Entry("N", lemma) in entries(lemma, language)}


@lru_cache(maxsize=WORDS)
def tenses(form: str, language: str) -> frozenset[str]:
    """Moods and tenses of a form that is a verb and nothing else; empty when it may be more, or is not known."""
    found: set[str] = set()
    for entry in entries(form, language):
        if entry.word_class not in "VX":
            return frozenset()
        try:
            own = conjugate(entry.lemma, language=language).get(form)
        except LanguageError:
            own = None
        if not own:
            return frozenset()
        found |= own
    return frozenset(found)
