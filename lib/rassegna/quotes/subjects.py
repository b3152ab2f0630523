"""Where the subject or agent of a cue stands: before it, behind it, with another verb of its sentence."""

from dataclasses import dataclass, replace

from rassegna.languages.closed_classes import FINITE
from rassegna.quotes.discourse import Cue, Discourse
from rassegna.quotes.phrases import Phrase

REACH = 30  # words behind a cue in which its subject may follow
BACK = 100  # words before a cue in which it may stand
INSERTION = 12  # words of an insertion between commas
HYPHENS = ("-", "‑")


@dataclass(frozen=True)
class Subject:
    """A noun phrase with the rule that found it."""

    phrase: Phrase
    reason: str


@dataclass(frozen=True)
class Scan:
    """A stretch of a sentence: phrases that may be subjects, finite verbs, and all phrases, in order."""

    phrases: list[Phrase]
    verbs: list[int]
    everything: list[Phrase]


class Subjects:
    """Finds subjects in one article, by its words and, where they leave a choice, by its parse."""

    def __init__(self, discourse: Discourse) -> None:
        self.d, self.w = discourse, discourse.words
        self._scans: dict[tuple[int, int], Scan] = {}
        self._of_verbs: dict[int, Subject | None] = {}

    def finite(self, cue: Cue) -> int:
        """The token of a cue that agrees with its subject."""
        return next((i for i in range(cue.start, cue.verb + 1) if FINITE in self.w.morph[i]), cue.verb)

    def is_finite(self, i: int) -> bool:
        """Whether a token is a finite verb outside quotation marks."""
        return FINITE in self.w.morph[i] and self.d.quoted[i] < 0 and self.w.pos[i] in ("VERB", "AUX")

    # --- behind a cue

    def behind(self, cue: Cue) -> Subject | None:
        """The subject that follows a cue, adverbs, times and complements between them left aside."""
        d, w = self.d, self.w
        if w.lists(cue.lemma, "statement.telling"):
            return None  # whom it names is told
        stop = min(d.span(cue.verb)[1], cue.end + REACH)
        finite, j = self.finite(cue), cue.end
        while j < stop and d.quoted[j] < 0:
            phrase = w.phrase(j)
            if phrase is not None and (w.is_time(phrase.head) or w.is_time(phrase.end - 1)):
                j = max(phrase.end, j + 1)
            elif phrase is not None:
                opens = j == cue.end and ("PronType=Art" in w.morph[j] or w.pos[j] == "PROPN")
                if not w.agrees(phrase.head, finite) or not (opens or w.speaks(phrase)):
                    return None
                return Subject(self.with_appositions(phrase), "subject behind the cue")
            elif w.pos[j] == "ADP":
                inner = w.phrase(j + 1) if j + 1 < stop else None
                j = self._told_end(inner) if inner is not None else j + 1
            elif w.pos[j] == "ADV" or w.is_time(j) or w.has(j, "openers.words") or self._resumes(cue, j, stop):
                j += 1
            else:
                return None
        return None

    def _told_end(self, phrase: Phrase) -> int:
        """Where a complement ends: before a person whose name follows that of a body, "told the BBC Anna Smith"."""
        body = self.w.named_at.get(phrase.head)
        if body is None or body.label == "PER":
            return phrase.end
        person = self.w.named_at.get(body.end)
        return body.end if person is not None and person.label == "PER" and body.end < phrase.end else phrase.end

    def _resumes(self, cue: Cue, comma: int, stop: int) -> bool:
        """Whether a comma parts an insertion from the cue or from the subject: ", after the meeting, the minister"."""
        w, j = self.w, comma + 1
        if w.text[comma] != "," or j >= stop:
            return False
        opened = w.phrase(j) is not None and "," in w.text[cue.end : comma]
        return w.pos[j] in ("ADP", "ADV") or (opened and j - cue.end <= INSERTION and w.pos[j] == "DET")

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
        names = [w.name(p) for p in (phrase, beside)]
        ends = beside.end >= len(w) or not w.is_word(beside.end)
        ends = ends or (not closed and w.pos[beside.end] in ("SCONJ", "PRON", "VERB", "AUX", "ADP"))
        if ends and (names[0] is None) != (names[1] is None) and all(n is None or n.label == "PER" for n in names):
            return replace(phrase, end=beside.end)
        return phrase

    def origin(self, cue: Cue) -> Subject | None:
        """Where a cue without a speaker says its news comes from: "from the report it emerged"."""
        first, stop = self.d.span(cue.verb)
        for i in [*range(cue.start - 1, first - 1, -1), *range(cue.end, min(stop - 1, cue.end + 3))]:
            phrase = self.w.phrase(i + 1) if self.w.has(i, "agent.prepositions") and self.d.quoted[i] < 0 else None
            if phrase is not None and self.w.speaks(phrase):
                return Subject(phrase, "where the news comes from")
        return None

    def agent(self, cue: Cue) -> Subject | None:
        """The agent of a passive ("reported by …"), what is quoted between them left aside."""
        d, w = self.d, self.w
        stop = min(d.span(cue.verb)[1], cue.end + REACH)
        for j in range(cue.end, stop):
            if d.quoted[j] >= 0:
                continue
            if self.is_finite(j) or w.has(j, "openers.clause"):
                return None
            phrase = w.phrase(j + 1) if j + 1 < stop and w.has(j, "agent.prepositions") else None
            if phrase is not None and not w.is_time(phrase.head):
                return Subject(self.with_appositions(phrase), "agent of the passive")
        return None

    # --- before a cue

    def before(self, cue: Cue) -> Subject | None:
        """The subject before a finite cue, in its clause or that of the verb it is joined to."""
        w, first = self.w, max(self.d.span(cue.verb)[0], cue.start - BACK)
        start = self.group_start(cue.start, first)
        if start > first and w.has(start - 1, "openers.relative"):
            return self._relative(cue, start - 1, first)
        joined = start > first and w.has(start - 1, "openers.coordination")
        scan = self._scan(first, start)
        nearest = [p for p in scan.phrases if not scan.verbs or p.start > scan.verbs[-1]]
        finite = self.finite(cue)
        fitting = [p for p in nearest if w.agrees(p.head, finite) or self._joined(p, nearest) != p]
        if fitting and not (joined and scan.verbs):
            parsed = next((k for k, p in enumerate(fitting) if self._is_subject(p, cue.verb)), len(fitting) - 1)
            chosen = self._joined(self._head_phrase(fitting[: parsed + 1]), nearest)
            wide = self.with_appositions(chosen)
            return Subject(wide if wide.end <= cue.start else chosen, "subject before the cue")
        return self._shared(cue, scan.verbs, first)

    def _of_verb(self, verb: int) -> Subject | None:
        """The subject before a finite verb, looked for once."""
        if verb not in self._of_verbs:
            self._of_verbs[verb] = self.before(Cue.any_verb(verb))
        return self._of_verbs[verb]

    def group_start(self, start: int, first: int) -> int:
        """Where the words that go with a verb begin: pronouns, adverbs, auxiliaries."""
        w = self.w
        while start > first and not w.has(start - 1, "openers.relative"):
            i = start - 1
            if w.pos[i] not in ("ADV", "AUX") and not (w.pos[i] == "PRON" and w.phrase(i) is None):
                break
            start = i
        return start

    def _scan(self, first: int, stop: int) -> Scan:
        """What stands in a stretch outside quotations; relative clauses between commas are left out."""
        if (first, stop) in self._scans:
            return self._scans[first, stop]
        d, w, i = self.d, self.w, first
        found = self._scans[first, stop] = Scan([], [], [])
        while i < stop:
            if d.quoted[i] >= 0:
                i = d.quotations[d.quoted[i]].outer_end
                continue
            closing = self._relative_end(i, stop) if w.has(i, "openers.relative") else None
            phrase = w.phrase(i) if closing is None else None
            if closing is not None:
                i = closing
            elif phrase is not None and phrase.end <= stop and not self.is_finite(i):
                if not (i > first and w.pos[i - 1] == "ADP") and not w.is_time(phrase.head):
                    found.phrases.append(phrase)
                found.everything.append(phrase)
                i = phrase.end
            else:
                if self.is_finite(i):
                    found.verbs.append(i)
                i += 1
        return found

    def _relative_end(self, i: int, stop: int) -> int | None:
        """Where a relative clause between commas ends before `stop`; None when no comma ends it."""
        if i and self.w.text[stop - 1] == "," and self.w.text[i - 1] != ",":
            return stop  # "a geologist who reviewed the paper, said"
        if i == 0 or not (self.w.text[i - 1] == "," or self.w.pos[i - 1] == "ADP"):
            return None
        return next((j + 1 for j in range(i + 1, stop) if self.w.text[j] == "," and self.d.quoted[j] < 0), None)

    def behind_relative(self, i: int, stop: int) -> int:
        """Where a sentence goes on behind a relative clause between commas at a token; else that token."""
        opens = i + 1 < stop and self.w.text[i] == "," and self.w.has(i + 1, "openers.relative")
        return (self._relative_end(i + 1, stop) or i) if opens else i

    def _is_subject(self, phrase: Phrase, verb: int) -> bool:
        w = self.w
        return any(w.head[i] == verb and w.dep[i].startswith("nsubj") for i in range(phrase.start, phrase.end))

    def _head_phrase(self, phrases: list[Phrase]) -> Phrase:
        """The last phrase, but the name where the last is its apposition."""
        w, chosen = self.w, phrases[-1]
        for earlier in reversed(phrases[:-1]):
            name = w.name(earlier)
            inserted = w.text[self._edge(chosen.start)] == w.text[chosen.end] == ","
            is_bare = w.name(chosen) is None
            if not is_bare or not (inserted or (name is not None and name.label == "PER")):
                break
            chosen = earlier
        return chosen

    def _edge(self, start: int) -> int:
        """The token before a phrase, or before all the words that hyphens join to it: a 36-year-old driver."""
        w, before = self.w, range(start - 1, max(-1, start - 1 - INSERTION), -1)
        if w.text[start - 1] not in HYPHENS:
            return start - 1
        return next((i for i in before if not (w.is_word(i) or w.text[i] in HYPHENS)), start - 1)

    def _joined(self, phrase: Phrase, phrases: list[Phrase]) -> Phrase:
        """The phrase with one joined to it by a conjunction: "Russia and China"."""
        for other in phrases:
            left, right = sorted((phrase, other), key=lambda p: p.start)
            if left.end + 1 == right.start and self.w.pos[left.end] == "CCONJ":
                return Phrase(left.start, right.end, phrase.head)
        return phrase

    def _relative(self, cue: Cue, at: int, first: int) -> Subject | None:
        """The antecedent of a relative clause without its own subject, or the subject of the main clause."""
        w, antecedent, scan = self.w, self.antecedent(at), self._scan(first, at)
        is_object = at > first and w.has(at - 1, "openers.demonstrative")
        if antecedent is not None and not is_object and w.has(at, "openers.subject_relative"):
            head = antecedent.head
            agrees = w.is_plural(head) == w.is_plural(self.finite(cue))
            if w.name(antecedent) is not None or (agrees and (w.is_human(head) or w.is_document(head))):
                return Subject(self._joined(antecedent, scan.phrases), "antecedent of the relative clause")
        return self._shared(cue, scan.verbs, first)

    def topic(self, number: int) -> Phrase | None:
        """Whom or what a sentence is about: the subject of its first finite verb, else the first name in it."""
        first, stop = self.d.sentences[number]
        verb = next((i for i in range(first, stop) if self.is_finite(i)), None)
        if verb is not None:
            found = self.before(Cue.any_verb(verb)) or self.behind(Cue.any_verb(verb))
            if found is not None:
                return found.phrase
        phrases = self._scan(first, stop).phrases
        person = next((p for p in phrases if (name := self.w.name(p)) is not None and name.label == "PER"), None)
        return None if person and verb is not None and person.start > verb + 2 else person

    def antecedent(self, at: int) -> Phrase | None:
        """The phrase right before a relative, or before its comma."""
        everything = self._scan(max(self.d.span(at)[0], at - BACK), at).everything
        return next((p for p in reversed(everything) if at - p.end in (0, 1)), None)

    def _shared(self, cue: Cue, verbs: list[int], first: int) -> Subject | None:
        """The subject that a cue shares with an earlier verb: of its own tense and number first, then the nearest."""
        w, finite = self.w, self.finite(cue)
        # Two verbs are alike when they have tense, mood and number in common, and both or neither is an auxiliary.
        alike = [v for v in verbs if (w.morph[v], w.pos[v]) == (w.morph[finite], w.pos[finite])]
        told = {i for c in self.d.cues_in(first, cue.start) for i in range(c.start, c.verb + 1)}
        same = [v for v in alike if v in told]
        subjects = {verb: self._of_verb(verb) for verb in verbs}  # from the first on: none waits for many others
        for verb in same[-1:] or [*reversed(alike), *reversed(verbs)]:
            found = subjects[verb]
            if found is None:
                continue
            plural = w.is_plural(found.phrase.head) or w.is_plural(verb)
            if plural == w.is_plural(finite) or "Number=" not in w.morph[finite]:
                return Subject(found.phrase, "subject of the verb before")
        return None

    def of_main_verb(self, cue: Cue) -> Subject | None:
        """The subject of the finite verb that a gerund or infinitive hangs on: before it, else behind it."""
        w = self.w
        finite = [i for i in range(*self.d.span(cue.verb)) if self.is_finite(i)]
        head = w.head[cue.verb]
        for side in ([i for i in finite if i < cue.start], [i for i in finite if i > cue.end]):
            if side:
                verb = next((i for i in side if i == head or w.head[i] == head), side[-1])
                break
        else:
            return None
        if verb < cue.start:
            found = self.before(Cue.any_verb(verb))
            return Subject(found.phrase, "subject of the main verb") if found else None
        comma = next((i for i in range(verb - 1, cue.end, -1) if w.text[i] == ","), cue.end)
        fitting = [p for p in self._scan(comma, verb).phrases if w.agrees(p.head, verb)]
        return Subject(self._head_phrase(fitting), "subject of the main verb") if fitting else None
