"""An article as lists of words, with the noun phrases that may name who speaks."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from spacy.tokens import Doc

from rassegna.languages import entry, locale, optional
from rassegna.languages.closed_classes import FINITE, tags

NOMINAL = frozenset(("NOUN", "PROPN", "X", "SYM"))
BEFORE_NOUN = frozenset(("DET", "NUM", "ADJ"))
MAX_PHRASE = 40  # words
DEEPEST = 6  # complements within complements


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
        return f"{morph}|{FINITE}"
    return f"{morph}|VerbForm=Part" if "Tense=Past" in morph else morph


class Words:
    """The words of one article in parallel lists, its noun phrases, and which of them may speak."""

    def __init__(self, doc: Doc, mentions: Iterable[Any] = (), *, language: str = "it") -> None:
        self.doc, self.language = doc, language
        tokens = list(doc)  # made once: spaCy makes a new object a token each time
        self.text = [t.text for t in tokens]
        self.lower = [t.casefold().replace("’", "'") for t in self.text]
        self.pos = [t.pos_ for t in tokens]
        self.dep = [t.dep_ for t in tokens]
        self.head = [t.head.i for t in tokens]
        self.idx = [t.idx for t in tokens]
        self.morph = [_with_form(str(t.morph), pos) for t, pos in zip(tokens, self.pos, strict=True)]
        self.block, self.raw = self._places()
        self.named = [named for m in mentions if (named := self._named(m)) is not None]
        self.named_at: dict[int, Named] = {}
        for name in sorted(self.named, key=lambda n: (n.end - n.start, n.kind == "name")):
            self.named_at.update(dict.fromkeys(range(name.start, name.end), name))
        if not doc.has_annotation("DEP") and optional(language, "closed_classes"):
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

    def _named(self, mention: Any) -> Named | None:
        """A row of `mentions` by its tokens; None where it begins or ends within one."""
        start, last = bisect_left(self.raw, mention.start), bisect_left(self.raw, mention.end) - 1
        if start > last or (self.raw[start], self.raw_end(last)) != (mention.start, mention.end):
            return None
        is_place = mention.label == "LOC" and str(mention.reason).startswith("gazetteer")
        is_metonym = bool(mention.is_metonym)
        return Named(start, last + 1, mention.label, mention.entity, mention.kind, is_metonym, is_place)

    def raw_end(self, i: int) -> int:
        """Where a token ends in the raw text."""
        return self.raw[i] + len(self.text[i])

    # --- single words

    def has(self, i: int, key: str) -> bool:
        """Whether a word stands in a list of the words about quotations."""
        return self.lower[i] in listed(self.language, key)

    def lists(self, word: str, key: str) -> bool:
        """Whether a lemma or stance stands in a list of the words about quotations."""
        return word in listed(self.language, key)

    def is_word(self, i: int) -> bool:
        """Whether a token is a word or number rather than a sign."""
        return self.text[i][0].isalnum()

    def has_finite(self, start: int, stop: int) -> bool:
        """Whether a finite verb stands in a range of tokens."""
        return any(FINITE in morph for morph in self.morph[start:stop])

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

    def is_human(self, i: int) -> bool:
        """Whether a noun stands for persons: a role, or a collective."""
        word = self.lower[i]
        known = word in roles(self.language) or word in listed(self.language, "source.collectives")
        return known or word.endswith(human_suffixes(self.language))

    def is_document(self, i: int) -> bool:
        """Whether a noun stands for a text that may be quoted."""
        return self.has(i, "source.documents")

    # --- noun phrases

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
        if (named := self.named_at.get(j)) is not None:
            head, end = named.start if named.kind == "description" else j, named.end
            if named.label != "PER" and self.lists("yes", "source.premodified"):
                head, end = self._noun_behind(head, end)
        elif (self.pos[j] in NOMINAL and self.is_word(j)) or (j == i and self._is_person(i)):
            head, end = j, j + 1
        elif j - i > 1 and self.pos[j - 1] in ("ADJ", "NUM", "PRON", "DET") and self.pos[i] in ("DET", "PRON"):
            head, end = j - 1, j
        else:
            return None
        if self.is_time(head) and head not in self.named_at:
            return Phrase(i, self._time_end(end), head)
        return Phrase(i, self._extended(i, end, depth), head)

    def _noun_behind(self, head: int, end: int) -> tuple[int, int]:
        """The noun for a person that a body's name only describes, and its end: the UN envoy, a Pearl spokesman."""
        i = next((k for k in range(end, min(end + 3, len(self))) if self.pos[k] not in ("NOUN", "ADJ")), end) - 1
        return (i, i + 1) if i >= end and self.is_human(i) and i not in self.named_at else (head, end)

    def _time_end(self, end: int) -> int:
        """The end of a time: its other nouns and numbers, no name."""
        while end < len(self) and end not in self.named_at and (self.is_time(end) or self.pos[end] in ("NUM", "ADJ")):
            end += 1
        return end

    def _before_noun(self, j: int) -> bool:
        return self.pos[j] in BEFORE_NOUN or (self.pos[j] == "PRON" and "Poss=Yes" in self.morph[j])

    def _is_person(self, i: int) -> bool:
        """Whether a word is a pronoun for a person."""
        is_indefinite = self.pos[i] == "PRON" and "PronType=Ind" in self.morph[i]
        return self.has(i, "pronouns.same") or (is_indefinite and not self.has(i, "pronouns.nobody"))

    def _complement(self, i: int, depth: int) -> Phrase | None:
        """The phrase within another one, behind its preposition."""
        return self._phrase(i, depth=depth + 1) if i < len(self) and depth < DEEPEST else None

    def _leads_to_name(self, end: int, depth: int) -> bool:
        """Whether a role's complement ends in its holder: "the group leader in the Senate Anna Neri"."""
        if self.pos[end] != "ADP" or self.lower[end - 1] not in roles(self.language) or end + 2 >= len(self):
            return False
        inner = self._complement(end + 1, depth)
        name = self.named_at.get(inner.end - 1) if inner else None
        return name is not None and name.label == "PER" and name.start > end + 1 and self.pos[name.start - 1] != "ADP"

    def _extended(self, start: int, end: int, depth: int) -> int:
        """The end of a phrase with the adjectives, names and complements behind its noun."""
        while end < len(self) and end - start < MAX_PHRASE and self.block[end] == self.block[start]:
            name = self.named_at.get(end)
            if name is not None and name.start == end and not self.is_time(end - 1):
                end = name.end
            elif self.pos[end] in ("NOUN", "PROPN", "X", "ADJ", "NUM") and not self.is_time(end):
                end += 1
            elif self.has(end, "articulated.di") or self._attached(start, end) or self._leads_to_name(end, depth):
                inner = self._complement(end + 1, depth)
                if inner is None or self.is_time(inner.head):
                    break
                end = inner.end
            elif self.text[end] == "(" and ")" in self.text[end + 1 : end + 10]:
                end = self.text.index(")", end) + 1
            else:
                break
        return end

    def _attached(self, start: int, at: int) -> bool:
        """Whether the parse hangs a preposition's noun within the phrase."""
        if self.pos[at] != "ADP" or self.dep[at] != "case":
            return False
        noun = self.head[at]
        return noun > at and start <= self.head[noun] < at and self.pos[self.head[noun]] in NOMINAL

    def name(self, phrase: Phrase) -> Named | None:
        """The mention that a phrase is headed by or carries beside its head; none that only complements it."""
        found, i = [], phrase.start
        while i < phrase.end:
            named = self.named_at.get(i)
            if named is None or named.start < phrase.start or named.end > phrase.end:
                i += 1
                continue
            if named.end <= phrase.head and named.label != "PER":
                i = named.end  # it describes the noun behind it
                continue
            j = named.start - 1
            while j > phrase.start and self.pos[j] in BEFORE_NOUN:
                j -= 1
            if named.start <= phrase.head < named.end or j < phrase.start or self.pos[j] != "ADP":
                found.append(named)
            i = named.end
        heads = [n for n in found if n.start <= phrase.head < n.end]
        people = [n for n in found if n.label == "PER"]
        if heads and heads[0].label == "PER":
            return heads[0]
        return next(iter(people or heads or [n for n in found if n.can_speak]), None)

    def speaks(self, phrase: Phrase) -> bool:
        """Whether a phrase is a name that may speak, or its noun a person, collective, document or pronoun."""
        named, i = self.name(phrase), phrase.head
        if named is not None:
            return named.can_speak
        is_latter = phrase.start < i and self.has(i, "pronouns.latter")
        return is_latter or self.is_human(i) or self.is_document(i) or self.pos[i] in ("PROPN", "PRON")

    def names_somebody(self, phrase: Phrase) -> bool:
        """Whether a phrase is a name that may speak, or its noun stands for persons."""
        named = self.name(phrase)
        return (named is not None and named.can_speak) or self.is_human(phrase.head)


