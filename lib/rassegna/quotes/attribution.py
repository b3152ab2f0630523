"""Tell quotations from other words in quotation marks, and say who speaks, with which cue."""

from dataclasses import dataclass, replace

from rassegna.quotes.adjacent_cues import AdjacentCues
from rassegna.quotes.discourse import Cue, Discourse, Quotation
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

    def __init__(self, discourse: Discourse, speakers: Speakers) -> None:
        self.d, self.w, self.speakers = discourse, discourse.words, speakers
        self.marked_words = MarkedWords(discourse)
        self.governing = GoverningCues(discourse, speakers)
        self.adjacent = AdjacentCues(discourse, speakers, self.marked_words, self.governing)
        self.previous: Statement | None = None

    def quotation(self, number: int) -> Statement | Unspoken:
        """Decide what a marked string is, and whose."""
        q = self.d.quotations[number]
        sentence = self.d.sentences[self.d.sentence[q.outer_start]]
        close = self.adjacent.behind(q, sentence) or self.adjacent.colon(q, sentence)
        other = self.marked_words.unspoken(q, is_close=close is not None)
        if other is not None:
            return other
        link = (
            close
            or self.governing.before(q, sentence)
            or self.governing.later(q, sentence)
            or self._context(q, sentence)
        )
        if link is None:
            if self.marked_words.is_sentence(q):
                link = Link(None, None, "a sentence in quotation marks, no speaker found")
            else:
                return Unspoken(q, "scare", "marked words without a cue")
        kind = "direct" if self._is_whole(q, link) else "mixed"
        stance = link.cue.stance if link.cue else ""
        statement = Statement(q.start, q.end, kind, link.reason, link.cue, link.speaker, stance, q)
        self.previous = statement
        self.governing.previous = (q, link)
        self.speakers.remember(link.speaker, self.d.sentence[q.outer_start])
        return statement

    def _context(self, q: Quotation, sentence: tuple[int, int]) -> Link | None:
        """No cue: the quotation goes on with the one before it, or with what was reported just before."""
        d, w, previous = self.d, self.w, self.previous
        last, number = self.speakers.last, d.sentence[q.outer_start]
        alone = q.outer_start - sentence[0] <= 1 and sentence[1] - q.outer_end <= 1
        clause = self.marked_words.is_sentence(q) or self.marked_words.has_verb(q)
        since = previous.end if previous is not None else 1
        before = d.sentence[since - 1] if previous is not None else -1
        about = self.speakers.about(number) if alone else None
        if about is not None and clause and d.sentence[about.start] > before:
            return Link(None, replace(about, is_inferred=True), "goes on about the person named before")
        if (
            previous is not None
            and (alone or self.marked_words.is_sentence(q))
            and self.speakers.last_sentence <= before
        ):
            near = w.block[q.start] - w.block[since - 1]
            between = number - before
            if (near == 0 and between <= 2) or (near == 1 and alone):
                cue = previous.cue if near == 0 and between <= 1 else None
                speaker = replace(previous.speaker, is_inferred=True) if previous.speaker else None
                return Link(cue, speaker, "goes on with the quotation before")
        if self.marked_words.has_verb(q) and q.end - q.start > 1 and not alone:
            topic = self.speakers.topic(number)
            speaker = topic if topic is not None and topic.end <= q.outer_start else self.speakers.about(number)
            if speaker is not None:
                return Link(None, replace(speaker, is_inferred=True), "a clause in quotation marks")
        if alone and self._is_heading(q):
            return None
        near = last is not None and 0 <= w.block[q.start] - w.block[last.start] <= (1 if clause else 0)
        if last is not None and near and (clause or q.end - q.start >= FRAGMENT_WORDS):
            return Link(None, replace(last, is_inferred=True), "goes on with what was reported before")
        if self.marked_words.has_verb(q) and q.end - q.start > 1 and not alone:
            return Link(None, None, "a clause in quotation marks")
        return None

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
        words = [w for w in self.w.lower[q.start : q.end] if w[0].isalnum()]
        for s in spoken:
            text = [w for w in self.w.lower[s.start : s.end] if w[0].isalnum()]
            if s.quotation is not q and any(text[k : k + len(words)] == words for k in range(len(text))):
                speaker = replace(s.speaker, is_inferred=True) if s.speaker else None
                return Statement(q.start, q.end, "direct", "heading taken from a quotation", None, speaker, "", q)
        return item

    def _is_whole(self, q: Quotation, link: Link) -> bool:
        """Whether the quotation is an utterance of its own rather than part of the reporting sentence."""
        if link.cue is None or link.cue.start > q.start:
            return link.is_close or self.marked_words.is_sentence(q)
        return self.w.text[q.outer_start - 1] == ":" if q.outer_start else True
