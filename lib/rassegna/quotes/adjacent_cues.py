"""With which cue right behind it, or with which colon before it, a quotation is told."""

from dataclasses import replace

from rassegna.quotes.discourse import Cue, Discourse, Quotation
from rassegna.quotes.governing_cues import GoverningCues, Link
from rassegna.quotes.marked_words import WINDOW, MarkedWords
from rassegna.quotes.phrases import articulated
from rassegna.quotes.speakers import Speaker, Speakers

REACH = 12  # words behind a colon in which the speaker is named
GAP = 5  # words between a quotation and the cue behind it


class AdjacentCues:
    """Finds cues and speakers that stand right beside a quotation."""

    def __init__(
        self, discourse: Discourse, speakers: Speakers, marked_words: MarkedWords, governing: GoverningCues
    ) -> None:
        self.d, self.w, self.speakers = discourse, discourse.words, speakers
        self.marked_words, self.governing = marked_words, governing

    def behind(self, q: Quotation, sentence: tuple[int, int]) -> Link | None:
        """A cue right behind the quotation: "…", said X; "…", thus X; "…", according to X."""
        d, w = self.d, self.w
        if q.outer_start and w.pos[q.outer_start - 1] == "ADP" and not self.marked_words.is_sentence(q):
            return None  # "interviewed by the «Times», he said": part of the clause
        stop = min(sentence[1], q.outer_end + GAP + 2)
        i = q.outer_end
        sign = i < stop and w.text[i] in self._list("openers.signs")
        i += sign
        skipped = i
        while skipped < stop and skipped - i < GAP:
            cue = next((c for c in d.cues_in(skipped, skipped + 1)), None)
            if cue is not None and cue.names_source and self.governing.is_governed(q, sentence):
                return None
            if cue is not None and self._may_follow(cue, q, sign):
                return Link.to(cue, self.speakers, "cue behind the quotation", follows=True, is_close=True)
            verbless = self._verbless(skipped)
            if verbless is not None:
                return verbless
            if w.text[skipped] == ":" or w.lower[skipped] in self._list("openers.copula"):
                presented = self._presented(skipped, stop)
                if presented is not None:
                    return presented
            if w.pos[skipped] in ("ADV", "PRON", "AUX") or w.lower[skipped] in self._list("openers.words"):
                skipped += 1
            else:
                break
        rest = range(q.outer_end, sentence[1])
        i = sentence[1]
        if not any(w.text[k][0].isalnum() for k in rest) and i < len(w) and w.block[i] == w.block[i - 1]:
            return self._said_so(q, i)
        return None

    def _presented(self, i: int, stop: int) -> Link | None:
        """A noun behind says whose the quotation is ("…" is the complaint of X), or a sentence behind a colon does."""
        w, colon = self.w, self.w.text[i] == ":"
        stop = self.d.sentences[self.d.sentence[i]][1]
        for j in range(i + 1, min(stop, i + 2 * WINDOW + colon * REACH)):
            if self.d.quoted[j] >= 0:
                return None
            phrase = w.phrase(j)
            if phrase is None or (w.pos[j - 1] != "ADP" and not colon):
                continue
            named = self.speakers.subjects.name(phrase)
            if (named is not None and named.can_speak) or self.speakers.subjects.is_human(phrase.head):
                speaker = self.speakers.resolve(phrase, "named behind the quotation")
                return Link(None, speaker, "speaker named behind the quotation", is_close=True)
        return None

    def _may_follow(self, cue: Cue, q: Quotation, sign: bool) -> bool:
        w = self.w
        if cue.names_source or cue.form == "impersonal":
            return True
        refers = cue.start > q.outer_end and w.lower[cue.start - 1] in self._list("openers.object")
        if cue.form not in ("finite", "passive") or (cue.frame == "naming" and not refers):
            return False
        if cue.form == "passive" and not sign:
            return False
        between = w.lower[q.outer_end : cue.start]
        if any(
            word in self._list("openers.coordination") or word in self._list("openers.relative") for word in between
        ):
            return False
        following = w.lower[cue.end] if cue.end < len(w) else ""
        opens_clause = following in self._list("openers.clause") or w.text[cue.end : cue.end + 1] == [":"]
        return sign or not opens_clause

    def _said_so(self, q: Quotation, i: int) -> Link | None:
        """A cue in the next sentence that refers back: "…". So said X; "…". X repeats it."""
        w, stop = self.w, self.d.sentences[self.d.sentence[i]][1]
        for cue in self.d.cues_in(i + 1, min(stop, i + REACH)):
            if cue.form != "finite" or any(self.d.quoted[k] >= 0 for k in range(i, cue.start)):
                continue
            if cue.start - i <= WINDOW and w.lower[i] in self._list("openers.back"):
                return Link.to(cue, self.speakers, "cue in the next sentence", follows=True, is_close=True)
            if w.lower[cue.start - 1] in self._list("openers.back_object") and w.text[q.outer_start - 1] != ":":
                return Link.to(cue, self.speakers, "cue in the next sentence", is_close=True)
        return None

    def _verbless(self, i: int) -> Link | None:
        """An attribution without a verb: "…", thus the minister."""
        w = self.w
        for cue in sorted(self._list("openers.verbless")):
            parts = cue.split()
            end = i + len(parts)
            last = articulated(self.d.language, parts[-1])
            if w.lower[i : end - 1] != parts[:-1] or end > len(w) or w.lower[end - 1] not in last:
                continue
            phrase = w.phrase(end)
            if phrase is None or w.is_time(phrase.head):
                continue
            speaker = self.speakers.resolve(phrase, "source behind a phrase without a verb")
            if speaker is not None:
                said = Cue(i, i, end, cue, "neutral", "content", "preposition")
                return Link(said, speaker, "phrase without a verb behind the quotation", is_close=True)
        return None

    def colon(self, q: Quotation, sentence: tuple[int, int]) -> Link | None:
        """A colon before the quotation: with a cue before it, or a name."""
        w, i = self.w, q.outer_start - 1
        if i < 0 or w.text[i] != ":" or w.block[q.outer_start] - w.block[i] > 1:
            return None
        sentence = self.d.sentences[self.d.sentence[i]]
        if self.marked_words.indicator(list(range(max(sentence[0], i - WINDOW), i)), "other") is not None:
            return None
        cues = [c for c in self.d.cues_in(sentence[0], i) if c.form != "infinitive" and self.governing.is_strong(c, i)]
        for cue in reversed(cues):
            if not cue.names_source:
                return Link.to(cue, self.speakers, "cue and colon before the quotation", is_close=True)
        named = [n for n in w.named if sentence[0] <= n.start and n.end <= i and n.can_speak]
        named = [n for n in named if self._is_free(n.start)]
        people = [n for n in named if n.label == "PER"] or named
        people = [n for n in people if not self._is_owner(n.start)] or people
        if people:
            speaker = Speaker(people[-1].entity, people[-1].start, people[-1].end, "name before a colon", is_known=True)
            return Link(None, speaker, "colon behind a name", is_close=True)
        for j in range(sentence[0], i):
            phrase = w.phrase(j)
            speaks = phrase is not None and self.speakers.subjects.is_human(phrase.head) and self._is_free(j)
            if phrase is not None and speaks and phrase.end <= i:
                return Link(None, self.speakers.resolve(phrase, "name before a colon"), "colon behind a name", True)
        number = self.d.sentence[i]
        last = self.speakers.topic(number) or self.speakers.about(number) or self.speakers.last
        inferred = replace(last, is_inferred=True) if last else None
        return Link(None, inferred, "colon, goes on with the last speaker", is_close=True)

    def _is_free(self, i: int) -> bool:
        """Whether no preposition but that of possession governs the phrase at a token."""
        w = self.w
        while i > 0 and w.block[i - 1] == w.block[i]:
            if w.lower[i - 1] not in articulated(self.d.language, "di"):
                if w.pos[i - 1] == "ADP":
                    return False
                if w.pos[i - 1] not in ("DET", "ADJ", "NOUN", "PROPN"):
                    return True
            i -= 1
        return True

    def _is_owner(self, i: int) -> bool:
        """Whether a phrase only says whose another is: "lawyer of Rossi"."""
        while i > 0 and self.w.pos[i - 1] in ("DET", "ADJ"):
            i -= 1
        return i > 0 and self.w.lower[i - 1] in articulated(self.d.language, "di")

    def _list(self, key: str) -> frozenset[str]:
        return self.speakers.words_of(key)
