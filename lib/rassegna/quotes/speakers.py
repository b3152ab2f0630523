"""Who says it: the entity that a cue's subject stands for, and who goes on speaking where none is told."""

from dataclasses import dataclass, replace

from rassegna.mentions.gazetteer import demonyms, plain
from rassegna.quotes.discourse import Cue, Discourse
from rassegna.quotes.phrases import Named, Phrase, human_suffixes, listed
from rassegna.quotes.subjects import Subject, Subjects

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

    def inferred(self) -> "Speaker":
        """The same where no name stands with the words."""
        return replace(self, is_inferred=True)


class Speakers:
    """Finds the speakers of one article in the order of its text, and remembers who spoke last."""

    def __init__(self, discourse: Discourse) -> None:
        self.d, self.w, self.subjects = discourse, discourse.words, Subjects(discourse)
        self.last: Speaker | None = None
        self.last_sentence = -1
        self._topics: dict[int, Speaker | None] = {}
        self._found: dict[tuple[Cue, bool], Speaker | None] = {}

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
        is_told = cue.names_source or cue.form == "passive" or self.w.lists(cue.lemma, "agent.origin")
        return speaker if speaker is not None or (is_told and cue.form != "own") else self._dropped(cue)

    def _subject(self, cue: Cue, *, follows: bool) -> Subject | None:
        """The phrase that says who speaks, by the form of the cue."""
        subjects = self.subjects
        if cue.form == "preposition":
            phrase = self.w.phrase(cue.end)
            source = subjects.with_appositions(phrase, closed=True) if phrase else None
            return Subject(source, "source behind its preposition") if source else None
        if cue.form == "relative source":
            antecedent = subjects.antecedent(cue.start)
            return Subject(antecedent, "antecedent of the source") if antecedent else None
        if self.w.lists(cue.lemma, "agent.origin"):
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
        found, w = self.subjects.behind(cue), self.w
        if found is None or found.phrase.end >= len(w) or not w.names_somebody(found.phrase):
            return None
        edge = found.phrase.end
        opens = w.text[edge] in (":", ",") or w.has(edge, "openers.clause")
        return found if opens or self.d.quoted[edge] >= 0 else None

    def _of_cue_before(self, cue: Cue) -> Subject | None:
        """The subject of a cue before it in the sentence ("X said: «…», and added")."""
        cues = self.d.cues_in(self.d.span(cue.verb)[0], cue.start)
        before = [c for c in cues if c.form == "finite" and not c.is_weak]
        found = self.subjects.before(before[-1]) if before else None
        return Subject(found.phrase, "subject of the cue before") if found else None

    def _in_document(self, cue: Cue) -> Speaker | None:
        """The text in which something "is read", or whose it is: "it reads in a note of X"."""
        w, number = self.w, self.d.sentence[cue.verb]
        first, stop = self.d.sentences[number]
        for i in [*range(cue.end, stop - 1), *range(first, cue.start - 1)]:
            phrase = w.phrase(i + 1) if w.has(i, "articulated.in") else None
            if phrase is None or not w.is_document(phrase.head):
                continue
            authors = [n for n in w.named if phrase.start <= n.start < phrase.end + 4 and n.can_speak]
            if authors:
                return self._named(authors[0], phrase, "author of the document")
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
        w = self.w
        if w.has(phrase.head, "pronouns.same") and w.pos[phrase.head] in ("PRON", "DET", "ADJ"):
            meant = self.about(self.d.sentence[phrase.start]) or self.last
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
        """Whom a definite description without a name takes up again: "the manager", "the company", "the latter"."""
        d, w, i = self.d, self.w, phrase.head
        latter = phrase.start < i and w.has(i, "pronouns.latter")
        definite = "Definite=Def" in w.morph[phrase.start] or "PronType=Dem" in w.morph[phrase.start]
        is_body = w.has(i, "source.bodies")
        if not latter:
            if not definite or w.is_plural(i) or w.name(phrase) is not None:
                return None
            rest = range(i + 1, phrase.end)  # a noun alone, or a person's with a body's name: "the rider of Velox"
            of_body = any(k in w.named_at and w.named_at[k].label == "ORG" for k in rest)
            is_person = w.has(i, "source.persons") or w.lower[i].endswith(human_suffixes(w.language))
            if not (is_person and (of_body or not rest)) and not (is_body and not rest):
                return None
        label, number = "ORG" if is_body else "PER", d.sentence[phrase.start]
        first, here = d.sentences[max(0, number - DESCRIBED)][0], d.sentences[number][0]
        near = [n for n in w.named if first <= n.start < phrase.start and n.label == label and n.kind == "name"]
        near = [n for n in near if d.quoted[n.start] < 0 and (latter or n.start < here)]
        if not near:
            return None
        topics = [self.topic(k) for k in range(number - 1, max(-1, number - 1 - DESCRIBED), -1)]
        names = [t.name for t in topics if t is not None]
        chosen = near[-1] if latter else next((n for n in reversed(near) if n.entity in names), near[-1])
        why = f"{reason}, description of the one named before"
        return Speaker(chosen.entity, chosen.start, chosen.end, why, is_known=True, is_inferred=True)

    def _both(self, phrase: Phrase, reason: str) -> Speaker | None:
        """The two countries most named before "both countries"."""
        w = self.w
        text = " ".join(w.lower[phrase.start : phrase.end])
        if not text.startswith(tuple(listed(w.language, "pronouns.both"))):
            return None
        before = [n.entity for n in w.named if n.start < phrase.start and n.label == "LOC"]
        chosen = sorted(dict.fromkeys(before), key=lambda e: (-before.count(e), before.index(e)))[:2]
        if len(chosen) < 2:
            return None
        names = "; ".join(chosen)
        return Speaker(names, phrase.start, phrase.end, reason, is_known=True, is_plural=True, is_inferred=True)

    def _country(self, phrase: Phrase) -> str:
        """The country whose information a source is ("American information"), by the adjective."""
        if not self.w.has(phrase.head, "source.nouns"):
            return ""
        known, behind = demonyms(self.w.language), range(phrase.head + 1, min(phrase.head + 3, phrase.end))
        return next((str(known[word]) for i in behind if (word := plain(self.w.text[i])) in known), "")

    def _parts(self, phrase: Phrase) -> list[Phrase]:
        """The phrases that a coordination joins."""
        w, i = self.w, phrase.start
        found: list[Phrase] = []
        while i < phrase.end:
            part = w.phrase(i)
            if part is not None:
                found.append(replace(part, end=min(part.end, phrase.end)))
            i = part.end if part is not None else i + 1
        return found if len(found) == 2 and w.pos[found[0].end] == "CCONJ" else [phrase]

    def _simple(self, phrase: Phrase, reason: str) -> Speaker:
        w, head = self.w, phrase.head
        named = w.name(phrase)
        if named is not None and (named.label == "PER" or named.start <= head < named.end or named.can_speak):
            return self._named(named, phrase, reason)
        country = self._country(phrase)
        start = next((i for i in range(phrase.start, head) if w.pos[i] not in ("DET", "NUM")), head)
        own = w.phrase(phrase.start)  # the noun with its complements, without the appositions
        end = min(own.end, phrase.end) if own is not None and own.head == head else phrase.end
        end = max(end, head + 1)
        name = country or w.doc[start:end].text
        return Speaker(name, start, end, reason, is_known=bool(country), is_plural=w.is_plural(head))

    def _named(self, named: Named, phrase: Phrase, reason: str) -> Speaker:
        start = min(named.start, phrase.head) if named.start <= phrase.end else named.start
        plural = self.w.is_plural(phrase.head)
        return Speaker(named.entity, start, named.end, reason, is_known=True, is_plural=plural)

    # --- who goes on speaking

    def _dropped(self, cue: Cue) -> Speaker | None:
        """Who speaks where no subject is told: whom the sentences before were about, else who spoke last."""
        first = self.d.span(cue.verb)[0]
        start = self.subjects.group_start(cue.start, first)
        is_needed = self.w.lists("yes", "pronouns.needed")  # no verb without one: "nobody could say"; "Asked, she left"
        if is_needed and (cue.start == first or any(self.w.has(i, "pronouns.nobody") for i in range(start, cue.start))):
            return None
        plural = self.w.is_plural(self.subjects.finite(cue))
        for candidate in (self.about(self.d.sentence[cue.verb]), self.last):
            if candidate is not None and candidate.is_plural == plural:
                why = "no subject: goes on with the last speaker"
                return replace(candidate, reason=why, is_inferred=True, at=-1, until=-1)
        return None

    def about(self, number: int) -> Speaker | None:
        """The person or body that the sentences just before one are about; None where they are about something else."""
        d, w = self.d, self.w
        for earlier in range(number - 1, max(-1, number - 1 - LOOK_BACK), -1):
            if w.block[d.sentences[earlier + 1][0]] - w.block[d.sentences[earlier][0]] > 1:
                return None  # a paragraph between the two
            found = self.topic(earlier)
            if found is not None:
                return found
            if self.last is not None and d.sentence[self.last.start] >= earlier:
                return None
        return None

    def topic(self, number: int) -> Speaker | None:
        """The person or body that a sentence is about."""
        if number not in self._topics:
            phrase = self.subjects.topic(number)
            self._topics[number] = self._animate(phrase) if phrase else None
        return self._topics[number]

    def _animate(self, phrase: Phrase) -> Speaker | None:
        if self.w.has(phrase.head, "pronouns.same"):
            return self.last
        speaker, named = self.resolve(phrase, "subject of the sentence"), self.w.name(phrase)
        speaks = named.can_speak if named is not None else self.w.is_human(phrase.head)
        return speaker if speaks else None
