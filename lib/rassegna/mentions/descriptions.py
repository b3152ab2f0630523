"""Descriptions of persons ("the Russian president"), learnt from the corpus: who is introduced with which role."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from rassegna.languages import entry
from rassegna.mentions.gazetteer import demonyms, plain
from rassegna.mentions.institutions import is_introduced
from rassegna.mentions.names import CONTENT_POS, Article, Name

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


def add_descriptions(articles: list[Article]) -> list[Name]:
    """Find the descriptions that stand for one person, and say for whom.

    A person's roles are learnt where a name stands by a role ("the Russian president Vladimir Putin", "Kirill Babayev,
    president of the centre"). A definite description goes to the only person with that role, and with all that the
    description tells, in the article, or else in the corpus; a bare one ("the president") only within the article.

    Args:
        articles: The articles with their settled names.

    Returns:
        The descriptions, settled, as names of kind `description`.
    """
    holders: dict[str, dict[str, set[Role]]] = defaultdict(lambda: defaultdict(set))
    merged: dict[str, set[Role]] = defaultdict(set)
    by_id: dict[str, Name] = {}
    open_roles: list[tuple[Article, Role]] = []
    for article in articles:
        starts = {n.start: n for n in article.names if n.label == "PER" and n.entity}
        ends = {n.end: n for n in starts.values()}
        for role in roles(article):
            person = _introduced(article, role, starts, ends)
            if person is not None and not role.is_blocked and not role.is_nested:
                by_id[person.entity_id] = person
                holders[article.doc_id][person.entity_id].add(role)
                merged[person.entity_id].add(role)
            # A capitalised word that follows is a name that was not found: the role is not somebody else's.
            if person is None and not _is_capitalised(article, role.end) and role.is_definite and not role.is_blocked:
                open_roles.append((article, role))
    described = []
    for article, role in open_roles:
        if hit := _resolve(role, article.names, holders[article.doc_id], merged):
            text = article.text(role.start, role.end)
            name = Name(article.doc_id, role.start, role.end, text, "PER", "description", kind="description")
            person = by_id[hit[0]]
            name.settle(person.entity, f"description of the only such person {hit[1]}", entity_id=person.entity_id)
            described.append(name)
    return described


def add_introduced(article: Article) -> None:
    """Add the persons that the pipeline missed: two or more capitalised words right after a role."""
    taken, added = article.taken(), []
    for role in roles(article):
        end = role.end
        while end not in taken and _is_capitalised(article, end):
            end += 1
        if end - role.end > 1 and end not in taken:
            text, note = article.text(role.end, end), "capitalised words after a role"
            added.append(Name(article.doc_id, role.end, end, text, "PER", "role", note=note))
    article.names = sorted([*article.names, *added], key=lambda n: n.start)


def relabel_led(articles: list[Article]) -> None:
    """Take for a body what somebody is head of ("the chief executive of Stellantis") or what a noun introduces as one.

    Only a single word that no full name of the corpus holds, and then wherever it stands without another label.
    """
    loose = [(a, n) for a in articles for n in a.names if n.label != "ORG" and not n.known]
    parts = {word for _, n in loose if n.label == "PER" and " " in n.text for word in plain(n.text).split()}
    bodies = {n.text for a, n in loose if is_introduced(a, n.start)}.union(*(_led(article) for article in articles))
    for _, name in loose:
        if name.text in bodies and " " not in name.text and plain(name.text) not in parts:
            name.label, name.note = "ORG", "the text calls it a body"


def _led(article: Article) -> set[str]:
    """Texts of the names that the pipeline calls persons, and of which somebody is head."""
    openers = entry(article.language, "roles", "articles.complement")
    starts = {n.start: n for n in article.names if n.label == "PER" and not n.known}
    places = {at for role in roles(article) if role.rank == "head" for at in range(role.start + 1, role.end)}
    return {starts[at].text for at in places if at in starts and article.lower[at - 1] in openers}


def _introduced(article: Article, role: Role, starts: dict[int, Name], ends: dict[int, Name]) -> Name | None:
    """The person that a role introduces: the name that follows, or that it follows after a comma."""
    doc = article.tokens

    def closes(at: int) -> bool:
        return at >= len(doc) or doc[at].is_punct

    if role.end in starts:
        return starts[role.end]
    after = starts.get(role.end + 1)
    if after and doc[role.end].text == "," and role.is_definite and closes(after.end):
        return after
    opening = role.start - 2 if role.is_definite else role.start - 1
    if opening > 0 and doc[opening].text in (",", "(") and opening in ends and closes(role.end):
        return ends[opening]
    return None


def _is_capitalised(article: Article, at: int) -> bool:
    return at < len(article.tokens) and article.tokens[at].is_alpha and article.is_capital(at)


def _resolve(
    role: Role, names: list[Name], here: dict[str, set[Role]], corpus: dict[str, set[Role]]
) -> tuple[str, str] | None:
    """The only person a role can stand for, and where that was learnt."""

    def fitting(learnt: dict[str, set[Role]]) -> list[str]:
        return [person for person, known in learnt.items() if any(_fits(role, r) for r in known)]

    found, where = fitting(here), "in the article"
    if not found and role.features:
        found, where = fitting(corpus), "in the corpus"
    elif not found:
        before = {n.entity_id for n in names if n.start < role.start}
        found, where = [person for person in fitting(corpus) if person in before], "named before in the article"
    return (found[0], where) if len(found) == 1 else None


def _fits(role: Role, learnt: Role) -> bool:
    """Can a description mean the holder of a learnt role? All that it tells must be known of the holder."""
    leading = {"head", "generic"}
    same = role.noun == learnt.noun
    if not same and not ("generic" in (role.rank, learnt.rank) and {role.rank, learnt.rank} <= leading):
        return False
    is_told = bool(role.features) or (same and role.rank in ("head", "office"))
    return is_told and role.features <= learnt.features


def roles(article: Article) -> list[Role]:
    """Every role noun of an article with its complement, in order."""
    doc, lower, language = article.tokens, article.lower, article.language
    starts, ends = {n.start: n for n in article.names}, {n.end: n for n in article.names}
    within = {i: n for n in article.names for i in range(n.start, n.end)}
    blocking = entry(language, "roles", "blocking.words")
    articles = entry(language, "roles", "articles.definite")
    found: list[Role] = []
    reached = 0
    for at in (i for i, word in enumerate(lower) if word in _nouns(language)):
        if at < reached or (at in within and within[at].start != at) or doc[at].pos_ not in CONTENT_POS:
            continue
        nouns = (n for n in _nouns(language)[lower[at]] if tuple(lower[at : at + len(n[0])]) == n[0])
        words, noun, rank = next(nouns, ((), "", ""))
        if not words:
            continue
        reached = at + len(words)
        end, features = _complement(article, reached, starts)
        start, owners = _before(article, at, ends)
        before = start - 1 if start < 2 or not doc[start - 1].text[0].isdigit() else start - 2  # the 40-year-old leader
        left = lower[before] if start else ""
        is_blocked = left in blocking or (at > 1 and left == "-" and lower[at - 2] in blocking)
        is_nested = bool(found) and found[-1].end >= at - 1
        is_definite = left in articles or start in starts
        found.append(Role(start, end, noun, rank, features | owners, is_definite, is_blocked, is_nested))
    return found


def _before(article: Article, at: int, ends: dict[int, Name]) -> tuple[int, frozenset[str]]:
    """Where a role begins whose owner stands before it, and the owner: the Russian president, Russia's president."""
    nations, doc = demonyms(article.language), article.tokens
    if at and doc[at - 1].is_title and doc[at - 1].text in nations:
        return at - 1, frozenset((f"of {nations[doc[at - 1].text]}",))
    owner = ends.get(at - 1)
    if owner is not None and article.lower[at - 1] in entry(article.language, "roles", "articles.possessive"):
        return owner.start, frozenset((f"of {_owner(owner)}",))
    return at, frozenset()


