"""Descriptions of persons ("the Russian president"), learnt from the corpus: who is introduced with which role."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc

from rassegna.languages import entry, load
from rassegna.mentions.gazetteer import demonyms, plain
from rassegna.mentions.institutions import is_introduced
from rassegna.mentions.names import Name

CONTENT_POS = {"NOUN", "ADJ", "PROPN", ""}  # "" where no tagger ran
STEM = 5  # letters by which the words of two complements are compared


@dataclass(frozen=True)
class Role:
    """A role noun and what tells whose role it is, from token `start` up to token `end`."""

    start: int
    end: int
    noun: str
    rank: str  # head, generic, office or trade
    features: frozenset[str]
    is_definite: bool
    is_blocked: bool  # former, future, alleged: another person, or another time
    is_nested: bool  # within another role's complement: the aide of the president


def add_descriptions(docs: dict[str, Doc], names: dict[str, list[Name]], *, language: str) -> list[Name]:
    """Find the descriptions that stand for one person, and say for whom.

    A person's roles are learnt where a name stands by a role ("the Russian president Vladimir Putin", "Kirill Babayev,
    president of the centre"). A definite description goes to the only person with that role, and with all that the
    description tells, in the article, or else in the corpus; a bare one ("the president") only within the article.

    Args:
        docs: doc_id → annotated Doc.
        names: doc_id → its settled names, in order.
        language: Language of the word lists.

    Returns:
        The descriptions, settled, as names of kind `description`.
    """
    holders: dict[str, dict[str, set[Role]]] = defaultdict(lambda: defaultdict(set))
    merged: dict[str, set[Role]] = defaultdict(set)
    by_id: dict[str, Name] = {}
    open_roles: list[tuple[str, Role]] = []
    for doc_id, doc in docs.items():
        for role, person in _held(doc, names[doc_id], language):
            if person is None:
                if not _goes_on(doc, role.end):
                    open_roles.append((doc_id, role))
            elif not role.is_blocked and not role.is_nested:
                by_id[person.entity_id] = person
                holders[doc_id][person.entity_id].add(role)
                merged[person.entity_id].add(role)
    described = []
    for doc_id, role in open_roles:
        hit = _resolve(role, names[doc_id], holders[doc_id], merged)
        if hit and role.is_definite and not role.is_blocked:
            described.append(_describe(docs[doc_id], doc_id, role, by_id[hit[0]], hit[1]))
    return described


def _held(doc: Doc, names: Sequence[Name], language: str) -> list[tuple[Role, Name | None]]:
    """Every role of an article with the person it introduces."""
    starts = {n.start: n for n in names if n.label == "PER" and n.entity}
    ends = {n.end: n for n in starts.values()}
    return [(role, _introduced(doc, role, starts, ends)) for role in roles(doc, names, language=language)]


def add_introduced(doc: Doc, doc_id: str, names: list[Name], *, language: str) -> list[Name]:
    """Add the persons that the pipeline missed: two or more capitalised words right after a role."""
    taken = {i for n in names for i in range(n.start, n.end)}
    added = []
    for role in roles(doc, names, language=language):
        end = role.end
        while (
            end < len(doc)
            and end not in taken
            and doc[end].is_title
            and doc[end].is_alpha
            and not doc[end].is_sent_start
        ):
            end += 1
        if end - role.end > 1 and (end == len(doc) or end not in taken):
            text = doc[role.end : end].text
            found = Name(doc_id, role.end, end, text, "PER", "role", note="capitalised words after a role")
            added.append(found)
    return sorted([*names, *added], key=lambda n: n.start)


def relabel_led(docs: dict[str, Doc], names: dict[str, list[Name]], *, language: str) -> None:
    """Take for a body what somebody is head of ("the chief executive of Stellantis") or what a noun introduces as one.

    Only a single word that no full name of the corpus holds, and then wherever it stands without another label.
    """
    loose = [n for found in names.values() for n in found if n.label != "ORG" and not n.known]
    parts = {word for n in loose if n.label == "PER" and " " in n.text for word in plain(n.text).split()}
    bodies = {n.text for n in loose if is_introduced(docs[n.doc_id], n.start, language=language)}
    for doc_id, doc in docs.items():
        bodies |= _led(doc, names[doc_id], language)
    for name in loose:
        if name.text in bodies and " " not in name.text and plain(name.text) not in parts:
            name.label, name.note = "ORG", "the text calls it a body"


def _led(doc: Doc, names: list[Name], language: str) -> set[str]:
    """Texts of the names that the pipeline calls persons, and of which somebody is head."""
    openers = set(entry(language, "roles", "articles.complement"))
    starts = {n.start: n for n in names if n.label == "PER" and not n.known}
    heads = [role for role in roles(doc, names, language=language) if role.rank == "head"]
    places = {at for role in heads for at in range(role.start + 1, role.end)}
    return {starts[at].text for at in places if at in starts and doc[at - 1].lower_ in openers}


def _describe(doc: Doc, doc_id: str, role: Role, person: Name, where: str) -> Name:
    name = Name(
        doc_id,
        role.start,
        role.end,
        doc[role.start : role.end].text,
        "PER",
        "description",
        kind="description",
    )
    name.settle(person.entity, f"description of the only such person {where}", entity_id=person.entity_id)
    return name


def _introduced(doc: Doc, role: Role, starts: dict[int, Name], ends: dict[int, Name]) -> Name | None:
    """The person that a role introduces: the name that follows, or that it follows after a comma."""
    if role.end in starts:
        return starts[role.end]
    after = starts.get(role.end + 1)
    if after and doc[role.end].text == "," and role.is_definite and _closes(doc, after.end):
        return after
    opening = role.start - 2 if role.is_definite else role.start - 1
    if opening > 0 and doc[opening].text in (",", "(") and opening in ends and _closes(doc, role.end):
        return ends[opening]
    return None


def _goes_on(doc: Doc, at: int) -> bool:
    """Does a capitalised word follow a role: a name that was not found, so the role is not somebody else's?"""
    return at < len(doc) and doc[at].is_title and doc[at].is_alpha and not doc[at].is_sent_start


