"""With which cue right behind it, or with which colon before it, a quotation is told."""

from rassegna.quotes.discourse import Cue, Quotation
from rassegna.quotes.governing_cues import GoverningCues, Link
from rassegna.quotes.marked_words import WINDOW, MarkedWords
from rassegna.quotes.phrases import articulated, phrases_listed
from rassegna.quotes.speakers import Speaker, Speakers

REACH = 12  # words behind a colon in which the speaker is named
GAP = 5  # words between a quotation and the cue behind it


class AdjacentCues:
    """Finds cues and speakers that stand right beside a quotation."""

    def __init__(self, speakers: Speakers, marked_words: MarkedWords, governing: GoverningCues) -> None:
        self.d, self.w, self.speakers = speakers.d, speakers.w, speakers
        self.marked_words, self.governing = marked_words, governing

    def find(self, q: Quotation) -> Link | None:
        """A cue right behind the quotation, or a colon before it."""
        return self._behind(q) or self._colon(q)

    def _behind(self, q: Quotation) -> Link | None:
        """A cue right behind the quotation: "…", said X; "…", thus X; "…", according to X."""
        d, w, end = self.d, self.w, self.d.span(q.outer_start)[1]
        if q.outer_start and w.pos[q.outer_start - 1] == "ADP" and not self.marked_words.is_sentence(q):
            return None  # "interviewed by the «Times», he said": part of the clause
        has_sign = q.outer_end < end and w.has(q.outer_end, "openers.signs")
        first = q.outer_end + has_sign
        for i in range(first, min(end, first + GAP)):
            cue = next(iter(d.cues_in(i, i + 1)), None)
            if cue is not None and cue.names_source and self.governing.is_governed(q):
                return None
            if cue is not None and self._may_follow(cue, q, has_sign=has_sign):
                return Link.to(cue, self.speakers, "cue behind the quotation", follows=True, is_close=True)
            link = self._verbless(i)
            if link is None and (w.text[i] == ":" or w.has(i, "openers.copula")):
                link = self._presented(i)
            if link is None and has_sign:
                link = self._narrated(i)
            if link is not None:
                return link
            if w.pos[i] not in ("ADV", "PRON", "AUX") and not w.has(i, "openers.words"):
                break
        is_last = not any(w.is_word(k) for k in range(q.outer_end, end))
        return self._said_so(q, end) if is_last and end < len(w) and w.block[end] == w.block[end - 1] else None

    def _narrated(self, i: int) -> Link | None:
        """A verb that is no verb of saying, with a person behind it: "…", sighs X; "…", shrugs the mayor X."""
        w, stop = self.w, min(self.d.span(i)[1], i + 1 + REACH)
        is_verb = w.pos[i] == "VERB" or (w.pos[i] == "NOUN" and not w.is_human(i) and i + 1 in w.named_at)
        j = i + 1
        while is_verb and w.text[i].islower() and j < stop and self.d.quoted[j] < 0:
            phrase = w.phrase(j)
            named = w.name(phrase) if phrase is not None else None
            if phrase is not None and named is not None and named.label == "PER" and w.agrees(phrase.head, i):
                speaker = self.speakers.resolve(phrase, "person behind a verb")
                return Link(None, speaker, "speaker behind a verb behind the quotation", is_close=True)
            if phrase is None and w.pos[j] not in ("ADP", "ADV"):
                break
            j = phrase.end if phrase is not None else j + 1
        return None

    def _presented(self, i: int) -> Link | None:
        """A noun behind says whose the quotation is ("…" is the complaint of X), or a sentence behind a colon does."""
        w, colon = self.w, self.w.text[i] == ":"
        for j in range(i + 1, min(self.d.span(i)[1], i + 2 * WINDOW + colon * REACH)):
            if self.d.quoted[j] >= 0:
                return None
            phrase = w.phrase(j) if colon or w.pos[j - 1] == "ADP" else None
            if phrase is not None and w.names_somebody(phrase):
                speaker = self.speakers.resolve(phrase, "named behind the quotation")
                return Link(None, speaker, "speaker named behind the quotation", is_close=True)
        return None

    def _may_follow(self, cue: Cue, q: Quotation, *, has_sign: bool) -> bool:
        w = self.w
        if cue.names_source or cue.form == "impersonal":
            return True
        if cue.form not in ("finite", "passive") or (cue.form == "passive" and not has_sign):
            return False
        if cue.frame == "naming" and not w.has(cue.start - 1, "openers.object"):
            return False
        between = range(q.outer_end, cue.start)
        if any(w.has(i, "openers.coordination") or w.has(i, "openers.relative") for i in between):
            return False
        opens_clause = cue.end < len(w) and (w.has(cue.end, "openers.clause") or w.text[cue.end] == ":")
        return has_sign or not opens_clause

    def _said_so(self, q: Quotation, first: int) -> Link | None:
        """A cue in the next sentence that refers back: "…". So said X; "…". X repeats it."""
        d, w = self.d, self.w
        for cue in d.cues_in(first + 1, min(d.span(first)[1], first + REACH)):
            if cue.form != "finite" or any(number >= 0 for number in d.quoted[first : cue.start]):
                continue
            if cue.start - first <= WINDOW and w.has(first, "openers.back"):
                return Link.to(cue, self.speakers, "cue in the next sentence", follows=True, is_close=True)
            if w.has(cue.start - 1, "openers.back_object") and w.text[q.outer_start - 1] != ":":
                return Link.to(cue, self.speakers, "cue in the next sentence", is_close=True)
        return None

    def _verbless(self, i: int) -> Link | None:
        """An attribution without a verb: "…", thus the minister."""
        w = self.w
        for *first, last in phrases_listed(w.language, "openers.verbless").get(w.lower[i], ()):
            end = i + len(first) + 1
            if end > len(w) or w.lower[i : end - 1] != first or w.lower[end - 1] not in articulated(w.language, last):
                continue
            phrase = w.phrase(end)
            if phrase is None or w.is_time(phrase.head):
                continue
            speaker = self.speakers.resolve(phrase, "source behind a phrase without a verb")
            if speaker is not None:
                said = Cue.source(i, end, " ".join([*first, last]), "neutral")
                return Link(said, speaker, "phrase without a verb behind the quotation", is_close=True)
        return None

    def _colon(self, q: Quotation) -> Link | None:
        """A colon before the quotation: with a cue before it, or a name."""
        d, w, i = self.d, self.w, q.outer_start - 1
        if i < 0 or w.text[i] != ":" or w.block[q.outer_start] - w.block[i] > 1:
            return None
        first = d.span(i)[0]
        if self.marked_words.indicator(list(range(max(first, i - WINDOW), i)), "other") is not None:
            return None
        for cue in reversed(d.cues_in(first, i)):
            if not cue.names_source and cue.form != "infinitive" and (not cue.is_weak or cue.end == i):
                follows = self.governing.is_inverted(cue, i)
                return Link.to(cue, self.speakers, "cue and colon before the quotation", follows=follows, is_close=True)
        named = [n for n in w.named if first <= n.start and n.end <= i and n.can_speak and self._is_free(n.start)]
        people = [n for n in named if n.label == "PER"] or named
        people = [n for n in people if not self._is_owner(n.start)] or people
        if people:
            last = people[-1]
            speaker = Speaker(last.entity, last.start, last.end, "name before a colon", is_known=True)
            return Link(None, speaker, "colon behind a name", is_close=True)
        for j in range(first, i):
            phrase = w.phrase(j)
            if phrase is not None and phrase.end <= i and w.is_human(phrase.head) and self._is_free(j):
                return Link(None, self.speakers.resolve(phrase, "name before a colon"), "colon behind a name", True)
        number = d.sentence[i]
        told = self.speakers.topic(number) or self.speakers.about(number) or self.speakers.last
        return Link(None, told.inferred() if told else None, "colon, goes on with the last speaker", is_close=True)

    def _is_free(self, i: int) -> bool:
        """Whether no preposition but that of possession governs the phrase at a token."""
        w = self.w
        while i > 0 and w.block[i - 1] == w.block[i]:
            i -= 1
            if not w.has(i, "articulated.di") and w.pos[i] not in ("DET", "ADJ", "NOUN", "PROPN"):
                return w.pos[i] != "ADP"
        return True

    def _is_owner(self, i: int) -> bool:
        """Whether a phrase only says whose another is: "lawyer of Rossi"."""
        while i > 0 and self.w.pos[i - 1] in ("DET", "ADJ"):
            i -= 1
        return i > 0 and self.w.has(i - 1, "articulated.di")
