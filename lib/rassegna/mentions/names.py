"""Which names are one person or one body: short and full names, spellings, acronyms, across the corpus."""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from spacy.tokens import Doc

from rassegna.languages import ANY, WORDS, entry
from rassegna.mentions.gazetteer import Known, plain, slug

CONTENT_POS = {"NOUN", "ADJ", "PROPN", ""}  # "" where no tagger ran
SHORTEST_CLIP = 4  # letters of the shortest word that may be a clipped name


@dataclass
class Name:
    """A name in an article, from token `start` up to token `end`; what it stands for is filled in by steps.

    `qualifier` is the territory that an adjective beside an institution tells ("the American State Department").
    """

    doc_id: str
    start: int
    end: int
    text: str
    label: str
    source: str
    known: tuple[Known, ...] = ()
    qualifier: str = ""
    entity: str = ""
    entity_id: str = ""
    reason: str = ""
    note: str = ""  # what else the reader should know: whence the span or the label, if not from the pipeline
    kind: str = "name"
    stands_for: str = ""
    is_metonym: bool = False
    cut: tuple[int, int] | None = None  # characters of the Doc's text, where the name is only part of a token

    def settle(self, entity: str, reason: str, *, entity_id: str = "") -> None:
        """Say what the name stands for, and why."""
        self.entity, self.reason = entity, reason
        self.entity_id = entity_id or slug(self.label, entity)


class Article:
    """An article while its names are looked for: its words, and the names found so far, in order."""

    def __init__(self, doc_id: str, doc: Doc, *, language: str) -> None:
        self.doc_id, self.doc, self.language = doc_id, doc, language
        self.tokens = list(doc)  # made once: spaCy makes a new object a token each time
        self.lower = [token.lower_ for token in self.tokens]
        self.names: list[Name] = []

    def text(self, start: int, end: int) -> str:
        """The text of a range of tokens."""
        return str(self.doc[start:end].text)

    def is_capital(self, i: int) -> bool:
        """Does a word have a capital of its own, not only because a sentence begins?"""
        return bool(self.tokens[i].is_title and not self.tokens[i].is_sent_start)

    def taken(self) -> set[int]:
        """The tokens that names stand on."""
        return {i for n in self.names for i in range(n.start, n.end)}


@lru_cache(maxsize=WORDS)
def spelling(word: str) -> str:
    """A word reduced to what all its transliterations share: Sergey, Sergei and Sergej become one."""
    if len(word) < entry(ANY, "transliteration", "min_length"):
        return word
    for pattern, replacement in entry(ANY, "transliteration", "rules"):
        word = re.sub(pattern, replacement, word)
    return word


def person_key(text: str) -> tuple[str, ...]:
    """The words of a person's name for comparing, initials left out where a whole name remains."""
    words = [spelling(w) for w in plain(text).split()]
    if len(words) > 2:
        words = [words[0], *[w for w in words[1:-1] if len(w) > 1], words[-1]]
    return tuple(words)


