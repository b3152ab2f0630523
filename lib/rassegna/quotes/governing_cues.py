"""With which cue before it, or elsewhere in its sentence, a quotation is told."""

from dataclasses import dataclass

from rassegna.quotes.discourse import Cue, Discourse, Quotation
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

    def __init__(self, discourse: Discourse, speakers: Speakers) -> None:
        self.d, self.w, self.speakers = discourse, discourse.words, speakers
        self.previous: tuple[Quotation, Link] | None = None

    def before(self, q: Quotation, sentence: tuple[int, int]) -> Link | None:
        """The cue before the quotation in its sentence, or the source named there."""
        cues = [c for c in self.d.cues_in(sentence[0], q.outer_start) if c.end <= q.outer_start]
        cues = [c for c in cues if self.is_strong(c, q.outer_start)]
        later = [c for c in self.d.cues_in(q.outer_end, sentence[1]) if self._is_parenthetical(c)]
        governing = [c for c in cues if not c.names_source or c.form == "relative source"]
        shared = self._shared(q, sentence) or self._opinion(q, sentence)
        if shared is not None:
            return shared
        for cue in reversed(governing):
            if self._is_nested(cue, governing):
                continue
            link = Link.to(cue, self.speakers, "cue before the quotation")
            if self._governs(cue, link.speaker, q):
                return link
        for cue in later:
            return Link.to(cue, self.speakers, "cue in parentheses behind", follows=True)
        sources = [c for c in self.d.cues_in(*sentence) if c.names_source]
        if sources:
            return Link.to(
                min(sources, key=lambda c: abs(c.start - q.start)),
                self.speakers,
                "source named in the sentence",
            )
        for cue in reversed(governing):
            if cue.frame == "naming" or cue.end == q.outer_start:
                return Link.to(cue, self.speakers, "cue before the quotation")
        return None

    def _opinion(self, q: Quotation, sentence: tuple[int, int]) -> Link | None:
        """Whose opinion it is: for X it is "…"; "…", for X."""
        w = self.w
        for i in range(max(sentence[0], q.outer_start - REACH), min(sentence[1] - 1, q.outer_end + 2)):
            phrase = w.phrase(i + 1) if w.lower[i] in self._list("openers.opinion") else None
            if phrase is None or self.d.quoted[i] >= 0 or not self.speakers.subjects.speaks(phrase):
                continue
            edge = i == sentence[0] or not w.text[i - 1][0].isalnum() or w.lower[i - 1] in self._list("openers.apart")
            between = range(phrase.end, q.outer_start)
            near = len(between) <= 2 * WINDOW and not any(w.text[k] in ":;" for k in between)
            near = near and not self.d.cues_in(phrase.end, q.outer_start)
            comma = i > 0 and w.text[i - 1] in self._list("openers.signs")
            behind = comma and i >= q.outer_end and (phrase.end >= sentence[1] or not w.text[phrase.end][0].isalnum())
            if edge and (behind or (near and phrase.end <= q.outer_start)):
                cue = Cue(i, i, i + 1, w.lower[i], "believing", "content", "preposition")
                return Link(cue, self.speakers.resolve(phrase, "whose opinion it is"), "opinion of somebody named")
        return None

    def _shared(self, q: Quotation, sentence: tuple[int, int]) -> Link | None:
        """A speaker without a verb who shares the cue before: X speaks of "…", Y of "…"."""
        d, w = self.d, self.w
        if self.previous is None or self.previous[1].cue is None:
            return None
        i, link, cue = self.previous[0].outer_end, self.previous[1], self.previous[1].cue
        if not sentence[0] <= i < q.outer_start:
            return None
        if cue.start >= i:
            later = d.cues_in(cue.end, q.outer_start)
            interrupts = not later and not any(w.text[k] in ":;" for k in range(cue.end, q.outer_start))
            return Link(cue, link.speaker, "goes on behind its cue") if interrupts else None
        while i < q.outer_start and (w.text[i] in ",;" or w.pos[i] in ("CCONJ", "ADV", "SCONJ")):
            i += 1
        phrase = w.phrase(i) if i < q.outer_start else None
        if phrase is None or q.outer_start - phrase.end > 2 or d.cues_in(i, q.outer_start):
            return None
        named = self.speakers.subjects.name(phrase)
        if (named is None or not named.can_speak) and not self.speakers.subjects.is_human(phrase.head):
            return None
        return Link(cue, self.speakers.resolve(phrase, "shares the cue before"), "shares the cue before")

    def _is_nested(self, cue: Cue, cues: list[Cue]) -> bool:
        """Whether a cue stands in the clause that an earlier one reports, and opens no clause or name of its own."""
        w = self.w
        if cue.frame == "naming" and cue.form != "passive" and cue.lemma in self._list("statement.naming"):
            return False
        follows = w.lower[cue.end : cue.end + 1]
        if follows and (follows[0] in self._list("openers.that") or follows[0] == ":"):
            return False
        outer = [c for c in cues if c.start < cue.start and c.frame == "content" and c.form in ("finite", "gerund")]
        for other in outer:
            between = w.lower[other.end : cue.start]
            opened = any(word in self._list("openers.that") for word in between[:WINDOW])
            joined = w.lower[cue.start - 1] in self._list("openers.coordination") or cue.form == "gerund"
            if opened and not joined and ";" not in between:
                return True
        return False

    def _is_parenthetical(self, cue: Cue) -> bool:
        """Whether a cue stands behind a sign, with its subject behind it: ", says KCNA"."""
        w = self.w
        if cue.form != "finite" or cue.frame == "naming" or cue.start == 0:
            return False
        if w.text[cue.start - 1] not in self._list("openers.signs"):
            return False
        speaker = self.speakers.of(cue, follows=True)
        near = speaker is not None and speaker.at - cue.end <= 1 and speaker.is_known
        return speaker is not None and speaker.at >= cue.end and (near or not cue.is_weak)

    def is_governed(self, q: Quotation, sentence: tuple[int, int]) -> bool:
        """Whether a verb before the quotation reports it."""
        cues = [c for c in self.d.cues_in(sentence[0], q.outer_start) if not c.names_source and not c.is_weak]
        return any(self._governs(c, self.speakers.of(c), q) for c in cues)

    def _governs(self, cue: Cue, speaker: Speaker | None, q: Quotation) -> bool:
        """Whether a cue before a quotation reports it: its subject can speak, and no rule verb of another clause."""
        w = self.w
        if cue.form == "impersonal":
            return speaker is not None
        if cue.form == "finite" and cue.start and w.text[cue.start - 1] in self._list("openers.signs"):
            inverted = self.speakers.of(cue, follows=True)
            if inverted is not None and inverted.at == cue.end and q.outer_start - inverted.until <= 1:
                return True
        if cue.lemma in self._list("statement.never"):
            following = w.lower[cue.end : cue.end + 1]
            opens = cue.end == q.outer_start or bool(following and following[0] in self._list("openers.infinitive"))
            return speaker is not None and (self._is_document(speaker) or (opens and self._is_source(speaker)))
        if speaker is None:
            following = w.lower[cue.end : cue.end + 1]
            opens = bool(following) and (following[0] in self._list("openers.that") or following[0] == ":")
            return cue.form == "passive" and (
                opens or cue.frame == "naming" or cue.lemma in self._list("statement.judging")
            )
        return self._is_source(speaker) or self._is_document(speaker)

    def _is_source(self, speaker: Speaker) -> bool:
        return (
            speaker.is_known
            or speaker.is_inferred
            or any(self.speakers.subjects.is_human(i) for i in range(speaker.start, speaker.end))
        )

    def _is_document(self, speaker: Speaker) -> bool:
        return any(
            self.speakers.subjects.is_document(i) for i in range(speaker.start, min(speaker.start + 2, speaker.end))
        )

    def later(self, q: Quotation, sentence: tuple[int, int]) -> Link | None:
        """The next sentence says who spoke, or the sentence goes on to say it."""
        for cue in self.d.cues_in(q.outer_end, sentence[1]):
            if cue.frame == "content" and cue.form == "finite" and not cue.is_weak and q.outer_start == sentence[0]:
                return Link.to(cue, self.speakers, "cue further on in the sentence")
        return None

    def is_strong(self, cue: Cue, edge: int) -> bool:
        """Whether the tagger takes a cue for a verb, or it ends right at the quotation."""
        return not cue.is_weak or cue.end == edge

    def _list(self, key: str) -> frozenset[str]:
        return self.speakers.words_of(key)
