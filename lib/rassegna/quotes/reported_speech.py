"""Reported statements without quotation marks: what somebody says, thinks, wants or denies, in the outlet's words."""

from collections.abc import Iterator

from rassegna.quotes.attribution import Statement
from rassegna.quotes.discourse import Cue, Discourse
from rassegna.quotes.named_sources import MIN_CLAUSE, NamedSources
from rassegna.quotes.phrases import articulated
from rassegna.quotes.speakers import Speaker, Speakers

CLAUSE_REACH = 40  # words between a cue and its clause


class ReportedSpeech:
    """Finds the reported statements of one article, sentence by sentence."""

    def __init__(self, discourse: Discourse, speakers: Speakers) -> None:
        self.d, self.w, self.speakers = discourse, discourse.words, speakers
        self.sources = NamedSources(discourse, speakers)

    def sentence(self, number: int) -> list[Statement]:
        """The statements of one sentence, in order of place; each part of a sentence has one reporter."""
        first, stop = self.d.sentences[number]
        if stop - first < MIN_CLAUSE:
            return []
        found: list[Statement] = []
        cues = [c for c in self.d.cues_in(first, stop) if not c.is_weak or self._opens_clause(c)]
        for cue in cues:
            if any(s.start <= cue.verb < s.end and s.kind == "indirect" and s.cue is not cue for s in found):
                continue  # reported within what is reported already
            statement = self._with_cue(cue, first, stop)
            if statement is not None and not self.sources.is_quoted(statement):
                found.append(statement)
        reported = min((s.start for s in found if s.cue and not s.cue.names_source), default=stop)
        found.extend(s for s in self.sources.around(cues, first, stop, reported) if not self.sources.is_quoted(s))
        if not found:
            found.extend(s for s in self.sources.without_cue(first, stop) if not self.sources.is_quoted(s))
        return found

    def _opens_clause(self, cue: Cue) -> bool:
        """Whether a conjunction right behind shows that what the tagger takes for no verb is one."""
        w, i = self.w, cue.end
        while i < len(w) and w.pos[i] == "ADV":
            i += 1
        return i < len(w) and w.lower[i] in self._list("openers.that") and w.pos[i] != "PRON"

    def _with_cue(self, cue: Cue, first: int, stop: int) -> Statement | None:
        if cue.names_source or self.sources.is_parenthetical(cue, first, stop):
            return None
        content = (
            self._predicate(cue, stop)
            or self._clause(cue, stop)
            or self._infinitive(cue, stop)
            or self._noun_phrase(cue, stop)
        )
        if content is None:
            return None
        start, end, rule = content
        speaker = self.speakers.of(cue)
        if speaker is None and cue.form != "passive":
            return None
        inanimate = rule == "noun phrase" or (
            rule == "infinitive" and cue.stance in ("promising", "hoping", "directing")
        )
        if speaker is not None and inanimate and not self._may_say(speaker):
            return None
        if cue.is_negated and cue.stance != "denying":
            return None
        self.speakers.remember(speaker, self.d.sentence[cue.verb])
        return self.sources.statement(start, end, f"{rule} behind its cue", cue, speaker)

    def _predicate(self, cue: Cue, stop: int) -> tuple[int, int, str] | None:
        """What somebody says of himself: "called himself happy to …"."""
        if cue.lemma not in self._list("statement.of_oneself") or cue.end >= stop or self.d.quoted[cue.end] >= 0:
            return None
        if self.w.pos[cue.end] not in ("ADJ", "VERB", "ADV"):
            return None
        return cue.end, self._end(cue.end, stop, cue), "predicate"

    def _clause(self, cue: Cue, stop: int) -> tuple[int, int, str] | None:
        """The clause that a conjunction or colon opens behind a cue."""
        w = self.w
        if cue.frame == "addressee" and cue.stance not in ("asking", "warning", "directing"):
            return None
        for j in self._behind(cue, stop):
            if w.text[j] == ":" and cue.form == "finite" and cue.stance not in ("believing", "hoping", "directing"):
                opens = j + 1 < stop and self._told(cue, j) and self.d.quoted[j + 1] < 0
                return (j + 1, self._end(j + 1, stop, cue), "clause") if opens else None
            if w.lower[j] in self._list("openers.that"):
                if self._is_conjunction(cue, j):
                    return j + 1, self._end(j + 1, stop, cue), "clause"
                if w.pos[j] == "PRON":
                    return None
            if w.lower[j] in self._list("openers.question") and j - cue.end <= 1 and cue.form != "passive":
                opens = any("VerbForm=Fin" in w.morph[k] for k in range(j + 1, stop))
                return (j, self._end(j, stop, cue), "clause") if opens else None
        return None

    def _is_conjunction(self, cue: Cue, j: int) -> bool:
        """Whether a conjunction opens the clause of a cue, by its tag, its place, or what stands between."""
        w = self.w
        inserted = w.text[cue.end] == w.text[j - 1] == ","
        return w.pos[j] in ("SCONJ", "") or j == cue.end or inserted or self._told(cue, j)

    def _told(self, cue: Cue, j: int) -> bool:
        """Whether only time and addressee stand between a cue and its clause: "assured the allies yesterday that"."""
        w, i = self.w, cue.end
        while i < j:
            phrase = w.phrase(i)
            dative = w.phrase(i + 1) if w.lower[i] in self._list("agent.addressee") else None
            if dative is not None and dative.end <= j:
                i = dative.end
            elif phrase is not None and w.is_time(phrase.head) and phrase.end <= j:
                i = phrase.end
            elif w.pos[i] == "ADV" or w.is_time(i):
                i += 1
            else:
                return False
        return True

    def _behind(self, cue: Cue, stop: int) -> Iterator[int]:
        """Tokens behind a cue up to where its clause may open: another finite verb ends the search."""
        w = self.w
        for j in range(cue.end, min(stop, cue.end + CLAUSE_REACH)):
            if self.d.quoted[j] >= 0:
                return
            if any(
                not c.is_weak and (not c.names_source or c.form == "relative source") for c in self.d.cues_in(j, j + 1)
            ):
                return
            yield j
            if w.pos[j] in ("VERB", "AUX") and "VerbForm=Fin" in w.morph[j]:
                return

    def _infinitive(self, cue: Cue, stop: int) -> tuple[int, int, str] | None:
        """An infinitive with its preposition: "promised to build", "invited Washington to cooperate"."""
        w = self.w
        if cue.lemma in self._list("statement.never"):
            return None
        reach = CLAUSE_REACH // 2 if cue.stance in ("directing", "asking", "accusing", "warning") else 8
        language = self.d.language
        linked = articulated(language, "di") if cue.frame != "addressee" or cue.stance == "accusing" else frozenset()
        linked |= articulated(language, "a") if cue.frame == "addressee" else frozenset()
        for j in self._behind(cue, min(stop, cue.end + reach)):
            if w.lower[j] in linked and (k := self._infinitive_at(j + 1, stop)) is not None:
                return j + 1, self._end(k, stop, cue), "infinitive"
        bare = cue.stance in ("hoping", "promising") and self._infinitive_at(cue.end, min(stop, cue.end + 1))
        return (cue.end, self._end(cue.end, stop, cue), "infinitive") if bare else None

    def _infinitive_at(self, i: int, stop: int) -> int | None:
        """The infinitive at a token, behind negation and pronouns."""
        w = self.w
        for k in range(i, min(i + 4, stop)):
            if "VerbForm=Inf" in w.morph[k] and w.pos[k] in ("VERB", "AUX"):
                return k
            if w.pos[k] not in ("ADV", "PRON"):
                return None
        return None

    def _noun_phrase(self, cue: Cue, stop: int) -> tuple[int, int, str] | None:
        """What is announced, denied, promised, asked: a noun phrase right behind the cue."""
        w, never = self.w, self._list("statement.never")
        by_stance = cue.stance in self._list("statement.noun_stances") and cue.frame != "naming"
        if cue.lemma in never or not (by_stance or cue.lemma in self._list("statement.noun_verbs")):
            return None
        if cue.form == "passive" or cue.form == "infinitive":
            return None
        j = cue.end
        while j < stop and w.pos[j] == "ADV":
            j += 1
        if j >= stop or self.d.quoted[j] >= 0 or w.is_time(j):
            return None
        phrase = w.phrase(j)
        if phrase is None or phrase.end > stop or w.is_time(phrase.head):
            return None
        speaker = self.speakers.of(cue)
        if speaker is not None and phrase.start <= speaker.at < phrase.end:
            return None  # the subject itself
        ruling = cue.lemma in self._list("source.rulings") and speaker is not None
        if ruling and speaker is not None and w.lower[speaker.start] in self._list("source.benches"):
            return None
        if phrase.head in w.named_at and w.named_at[phrase.head].label == "PER" and cue.frame != "naming":
            return None  # "criticised Rossi": somebody, no statement
        return phrase.start, self._end(phrase.end, stop, cue), "noun phrase"

    def _end(self, start: int, stop: int, cue: Cue) -> int:
        """Where a statement ends: before the next cue of the main clause, or an attribution in parentheses."""
        w = self.w
        for other in self.d.cues_in(start + 1, stop):
            if other == cue or other.is_weak:
                continue
            before = w.lower[other.start - 1]
            if other.names_source and self._sign_before(other) > start:
                return self._sign_before(other)
            if other.form == "gerund" and before in self._list("openers.signs"):
                return other.start - 1
            if other.form != "finite":
                continue
            if before in self._list("openers.signs") and self.sources.is_parenthetical(other, start, stop):
                return other.start - 1
            edge = self.speakers.subjects.group_start(other.start, start)
            if w.lower[edge - 1] in self._list("openers.coordination") and self._is_joined(other, cue):
                return edge - 1
            speaker = self.speakers.of(other)
            if speaker is not None and start < speaker.at < other.start:
                edge = self._clause_start(speaker.at, start)
                if w.lower[edge - 1] in self._list("openers.apart"):
                    return edge - 1
        return stop

    def _sign_before(self, cue: Cue) -> int:
        """Where the sign before a named source stands ("…, as reported by"); -1 without one."""
        behind = range(cue.start - 1, max(0, cue.start - 4), -1)
        return next((i for i in behind if self.w.text[i] in self._list("openers.signs")), -1)

    def _clause_start(self, i: int, start: int) -> int:
        """Where the clause of a subject begins: at its determiners."""
        while i > start + 1 and self.w.pos[i - 1] in ("DET", "ADJ", "NUM", "ADV"):
            i -= 1
        return i

    def _is_joined(self, other: Cue, cue: Cue) -> bool:
        """Whether a later cue shares this one's speaker, not the subject of a verb within the statement."""
        if self.w.head[other.verb] == cue.verb:
            return True
        mine, theirs = self.speakers.of(cue), self.speakers.of(other)
        return mine is not None and theirs is not None and mine.start == theirs.start

    def _may_say(self, speaker: Speaker) -> bool:
        named = self.w.named_at.get(speaker.start)
        if named is not None:
            return named.label != "LOC" or named.is_metonym or named.kind == "name"
        return self.sources.is_source(speaker)

    def _list(self, key: str) -> frozenset[str]:
        return self.speakers.words_of(key)
