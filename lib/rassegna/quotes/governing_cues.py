"""With which cue before it, or elsewhere in its sentence, a quotation is told."""

from dataclasses import dataclass

from rassegna.quotes.discourse import Cue, Quotation
from rassegna.quotes.marked_words import WINDOW
from rassegna.quotes.speakers import Speaker, Speakers

REACH = 12  # words in which an opinion's holder stands before a quotation


@dataclass(frozen=True)
class Link:
    """What tells whose a quotation is."""

    cue: Cue | None
    speaker: Speaker | None
    reason: str
    is_close: bool = False  # colon, or a cue right behind: surely somebody's words

    @classmethod
    def to(cls, cue: Cue, speakers: Speakers, reason: str, *, follows: bool = False, is_close: bool = False) -> "Link":
        """A link to a cue with its speaker; `follows` where the cue stands behind the quotation."""
        return cls(cue, speakers.of(cue, follows=follows), reason, is_close)


class GoverningCues:
    """Finds the cue that governs a quotation from before, or names its source beside it."""

    def __init__(self, speakers: Speakers) -> None:
        self.d, self.w, self.speakers = speakers.d, speakers.w, speakers
        self.previous: tuple[Quotation, Link] | None = None

    def find(self, q: Quotation) -> Link | None:
        """The cue or source before the quotation in its sentence, else one further on."""
        first, stop = self.d.span(q.outer_start)
        shared = self._shared(q, first) or self._opinion(q, first, stop)
        if shared is not None:
            return shared
        cues = [c for c in self.d.cues_in(first, q.outer_start) if c.end <= q.outer_start]
        cues = [c for c in cues if not c.is_weak or c.end == q.outer_start]
        governing = [c for c in cues if not c.names_source or c.form == "relative source"]
        for cue in reversed(governing):
            if self.is_inverted(cue, q.outer_start):
                return Link.to(cue, self.speakers, "cue before the quotation", follows=True)
            if not self._is_nested(cue, governing) and self._governs(cue, self.speakers.of(cue), q):
                return Link.to(cue, self.speakers, "cue before the quotation")
        return self._beside(q, first, stop) or self._fallback(q, governing, first, stop)

    def _beside(self, q: Quotation, first: int, stop: int) -> Link | None:
        """A cue in parentheses behind, or the source that is named in the sentence."""
        later = self.d.cues_in(q.outer_end, stop)
        inserted = next((c for c in later if self._is_parenthetical(c)), None)
        if inserted is not None:
            return Link.to(inserted, self.speakers, "cue in parentheses behind", follows=True)
        sources = [c for c in self.d.cues_in(first, stop) if c.names_source]
        if sources:
            nearest = min(sources, key=lambda c: abs(c.start - q.start))
            return Link.to(nearest, self.speakers, "source named in the sentence")
        return None

    def _fallback(self, q: Quotation, governing: list[Cue], first: int, stop: int) -> Link | None:
        """A cue before that names or touches the quotation, else one further on in a sentence that it begins."""
        for cue in reversed(governing):
            if cue.frame == "naming" or cue.end == q.outer_start:
                return Link.to(cue, self.speakers, "cue before the quotation")
        for cue in self.d.cues_in(q.outer_end, stop) if q.outer_start == first else ():
            if cue.frame == "content" and cue.form == "finite" and not cue.is_weak:
                return Link.to(cue, self.speakers, "cue further on in the sentence")
        return None

    def _opinion(self, q: Quotation, first: int, stop: int) -> Link | None:
        """Whose opinion it is: for X it is "…"; "…", for X."""
        w = self.w
        for i in range(max(first, q.outer_start - REACH), min(stop - 1, q.outer_end + 2)):
            phrase = w.phrase(i + 1) if w.has(i, "openers.opinion") and self.d.quoted[i] < 0 else None
            if phrase is None or not w.speaks(phrase):
                continue
            edge = i == first or not w.is_word(i - 1) or w.has(i - 1, "openers.apart")
            between = w.text[phrase.end : q.outer_start]
            near = len(between) <= 2 * WINDOW and not any(text in ":;" for text in between)
            near = near and not self.d.cues_in(phrase.end, q.outer_start) and phrase.end <= q.outer_start
            comma = i >= q.outer_end and w.has(i - 1, "openers.signs")
            behind = comma and (phrase.end >= stop or not w.is_word(phrase.end))
            if edge and (behind or near):
                cue = Cue.source(i, i + 1, w.lower[i], "believing")
                return Link(cue, self.speakers.resolve(phrase, "whose opinion it is"), "opinion of somebody named")
        return None

    def _shared(self, q: Quotation, first: int) -> Link | None:
        """A speaker without a verb who shares the cue before: X speaks of "…", Y of "…"."""
        d, w = self.d, self.w
        if self.previous is None or self.previous[1].cue is None:
            return None
        i, link, cue = self.previous[0].outer_end, self.previous[1], self.previous[1].cue
        if not first <= i < q.outer_start:
            return None
        if cue.start >= i:
            parted = d.cues_in(cue.end, q.outer_start) or any(text in ":;" for text in w.text[cue.end : q.outer_start])
            return None if parted else Link(cue, link.speaker, "goes on behind its cue")
        while i < q.outer_start and (w.text[i] in ",;" or w.pos[i] in ("CCONJ", "ADV", "SCONJ")):
            i += 1
        phrase = w.phrase(i) if i < q.outer_start else None
        if phrase is None or q.outer_start - phrase.end > 2 or d.cues_in(i, q.outer_start):
            return None
        if not w.names_somebody(phrase):
            return None
        return Link(cue, self.speakers.resolve(phrase, "shares the cue before"), "shares the cue before")

    def _opens(self, cue: Cue, key: str) -> bool:
        """Whether a word of a list stands right behind a cue."""
        return cue.end < len(self.w) and self.w.has(cue.end, key)

    def _opens_clause(self, cue: Cue) -> bool:
        """Whether a conjunction or colon stands right behind a cue."""
        return self._opens(cue, "openers.that") or self.w.text[cue.end : cue.end + 1] == [":"]

    def _is_nested(self, cue: Cue, cues: list[Cue]) -> bool:
        """Whether a cue stands in the clause that an earlier one reports, and opens no clause or name of its own."""
        w = self.w
        if cue.frame == "naming" and cue.form != "passive" and w.lists(cue.lemma, "statement.naming"):
            return False
        if self._opens_clause(cue) or w.has(cue.start - 1, "openers.coordination") or cue.form == "gerund":
            return False
        outer = [c for c in cues if c.start < cue.start and c.frame == "content" and c.form in ("finite", "gerund")]
        for other in outer:
            window = range(other.end, min(other.end + WINDOW, cue.start))
            if any(w.has(i, "openers.that") for i in window) and ";" not in w.text[other.end : cue.start]:
                return True
        return False

    def _is_parenthetical(self, cue: Cue) -> bool:
        """Whether a cue stands behind a sign, with its subject behind it: ", says KCNA"."""
        if cue.form != "finite" or cue.frame == "naming" or not self.w.has(cue.start - 1, "openers.signs"):
            return False
        speaker = self.speakers.of(cue, follows=True)
        if speaker is None or speaker.at < cue.end:
            return False
        return not cue.is_weak or (speaker.is_known and speaker.at - cue.end <= 1)

    def is_inverted(self, cue: Cue, edge: int) -> bool:
        """Whether a cue behind a sign has its subject behind it, and that ends at a quotation: ", fa sapere X, «…»"."""
        speaker = self._between(cue, edge)
        if speaker is None or speaker.is_known or any(map(self.w.is_human, range(speaker.start, speaker.end))):
            return speaker is not None
        before = self.speakers.of(cue)
        return speaker.at == cue.end and (before is None or not before.is_known)

    def _between(self, cue: Cue, edge: int) -> Speaker | None:
        """Who stands between a cue behind a sign and a quotation."""
        is_told = cue.form == "finite" and cue.frame == "content"
        if not is_told or not cue.start or not self.w.has(cue.start - 1, "openers.signs"):
            return None
        speaker = self.speakers.of(cue, follows=True)
        return speaker if speaker and speaker.at >= cue.end and 0 <= edge - speaker.until <= 1 else None

    def is_governed(self, q: Quotation) -> bool:
        """Whether a verb before the quotation reports it."""
        cues = self.d.cues_in(self.d.span(q.outer_start)[0], q.outer_start)
        told = [c for c in cues if not c.names_source and not c.is_weak]
        return any(self._governs(c, self.speakers.of(c), q) for c in told)

    def _governs(self, cue: Cue, speaker: Speaker | None, q: Quotation) -> bool:
        """Whether a cue before a quotation reports it: its subject can speak, and no rule verb of another clause."""
        w = self.w
        if cue.form == "impersonal":
            return speaker is not None
        inverted = self._between(cue, q.outer_start)
        if inverted is not None and inverted.at == cue.end:
            return True
        if speaker is None:
            names = cue.frame == "naming" or w.lists(cue.lemma, "statement.judging")
            never = w.lists(cue.lemma, "statement.never")
            return cue.form == "passive" and not never and (names or self._opens_clause(cue))
        if any(w.is_document(i) for i in range(speaker.start, min(speaker.start + 2, speaker.end))):
            return True
        opens = cue.end == q.outer_start or self._opens(cue, "openers.infinitive")
        if w.lists(cue.lemma, "statement.never") and not opens:
            return False
        people = (w.is_human(i) for i in range(speaker.start, speaker.end))
        return speaker.is_known or speaker.is_inferred or any(people)
