"""Where the sentences, the quotation marks and the cues of an article lie."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from rassegna.languages import entry
from rassegna.languages.closed_classes import FINITE
from rassegna.languages.verbs import CueMatch, find_cues, forms_of
from rassegna.quotes.phrases import Words, articulated, phrases_listed
from rassegna.quotes.quotation_marks import TERMINAL, Marked

FINITE_MOODS = frozenset(("present", "imperfect", "past", "future", "conditional", "subjunctive", "subjunctive_past"))


@dataclass(frozen=True)
class Quotation:
    """What stands in marks, by tokens: within the marks, and with them."""

    marked: Marked
    start: int
    end: int
    outer_start: int
    outer_end: int


@dataclass(frozen=True)
class Cue:
    """A word or phrase of reporting, from token `start` up to `end`; `verb` is the inflected word.

    `form` is one of finite, passive (a participle, with or without an auxiliary), gerund, infinitive, impersonal
    ("it reads"), preposition, source (a verb behind "according to what" or "as"), relative source
    ("X, according to whom"), and own ("in his view").
    `is_weak`: the tagger takes it for no verb, so that it counts only where it stands beside a quotation.
    """

    start: int
    verb: int
    end: int
    lemma: str = ""
    stance: str = ""
    frame: str = "content"
    form: str = "finite"
    is_weak: bool = False
    is_negated: bool = False

    @property
    def names_source(self) -> bool:
        """Whether the cue only names where a statement comes from, beside the clause."""
        return self.form in ("preposition", "source", "relative source", "own")

    @classmethod
    def source(cls, start: int, end: int, lemma: str, stance: str, form: str = "preposition") -> "Cue":
        """A cue without a verb."""
        return cls(start, start, end, lemma, stance, form=form)

    @classmethod
    def any_verb(cls, verb: int) -> "Cue":
        """A finite verb in the place of a cue, to look for its subject."""
        return cls(verb, verb, verb + 1)


class Discourse:
    """An article with its sentences (full stops within quotation marks end none), quotations and cues."""

    def __init__(self, words: Words, marks: list[Marked]) -> None:
        self.words, self.language = words, words.language
        self.quotations = [q for m in marks if (q := self._quotation(m)) is not None]
        self.quoted = [-1] * len(words)
        for number, q in enumerate(self.quotations):
            self.quoted[q.outer_start : q.outer_end] = [number] * (q.outer_end - q.outer_start)
        edges = [i + 1 for i in range(len(words)) if i + 1 == len(words) or self._ends(i)]
        self.sentences = list(zip([0, *edges], edges, strict=False))
        self.sentence = [n for n, (a, b) in enumerate(self.sentences) for _ in range(a, b)]
        matches = find_cues(words.lower, language=self.language)
        verbs = [cue for match in matches if (cue := self._verb(match)) is not None]
        found = [*verbs, *self._relative(verbs), *self._prepositions(), *self._initial(), *self._own()]
        self.cues = sorted(found, key=lambda c: (c.start, -c.end))
        self._starts = [c.start for c in self.cues]

    def _quotation(self, m: Marked) -> Quotation | None:
        idx = self.words.idx
        start, end = self._token(m.start), bisect_left(idx, m.end)
        if start >= end:
            return None
        return Quotation(m, start, end, min(start, self._token(m.outer_start)), max(end, bisect_left(idx, m.outer_end)))

    def _token(self, offset: int) -> int:
        """The token that a character of the Doc's text stands in."""
        return max(0, bisect_right(self.words.idx, offset) - 1)

    def cues_in(self, start: int, end: int) -> list[Cue]:
        """The cues that begin in a range of tokens."""
        return self.cues[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def span(self, i: int) -> tuple[int, int]:
        """First token and end of the sentence that a token stands in."""
        return self.sentences[self.sentence[i]]

    def _ends(self, i: int) -> bool:
        """Whether a sentence ends with a token that is not the last."""
        w, inside = self.words, self.quoted[i]
        if inside >= 0 and self.quoted[i + 1] == inside:
            return False
        if w.block[i] != w.block[i + 1]:
            return True
        following = w.text[i + 1]
        if inside >= 0:
            last = w.text[self.quotations[inside].end - 1]
            return last[-1] in TERMINAL and following[0].isupper()
        is_stop = w.text[i][-1] in TERMINAL and len(w.text[i]) <= 3
        is_sign = w.pos[i] in ("PUNCT", "SYM", "") or not w.is_word(i)
        return is_stop and is_sign and (not following[0].islower() or self.quoted[i + 1] >= 0)

    # --- cues with a verb

    def _verb(self, match: CueMatch) -> Cue | None:
        w, verb, start = self.words, match.verb, match.start
        named = w.named_at.get(verb)
        is_name = (named is not None and named.end - named.start > 1) or w.pos[verb] == "PROPN"
        if is_name or self.quoted[verb] >= 0 or w.block[start] != w.block[match.end - 1]:
            return None
        while start < verb and w.pos[start] == "ADP":
            start += 1
        group = [w.morph[i] for i in range(start, verb + 1) if w.pos[i] in ("AUX", "VERB")]
        if any(("Person=1" in morph or "Person=2" in morph) and "Mood=Imp" not in morph for morph in group):
            return None  # "grida un operaio" is easily taken for an imperative
        form = self._as_source(start, self._form(match, start))
        is_verb = w.pos[verb] in ("VERB", "AUX", "") or (w.pos[verb] == "ADJ" and "participle" in match.moods)
        noun_like = start > 0 and w.pos[start - 1] in ("DET", "ADP", "ADJ", "NUM")
        if not is_verb and (form != "finite" or noun_like):
            return None
        is_negated = any(w.has(i, "negation") for i in range(max(0, start - 2), verb))
        cue = match.cue
        return Cue(start, verb, match.end, cue.lemma, cue.stance, cue.frame, form, not is_verb, is_negated)

    def _form(self, match: CueMatch, start: int) -> str:
        w, moods = self.words, match.moods
        known = forms_of(self.language, "conjugation", "auxiliary.verbs")
        auxiliaries = [i for i in range(start, match.verb) if w.lower[i] in known]
        if auxiliaries:
            passive = forms_of(self.language, "quotation", "agent.passive") & {w.lower[i] for i in auxiliaries}
            if passive and "participle" in moods and not match.cue.is_reflexive:
                return "finite" if w.lists(match.cue.lemma, "agent.intransitive") else "passive"
            return "finite" if any(FINITE in w.morph[i] or not w.morph[i] for i in auxiliaries) else "infinitive"
        if moods & FINITE_MOODS and not ("participle" in moods and "VerbForm=Part" in w.morph[match.verb]):
            return "finite"
        for mood in ("gerund", "infinitive"):
            if mood in moods:
                return mood
        return "passive" if "participle" in moods else "finite"

    def _as_source(self, start: int, form: str) -> str:
        """The form of a cue behind "according to what", "as" or the impersonal pronoun."""
        w = self.words
        if start == 0 or self.quoted[start - 1] >= 0:
            return form
        if start > 1 and w.has(start - 1, "source.relative") and w.has(start - 2, "source.openers"):
            return "source"
        at_edge = start == 1 or w.block[start - 2] != w.block[start - 1] or not w.is_word(start - 2)
        if at_edge and form in ("finite", "passive") and w.has(start - 1, "source.as"):
            return "source"
        return "impersonal" if form == "finite" and w.has(start - 1, "source.impersonal") else form

    # --- cues without a verb

    def _relative(self, verbs: list[Cue]) -> Iterator[Cue]:
        """Verbs that are no cues behind "according to what"."""
        w, taken = self.words, {c.verb for c in verbs}
        for i in range(1, len(w)):
            if w.has(i, "source.relative") and w.has(i - 1, "source.openers") and self.quoted[i] < 0:
                verb = next((k for k in range(i + 1, min(i + 5, len(w))) if w.pos[k] == "VERB"), None)
                if verb is not None and verb not in taken:
                    yield Cue(i - 1, verb, verb + 1, w.lower[i], "neutral", form="source")

    def _prepositions(self) -> Iterator[Cue]:
        w, lexicon = self.words, preposition_cues(self.language)
        for i, word in enumerate(w.lower):
            for parts, stance in lexicon.get(word, ()):
                end = i + len(parts)
                if end >= len(w) or self.quoted[i] >= 0 or w.block[i] != w.block[end]:
                    continue
                if any(w.lower[i + k] not in part for k, part in enumerate(parts)):
                    continue
                if len(parts) == 1 and i and w.pos[i - 1] in ("DET", "NUM") and w.block[i - 1] == w.block[i]:
                    continue  # also an ordinal: "the second"
                relative = [w.has(k, "source.cui") for k in (end, min(end + 1, len(w) - 1))]
                if not any(relative) and (w.phrase(end) is None or w.is_time(end)):
                    continue
                lemma = " ".join(min(sorted(part), key=len) for part in parts)
                if any(relative):
                    yield Cue.source(i, end + (not relative[0]), lemma, stance, "relative source")
                else:
                    yield Cue.source(i, end, lemma, stance)
                break

    def _own(self) -> Iterator[Cue]:
        """Phrases such as "in his view": whose opinion it is, the sentence before tells."""
        w, lexicon = self.words, phrases_listed(self.language, "source.own")
        for i, word in enumerate(w.lower):
            for parts in lexicon.get(word, ()):
                end = i + len(parts)
                if end < len(w) and w.lower[i:end] == parts and self.quoted[i] < 0:
                    yield Cue.source(i, end, " ".join(parts), "believing", "own")

    def _initial(self) -> Iterator[Cue]:
        """Prepositions that name a source only at the head of a sentence, before who can speak: "For Rossi"."""
        w = self.words
        heads = [(i + 1, b) for a, b in self.sentences for i in range(a, b - 3) if w.text[i] in (":", ";")]
        for first, stop in [*self.sentences, *heads]:
            phrase = w.phrase(first + 1) if first + 2 < stop and w.has(first, "source.initial") else None
            names = [w.named_at.get(i) for i in (phrase.head, phrase.end - 1)] if phrase else []
            if any(named is not None and named.can_speak for named in names):
                yield Cue.source(first, first + 1, w.lower[first], "believing")


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
