"""Reported statements around a cue in parentheses, by a named source, behind a name and a colon, and hearsay."""

from rassegna.languages.verbs import forms_of
from rassegna.quotes.attribution import Statement
from rassegna.quotes.discourse import Cue
from rassegna.quotes.phrases import phrases_listed
from rassegna.quotes.speakers import Speaker, Speakers

MIN_CLAUSE = 3  # words before a cue in parentheses


class NamedSources:
    """Finds the statements of a sentence that no conjunction opens behind a cue."""

    def __init__(self, speakers: Speakers) -> None:
        self.d, self.w, self.speakers = speakers.d, speakers.w, speakers
        passive, perfect = (forms_of(self.w.language, "quotation", f"agent.{kind}") for kind in ("passive", "perfect"))
        self.auxiliaries = passive | perfect

    def around(self, cues: list[Cue], first: int, stop: int, reported: int) -> list[Statement]:
        """The sentence around a cue in parentheses before `reported`, or around a source named by a preposition."""
        w = self.w
        for cue in cues:
            if cue.start >= reported or not self.is_parenthetical(cue, first, stop):
                continue
            if (speaker := self._inserted(cue, first, stop)) is not None:
                self.speakers.remember(speaker, self.d.sentence[cue.verb])
                return [self.statement(first, speaker.at - 1, "clause before a subject and its cue", cue, speaker)]
            speaker = self.speakers.of(cue, follows=True)
            end = self._around_end(cue, speaker, stop) if speaker else first
            if w.has_finite(first, min(end, cue.start)) or w.has_finite(cue.end, end):
                self.speakers.remember(speaker, self.d.sentence[cue.verb])
                return [self.statement(first, end, "clause before a cue in parentheses", cue, speaker)]
        for cue in cues if reported == stop else ():
            speaker = self.speakers.of(cue) if cue.names_source else None
            if speaker is None or not self.is_source(speaker):
                continue
            phrase = w.phrase(cue.end) if cue.form == "preposition" else None
            end = self.speakers.subjects.behind_relative(max(phrase.end if phrase else cue.end, speaker.until), stop)
            colon = next((i for i in range(end, stop - 1) if w.text[i] == ":" and self.d.quoted[i + 1] >= 0), stop)
            is_late = cue.start - first > MIN_CLAUSE and cue.form != "relative source"
            span = (first, cue.start) if is_late else (end, colon)
            if is_late or w.has_finite(*span):
                self.speakers.remember(speaker, self.d.sentence[cue.verb])
                return [self.statement(*span, "clause of a source named by a preposition", cue, speaker)]
        return []

    def _around_end(self, cue: Cue, speaker: Speaker, stop: int) -> int:
        """Where the statement around a cue ends: before it, or behind when the sentence goes on with a verb."""
        w, behind = self.w, max(cue.end, speaker.until)
        goes_on = behind < stop and w.has(behind, "openers.signs") and w.has_finite(behind, stop)
        relative = goes_on and behind + 1 < stop and w.has(behind + 1, "openers.relative")
        return stop if goes_on and not relative else cue.start - 1

    def _inserted(self, cue: Cue, first: int, stop: int) -> Speaker | None:
        """Who stands with a cue behind a sign and closes the statement: "…, the coastguard said on Friday"."""
        w, i = self.w, cue.end
        speaker = self.speakers.of(cue) if cue.form == "finite" else None
        if speaker is None or not first + MIN_CLAUSE < speaker.at < speaker.until == cue.start:
            return None
        if not w.has(speaker.at - 1, "openers.inserted") or self.d.quoted[speaker.at - 2] >= 0:
            return None
        told = w.phrase(i) if i < stop and w.lists(cue.lemma, "statement.telling") else None
        i = told.end if told is not None else i
        while i < stop and (w.is_time(i) or w.pos[i] in ("ADV", "ADP")):
            i += 1
        return speaker if i >= stop or not w.is_word(i) else None

    def is_source(self, speaker: Speaker) -> bool:
        """Whether a speaker is a name, a person, a document or information: no plan or rule."""
        w, words = self.w, range(speaker.start, speaker.end)
        is_told = speaker.is_known or w.has(speaker.start, "source.nouns")
        return is_told or any(w.is_human(i) or w.is_document(i) for i in words)

    def without_cue(self, first: int, stop: int) -> list[Statement]:
        """A name and a colon; what "is said"; a conditional of hearsay."""
        w = self.w
        phrase = w.phrase(first)
        if phrase is not None and phrase.end + MIN_CLAUSE < stop and w.text[phrase.end] == ":":
            named = w.named_at.get(phrase.head)
            if named is not None and named.can_speak and self.d.quoted[phrase.end + 1] < 0:
                speaker = self.speakers.resolve(phrase, "name before a colon")
                return [self.statement(phrase.end + 1, stop, "clause behind a name and a colon", None, speaker)]
        hearsay = phrases_listed(w.language, "statement.hearsay")
        said = [
            (parts, i)
            for i in range(first, stop)
            for parts in hearsay.get(w.lower[i], ())
            if i + len(parts) < stop and w.lower[i : i + len(parts)] == parts and self.d.quoted[i] < 0
        ]
        if said:
            parts, i = min(said)
            return [self.statement(i + len(parts), stop, "hearsay", None, None, stance="distancing")]
        return self._conditional(first, stop)

    def _conditional(self, first: int, stop: int) -> list[Statement]:
        w = self.w
        for i in range(first, stop - 1):
            if "Mood=Cnd" not in w.morph[i] or w.pos[i] != "AUX" or self.d.quoted[i] >= 0:
                continue
            participle = any("VerbForm=Part" in morph for morph in w.morph[i + 1 : min(i + 4, stop)])
            if participle and w.lower[i] in self.auxiliaries:
                if any(w.has(k, "statement.hypothesis") for k in range(first, stop)):
                    return []
                return [self.statement(first, stop, "conditional of hearsay", None, None, stance="distancing")]
        return []

    def is_parenthetical(self, cue: Cue, first: int, stop: int) -> bool:
        """Whether a cue stands behind a sign with its subject, or nothing, behind it: ", ha detto X"."""
        d, w = self.d, self.w
        if cue.form not in ("finite", "passive") or cue.frame in ("naming", "addressee"):
            return False
        if self._inserted(cue, first, stop) is not None:
            return True
        i = cue.start - 1
        while i > first and w.has(i, "openers.words"):
            i -= 1
        if i <= first or not w.has(i, "openers.signs") or (w.text[i] == "," and cue.form == "passive"):
            return False
        q = d.quotations[d.quoted[i - 1]] if d.quoted[i - 1] >= 0 else None
        if q is not None and q.outer_start > first and not w.is_word(q.outer_start - 1):
            return False  # it reports the quotation only
        if cue.end < stop and w.has(cue.end, "openers.clause"):
            return False
        if cue.end >= stop - 1:
            return True
        speaker = self.speakers.of(cue, follows=True)
        if speaker is None or speaker.at < cue.end:
            return w.has(cue.end, "openers.signs")
        behind = max(speaker.until, cue.end)
        closes = behind >= stop or not w.is_word(behind) or i - first >= MIN_CLAUSE
        return closes and not (behind < stop and w.has(behind, "openers.that"))

    def statement(
        self, start: int, end: int, reason: str, cue: Cue | None, speaker: Speaker | None, *, stance: str = ""
    ) -> Statement:
        """An indirect statement, signs at its ends left out."""
        w = self.w
        while start < end and not w.is_word(start) and self.d.quoted[start] < 0:
            start += 1
        while end > start + 1 and not w.text[end - 1][-1].isalnum() and self.d.quoted[end - 1] < 0:
            end -= 1
        return Statement(start, end, "indirect", reason, cue, speaker, cue.stance if cue else stance)

    def is_quoted(self, s: Statement) -> bool:
        """Whether a statement is empty or hardly more than a quotation: its verb stands within the marks."""
        told = range(s.cue.start, s.cue.end) if s.cue else ()
        letters = [i for i in range(s.start, s.end) if self.w.is_word(i) and i not in told]
        outside = [i for i in letters if self.d.quoted[i] < 0]
        if len(outside) == len(letters):
            return not letters
        verbs = ("VerbForm=Fin", "VerbForm=Inf")
        return not any(verb in self.w.morph[i] for i in outside for verb in verbs)
