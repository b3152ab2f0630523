"""An article as lists of words, with the noun phrases that may name who speaks."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from spacy.tokens import Doc

from rassegna.languages import FOLDER, entry, load, locale
from rassegna.quotes.closed_classes import tags

NOMINAL = frozenset(("NOUN", "PROPN", "X", "SYM"))
BEFORE_NOUN = frozenset(("DET", "NUM", "ADJ"))
MAX_PHRASE = 40  # words


@dataclass(frozen=True)
class Named:
    """A mention, by its tokens."""

    start: int
    end: int
    label: str
    entity: str
    kind: str
    is_metonym: bool
    is_place: bool = False  # a place by the gazetteer, not only by the pipeline's label

    @property
    def can_speak(self) -> bool:
        """Persons and bodies speak; a known place only where it stands for those who govern there."""
        return self.label in ("PER", "ORG") or self.is_metonym or not self.is_place


@dataclass(frozen=True)
class Phrase:
    """A noun phrase, from token `start` (its determiner) up to token `end`."""

    start: int
    end: int
    head: int


@cache
def _with_form(morph: str, pos: str) -> str:
    """Add the verb form where a pipeline left it out: some treebanks tell it by mood and tense alone."""
    if pos not in ("VERB", "AUX") or "VerbForm=" in morph:
        return morph
    if "Mood=" in morph:
        return f"{morph}|VerbForm=Fin"
    return f"{morph}|VerbForm=Part" if "Tense=Past" in morph else morph


class Words:
    """The words of one article in parallel lists, and its noun phrases."""

    def __init__(self, doc: Doc, mentions: Iterable[Any] = (), *, language: str = "it") -> None:
        self.doc, self.language = doc, language
        tokens = list(doc)  # made once: spaCy makes a new object a token each time
        self.text = [t.text for t in tokens]
        self.lower = [t.casefold().replace("’", "'") for t in self.text]
        self.pos = [t.pos_ for t in tokens]
        self.dep = [t.dep_ for t in tokens]
        self.head = [t.head.i for t in tokens]
        self.idx = [t.idx for t in tokens]
        self.morph = [_with_form(str(t.morph), t.pos_) for t in tokens]
        self.block, self.raw = self._places()
        self.named = self._named(mentions)
        self.named_at: dict[int, Named] = {}
        for name in sorted(self.named, key=lambda n: (n.end - n.start, n.kind == "name")):
            self.named_at.update(dict.fromkeys(range(name.start, name.end), name))
        if doc.lang_ != language and (FOLDER / language / "closed_classes.toml").is_file():
            self.pos, self.morph = tags(self.text, self.lower, self.named_at, language=language)
            self.dep, self.head = [""] * len(doc), list(range(len(doc)))
        self._cache: dict[int, Phrase | None] = {}

    def __len__(self) -> int:
        return len(self.text)

    def _places(self) -> tuple[list[int], list[int]]:
        """Block and raw offset of each token."""
        table = self.doc._.blocks or [[0, "body", 0, 0, 0]]
        blocks, raw, at = [], [], 0
        for i, offset in enumerate(self.idx):
            while at + 1 < len(table) and i >= table[at + 1][2]:
                at += 1
            blocks.append(at)
            raw.append(offset - table[at][3] + table[at][4])
        return blocks, raw

    def _named(self, mentions: Iterable[Any]) -> list[Named]:
        starts = {offset: i for i, offset in enumerate(self.raw)}
        ends = {offset + len(t): i + 1 for i, (offset, t) in enumerate(zip(self.raw, self.text, strict=True))}
        found = []
        for m in mentions:
            start, end = starts.get(m.start), ends.get(m.end)
            if start is not None and end is not None and start < end:
                place = m.label == "LOC" and str(m.reason).startswith("gazetteer")
                found.append(Named(start, end, m.label, m.entity, m.kind, bool(m.is_metonym), place))
        return found

    def is_plural(self, i: int) -> bool:
        """Whether a word is plural by its morphology."""
        return "Number=Plur" in self.morph[i]

    def agrees(self, noun: int, verb: int) -> bool:
        """Whether number does not forbid that a noun is a verb's subject (names and unmarked words fit any)."""
        a, b = self.morph[noun], self.morph[verb]
        if "Number=" not in a or "Number=" not in b or noun in self.named_at:
            return True
        return self.is_plural(noun) == self.is_plural(verb)

    def is_time(self, i: int) -> bool:
        """Whether a word names a time or another circumstance, never who speaks."""
        return self.lower[i] in time_words(self.language)

    def phrase(self, i: int) -> Phrase | None:
        """The noun phrase that begins at a token, with its complements; None when none begins there."""
        if i not in self._cache:
            self._cache[i] = self._phrase(i, depth=0)
        return self._cache[i]

    def _phrase(self, i: int, *, depth: int) -> Phrase | None:
        j = i
        while j < len(self) and j - i < 5 and j not in self.named_at and self._before_noun(j):
            j += 1
        if j >= len(self) or self.block[j] != self.block[i]:
            return None
        if j in self.named_at:
            head, end = j, self.named_at[j].end
            if self.named_at[j].kind == "description":
                head = self.named_at[j].start
        elif self.pos[j] in NOMINAL and self.text[j][0].isalnum():
            head, end = j, j + 1
        elif (
            j > i and self.pos[j - 1] in ("ADJ", "NUM", "PRON", "DET") and self.pos[i] in ("DET", "PRON") and j - i > 1
        ):
            head, end = j - 1, j
        elif j == i and self._is_person(i):
            head, end = j, j + 1
        else:
            return None
        if self.is_time(head) and head not in self.named_at:
            return Phrase(i, self._time_end(end), head)
        return Phrase(i, self._extended(i, end, depth), head)

    def _time_end(self, end: int) -> int:
        """The end of a time: its other nouns and numbers, no name."""
        while end < len(self) and end not in self.named_at and (self.is_time(end) or self.pos[end] in ("NUM", "ADJ")):
            end += 1
        return end

    def _before_noun(self, j: int) -> bool:
        if self.lower[j] in roles(self.language) and j + 1 in self.named_at and self.pos[j] not in NOMINAL:
            return True  # a role that the tagger takes for something else: an abbreviation before a name
        return self.pos[j] in BEFORE_NOUN or (self.pos[j] == "PRON" and "Poss=Yes" in self.morph[j])

    def _is_person(self, i: int) -> bool:
        table = entry(self.language, "quotation", "pronouns")
        if self.lower[i] in table["same"]:
            return True
        return self.pos[i] == "PRON" and "PronType=Ind" in self.morph[i] and self.lower[i] not in table["nobody"]

    def _leads_to_name(self, end: int, depth: int) -> bool:
        """Whether a role's complement ends in its holder: "the group leader in the Senate Anna Neri"."""
        if self.pos[end] != "ADP" or self.lower[end - 1] not in roles(self.language) or end + 2 >= len(self):
            return False
        inner = self._phrase(end + 1, depth=depth + 1) if depth < 6 else None
        name = self.named_at.get(inner.end - 1) if inner else None
        return name is not None and name.label == "PER" and name.start > end + 1 and self.pos[name.start - 1] != "ADP"

    def _extended(self, start: int, end: int, depth: int) -> int:
        """The end of a phrase with the adjectives, names and complements behind its noun."""
        while end < len(self) and end - start < MAX_PHRASE and self.block[end] == self.block[start]:
            if end in self.named_at and self.named_at[end].start == end and not self.is_time(end - 1):
                end = self.named_at[end].end
            elif self.pos[end] in ("NOUN", "PROPN", "X", "ADJ", "NUM") and not self.is_time(end):
                end += 1
            elif (
                self.lower[end] in complements(self.language)
                or self._attached(start, end)
                or self._leads_to_name(end, depth)
            ):
                inner = self._phrase(end + 1, depth=depth + 1) if end + 1 < len(self) and depth < 6 else None
                if inner is None or self.is_time(inner.head):
                    break
                end = inner.end
            elif self.text[end] == "(":
                close = next((k for k in range(end + 1, min(end + 10, len(self))) if self.text[k] == ")"), None)
                if close is None:
                    break
                end = close + 1
            else:
                break
        return end

    def _attached(self, start: int, at: int) -> bool:
        """Whether the parse hangs a preposition's noun within the phrase."""
        if self.pos[at] != "ADP" or self.dep[at] != "case":
            return False
        noun = self.head[at]
        return noun > at and start <= self.head[noun] < at and self.pos[self.head[noun]] in NOMINAL


@cache
def time_words(language: str) -> frozenset[str]:
    """Nouns of time and circumstance: the language's list, and CLDR's weekdays and months."""
    known = locale(language)
    calendar = [*known.days["format"]["wide"].values(), *known.months["format"]["wide"].values()]
    return frozenset([*entry(language, "quotation", "time.nouns"), *(w.casefold() for w in calendar)])


@cache
def roles(language: str) -> frozenset[str]:
    """Nouns of one word for a person's role."""
    table = load(language, "roles")
    forms = (form for kind in ("head", "generic", "office") for words in table[kind].values() for form in words)
    return frozenset(form.casefold() for form in forms if " " not in form)


@cache
def complements(language: str) -> frozenset[str]:
    """Prepositions that open the complement of a noun, whatever the parse says."""
    return frozenset(entry(language, "quotation", "articulated.di"))


@cache
def articulated(language: str, preposition: str) -> frozenset[str]:
    """A preposition and its forms with the article."""
    return frozenset(entry(language, "quotation", "articulated").get(preposition, [preposition]))


@cache
def quotation_list(language: str, key: str) -> frozenset[str]:
    """A list of the words about quotations, for looking words up in."""
    return frozenset(entry(language, "quotation", key))
