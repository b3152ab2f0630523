"""Where the sentences, the quotation marks and the cues of an article lie."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from rassegna.languages import entry, load
from rassegna.languages.verbs import CueMatch, find_cues
from rassegna.quotes.cue_forms import auxiliary_forms, passive_forms, preposition_cues
from rassegna.quotes.phrases import Words, quotation_list
from rassegna.quotes.quotation_marks import TERMINAL, Marked

FINITE = frozenset(("present", "imperfect", "past", "future", "conditional", "subjunctive", "subjunctive_past"))
QUANTITY_BEFORE = frozenset(("DET", "NUM"))  # before a preposition that is also an ordinal: "the second"


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
    lemma: str
    stance: str
    frame: str
    form: str
    is_weak: bool = False
    is_negated: bool = False

    @property
    def names_source(self) -> bool:
        """Whether the cue only names where a statement comes from, beside the clause."""
        return self.form in ("preposition", "source", "relative source", "own")


class Discourse:
    """An article with its sentences (full stops within quotation marks end none), quotations and cues."""

    def __init__(self, words: Words, marks: list[Marked]) -> None:
        self.words, self.language = words, words.language
        self.quotations = [q for m in marks if (q := self._quotation(m)) is not None]
        self.quoted = [-1] * len(words)
        for number, q in enumerate(self.quotations):
            self.quoted[q.outer_start : q.outer_end] = [number] * (q.outer_end - q.outer_start)
        self.sentences = self._sentences()
        self.sentence = [n for n, (a, b) in enumerate(self.sentences) for _ in range(a, b)]
        verbs = self._verbs()
        found = [*verbs, *self._prepositions(verbs)]
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

    def _sentences(self) -> list[tuple[int, int]]:
        w, found, first = self.words, [], 0
        for i in range(len(w)):
            if i + 1 < len(w) and not self._ends(i):
                continue
            found.append((first, i + 1))
            first = i + 1
        return found

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
        is_mark = self.quoted[i + 1] >= 0
        return (
            w.text[i][-1] in TERMINAL
            and len(w.text[i]) <= 3
            and (not following[0].islower() or is_mark)
            and (w.pos[i] in ("PUNCT", "SYM", "") or not w.text[i][0].isalnum())
        )

    def _verbs(self) -> list[Cue]:
        w, found = self.words, []
        for match in find_cues(w.lower, language=self.language):
            if self.quoted[match.verb] >= 0 or w.block[match.start] != w.block[match.end - 1]:
                continue
            cue = self._verb(match)
            if cue is not None:
                found.append(cue)
        return found

    def _verb(self, match: CueMatch) -> Cue | None:
        w, verb = self.words, match.verb
        named = w.named_at.get(verb)
        if (named is not None and named.end - named.start > 1) or w.pos[verb] == "PROPN":
            return None
        start = match.start
        while start < verb and (w.pos[start] == "ADP" or self.quoted[start] >= 0):
            start += 1
        group = range(start, verb + 1)
        if any("Person=1" in w.morph[i] or "Person=2" in w.morph[i] for i in group if w.pos[i] in ("AUX", "VERB")):
            return None
        auxiliaries = [i for i in range(start, verb) if w.lower[i] in auxiliary_forms(self.language)]
        form = self._form(match, auxiliaries)
        form = self._as_source(start, form)
        is_verb = w.pos[verb] in ("VERB", "AUX", "") or (w.pos[verb] == "ADJ" and "participle" in match.moods)
        noun_like = start > 0 and w.pos[start - 1] in ("DET", "ADP", "ADJ", "NUM")
        if not is_verb and (form != "finite" or noun_like):
            return None
        negation = set(load(self.language, "quotation").get("negation", ()))
        before = range(max(0, start - 2), verb)
        return Cue(
            start=start,
            verb=verb,
            end=match.end,
            lemma=match.cue.lemma,
            stance=match.cue.stance,
            frame=match.cue.frame,
            form=form,
            is_weak=not is_verb,
            is_negated=any(w.lower[i] in negation for i in before),
        )

    def _form(self, match: CueMatch, auxiliaries: list[int]) -> str:
        w, moods = self.words, match.moods
        if auxiliaries:
            finite = any("VerbForm=Fin" in w.morph[i] or not w.morph[i] for i in auxiliaries)
            passive = {w.lower[i] for i in auxiliaries} & passive_forms(self.language)
            if passive and "participle" in moods and not match.cue.is_reflexive:
                return "finite" if match.cue.lemma in self._intransitive() else "passive"
            return "finite" if finite else "infinitive"
        if moods & FINITE and not ("participle" in moods and "VerbForm=Part" in w.morph[match.verb]):
            return "finite"
        for mood in ("gerund", "infinitive"):
            if mood in moods:
                return mood
        return "passive" if "participle" in moods else "finite"

    def _as_source(self, start: int, form: str) -> str:
        """The form of a cue behind "according to what", "as" or the impersonal pronoun."""
        w, table = self.words, load(self.language, "quotation")["source"]
        if start == 0 or self.quoted[start - 1] >= 0:
            return form
        before = w.lower[start - 1]
        if before in table["relative"] and start > 1 and w.lower[start - 2] in table["openers"]:
            return "source"
        at_edge = start == 1 or w.block[start - 2] != w.block[start - 1] or not w.text[start - 2][0].isalnum()
        if before in table["as"] and at_edge and form in ("finite", "passive"):
            return "source"
        return "impersonal" if before in table["impersonal"] and form == "finite" else form

    def _intransitive(self) -> list[str]:
        return list(entry(self.language, "quotation", "agent")["intransitive"])

    def _prepositions(self, verbs: list[Cue]) -> list[Cue]:
        w, found, lexicon = self.words, [], preposition_cues(self.language)
        table = load(self.language, "quotation")["source"]
        for i, word in enumerate(w.lower):
            if word in table["relative"] and i and w.lower[i - 1] in table["openers"] and self.quoted[i] < 0:
                verb = next((k for k in range(i + 1, min(i + 5, len(w))) if w.pos[k] == "VERB"), None)
                if verb is not None and not any(c.verb == verb for c in verbs):
                    found.append(Cue(i - 1, verb, verb + 1, word, "neutral", "content", "source"))
            for parts, stance in lexicon.get(word, ()):
                end = i + len(parts)
                if end >= len(w) or self.quoted[i] >= 0 or w.block[i] != w.block[end]:
                    continue
                if any(w.lower[i + k] not in part for k, part in enumerate(parts)):
                    continue
                if i and len(parts) == 1 and w.pos[i - 1] in QUANTITY_BEFORE and w.block[i - 1] == w.block[i]:
                    continue
                relative = w.lower[end] in table["cui"] or w.lower[min(end + 1, len(w) - 1)] in table["cui"]
                form = "relative source" if relative else "preposition"
                if form == "preposition" and (w.phrase(end) is None or w.is_time(end)):
                    continue
                lemma = " ".join(min(sorted(part), key=len) for part in parts)
                end += form != "preposition" and w.lower[end] not in table["cui"]
                found.append(Cue(i, i, end, lemma, stance, "content", form))
                break
        return [*found, *self._initial(), *self._own()]

    def _own(self) -> list[Cue]:
        """Phrases such as "in his view": whose opinion it is, the sentence before tells."""
        w, found = self.words, []
        for phrase in entry(self.language, "quotation", "source.own"):
            parts = phrase.split()
            for i in range(len(w) - len(parts)):
                if w.lower[i] == parts[0] and w.lower[i : i + len(parts)] == parts and self.quoted[i] < 0:
                    end = i + len(parts)
                    found.append(Cue(i, i, end, phrase, "believing", "content", "own"))
        return found

    def _initial(self) -> list[Cue]:
        """Prepositions that name a source only at the head of a sentence, before who can speak: "For Rossi"."""
        w, found = self.words, []
        heads = [(i + 1, b) for a, b in self.sentences for i in range(a, b - 3) if w.text[i] in (":", ";")]
        for first, stop in [*self.sentences, *heads]:
            if w.lower[first] not in quotation_list(self.language, "source.initial") or first + 2 >= stop:
                continue
            phrase = w.phrase(first + 1)
            names = [w.named_at.get(i) for i in (phrase.head, phrase.end - 1)] if phrase else []
            if any(named is not None and named.can_speak for named in names):
                found.append(Cue(first, first, first + 1, w.lower[first], "believing", "content", "preposition"))
        return found
