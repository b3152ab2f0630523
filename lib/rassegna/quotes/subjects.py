"""Where the subject or agent of a cue stands: before it, behind it, with another verb of its sentence."""

from dataclasses import dataclass, replace

from rassegna.quotes.discourse import Cue, Discourse
from rassegna.quotes.persons import Persons
from rassegna.quotes.phrases import Phrase

REACH = 30  # words behind a cue in which its subject may follow
INSERTION = 12  # words of an insertion between commas


@dataclass(frozen=True)
class Subject:
    """A noun phrase with the rule that found it; `is_plural` for two joined phrases."""

    phrase: Phrase
    reason: str


class Subjects(Persons):
    """Finds subjects in one article, by its words and, where they leave a choice, by its parse."""

    def __init__(self, discourse: Discourse) -> None:
        super().__init__(discourse.words)
        self.d = discourse
        self._scans: dict[tuple[int, int], tuple[list[Phrase], list[int], list[Phrase]]] = {}

    def finite(self, cue: Cue) -> int:
        """The token of a cue that agrees with its subject."""
        w = self.w
        return next((i for i in range(cue.start, cue.verb + 1) if "VerbForm=Fin" in w.morph[i]), cue.verb)

    def is_finite(self, i: int) -> bool:
        """Whether a token is a finite verb outside quotation marks."""
        return "VerbForm=Fin" in self.w.morph[i] and self.d.quoted[i] < 0 and self.w.pos[i] in ("VERB", "AUX")

    # --- behind a cue

    def behind(self, cue: Cue) -> Subject | None:
        """The subject that follows a cue, adverbs, times and complements between them left aside."""
        d, w = self.d, self.w
        stop = min(d.sentences[d.sentence[cue.verb]][1], cue.end + REACH)
        finite, j = self.finite(cue), cue.end
        while j < stop and d.quoted[j] < 0:
            phrase = w.phrase(j)
            if phrase is not None and (w.is_time(phrase.head) or w.is_time(phrase.end - 1)):
                j = max(phrase.end, j + 1)
            elif phrase is not None:
                fits = w.agrees(phrase.head, finite) and (
                    (j == cue.end and self._has_article(j)) or self.speaks(phrase)
                )
                return Subject(self.with_appositions(phrase), "subject behind the cue") if fits else None
            elif w.pos[j] == "ADP":
                inner = w.phrase(j + 1) if j + 1 < stop else None
                j = inner.end if inner is not None else j + 1
            elif (
                w.pos[j] == "ADV"
                or w.is_time(j)
                or w.lower[j] in self.words_of("openers.words")
                or (w.text[j] == "," and j + 1 < stop and (w.pos[j + 1] in ("ADP", "ADV") or self._resumes(cue, j + 1)))
            ):
                j += 1
            else:
                return None
        return None

    def _resumes(self, cue: Cue, j: int) -> bool:
        """Whether behind a comma the subject comes after an insertion (", after the meeting, the minister")."""
        w, phrase = self.w, self.w.phrase(j)
        opened = any(w.text[k] == "," for k in range(cue.end, j - 1))
        return phrase is not None and opened and j - cue.end <= INSERTION and w.pos[j] == "DET"

    def with_appositions(self, phrase: Phrase, *, closed: bool = False) -> Phrase:
        """The phrase with one that stands beside it between commas: name and role, or role and name.

        With `closed` a sign must follow the second: "secondo il bollettino, Rossi sta bene" names one source.
        """
        w = self.w
        if phrase.end + 1 >= len(w) or w.text[phrase.end] != "," or self.d.quoted[phrase.end + 1] >= 0:
            return phrase
        beside = w.phrase(phrase.end + 1)
        if beside is None:
            return phrase
        names = [self.name(p) for p in (phrase, beside)]
        ends = beside.end >= len(w) or not w.text[beside.end][0].isalnum()
        ends = ends or (not closed and w.pos[beside.end] in ("SCONJ", "PRON", "VERB", "AUX", "ADP"))
        if ends and (names[0] is None) != (names[1] is None) and all(n is None or n.label == "PER" for n in names):
            return replace(phrase, end=beside.end)
        return phrase

    def origin(self, cue: Cue) -> Subject | None:
        """Where a cue without a speaker says its news comes from: "from the report it emerged"."""
        first, stop = self.d.sentences[self.d.sentence[cue.verb]]
        for i in [*range(cue.start - 1, first - 1, -1), *range(cue.end, min(stop - 1, cue.end + 3))]:
            if self.w.lower[i] in self.words_of("agent.prepositions") and self.d.quoted[i] < 0:
                phrase = self.w.phrase(i + 1)
                if phrase is not None and self.speaks(phrase):
                    return Subject(phrase, "where the news comes from")
        return None

    def agent(self, cue: Cue) -> Subject | None:
        """The agent of a passive ("reported by …"), what is quoted between them left aside."""
        d, w = self.d, self.w
        stop = min(d.sentences[d.sentence[cue.verb]][1], cue.end + REACH)
        for j in range(cue.end, stop):
            if d.quoted[j] >= 0:
                continue
            if self.is_finite(j) or w.lower[j] in self.words_of("openers.clause"):
                return None
            if w.lower[j] in self.words_of("agent.prepositions") and j + 1 < stop:
                phrase = w.phrase(j + 1)
                if phrase is not None and not w.is_time(phrase.head):
                    return Subject(self.with_appositions(phrase), "agent of the passive")
        return None

    # --- before a cue

    def before(self, cue: Cue) -> Subject | None:
        """The subject before a finite cue, in its clause or that of the verb it is joined to."""
        w = self.w
        first = self.d.sentences[self.d.sentence[cue.verb]][0]
        start = self.group_start(cue.start, first)
        if start > first and w.lower[start - 1] in self.words_of("openers.relative"):
            return self._relative(cue, start - 1, first)
        joined = start > first and w.lower[start - 1] in self.words_of("openers.coordination")
        phrases, verbs, _ = self._scan(first, start)
        nearest = [p for p in phrases if not verbs or p.start > verbs[-1]]
        finite = self.finite(cue)
        fitting = [p for p in nearest if w.agrees(p.head, finite) or self._joined(p, nearest) != p]
        if fitting and not (joined and verbs):
            parsed = next((k for k, p in enumerate(fitting) if self._is_subject(p, cue.verb)), len(fitting) - 1)
            chosen = self._head_phrase(fitting[: parsed + 1])
            chosen = self._between_commas(self._joined(chosen, nearest), cue.start)
            return Subject(chosen, "subject before the cue")
        return self._shared(cue, verbs, first) if verbs else None

    def group_start(self, start: int, first: int) -> int:
        """Where the words that go with a verb begin: pronouns, adverbs, auxiliaries."""
        w = self.w
        while start > first and w.lower[start - 1] not in self.words_of("openers.relative"):
            i = start - 1
            if w.pos[i] not in ("ADV", "AUX") and not (w.pos[i] == "PRON" and w.phrase(i) is None):
                break
            start = i
        return start

    def _scan(self, first: int, stop: int) -> tuple[list[Phrase], list[int], list[Phrase]]:
        """Phrases that may be subjects, finite verbs, and all phrases; relative clauses between commas are left out."""
        if (first, stop) in self._scans:
            return self._scans[first, stop]
        d, w, i = self.d, self.w, first
        phrases: list[Phrase] = []
        governed: list[Phrase] = []
        verbs: list[int] = []
        while i < stop:
            if d.quoted[i] >= 0:
                i = d.quotations[d.quoted[i]].outer_end
                continue
            closing = self._relative_end(i, stop) if w.lower[i] in self.words_of("openers.relative") else None
            phrase = w.phrase(i) if closing is None else None
            if closing is not None:
                i = closing
            elif phrase is not None and phrase.end <= stop and not self.is_finite(i):
                is_governed = i > first and w.pos[i - 1] == "ADP"
                if not is_governed and not w.is_time(phrase.head):
                    phrases.append(phrase)
                governed.append(phrase)
                i = phrase.end
            else:
                if self.is_finite(i):
                    verbs.append(i)
                i += 1
        self._scans[first, stop] = phrases, verbs, governed
        return phrases, verbs, governed

    def _relative_end(self, i: int, stop: int) -> int | None:
        """Where a relative clause between commas ends before `stop`; None when no comma ends it."""
        if i and self.w.text[stop - 1] == "," and self.w.text[i - 1] != ",":
            return stop  # "a geologist who reviewed the paper, said"
        if i == 0 or not (self.w.text[i - 1] == "," or self.w.pos[i - 1] == "ADP"):
            return None
        return next((j + 1 for j in range(i + 1, stop) if self.w.text[j] == "," and self.d.quoted[j] < 0), None)

    def _is_subject(self, phrase: Phrase, verb: int) -> bool:
        w = self.w
        return any(w.head[i] == verb and w.dep[i].startswith("nsubj") for i in range(phrase.start, phrase.end))

    def _head_phrase(self, phrases: list[Phrase]) -> Phrase:
        """The last phrase, but the name where the last is its apposition."""
        w, chosen = self.w, phrases[-1]
        for earlier in reversed(phrases[:-1]):
            name = self.name(earlier)
            inserted = w.text[chosen.start - 1] == w.text[chosen.end] == ","
            if inserted and self.name(chosen) is None:
                chosen = earlier
                continue
            if self.name(chosen) is not None or name is None or name.label != "PER":
                break
            chosen = earlier
        return chosen

    def _between_commas(self, phrase: Phrase, stop: int) -> Phrase:
        """The phrase with an apposition that stands before `stop` between commas."""
        wide = self.with_appositions(phrase)
        return wide if wide.end <= stop else phrase

    def _joined(self, phrase: Phrase, phrases: list[Phrase]) -> Phrase:
        """The phrase with one joined to it by a conjunction: "Russia and China"."""
        w = self.w
        for other in phrases:
            if other.end + 1 == phrase.start and w.pos[other.end] == "CCONJ":
                return Phrase(other.start, phrase.end, phrase.head)
            if phrase.end + 1 == other.start and w.pos[phrase.end] == "CCONJ":
                return Phrase(phrase.start, other.end, phrase.head)
        return phrase

    def _relative(self, cue: Cue, at: int, first: int) -> Subject | None:
        """The antecedent of a relative clause without its own subject, or the subject of the main clause."""
        w = self.w
        phrases, verbs, everything = self._scan(first, at)
        antecedent = next((p for p in reversed(everything) if at - p.end in (0, 1)), None)
        is_object = at > first and w.lower[at - 1] in self.words_of("openers.demonstrative")
        if antecedent is not None and not is_object and w.lower[at] in self.words_of("openers.subject_relative"):
            named = self.name(antecedent)
            plural = w.is_plural(self.finite(cue))
            speaks = named is not None or self.is_human(antecedent.head) or self.is_document(antecedent.head)
            if named is not None or (speaks and w.is_plural(antecedent.head) == plural):
                return Subject(self._joined(antecedent, phrases), "antecedent of the relative clause")
        return self._shared(cue, verbs, first) if verbs else None

    def topic(self, number: int) -> Phrase | None:
        """Whom or what a sentence is about: the subject of its first finite verb, else the first name in it."""
        first, stop = self.d.sentences[number]
        verb = next((i for i in range(first, stop) if self.is_finite(i)), None)
        if verb is not None:
            stand_in = Cue(verb, verb, verb + 1, "", "", "content", "finite")
            found = self.before(stand_in) or self.behind(stand_in)
            if found is not None:
                return found.phrase
        phrases, _, _ = self._scan(first, stop)
        people = [p for p in phrases if (name := self.name(p)) is not None and name.label == "PER"]
        return people[0] if people and not (verb is not None and people[0].start > verb + 2) else None

    def antecedent(self, at: int) -> Phrase | None:
        """The phrase right before a relative, or before its comma."""
        first = self.d.sentences[self.d.sentence[at]][0]
        _, _, everything = self._scan(first, at)
        return next((p for p in reversed(everything) if at - p.end in (0, 1)), None)

    def _shared(self, cue: Cue, verbs: list[int], first: int) -> Subject | None:
        """The subject that a cue shares with an earlier verb: of its own tense and number first, then the nearest."""
        w, finite = self.w, self.finite(cue)
        alike = [v for v in verbs if self._is_like(v, finite)]
        same = [v for v in alike if any(c.start <= v <= c.verb for c in self.d.cues_in(first, cue.start))]
        for verb in same[-1:] or [*reversed(alike), *reversed(verbs)]:
            found = self.before(Cue(verb, verb, verb + 1, "", "", "content", "finite"))
            if found is None:
                continue
            plural = w.is_plural(found.phrase.head) or w.is_plural(verb)
            if plural == w.is_plural(finite) or "Number=" not in w.morph[finite]:
                return Subject(found.phrase, "subject of the verb before")
        return None

    def _is_like(self, verb: int, finite: int) -> bool:
        """Whether two finite verbs have tense, mood and number in common, and both or neither is an auxiliary."""
        w = self.w
        return w.morph[verb] == w.morph[finite] and w.pos[verb] == w.pos[finite]

    def of_main_verb(self, cue: Cue) -> Subject | None:
        """The subject of the finite verb that a gerund or infinitive hangs on: before it, else behind it."""
        w = self.w
        first, stop = self.d.sentences[self.d.sentence[cue.verb]]
        finite = [i for i in range(first, stop) if self.is_finite(i)]
        before = [i for i in finite if i < cue.start]
        head = w.head[cue.verb]
        chosen = next((i for i in before if i == head or w.head[i] == head), before[-1] if before else None)
        if chosen is None:
            after = [i for i in finite if i > cue.end]
            chosen = next((i for i in after if i == head or w.head[i] == head), after[-1] if after else None)
        if chosen is None:
            return None
        stand_in = Cue(chosen, chosen, chosen + 1, "", "", "content", "finite")
        comma = next((i for i in range(chosen - 1, cue.end, -1) if w.text[i] == ","), cue.end)
        found = self.before(stand_in) if chosen < cue.start else self._between(comma, stand_in)
        return Subject(found.phrase, "subject of the main verb") if found else None

    def _between(self, start: int, cue: Cue) -> Subject | None:
        """The last phrase between a gerund's clause and the main verb."""
        phrases, _, _ = self._scan(start, cue.start)
        fitting = [p for p in phrases if self.w.agrees(p.head, cue.verb)]
        return Subject(self._head_phrase(fitting), "subject of the main verb") if fitting else None

    def _has_article(self, i: int) -> bool:
        return "PronType=Art" in self.w.morph[i] or self.w.pos[i] == "PROPN"
