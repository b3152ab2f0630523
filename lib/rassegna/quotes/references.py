"""Whom a phrase without a name refers to: descriptions taken up again, both countries, a country's sources."""

from collections.abc import Callable
from dataclasses import dataclass

from rassegna.mentions.gazetteer import demonyms, plain
from rassegna.quotes.discourse import Discourse
from rassegna.quotes.persons import human_suffixes
from rassegna.quotes.phrases import Phrase
from rassegna.quotes.subjects import Subjects

DESCRIBED = 4  # sentences before a description in which it must have been named


@dataclass(frozen=True)
class Speaker:
    """Who speaks; `start` and `end` are the tokens that name the speaker, perhaps in an earlier sentence.

    `is_known` tells a named entity from a bare noun; `is_inferred` that no name stands with the cue.
    """

    name: str
    start: int
    end: int
    reason: str
    is_known: bool = False
    is_plural: bool = False
    is_inferred: bool = False
    at: int = -1  # the phrase that stands with the cue, where there is one
    until: int = -1


Topic = Callable[[int], Speaker | None]  # whom a sentence is about


class References:
    """Resolves the phrases of one article that name nobody."""

    def __init__(self, discourse: Discourse, subjects: Subjects) -> None:
        self.discourse, self.subjects = discourse, subjects

    def described(self, phrase: Phrase, reason: str, topic: Topic) -> Speaker | None:
        """Whom a definite description without a name takes up again: "the manager", "the company", "the latter"."""
        w, i = self.discourse.words, phrase.head
        latter = phrase.start < i and w.lower[i] in self.subjects.words_of("pronouns.latter")
        definite = "Definite=Def" in w.morph[phrase.start] or "PronType=Dem" in w.morph[phrase.start]
        if not latter and (not definite or w.is_plural(i) or self.subjects.name(phrase) is not None):
            return None
        is_body = w.lower[i] in self.subjects.words_of("source.bodies")
        if not latter and not ((is_body or self._is_person(phrase)) and self._is_bare(phrase)):
            return None
        label = "ORG" if is_body else "PER"
        number = self.discourse.sentence[phrase.start]
        first = self.discourse.sentences[max(0, number - DESCRIBED)][0]
        near = [n for n in w.named if first <= n.start < phrase.start and n.label == label and n.kind == "name"]
        here = self.discourse.sentences[number][0]
        near = [n for n in near if self.discourse.quoted[n.start] < 0 and (latter or n.start < here)]
        if not near:
            return None
        topics = [topic(k) for k in range(number - 1, max(-1, number - 1 - DESCRIBED), -1)]
        names = [t.name for t in topics if t is not None]
        chosen = near[-1] if latter else next((n for n in reversed(near) if n.entity in names), near[-1])
        why = f"{reason}, description of the one named before"
        return Speaker(chosen.entity, chosen.start, chosen.end, why, is_known=True, is_inferred=True)

    def _is_person(self, phrase: Phrase) -> bool:
        word = self.discourse.words.lower[phrase.head]
        return word in self.subjects.words_of("source.persons") or word.endswith(
            human_suffixes(self.discourse.language)
        )

    def _is_bare(self, phrase: Phrase) -> bool:
        """Whether a description is a noun alone, or a person's noun with a body's name ("the rider of Velox")."""
        w = self.discourse.words
        rest = range(phrase.head + 1, phrase.end)
        return not rest or (
            any(i in w.named_at and w.named_at[i].label == "ORG" for i in rest) and self._is_person(phrase)
        )

    def both(self, phrase: Phrase, reason: str) -> Speaker | None:
        """The two countries most named before "both countries"."""
        w = self.discourse.words
        text = " ".join(w.lower[phrase.start : phrase.end])
        if not any(text.startswith(both) for both in self.subjects.words_of("pronouns.both")):
            return None
        before = [n.entity for n in w.named if n.start < phrase.start and n.label == "LOC"]
        chosen = sorted(dict.fromkeys(before), key=lambda e: (-before.count(e), before.index(e)))[:2]
        if len(chosen) < 2:
            return None
        names = "; ".join(chosen)
        return Speaker(names, phrase.start, phrase.end, reason, is_known=True, is_plural=True, is_inferred=True)

    def country(self, phrase: Phrase) -> str:
        """The country whose information a source is ("American information"), by the adjective."""
        w = self.discourse.words
        if w.lower[phrase.head] not in self.subjects.words_of("source.nouns"):
            return ""
        known = demonyms(self.discourse.language)
        for i in range(phrase.head + 1, min(phrase.head + 3, phrase.end)):
            if (country := known.get(plain(w.text[i]))) is not None:
                return str(country)
        return ""
