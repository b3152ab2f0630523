"""Tell quotations from other words in quotation marks, and say who speaks, with which cue."""

from dataclasses import dataclass

from rassegna.quotes.adjacent_cues import AdjacentCues
from rassegna.quotes.discourse import Cue, Quotation
from rassegna.quotes.governing_cues import GoverningCues, Link
from rassegna.quotes.marked_words import MarkedWords, Unspoken
from rassegna.quotes.speakers import Speaker, Speakers

HEADINGS = ("title", "subtitle", "heading")
FRAGMENT_WORDS = 3  # a fragment of so many words goes on with what was reported before it


@dataclass(frozen=True)
class Statement:
    """A quotation or reported statement, from token `start` up to `end`, with its cue and speaker."""

    start: int
    end: int
    kind: str
    reason: str
    cue: Cue | None = None
    speaker: Speaker | None = None
    stance: str = ""
    quotation: Quotation | None = None


class Attribution:
    """Attributes the quotations of one article, sentence by sentence."""

    def __init__(self, speakers: Speakers) -> None:
        self.d, self.w, self.speakers = speakers.d, speakers.w, speakers
        self.marked_words = MarkedWords(speakers.d)
        self.governing = GoverningCues(speakers)
        self.adjacent = AdjacentCues(speakers, self.marked_words, self.governing)
        self.previous: Statement | None = None

    def quotation(self, q: Quotation) -> Statement | Unspoken:
        """Decide what a marked string is, and whose."""
        close = self.adjacent.find(q)
        other = self.marked_words.unspoken(q, is_close=close is not None)
        if other is not None:
            return other
        link = close or self.governing.find(q) or self._context(q)
        if link is None and not self.marked_words.is_sentence(q):
            return Unspoken(q, "scare", "marked words without a cue")
        link = link or Link(None, None, "a sentence in quotation marks, no speaker found")
        kind = "direct" if self._is_whole(q, link) else "mixed"
        stance = link.cue.stance if link.cue else ""
        self.previous = Statement(q.start, q.end, kind, link.reason, link.cue, link.speaker, stance, q)
        self.governing.previous = (q, link)
        self.speakers.remember(link.speaker, self.d.sentence[q.outer_start])
        return self.previous

    def _context(self, q: Quotation) -> Link | None:
        """No cue: the quotation goes on with the one before it, or with what was reported just before."""
        d, w, previous, last = self.d, self.w, self.previous, self.speakers.last
        number = d.sentence[q.outer_start]
        first, stop = d.sentences[number]
        alone = q.outer_start - first <= 1 and stop - q.outer_end <= 1
        has_verb, is_sentence = self.marked_words.has_verb(q), self.marked_words.is_sentence(q)
        goes_on = is_sentence or has_verb
        about = self.speakers.about(number) if alone else None
        before = d.sentence[previous.end - 1] if previous is not None else -1
        if about is not None and goes_on and d.sentence[about.start] > before:
            return Link(None, about.inferred(), "goes on about the person named before")
        if previous is not None and (alone or is_sentence) and self.speakers.last_sentence <= before:
            near, between = w.block[q.start] - w.block[previous.end - 1], number - before
            if (near == 0 and between <= 2) or (near == 1 and alone):
                cue = previous.cue if near == 0 and between <= 1 else None
                speaker = previous.speaker.inferred() if previous.speaker else None
                return Link(cue, speaker, "goes on with the quotation before")
        is_clause = has_verb and q.end - q.start > 1 and not alone
        if is_clause:
            topic = self.speakers.topic(number)
            topic = topic if topic is not None and topic.end <= q.outer_start else self.speakers.about(number)
            if topic is not None:
                return Link(None, topic.inferred(), "a clause in quotation marks")
        if alone and self._is_heading(q):
            return None
        near_last = last is not None and 0 <= w.block[q.start] - w.block[last.start] <= goes_on
        if last is not None and near_last and (goes_on or q.end - q.start >= FRAGMENT_WORDS):
            return Link(None, last.inferred(), "goes on with what was reported before")
        return Link(None, None, "a clause in quotation marks") if is_clause else None

    def _is_heading(self, q: Quotation) -> bool:
        """Whether a quotation stands in a title or heading: what was said before does not tell who speaks."""
        table = self.w.doc._.blocks
        return bool(table) and table[self.w.block[q.start]][1] in HEADINGS

    def echoes(self, found: list[Statement | Unspoken]) -> list[Statement | Unspoken]:
        """Give headings in quotation marks the speaker of the quotation in the text that they are taken from."""
        spoken = [s for s in found if isinstance(s, Statement) and s.quotation and s.speaker and s.cue]
        return [self._echo(item, spoken) for item in found]

    def _echo(self, item: Statement | Unspoken, spoken: list[Statement]) -> Statement | Unspoken:
        q = item.quotation
        if q is None or (isinstance(item, Statement) and item.speaker) or not self._is_heading(q):
            return item
        words = self._plain(q.start, q.end)
        for s in spoken:
            text = self._plain(s.start, s.end)
            taken = any(text[k : k + len(words)] == words for k in range(len(text)))
            if taken and s.quotation is not q and s.speaker is not None:
                why = "heading taken from a quotation"
                return Statement(q.start, q.end, "direct", why, speaker=s.speaker.inferred(), quotation=q)
        return item

    def _plain(self, start: int, end: int) -> list[str]:
        """The words of a range of tokens, without signs."""
        return [self.w.lower[i] for i in range(start, end) if self.w.is_word(i)]

    def _is_whole(self, q: Quotation, link: Link) -> bool:
        """Whether the quotation is an utterance of its own rather than part of the reporting sentence."""
        if link.cue is None or link.cue.start > q.start:
            return link.is_close or self.marked_words.is_sentence(q)
        first, stop = self.d.span(q.outer_start)
        stands_alone = q.outer_start == first and not any(self.w.is_word(i) for i in range(q.outer_end, stop))
        return stands_alone or q.outer_start == 0 or self.w.text[q.outer_start - 1] == ":"