def _closes(doc: Doc, at: int) -> bool:
    return at >= len(doc) or doc[at].is_punct


def _resolve(
    role: Role, names: list[Name], here: dict[str, set[Role]], corpus: dict[str, set[Role]]
) -> tuple[str, str] | None:
    """The only person a role can stand for, and where that was learnt."""
    fits = {person for person, learnt in here.items() if any(_fits(role, r) for r in learnt)}
    if len(fits) == 1:
        return fits.pop(), "in the article"
    before = {n.entity_id for n in names if n.start < role.start}
    if not fits and not role.features:
        fits = {p for p, learnt in corpus.items() if p in before and any(_fits(role, r) for r in learnt)}
        return (fits.pop(), "named before in the article") if len(fits) == 1 else None
    if fits:
        return None
    fits = {person for person, learnt in corpus.items() if any(_fits(role, r) for r in learnt)}
    return (fits.pop(), "in the corpus") if len(fits) == 1 else None


def _fits(role: Role, learnt: Role) -> bool:
    """Can a description mean the holder of a learnt role? All that it tells must be known of the holder."""
    leading = {"head", "generic"}
    same = role.noun == learnt.noun
    if not same and not ("generic" in (role.rank, learnt.rank) and {role.rank, learnt.rank} <= leading):
        return False
    is_told = bool(role.features) or (same and role.rank in ("head", "office"))
    return is_told and role.features <= learnt.features


def roles(doc: Doc, names: Sequence[Name], *, language: str) -> list[Role]:
    """Every role noun of a Doc with its complement, in order."""
    starts = {n.start: n for n in names}
    within = {i: n for n in names for i in range(n.start, n.end)}
    blocking = set(entry(language, "roles", "blocking.words"))
    articles = set(entry(language, "roles", "articles.definite"))
    found: list[Role] = []
    at = 0
    while at < len(doc):
        noun = _noun_at(doc, at, language) if at not in within or within[at].start == at else None
        if noun is None:
            at += 1
            continue
        end, name, rank = noun
        full_end, features = _complement(doc, end, starts, language)
        before = at - 1 if at < 2 or not doc[at - 1].text[0].isdigit() else at - 2  # the 40-year-old leader
        left = doc[before].lower_ if at else ""
        is_blocked = left in blocking or (at > 1 and left == "-" and doc[at - 2].lower_ in blocking)
        is_nested = bool(found) and found[-1].end >= at - 1 and found[-1].start < at
        found.append(Role(at, full_end, name, rank, features, left in articles, is_blocked, is_nested))
        at = end
    return found


@cache
def _nouns(language: str) -> dict[str, list[tuple[tuple[str, ...], str, str]]]:
    """First word → role phrases that it begins (words, role, rank), longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    for rank in ("generic", "head", "office", "trade"):
        for role, forms in load(language, "roles")[rank].items():
            for form in forms:
                words = tuple(form.casefold().split())
                found.setdefault(words[0], []).append((words, role, rank))
    for phrases in found.values():
        phrases.sort(key=lambda p: (-len(p[0]), p))
    return found


def _noun_at(doc: Doc, at: int, language: str) -> tuple[int, str, str] | None:
    for words, role, rank in _nouns(language).get(doc[at].lower_, ()):
        end = at + len(words)
        if tuple(t.lower_ for t in doc[at:end]) == words and doc[at].pos_ in CONTENT_POS:
            return end, role, rank
    return None


def _complement(doc: Doc, at: int, starts: dict[int, Name], language: str) -> tuple[int, frozenset[str]]:
    """What tells whose role it is: adjectives of nationality, "of" and a name, other words; and where it ends."""
    nations, table = demonyms(language), entry(language, "roles", "articles")
    openers, links, place_of = set(table["complement"]), set(table["link"]), set(table["place_of"])
    features: set[str] = set()
    end, is_open = at, False
    while at < len(doc):
        word, name = doc[at].lower_, starts.get(at)
        if name is not None and name.label == "PER" and not is_open:
            break
        if name is not None and is_open:
            features.add(f"of {_owner(name)}")
            at = end = name.end
            is_open = False
        elif name is not None:
            break
        elif word in nations and not doc[at].is_title:
            features.add(f"of {nations[word]}")
            at = end = at + 1
            is_open = False
        elif word in openers and (not features or word in place_of):
            is_open, at = True, at + 1
        elif is_open and word in links:
            at += 1
        elif doc[at].is_alpha and ((is_open and doc[at].pos_ in CONTENT_POS) or doc[at].pos_ == "ADJ"):
            features.add(plain(word)[:STEM])
            at = end = at + 1
            is_open = is_open and at < len(doc) and doc[at].lower_ in links
        else:
            break
    return end, frozenset(features)


def _owner(name: Name) -> str:
    """Whose role "of X" tells: a capital or seat of government counts as its country."""
    known = name.known[0] if name.known else None
    return (known.stands_for or known.entity) if known else name.entity
