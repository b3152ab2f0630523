"""Reported statements around a cue in parentheses, by a named source, behind a name and a colon, and hearsay."""

from rassegna.quotes.attribution import Statement
from rassegna.quotes.cue_forms import passive_forms, perfect_forms
from rassegna.quotes.discourse import Cue, Discourse
from rassegna.quotes.speakers import Speaker, Speakers

MIN_CLAUSE = 3  # words before a cue in parentheses


class NamedSources:
    """Finds the statements of a sentence that no conjunction opens behind a cue."""

    def __init__(self, discourse: Discourse, speakers: Speakers) -> None:
        self.d, self.w, self.speakers = discourse, discourse.words, speakers

    def around(self, cues: list[Cue], first: int, stop: int, reported: int) -> list[Statement]:
        """The sentence around a cue in parentheses before `reported`, or around a source named by a preposition."""
        w = self.w
        for cue in cues:
            if cue.start < reported and self.is_parenthetical(cue, first, stop):
                speaker = self.speakers.of(cue, follows=True)
                end = self._around_end(cue, speaker, stop) if speaker else first
                if speaker is None or not self._has_verb(first, end, outside=range(cue.start, cue.end)):
                    continue
                self.speakers.remember(speaker, self.d.sentence[cue.verb])
                return [self.statement(first, end, "clause before a cue in parentheses", cue, speaker)]
        for cue in cues:
            if not cue.names_source or reported < stop:
                continue
            speaker = self.speakers.of(cue)
            if speaker is None or not self.is_source(speaker):
                continue
            phrase = self.w.phrase(cue.end) if cue.form == "preposition" else None
            end = max(phrase.end if phrase else cue.end, speaker.until)
            colon = next((i for i in range(end, stop - 1) if w.text[i] == ":" and self.d.quoted[i + 1] >= 0), stop)
            span = (end, colon) if cue.start - first <= MIN_CLAUSE else (first, cue.start)
            if self._has_verb(*span) or cue.start - first > MIN_CLAUSE:
                self.speakers.remember(speaker, self.d.sentence[cue.verb])
                return [self.statement(*span, "clause of a source named by a preposition", cue, speaker)]
        return []

    def _around_end(self, cue: Cue, speaker: Speaker, stop: int) -> int:
        """Where the statement around a cue ends: before it, or behind when the sentence goes on with a verb."""
        behind = max(cue.end, speaker.until)
        if behind < stop and self.w.text[behind] == "(":
            behind = next((i + 1 for i in range(behind, stop) if self.w.text[i] == ")"), behind)
        goes_on = self._has_verb(behind, stop) and behind < stop and self.w.text[behind] in self._list("openers.signs")
        relative = goes_on and behind + 1 < stop and self.w.lower[behind + 1] in self._list("openers.relative")
        return stop if goes_on and not relative else cue.start - 1

    def is_source(self, speaker: Speaker) -> bool:
        """Whether a speaker is a name, a person, a document or information: no plan or rule."""
        people = (self.speakers.subjects.is_human(i) for i in range(speaker.start, speaker.end))
        texts = (self.speakers.subjects.is_document(i) for i in range(speaker.start, speaker.end))
        nouns = self._list("source.nouns")
        return speaker.is_known or any(people) or any(texts) or self.w.lower[speaker.start] in nouns

    def without_cue(self, first: int, stop: int) -> list[Statement]:
        """A name and a colon; what "is said"; a conditional of hearsay."""
        w = self.w
        phrase = w.phrase(first)
        if phrase is not None and phrase.end + MIN_CLAUSE < stop and w.text[phrase.end] == ":":
            named = w.named_at.get(phrase.head)
            if named is not None and named.can_speak and self.d.quoted[phrase.end + 1] < 0:
                speaker = self.speakers.resolve(phrase, "name before a colon")
                return [self.statement(phrase.end + 1, stop, "clause behind a name and a colon", None, speaker)]
        for phrase_words in sorted(self._list("statement.hearsay")):
            parts = phrase_words.split()
            for i in range(first, stop - len(parts)):
                if w.lower[i : i + len(parts)] == parts and self.d.quoted[i] < 0:
                    span = (i + len(parts), stop)
                    return [self.statement(*span, "hearsay", None, None, stance="distancing")]
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
                return [self.statement(first, stop, "conditional of hearsay", None, None, stance="distancing")]
        return []

    def _auxiliaries(self) -> frozenset[str]:
        return passive_forms(self.d.language) | perfect_forms(self.d.language)

    def is_parenthetical(self, cue: Cue, first: int, stop: int) -> bool:
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

    def _has_verb(self, start: int, stop: int, *, outside: range = range(0)) -> bool:
        return any("VerbForm=Fin" in self.w.morph[i] and i not in outside for i in range(start, stop))

    def statement(
        self, start: int, end: int, reason: str, cue: Cue | None, speaker: Speaker | None, *, stance: str = ""
    ) -> Statement:
        """An indirect statement, signs at its ends left out."""
        w = self.w
        while start < end and not w.text[start][0].isalnum() and self.d.quoted[start] < 0:
            start += 1
        while end > start + 1 and not w.text[end - 1][-1].isalnum() and self.d.quoted[end - 1] < 0:
            end -= 1
        return Statement(start, end, "indirect", reason, cue, speaker, cue.stance if cue else stance)

    def is_quoted(self, s: Statement) -> bool:
        """Whether a statement is empty or hardly more than a quotation: its verb stands within the marks."""
        letters = [i for i in range(s.start, s.end) if self.w.text[i][0].isalnum()]
        told = set(range(s.cue.start, s.cue.end)) if s.cue else set()
        letters = [i for i in letters if i not in told]
        outside = [i for i in letters if self.d.quoted[i] < 0]
        if len(outside) == len(letters):
            return not letters
        verbs = ("VerbForm=Fin", "VerbForm=Inf")
        return not any(verb in self.w.morph[i] for i in outside for verb in verbs)

    def _list(self, key: str) -> frozenset[str]:
        return self.speakers.words_of(key)