@cache
def time_words(language: str) -> frozenset[str]:
    """Nouns of time and circumstance: the language's list, and CLDR's weekdays and months."""
    known = locale(language)
    calendar = [*known.days["format"]["wide"].values(), *known.months["format"]["wide"].values()]
    return frozenset([*entry(language, "quotation", "time.nouns"), *(w.casefold() for w in calendar)])


@cache
def roles(language: str) -> frozenset[str]:
    """Nouns of one word for a person's role."""
    kinds = ("head", "generic", "office")
    forms = (form for kind in kinds for words in entry(language, "roles", kind).values() for form in words)
    return frozenset(form.casefold() for form in forms if " " not in form)


@cache
def human_suffixes(language: str) -> tuple[str, ...]:
    """Endings of nouns for persons."""
    return tuple(entry(language, "quotation", "source.suffixes"))


@cache
def articulated(language: str, preposition: str) -> frozenset[str]:
    """A preposition and its forms with the article."""
    return frozenset(entry(language, "quotation", "articulated").get(preposition, [preposition]))


@cache
def listed(language: str, key: str) -> frozenset[str]:
    """A list of the words about quotations, for looking words up in."""
    return frozenset(entry(language, "quotation", key))


@cache
def phrases_listed(language: str, key: str) -> dict[str, list[list[str]]]:
    """First word → the phrases of a list of the words about quotations that it begins, as words, sorted."""
    found: dict[str, list[list[str]]] = {}
    for phrase in sorted(listed(language, key)):
        found.setdefault(phrase.split()[0], []).append(phrase.split())
    return found
