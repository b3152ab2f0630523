"""Who says it: the subject or agent of a cue, and the entity that it stands for."""

from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from rassegna.discourse import Cue, Discourse, passive_forms, perfect_forms
from rassegna.gazetteer import demonyms, plain
from rassegna.languages import entry, load
from rassegna.phrases import Named, Phrase

REACH = 30  # words behind a cue in which its subject may follow
NAMED_RANK = {"PER": 0, "ORG": 1, "LOC": 2}


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


@dataclass
class Speakers:
    """Finds the speakers of one article in the order of its text, and remembers who spoke last."""

    discourse: Discourse
    last: Speaker | None = None
    of_sentence: dict[int, Speaker | None] = field(default_factory=dict)
    _found: dict[Cue, Speaker | None] = field(default_factory=dict)

    def of(self, cue: Cue, *, follows: bool = False) -> Speaker | None:
        """The speaker of a cue; `follows` where the cue stands behind the words it reports."""
        if cue not in self._found or follows:
            self._found[cue] = self._of(cue, follows=follows)
        return self._found[cue]

    def remember(self, speaker: Speaker | None) -> None:
        """Note who spoke, for cues without a subject further on."""
        if speaker is not None:
            self.last = speaker

    def _of(self, cue: Cue, *, follows: bool) -> Speaker | None:
        if cue.form == "preposition":
            phrase = self.discourse.words.phrase(cue.end)
            return self.resolve(self._with_appositions(phrase), "source behind its preposition") if phrase else None
        if cue.form == "passive":
            agent = self._agent(cue)
            if agent is not None:
                return self.resolve(agent, "agent of the passive")
            return None
        subject = self._subject(cue, follows=follows)
        if isinstance(subject, Speaker):
            return subject
        if subject is not None:
            return self.resolve(*subject)
        return self._dropped(cue)

    # --- where the subject stands

    def _subject(self, cue: Cue, *, follows: bool) -> tuple[Phrase, str] | Speaker | None:
        behind = self._behind(cue) if follows else None
        if behind is not None:
            return behind, "subject behind the cue"
        if cue.form in ("gerund", "infinitive"):
            return self._of_main_verb(cue)
        before = self._before(cue)
        if before is not None:
            return before
        behind = None if follows else self._behind(cue)
        return (behind, "subject behind the cue") if behind is not None else None

    def _finite(self, cue: Cue) -> int:
        """The token of a cue that agrees with its subject."""
        w = self.discourse.words
        return next((i for i in range(cue.start, cue.verb + 1) if "VerbForm=Fin" in w.morph[i]), cue.verb)

    def _behind(self, cue: Cue) -> Phrase | None:
        """The subject that follows a cue, adverbs, times and complements between them left aside."""
        d, w = self.discourse, self.discourse.words
        stop = min(d.sentences[d.sentence[cue.verb]][1], cue.end + REACH)
        finite, j = self._finite(cue), cue.end
        while j < stop and d.quoted[j] < 0:
            phrase = w.phrase(j)
            if phrase is not None and (w.is_time(phrase.head) or w.is_time(phrase.end - 1)):
                j = max(phrase.end, j + 1)
            elif phrase is not None:
                if not w.agrees(phrase.head, finite):
                    return None
                return self._with_appositions(phrase)
            elif w.pos[j] == "ADP" or (w.pos[j] == "VERB" and "VerbForm=Ger" in w.morph[j]):
                inner = w.phrase(j + 1) if j + 1 < stop else None
                j = inner.end if inner is not None and w.pos[j] == "ADP" else j + 1
            elif w.pos[j] == "ADV" or w.is_time(j) or w.lower[j] in self.words_of("openers.words"):
                j += 1
            elif w.text[j] == "," and j + 1 < stop and (w.pos[j + 1] in ("ADP", "ADV") or self._resumes(j + 1)):
                j += 1
            else:
                return None
        return None

    def _resumes(self, j: int) -> bool:
        """Whether behind a comma the subject comes after an insertion (", al termine dell'incontro, il ministro")."""
        d, w = self.discourse, self.discourse.words
        phrase = w.phrase(j)
        return phrase is not None and j >= 2 and w.pos[j] == "DET" and "," in w.text[max(0, j - 12) : j - 1] and (
            phrase.end >= len(w) or w.text[phrase.end] in (",", ".", ":") or d.quoted[phrase.end] >= 0
        )

    def _with_appositions(self, phrase: Phrase) -> Phrase:
        """The phrase with one that stands beside it between commas: name and role, or role and name."""
        w = self.discourse.words
        if phrase.end + 1 >= len(w) or w.text[phrase.end] != ",":
            return phrase
        beside = w.phrase(phrase.end + 1)
        if beside is None or self.discourse.quoted[phrase.end + 1] >= 0:
            return phrase
        names = [self._name(p) for p in (phrase, beside)]
        ends = beside.end >= len(w) or not w.text[beside.end][0].isalnum() or w.pos[beside.end] in ("SCONJ", "PRON", "VERB")
        if ends and (names[0] is None) != (names[1] is None) and all(n is None or n.label == "PER" for n in names):
            return replace(phrase, end=beside.end)
        return phrase

    def _agent(self, cue: Cue) -> Phrase | None:
        """The agent of a passive ("riferito da …"), what is quoted between them left aside."""
        d, w = self.discourse, self.discourse.words
        stop = min(d.sentences[d.sentence[cue.verb]][1], cue.end + REACH)
        agents = set(self.words_of("agent.prepositions"))
        for j in range(cue.end, stop):
            if d.quoted[j] >= 0:
                continue
            if "VerbForm=Fin" in w.morph[j] and w.pos[j] in ("VERB", "AUX"):
                return None
            if w.lower[j] in agents and j + 1 < stop:
                phrase = w.phrase(j + 1)
                if phrase is not None and not w.is_time(phrase.head):
                    return self._with_appositions(phrase)
        return None

    def _before(self, cue: Cue) -> tuple[Phrase, str] | Speaker | None:
        """The subject before a finite cue, in its clause or that of the verb it is joined to."""
        d, w = self.discourse, self.discourse.words
        first = d.sentences[d.sentence[cue.verb]][0]
        start = self._group_start(cue.start, first)
        if start > first and w.lower[start - 1] in self.words_of("openers.relative"):
            return self._relative(cue, start - 1, first)
        joined = start > first and w.lower[start - 1] in self.words_of("openers.coordination")
        phrases, verbs = self._scan(first, start)
        nearest = [p for p in phrases if not verbs or p.start > verbs[-1]]
        finite = self._finite(cue)
        fitting = [p for p in nearest if w.agrees(p.head, finite) or self._coordinated(p, phrases)]
        if fitting and not joined:
            chosen = next((p for p in fitting if self._is_subject(p, cue.verb)), None) or self._head_phrase(fitting)
            return self._joined(chosen, phrases), "subject before the cue"
        if verbs and (joined or not fitting):
            return self._earlier(cue, verbs[-1], first)
        if joined and fitting:
            return self._joined(self._head_phrase(fitting), phrases), "subject before the cue"
        return None

    def _group_start(self, start: int, first: int) -> int:
        """Where the words that go with a verb begin: pronouns, adverbs, negation, insertions between commas."""
        w = self.discourse.words
        while start > first:
            i = start - 1
            if w.lower[i] in self.words_of("openers.relative"):
                break
            if w.pos[i] in ("ADV", "AUX") or (w.pos[i] == "PRON" and w.phrase(i) is None):
                start = i
            else:
                break
        return start

    def _scan(self, first: int, stop: int) -> tuple[list[Phrase], list[int]]:
        """Noun phrases that may be subjects, and finite verbs, from left to right; relative clauses are left out."""
        d, w = self.discourse, self.discourse.words
        phrases: list[Phrase] = []
        verbs: list[int] = []
        i = first
        while i < stop:
            if d.quoted[i] >= 0:
                i = d.quotations[d.quoted[i]].outer_end
                continue
            if w.lower[i] in self.words_of("openers.relative") and phrases and i - phrases[-1].end in (0, 1, 2):
                closing = self._clause_end(i, stop)
                if closing is not None:
                    i = closing
                    continue
            if w.pos[i] in ("VERB", "AUX") and "VerbForm=Fin" in w.morph[i]:
                verbs.append(i)
                i += 1
                continue
            phrase = w.phrase(i)
            if phrase is not None and phrase.end <= stop:
                governed = i > first and w.pos[i - 1] == "ADP"
                if not governed and not w.is_time(phrase.head):
                    phrases.append(phrase)
                i = phrase.end
            else:
                i += 1
        return phrases, verbs

    def _clause_end(self, i: int, stop: int) -> int | None:
        """Where a relative clause between commas ends before `stop`; None when no comma ends it."""
        w, d = self.discourse.words, self.discourse
        if i == 0 or w.text[i - 1] != ",":
            return None
        return next((j + 1 for j in range(i + 1, stop) if w.text[j] == "," and d.quoted[j] < 0), None)

    def _is_subject(self, phrase: Phrase, verb: int) -> bool:
        w = self.discourse.words
        return any(w.head[i] == verb and w.dep[i].startswith("nsubj") for i in range(phrase.start, phrase.end))

    def _head_phrase(self, phrases: list[Phrase]) -> Phrase:
        """The last phrase; an apposition gives way to the name it explains, a name to nothing."""
        w, chosen = self.discourse.words, phrases[-1]
        for earlier in reversed(phrases[:-1]):
            if w.text[earlier.end] == "," and earlier.end + 1 == chosen.start:
                chosen = Phrase(earlier.start, chosen.end, earlier.head)
            elif self._name(chosen) is None and (name := self._name(earlier)) and name.label == "PER":
                return earlier
            else:
                break
        return chosen

    def _coordinated(self, phrase: Phrase, phrases: list[Phrase]) -> bool:
        return self._joined(phrase, phrases) != phrase

    def _joined(self, phrase: Phrase, phrases: list[Phrase]) -> Phrase:
        """The phrase with one joined to it by a conjunction before it: "Russia e Cina"."""
        w = self.discourse.words
        for other in phrases:
            if other.end + 1 == phrase.start and w.pos[other.end] == "CCONJ":
                return Phrase(other.start, phrase.end, phrase.head)
        return phrase

    def _relative(self, cue: Cue, at: int, first: int) -> tuple[Phrase, str] | Speaker | None:
        """The subject of a relative clause without its own: the antecedent, else the subject of the main clause."""
        d, w = self.discourse, self.discourse.words
        phrases, verbs = self._scan(first, at)
        antecedent = next((p for p in reversed(phrases) if at - p.end in (0, 1)), None)
        demonstrative = at > 0 and w.lower[at - 1] in self.words_of("openers.demonstrative")
        if antecedent is not None and not demonstrative and w.lower[at] == self.words_of("openers.relative")[0]:
            named = self._name(antecedent)
            plural = w.is_plural(self._finite(cue))
            if (named or self._can_speak(antecedent)) and w.is_plural(antecedent.head) == plural or (
                named is not None and named.can_speak
            ):
                return self._joined(antecedent, phrases), "antecedent of the relative clause"
        if w.pos[at] == "SCONJ" or w.lower[at] != self.words_of("openers.relative")[0] or demonstrative:
            if verbs:
                return self._earlier(cue, verbs[-1], first)
        return self._earlier(cue, verbs[-1], first) if verbs else None

    def _earlier(self, cue: Cue, verb: int, first: int) -> tuple[Phrase, str] | Speaker | None:
        """The subject of an earlier verb of the sentence, which a cue without its own shares."""
        same = [c for c in self.discourse.cues_in(first, cue.start) if c.start <= verb <= c.verb]
        if same and self._found.get(same[0]) is not None:
            shared = self._found[same[0]]
            return replace(shared, reason="subject of the verb before") if shared else None
        stand_in = Cue(verb, verb, verb + 1, "", "", "content", "finite")
        found = self._before(stand_in)
        if isinstance(found, tuple):
            return found[0], "subject of the verb before"
        return found

    def _of_main_verb(self, cue: Cue) -> tuple[Phrase, str] | Speaker | None:
        """The subject of the finite verb that a gerund or infinitive hangs on: before it, else behind it."""
        d, w = self.discourse, self.discourse.words
        first, stop = d.sentences[d.sentence[cue.verb]]
        finite = [i for i in range(first, stop) if "VerbForm=Fin" in w.morph[i] and d.quoted[i] < 0]
        before = [i for i in finite if i < cue.start]
        chosen = before[-1] if before else next((i for i in finite if i > cue.end), None)
        head = w.head[cue.verb]
        if head in finite or any(w.head[i] == head and i in finite for i in before):
            chosen = head if head in finite else next(i for i in before if w.head[i] == head)
        if chosen is None:
            return None
        if before:
            return self._earlier(cue, chosen, first)
        return self._before(Cue(chosen, chosen, chosen + 1, "", "", "content", "finite"))

    # --- whom the words stand for

    def _name(self, phrase: Phrase) -> Named | None:
        """The mention that a phrase is headed by or carries beside its head; none that only complements it."""
        w, found = self.discourse.words, []
        i = phrase.start
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
        if heads and heads[0].label == "PER":
            return heads[0]
        people = [n for n in found if n.label == "PER"]
        return (people or heads or [n for n in found if n.can_speak] or [None])[0]

    def _can_speak(self, phrase: Phrase) -> bool:
        return self._name(phrase) is not None or self.is_human(phrase.head)

    def is_human(self, i: int) -> bool:
        """Whether a noun stands for persons: a role, or a collective."""
        return self.discourse.words.lower[i] in human_nouns(self.discourse.language)

    def is_document(self, i: int) -> bool:
        """Whether a noun stands for a text that may be quoted."""
        return self.discourse.words.lower[i] in self.words_of("source.documents")

    def resolve(self, phrase: Phrase, reason: str) -> Speaker | None:
        """The speaker that a noun phrase stands for; None for a pronoun that nobody stands behind."""
        w = self.discourse.words
        if w.lower[phrase.head] in self.words_of("pronouns.same") and w.pos[phrase.head] in ("PRON", "DET", "ADJ"):
            return replace(self.last, reason=f"{reason}, pronoun", is_inferred=True) if self.last else None
        parts = self._parts(phrase)
        if len(parts) > 1:
            names = [self._simple(p, reason) for p in parts]
            joined = "; ".join(n.name for n in names)
            return Speaker(joined, phrase.start, phrase.end, reason, any(n.is_known for n in names), is_plural=True)
        return self._both(phrase, reason) or self._simple(phrase, reason)

    def _parts(self, phrase: Phrase) -> list[Phrase]:
        """The phrases that a coordination joins."""
        w, found, i = self.discourse.words, [], phrase.start
        while i < phrase.end:
            part = w.phrase(i)
            if part is None:
                i += 1
                continue
            found.append(replace(part, end=min(part.end, phrase.end)))
            i = part.end
        joins = any(w.pos[p.end] == "CCONJ" for p in found[:-1])
        return found if joins and len(found) == 2 else [phrase]

    def _simple(self, phrase: Phrase, reason: str) -> Speaker:
        w = self.discourse.words
        named = self._name(phrase)
        if named is not None and (named.label == "PER" or named.start <= phrase.head < named.end or named.can_speak):
            start, end = min(named.start, phrase.head), named.end
            return Speaker(named.entity, start, end, reason, is_known=True, is_plural=w.is_plural(phrase.head))
        country = self._country(phrase)
        start = next((i for i in range(phrase.start, phrase.end) if w.pos[i] not in ("DET", "NUM")), phrase.head)
        start = min(start, phrase.head)
        end = max(self._bare_end(phrase), phrase.head + 1)
        name = country or w.doc[start:end].text
        return Speaker(name, start, end, reason, is_known=bool(country), is_plural=w.is_plural(phrase.head))

    def _bare_end(self, phrase: Phrase) -> int:
        """Where an unnamed source's noun with its complements ends, without the appositions."""
        w = self.discourse.words
        own = w.phrase(phrase.start)
        return min(own.end, phrase.end) if own is not None and own.head == phrase.head else phrase.end

    def _country(self, phrase: Phrase) -> str:
        """The country whose information a source is ("le informazioni americane"), by the adjective."""
        w = self.discourse.words
        if w.lower[phrase.head] not in self.words_of("source.nouns"):
            return ""
        known = demonyms(self.discourse.language)
        for i in range(phrase.head + 1, min(phrase.head + 3, phrase.end)):
            if (country := known.get(plain(w.text[i]))) is not None:
                return str(country)
        return ""

    def _both(self, phrase: Phrase, reason: str) -> Speaker | None:
        """The two countries last named before "both countries"."""
        d, w = self.discourse, self.discourse.words
        text = " ".join(w.lower[phrase.start : phrase.end])
        if not any(text.startswith(both) for both in self.words_of("pronouns.both")):
            return None
        seen: dict[str, Named] = {}
        for named in sorted(w.named, key=lambda n: -n.start):
            if named.start < phrase.start and named.label == "LOC":
                seen.setdefault(named.entity, named)
        counts = {e: sum(n.entity == e for n in w.named if n.start < phrase.start) for e in seen}
        chosen = sorted(seen, key=lambda e: (-counts[e], -seen[e].start))[:2]
        if len(chosen) < 2:
            return None
        name = "; ".join(chosen)
        return Speaker(name, phrase.start, phrase.end, reason, is_known=True, is_plural=True, is_inferred=True)

    def _dropped(self, cue: Cue) -> Speaker | None:
        """Who speaks where no subject is told: the person the sentence before was about, else who spoke last."""
        d, w = self.discourse, self.discourse.words
        number = d.sentence[cue.verb]
        plural = w.is_plural(self._finite(cue))
        before = self.topic(number - 1) if number and not self._is_apart(number) else None
        for candidate in (before, self.last):
            if candidate is not None and (candidate.is_plural == plural or candidate.is_known and not plural):
                return replace(candidate, reason="no subject: goes on with the last speaker", is_inferred=True)
        return None

    def _is_apart(self, number: int) -> bool:
        """Whether a sentence and the one before stand in paragraphs with another between them."""
        d, w = self.discourse, self.discourse.words
        return w.block[d.sentences[number][0]] - w.block[d.sentences[number - 1][0]] > 1

    def topic(self, number: int) -> Speaker | None:
        """The named person or body that is the subject of a sentence's first finite verb."""
        if number not in self.of_sentence:
            d, w = self.discourse, self.discourse.words
            first, stop = d.sentences[number]
            verb = next((i for i in range(first, stop) if "VerbForm=Fin" in w.morph[i] and d.quoted[i] < 0), None)
            found = self._before(Cue(verb, verb, verb + 1, "", "", "content", "finite")) if verb is not None else None
            speaker = self.resolve(*found) if isinstance(found, tuple) else found
            is_person = speaker is not None and (speaker.is_known or self.is_human(speaker.start))
            named = w.named_at.get(speaker.start) if speaker is not None else None
            self.of_sentence[number] = speaker if is_person and (named is None or named.can_speak) else None
        return self.of_sentence[number]

    def auxiliaries(self) -> frozenset[str]:
        """Every form of the auxiliaries of the compound tenses and the passive."""
        return passive_forms(self.discourse.language) | perfect_forms(self.discourse.language)

    @property
    def table(self) -> dict[str, Any]:
        """The quotation words of the article's language."""
        return load(self.discourse.language, "quotation")

    def words_of(self, key: str) -> list[str]:
        """One list of the quotation words, by `table.key`."""
        table, name = key.split(".")
        found: list[str] = self.table[table][name]
        return found


@cache
def human_nouns(language: str) -> frozenset[str]:
    """Nouns for persons: roles, and what the quotation words list as collectives."""
    roles = load(language, "roles")
    words = [w for kind in ("head", "generic", "office") for forms in roles[kind].values() for w in forms]
    return frozenset(w.casefold().split()[0] for w in [*words, *entry(language, "quotation", "source.collectives")])