@dataclass
class People:
    """The full names of persons in a corpus."""

    forms: dict[tuple[str, ...], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    first_seen: dict[str, dict[tuple[str, ...], int]] = field(default_factory=lambda: defaultdict(dict))
    readings: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    by_edge: dict[tuple[str, ...], set[tuple[str, ...]]] = field(default_factory=dict)  # by first and by last word

    def key(self, text: str) -> tuple[str, ...]:
        """The key of a name, misread numerals put right."""
        found = person_key(text)
        return self.readings.get(found, found)

    def canonical(self, key: tuple[str, ...]) -> str:
        """The commonest spelling of a full name that is not all capitals; on a tie the longest, then the first."""
        forms = {f: n for f, n in self.forms[key].items() if not f.isupper()} or self.forms[key]
        return min(forms, key=lambda f: (-forms[f], -len(f), f))

    def holders(self, short: tuple[str, ...], keys: Container[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """Those of some full names that begin or end with a short one."""
        n = len(short)
        near = self.by_edge.get(short[:1], set()) | self.by_edge.get(short[-1:], set())
        return sorted(k for k in near if n < len(k) and short in (k[:n], k[-n:]) and k in keys)


def resolve_people(names: list[Name]) -> None:
    """Give each person's name its full name.

    A short name goes to the only full name with it that stands before it in the article, or else in the article, or
    else in the corpus; where several could be meant it stays apart, in its article.
    """
    people = _collect(names)
    used_first: dict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)  # first words in use for a full name
    waiting = []
    for name in names:
        key = people.key(name.text)
        if key in people.forms:
            same = plain(name.text) == plain(people.canonical(key))
            name.settle(people.canonical(key), "full name" if same else "spelling of the full name")
            continue
        seen = people.first_seen[name.doc_id]
        here = people.holders(key, seen)
        before = [k for k in here if seen[k] < name.start]
        found, where = (before, "before it in the article") if before else (here, "in the article")
        if len(found) == 1:
            name.settle(people.canonical(found[0]), f"short for the only full name {where}")
            used_first[key].update(found if key == found[0][: len(key)] else ())
        elif found:
            _keep_apart(name, people, found)
        else:
            waiting.append((name, key))
    for name, key in waiting:
        # A first word may be a mere given name: across articles it needs an article that uses it so.
        rivals = people.holders(key, people.forms)
        found = [k for k in rivals if key == k[-len(key) :] or k in used_first[key]]
        if len(found) == 1 and len(rivals) == 1:
            name.settle(people.canonical(found[0]), "short for the only full name in the corpus")
        elif len(rivals) > 1:
            _keep_apart(name, people, rivals)
        else:
            name.settle(_titled(name.text), "no full name in the corpus")


def _keep_apart(name: Name, people: People, found: list[tuple[str, ...]]) -> None:
    rivals = ", ".join(people.canonical(k) for k in found)
    entity_id = f"{slug(name.label, name.text)}@{name.doc_id}"
    name.settle(_titled(name.text), f"ambiguous, kept apart: {rivals}", entity_id=entity_id)


def _titled(text: str) -> str:
    return text.title() if text.isupper() and len(text) > 3 else text


def _collect(names: list[Name]) -> People:
    people = People()
    people.readings = _misread({person_key(n.text) for n in names})
    for name in names:
        key = people.key(name.text)
        if len(key) > 1:
            if person_key(name.text) == key:
                people.forms[key][name.text] += 1
            seen = people.first_seen[name.doc_id]
            seen[key] = min(seen.get(key, name.start), name.start)
    for name in names:  # a name found only misread is written as its siblings are
        key = people.key(name.text)
        if len(key) > 1 and key not in people.forms:
            people.forms[key][_as_siblings(name.text, key, people)] += 1
    for key in people.forms:
        for edge in (key[:1], key[-1:]):
            people.by_edge.setdefault(edge, set()).add(key)
    return _drop_partial(people)


def _drop_partial(people: People) -> People:
    """Forget "full" names that only open or close a longer one of the same article."""
    for key in list(people.forms):
        longer = people.holders(key, people.forms)
        articles = [seen for seen in people.first_seen.values() if key in seen]
        if len(longer) == 1 and all(longer[0] in seen for seen in articles):
            del people.forms[key]
            for seen in articles:
                del seen[key]
    return people


def _misread(keys: set[tuple[str, ...]]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Names that end in a numeral where a sibling ends in a syllable: Kim Jong II beside Kim Jong Un is Kim Jong Il."""
    table = entry(ANY, "institutions", "person")
    found = {}
    for key in keys:
        syllable = table["misread"].get(key[-1]) if len(key) > 2 else None
        if syllable and any(k[:-1] == key[:-1] and k != key and k[-1] not in table["numerals"] for k in keys):
            found[key] = (*key[:-1], syllable)
    return found


def _as_siblings(text: str, key: tuple[str, ...], people: People) -> str:
    """Write a misread name right: last word replaced, joined and capitalised as the commonest sibling's."""
    siblings = [k for k in people.forms if k[:-1] == key[:-1] and k != key]
    model = people.canonical(max(siblings, key=lambda k: (sum(people.forms[k].values()), k))) if siblings else text
    parted = re.match(r"(.*[\s-])(\w+)$", model)
    if parted is None:
        return text
    return parted[1] + (key[-1].capitalize() if parted[2][0].isupper() else key[-1])


def resolve_bodies(
    names: list[Name], known: list[Name], acronyms: dict[tuple[str, str], str], *, languages: Iterable[str]
) -> None:
    """Give organisations and places their canonical name.

    Args:
        names: Names of one label that the gazetteer does not know.
        known: Names of that label that it knows, settled: a short name may be one of theirs.
        acronyms: (doc_id, acronym in small letters) → the full name it was introduced with.
        languages: Languages of the articles, whose articles in front of a name are no part of it.
    """
    small = frozenset(plain(a) for code in languages for a in entry(code, "institutions", "person.articles"))
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    introduced: dict[str, set[str]] = defaultdict(set)
    for (_, short), full in acronyms.items():
        introduced[short].add(full)
    keys = {id(name): body_key(name.text, small) for name in names}
    for name in names:
        forms[keys[id(name)]][name.text] += 1
    for name in known:
        keys[id(name)] = plain(name.entity)
        forms[keys[id(name)]] = Counter({name.entity: 1})
    longer = _longer([*names, *known], keys)
    for name in names:
        key = keys[id(name)]
        here = acronyms.get((name.doc_id, plain(name.text)))
        anywhere = introduced.get(plain(name.text), set())
        if here or len(anywhere) == 1:
            name.settle(here or next(iter(anywhere)), "acronym introduced with the full name")
        elif (name.doc_id, key) in longer and not name.text.isupper():
            name.settle(
                _canonical(forms[longer[name.doc_id, key]], longer[name.doc_id, key]),
                "short for the only longer name in the article",
            )
        else:
            name.settle(_canonical(forms[key], key), "same name")
        if name.qualifier:
            name.settle(f"{name.entity} ({name.qualifier})", f"{name.reason}, of {name.qualifier}")
    _qualify(names)


def _qualify(names: list[Name]) -> None:
    """An institution named without its country is the only one of its name whose country the article tells."""
    qualified: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for name in names:
        if name.qualifier:
            qualified[name.entity.removesuffix(f" ({name.qualifier})")][name.doc_id].add(name.entity)
    for name in names:
        if name.qualifier or name.entity not in qualified:
            continue
        found = qualified[name.entity][name.doc_id]
        if len(found) == 1:
            name.settle(next(iter(found)), "the only one of this name whose country the article tells")


def _canonical(forms: Counter[str], key: str) -> str:
    """The commonest form of a body's name, one without articles and legal form first."""
    shown = {f: n for f, n in forms.items() if not f.isupper()} or forms
    return min(shown, key=lambda f: (plain(f) != key, -shown[f], f))


def body_key(text: str, articles: frozenset[str]) -> str:
    """An organisation's name for comparing: no articles in front, no legal form behind."""
    legal = {plain(form) for form in entry(ANY, "institutions", "legal_forms")}
    words = plain(text).split()
    while len(words) > 1 and words[0] in articles:
        words = words[1:]
    for count in (3, 2, 1):
        if len(words) > count and " ".join(words[-count:]) in legal:
            words = words[:-count]
    return " ".join(words)


def _longer(names: list[Name], keys: dict[int, str]) -> dict[tuple[str, str], str]:
    """(doc_id, key) of one word → the only longer name in the article that it begins: Juve for Juventus."""
    here: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for name in names:
        if name.label == "ORG":
            here[name.doc_id][keys[id(name)]].append(name.start)
    found = {}
    for doc_id, present in here.items():
        for key, places in present.items():
            longer = [k for k in present if k != key and k.startswith(key)]
            if len(key) < SHORTEST_CLIP or " " in key or len(longer) != 1:
                continue
            after = sum(at > min(present[longer[0]]) for at in places)
            is_cut = not longer[0].startswith(f"{key} ")
            if is_cut or 2 * after >= len(places):  # Microsoft is no short for a Microsoft Office that comes later
                found[doc_id, key] = longer[0]
    return found


def initials_fit(short: str, full: str, language: str) -> bool:
    """Can a short form be made of the initials of a full name, small words left out or not?"""
    links = {plain(w) for w in entry(language, "institutions", "links")}
    words = plain(full).split()
    letters = plain(short).replace(" ", "")
    spelled = ("".join(w[0] for w in words), "".join(w[0] for w in words if w not in links))
    return len(letters) > 1 and letters in spelled
