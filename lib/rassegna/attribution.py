"""Tell quotations from other words in quotation marks, and say who speaks, with which cue."""

from dataclasses import dataclass, replace

from rassegna.discourse import Cue, Discourse, Quotation
from rassegna.phrases import articulated
from rassegna.quotation_marks import TERMINAL
from rassegna.speakers import Speaker, Speakers

WINDOW = 4  # words before a mark that may tell a title or name
REACH = 12  # words behind a colon in which the speaker is named
HEADINGS = ("title", "subtitle", "heading")
GAP = 5  # words between a quotation and the cue behind it
SENTENCE_WORDS = 5  # a quotation of so many words with a verb may stand by itself
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


@dataclass(frozen=True)
class Unspoken:
    """What stands in quotation marks and is nobody's words: scare, title, name or other."""

    quotation: Quotation
    kind: str
    reason: str


@dataclass(frozen=True)
class _Link:
    cue: Cue | None
    speaker: Speaker | None
    reason: str
    is_close: bool = False  # colon, or a cue right behind: surely somebody's words


class Attribution:
    """Attributes the quotations of one article, sentence by sentence."""

    def __init__(self, discourse: Discourse, speakers: Speakers) -> None:
        self.d, self.w, self.speakers = discourse, discourse.words, speakers
        self.previous: Statement | None = None

    def quotation(self, number: int) -> Statement | Unspoken:
        """Decide what a marked string is, and whose."""
        q = self.d.quotations[number]
        sentence = self.d.sentences[self.d.sentence[q.outer_start]]
        close = self._behind(q, sentence) or self._colon(q, sentence)
        other = self._other(q, close)
        if other is not None:
            return other
        link = close or self._before(q, sentence) or self._later(q, sentence) or self._context(q, sentence)
        if link is None:
            if self._is_sentence(q):
                link = _Link(None, None, "a sentence in quotation marks, no speaker found")
            else:
                return Unspoken(q, "scare", "marked words without a cue")
        kind = "direct" if self._is_whole(q, link) else "mixed"
        stance = link.cue.stance if link.cue else ""
        statement = Statement(q.start, q.end, kind, link.reason, link.cue, link.speaker, stance, q)
        self.previous = statement
        self.speakers.remember(link.speaker, self.d.sentence[q.outer_start])
        return statement

    # --- cues

    def _behind(self, q: Quotation, sentence: tuple[int, int]) -> _Link | None:
        """A cue right behind the quotation: "…", ha detto X; "…", così X; "…", secondo X."""
        d, w = self.d, self.w
        if q.outer_start and w.pos[q.outer_start - 1] == "ADP" and not self._is_sentence(q):
            return None  # "intervistato dal «Corriere», ha detto": part of the clause
        stop = min(sentence[1], q.outer_end + GAP + 2)
        i = q.outer_end
        sign = i < stop and w.text[i] in self._list("openers.signs")
        i += sign
        skipped = i
        while skipped < stop and skipped - i < GAP:
            cue = next((c for c in d.cues_in(skipped, skipped + 1)), None)
            if cue is not None and cue.names_source and self._is_governed(q, sentence):
                return None
            if cue is not None and self._may_follow(cue, q, sign):
                return self._link(cue, "cue behind the quotation", close=True)
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

    def _presented(self, i: int, stop: int) -> _Link | None:
        """A noun behind that says whose the quotation is: "…", è lo sfogo di X; "…": con queste parole X …"""
        w, colon = self.w, self.w.text[i] == ":"
        stop = self.d.sentences[self.d.sentence[i]][1]
        for j in range(i + 1, min(stop, i + 2 * WINDOW + colon * REACH)):
            if self.d.quoted[j] >= 0:
                return None
            phrase = w.phrase(j)
            if phrase is None or w.pos[j - 1] != "ADP" and not colon:
                continue
            named = self.speakers.subjects.name(phrase)
            if (named is not None and named.can_speak) or self.speakers.subjects.is_human(phrase.head):
                speaker = self.speakers.resolve(phrase, "named behind the quotation")
                return _Link(None, speaker, "speaker named behind the quotation", is_close=True)
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
        if any(word in self._list("openers.coordination") or word in self._list("openers.relative") for word in between):
            return False
        following = w.lower[cue.end] if cue.end < len(w) else ""
        opens_clause = following in self._list("openers.clause") or w.text[cue.end : cue.end + 1] == [":"]
        return sign or not opens_clause

    def _said_so(self, q: Quotation, i: int) -> _Link | None:
        """A cue in the next sentence that refers back: "…". Lo ha detto X; "…". X lo ripete."""
        w, stop = self.w, self.d.sentences[self.d.sentence[i]][1]
        for cue in self.d.cues_in(i + 1, min(stop, i + REACH)):
            if cue.form != "finite" or any(self.d.quoted[k] >= 0 for k in range(i, cue.start)):
                continue
            if cue.start - i <= WINDOW and w.lower[i] in self._list("openers.back"):
                return self._link(cue, "cue in the next sentence", close=True)
            if w.lower[cue.start - 1] in self._list("openers.back_object") and w.text[q.outer_start - 1] != ":":
                return self._link(cue, "cue in the next sentence", close=True, follows=False)
        return None

    def _verbless(self, i: int) -> _Link | None:
        """An attribution without a verb: "…", così il ministro."""
        w = self.w
        for cue in self._list("openers.verbless"):
            parts = cue.split()
            end = i + len(parts)
            last = articulated(self.d.language, parts[-1])
            if w.lower[i : end - 1] != parts[:-1] or end > len(w) or w.lower[end - 1] not in last:
                continue
            phrase = w.phrase(end)
            if phrase is None or w.is_time(phrase.head):
                continue
            speaker = self.speakers.resolve(phrase, "source behind a phrase without a verb")
            if speaker is not None and (self.speakers.subjects.speaks(phrase) or w.text[i + len(parts) - 1] != "e"):
                said = Cue(i, i, end, cue, "neutral", "content", "preposition")
                return _Link(said, speaker, "phrase without a verb behind the quotation", is_close=True)
        return None

    def _colon(self, q: Quotation, sentence: tuple[int, int]) -> _Link | None:
        """A colon before the quotation: with a cue before it, or a name."""
        w, i = self.w, q.outer_start - 1
        if i < 0 or w.text[i] != ":" or w.block[q.outer_start] - w.block[i] > 1:
            return None
        sentence = self.d.sentences[self.d.sentence[i]]
        if self._indicator(list(range(max(sentence[0], i - WINDOW), i)), "other") is not None:
            return None
        cues = [c for c in self.d.cues_in(sentence[0], i) if c.form != "infinitive" and self._is_strong(c, i)]
        for cue in reversed(cues):
            if not cue.names_source:
                return self._link(cue, "cue and colon before the quotation", close=True)
        named = [n for n in w.named if sentence[0] <= n.start and n.end <= i and n.can_speak]
        named = [n for n in named if self._is_free(n.start)]
        people = [n for n in named if n.label == "PER"] or named
        people = [n for n in people if not self._is_owner(n.start)] or people
        if people:
            speaker = Speaker(people[-1].entity, people[-1].start, people[-1].end, "name before a colon", is_known=True)
            return _Link(None, speaker, "colon behind a name", is_close=True)
        for j in range(sentence[0], i):
            phrase = w.phrase(j)
            speaks = phrase is not None and self.speakers.subjects.is_human(phrase.head) and self._is_free(j)
            if phrase is not None and speaks and phrase.end <= i:
                return _Link(None, self.speakers.resolve(phrase, "name before a colon"), "colon behind a name", True)
        number = self.d.sentence[i]
        speaker = self.speakers.topic(number) or self.speakers.about(number) or self.speakers.last
        inferred = replace(speaker, is_inferred=True) if speaker else None
        return _Link(None, inferred, "colon, goes on with the last speaker", is_close=True)

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
        """Whether a phrase only says whose another is: "legale di Rossi"."""
        while i > 0 and self.w.pos[i - 1] in ("DET", "ADJ"):
            i -= 1
        return i > 0 and self.w.lower[i - 1] in articulated(self.d.language, "di")

    def _is_strong(self, cue: Cue, edge: int) -> bool:
        return not cue.is_weak or cue.end == edge

    def _before(self, q: Quotation, sentence: tuple[int, int]) -> _Link | None:
        """The cue before the quotation in its sentence, or the source named there."""
        cues = [c for c in self.d.cues_in(sentence[0], q.outer_start) if c.end <= q.outer_start]
        cues = [c for c in cues if self._is_strong(c, q.outer_start)]
        later = [c for c in self.d.cues_in(q.outer_end, sentence[1]) if self._is_parenthetical(c)]
        governing = [c for c in cues if not c.names_source or c.form == "relative source"]
        shared = self._shared(q, sentence) or self._opinion(q, sentence)
        if shared is not None:
            return shared
        for cue in reversed(governing):
            if self._is_nested(cue, governing):
                continue
            link = self._link(cue, "cue before the quotation")
            if self._governs(cue, link.speaker, q):
                return link
        for cue in later:
            return self._link(cue, "cue in parentheses behind", follows=True)
        sources = [c for c in self.d.cues_in(*sentence) if c.names_source]
        if sources:
            return self._link(min(sources, key=lambda c: abs(c.start - q.start)), "source named in the sentence")
        for cue in reversed(governing):
            if cue.frame == "naming" or cue.end == q.outer_start:
                return self._link(cue, "cue before the quotation")
        return None

    def _opinion(self, q: Quotation, sentence: tuple[int, int]) -> _Link | None:
        """Whose opinion it is: per X (è) "…"; "…", per X."""
        w = self.w
        for i in range(max(sentence[0], q.outer_start - REACH), min(sentence[1] - 1, q.outer_end + 2)):
            phrase = w.phrase(i + 1) if w.lower[i] in self._list("openers.opinion") else None
            if phrase is None or self.d.quoted[i] >= 0 or not self.speakers.subjects.speaks(phrase):
                continue
            edge = i == sentence[0] or not w.text[i - 1][0].isalnum() or w.lower[i - 1] in self._list("openers.apart")
            between = range(phrase.end, q.outer_start)
            near = len(between) <= 2 * WINDOW and not any(w.text[k] in ":;" for k in between)
            near = near and not self.d.cues_in(phrase.end, q.outer_start)
            behind = i >= q.outer_end and (phrase.end >= sentence[1] or not w.text[phrase.end][0].isalnum())
            if edge and (behind or (near and phrase.end <= q.outer_start)):
                cue = Cue(i, i, i + 1, w.lower[i], "believing", "content", "preposition")
                return _Link(cue, self.speakers.resolve(phrase, "whose opinion it is"), "opinion of somebody named")
        return None

    def _shared(self, q: Quotation, sentence: tuple[int, int]) -> _Link | None:
        """A speaker without a verb who shares the cue before: X parla di "…", Y di "…"."""
        d, w, previous = self.d, self.w, self.previous
        if previous is None or previous.quotation is None or previous.cue is None:
            return None
        i, cue = previous.quotation.outer_end, previous.cue
        if not sentence[0] <= i < q.outer_start:
            return None
        if cue.start >= i:
            later = d.cues_in(cue.end, q.outer_start)
            interrupts = not later and not any(w.text[k] in ":;" for k in range(cue.end, q.outer_start))
            return _Link(cue, previous.speaker, "goes on behind its cue") if interrupts else None
        while i < q.outer_start and (w.text[i] in ",;" or w.pos[i] in ("CCONJ", "ADV", "SCONJ")):
            i += 1
        phrase = w.phrase(i) if i < q.outer_start else None
        if phrase is None or q.outer_start - phrase.end > 2 or d.cues_in(i, q.outer_start):
            return None
        named = self.speakers.subjects.name(phrase)
        if (named is None or not named.can_speak) and not self.speakers.subjects.is_human(phrase.head):
            return None
        return _Link(previous.cue, self.speakers.resolve(phrase, "shares the cue before"), "shares the cue before")

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
        """Whether a cue stands behind a sign, with its subject behind it: ", precisa la KCNA"."""
        w = self.w
        if cue.form != "finite" or cue.frame == "naming" or cue.start == 0:
            return False
        if w.text[cue.start - 1] not in self._list("openers.signs"):
            return False
        speaker = self.speakers.of(cue, follows=True)
        near = speaker is not None and speaker.at - cue.end <= 1 and speaker.is_known
        return speaker is not None and speaker.at >= cue.end and (near or not cue.is_weak)

    def _is_governed(self, q: Quotation, sentence: tuple[int, int]) -> bool:
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
            return cue.form == "passive"
        return self._is_source(speaker) or self._is_document(speaker)

    def _is_source(self, speaker: Speaker) -> bool:
        return speaker.is_known or speaker.is_inferred or any(
            self.speakers.subjects.is_human(i) for i in range(speaker.start, speaker.end)
        )

    def _is_document(self, speaker: Speaker) -> bool:
        return any(self.speakers.subjects.is_document(i) for i in range(speaker.start, min(speaker.start + 2, speaker.end)))

    def _later(self, q: Quotation, sentence: tuple[int, int]) -> _Link | None:
        """The next sentence says who spoke, or the sentence goes on to say it."""
        for cue in self.d.cues_in(q.outer_end, sentence[1]):
            if cue.frame == "content" and cue.form == "finite" and not cue.is_weak and q.outer_start == sentence[0]:
                return self._link(cue, "cue further on in the sentence")
        return None

    def _context(self, q: Quotation, sentence: tuple[int, int]) -> _Link | None:
        """No cue: the quotation goes on with the one before it, or with what was reported just before."""
        d, w, previous = self.d, self.w, self.previous
        last, number = self.speakers.last, d.sentence[q.outer_start]
        alone = q.outer_start - sentence[0] <= 1 and sentence[1] - q.outer_end <= 1
        clause = self._is_sentence(q) or self._has_verb(q)
        since = previous.end if previous is not None else 1
        before = d.sentence[since - 1] if previous is not None else -1
        about = self.speakers.about(number) if alone else None
        if about is not None and clause and d.sentence[about.start] > before:
            return _Link(None, replace(about, is_inferred=True), "goes on about the person named before")
        if previous is not None and (alone or self._is_sentence(q)) and self.speakers.last_sentence <= before:
            near = w.block[q.start] - w.block[since - 1]
            between = number - before
            if near == 0 and between <= 2 or near == 1 and alone:
                cue = previous.cue if near == 0 and between <= 1 else None
                speaker = replace(previous.speaker, is_inferred=True) if previous.speaker else None
                return _Link(cue, speaker, "goes on with the quotation before")
        if self._has_verb(q) and q.end - q.start > 1 and not alone:
            topic = self.speakers.topic(number)
            speaker = topic if topic is not None and topic.end <= q.outer_start else self.speakers.about(number)
            if speaker is not None:
                return _Link(None, replace(speaker, is_inferred=True), "a clause in quotation marks")
        if alone and self._is_heading(q):
            return None
        if last is not None and 0 <= w.block[q.start] - w.block[last.start] <= (1 if clause else 0):
            if clause or q.end - q.start >= FRAGMENT_WORDS:
                return _Link(None, replace(last, is_inferred=True), "goes on with what was reported before")
        if self._has_verb(q) and q.end - q.start > 1 and not alone:
            return _Link(None, None, "a clause in quotation marks")
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

    def _link(self, cue: Cue, reason: str, *, close: bool = False, follows: bool | None = None) -> _Link:
        behind = close and "behind" in reason or close and "next" in reason if follows is None else follows
        return _Link(cue, self.speakers.of(cue, follows=bool(behind)), reason, close)

    # --- what is no quotation

    def _other(self, q: Quotation, close: _Link | None) -> Unspoken | None:
        """A title, a name, writing on a wall or a word spoken of, by the words before it and its capitals."""
        w, first = self.w, self.d.sentences[self.d.sentence[q.outer_start]][0]
        window = list(range(max(first, q.outer_start - WINDOW), q.outer_start))
        within = {i for c in self.d.cues_in(first, q.outer_start) if c.form == "finite" for i in range(c.start, c.end)}
        near = [i for i in window if self.d.quoted[i] < 0 and i not in within]
        sentence_like = self._is_sentence(q)
        if near and not sentence_like and self._indicator(near[-2:], "scare") == near[-1]:
            return Unspoken(q, "scare", f"behind '{w.lower[near[-1]]}'")
        if close is None and self._is_work(q):
            return Unspoken(q, "title", "behind a verb of writing")
        if near and w.lower[near[-1]] in self._list("other.naming") and close is None:
            return Unspoken(q, "name", f"behind '{w.lower[near[-1]]}'")
        for kind in ("title", "name", "other", "scare"):
            word = self._indicator(near, kind)
            if kind == "title" and w.text[q.start][0].islower():
                continue
            if word is None or (close is not None and (sentence_like or kind == "scare")):
                continue
            apart = any(w.text[i] in (",", ";", ":", "–") for i in range(word + 1, q.outer_start))
            verb = any(w.pos[i] in ("VERB", "AUX") and i != word for i in range(word + 1, q.outer_start))
            if not self._is_capitalised(q) and w.text[q.start][0].islower() and self._has_verb(q):
                continue
            close_by = word == q.outer_start - 1 or (kind != "name" and word == q.outer_start - 2)
            named = self._is_capitalised(q) or close_by
            if not apart and not verb and named and not (sentence_like and kind in ("scare", "name")):
                return Unspoken(q, kind, f"behind '{w.lower[word]}'")
        if close is None and self._is_nickname(q):
            return Unspoken(q, "name", "a nickname between the parts of a name")
        if close is None and self._is_capitalised(q) and q.outer_start > first:
            return Unspoken(q, "name", "capitals as in a name")
        return None

    def _is_work(self, q: Quotation) -> bool:
        """Whether the words are the title of what somebody wrote: "ha scritto «I fiumi»", without a colon."""
        w, first = self.w, self.d.sentences[self.d.sentence[q.outer_start]][0]
        cues = [c for c in self.d.cues_in(first, q.outer_start) if c.end == q.outer_start]
        wrote = any(c.lemma in self._list("other.works") for c in cues)
        return wrote and w.text[q.start][0].isupper() and w.text[q.end - 1][-1] not in TERMINAL

    def _indicator(self, near: list[int], kind: str) -> int | None:
        words = set(self._list(f"other.{kind}"))
        for i in reversed(near):
            two = " ".join(self.w.lower[i : i + 2])
            if self.w.lower[i] in words or two in words:
                return i
        return None

    def _is_capitalised(self, q: Quotation) -> bool:
        """Whether all words of weight are capitalised, and not only because a sentence begins."""
        w = self.w
        weighty = [i for i in range(q.start, q.end) if w.text[i].isalpha() and len(w.text[i]) > 3]
        weighty = weighty or [i for i in range(q.start, q.end) if w.text[i].isalpha()]
        return bool(weighty) and all(w.text[i][0].isupper() for i in weighty) and not self._is_sentence(q)

    def _is_nickname(self, q: Quotation) -> bool:
        w, a, b = self.w, q.outer_start - 1, q.outer_end
        if a < 0 or b >= len(w) or q.end - q.start > 3:
            return False
        names = [i in w.named_at and w.named_at[i].label == "PER" or w.pos[i] == "PROPN" for i in (a, b)]
        return all(names)

    def _is_sentence(self, q: Quotation) -> bool:
        """Whether the words make a sentence: a finite verb, or several words that end in a full stop."""
        w = self.w
        finite = self._has_verb(q)
        n = sum(w.text[i][0].isalnum() for i in range(q.start, q.end))
        stops = w.text[q.end - 1][-1] in ".!?…"
        first = self.d.sentences[self.d.sentence[q.outer_start]][0]
        if q.outer_start == first and n >= SENTENCE_WORDS - 1 and w.text[q.start][0].isupper():
            return not all(w.text[i][0].isupper() for i in range(q.start, q.end) if len(w.text[i]) > 3)
        return n >= SENTENCE_WORDS and finite or (n >= 2 and stops) or (finite and n >= 2 and w.text[q.start][0].isupper())

    def _has_verb(self, q: Quotation) -> bool:
        return any("VerbForm=Fin" in self.w.morph[i] for i in range(q.start, q.end))

    def _is_whole(self, q: Quotation, link: _Link) -> bool:
        """Whether the quotation is an utterance of its own rather than part of the reporting sentence."""
        if link.cue is None or link.cue.start > q.start:
            return link.is_close or self._is_sentence(q)
        return self.w.text[q.outer_start - 1] == ":" if q.outer_start else True

    def _list(self, key: str) -> frozenset[str]:
        return self.speakers.words_of(key)
