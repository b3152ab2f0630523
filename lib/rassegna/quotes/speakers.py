"""Who says it: the entity that a cue's subject stands for, and who goes on speaking where none is told."""

from dataclasses import dataclass, field, replace

from rassegna.quotes.discourse import Cue, Discourse
from rassegna.quotes.phrases import Named, Phrase, articulated
from rassegna.quotes.references import References, Speaker
from rassegna.quotes.subjects import Subject, Subjects

LOOK_BACK = 2  # sentences before one that tell whom it is about


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
        self.references = References(self.discourse, self.subjects)

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
        if cue.form == "impersonal":
            return self._in_document(cue)
        found = self._subject(cue, follows=follows)
        speaker = self.resolve(found.phrase, found.reason) if found is not None else None
        is_told = cue.names_source or cue.form == "passive" or cue.lemma in self.words_of("agent.origin")
        return speaker if speaker is not None or (is_told and cue.form != "own") else self._dropped(cue)

    def _subject(self, cue: Cue, *, follows: bool) -> Subject | None:
        """The phrase that says who speaks, by the form of the cue."""
        subjects = self.subjects
        if cue.form == "preposition":
            phrase = self.discourse.words.phrase(cue.end)
            source = subjects.with_appositions(phrase, closed=True) if phrase else None
            return Subject(source, "source behind its preposition") if source else None
        if cue.form == "relative source":
            antecedent = subjects.antecedent(cue.start)
            return Subject(antecedent, "antecedent of the source") if antecedent else None
        if cue.lemma in self.words_of("agent.origin"):
            return subjects.origin(cue)
        if cue.form in ("passive", "source"):
            return subjects.agent(cue) or (subjects.behind(cue) if cue.form == "source" else None)
        if follows:
            return subjects.behind(cue) or self._of_cue_before(cue)
        if cue.form in ("gerund", "infinitive"):
            return subjects.of_main_verb(cue)
        return None if cue.form == "own" else subjects.before(cue) or self._with_clause_behind(cue)

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
        """The subject of a cue before it in the sentence ("X said: «…», and added")."""
        first = self.discourse.sentences[self.discourse.sentence[cue.verb]][0]
        before = [c for c in self.discourse.cues_in(first, cue.start) if c.form == "finite" and not c.is_weak]
        found = self.subjects.before(before[-1]) if before else None
        return Subject(found.phrase, "subject of the cue before") if found else None

    def _in_document(self, cue: Cue) -> Speaker | None:
        """The text in which something "is read", or whose it is: "it reads in a note of X"."""
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
        meant = self.references.described(phrase, reason, self.topic)
        if meant is not None:
            return meant
        parts = self._parts(phrase)
        if len(parts) > 1:
            names = [self._simple(p, reason) for p in parts]
            joined = "; ".join(n.name for n in names)
            return Speaker(joined, phrase.start, phrase.end, reason, any(n.is_known for n in names), is_plural=True)
        return self.references.both(phrase, reason) or self._simple(phrase, reason)

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
        country = self.references.country(phrase)
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
