"""Phrases in a text, found by lemma, by form, or by an inflection of a word whose lemma is not known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from spacy.tokens import Doc

from rassegna.framing.sets import Designation, Phrase


@dataclass(frozen=True)
class Reading:
    """A Doc as phrases are looked up in it: of each token its form, and its lemma where that can be trusted."""

    doc: Doc
    forms: list[str]
    lemmas: list[str]

    @classmethod
    def of(cls, doc: Doc, *, language: str) -> "Reading":
        """Read a Doc; one of another language than its pipeline's has forms only."""
        forms = [_plain(token.text) for token in doc]
        if language != doc.lang_ or not doc.has_annotation("LEMMA"):
            return cls(doc, forms, forms)
        return cls(doc, forms, [_plain(token.lemma_).split(" ")[0] for token in doc])

    def words(self, start: int, end: int) -> set[str]:
        """Forms and lemmas of the tokens from `start` up to `end`."""
        return {*self.forms[start:end], *self.lemmas[start:end]}


class Phrases:
    """Phrases to be found in a reading, each word by its lemma, its form, or an inflection of it."""

    def __init__(self, phrases: Mapping[Phrase, Designation | None], inflection: Mapping[str, tuple[str, ...]]) -> None:
        """Index the phrases by every form of their first word, the longest first."""
        self._first: dict[str, list[tuple[list[set[str]], Phrase, Designation | None]]] = {}
        for phrase, designation in sorted(phrases.items(), key=lambda item: (-len(item[0]), item[0])):
            options = [_inflected(word, inflection) for word in phrase]
            for first in sorted(options[0]):
                self._first.setdefault(first, []).append((options, phrase, designation))

    def at(self, reading: Reading, start: int) -> Iterator[tuple[int, str, Designation | None]]:
        """The phrases that begin at a token, the longest first: where each ends, by what it was known, what it is."""
        form, lemma = reading.forms[start], reading.lemmas[start]
        own = self._first.get(lemma, []) + (self._first.get(form, []) if form != lemma else [])
        for options, phrase, designation in sorted(own, key=lambda c: (-len(c[0]), c[1])):
            end = start + len(options)
            if end > len(reading.forms) or any(token.is_sent_start for token in reading.doc[start + 1 : end]):
                continue
            if len(options) == 1:
                if known_by := _known_by(reading, start, phrase[0], options[0]):
                    yield end, known_by, designation
            elif all(reading.forms[start + n] in o or reading.lemmas[start + n] in o for n, o in enumerate(options)):
                yield end, "phrase", designation


def _known_by(reading: Reading, at: int, word: str, forms: set[str]) -> str:
    """By what a token is known for a single word: its lemma, its form, or no more than a form of it; "" if by nothing.

    A capital that begins a sentence can make a name of a word, which then has no lemma; and a verb that is written like
    the word is another word ("ha accusato", "l'accusato").
    """
    token, form, lemma = reading.doc[at], reading.forms[at], reading.lemmas[at]
    if word == lemma:
        return "lemma"
    if word == form and not (token.pos_ in ("VERB", "AUX") and form != lemma):
        return "form"
    return "inflected form" if form in forms and token.pos_ == "PROPN" and token.is_sent_start else ""


def _inflected(word: str, inflection: Mapping[str, tuple[str, ...]]) -> set[str]:
    """A word with what its longest known ending may change to."""
    endings = [ending for ending in inflection if word.endswith(ending) and len(word) > len(ending) + 1]
    longest = max(endings, key=len, default="")
    stem = word.removesuffix(longest)
    return {word, *(stem + ending for ending in inflection.get(longest, ()))}


def _plain(text: str) -> str:
    return text.casefold().replace("’", "'")
