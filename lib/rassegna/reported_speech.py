"""Reported statements without quotation marks: what somebody says, thinks, wants or denies, in the outlet's words."""

from collections.abc import Iterator

from rassegna.attribution import Statement
from rassegna.discourse import Cue, Discourse, passive_forms, perfect_forms
from rassegna.phrases import articulated
from rassegna.speakers import Speaker, Speakers

CLAUSE_REACH = 40  # words between a cue and its clause
MIN_CLAUSE = 3  # words before a cue in parentheses


class ReportedSpeech:
    """Finds the reported statements of one article, sentence by sentence."""

    def __init__(self, discourse: Discourse, speakers: Speakers) -> None:
        self.d, self.w, self.speakers = discourse, discourse.words, speakers

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
            if statement is not None and not self._is_quoted(statement):
                found.append(statement)
        reported = min((s.start for s in found if s.cue and not s.cue.names_source), default=stop)
        found.extend(s for s in self._around(cues, first, stop, reported) if not self._is_quoted(s))
        if not found:
            found.extend(s for s in self._without_cue(first, stop) if not self._is_quoted(s))
        return found

    def _opens_clause(self, cue: Cue) -> bool:
        """Whether a conjunction right behind shows that what the tagger takes for no verb is one: "precisa che"."""
        w, i = self.w, cue.end
        while i < len(w) and w.pos[i] == "ADV":
            i += 1
        return i < len(w) and w.lower[i] in self._list("openers.that") and w.pos[i] != "PRON"

    # --- behind a cue

    def _with_cue(self, cue: Cue, first: int, stop: int) -> Statement | None:
        if cue.names_source or self._is_parenthetical(cue, first, stop):
            return None
        content = self._predicate(cue, stop) or self._clause(cue, stop) or self._infinitive(cue, stop) or self._noun_phrase(cue, stop)
        if content is None:
            return None
        start, end, rule = content
        speaker = self.speakers.of(cue)
        if speaker is None and cue.form != "passive":
            return None
        inanimate = rule == "noun phrase" or (rule == "infinitive" and cue.stance in ("promising", "hoping", "directing"))
        if speaker is not None and inanimate and not self._may_say(speaker):
            return None
        if cue.is_negated and cue.stance != "denying":
            return None
        self.speakers.remember(speaker, self.d.sentence[cue.verb])
        return self._statement(start, end, f"{rule} behind its cue", cue, speaker)

    def _predicate(self, cue: Cue, stop: int) -> tuple[int, int, str] | None:
        """What somebody says of himself: "si è detto felice di …"."""
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
                if j + 1 < stop and self._told(cue, j) and self.d.quoted[j + 1] < 0:
                    return j + 1, self._end(j + 1, stop, cue), "clause"
                return None
            if w.lower[j] in self._list("openers.that"):
                if w.pos[j] in ("SCONJ", "") or j == cue.end or w.text[cue.end] == w.text[j - 1] == ",":
                    return j + 1, self._end(j + 1, stop, cue), "clause"
                if self._told(cue, j):
                    return j + 1, self._end(j + 1, stop, cue), "clause"
                if w.pos[j] == "PRON":
                    return None
            if w.lower[j] in self._list("openers.question") and j - cue.end <= 1 and cue.form != "passive":
                if any("VerbForm=Fin" in w.morph[k] for k in range(j + 1, stop)):
                    return j, self._end(j, stop, cue), "clause"
                return None
        return None

    def _told(self, cue: Cue, j: int) -> bool:
        """Whether only time and addressee stand between a cue and its clause: "ha assicurato ieri agli alleati che"."""
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
            if any(not c.is_weak and (not c.names_source or c.form == "relative source") for c in self.d.cues_in(j, j + 1)):
                return
            yield j
            if w.pos[j] in ("VERB", "AUX") and "VerbForm=Fin" in w.morph[j]:
                return

    def _infinitive(self, cue: Cue, stop: int) -> tuple[int, int, str] | None:
        """An infinitive with its preposition: "ha promesso di costruire", "ha invitato Washington a collaborare"."""
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
        if cue.stance in ("hoping", "promising"):
            if self._infinitive_at(cue.end, min(stop, cue.end + 1)) is not None:
                return cue.end, self._end(cue.end, stop, cue), "infinitive"
        return None

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
            return None  # "ha criticato Rossi": somebody, no statement
        return phrase.start, self._end(phrase.end, stop, cue), "noun phrase"

    def _end(self, start: int, stop: int, cue: Cue) -> int:
        """Where a statement ends: before the next cue of the main clause, an attribution in parentheses, or the stop."""
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
            if before in self._list("openers.signs") and self._is_parenthetical(other, start, stop):
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
        """Where the sign before a named source stands ("…, secondo quanto riferito da"); -1 without one."""
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

    # --- a cue in parentheses, a source named by a preposition

    def _is_parenthetical(self, cue: Cue, first: int, stop: int) -> bool:
        """Whether a cue stands behind a sign with its subject, or nothing, behind it: ", ha detto X"."""
        w = self.w
        if cue.form not in ("finite", "passive") or cue.frame in ("naming", "addressee") or cue.start <= first:
            return False
        i = cue.start - 1
        while i > first and w.lower[i] in self._list("openers.words"):
            i -= 1
        if w.text[i] not in self._list("openers.signs") or i == first:
            return False
        q = self.d.quotations[self.d.quoted[i - 1]] if self.d.quoted[i - 1] >= 0 else None
        if q is not None and q.outer_start > first and not w.text[q.outer_start - 1][0].isalnum():
            return False  # it reports the quotation only
        if cue.end < stop and w.lower[cue.end] in self._list("openers.clause"):
            return False
        if w.text[i] == "," and cue.form == "passive":
            return False
        if cue.end >= stop - 1:
            return True
        speaker = self.speakers.of(cue, follows=True)
        if speaker is None or speaker.at < cue.end:
            return w.text[cue.end] in self._list("openers.signs")
        behind = max(speaker.until, cue.end)
        closes = behind >= stop or not w.text[behind][0].isalnum() or i - first >= MIN_CLAUSE
        return closes and not (behind < stop and w.lower[behind] in self._list("openers.that"))

    def _around(self, cues: list[Cue], first: int, stop: int, reported: int) -> list[Statement]:
        """The sentence around a cue in parentheses, or around a source named by a preposition; nothing behind `reported`."""
        w = self.w
        for cue in cues:
            if cue.start < reported and self._is_parenthetical(cue, first, stop):
                speaker = self.speakers.of(cue, follows=True)
                end = self._around_end(cue, speaker, stop) if speaker else first
                if speaker is None or not self._has_verb(first, end, outside=range(cue.start, cue.end)):
                    continue
                self.speakers.remember(speaker, self.d.sentence[cue.verb])
                return [self._statement(first, end, "clause before a cue in parentheses", cue, speaker)]
        for cue in cues:
            if not cue.names_source or reported < stop:
                continue
            speaker = self.speakers.of(cue)
            if speaker is None or not self._is_source(speaker):
                continue
            phrase = self.w.phrase(cue.end) if cue.form == "preposition" else None
            end = max(phrase.end if phrase else cue.end, speaker.until)
            colon = next((i for i in range(end, stop - 1) if w.text[i] == ":" and self.d.quoted[i + 1] >= 0), stop)
            span = (end, colon) if cue.start - first <= MIN_CLAUSE else (first, cue.start)
            if self._has_verb(*span) or cue.start - first > MIN_CLAUSE:
                self.speakers.remember(speaker, self.d.sentence[cue.verb])
                return [self._statement(*span, "clause of a source named by a preposition", cue, speaker)]
        return []

    def _around_end(self, cue: Cue, speaker: Speaker, stop: int) -> int:
        """Where the statement around a cue ends: before it, or behind when the sentence goes on with a verb."""
        behind = max(cue.end, speaker.until)
        if behind < stop and self.w.text[behind] == "(":
            behind = next((i + 1 for i in range(behind, stop) if self.w.text[i] == ")"), behind)
        goes_on = self._has_verb(behind, stop) and behind < stop and self.w.text[behind] in self._list("openers.signs")
        relative = goes_on and behind + 1 < stop and self.w.lower[behind + 1] in self._list("openers.relative")
        return stop if goes_on and not relative else cue.start - 1

    def _is_source(self, speaker: Speaker) -> bool:
        people = (self.speakers.subjects.is_human(i) for i in range(speaker.start, speaker.end))
        texts = (self.speakers.subjects.is_document(i) for i in range(speaker.start, speaker.end))
        nouns = self._list("source.nouns")
        return speaker.is_known or any(people) or any(texts) or self.w.lower[speaker.start] in nouns

    def _may_say(self, speaker: Speaker) -> bool:
        named = self.w.named_at.get(speaker.start)
        if named is not None:
            return named.label != "LOC" or named.is_metonym or named.kind == "name"
        return self._is_source(speaker)

    # --- hearsay, a name and a colon

    def _without_cue(self, first: int, stop: int) -> list[Statement]:
        """A name and a colon; what "is said"; a conditional of hearsay."""
        w = self.w
        phrase = w.phrase(first)
        if phrase is not None and phrase.end + MIN_CLAUSE < stop and w.text[phrase.end] == ":":
            named = w.named_at.get(phrase.head)
            if named is not None and named.can_speak and self.d.quoted[phrase.end + 1] < 0:
                speaker = self.speakers.resolve(phrase, "name before a colon")
                return [self._statement(phrase.end + 1, stop, "clause behind a name and a colon", None, speaker)]
        for phrase_words in self._list("statement.hearsay"):
            parts = phrase_words.split()
            for i in range(first, stop - len(parts)):
                if w.lower[i : i + len(parts)] == parts and self.d.quoted[i] < 0:
                    span = (i + len(parts), stop)
                    return [self._statement(*span, "hearsay", None, None, stance="distancing")]
        return self._conditional(first, stop)

    def _conditional(self, first: int, stop: int) -> list[Statement]:
        w = self.w
        if any(w.lower[i] in self._list("statement.hypothesis") for i in range(first, stop)):
            return []
        for i in range(first, stop - 1):
            if "Mood=Cnd" not in w.morph[i] or w.pos[i] != "AUX" or self.d.quoted[i] >= 0:
                continue
            participle = any("VerbForm=Part" in w.morph[k] for k in range(i + 1, min(i + 4, stop)))
            if participle and w.lower[i] in self._auxiliaries():
                return [self._statement(first, stop, "conditional of hearsay", None, None, stance="distancing")]
        return []

    def _auxiliaries(self) -> frozenset[str]:
        return passive_forms(self.d.language) | perfect_forms(self.d.language)

    # --- spans

    def _has_verb(self, start: int, stop: int, *, outside: range = range(0)) -> bool:
        return any("VerbForm=Fin" in self.w.morph[i] and i not in outside for i in range(start, stop))

    def _statement(
        self, start: int, end: int, reason: str, cue: Cue | None, speaker: Speaker | None, *, stance: str = ""
    ) -> Statement:
        w = self.w
        while start < end and not w.text[start][0].isalnum() and self.d.quoted[start] < 0:
            start += 1
        while end > start + 1 and not w.text[end - 1][-1].isalnum() and self.d.quoted[end - 1] < 0:
            end -= 1
        return Statement(start, end, "indirect", reason, cue, speaker, cue.stance if cue else stance)

    def _is_quoted(self, s: Statement) -> bool:
        """Whether a statement is empty or hardly more than a quotation: its verb stands within the marks."""
        letters = [i for i in range(s.start, s.end) if self.w.text[i][0].isalnum()]
        outside = [i for i in letters if self.d.quoted[i] < 0]
        if len(outside) == len(letters):
            return not letters
        verbs = ("VerbForm=Fin", "VerbForm=Inf")
        return not any(verb in self.w.morph[i] for i in outside for verb in verbs)

    def _list(self, key: str) -> frozenset[str]:
        return self.speakers.words_of(key)
