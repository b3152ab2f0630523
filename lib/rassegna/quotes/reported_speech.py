"""Reported statements without quotation marks: what somebody says, thinks, wants or denies, in the outlet's words."""

from collections.abc import Iterator

from rassegna.languages.closed_classes import FINITE
from rassegna.quotes.attribution import Statement
from rassegna.quotes.discourse import Cue
from rassegna.quotes.named_sources import MIN_CLAUSE, NamedSources
from rassegna.quotes.speakers import Speaker, Speakers

CLAUSE_REACH = 40  # words between a cue and its clause
INFINITIVE_REACH = 8  # words between a cue and its infinitive, where it addresses nobody

Content = tuple[int, int, str]  # first token, end, and the rule


class ReportedSpeech:
    """Finds the reported statements of one article, sentence by sentence."""

    def __init__(self, speakers: Speakers) -> None:
        self.d, self.w, self.speakers = speakers.d, speakers.w, speakers
        self.sources = NamedSources(speakers)

    def sentence(self, number: int) -> list[Statement]:
        """The statements of one sentence, in order of place; each part of a sentence has one reporter."""
        first, stop = self.d.sentences[number]
        if stop - first < MIN_CLAUSE:
            return []
        found: list[Statement] = []
        cues = [c for c in self.d.cues_in(first, stop) if not c.is_weak or self._opens_clause(c)]
        for cue in cues:
            if any(s.start <= cue.verb < s.end and s.cue is not cue for s in found):
                continue  # reported within what is reported already
            statement = self._with_cue(cue, first, stop)
            if statement is not None and not self.sources.is_quoted(statement):
                found.append(statement)
        reported = min((s.start for s in found if s.cue and not s.cue.names_source), default=stop)
        found += [s for s in self.sources.around(cues, first, stop, reported) if not self.sources.is_quoted(s)]
        return found or [s for s in self.sources.without_cue(first, stop) if not self.sources.is_quoted(s)]

    def _opens_clause(self, cue: Cue) -> bool:
        """Whether a conjunction right behind shows that what the tagger takes for no verb is one."""
        w, i = self.w, cue.end
        while i < len(w) and w.pos[i] == "ADV":
            i += 1
        return i < len(w) and w.has(i, "openers.that") and w.pos[i] != "PRON"

    def _with_cue(self, cue: Cue, first: int, stop: int) -> Statement | None:
        if cue.names_source or self.sources.is_parenthetical(cue, first, stop):
            return None
        rules = (self._predicate, self._clause, self._infinitive, self._noun_phrase)
        content = next((found for rule in rules if (found := rule(cue, stop)) is not None), None)
        if content is None:
            return None
        start, end, rule = content
        speaker = self.speakers.of(cue)
        if (speaker is None and cue.form != "passive") or (cue.is_negated and cue.stance != "denying"):
            return None
        is_wish = rule == "infinitive" and cue.stance in ("promising", "hoping", "directing")
        if speaker is not None and (is_wish or rule == "noun phrase") and not self._may_say(speaker):
            return None
        self.speakers.remember(speaker, self.d.sentence[cue.verb])
        return self.sources.statement(start, end, f"{rule} behind its cue", cue, speaker)

    def _predicate(self, cue: Cue, stop: int) -> Content | None:
        """What somebody says of himself: "called himself happy to …"."""
        i = cue.end
        if not self.w.lists(cue.lemma, "statement.of_oneself") or i >= stop or self.d.quoted[i] >= 0:
            return None
        return (i, self._end(i, stop, cue), "predicate") if self.w.pos[i] in ("ADJ", "VERB", "ADV") else None

    def _clause(self, cue: Cue, stop: int) -> Content | None:
        """The clause that a conjunction or colon opens behind a cue."""
        w, start = self.w, -1
        if cue.frame == "addressee" and cue.stance not in ("asking", "warning", "directing"):
            return None
        if self._is_bare(cue, stop):
            return cue.end, self._end(cue.end, stop, cue), "clause without a conjunction"
        for j in self._behind(cue, stop):
            if w.text[j] == ":" and cue.form == "finite" and cue.stance not in ("believing", "hoping", "directing"):
                start = j + 1 if j + 1 < stop and self._told(cue, j) and self.d.quoted[j + 1] < 0 else -1
                break
            is_that = w.has(j, "openers.that")
            if is_that and self._is_conjunction(cue, j):
                start = j + 1
                break
            if is_that and w.pos[j] == "PRON":
                return None
            if j - cue.end <= 1 and cue.form != "passive" and w.has(j, "openers.question"):
                start = j if w.has_finite(j + 1, stop) else -1
                break
        return (start, self._end(start, stop, cue), "clause") if start >= 0 else None

    def _is_bare(self, cue: Cue, stop: int) -> bool:
        """Whether a clause stands right behind a cue in a language that needs no conjunction: "said he saw nothing"."""
        w, i = self.w, cue.end
        if cue.form != "finite" or not w.lists(cue.lemma, "statement.bare") or i >= stop or self.d.quoted[i] >= 0:
            return False
        phrase, speaker = w.phrase(i), self.speakers.of(cue)
        end = phrase.end if phrase is not None else i + 1
        opens = phrase is not None or w.pos[i] in ("PRON", "DET")
        is_before = speaker is not None and speaker.at < cue.start
        return is_before and opens and not w.has(i, "openers.that") and w.has_finite(i, min(end + 3, stop))

    def _is_conjunction(self, cue: Cue, j: int) -> bool:
        """Whether a conjunction opens the clause of a cue, by its tag, its place, or what stands between."""
        w = self.w
        inserted = w.text[cue.end] == w.text[j - 1] == ","
        return w.pos[j] in ("SCONJ", "") or j == cue.end or inserted or self._told(cue, j)

    def _told(self, cue: Cue, j: int) -> bool:
        """Whether only time and addressee stand between a cue and its clause: "assured the allies yesterday that"."""
        w, i = self.w, cue.end
        while i < j:
            phrase = w.phrase(i)
            dative = w.phrase(i + 1) if w.has(i, "agent.addressee") else None
            if dative is not None and dative.end <= j:
                i = dative.end
            elif phrase is not None and i == cue.end and w.lists(cue.lemma, "statement.telling") and phrase.end <= j:
                i = phrase.end
            elif w.pos[i] == "ADP" and i + 1 < j and w.is_time(i + 1):  # on Tuesday
                i += 1
            elif phrase is not None and w.is_time(phrase.head) and phrase.end <= j:
                i = phrase.end
            elif w.pos[i] == "ADV" or w.is_time(i):
                i += 1
            else:
                return False
        return True

    def _behind(self, cue: Cue, stop: int) -> Iterator[int]:
        """Tokens behind a cue up to where its clause may open: another finite verb ends the search."""
        w = self.w
        for j in range(cue.end, min(stop, cue.end + CLAUSE_REACH)):
            others = [c for c in self.d.cues_in(j, j + 1) if not c.is_weak]
            if self.d.quoted[j] >= 0 or any(not c.names_source or c.form == "relative source" for c in others):
                return
            yield j
            if w.pos[j] in ("VERB", "AUX") and FINITE in w.morph[j]:
                return

    def _infinitive(self, cue: Cue, stop: int) -> Content | None:
        """An infinitive with its preposition: "promised to build", "invited Washington to cooperate"."""
        w = self.w
        if w.lists(cue.lemma, "statement.never"):
            return None
        addresses = cue.stance in ("directing", "asking", "accusing", "warning")
        to_somebody = cue.frame == "addressee"
        reach = CLAUSE_REACH // 2 if addresses else INFINITIVE_REACH
        for j in self._behind(cue, min(stop, cue.end + reach)):
            linked = w.has(j, "articulated.a") if to_somebody else w.has(j, "articulated.di")
            linked = linked or (cue.stance == "accusing" and w.has(j, "articulated.di"))
            if linked and (k := self._infinitive_at(j + 1, stop)) is not None:
                return j + 1, self._end(k, stop, cue), "infinitive"
        plain = w.lists("yes", "statement.plain_infinitive") and not to_somebody
        may = plain or cue.stance in ("hoping", "promising")
        bare = may and self._infinitive_at(cue.end, min(stop, cue.end + (4 if plain else 1)))
        return (cue.end, self._end(cue.end, stop, cue), "infinitive") if bare else None

    def _infinitive_at(self, i: int, stop: int) -> int | None:
        """The infinitive at a token, behind negation and pronouns."""
        w = self.w
        for k in range(i, min(i + 4, stop)):
            if "VerbForm=Inf" in w.morph[k] and w.pos[k] in ("VERB", "AUX"):
                return k
            if w.pos[k] not in ("ADV", "PRON"):
                return None
        return None

    def _noun_phrase(self, cue: Cue, stop: int) -> Content | None:
        """What is announced, denied, promised, asked: a noun phrase right behind the cue."""
        w, j = self.w, cue.end
        told = w.lists(cue.stance, "statement.noun_stances") and cue.frame != "naming"
        told = told or w.lists(cue.lemma, "statement.noun_verbs")
        if not told or w.lists(cue.lemma, "statement.never") or cue.form in ("passive", "infinitive"):
            return None
        while j < stop and w.pos[j] == "ADV":
            j += 1
        if j >= stop or self.d.quoted[j] >= 0 or w.is_time(j):
            return None
        phrase = w.phrase(j)
        if phrase is None or phrase.end > stop or w.is_time(phrase.head):
            return None
        speaker = self.speakers.of(cue)
        if speaker is not None and phrase.start <= speaker.at < phrase.end:
            return None  # the subject itself
        if speaker is not None and w.lists(cue.lemma, "source.rulings") and w.has(speaker.start, "source.benches"):
            return None
        if phrase.head in w.named_at and w.named_at[phrase.head].label == "PER" and cue.frame != "naming":
            return None  # "criticised Rossi": somebody, no statement
        return phrase.start, self._end(phrase.end, stop, cue), "noun phrase"

    def _end(self, start: int, stop: int, cue: Cue) -> int:
        """Where a statement ends: before the next cue of the main clause, or an attribution in parentheses."""
        w = self.w
        for other in self.d.cues_in(start + 1, stop):
            if other == cue or other.is_weak:
                continue
            has_sign = w.has(other.start - 1, "openers.signs")
            if other.names_source and (sign := self._sign_before(other)) > start:
                return sign
            if other.form == "gerund" and has_sign:
                return other.start - 1
            if other.form != "finite":
                continue
            if has_sign and self.sources.is_parenthetical(other, start, stop):
                return other.start - 1
            edge = self.speakers.subjects.group_start(other.start, start)
            if w.has(edge - 1, "openers.coordination") and self._is_joined(other, cue):
                return edge - 1
            speaker = self.speakers.of(other)
            if speaker is not None and start < speaker.at < other.start:
                edge = self._clause_start(speaker.at, start)
                if w.has(edge - 1, "openers.apart"):
                    return edge - 1
        return stop

    def _sign_before(self, cue: Cue) -> int:
        """Where the sign before a named source stands ("…, as reported by"); -1 without one."""
        behind = range(cue.start - 1, max(0, cue.start - 4), -1)
        return next((i for i in behind if self.w.has(i, "openers.signs")), -1)

    def _clause_start(self, i: int, start: int) -> int:
        """Where the clause of a subject begins: at its determiners."""
        while i > start + 1 and self.w.pos[i - 1] in ("DET", "ADJ", "NUM", "ADV"):
            i -= 1
        return i

    def _is_joined(self, other: Cue, cue: Cue) -> bool:
        """Whether a later cue shares this one's speaker, not the subject of a verb within the statement."""
        if self.w.head[other.verb] == cue.verb:
            return True
        mine, theirs = self.speakers.of(cue), self.speakers.of(other)
        return mine is not None and theirs is not None and mine.start == theirs.start

    def _may_say(self, speaker: Speaker) -> bool:
        named = self.w.named_at.get(speaker.start)
        if named is not None:
            return named.label != "LOC" or named.is_metonym or named.kind == "name"
        return self.sources.is_source(speaker)
