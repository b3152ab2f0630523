"""What stands in quotation marks and is nobody's words: titles, names, writing on walls, scare quotes."""

from dataclasses import dataclass

from rassegna.quotes.discourse import Discourse, Quotation
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
        d, w, first = self.d, self.w, self.d.span(q.outer_start)[0]
        cues = d.cues_in(first, q.outer_start)
        within = {i for c in cues if c.form == "finite" for i in range(c.start, c.end)}
        window = range(max(first, q.outer_start - WINDOW), q.outer_start)
        near = [i for i in window if d.quoted[i] < 0 and i not in within]
        last = near[-1] if near else -1
        if near and not self.is_sentence(q) and self.indicator(near[-2:], "scare") == last:
            return Unspoken(q, "scare", f"behind '{w.lower[last]}'")
        if not is_close:
            wrote = any(c.end == q.outer_start and w.lists(c.lemma, "other.works") for c in cues)
            if wrote and w.text[q.start][0].isupper() and w.text[q.end - 1][-1] not in TERMINAL:
                return Unspoken(q, "title", "behind a verb of writing")
            if near and w.has(last, "other.naming"):
                return Unspoken(q, "name", f"behind '{w.lower[last]}'")
        is_called = (
            any(c.frame == "naming" and c.form in ("finite", "gerund") for c in cues) and w.text[q.start].islower()
        )
        announced = None if is_called else self._announced(q, near, is_close=is_close)
        if announced is not None or is_close:
            return announced
        if self._is_nickname(q):
            return Unspoken(q, "name", "a nickname between the parts of a name")
        if self._is_capitalised(q) and q.outer_start > first:
            return Unspoken(q, "name", "capitals as in a name")
        return None

    def _announced(self, q: Quotation, near: list[int], *, is_close: bool) -> Unspoken | None:
        """What a noun before the mark announces: a film, an operation, a banner."""
        w, is_sentence, is_capitalised = self.w, self.is_sentence(q), self._is_capitalised(q)
        is_low = w.text[q.start][0].islower()
        if is_low and not is_capitalised and self.has_verb(q):
            return None
        for kind in ("title", "name", "other", "scare"):
            word = self.indicator(near, kind)
            if word is None or (kind == "title" and is_low) or (is_close and (is_sentence or kind == "scare")):
                continue
            between = range(word + 1, q.outer_start)
            apart = any(w.text[i] in (",", ";", ":", "–") or w.pos[i] in ("VERB", "AUX") for i in between)
            named = is_capitalised or not between or (kind != "name" and len(between) == 1)
            if named and not apart and not (is_sentence and kind in ("scare", "name")):
                return Unspoken(q, kind, f"behind '{w.lower[word]}'")
        return None

    def indicator(self, near: list[int], kind: str) -> int | None:
        """The last of some tokens that announces a title, a name or another kind of marked words."""
        w, key = self.w, f"other.{kind}"
        pairs = (i for i in reversed(near[1:]) if w.lists(" ".join(w.lower[i - 1 : i + 1]), key))
        return next((i for i in reversed(near) if w.has(i, key)), next(pairs, None))

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
        return all((i in w.named_at and w.named_at[i].label == "PER") or w.pos[i] == "PROPN" for i in (a, b))

    def is_sentence(self, q: Quotation) -> bool:
        """Whether the words make a sentence: a finite verb, or several words that end in a full stop."""
        w, finite = self.w, self.has_verb(q)
        n = sum(w.is_word(i) for i in range(q.start, q.end))
        is_capital = w.text[q.start][0].isupper()
        if q.outer_start == self.d.span(q.outer_start)[0] and n >= SENTENCE_WORDS - 1 and is_capital:
            return not all(text[0].isupper() for text in w.text[q.start : q.end] if len(text) > 3)
        stops = w.text[q.end - 1][-1] in TERMINAL
        return (n >= SENTENCE_WORDS and finite) or (n >= 2 and (stops or (finite and is_capital)))

    def has_verb(self, q: Quotation) -> bool:
        """Whether a finite verb stands within the marks."""
        return self.w.has_finite(q.start, q.end)