@cache
def _nouns(language: str) -> dict[str, list[tuple[tuple[str, ...], str, str]]]:
    """First word → role phrases that it begins (words, role, rank), longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    for rank in ("generic", "head", "office", "trade"):
        for role, forms in entry(language, "roles", rank).items():
            for form in forms:
                words = tuple(form.casefold().split())
                found.setdefault(words[0], []).append((words, role, rank))
    for phrases in found.values():
        phrases.sort(key=lambda p: (-len(p[0]), p))
    return found


def _complement(article: Article, at: int, starts: dict[int, Name]) -> tuple[int, frozenset[str]]:
    """What tells whose role it is: adjectives of nationality, "of" and a name, other words; and where it ends."""
    doc, nations = article.tokens, demonyms(article.language)
    openers, links, of_place = (
        entry(article.language, "roles", f"articles.{key}") for key in ("complement", "link", "place_of")
    )
    features: set[str] = set()
    end, is_open = at, False
    while at < len(doc):
        word, name = article.lower[at], starts.get(at)
        if name is not None and not is_open:
            break
        if name is not None:
            features.add(f"of {_owner(name)}")
            at = end = name.end
            is_open = False
        elif word in nations and not doc[at].is_title:
            features.add(f"of {nations[word]}")
            at = end = at + 1
            is_open = False
        elif word in openers and (not features or word in of_place):
            is_open, at = True, at + 1
        elif is_open and word in links:
            at += 1
        elif doc[at].is_alpha and ((is_open and doc[at].pos_ in CONTENT_POS) or doc[at].pos_ == "ADJ"):
            features.add(plain(word)[:STEM])
            at = end = at + 1
            is_open = is_open and at < len(doc) and article.lower[at] in links
        else:
            break
    return end, frozenset(features)


def _owner(name: Name) -> str:
    """Whose role "of X" tells: a capital or seat of government counts as its country."""
    known = name.known[0] if name.known else None
    return (known.stands_for or known.entity) if known else name.entity
