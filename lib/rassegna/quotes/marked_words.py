"""What stands in quotation marks and is nobody's words: titles, names, writing on walls, scare quotes."""

from dataclasses import dataclass

from rassegna.quotes.discourse import Discourse, Quotation
from rassegna.quotes.phrases import quotation_list
from rassegna.quotes.quotation_marks import TERMINAL

WINDOW = 4  # words before a mark that may tell a title or name
LIGHT = ("ADP", "DET", "CCONJ", "SCONJ", "PRON", "ADV", "AUX")  # words that a title need not capitalise
SENTENCE_WORDS = 5  # a quotation of so many words with a verb may stand by itself


@dataclass(frozen=True)
class Unspoken:
    """What stands in quotation marks and is nobody's words: scare, title, name or other."""

    quotation: Quotation
    kind: str
    reason: str


class MarkedWords:
    """Judges marked strings of one article by their own form and the words before them."""

    def __init__(self, discourse: Discourse) -> None:
        self.d, self.w = discourse, discourse.words

    def unspoken(self, q: Quotation, *, is_close: bool) -> Unspoken | None:
        """A title, a name, writing on a wall or a word spoken of, by the words before it and its capitals."""
        w, first = self.w, self.d.sentences[self.d.sentence[q.outer_start]][0]
        window = list(range(max(first, q.outer_start - WINDOW), q.outer_start))
        within = {i for c in self.d.cues_in(first, q.outer_start) if c.form == "finite" for i in range(c.start, c.end)}
        near = [i for i in window if self.d.quoted[i] < 0 and i not in within]
        sentence_like = self.is_sentence(q)
        if near and not sentence_like and self.indicator(near[-2:], "scare") == near[-1]:
            return Unspoken(q, "scare", f"behind '{w.lower[near[-1]]}'")
        if not is_close and self._is_work(q):
            return Unspoken(q, "title", "behind a verb of writing")
        if near and w.lower[near[-1]] in self._list("other.naming") and not is_close:
            return Unspoken(q, "name", f"behind '{w.lower[near[-1]]}'")
        announced = self._announced(q, near, is_close=is_close)
        if announced is not None:
            return announced
        if not is_close and self._is_nickname(q):
            return Unspoken(q, "name", "a nickname between the parts of a name")
        if not is_close and self._is_capitalised(q) and q.outer_start > first:
            return Unspoken(q, "name", "capitals as in a name")
        return None

    def _announced(self, q: Quotation, near: list[int], *, is_close: bool) -> Unspoken | None:
        """What a noun before the mark announces: a film, an operation, a banner."""
        w, sentence_like = self.w, self.is_sentence(q)
        for kind in ("title", "name", "other", "scare"):
            word = self.indicator(near, kind)
            if kind == "title" and w.text[q.start][0].islower():
                continue
            if word is None or (is_close and (sentence_like or kind == "scare")):
                continue
            apart = any(w.text[i] in (",", ";", ":", "–") for i in range(word + 1, q.outer_start))
            verb = any(w.pos[i] in ("VERB", "AUX") and i != word for i in range(word + 1, q.outer_start))
            if not self._is_capitalised(q) and w.text[q.start][0].islower() and self.has_verb(q):
                continue
            close_by = word == q.outer_start - 1 or (kind != "name" and word == q.outer_start - 2)
            named = self._is_capitalised(q) or close_by
            if not apart and not verb and named and not (sentence_like and kind in ("scare", "name")):
                return Unspoken(q, kind, f"behind '{w.lower[word]}'")
        return None

    def _is_work(self, q: Quotation) -> bool:
        """Whether the words are the title of what somebody wrote: "he wrote «The rivers»", without a colon."""
        w, first = self.w, self.d.sentences[self.d.sentence[q.outer_start]][0]
        cues = [c for c in self.d.cues_in(first, q.outer_start) if c.end == q.outer_start]
        wrote = any(c.lemma in self._list("other.works") for c in cues)
        return wrote and w.text[q.start][0].isupper() and w.text[q.end - 1][-1] not in TERMINAL

    def indicator(self, near: list[int], kind: str) -> int | None:
        """The last of some tokens that announces a title, a name or another kind of marked words."""
        words = set(self._list(f"other.{kind}"))
        for i in reversed(near):
            two = " ".join(self.w.lower[i : i + 2])
            if self.w.lower[i] in words or two in words:
                return i
        return None

    def _is_capitalised(self, q: Quotation) -> bool:
        """Whether all words of weight are capitalised, and not only because a sentence begins."""
        w = self.w
        words = [i for i in range(q.start, q.end) if w.text[i].isalpha()]
        weighty = [i for i in words if w.pos[i] not in LIGHT and len(w.text[i]) > 1] or words
        return bool(weighty) and all(w.text[i][0].isupper() for i in weighty) and not self.is_sentence(q)

    def _is_nickname(self, q: Quotation) -> bool:
        w, a, b = self.w, q.outer_start - 1, q.outer_end
        if a < 0 or b >= len(w) or q.end - q.start > 3:
            return False
        names = [(i in w.named_at and w.named_at[i].label == "PER") or w.pos[i] == "PROPN" for i in (a, b)]
        return all(names)

    def is_sentence(self, q: Quotation) -> bool:
        """Whether the words make a sentence: a finite verb, or several words that end in a full stop."""
        w = self.w
        finite = self.has_verb(q)
        n = sum(w.text[i][0].isalnum() for i in range(q.start, q.end))
        stops = w.text[q.end - 1][-1] in ".!?…"
        first = self.d.sentences[self.d.sentence[q.outer_start]][0]
        if q.outer_start == first and n >= SENTENCE_WORDS - 1 and w.text[q.start][0].isupper():
            return not all(w.text[i][0].isupper() for i in range(q.start, q.end) if len(w.text[i]) > 3)
        return (
            (n >= SENTENCE_WORDS and finite)
            or (n >= 2 and stops)
            or (finite and n >= 2 and w.text[q.start][0].isupper())
        )

    def has_verb(self, q: Quotation) -> bool:
        """Whether a finite verb stands within the marks."""
        return any("VerbForm=Fin" in self.w.morph[i] for i in range(q.start, q.end))

    def _list(self, key: str) -> frozenset[str]:
        return quotation_list(self.d.language, key)
