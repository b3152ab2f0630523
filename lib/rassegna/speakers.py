"""Who says it: the entity that a cue's subject stands for, and who goes on speaking where none is told."""

from dataclasses import dataclass, field, replace

from rassegna.discourse import Cue, Discourse
from rassegna.gazetteer import demonyms, plain
from rassegna.persons import human_suffixes
from rassegna.phrases import Named, Phrase, articulated
from rassegna.subjects import Subject, Subjects

LOOK_BACK = 2  # sentences before one that tell whom it is about
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


@dataclass
class Speakers:
    """Finds the speakers of one article in the order of its text, and remembers who spoke last."""

    discourse: Discourse
    last: Speaker | None = None
    last_sentence: int = -1
    _topics: dict[int, Speaker | None] = field(default_factory=dict)
    _found: dict[tuple[Cue, bool], Speaker | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.subjects = Subjects(self.discourse)

    def of(self, cue: Cue, *, follows: bool = False) -> Speaker | None:
        """The speaker of a cue; `follows` where the cue stands behind the words it reports."""
        key = (cue, follows)
        if key not in self._found:
            self._found[key] = self._of(cue, follows=follows)
        return self._found[key]

    def remember(self, speaker: Speaker | None, sentence: int) -> None:
        """Note who spoke in a sentence, for cues without a subject further on."""
        if speaker is not None:
            self.last, self.last_sentence = speaker, sentence

    def _of(self, cue: Cue, *, follows: bool) -> Speaker | None:
        if cue.form == "preposition":
            phrase = self.discourse.words.phrase(cue.end)
            source = self.subjects.with_appositions(phrase, closed=True) if phrase else None
            return self.resolve(source, "source behind its preposition") if source else None
        if cue.form == "relative source":
            antecedent = self.subjects.antecedent(cue.start)
            return self.resolve(antecedent, "antecedent of the source") if antecedent else None
        if cue.form == "impersonal":
            return self._in_document(cue)
        if cue.form == "own":
            return self._dropped(cue)
        if cue.lemma in self.words_of("agent.origin"):
            found = self.subjects.origin(cue)
            return self.resolve(found.phrase, found.reason) if found else None
        if cue.form in ("passive", "source"):
            found = self.subjects.agent(cue) or (self.subjects.behind(cue) if cue.form == "source" else None)
        elif follows:
            found = self.subjects.behind(cue) or self._of_cue_before(cue)
        elif cue.form in ("gerund", "infinitive"):
            found = self.subjects.of_main_verb(cue)
        else:
            found = self.subjects.before(cue) or self._with_clause_behind(cue)
        if found is not None:
            speaker = self.resolve(found.phrase, found.reason)
            if speaker is not None:
                return speaker
        return None if cue.form in ("passive", "source") else self._dropped(cue)

    def _with_clause_behind(self, cue: Cue) -> Subject | None:
        """A subject behind a cue that no clause parts from it; what follows a cue else is mostly its object."""
        found, w = self.subjects.behind(cue), self.discourse.words
        if found is None or found.phrase.end >= len(w):
            return None
        named, edge = self.subjects.name(found.phrase), found.phrase.end
        speaks = (named is not None and named.can_speak) or self.subjects.is_human(found.phrase.head)
        opens = w.text[edge] in (":", ",") or w.lower[edge] in self.words_of("openers.clause")
        return found if speaks and (opens or self.discourse.quoted[edge] >= 0) else None

    def _of_cue_before(self, cue: Cue) -> Subject | None:
        """The subject of a cue before it in the sentence ("X ha detto: «…», ha aggiunto")."""
        first = self.discourse.sentences[self.discourse.sentence[cue.verb]][0]
        before = [c for c in self.discourse.cues_in(first, cue.start) if c.form == "finite" and not c.is_weak]
        found = self.subjects.before(before[-1]) if before else None
        return Subject(found.phrase, "subject of the cue before") if found else None

    def _in_document(self, cue: Cue) -> Speaker | None:
        """The text in which something "is read", or whose it is: "si legge in una nota di X"."""
        w = self.discourse.words
        first, stop = self.discourse.sentences[self.discourse.sentence[cue.verb]]
        inside = articulated(self.discourse.language, "in")
        for i in [*range(cue.end, stop - 1), *range(first, cue.start - 1)]:
            phrase = w.phrase(i + 1) if w.lower[i] in inside else None
            if phrase is None or not self.subjects.is_document(phrase.head):
                continue
            authors = [n for n in w.named if phrase.start <= n.start < phrase.end + 4 and n.can_speak]
            if authors:
                return self._named(authors[0], phrase, "author of the document")
            number = self.discourse.sentence[cue.verb]
            if number not in self._topics and first < cue.start - 2:
                author = self.topic(number)
                if author is not None and author.start < cue.start and author.end < i:
                    return replace(author, reason="subject of the sentence, in a document", at=-1, until=-1)
            return self.resolve(phrase, "document")
        return None

    # --- whom the words stand for

    def resolve(self, phrase: Phrase, reason: str) -> Speaker | None:
        """The speaker that a noun phrase stands for; None for a pronoun that nobody stands behind."""
        found = self._resolved(phrase, reason)
        return replace(found, at=phrase.start, until=phrase.end) if found is not None else None

    def _resolved(self, phrase: Phrase, reason: str) -> Speaker | None:
        w = self.discourse.words
        if w.lower[phrase.head] in self.words_of("pronouns.same") and w.pos[phrase.head] in (
            "PRON",
            "DET",
            "ADJ",
        ):
            meant = self.about(self.discourse.sentence[phrase.start]) or self.last
            return replace(meant, reason=f"{reason}, pronoun", is_inferred=True) if meant else None
        meant = self._described(phrase, reason)
        if meant is not None:
            return meant
        parts = self._parts(phrase)
        if len(parts) > 1:
            names = [self._simple(p, reason) for p in parts]
            joined = "; ".join(n.name for n in names)
            return Speaker(joined, phrase.start, phrase.end, reason, any(n.is_known for n in names), is_plural=True)
        return self._both(phrase, reason) or self._simple(phrase, reason)

    def _described(self, phrase: Phrase, reason: str) -> Speaker | None:
        """Whom a definite description without a name takes up again: "la manager", "la società", "quest'ultimo"."""
        w, i = self.discourse.words, phrase.head
        latter = phrase.start < i and w.lower[i] in self.words_of("pronouns.latter")
        definite = "Definite=Def" in w.morph[phrase.start] or "PronType=Dem" in w.morph[phrase.start]
        if not latter and (not definite or w.is_plural(i) or self.subjects.name(phrase) is not None):
            return None
        is_body = w.lower[i] in self.words_of("source.bodies")
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
        topics = [self.topic(k) for k in range(number - 1, max(-1, number - 1 - DESCRIBED), -1)]
        names = [t.name for t in topics if t is not None]
        chosen = near[-1] if latter else next((n for n in reversed(near) if n.entity in names), near[-1])
        why = f"{reason}, description of the one named before"
        return Speaker(chosen.entity, chosen.start, chosen.end, why, is_known=True, is_inferred=True)

    def _is_person(self, phrase: Phrase) -> bool:
        word = self.discourse.words.lower[phrase.head]
        return word in self.words_of("source.persons") or word.endswith(human_suffixes(self.discourse.language))

    def _is_bare(self, phrase: Phrase) -> bool:
        """Whether a description is a noun alone, or a person's noun with a body's name ("il corridore della Velox")."""
        w = self.discourse.words
        rest = range(phrase.head + 1, phrase.end)
        return not rest or (
            any(i in w.named_at and w.named_at[i].label == "ORG" for i in rest) and self._is_person(phrase)
        )

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
        named = self.subjects.name(phrase)
        if named is not None and (named.label == "PER" or named.start <= phrase.head < named.end or named.can_speak):
            return self._named(named, phrase, reason)
        country = self._country(phrase)
        start = next((i for i in range(phrase.start, phrase.end) if w.pos[i] not in ("DET", "NUM")), phrase.head)
        start = min(start, phrase.head)
        end = max(self._bare_end(phrase), phrase.head + 1)
        name = country or w.doc[start:end].text
        return Speaker(name, start, end, reason, is_known=bool(country), is_plural=w.is_plural(phrase.head))

    def _named(self, named: Named, phrase: Phrase, reason: str) -> Speaker:
        start = min(named.start, phrase.head) if named.start <= phrase.end else named.start
        plural = self.discourse.words.is_plural(phrase.head)
        return Speaker(named.entity, start, named.end, reason, is_known=True, is_plural=plural)

    def _bare_end(self, phrase: Phrase) -> int:
        """Where an unnamed source's noun with its complements ends, without the appositions."""
        own = self.discourse.words.phrase(phrase.start)
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
        """The two countries most named before "both countries"."""
        w = self.discourse.words
        text = " ".join(w.lower[phrase.start : phrase.end])
        if not any(text.startswith(both) for both in self.words_of("pronouns.both")):
            return None
        before = [n.entity for n in w.named if n.start < phrase.start and n.label == "LOC"]
        chosen = sorted(dict.fromkeys(before), key=lambda e: (-before.count(e), before.index(e)))[:2]
        if len(chosen) < 2:
            return None
        names = "; ".join(chosen)
        return Speaker(names, phrase.start, phrase.end, reason, is_known=True, is_plural=True, is_inferred=True)

    # --- who goes on speaking

    def _dropped(self, cue: Cue) -> Speaker | None:
        """Who speaks where no subject is told: whom the sentences before were about, else who spoke last."""
        number = self.discourse.sentence[cue.verb]
        plural = self.discourse.words.is_plural(self.subjects.finite(cue))
        for candidate in (self.about(number), self.last):
            if candidate is not None and candidate.is_plural == plural:
                return _again(candidate, "no subject: goes on with the last speaker")
        return None

    def about(self, number: int) -> Speaker | None:
        """The person or body that the sentences just before one are about; None where they are about something else."""
        for earlier in range(number - 1, max(-1, number - 1 - LOOK_BACK), -1):
            if self._is_apart(earlier + 1):
                return None
            found = self.topic(earlier)
            if found is not None:
                return found
            if self.last is not None and self.discourse.sentence[self.last.start] >= earlier:
                return None
        return None

    def _is_apart(self, number: int) -> bool:
        """Whether a sentence and the one before stand in paragraphs with another between them."""
        d, w = self.discourse, self.discourse.words
        return w.block[d.sentences[number][0]] - w.block[d.sentences[number - 1][0]] > 1

    def topic(self, number: int) -> Speaker | None:
        """The person or body that a sentence is about."""
        if number not in self._topics:
            phrase = self.subjects.topic(number)
            self._topics[number] = self._animate(Subject(phrase, "subject of the sentence")) if phrase else None
        return self._topics[number]

    def _animate(self, found: Subject) -> Speaker | None:
        if self.discourse.words.lower[found.phrase.head] in self.words_of("pronouns.same"):
            return self.last
        speaker = self.resolve(found.phrase, found.reason)
        named = self.subjects.name(found.phrase)
        speaks = named.can_speak if named is not None else self.subjects.is_human(found.phrase.head)
        return speaker if speaks else None

    def words_of(self, key: str) -> frozenset[str]:
        """One list of the quotation words, by `table.key`."""
        return self.subjects.words_of(key)


def _again(speaker: Speaker, reason: str) -> Speaker:
    """A speaker named before, for a cue without one."""
    return replace(speaker, reason=reason, is_inferred=True, at=-1, until=-1)
